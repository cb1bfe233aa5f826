/// A word or a phrase of a query.
public struct QueryWords: Hashable, Sendable {
  /// As it was typed, without quotes.
  public var text: String
  /// The last word may go on: `harb*`.
  public var isPrefix: Bool

  /// Describes what to look for.
  public init(_ text: String, isPrefix: Bool = false) {
    self.text = text
    self.isPrefix = isPrefix
  }

  /// The words as a text has them: without case and accents.
  public var words: [String] { WordScan(text).map(\.folded) }

  /// Where the words stand in a text, one behind the other.
  ///
  /// - Parameter text: The words of the text, in order.
  /// - Returns: Ranges of them, which do not overlap.
  func places(in text: [TextWord]) -> [Range<Int>] {
    let words = words
    guard let last = words.last, words.count <= text.count else { return [] }
    var places: [Range<Int>] = []
    var start = 0
    while start + words.count <= text.count {
      let end = start + words.count
      let isThere =
        (start..<end - 1).allSatisfy { text[$0].folded == words[$0 - start] }
        && (isPrefix
          // Not `hasPrefix`, to which a letter with a sign behind it is one that does not begin so.
          ? text[end - 1].folded.unicodeScalars.starts(with: last.unicodeScalars)
          : text[end - 1].folded == last)
      if isThere { places.append(start..<end) }
      start = isThere ? end : start + 1
    }
    return places
  }

  /// The words stand in a text, one behind the other.
  public func stand(in text: [TextWord]) -> Bool {
    // Most texts lack even the first word.
    !places(in: text).isEmpty
  }

  /// The words stand in a text, one behind the other.
  public func stand(in text: String) -> Bool { stand(in: Array(WordScan(text))) }
}
