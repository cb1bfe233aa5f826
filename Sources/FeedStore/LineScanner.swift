import FeedModel

/// Cuts the bytes of a segment into lines and reads each of them.
struct LineScanner {
  let name: SegmentName
  /// The segment's own format is newer than ours.
  var isNewer = false
  private(set) var lines: [StoredLine] = []
  private(set) var damage: [LineDamage] = []

  init(name: SegmentName) { self.name = name }

  /// Reads all whole lines of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: A part of the segment that begins where a line begins.
  ///   - base: Where that part begins in the segment.
  /// - Returns: How many bytes the whole lines have.
  mutating func scan(_ bytes: [UInt8], base: Int) -> Int {
    var start = 0
    while let lineFeed = bytes.firstIndex(of: 0x0A, in: start..<bytes.count) {
      var line = start..<lineFeed
      start = lineFeed + 1
      // Quirk: a byte order mark before the first line. Seen: Windows editors. Fixture: in LineScannerTests.
      if base == 0, line.lowerBound == 0, bytes.holds("\u{FEFF}", at: 0) { line = 3..<lineFeed }
      scan(bytes, line: line, base: base)
    }
    return start
  }

  /// Lists bytes that are damaged as a whole.
  mutating func add(_ damage: LineDamage) { self.damage.append(damage) }

  private mutating func scan(_ bytes: [UInt8], line: Range<Int>, base: Int) {
    var line = line
    while !line.isEmpty {
      switch decodeLine(bytes, in: line, device: name.device, isNewer: isNewer) {
      case .event(let event, let isHandWritten):
        if case .open(let format, _) = event.operation, format > LineEncoder.format {
          isNewer = true
        }
        let place = LinePlace(
          segment: name.text,
          offset: base + line.lowerBound,
          length: line.count
        )
        lines.append(StoredLine(event: event, place: place, isHandWritten: isHandWritten))
        return
      case .blank: return
      case .damage(let reason):
        // Two lines whose line feed was damaged are still two lines.
        guard let end = endOfGoodStart(bytes, in: line) else {
          damage.append(
            LineDamage(offset: base + line.lowerBound, length: line.count, reason: reason)
          )
          return
        }
        scan(bytes, line: line.lowerBound..<end, base: base)
        line = min(end + 1, line.upperBound)..<line.upperBound
      }
    }
  }

  /// Where the good line ends that a damaged one begins with; nil when it begins with none.
  ///
  /// Takes one pass, however many sums stand in the line.
  private func endOfGoodStart(_ bytes: [UInt8], in line: Range<Int>) -> Int? {
    guard bytes[line.lowerBound] == UInt8(ascii: "{") else { return nil }
    var crc = CRC32()
    var index = line.lowerBound
    while let comma = bytes.firstIndex(of: UInt8(ascii: ","), in: index..<line.upperBound) {
      crc.add(bytes, in: index..<comma)
      index = comma
      let end = comma + sumBytes
      if end < line.upperBound, statedSum(bytes, in: comma..<end) == crc.value { return end }
      crc.add(bytes, in: comma..<comma + 1)
      index += 1
    }
    return nil
  }
}
