/// Says on which line a place of a document is.
///
/// Places come in order, so each line feed is counted once; a document without issues is never
/// counted.
struct LineCounter {
  private var offset = 0
  private var line = 1

  /// The line of a place, from 1.
  mutating func line(at place: Int, in bytes: Span<UInt8>) -> Int {
    // A little way back: the element whose text was looked at.
    if place < offset { return line - Self.lineFeeds(in: bytes, place..<offset) }
    line += Self.lineFeeds(in: bytes, offset..<place)
    offset = place
    return line
  }

  private static func lineFeeds(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var count = 0
    var index = Bytes.find(0x0A, in: bytes, range)
    while index < range.upperBound {
      count += 1
      index = Bytes.find(0x0A, in: bytes, index + 1..<range.upperBound)
    }
    return count
  }
}
