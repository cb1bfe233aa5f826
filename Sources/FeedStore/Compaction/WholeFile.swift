import FeedModel

/// A whole file of the device's own, read from its start window by window.
struct WholeFile {
  /// How many bytes are read at once: more than a segment has.
  private static let windowBytes = 8 << 20

  let name: SegmentName
  /// Every byte of it is a line that we understand, or one that a newer version added.
  private(set) var isIntact = true
  /// When its newest line was written; nil when it has none.
  private(set) var newest: Timestamp?
  private(set) var size = 0

  /// Reads a file, and hands each line over with the bytes that it stands in; nil when it is not there.
  ///
  /// - Parameters:
  ///   - file: The name of the file.
  ///   - device: The device.
  ///   - directory: The device's own.
  ///   - take: Gets the line, some bytes, and where in these the line starts; its end is that of
  ///     its place.
  /// - Throws: What the file system says.
  init?(
    _ file: String,
    of device: String,
    in directory: borrowing Descriptor,
    _ take: (StoredLine, [UInt8], Int) throws(StoreError) -> Void = { _, _, _ in }
  ) throws(StoreError) {
    guard let name = SegmentName(directory: device, file: file),
      let descriptor = try directory.file(named: file, for: .reading)
    else { return nil }
    self.name = name
    size = try descriptor.facts().size
    var offset = 0
    var count = Self.windowBytes
    var newerFormat: Int?
    while offset < size {
      let bytes = try descriptor.read(at: offset, count: min(count, size - offset))
      var scanner = LineScanner(name: name)
      scanner.newerFormat = newerFormat
      let taken = scanner.scan(bytes, base: offset)
      newerFormat = scanner.newerFormat
      if !scanner.damage.isEmpty || newerFormat != nil { isIntact = false }
      for line in scanner.lines {
        newest = max(newest ?? line.event.at, line.event.at)
        try take(line, bytes, line.place.offset - offset)
      }
      if taken > 0 {
        offset += taken
        continue
      }
      // A line that does not end, or one that is longer than a window.
      guard bytes.count == count, count <= LineEncoder.lineBytesMax else { break }
      count *= 2
    }
    if offset < size { isIntact = false }
  }

  /// When a file was begun, by its own first line; nil when that cannot be told.
  ///
  /// By no time of the file system, which sync tools change.
  static func opened(
    _ file: String,
    of device: String,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> Timestamp? {
    guard let name = SegmentName(directory: device, file: file),
      let descriptor = try directory.file(named: file, for: .reading)
    else { return nil }
    var scanner = LineScanner(name: name)
    _ = scanner.scan(try descriptor.read(at: 0, count: 4096), base: 0)
    guard let first = scanner.lines.first, first.place.offset == 0,
      case .open = first.event.operation
    else { return nil }
    return first.event.at
  }
}

extension StoredLine {
  /// The line's bytes with its line feed, without what a sync tool put before that.
  ///
  /// - Parameters:
  ///   - bytes: What it stands in.
  ///   - start: Where it starts in these.
  /// - Returns: The line as it was written.
  func text(in bytes: [UInt8], from start: Int) -> [UInt8] {
    var end = start + place.length
    while end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return bytes[start..<end] + [0x0A]
  }
}
