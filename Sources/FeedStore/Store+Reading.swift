public import FeedModel

extension Store {
  /// Lists every input file of every device, by name.
  ///
  /// Symbolic links are passed over, and so is what sync tools are still writing. There are none
  /// when there is no store yet.
  ///
  /// - Returns: The files, sorted by the bytes of their names.
  /// - Throws: `missing` when the store went away, and what the file system says.
  public func segments() throws(StoreError) -> [Segment] {
    guard let devices = try devicesDirectory() else { return [] }
    var segments: [Segment] = []
    for device in try devices.names() where SegmentName.isDevice(device) {
      guard let directory = try devices.realDirectory(named: device) else { continue }
      for file in try directory.names() {
        guard let name = SegmentName(directory: device, file: file),
          let facts = try directory.facts(named: file), facts.isRegular
        else { continue }
        segments.append(Segment(name, sizeInBytes: facts.size))
      }
    }
    return segments
  }

  /// Reads what came after `cursor`.
  ///
  /// The whole file is read when there is no cursor, or when the bytes before it are no longer
  /// the same. Nothing that stands in a file makes this throw.
  ///
  /// - Parameters:
  ///   - segment: What to read, from `segments()`.
  ///   - cursor: Where the last reading ended.
  /// - Returns: The lines that are there now, whole ones only.
  /// - Throws: `gone` when the file is not there any more, and what the file system says.
  public func read(
    _ segment: Segment,
    after cursor: SegmentCursor?
  ) throws(StoreError) -> SegmentReading {
    let name = try segmentName(segment.name)
    let file = try open(name)
    let size = try file.facts().size
    var reading = SegmentReading(cursor: SegmentCursor(name: name.text, offset: 0, tail: []))
    var scanner = LineScanner(name: name)
    if let cursor, try isUnchanged(file, before: cursor, size: size) {
      reading.cursor = cursor
      scanner.newerFormat = try newerFormat(of: file, name: name, before: cursor.offset)
    }
    reading.hasMore = try readWindow(file, size: size, from: &reading.cursor, into: &scanner)
    reading.lines = withoutClaims(scanner.lines, in: name)
    reading.damage = scanner.damage
    reading.newerFormat = scanner.newerFormat
    return reading
  }

  /// Reads a segment from its start to its end.
  ///
  /// - Parameters:
  ///   - segment: What to read, from `segments()`.
  ///   - body: Gets what each reading gives, in file order.
  /// - Throws: As `read(_:after:)`, and what the second argument throws.
  public func eachReading(
    of segment: Segment,
    _ body: (SegmentReading) throws(StoreError) -> Void
  ) throws(StoreError) {
    var cursor: SegmentCursor?
    while true {
      let reading = try read(segment, after: cursor)
      try body(reading)
      cursor = reading.cursor
      if !reading.hasMore { return }
    }
  }

  /// Whether what a cursor says was read still stands before it.
  ///
  /// - Parameter cursor: Where a reading ended.
  /// - Returns: False when the file is another one or gone.
  /// - Throws: What the file system says.
  public func holds(_ cursor: SegmentCursor) throws(StoreError) -> Bool {
    do throws(StoreError) {
      let file = try open(try segmentName(cursor.name))
      return try isUnchanged(file, before: cursor, size: try file.facts().size)
    } catch {
      if case .gone = error { return false }
      throw error
    }
  }

  /// Reads one line again, for the body of an article.
  ///
  /// - Parameter place: Where it was read before.
  /// - Returns: What it says.
  /// - Throws: `gone` when there is no good line at that place now.
  public func event(at place: LinePlace) throws(StoreError) -> StoreEvent {
    let name = try segmentName(place.segment)
    guard place.offset >= 0, (1...LineEncoder.lineBytesMax).contains(place.length) else {
      throw .gone(path: "\(directory)/\(place.segment)")
    }
    let file = try open(name)
    let bytes = try file.read(at: place.offset, count: place.length)
    guard bytes.count == place.length,
      case .event(let event, _) = decodeLine(bytes, in: 0..<bytes.count, device: name.device)
    else { throw .gone(path: file.path) }
    let line = StoredLine(event: event, place: place, isHandWritten: false)
    return withoutClaims([line], in: name)[0].event
  }

  /// Reads many lines again, each segment opened once for those of it that follow each other.
  ///
  /// - Parameter places: Where they were read before.
  /// - Returns: What each says; nil where there is no good line now, or where it cannot be read.
  public func events(at places: [LinePlace]) -> [StoreEvent?] {
    var events: [StoreEvent?] = []
    events.reserveCapacity(places.count)
    var rest = places[...]
    while let first = rest.first {
      let same = rest.prefix { $0.segment == first.segment }
      rest = rest.dropFirst(same.count)
      do throws(StoreError) {
        let name = try segmentName(first.segment)
        let file = try open(name)
        let range = 1...LineEncoder.lineBytesMax
        for place in same {
          // One line that cannot be read says nothing about the next.
          guard place.offset >= 0, range.contains(place.length),
            let bytes = try? file.read(at: place.offset, count: place.length),
            bytes.count == place.length,
            case .event(let event, _) = decodeLine(bytes, in: 0..<bytes.count, device: name.device)
          else {
            events.append(nil)
            continue
          }
          events.append(event)
        }
      } catch {
        events += same.map { _ in nil }
      }
    }
    return events
  }

  /// The lines of a segment, where none of another device's claims to be written by this one.
  ///
  /// A device takes over the lines of one that is forgotten. This one is not: it speaks for
  /// itself, and what it wrote is trusted more. Nor does another one take part in its acts.
  func withoutClaims(_ lines: [StoredLine], in name: SegmentName) -> [StoredLine] {
    func isForeign(_ line: StoredLine) -> Bool {
      line.event.device != name.device
        || line.event.act.map { $0.id.device != name.device } ?? false
    }
    guard lines.contains(where: isForeign), let device, device != name.device else { return lines }
    return lines.map { line in
      var line = line
      if line.event.device == device { line.event.device = name.device }
      if line.event.act?.id.device == device { line.event.act = nil }
      return line
    }
  }

  /// How many bytes are read at once: more than a segment has.
  private static let windowBytes = 8 << 20

  /// Reads whole lines into `scanner`, those of one window or one line that is longer, and moves
  /// `cursor` behind them; true when there may be more.
  private func readWindow(
    _ file: borrowing Descriptor,
    size: Int,
    from cursor: inout SegmentCursor,
    into scanner: inout LineScanner
  ) throws(StoreError) -> Bool {
    let start = cursor.offset
    var count = Self.windowBytes
    while start < size {
      let bytes = try file.read(at: start, count: min(count, size - start))
      let taken = scanner.scan(bytes, base: start)
      if taken > 0 {
        // The tail is of the bytes that were scanned, not of what the file may hold by now.
        cursor.offset += taken
        let fresh = bytes[..<taken].suffix(SegmentCursor.tailBytesMax)
        cursor.tail = (cursor.tail + fresh).suffix(SegmentCursor.tailBytesMax)
        return start + bytes.count < size
      }
      if bytes.count < count || start + count >= size { return false }
      guard count <= LineEncoder.lineBytesMax else {
        guard let end = try endOfLine(file, from: start + count, size: size) else { return false }
        scanner.add(LineDamage(offset: start, length: end - 1 - start, reason: .tooLong))
        cursor.offset = end
        let tailBytes = SegmentCursor.tailBytesMax
        cursor.tail = try file.read(at: end - tailBytes, count: tailBytes)
        return end < size
      }
      count *= 2
    }
    return false
  }

  /// Where the line after the next line feed starts; nil when there is none.
  private func endOfLine(
    _ file: borrowing Descriptor,
    from start: Int,
    size: Int
  ) throws(StoreError) -> Int? {
    var offset = start
    while offset < size {
      let bytes = try file.read(at: offset, count: min(Self.windowBytes, size - offset))
      if let found = bytes.firstIndex(of: 0x0A, in: 0..<bytes.count) { return offset + found + 1 }
      guard !bytes.isEmpty else { return nil }
      offset += bytes.count
    }
    return nil
  }

  private func isUnchanged(
    _ file: borrowing Descriptor,
    before cursor: SegmentCursor,
    size: Int
  ) throws(StoreError) -> Bool {
    guard cursor.name == file.path.suffix(cursor.name.utf8.count), cursor.offset >= 0,
      cursor.offset <= size,
      cursor.tail.count == min(cursor.offset, SegmentCursor.tailBytesMax)
    else { return false }
    let tail = try file.read(at: cursor.offset - cursor.tail.count, count: cursor.tail.count)
    return tail == cursor.tail
  }

  /// The format that the first good line of a segment names, when it is newer than ours.
  ///
  /// A newer version may write a longer first line, and damage may stand before it.
  func newerFormat(
    of file: borrowing Descriptor,
    name: SegmentName,
    before offset: Int
  ) throws(StoreError) -> Int? {
    var count = 1024
    while true {
      let start = try file.read(at: 0, count: min(count, offset))
      var scanner = LineScanner(name: name)
      _ = scanner.scan(start, base: 0)
      if !scanner.lines.isEmpty || count >= offset { return scanner.newerFormat }
      count *= 4
    }
  }

  private func segmentName(_ text: String) throws(StoreError) -> SegmentName {
    guard let name = SegmentName(text) else { throw .gone(path: "\(directory)/\(text)") }
    return name
  }

  /// Opens an input file to read it.
  func open(_ name: SegmentName) throws(StoreError) -> Descriptor {
    guard let devices = try devicesDirectory(),
      let device = try devices.directory(named: name.directory),
      let file = try device.file(named: name.file, for: .reading)
    else { throw .gone(path: "\(directory)/\(name.text)") }
    return file
  }

  /// The directory `dev`; nil when there is no store yet, or nothing in it.
  private func devicesDirectory() throws(StoreError) -> Descriptor? {
    if let root = try Descriptor.directory(directory) {
      if let devices = try root.directory(named: "dev") { return devices }
      if try root.facts(named: StoreIdentity.fileName) != nil { return nil }
    }
    if identity == nil { return nil }
    throw .missing(path: directory, memory: nil)
  }
}

extension Descriptor {
  /// Like `directory(named:)`, with nil for what is no directory at all, or a link to one.
  fileprivate func realDirectory(named name: String) throws(StoreError) -> Descriptor? {
    do {
      return try directory(named: name)
    } catch .refused {
      return nil
    }
  }
}
