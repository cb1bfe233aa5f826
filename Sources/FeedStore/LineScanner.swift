import FeedModel

/// Cuts the bytes of a segment into lines and reads each of them.
struct LineScanner {
  let name: SegmentName
  /// The segment's own format when it is newer than ours.
  var newerFormat: Int?
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
      scanLine(bytes, start..<lineFeed, base: base)
      start = lineFeed + 1
    }
    return start
  }

  /// Reads one line of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: A part of the segment.
  ///   - line: The line in it, without its line feed.
  ///   - base: Where that part begins in the segment.
  mutating func scanLine(_ bytes: [UInt8], _ line: Range<Int>, base: Int) {
    scan(bytes, line: withoutMark(bytes, line, base: base), base: base)
  }

  /// Hands the good lines over, and keeps none.
  mutating func takeLines() -> [StoredLine] {
    defer { lines = [] }
    return lines
  }

  /// Lists bytes that are damaged as a whole.
  mutating func add(_ damage: LineDamage) { self.damage.append(damage) }

  private func withoutMark(_ bytes: [UInt8], _ line: Range<Int>, base: Int) -> Range<Int> {
    // Quirk: a byte order mark before the first line. Seen: Windows editors. Fixture: Tests/FeedStoreTests/LineScannerTests.swift
    let hasMark = base == 0 && line.lowerBound == 0 && bytes.holds("\u{FEFF}", at: 0)
    return hasMark ? 3..<line.upperBound : line
  }

  private mutating func scan(_ bytes: [UInt8], line: Range<Int>, base: Int) {
    guard let damage = take(bytes, line: line, base: base) else { return }
    // Two lines whose line feed was damaged are still two lines. Good starts are looked for first,
    // so that the sum of the rest is made once and not for each of them.
    var rest = line
    while let end = endOfGoodStart(bytes, in: rest) {
      if let damage = take(bytes, line: rest.lowerBound..<end, base: base) { add(damage) }
      rest = end + 1..<rest.upperBound
    }
    if rest == line {
      add(damage)
    } else if let rest = take(bytes, line: rest, base: base) {
      add(rest)
    }
  }

  /// Keeps a good line; what is wrong with it otherwise.
  private mutating func take(_ bytes: [UInt8], line: Range<Int>, base: Int) -> LineDamage? {
    let offset = base + line.lowerBound
    switch decodeLine(bytes, in: line, device: name.device, isNewer: newerFormat != nil) {
    case .event(let event, let isHandWritten):
      if case .open(let format, _) = event.operation, format > LineEncoder.format {
        newerFormat = max(format, newerFormat ?? format)
      }
      let place = LinePlace(segment: name.text, offset: offset, length: line.count)
      lines.append(StoredLine(event: event, place: place, isHandWritten: isHandWritten))
      return nil
    case .blank: return nil
    case .damage(let reason): return LineDamage(offset: offset, length: line.count, reason: reason)
    }
  }

  /// Where the good line ends that a damaged one begins with; nil when it begins with none.
  ///
  /// Takes one pass, however many sums stand in the line.
  private func endOfGoodStart(_ bytes: [UInt8], in line: Range<Int>) -> Int? {
    guard let first = line.first, bytes[first] == UInt8(ascii: "{") else { return nil }
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
