/// A word of a text.
public struct TextWord: Hashable, Sendable {
  /// Without case and accents.
  public var folded: String
  /// Where it stands in the UTF-8 of the text.
  public var range: Range<Int>
}

/// Goes through the words of a text as the full text of the index has them.
///
/// A word is a run of letters, digits and marks; where a script parts no words each character is one.
public struct WordScan: Sequence, IteratorProtocol {
  private var scalars: Substring.UnicodeScalarView
  private var offset = 0

  /// Begins before the first word.
  public init(_ text: String) { scalars = text[...].unicodeScalars }

  /// The next word; nil behind the last one.
  public mutating func next() -> TextWord? {
    var folded = String.UnicodeScalarView()
    var start = offset
    var end = offset
    while let scalar = scalars.first {
      let value = scalar.value
      let after = offset + UTF8.width(scalar)
      if isDropped(value) {
        if !folded.isEmpty { end = after }
      } else if isUnspaced(value) {
        // It ends the word before it, and is met again.
        guard folded.isEmpty else { break }
        advance(to: after)
        // A sign of such a script may be no word: ฿ is a currency.
        guard isWordScalar(scalar) else { continue }
        return TextWord(folded: String(scalar), range: after - UTF8.width(scalar)..<after)
      } else if isWordScalar(scalar) {
        if folded.isEmpty { start = offset }
        folded.append(Unicode.Scalar(foldedLetter(value)) ?? scalar)
        end = after
      } else if !folded.isEmpty {
        break
      }
      advance(to: after)
    }
    return folded.isEmpty ? nil : TextWord(folded: String(folded), range: start..<end)
  }

  private mutating func advance(to end: Int) {
    scalars.removeFirst()
    offset = end
  }
}
