import Glibc

/// An open file or directory, closed when the value goes.
///
/// Never inherited by a child (O_CLOEXEC), and below the store's own directory no symbolic link
/// is followed (O_NOFOLLOW).
struct Descriptor: ~Copyable, Sendable {
  /// What the kernel calls it.
  private let number: Int32
  /// Where it was found, for messages.
  let path: String

  private init(_ number: Int32, path: String) {
    self.number = number
    self.path = path
  }

  deinit { close(number) }

  /// Opens a directory that the person named, so links are followed; nil when it is not there.
  ///
  /// The corresponding C function is `open`.
  static func directory(_ path: String) throws(StoreError) -> Descriptor? {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    guard let number = try check("open", unless: ENOENT, path, { unsafe open(path, flags) }) else {
      return nil
    }
    return Descriptor(number, path: path)
  }

  /// Opens a directory in this one; nil when it is not there.
  ///
  /// The corresponding C function is `openat`.
  func directory(named name: String) throws(StoreError) -> Descriptor? {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
    do {
      let opened = try check("openat", unless: ENOENT, "\(path)/\(name)") {
        unsafe openat(number, name, flags)
      }
      guard let opened else { return nil }
      return Descriptor(opened, path: "\(path)/\(name)")
    } catch .inputOutput(let path, _, ENOTDIR) {
      throw .refused(path: path)
    }
  }

  /// How a file is opened.
  enum Access {
    /// To read it.
    case reading
    /// To read it, and to add at its end.
    case appending
    /// To read and write anywhere.
    case writing

    fileprivate var flags: Int32 {
      let common = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
      return switch self {
      case .reading: O_RDONLY | common
      case .appending: O_RDWR | O_APPEND | common
      case .writing: O_RDWR | common
      }
    }
  }

  /// Opens a regular file in this directory; nil when it is not there.
  ///
  /// The corresponding C function is `openat`.
  func file(named name: String, for access: Access) throws(StoreError) -> Descriptor? {
    let opened = try check("openat", unless: ENOENT, "\(path)/\(name)") {
      unsafe openat(number, name, access.flags)
    }
    guard let opened else { return nil }
    let file = Descriptor(opened, path: "\(path)/\(name)")
    guard try file.facts().isRegular else { throw .refused(path: file.path) }
    return file
  }

  /// Makes a file in this directory for its owner only; nil when the name is taken.
  ///
  /// The corresponding C functions are `openat` and `fchmod`.
  func create(named name: String, for access: Access) throws(StoreError) -> Descriptor? {
    let flags = access.flags | O_CREAT | O_EXCL
    let opened = try check("openat", unless: EEXIST, "\(path)/\(name)") {
      unsafe openat(number, name, flags, 0o600)
    }
    guard let opened else { return nil }
    // The mask of the process may have taken bits away; where modes mean nothing this may fail.
    _ = fchmod(opened, 0o600)
    return Descriptor(opened, path: "\(path)/\(name)")
  }

  /// Opens a file in this directory, or makes it.
  func fileOrNew(named name: String, for access: Access) throws(StoreError) -> Descriptor {
    while true {
      if let file = try file(named: name, for: access) { return file }
      if let file = try create(named: name, for: access) { return file }
    }
  }

  /// Makes a directory in this one for its owner only; false when the name is taken.
  ///
  /// The corresponding C functions are `mkdirat` and `fchmodat`.
  func makeDirectory(named name: String) throws(StoreError) -> Bool {
    let made = try check("mkdirat", unless: EEXIST, "\(path)/\(name)") {
      unsafe mkdirat(number, name, 0o700)
    }
    guard made != nil else { return false }
    // As in `create`.
    _ = unsafe fchmodat(number, name, 0o700, 0)
    return true
  }

  /// The facts of this file.
  ///
  /// The corresponding C function is `fstat`.
  func facts() throws(StoreError) -> FileFacts {
    var facts = stat()
    _ = try check("fstat", path) { unsafe fstat(number, &facts) }
    return FileFacts(facts)
  }

  /// The facts of a name in this directory, symbolic links not followed; nil when it is free.
  ///
  /// The corresponding C function is `fstatat`.
  func facts(named name: String) throws(StoreError) -> FileFacts? {
    var facts = stat()
    let found = try check("fstatat", unless: ENOENT, "\(path)/\(name)") {
      unsafe fstatat(number, name, &facts, AT_SYMLINK_NOFOLLOW)
    }
    return found == nil ? nil : FileFacts(facts)
  }

  /// The names in this directory but `.` and `..`, sorted; names that are not UTF-8 are left out.
  ///
  /// The corresponding C functions are `openat`, `fdopendir`, `readdir` and `closedir`.
  func names() throws(StoreError) -> [String] {
    // A descriptor of its own, since the stream takes the descriptor and its position over.
    let copy = try check("openat", path) {
      unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard let stream = unsafe fdopendir(copy) else {
      let number = errno
      close(copy)
      throw StoreError(call: "fdopendir", path: path, errno: number)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        let number = errno
        guard number == 0 else { throw StoreError(call: "readdir", path: path, errno: number) }
        return names.sorted()
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(validatingCString: $0)
        }
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
  }

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  ///
  /// The corresponding C function is `pread`.
  func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    var failure: StoreError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      do throws(StoreError) {
        while filled < count {
          let got = try check("pread", path) {
            unsafe pread(
              number,
              buffer.baseAddress?.advanced(by: filled),
              count - filled,
              offset + filled
            )
          }
          if got == 0 { return }
          filled += got
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all bytes at the end of a file that was opened for appending.
  ///
  /// What a short count leaves is written by the next call, so a full disk shows itself as an
  /// error after some bytes were written. The corresponding C function is `write`.
  func append(_ bytes: [UInt8]) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      written += try check("write", path) {
        unsafe bytes.withUnsafeBytes {
          unsafe Glibc.write(number, $0.baseAddress?.advanced(by: written), bytes.count - written)
        }
      }
    }
  }

  /// Writes all bytes at `offset`.
  ///
  /// The corresponding C function is `pwrite`.
  func overwrite(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      written += try check("pwrite", path) {
        unsafe bytes.withUnsafeBytes {
          unsafe pwrite(
            number,
            $0.baseAddress?.advanced(by: written),
            bytes.count - written,
            offset + written
          )
        }
      }
    }
  }

  /// Cuts the file.
  ///
  /// The corresponding C function is `ftruncate`.
  func truncate(to size: Int) throws(StoreError) {
    _ = try check("ftruncate", path) { ftruncate(number, size) }
  }

  /// Brings the data and the size of this file to the disk.
  ///
  /// The corresponding C function is `fdatasync`.
  func syncData() throws(StoreError) { _ = try check("fdatasync", path) { fdatasync(number) } }

  /// Brings this file, or the names of this directory, to the disk.
  ///
  /// The corresponding C function is `fsync`.
  func sync() throws(StoreError) { _ = try check("fsync", path) { fsync(number) } }

  /// Gives a name in this directory another name, which it takes over.
  ///
  /// The corresponding C function is `renameat`.
  func rename(_ old: String, to new: String) throws(StoreError) {
    _ = try check("renameat", "\(path)/\(new)") { unsafe renameat(number, old, number, new) }
  }

  /// Removes a name from this directory; nothing happens when it is free.
  ///
  /// The corresponding C function is `unlinkat`.
  func remove(_ name: String) throws(StoreError) {
    _ = try check("unlinkat", unless: ENOENT, "\(path)/\(name)") {
      unsafe unlinkat(number, name, 0)
    }
  }

  /// Removes an empty directory from this one; false when something is in it.
  ///
  /// The corresponding C function is `unlinkat`.
  func removeDirectory(_ name: String) throws(StoreError) -> Bool {
    do {
      _ = try check("unlinkat", unless: ENOENT, "\(path)/\(name)") {
        unsafe unlinkat(number, name, AT_REMOVEDIR)
      }
      return true
    } catch .inputOutput(_, _, ENOTEMPTY), .inputOutput(_, _, EEXIST) {
      return false
    }
  }

  /// Locks this file for this descriptor alone; false when `waiting` is false and it is taken.
  ///
  /// The lock goes with the descriptor, however the process ends. The corresponding C function
  /// is `flock`.
  func lock(waiting: Bool) throws(StoreError) -> Bool {
    do {
      let operation = waiting ? LOCK_EX : LOCK_EX | LOCK_NB
      return try check("flock", unless: EWOULDBLOCK, path) { flock(number, operation) } != nil
    } catch .inputOutput(let path, _, ENOLCK), .inputOutput(let path, _, EOPNOTSUPP) {
      throw .lockUnsupported(path: path)
    }
  }

  /// Gives the lock back.
  ///
  /// Closing alone would leave it to a child that was forked just now and has not closed its copy
  /// yet. The corresponding C function is `flock`.
  func unlock() { _ = flock(number, LOCK_UN) }
}
