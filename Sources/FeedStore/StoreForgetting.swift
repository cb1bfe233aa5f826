public import FeedModel

/// What became of a device that was forgotten.
public struct ForgottenDevice: Hashable, Sendable {
  /// How many of its lines were taken over.
  public var lines = 0
  /// Copies of files that held what could not be read, by absolute path.
  public var originals: [String] = []
  /// Names in its directory that are not of the store, and were left there.
  public var left: [String] = []
}

extension Store {
  /// Takes over what another device has written, and then removes its directory.
  ///
  /// Every article and every write that holds among those of the device is written down as ours,
  /// with its time and the device's name, so that the state stays the same, also after a rebuild.
  /// Only when all of it is on the disk the files go, one by one: whenever this is cut short, the
  /// state is the same, and doing it again does the rest.
  ///
  /// A device that still lives finds its directory gone, and begins anew under another id. What it
  /// had written and not handed over yet is still in its own files.
  ///
  /// - Parameters:
  ///   - id: The device; not that of this machine.
  ///   - now: The time of this call.
  /// - Returns: What was done.
  /// - Throws: `gone` when there is no such device, `newerFormat` when it wrote what cannot be
  ///   understood here, and what the file system says.
  public func forget(_ id: String, now: Timestamp) throws(StoreError) -> ForgottenDevice {
    precondition(id != device, "A machine does not forget itself.")
    guard SegmentName.isDevice(id), let identity = try readIdentity() else {
      throw .gone(path: "\(directory)/dev/\(id)")
    }
    try refuseNewer(identity)
    let state = try StateDirectory(of: identity, in: stateDirectory)
    var forgetting = Forgetting(store: self, id: id)
    // Its presence says that an earlier attempt may have copied lines.
    let marker = "forgetting-\(id)"
    if try state.directory.facts(named: marker) != nil { try forgetting.recallCopied() }
    try replace(marker, in: state.directory, with: [])
    var forgotten = ForgottenDevice()
    var seen: [Segment]?
    // What a sync tool brings meanwhile is taken over as well.
    while true {
      let files = try segments().filter { $0.device == id }
      if files == seen { break }
      try forgetting.findWinners(in: files)
      forgotten.lines += try forgetting.copy(files, now: now)
      seen = files
    }
    for file in forgetting.harmed.sorted() {
      guard let name = SegmentName(file) else { continue }
      forgotten.originals.append(try keepOriginal(name, in: state.directory))
    }
    forgotten.left = try removeDirectory(of: id)
    try state.directory.remove(marker)
    return forgotten
  }

  /// Removes the files of a device; gives the names that stay.
  private func removeDirectory(of id: String) throws(StoreError) -> [String] {
    guard let root = try Descriptor.directory(directory),
      let devices = try root.directory(named: "dev"),
      let own = try devices.directory(named: id)
    else { throw .gone(path: "\(directory)/dev/\(id)") }
    var left: [String] = []
    for name in try own.names() {
      let isOurs =
        SegmentName.kind(ofFile: name) != nil || name == "device.json" || name.hasPrefix(".tmp-")
      // A link is removed, and not what it leads to.
      guard isOurs, try own.facts(named: name)?.isDirectory == false else {
        left.append(name)
        continue
      }
      try own.remove(name)
    }
    try own.sync()
    if left.isEmpty, try devices.removeDirectory(id) { try devices.sync() }
    return left
  }
}

/// The taking over of one device's lines.
private struct Forgetting {
  private let store: Store
  private let id: String
  /// The greatest stamp of each register, and of which writer.
  private var winners: [Register: RegisterStamp] = [:]
  /// What was copied, by a hash: a repeated attempt copies nothing twice.
  private var copied: Set<Int> = []
  /// Files with something in them that cannot be read.
  private(set) var harmed: Set<String> = []

  /// A register as one device wrote it: that of another one has its own winner.
  private struct Register: Hashable {
    var owner: HashID
    var name: String
    var isFeed: Bool
    var device: String
  }

  init(store: Store, id: String) {
    self.store = store
    self.id = id
  }

  /// Remembers what an earlier attempt has copied.
  mutating func recallCopied() throws(StoreError) {
    guard let own = store.device else { return }
    for segment in try store.segments() where segment.device == own {
      try store.eachReading(of: segment) { reading throws(StoreError) in
        for line in reading.lines where line.event.device != own { copied.insert(mark(line.event)) }
      }
    }
  }

  /// Finds the writes that hold among those of the device.
  ///
  /// Which of them another device's beats does not matter: that one may be removed as well.
  mutating func findWinners(in files: [Segment]) throws(StoreError) {
    for file in files {
      try store.eachReading(of: file) { reading throws(StoreError) in
        if let format = reading.newerFormat {
          throw .newerFormat(path: "\(store.directory)/\(file.name)", version: format)
        }
        if !reading.damage.isEmpty || !reading.hasMore && reading.cursor.offset < file.sizeInBytes {
          harmed.insert(file.name)
        }
        for line in reading.lines {
          let stamp = line.event.stamp
          for register in registers(of: line.event) {
            winners[register] = max(winners[register] ?? stamp, stamp)
          }
        }
      }
    }
  }

  /// Writes the lines as ours; gives how many.
  mutating func copy(_ files: [Segment], now: Timestamp) throws(StoreError) -> Int {
    var count = 0
    for file in files {
      try store.eachReading(of: file) { reading throws(StoreError) in
        var lines: [PendingLine] = []
        for line in reading.lines {
          guard let new = try pending(line), copied.insert(mark(line.event)).inserted else {
            continue
          }
          lines.append(new)
        }
        count += lines.count
        try store.append(lines, now: now)
      }
    }
    return count
  }

  /// The line as it is to be written; nil when none of it holds.
  private func pending(_ line: StoredLine) throws(StoreError) -> PendingLine? {
    let event = line.event
    var operation = event.operation
    var verbatim: [UInt8]?
    switch event.operation {
    case .open: return nil
    case .feed:
      guard registers(of: event).allSatisfy({ winners[$0] == event.stamp }) else { return nil }
    case .set(let key, let value, let ids):
      let names = registers(of: event)
      let left = zip(ids, names).filter { winners[$1] == event.stamp }.map(\.0)
      if left.isEmpty { return nil }
      operation = .set(key: key, value: value, ids: left)
    case .article: break
    case .unknown: verbatim = try store.members(of: line)
    }
    var pending = PendingLine(at: event.at, operation: operation, writtenBy: event.device)
    pending.act = event.act.map { PendingAct(id: $0.id, undoes: $0.undoes) }
    pending.verbatim = verbatim
    return pending
  }

  private func registers(of event: StoreEvent) -> [Register] {
    switch event.operation {
    case .feed(let feed, let key, _):
      [Register(owner: feed.hash, name: key, isFeed: true, device: event.device)]
    case .set(let key, _, let ids):
      ids.map { Register(owner: $0.hash, name: key, isFeed: false, device: event.device) }
    default: []
    }
  }

  /// A hash of what a line says, wherever it stands.
  private func mark(_ event: StoreEvent) -> Int {
    var hasher = Hasher()
    hasher.combine(event.at)
    hasher.combine(event.device)
    // Nothing is known of what a newer version wrote but its sum and its place.
    if case .unknown = event.operation {
      hasher.combine(event.number)
      hasher.combine(event.sum)
    }
    hasher.combine(event.operation)
    return hasher.finalize()
  }
}

extension Store {
  /// The members of a line that nothing is known of, between its time and its sum.
  ///
  /// - Parameter line: A line with a sum.
  /// - Returns: Text of JSON without braces.
  /// - Throws: `newerFormat` when the line has another form than any that we write.
  fileprivate func members(of line: StoredLine) throws(StoreError) -> [UInt8] {
    guard let name = SegmentName(line.place.segment) else {
      throw .gone(path: "\(directory)/\(line.place.segment)")
    }
    let bytes = try open(name).read(at: line.place.offset, count: line.place.length)
    let range = 0..<bytes.count
    guard let glance = LineGlance(bytes, range) else {
      throw .newerFormat(path: "\(directory)/\(name.text)", version: LineEncoder.format + 1)
    }
    var start = glance.at.upperBound + 2
    if bytes.holds("\"by\":\"", at: start), bytes.holds("\",", at: start + 14) { start += 16 }
    return Array(bytes[start..<bytes.count - sumBytes])
  }
}
