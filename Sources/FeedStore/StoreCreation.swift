import FeedModel

extension Store {
  /// What the store is, made now if it is not there.
  ///
  /// `store.json` is written last, by a rename: until then there is no store, only files that
  /// the next attempt finds as it would write them; from then on all of it is there.
  func createIfAbsent(now: Timestamp) throws(StoreError) -> StoreIdentity {
    if let identity = try readIdentity() { return identity }
    try refuseIfRemembered()
    let state = try directoryOrNew(stateDirectory)
    let lock = try state.fileOrNew(named: "lock", for: .writing)
    defer { lock.unlock() }
    if usesLocks { _ = try lock.lock(waiting: true) }
    // Another process may have been faster.
    if let identity = try readIdentity() { return identity }
    let root = try directoryOrNew(directory)
    try refuseForeignFiles(in: root)
    for (name, text) in rootFiles where try root.facts(named: name) == nil {
      try replace(name, in: root, with: Array(text.utf8))
    }
    let bits = (0..<2).map { _ in UInt64.random(in: 0...UInt64.max) }
    let id = bits.map { hexadecimal($0, digits: 16) }.joined()
    let identity = StoreIdentity(id: id, created: now)
    try replace(StoreIdentity.fileName, in: root, with: identity.bytes)
    return identity
  }

  /// Throws when a directory without `store.json` holds more than an empty start.
  ///
  /// Hidden names belong to sync tools and to git. A `dev` with something in it is a store whose
  /// `store.json` has not arrived yet: one of our own would clash with it.
  private func refuseForeignFiles(in root: borrowing Descriptor) throws(StoreError) {
    let expected: Set<String> = ["README.txt", "README.md", "LICENSE", "lost+found", "dev"]
    let names = try root.names().filter { !$0.hasPrefix(".") }
    guard names.allSatisfy(expected.contains) else { throw .notAStore(path: directory) }
    if let devices = try root.directory(named: "dev"), try !devices.names().isEmpty {
      throw .notAStore(path: directory)
    }
  }
}

/// Opens a directory, and makes it and those above it where they are not there.
///
/// Each new name is on the disk when this returns.
func directoryOrNew(_ path: String) throws(StoreError) -> Descriptor {
  if let directory = try Descriptor.directory(path) { return directory }
  let parentPath = path.split(separator: "/").dropLast().joined(separator: "/")
  let parent = try directoryOrNew("/" + parentPath)
  _ = try makeDirectory(path)
  try parent.sync()
  guard let directory = try Descriptor.directory(path) else { throw .gone(path: path) }
  return directory
}

/// What stands at the top of a store beside `store.json` (Documentation/Format.md, "Layout").
private let rootFiles: [(name: String, text: String)] = [
  (
    "README.txt",
    """
    This folder holds the subscriptions, the articles and the read marks of Rill, a feed reader.

    Each machine writes only into its own folder below dev/, so the whole folder can be shared by
    Syncthing, Dropbox, git or a USB stick. Every *.jsonl file has one JSON object a line, and new
    lines are added at its end. Please do not rename or merge the files; a copy that a sync tool
    makes after a conflict is read like any other, so nothing is lost.

    """
  ),
  (".gitattributes", "*.jsonl -text merge=union\n"),
  (".stignore", "(?d).tmp-*\n"),
]
