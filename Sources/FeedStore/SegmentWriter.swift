import FeedModel

/// Appends to one sequence of segments (Documentation/Format.md, "Writing").
///
/// 1. `sequence` is what the disk is known to hold; it moves on only after the disk has.
/// 2. A segment is written while it is smaller than 4 MiB, ends in a line feed, and none comes
///    after it. Otherwise it is sealed: never written again.
/// 3. A file on which a sync failed is never synced again: the kernel calls its pages clean.
/// 4. A line number that may be on the disk is not given again.
/// 5. What is written anew after a failure goes on with its act: what may be on the disk of it
///    already is the same act.
struct SegmentWriter {
  /// From this size on a segment is sealed.
  static let segmentBytesMax = 4 << 20

  let device: String
  let kind: Segment.Kind
  private(set) var sequence: DeviceRecord.Sequence
  /// The number of the act that the lines of this call begin; nil before its first line.
  private var newAct: Int?

  init(device: String, kind: Segment.Kind, sequence: DeviceRecord.Sequence) {
    self.device = device
    self.kind = kind
    self.sequence = sequence
  }

  /// Writes lines at the end of the sequence; they are on the disk when this returns.
  ///
  /// - Parameters:
  ///   - lines: What to write.
  ///   - directory: The device's own.
  ///   - now: The time of the call, for the first line of a segment.
  /// - Returns: What reading would give; nil when the files are not ours any more: nothing counts
  ///   as written then.
  /// - Throws: What the file system says. The file is then as it was, or sealed.
  mutating func append(
    _ lines: [PendingLine],
    in directory: borrowing Descriptor,
    now: Timestamp
  ) throws(StoreError) -> [AppendedLines]? {
    var rest = lines[...]
    var mayFailOnce = true
    var appended: [AppendedLines] = []
    var opened: Descriptor?
    guard try catchUp(in: directory, file: &opened) else { return nil }
    while !rest.isEmpty {
      if sequence.inode == 0 {
        let name = SegmentName.file(kind, sequence.segment)
        guard let new = try directory.create(named: name, for: .appending) else { return nil }
        sequence.inode = try new.facts().inode
        opened = consume new
      }
      guard let file = opened.take() else { return nil }
      let chunk = try encode(rest, now: now)
      var isIntact = true
      do throws(StoreError) {
        try write(chunk, to: file, in: directory, isIntact: &isIntact)
      } catch {
        if let first = newAct, first > sequence.number { newAct = nil }
        // A full disk is full for the next segment as well.
        let isFull = if case .noSpace = error { true } else { false }
        if !isIntact || !isFull { sequence.seal() }
        guard mayFailOnce, !isFull else { throw error }
        mayFailOnce = false
        continue
      }
      // A sync tool may have put its own version in place: then the lines are in a file that has
      // no name.
      guard try facts(ofPath: file.path)?.inode == sequence.inode else { return nil }
      appended.append(chunk.appended(at: sequence.size))
      sequence = chunk.after
      rest = rest.dropFirst(chunk.count)
      if sequence.size >= Self.segmentBytesMax { sequence.seal() } else { opened = consume file }
    }
    return appended
  }

  /// What goes to the disk in one piece, and how things stand afterwards.
  private struct Chunk {
    var name: String
    var bytes: [UInt8]
    /// The lines as reading them would give them.
    var lines: [StoredLine]
    var count: Int
    var after: DeviceRecord.Sequence

    /// The lines, and where the next will start.
    ///
    /// A line is longer than the tail of a cursor, so nothing before this chunk is needed. Were it
    /// not, the whole segment would be read again, for a cursor with a short tail holds nowhere.
    func appended(at start: Int) -> AppendedLines {
      let tail = Array(bytes.suffix(SegmentCursor.tailBytesMax))
      let end = SegmentCursor(name: name, offset: start + bytes.count, tail: tail)
      return AppendedLines(start: start, lines: lines, cursor: end)
    }
  }

  /// Makes text of as many lines as the segment takes, at least one.
  private mutating func encode(
    _ lines: ArraySlice<PendingLine>,
    now: Timestamp
  ) throws(StoreError) -> Chunk {
    var encoder = LineEncoder()
    encoder.reserve(for: lines, atMost: Self.segmentBytesMax - sequence.size + 65_536)
    var after = sequence
    let name = "dev/\(device)/\(SegmentName.file(kind, sequence.segment))"
    var stored: [StoredLine] = []
    stored.reserveCapacity(lines.count + 1)
    var newAct = newAct
    func add(_ line: PendingLine) throws(StoreError) {
      var line = line
      // Of its own lines a device does not say by whom they are.
      if line.writtenBy == device { line.writtenBy = nil }
      after.number += 1
      let start = encoder.bytes.count
      let act = line.act.map { act in
        if let id = act.id, id.device == device || id.device == line.writtenBy {
          return LineAct(id: id, undoes: act.undoes)
        }
        let first = newAct ?? after.number
        newAct = first
        return LineAct(id: ActID(device: device, number: first), undoes: act.undoes)
      }
      after.sum = try encoder.add(line, number: after.number, device: device, act: act)
      // What is read again is what was written: the tests compare the two for all that a line may
      // say. So nobody has to read it, as long as nobody else wrote between.
      let event = StoreEvent(
        number: after.number,
        at: line.at,
        device: line.writtenBy ?? device,
        sum: after.sum,
        operation: line.operation,
        act: act
      )
      let length = encoder.bytes.count - 1 - start
      let place = LinePlace(segment: name, offset: sequence.size + start, length: length)
      stored.append(StoredLine(event: event, place: place))
    }
    if sequence.size == 0 {
      let open = StoreOperation.open(format: LineEncoder.format, segment: sequence.segment)
      try add(PendingLine(at: now, operation: open))
    }
    var count = 0
    for line in lines {
      try add(line)
      count += 1
      if sequence.size + encoder.bytes.count >= Self.segmentBytesMax { break }
    }
    self.newAct = newAct
    after.size = sequence.size + encoder.bytes.count
    return Chunk(name: name, bytes: encoder.bytes, lines: stored, count: count, after: after)
  }

  /// Brings a chunk to the disk; after an error the file is as it was, or `isIntact` is false.
  private mutating func write(
    _ chunk: Chunk,
    to file: borrowing Descriptor,
    in directory: borrowing Descriptor,
    isIntact: inout Bool
  ) throws(StoreError) {
    do throws(StoreError) {
      try file.append(chunk.bytes)
    } catch {
      do throws(StoreError) {
        try file.truncate(to: sequence.size)
      } catch {
        isIntact = false
        // Which of the lines stand is found out by reading. Where that fails too the first error
        // is the one to report, and none of their numbers is free.
        if (try? readNew(file)) == nil { sequence.number = chunk.after.number }
      }
      throw error
    }
    do throws(StoreError) {
      if sequence.size == 0 {
        try file.sync()
        try directory.sync()
      } else {
        try file.syncData()
      }
    } catch {
      isIntact = false
      sequence.number = chunk.after.number
      throw error
    }
  }
}

extension SegmentWriter {
  /// Sees to it that a segment is never written again, and that none of its numbers is given again.
  ///
  /// - Returns: False when the files are not ours any more.
  mutating func leave(
    segment: Int,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> Bool {
    var file: Descriptor?
    guard try catchUp(in: directory, file: &file) else { return false }
    if sequence.segment == segment { sequence.seal() }
    return true
  }

  /// Finds out what the disk holds beyond `sequence`, and opens the segment to write.
  ///
  /// There is more when a process was killed before it could write it down, or when the record
  /// was lost in a power loss.
  ///
  /// - Returns: False when the files are not ours any more.
  private mutating func catchUp(
    in directory: borrowing Descriptor,
    file: inout Descriptor?
  ) throws(StoreError) -> Bool {
    while true {
      let name = SegmentName.file(kind, sequence.segment)
      guard let found = try directory.file(named: name, for: .appending) else {
        return sequence.inode == 0
      }
      let facts = try found.facts()
      if sequence.inode == 0 {
        sequence.inode = facts.inode
      } else {
        guard facts.inode == sequence.inode, facts.size >= sequence.size,
          try endsAsKnown(found)
        else { return false }
      }
      var isSealed = facts.size >= Self.segmentBytesMax
      if facts.size > sequence.size {
        switch try readNew(found) {
        case .notOurs: return false
        case .sealed: isSealed = true
        case .ours: break
        }
      }
      let next = SegmentName.file(kind, sequence.segment + 1)
      if try directory.facts(named: next) != nil { isSealed = true }
      guard isSealed else {
        file = consume found
        return true
      }
      sequence.seal()
    }
  }

  /// Whether the last line that we know is where it was.
  private func endsAsKnown(_ file: borrowing Descriptor) throws(StoreError) -> Bool {
    guard sequence.size > 0 else { return true }
    let end = try file.read(at: max(0, sequence.size - sumBytes - 1), count: sumBytes + 1)
    return end.last == 0x0A && statedSum(end, in: 0..<end.count - 1) == sequence.sum
  }

  private enum NewLines {
    case ours
    case sealed
    case notOurs
  }

  /// Reads the lines behind those that we know, and continues their numbers.
  ///
  /// A torn or damaged line seals the segment, and so does one written by hand. A number out of
  /// sequence was given by someone else who writes as us.
  private mutating func readNew(_ file: borrowing Descriptor) throws(StoreError) -> NewLines {
    let name = SegmentName.file(kind, sequence.segment)
    guard let segment = SegmentName(directory: device, file: name) else { return .notOurs }
    let bytes = try file.read(at: sequence.size, count: try file.facts().size - sequence.size)
    var scanner = LineScanner(name: segment)
    let taken = scanner.scan(bytes, base: sequence.size)
    var result = taken == bytes.count && scanner.damage.isEmpty ? NewLines.ours : .sealed
    for line in scanner.lines {
      if case .open(let format, _) = line.event.operation, format > LineEncoder.format {
        throw .newerFormat(path: file.path, version: format)
      }
      if line.isHandWritten {
        result = .sealed
        continue
      }
      let expected = sequence.number + 1
      let isNext = line.event.number == expected
      // What damage took away had numbers too.
      let isLater = line.event.number > expected && !scanner.damage.isEmpty
      guard isNext || isLater else { return .notOurs }
      sequence.number = line.event.number
      sequence.sum = line.event.sum
    }
    sequence.size = sequence.size + taken
    return result
  }
}
