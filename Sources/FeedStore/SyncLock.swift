extension Store {
  /// Takes the lock of a whole network sync, without waiting.
  ///
  /// Before there is a store the lock is one for all stores of this machine.
  ///
  /// - Returns: The lock; it is released when the value goes, however the process ends.
  /// - Throws: `syncIsRunning` when another process holds it, `lockUnsupported`.
  public func lockForSync() throws(StoreError) -> SyncLock {
    let known = if let identity { identity } else { try readIdentity() }
    let directory =
      if let identity = known {
        try directoryOrNew("\(stateDirectory)/\(identity.id)")
      } else {
        try directoryOrNew(stateDirectory)
      }
    let file = try directory.fileOrNew(named: "sync.lock", for: .writing)
    if usesLocks, try !file.lock(waiting: false) {
      throw .syncIsRunning(pid: try holder(of: file))
    }
    try file.truncate(to: 0)
    try file.overwrite(Array("\(processID())\n".utf8), at: 0)
    return SyncLock(file)
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
  private let file: Descriptor

  init(_ file: consuming Descriptor) { self.file = file }

  deinit { file.unlock() }

  /// Releases the lock now; once more does nothing.
  ///
  /// `defer { lock.release() }` holds it to the end of a scope.
  public func release() { file.unlock() }
}
