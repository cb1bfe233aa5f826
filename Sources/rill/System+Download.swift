import FeedModel
import Glibc

// Calls into the C library for files that come from elsewhere; each function names them.

/// Keeps other programs from writing a file until it is closed (`flock`); false when one does.
func lockFile(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

/// A directory in which files are made, and never followed through a link (`open`, `openat`).
@safe final class DownloadFolder: Sendable {
  private let descriptor: Int32

  /// Opens a directory that is there; nil when it is none or may not be entered.
  init?(_ path: String) {
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// What stands under a name: the bytes of a file, and -1 for anything else; nil for nothing
  /// (`fstatat`).
  func size(_ name: String) -> Int64? {
    var facts = stat()
    guard unsafe fstatat(descriptor, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    return facts.st_mode & S_IFMT == S_IFREG && facts.st_nlink == 1 ? Int64(facts.st_size) : -1
  }

  /// Opens a file to write at its end, made new where none is there (`openat`, `lseek`).
  func file(_ name: String) -> Int32? {
    let flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC
    let isThere = size(name) != nil
    let file = unsafe openat(
      descriptor,
      name,
      isThere ? flags : flags | O_CREAT | O_EXCL,
      0o644 as mode_t
    )
    guard file >= 0 else { return nil }
    _ = lseek(file, 0, SEEK_END)
    return file
  }

  /// The text of a small file; empty when there is none (`openat`, `read`).
  func text(_ name: String) -> String {
    guard let size = size(name), (0...4096).contains(size) else { return "" }
    let file = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    return String(decoding: bytes(of: file) ?? [], as: UTF8.self)
  }

  /// Writes a small file anew; that it could not be written is met by who reads it (`openat`).
  func write(_ text: String, to name: String) {
    remove(name)
    guard let file = file(name) else { return }
    _ = writeAll(Array(text.utf8), to: file)
    close(file)
  }

  /// Gives a file its name, unless something has it (`linkat`, `renameat`).
  ///
  /// - Returns: False when that name is taken, or the file system refuses.
  func rename(_ name: String, to new: String) -> Bool {
    if unsafe linkat(descriptor, name, descriptor, new, 0) == 0 {
      remove(name)
      return true
    }
    // A file system without links, such as that of a camera.
    guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS, size(new) == nil else {
      return false
    }
    return unsafe renameat(descriptor, name, descriptor, new) == 0
  }

  /// Removes a file (`unlinkat`).
  func remove(_ name: String) { _ = unsafe unlinkat(descriptor, name, 0) }

  /// How many bytes there is room for (`fstatvfs`).
  var freeBytes: Int64 {
    var facts = statvfs()
    guard unsafe fstatvfs(descriptor, &facts) == 0 else { return .max }
    let (bytes, overflow) = Int64(clamping: facts.f_bavail)
      .multipliedReportingOverflow(by: Int64(clamping: facts.f_frsize))
    return overflow ? .max : bytes
  }
}

/// Empties a file (`ftruncate`, `lseek`).
func empty(_ descriptor: Int32) -> Bool {
  ftruncate(descriptor, 0) == 0 && lseek(descriptor, 0, SEEK_SET) == 0
}

/// Waits until a file is on the disk (`fsync`).
func waitForDisk(_ descriptor: Int32) -> Bool { fsync(descriptor) == 0 }

/// Makes a directory with those above it (`mkdir`), each with the rights that others get.
func makeDownloadDirectory(_ path: String) {
  let before = umask(0o022)
  defer { _ = umask(before) }
  var made = ""
  for part in path.split(separator: "/") {
    made += "/" + part
    _ = unsafe mkdir(made, 0o755)
  }
}
