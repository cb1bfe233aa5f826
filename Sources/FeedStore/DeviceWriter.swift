import FeedJSON
import FeedModel

/// Writes as this machine's device, and decides which device that is.
///
/// Documentation/Format.md, "This machine only".
///
/// Used under the append lock only.
struct DeviceWriter: ~Copyable {
  private let store: Store
  private let identity: StoreIdentity
  private let state: StateDirectory
  private let now: Timestamp

  /// - Parameters:
  ///   - store: Where to write.
  ///   - identity: Which store that must be.
  ///   - state: What this machine knows of it; its append lock is held.
  ///   - now: The time of the call.
  init(
    store: Store,
    identity: StoreIdentity,
    state: consuming StateDirectory,
    now: Timestamp
  ) {
    self.store = store
    self.identity = identity
    self.state = state
    self.now = now
  }

  /// Writes lines, articles first.
  ///
  /// Where the files turn out not to be ours any more, a new device is minted and the lines are
  /// written there.
  ///
  /// - Returns: The lines that count as written.
  func append(_ lines: [PendingLine]) throws(StoreError) -> [AppendedLines] {
    var rest = [
      (kind: Segment.Kind.articles, lines: lines.filter { $0.isArticle }),
      (kind: Segment.Kind.journal, lines: lines.filter { !$0.isArticle }),
    ]
    rest.removeAll { $0.lines.isEmpty }
    var appended: [AppendedLines] = []
    var known = try state.readRecord()
    if let known, known.format > LineEncoder.format {
      throw .newerFormat(path: state.directory.path, version: known.format)
    }
    // Each new device is one more chance; more than a few mean that files vanish as we write.
    for _ in 0..<4 {
      var record: DeviceRecord
      if let known { record = known } else { record = try mint() }
      known = nil
      guard let directory = try deviceDirectory(of: &record) else { continue }
      // The record is a memory of what the segments say: when it cannot be written they say it.
      defer { try? state.write(record, isNew: false) }
      while let next = rest.first {
        var writer = SegmentWriter(
          device: record.device,
          kind: next.kind,
          sequence: record[next.kind]
        )
        defer { record[next.kind] = writer.sequence }
        guard let new = try writer.append(next.lines, in: directory, now: now) else { break }
        appended += new
        rest.removeFirst()
      }
      if rest.isEmpty { return appended }
    }
    throw .gone(path: "\(store.directory)/dev")
  }

  /// The directory of a device, looked through when names in it have changed; nil when it is not
  /// ours any more.
  private func deviceDirectory(of record: inout DeviceRecord) throws(StoreError) -> Descriptor? {
    guard let root = try Descriptor.directory(store.directory),
      let devices = try root.directory(named: "dev"),
      let directory = try devices.directory(named: record.device)
    else { return nil }
    let changed = try directory.facts().modifiedNanoseconds
    if changed != record.directoryNanoseconds {
      // A sync tool made a copy of our file, so someone else wrote as us.
      let names = try directory.names()
      let inputs = names.filter { SegmentName.kind(ofFile: $0) != nil }
      guard inputs.allSatisfy(SegmentName.isOriginal) else { return nil }
      if !names.contains("device.json") {
        try replace("device.json", in: directory, with: description(of: record.device))
      }
      removeStaleTemporaries(in: directory, now: now)
      removeStaleTemporaries(in: root, now: now)
      record.directoryNanoseconds = changed
    }
    let path = nameHash([store.directory])
    if record.path != path {
      try state.remember(path: store.directory)
      record.path = path
    }
    return directory
  }

  /// Makes a new device for this machine.
  ///
  /// The record comes first: were it last, a state directory without space would give each
  /// append a device of its own.
  private func mint() throws(StoreError) -> DeviceRecord {
    // An unmounted disk must not become an empty store.
    guard try store.readIdentity() == identity, let root = try Descriptor.directory(store.directory)
    else { throw .missing(path: store.directory, memory: nil) }
    try state.remember(path: store.directory)
    if let former = try state.readRecord() { try state.remember(former: former) }
    if try root.makeDirectory(named: "dev") { try root.sync() }
    guard let devices = try root.directory(named: "dev") else {
      throw .gone(path: "\(store.directory)/dev")
    }
    while true {
      let id = String(decoding: (0..<8).map { _ in randomLetter() }, as: UTF8.self)
      let record = DeviceRecord(device: id, path: nameHash([store.directory]))
      try state.write(record, isNew: true)
      guard try devices.makeDirectory(named: id) else { continue }
      try devices.sync()
      return record
    }
  }

  /// The text of `device.json`.
  private func description(of device: String) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("dev", device)
    json.member("name", machineName())
    json.member("app", store.application)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }

  private func randomLetter() -> UInt8 {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    return alphabet[Int.random(in: 0..<32)]
  }
}
