public import FeedModel

/// What was found in a segment about some texts.
public struct FoundLines: Hashable, Sendable {
  /// The good lines, in file order.
  public var lines: [StoredLine] = []
  /// Those of another device that say they were written by this machine, which was not believed.
  public var claims: Set<LinePlace> = []
  /// The bad ones, in file order.
  public var damage: [LineDamage] = []
  /// The format of the segment when a newer version wrote it: its lines have no effect.
  public var newerFormat: Int?
}

extension Store {
  /// Reads only those lines of a segment in which any of some texts stands.
  ///
  /// The bytes are searched as they are, so that a large segment is passed over about as fast as it
  /// can be read.
  ///
  /// - Parameters:
  ///   - texts: What to look for, such as ids; none of them is empty.
  ///   - segment: Where to look, from `segments()`.
  /// - Returns: The lines, as `read(_:after:)` would give them.
  /// - Throws: `gone` when the file is not there any more, and what the file system says.
  public func lines(
    with texts: [[UInt8]],
    in segment: Segment
  ) throws(StoreError) -> FoundLines {
    guard let name = SegmentName(segment.name) else {
      throw .gone(path: "\(directory)/\(segment.name)")
    }
    let file = try open(name)
    let size = try file.facts().size
    var scanner = LineScanner(name: name)
    scanner.newerFormat = try newerFormat(of: file, name: name, before: size)
    var (start, count) = (0, Self.searchedBytes)
    while start < size {
      let bytes = try file.read(at: start, count: min(count, size - start))
      guard let last = bytes.lastIndex(of: 0x0A) else {
        // A line that is longer than what is read at once, or one that may still be arriving.
        if bytes.count < count || start + count >= size { break }
        guard count <= LineEncoder.lineBytesMax else { break }
        count *= 2
        continue
      }
      for line in bytes.lines(before: last + 1, with: texts) {
        scanner.scanLine(bytes, line, base: start)
      }
      start += last + 1
      count = Self.searchedBytes
    }
    var found = FoundLines()
    found.lines = withoutClaims(scanner.lines, in: name)
    for (line, read) in zip(found.lines, scanner.lines) where line != read {
      found.claims.insert(line.place)
    }
    found.damage = scanner.damage
    found.newerFormat = scanner.newerFormat
    return found
  }

  /// More than a segment has; a large read is worth less than a cache that holds it.
  private static var searchedBytes: Int { 1 << 20 }
}

extension [UInt8] {
  /// The lines that any of some texts stands in, each once, in order and without their line feeds.
  fileprivate func lines(before end: Int, with texts: [[UInt8]]) -> [Range<Int>] {
    var starts: Set<Int> = []
    var lines: [Range<Int>] = []
    for text in texts where !text.isEmpty {
      let search = TextSearch(text)
      var index = 0
      while let place = search.first(in: self, from: index, before: end) {
        let start = self[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let stop = firstIndex(of: 0x0A, in: place..<end) ?? end
        if starts.insert(start).inserted { lines.append(start..<stop) }
        index = stop + 1
      }
    }
    return lines.sorted { $0.lowerBound < $1.lowerBound }
  }
}

/// A text that is looked for: most bytes are passed over unseen (Horspool's search).
private struct TextSearch {
  private let text: [UInt8]
  /// How far the text may be moved on, by the byte that stands at its end.
  private let shifts: [Int]

  init(_ text: [UInt8]) {
    self.text = text
    var shifts = [Int](repeating: text.count, count: 256)
    for (index, byte) in text.dropLast().enumerated() {
      shifts[Int(byte)] = text.count - 1 - index
    }
    self.shifts = shifts
  }

  func first(in bytes: [UInt8], from start: Int, before end: Int) -> Int? {
    precondition(start >= 0 && end <= bytes.count, "A part of the bytes.")
    let last = text.count - 1
    return unsafe bytes.withUnsafeBufferPointer { bytes -> Int? in
      unsafe text.withUnsafeBufferPointer { text -> Int? in
        unsafe shifts.withUnsafeBufferPointer { shifts -> Int? in
          // Safe: the text lies within the bytes before `end`, and a byte is below 256.
          var index = start
          while index + last < end {
            let byte = unsafe bytes[index + last]
            if unsafe byte == text[last] {
              var offset = 0
              while offset < last, unsafe bytes[index + offset] == text[offset] { offset += 1 }
              if offset == last { return index }
            }
            index += unsafe shifts[Int(byte)]
          }
          return nil
        }
      }
    }
  }
}
