import FeedJSON
import Glibc

/// What this machine keeps about one store and never shares: `STATE/<store id>/`.
///
/// Documentation/Format.md, "This machine only".
///
/// `lock` and `sync.lock` are never removed: a lock on a removed file would have two holders.
/// `me-….json` says which device this machine is. `at-….json` remembers a path of the store.
struct StateDirectory: ~Copyable {
  let directory: Descriptor
  /// The name of the file that binds the device id to this machine.
  private let recordName: String

  /// Opens the directory of a store, and makes it if it is not there.
  init(of identity: StoreIdentity, in stateDirectory: String) throws(StoreError) {
    // First all that can fail: a value is made whole or not at all.
    let recordName = try Self.recordName(of: identity)
    directory = try directoryOrNew("\(stateDirectory)/\(identity.id)")
    self.recordName = recordName
  }

  /// Which device this machine is for a store; nil when it is none yet.
  ///
  /// Creates nothing.
  static func device(
    in identity: StoreIdentity,
    stateDirectory: String
  ) throws(StoreError) -> String? {
    try record(in: identity, stateDirectory: stateDirectory)?.device
  }

  /// What is written down of that device; nil when there is none yet.
  ///
  /// Creates nothing.
  static func record(
    in identity: StoreIdentity,
    stateDirectory: String
  ) throws(StoreError) -> DeviceRecord? {
    let name = try recordName(of: identity)
    guard let directory = try Descriptor.directory("\(stateDirectory)/\(identity.id)") else {
      return nil
    }
    return try readRecord(name, in: directory)
  }

  /// Reads which device this machine is; nil when it is none yet, or when nothing can be trusted.
  func readRecord() throws(StoreError) -> DeviceRecord? {
    try Self.readRecord(recordName, in: directory)
  }

  /// Writes it down in place.
  ///
  /// Not brought to the disk but for a new device: whatever is lost of it is found out again from
  /// the segments, which can only be ahead of it.
  func write(_ record: DeviceRecord, isNew: Bool) throws(StoreError) {
    let file = try directory.fileOrNew(named: recordName, for: .writing)
    try file.overwrite(record.bytes, at: 0)
    guard isNew else { return }
    try file.truncate(to: DeviceRecord.fileBytes)
    try file.sync()
    try directory.sync()
  }

  /// Remembers how far this machine wrote as a device that it is no more.
  ///
  /// What was acknowledged under that id has to be in its files for as long as they are kept.
  func remember(former record: DeviceRecord) throws(StoreError) {
    guard record.journal.number > 0 || record.articles.number > 0 else { return }
    try replace("was-\(record.device).json", in: directory, with: record.bytes)
  }

  /// What is remembered of the devices that this machine was.
  static func formers(in directory: borrowing Descriptor) -> [DeviceRecord] {
    // What cannot be read is not remembered.
    let names = ((try? directory.names()) ?? []).filter { $0.hasPrefix("was-") }
    return names.compactMap { (try? readRecord($0, in: directory)) ?? nil }
  }

  /// Remembers that this store is at `path`, on the disk when this returns.
  func remember(path: String) throws(StoreError) {
    let name = Self.memoryName(of: path)
    guard try directory.facts(named: name) == nil else { return }
    var json = JSONWriter()
    json.beginObject()
    json.member("path", path)
    json.endObject()
    json.raw(0x0A)
    try replace(name, in: directory, with: json.bytes)
  }

  /// The file that remembers a store at `path`; nil when none does.
  static func memory(of path: String, in stateDirectory: String) throws(StoreError) -> String? {
    guard let state = try Descriptor.directory(stateDirectory) else { return nil }
    let name = memoryName(of: path)
    for store in try state.names() where !store.hasPrefix(".") {
      // A lock is no directory, and what cannot be opened remembers nothing.
      guard let directory = try? state.directory(named: store),
        let file = try directory.file(named: name, for: .reading)
      else { continue }
      let bytes = try file.read(at: 0, count: 64 << 10)
      var json = JSONReader(bytes)
      var remembered: String?
      // A file that cannot be understood remembers nothing.
      try? json.object { name, json throws(JSONError) in
        if name == "path" { remembered = try json.string() } else { try json.skip() }
      }
      if remembered == path { return file.path }
    }
    return nil
  }

  private static func readRecord(
    _ name: String,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> DeviceRecord? {
    guard let file = try directory.file(named: name, for: .reading) else { return nil }
    return DeviceRecord(try file.read(at: 0, count: DeviceRecord.fileBytes + 1))
  }

  private static func recordName(of identity: StoreIdentity) throws(StoreError) -> String {
    "me-\(nameHash([try machineID(), identity.id])).json"
  }

  private static func memoryName(of path: String) -> String { "at-\(nameHash([path])).json" }
}

/// What tells this machine from others: `/etc/machine-id`, or the host name where there is none.
///
/// A failure that may pass is thrown: another answer for once would make another device.
private func machineID() throws(StoreError) -> String {
  do throws(StoreError) {
    guard let directory = try Descriptor.directory("/etc"),
      let file = try directory.file(named: "machine-id", for: .reading)
    else { return machineName() }
    let bytes = try file.read(at: 0, count: 64)
    return bytes.count < 32 ? machineName() : String(decoding: bytes.prefix(32), as: UTF8.self)
  } catch {
    switch error {
    case .noPermission, .refused: return machineName()
    default: throw error
    }
  }
}
