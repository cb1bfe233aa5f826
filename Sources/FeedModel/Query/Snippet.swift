/// A piece of a text in which the words of a query stand.
public struct Snippet: Hashable, Sendable {
  /// A part of it.
  public struct Piece: Hashable, Sendable {
    /// As it stands in the text, spaces folded.
    public var text: String
    /// It was looked for.
    public var isMatch: Bool
  }

  /// In the order of the text; `…` stands where more goes before or follows.
  public private(set) var pieces: [Piece] = []
  /// How many different words and phrases stand in it.
  public private(set) var matchCount = 0

  /// How long it is at most, in bytes, but for one match that is longer.
  public static let bytesMax = 180
  /// Only so much of a text is looked through.
  public static let textBytesMax = 1 << 18

  /// All of it.
  public var text: String { pieces.map(\.text).joined() }

  /// Takes the piece of a text with most of the words that are looked for; of those the first.
  ///
  /// Nil where none of them stands there.
  ///
  /// - Parameters:
  ///   - text: Plain text.
  ///   - wanted: What is looked for.
  public init?(of text: String, with wanted: [QueryWords]) {
    let bytes = Array(text.utf8.prefix(Self.textBytesMax))
    let words = Array(WordScan(String(decoding: bytes, as: UTF8.self)))
    var matches: [(wanted: Int, range: Range<Int>)] = []
    for (number, phrase) in wanted.enumerated() {
      matches += phrase.places(in: words)
        .map { place in
          (
            number,
            words[place.lowerBound].range.lowerBound..<words[place.upperBound - 1].range.upperBound
          )
        }
    }
    matches.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    guard let best = Self.best(matches) else { return nil }
    matchCount = best.count
    let shown = matches[best.matches]
    let first = shown.first?.range.lowerBound ?? 0
    let last = max(first, shown.map(\.range.upperBound).max() ?? 0)
    let room = max(0, Self.bytesMax - (last - first))
    // A third of the room before it, so that one sees where it stands.
    var start = Self.wordStart(words, atLeast: first - room / 3, before: first)
    let end = Self.wordEnd(words, atMost: start + max(Self.bytesMax, last - start), behind: last)
    let isAtStart = start <= min(40, words.first?.range.lowerBound ?? 0)
    let isAtEnd = end >= (words.last?.range.upperBound ?? 0)
    if isAtStart { start = 0 }
    // With the full stop or quotation mark behind the last word, whole.
    let stop =
      isAtEnd
      ? bytes.indices.dropFirst(end + 1).first { bytes[$0] & 0xC0 != 0x80 } ?? bytes.count : end
    if !isAtStart { pieces.append(Piece(text: "… ", isMatch: false)) }
    var done = start
    for match in shown where match.range.lowerBound >= done {
      append(bytes[done..<match.range.lowerBound], isMatch: false)
      append(bytes[match.range], isMatch: true)
      done = match.range.upperBound
    }
    if done < stop { append(bytes[done..<stop], isMatch: false) }
    if !isAtEnd { pieces.append(Piece(text: " …", isMatch: false)) }
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>, isMatch: Bool) {
    guard !bytes.isEmpty else { return }
    var text = ""
    var wasSpace = pieces.isEmpty || pieces.last?.text.last == " "
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let isSpace = scalar.properties.isWhitespace
      if !isSpace { text.unicodeScalars.append(scalar) } else if !wasSpace { text.append(" ") }
      wasSpace = isSpace
    }
    if !text.isEmpty { pieces.append(Piece(text: text, isMatch: isMatch)) }
  }

  /// The matches that stand within the length of a snippet and are most different; the first of
  /// those.
  private static func best(
    _ matches: [(wanted: Int, range: Range<Int>)]
  ) -> (matches: Range<Int>, count: Int)? {
    var best: (matches: Range<Int>, count: Int)?
    var counts: [Int: Int] = [:]
    var end = 0
    for start in matches.indices {
      let limit = matches[start].range.lowerBound + bytesMax
      while end < matches.count, end == start || matches[end].range.upperBound <= limit {
        counts[matches[end].wanted, default: 0] += 1
        end += 1
      }
      if counts.count > best?.count ?? 0 { best = (start..<end, counts.count) }
      counts[matches[start].wanted, default: 0] -= 1
      if counts[matches[start].wanted] == 0 { counts[matches[start].wanted] = nil }
    }
    return best
  }

  /// Where the first word begins that is not before a place.
  private static func wordStart(_ words: [TextWord], atLeast: Int, before: Int) -> Int {
    words.first { $0.range.lowerBound >= atLeast }.map { min($0.range.lowerBound, before) }
      ?? before
  }

  /// Where the last word ends that is not behind a place.
  private static func wordEnd(_ words: [TextWord], atMost: Int, behind: Int) -> Int {
    words.last { $0.range.upperBound <= atMost }.map { max($0.range.upperBound, behind) } ?? behind
  }
}
