public import FeedModel

/// What a repair of the store's files did.
public struct StoreRepair: Hashable, Sendable {
  /// Copies of damaged files as they were, by absolute path.
  public var originals: [String] = []
  /// Files of this machine from which the damage was taken, relative to the store.
  public var mended: [String] = []
  /// Damaged files that belong to other devices, or are not as they were when they were looked at,
  /// and were left as they are, relative to the store.
  public var left: [String] = []
  /// How many findings need not be said again.
  public var settled = 0

  /// Nothing was done.
  public init() {}
}

extension Store {
  /// Deals with what a check found, as far as this machine may.
  ///
  /// 1. Of every damaged file a copy is kept below the local state, in `damaged/`: a copy in the
  ///    store would be read as input, or carried by a sync tool to every other machine.
  /// 2. A file of this machine is replaced by one in which the damaged bytes are spaces. All good
  ///    lines stay where they are, byte for byte, and so what an index says of their places holds.
  /// 3. A file of another device is never touched: it has one writer, and that one may still have
  ///    it whole. Its good lines are read as they are, so nothing is gained by a copy of them.
  /// 4. What cannot be brought back is remembered, and not said again.
  ///
  /// - Parameters:
  ///   - report: What the check found.
  ///   - now: The time of this call.
  /// - Returns: What was done.
  /// - Throws: What the file system says; whatever was done until then is whole.
  public func repair(_ report: StoreReport, now: Timestamp) throws(StoreError) -> StoreRepair {
    guard let identity = try readIdentity() else { return StoreRepair() }
    try refuseNewer(identity)
    let state = try StateDirectory(of: identity, in: stateDirectory)
    let lock = try state.directory.fileOrNew(named: "lock", for: .writing)
    defer { lock.unlock() }
    if usesLocks { _ = try lock.lock(waiting: true) }
    var repair = StoreRepair()
    var settled: [StoreFinding] = []
    for (path, findings) in Dictionary(grouping: report.findings, by: \.path)
      .sorted(by: { $0.key < $1.key })
    {
      let damaged = findings.filter { if case .damage = $0.fault { true } else { false } }
      settled += findings.filter { isSettledByKnowing($0) }
      guard !damaged.isEmpty, let name = SegmentName(path) else { continue }
      repair.originals.append(try keepOriginal(name, in: state.directory))
      if try mend(name, damaged, state, &settled) {
        repair.mended.append(path)
      } else {
        repair.left.append(path)
      }
      settled += damaged
    }
    var memory = CheckMemory(in: state.directory)
    try memory.settle(settled, in: state.directory)
    repair.settled = settled.count
    return repair
  }

  /// Lines of our own that lack nothing but their line feed, for being written again.
  ///
  /// - Parameter report: What a check found.
  /// - Returns: What they say, at their old times.
  /// - Throws: What the file system says.
  public func wholeTails(_ report: StoreReport) throws(StoreError) -> [PendingLine] {
    var lines: [PendingLine] = []
    for finding in report.findings where finding.isOurs {
      guard case .tornTail(let offset, let count) = finding.fault,
        let name = SegmentName(finding.path)
      else { continue }
      let bytes = try open(name).read(at: offset, count: count)
      guard bytes.count == count,
        case .event(let event, isHandWritten: false) = decodeLine(
          bytes,
          in: 0..<count,
          device: name.device
        )
      else { continue }
      switch event.operation {
      case .open, .unknown: continue
      default: break
      }
      let writer = event.device == device ? nil : event.device
      lines.append(PendingLine(at: event.at, operation: event.operation, writtenBy: writer))
    }
    return lines
  }

  /// What nobody can change any more.
  private func isSettledByKnowing(_ finding: StoreFinding) -> Bool {
    switch finding.fault {
    case .missingLines, .lostLines, .fork: true
    case .tornTail: finding.isOurs
    default: false
    }
  }

  /// Copies a file to `damaged/` in the local state, once.
  func keepOriginal(
    _ name: SegmentName,
    in state: borrowing Descriptor
  ) throws(StoreError) -> String {
    if try state.makeDirectory(named: "damaged") { try state.sync() }
    guard let target = try state.directory(named: "damaged") else {
      throw .gone(path: "\(state.path)/damaged")
    }
    let source = try open(name)
    let size = try source.facts().size
    for number in 1... {
      let copyName = "\(name.device)-\(name.file)" + (number == 1 ? "" : ".\(number)")
      if let known = try target.file(named: copyName, for: .reading) {
        if try known.facts().size == size, try areEqual(known, source, size: size) {
          return known.path
        }
        continue
      }
      guard let copy = try target.create(named: copyName, for: .appending) else { continue }
      var offset = 0
      do throws(StoreError) {
        while offset < size {
          let bytes = try source.read(at: offset, count: min(8 << 20, size - offset))
          if bytes.isEmpty { break }
          try copy.append(bytes)
          offset += bytes.count
        }
        try copy.sync()
      } catch {
        // Half a copy is none.
        try? target.remove(copyName)
        throw error
      }
      try target.sync()
      return copy.path
    }
    preconditionFailure("Numbers do not end.")
  }

  private func areEqual(
    _ one: borrowing Descriptor,
    _ other: borrowing Descriptor,
    size: Int
  ) throws(StoreError) -> Bool {
    var offset = 0
    while offset < size {
      let bytes = try one.read(at: offset, count: min(8 << 20, size - offset))
      guard try bytes == other.read(at: offset, count: bytes.count) else { return false }
      if bytes.isEmpty { return true }
      offset += bytes.count
    }
    return true
  }

  /// Replaces a file of this machine by one without the damage; false when it is not ours.
  private func mend(
    _ name: SegmentName,
    _ findings: [StoreFinding],
    _ state: borrowing StateDirectory,
    _ settled: inout [StoreFinding]
  ) throws(StoreError) -> Bool {
    guard var record = try state.readRecord(), record.device == name.device,
      let number = SegmentName.number(ofFile: name.file),
      let root = try Descriptor.directory(directory),
      let devices = try root.directory(named: "dev"),
      let own = try devices.directory(named: name.directory),
      let file = try own.file(named: name.file, for: .reading)
    else { return false }
    let facts = try file.facts()
    var bytes = try file.read(at: 0, count: facts.size)
    for finding in findings {
      guard case .damage(let damage, _, _) = finding.fault,
        damage.offset + damage.length <= bytes.count
      else { return false }
      let range = damage.offset..<damage.offset + damage.length
      // Something else stands there by now.
      let start = range.prefix(1 << 20)
      guard CRC32.sum(of: bytes, in: start) == finding.sum else { return false }
      bytes.replaceSubrange(range, with: repeatElement(0x20, count: range.count))
    }
    // A snapshot is whole since it has its name, and no number was first given in it.
    if name.kind == .snapshot || name.kind == .articleSnapshot {
      guard try own.facts(named: name.file) == facts else { return false }
      try replace(name.file, in: own, with: bytes)
      return true
    }
    // What is replaced must not be written any more, and no number in it be given again.
    var writer = SegmentWriter(
      device: record.device,
      kind: name.kind,
      sequence: record[name.kind]
    )
    guard try writer.leave(segment: number, in: own) else { return false }
    record[name.kind] = writer.sequence
    try state.write(record, isNew: true)
    guard try own.facts(named: name.file) == facts else { return false }
    try replace(name.file, in: own, with: bytes)
    // Numbers that damage took from the end are seen to be missing by the next line only.
    var scanner = LineScanner(name: name)
    _ = scanner.scan(bytes, base: 0)
    let last = scanner.lines.map(\.event.number).max() ?? 0
    let given = writer.sequence.number
    if last > 0, last < given {
      settled.append(
        StoreFinding(
          fault: .missingLines(name.kind, first: last + 1, last: given),
          path: "dev/\(name.device)",
          isOurs: true
        )
      )
    }
    return true
  }

  /// Takes lines that a person has edited, or written by hand, over into our own journal.
  ///
  /// The lines stay where they are, without effect of their own; what they say holds from now on
  /// with a checksum.
  ///
  /// - Parameters:
  ///   - report: What a check found.
  ///   - now: The time of this call.
  /// - Returns: What was written, as reading would give it.
  /// - Throws: What `append` throws.
  public func accept(
    _ report: StoreReport,
    now: Timestamp
  ) throws(StoreError) -> [AppendedLines] {
    let findings = report.findings.filter(\.canBeAccepted)
    var lines: [PendingLine] = []
    for finding in findings {
      guard let name = SegmentName(finding.path) else { continue }
      if case .damage(let damage, _, _) = finding.fault {
        let bytes = try open(name).read(at: damage.offset, count: damage.length)
        guard let event = editedLine(bytes, name) else { continue }
        // The line that was edited had this time too, and may be known to an index somewhere: what
        // stands there now is to beat it, and nothing that was written later.
        lines.append(
          PendingLine(at: event.at.adding(milliseconds: 1), operation: event.operation)
        )
      } else {
        try eachReading(of: Segment(name, sizeInBytes: 0)) { reading in
          lines += reading.lines.filter { $0.isHandWritten && !$0.event.operation.isOpen }
            .map { PendingLine(at: $0.event.at, operation: $0.event.operation) }
        }
      }
    }
    let appended = try append(lines, now: now)
    guard !findings.isEmpty, let identity = try readIdentity() else { return appended }
    let state = try StateDirectory(of: identity, in: stateDirectory)
    var memory = CheckMemory(in: state.directory)
    try memory.settle(findings, in: state.directory)
    return appended
  }

  /// Throws when a newer version made the store.
  func refuseNewer(_ identity: StoreIdentity) throws(StoreError) {
    guard identity.format > LineEncoder.format else { return }
    let path = "\(directory)/\(StoreIdentity.fileName)"
    throw .newerFormat(path: path, version: identity.format)
  }
}

extension StoreOperation {
  /// It is the first line of a file.
  var isOpen: Bool { if case .open = self { true } else { false } }
}
