import Glibc

// Every system call of the store stands in this file and in `Descriptor.swift`. Here the C
// conventions end: −1 and errno become a `StoreError` with the path, and EINTR is asked again.

/// Runs a system call until it is not interrupted, and turns −1 into an error.
///
/// errno is read before anything else can change it.
@inline(__always)
func check<Value: FixedWidthInteger & SignedInteger>(
  _ call: String,
  _ path: @autoclosure () -> String,
  _ body: () -> Value
) throws(StoreError) -> Value {
  while true {
    let value = body()
    if value != -1 { return value }
    let number = errno
    if number != EINTR { throw StoreError(call: call, path: path(), errno: number) }
  }
}

/// Like `check`, with nil for one error number that is no failure.
@inline(__always)
func check<Value: FixedWidthInteger & SignedInteger>(
  _ call: String,
  unless allowed: Int32,
  _ path: @autoclosure () -> String,
  _ body: () -> Value
) throws(StoreError) -> Value? {
  while true {
    let value = body()
    if value != -1 { return value }
    let number = errno
    if number == allowed { return nil }
    if number != EINTR { throw StoreError(call: call, path: path(), errno: number) }
  }
}

/// The C library's words for an error number, from `strerror_r`.
func describe(errno number: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A name on the way to a file is no directory.
let notADirectory = ENOTDIR

/// The facts of a file that the store looks at, from `struct stat`.
struct FileFacts: Hashable {
  let inode: UInt64
  let size: Int
  let isRegular: Bool
  let isDirectory: Bool
  let isLink: Bool
  /// The id of the user whose it is.
  let owner: UInt32
  /// When it was changed, in nanoseconds since 1970.
  let modifiedNanoseconds: Int64

  init(_ facts: stat) {
    inode = UInt64(facts.st_ino)
    size = Int(facts.st_size)
    isRegular = facts.st_mode & S_IFMT == S_IFREG
    isDirectory = facts.st_mode & S_IFMT == S_IFDIR
    isLink = facts.st_mode & S_IFMT == S_IFLNK
    owner = facts.st_uid
    modifiedNanoseconds =
      Int64(facts.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(facts.st_mtim.tv_nsec)
  }
}

/// What stands at a path, symbolic links not followed; nil when nothing does.
///
/// The corresponding C function is `lstat`.
func facts(ofPath path: String) throws(StoreError) -> FileFacts? {
  var facts = stat()
  guard try check("lstat", unless: ENOENT, path, { unsafe lstat(path, &facts) }) != nil else {
    return nil
  }
  return FileFacts(facts)
}

/// Makes a directory for its owner only; false when it was there.
///
/// The corresponding C functions are `mkdir` and `chmod`.
func makeDirectory(_ path: String) throws(StoreError) -> Bool {
  guard try check("mkdir", unless: EEXIST, path, { unsafe mkdir(path, 0o700) }) != nil else {
    return false
  }
  // The mask of the process may have taken bits away; where modes mean nothing this may fail.
  _ = unsafe chmod(path, 0o700)
  return true
}

/// The directory that relative paths start from.
///
/// The corresponding C function is `getcwd`.
func currentDirectory() throws(StoreError) -> String {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  guard unsafe getcwd(&buffer, buffer.count) != nil else {
    throw StoreError(call: "getcwd", path: ".", errno: errno)
  }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The name of this machine, for people; empty when it has none.
///
/// The corresponding C function is `gethostname`.
func machineName() -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The id of this process.
///
/// The corresponding C function is `getpid`.
func processID() -> Int32 { getpid() }

/// The user that this process acts for.
///
/// The corresponding C function is `geteuid`.
func userID() -> UInt32 { geteuid() }
