import Glibc

// Calls into the C library for what only one person may read; each function names them.

/// The bytes of a file that is this user's alone (`open`, `fstat`); nil when there is none.
///
/// - Parameter path: The file; a link is followed.
/// - Returns: Its bytes.
/// - Throws: `Failure` when others can read it, or it is not this user's, or cannot be read.
func privateContents(of path: String) throws -> [UInt8]? {
  // Not blocking: a pipe in its place would otherwise wait for a writer.
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else {
    if errno == ENOENT { return nil }
    throw unreadable(path)
  }
  defer { close(descriptor) }
  var facts = stat()
  guard unsafe fstat(descriptor, &facts) == 0 else { throw unreadable(path) }
  guard facts.st_mode & S_IFMT == S_IFREG else {
    throw Failure(.noPermission, "\(path) is no file. Move it away.")
  }
  guard facts.st_uid == geteuid() || facts.st_uid == 0 else {
    throw Failure(.noPermission, "\(path) belongs to somebody else. Move it away.")
  }
  guard facts.st_mode & 0o077 == 0 else {
    throw Failure(
      .noPermission,
      "\(path) holds what is secret, and others can read it. Close it with: "
        + "chmod 600 \(quoted(path))"
    )
  }
  guard let bytes = bytes(of: descriptor) else { throw unreadable(path) }
  return bytes
}

/// Replaces a file that is this user's alone, while no other program changes it (`flock`,
/// `rename`, `fsync`).
///
/// - Parameters:
///   - path: The file. Where it is a link, what it leads to is replaced.
///   - isSecret: One that others can read is refused.
///   - change: Gets its bytes, nil when there are none, and gives the new ones; nil changes nothing.
/// - Throws: `Failure`, or what `change` throws; then the file stands as it was.
func changePrivately(
  _ path: String,
  isSecret: Bool = true,
  _ change: ([UInt8]?) throws -> [UInt8]?
) throws {
  makeDirectory(forFile: path)
  let path = linkTarget(of: path)
  // By bytes, as the kernel does: a mark after a slash would be one character with it.
  let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
  let start = slash.map(path.utf8.index(after:)) ?? path.startIndex
  let (folder, name) = (String(path[..<start]), String(path[start...]))
  let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard directory >= 0 else { throw unwritable(path) }
  // Closing it gives the lock back.
  defer { close(directory) }
  while flock(directory, LOCK_EX) != 0 {
    guard errno == EINTR else { throw unwritable(path) }
  }
  let old =
    isSecret ? try privateContents(of: path) : fileExists(path) ? try contents(of: path) : nil
  guard let bytes = try change(old) else { return }
  let temporary = ".\(name).tmp-\(getpid())"
  _ = unsafe unlinkat(directory, temporary, 0)
  let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
  let file = unsafe openat(directory, temporary, flags, 0o600)
  guard file >= 0 else { throw unwritable(path) }
  let isWritten = writeAll(bytes, to: file) == .written && fsync(file) == 0
  let failure = unwritable(path)
  close(file)
  guard isWritten, unsafe renameat(directory, temporary, directory, name) == 0 else {
    let failure = isWritten ? unwritable(path) : failure
    _ = unsafe unlinkat(directory, temporary, 0)
    throw failure
  }
  guard fsync(directory) == 0 else {
    throw Failure(
      .inputOutput,
      "\(path) was changed, but may not last: \(reason(errno)). Look at the disk."
    )
  }
}

/// Where a path leads (`realpath`); the path itself when nothing is there.
private func linkTarget(of path: String) -> String {
  guard let target = unsafe realpath(path, nil) else { return path }
  defer { unsafe free(target) }
  return unsafe String(cString: target)
}

private func unreadable(_ path: String) -> Failure {
  let status = errno == EACCES ? ExitStatus.noPermission : .inputOutput
  return Failure(status, "\(path) cannot be read: \(reason(errno)).")
}

private func unwritable(_ path: String) -> Failure {
  let status = errno == EACCES || errno == EROFS ? ExitStatus.noPermission : .inputOutput
  return Failure(status, "\(path) cannot be written: \(reason(errno)). Nothing was changed.")
}

/// Asks for a line that is not shown, such as a password (`tcgetattr`, `tcsetattr`, `read`).
///
/// - Parameter prompt: What is asked, on standard error.
/// - Returns: What was typed; nil when it was given up with Control-C or Control-D.
func hiddenLine(_ prompt: String) -> String? {
  var saved = termios()
  guard unsafe tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
  var silent = saved
  // Signals as well come as characters, so that the terminal is never left silent.
  silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
  _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
  defer {
    _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
    Output.error.raw([0x0A])
  }
  Output.error.raw(Array(prompt.utf8))
  var line: [UInt8] = []
  while true {
    var byte: UInt8 = 0
    let count = unsafe read(STDIN_FILENO, &byte, 1)
    if count < 0, errno == EINTR { continue }
    guard count == 1, byte != 0x03 else { return nil }
    switch byte {
    case 0x0A, 0x0D: return String(decoding: line, as: UTF8.self)
    case 0x04: if line.isEmpty { return nil }
    case 0x08, 0x7F:
      while let last = line.popLast(), last & 0xC0 == 0x80 {}
    case 0x15: line = []
    default: line.append(byte)
    }
  }
}
