public import FeedModel

/// The truth: a directory of JSON lines that the person owns (Documentation/Format.md).
///
/// 1. A file is written by one device only, and only at its end.
/// 2. What an append has acknowledged is on the disk.
/// 3. A line counts when it is whole: it ends in a line feed and its sum is right.
/// 4. The numbers of a device's lines have no gaps, and no number is given twice.
/// 5. No line is ever taken at its word: not its ids, not its length, not as a path.
/// 6. Readers take no lock and create nothing.
public struct Store: Sendable {
  /// Where the store is, as an absolute path.
  public let directory: String
  /// Where this machine keeps what it never shares.
  let stateDirectory: String
  /// What to call the program in `device.json`.
  let application: String
  /// Writers wait for each other.
  let usesLocks: Bool
  /// What `store.json` said when the store was opened; nil when there was none.
  let identity: StoreIdentity?

  private init(
    directory: String,
    stateDirectory: String,
    application: String,
    usesLocks: Bool,
    identity: StoreIdentity?
  ) {
    self.directory = directory
    self.stateDirectory = stateDirectory
    self.application = application
    self.usesLocks = usesLocks
    self.identity = identity
  }

  /// Opens the store at a path, and creates nothing.
  ///
  /// That no store is there yet is fine: the first append creates it.
  ///
  /// - Parameters:
  ///   - directory: Where the store is or shall be.
  ///   - stateDirectory: Where this machine keeps its locks and its device id.
  ///   - application: What to call the program in `device.json`.
  ///   - usesLocks: False writes without locks, for a file system that has none: then the person
  ///     must see to it that only one process writes.
  /// - Returns: The store.
  /// - Throws: `missing` when the local state remembers a store at this path and there is none,
  ///   `notAStore` when something else is there.
  public static func open(
    directory: String,
    stateDirectory: String,
    application: String = "rill",
    usesLocks: Bool = true
  ) throws(StoreError) -> Store {
    let store = Store(
      directory: try absolute(directory),
      stateDirectory: try absolute(stateDirectory),
      application: application,
      usesLocks: usesLocks,
      identity: nil
    )
    guard let identity = try store.readIdentity() else {
      try store.refuseIfRemembered()
      return store
    }
    return Store(
      directory: store.directory,
      stateDirectory: store.stateDirectory,
      application: application,
      usesLocks: usesLocks,
      identity: identity
    )
  }

  /// There is a store.
  public var exists: Bool {
    // What cannot be read now will say why when it is used.
    identity != nil || (try? readIdentity()) != nil
  }

  /// The store's own id, the same on every machine; nil when there is no store.
  public var id: String? {
    // What cannot be read now will say why when it is used.
    identity?.id ?? (try? readIdentity())?.id
  }

  /// The device that this machine writes as; nil when it has written nothing yet.
  ///
  /// By the local record, so no other device can claim to be this one. It may change with the
  /// next append: where the device's files turn out not to be ours any more, a new id is minted,
  /// and what the old one wrote then counts as another device's.
  public var device: String? {
    // Who cannot be told for us is not us. An append will say what is wrong.
    guard let identity = identity ?? (try? readIdentity()) else { return nil }
    return (try? StateDirectory.device(in: identity, stateDirectory: stateDirectory)) ?? nil
  }

  /// The devices that this machine is, and was before it took a new id.
  public var ownDevices: Set<String> {
    // As above.
    guard let identity = identity ?? (try? readIdentity()) else { return [] }
    var devices = Set([device].compactMap(\.self))
    if let state = try? Descriptor.directory("\(stateDirectory)/\(identity.id)") {
      devices.formUnion(StateDirectory.formers(in: state).map(\.device))
    }
    return devices
  }

  /// When the store was created; nil when it was not there to be opened.
  ///
  /// A clock that shows an earlier time is wrong.
  public var created: Timestamp? { identity?.created }

  /// What `store.json` says now; nil when there is none.
  func readIdentity() throws(StoreError) -> StoreIdentity? {
    let root: Descriptor?
    do {
      root = try Descriptor.directory(directory)
    } catch .inputOutput(let path, _, notADirectory) {
      throw .notAStore(path: path)
    }
    guard let root else { return nil }
    return try StoreIdentity(in: root)
  }

  /// Throws when the local state remembers a store at this path.
  func refuseIfRemembered() throws(StoreError) {
    if let memory = try StateDirectory.memory(of: directory, in: stateDirectory) {
      throw .missing(path: directory, memory: memory)
    }
  }
}

/// Makes a path absolute, and takes needless slashes away; links are not resolved.
private func absolute(_ path: String) throws(StoreError) -> String {
  let full = path.hasPrefix("/") ? path : "\(try currentDirectory())/\(path)"
  let parts = full.split(separator: "/").filter { $0 != "." }
  return "/" + parts.joined(separator: "/")
}
