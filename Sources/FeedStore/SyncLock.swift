extension Store {
  /// Takes the lock of a whole network sync, without waiting.
  ///
  /// There are two locks, and a sync holds both to its end. That of the path is there before
  /// there is a store, so a sync that finds the store just made still meets the one that is
  /// making it. That of the store is the same for all paths that lead to it.
  ///
  /// - Returns: The lock; it is released when the value goes, however the process ends.
  /// - Throws: `syncIsRunning` when another process holds it, `lockUnsupported`.
  public func lockForSync() throws(StoreError) -> SyncLock {
    var both = SyncLock(try lock("sync-\(nameHash([directory])).lock", in: stateDirectory))
    let known = if let identity { identity } else { try readIdentity() }
    if let known { both.ofStore = try lock("sync.lock", in: "\(stateDirectory)/\(known.id)") }
    return both
  }

  /// Locks a file that is never removed, and writes into it who we are.
  private func lock(_ name: String, in directory: String) throws(StoreError) -> Descriptor {
    let directory = try directoryOrNew(directory)
    let file = try directory.fileOrNew(named: name, for: .writing)
    if usesLocks, try !file.lock(waiting: false) {
      throw .syncIsRunning(pid: try holder(of: file))
    }
    try file.truncate(to: 0)
    try file.overwrite(Array("\(processID())\n".utf8), at: 0)
    return file
  }

  /// The process that a lock file names; nil when it names none.
  private func holder(of file: borrowing Descriptor) throws(StoreError) -> Int32? {
    let text = String(decoding: try file.read(at: 0, count: 32), as: UTF8.self)
    return Int32(text.prefix { $0.isASCII && $0.isNumber })
  }
}

/// The lock of a whole network sync.
///
/// Released when the value goes.
public struct SyncLock: ~Copyable, Sendable {
  private let ofPath: Descriptor
  fileprivate var ofStore: Descriptor?

  fileprivate init(_ ofPath: consuming Descriptor) { self.ofPath = ofPath }

  deinit { release() }

  /// Releases the lock now; once more does nothing.
  ///
  /// `defer { lock.release() }` holds it to the end of a scope.
  public func release() {
    ofStore?.unlock()
    ofPath.unlock()
  }
}
