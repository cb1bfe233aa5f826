import FeedModel
import Glibc

// Every call of the program into the C library stands here and in System+Private.swift; each function
// names it.

/// An environment variable; empty when it is not set (`getenv`).
func variable(_ name: String) -> String {
  guard let value = unsafe getenv(name) else { return "" }
  return unsafe String(cString: value)
}

/// All variables whose names begin with a prefix, without it (`environ`).
func variables(withPrefix prefix: String) -> [String: String] {
  var variables: [String: String] = [:]
  unsafe environ.withMemoryRebound(to: Optional<UnsafeMutablePointer<CChar>>.self, capacity: 1) {
    var entry = unsafe $0
    while let text = unsafe entry.pointee {
      let parts = unsafe String(cString: text).split(separator: "=", maxSplits: 1)
      if parts.count == 2, parts[0].hasPrefix(prefix) {
        variables[String(parts[0].dropFirst(prefix.count))] = String(parts[1])
      }
      unsafe entry += 1
    }
  }
  return variables
}

/// Ends the program now (`exit`).
func leave(_ status: ExitStatus?) -> Never {
  Output.standard.finish()
  exit(status?.rawValue ?? 0)
}

/// Turns a closed pipe and a file at its size limit into errors, handled where they occur
/// (`signal`), and keeps what is written from everybody else (`umask`).
///
/// A standard stream that is closed is opened to fail (`fcntl`, `open`): else the next file would
/// take its number, and what is printed would be written into the store.
func prepareProcess() {
  for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
    // The lowest number that is free is taken, which is this one.
    _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
  }
  _ = umask(0o077)
  _ = signal(SIGPIPE, SIG_IGN)
  _ = signal(SIGXFSZ, SIG_IGN)
}

/// Leaves a clean line and a sentence when a person stops the program (`signal`, `raise`).
func clearLineWhenInterrupted() {
  _ = signal(SIGINT) { number in
    let words: StaticString =
      "\r\u{1B}[KStopped. What came is stored; the rest is asked next time.\n"
    _ = unsafe write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
    _ = signal(number, SIG_DFL)
    raise(number)
  }
}

/// How many files may be open beside the program's own, after the limit was raised as far as it
/// goes (`getrlimit`, `setrlimit`).
func spareDescriptors() -> Int {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
    return 64
  }
  if limit.rlim_cur < limit.rlim_max {
    var raised = limit
    raised.rlim_cur = min(limit.rlim_max, 4096)
    if raised.rlim_cur > limit.rlim_cur,
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0
    {
      limit = raised
    }
  }
  // Standard streams, index, locks, segments, libraries and the wake-up pipes of the fetcher.
  return max(0, Int(clamping: limit.rlim_cur) - 32)
}

/// Whether a descriptor leads to a terminal (`isatty`).
func isATerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

/// How many columns a terminal has; nil when it is none or does not say (`ioctl`).
func terminalColumns(_ descriptor: Int32) -> Int? {
  var size = winsize()
  guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}

/// How many rows a terminal has; nil when it is none or does not say (`ioctl`).
func terminalRows(_ descriptor: Int32) -> Int? {
  var size = winsize()
  guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 1 else { return nil }
  return Int(size.ws_row)
}

/// An environment variable is set, perhaps to nothing (`getenv`).
func isVariableSet(_ name: String) -> Bool { unsafe getenv(name) != nil }

/// The file of a program, looked for in `PATH` when it is a bare name (`access`).
///
/// - Parameter name: A name, or a path with a slash in it.
/// - Returns: Nil when there is none that may be run.
func programPath(_ name: String) -> String? {
  if name.contains("/") { return unsafe access(name, X_OK) == 0 ? name : nil }
  guard !name.isEmpty else { return nil }
  let folders = variable("PATH").split(separator: ":").filter { $0.hasPrefix("/") }
  return folders.map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
}

/// Two ends of a pipe that no program inherits by itself (`pipe`, `fcntl`).
func makePipe() -> (reading: Int32, writing: Int32)? {
  var ends: [Int32] = [0, 0]
  guard unsafe pipe(&ends) == 0 else { return nil }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

/// Closes a descriptor (`close`).
func closeDescriptor(_ descriptor: Int32) { close(descriptor) }

/// What signals mean while a pager runs (`signal`).
///
/// Before it starts (1) a closed pipe is deadly again, for it inherits that; then (2) it is for the
/// pager to say what an interrupt from the keyboard means, until it has ended (3).
func takeSignalsForPager(_ step: Int) {
  switch step {
  case 1: _ = signal(SIGPIPE, SIG_DFL)
  case 2:
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGINT, SIG_IGN)
  default: _ = signal(SIGINT, SIG_DFL)
  }
}

/// How writing ended.
enum WriteResult: Equatable {
  /// All of it is written.
  case written
  /// Nobody reads any more, such as `head`.
  case readerHasGone
  /// The disk is full, or something else: an error number.
  case failed(Int32)
}

/// Writes all bytes (`write`).
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> WriteResult {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno == EPIPE {
      return .readerHasGone
    } else if errno != EINTR {
      return .failed(errno)
    }
  }
  return .written
}

/// Whether a number says that a stream is not open for writing (`EBADF`).
func isClosed(_ error: Int32) -> Bool { error == EBADF }

/// All of standard input, to its end (`read`).
func standardInput() throws(Failure) -> [UInt8] {
  guard let bytes = bytes(of: STDIN_FILENO) else {
    throw Failure(.inputOutput, "Standard input cannot be read: \(reason(errno)).")
  }
  return bytes
}

/// The bytes of a file (`open`).
func contents(of path: String) throws(Failure) -> [UInt8] {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  defer { close(descriptor) }
  if descriptor >= 0, let bytes = bytes(of: descriptor) { return bytes }
  let status = errno == EACCES ? ExitStatus.noPermission : .inputOutput
  throw Failure(status, "\(path) cannot be read: \(reason(errno)).")
}

/// All that a descriptor gives, to its end (`read`); nil when it cannot be read.
func bytes(of descriptor: Int32) -> [UInt8]? {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  // How much of the chunk is filled: a pipe may give a byte at a time.
  var filled = 0
  while true {
    let count = unsafe chunk.withUnsafeMutableBytes { chunk in
      unsafe read(descriptor, chunk.baseAddress?.advanced(by: filled), chunk.count - filled)
    }
    if count < 0, errno != EINTR { return nil }
    filled += max(0, count)
    if count == 0 || filled == chunk.count {
      bytes.append(contentsOf: chunk.prefix(filled))
      filled = 0
    }
    if count == 0 { return bytes }
  }
}

/// The words for an error number (`strerror`).
func reason(_ error: Int32) -> String {
  guard let text = unsafe strerror(error) else { return "error \(error)" }
  return unsafe String(cString: text)
}

/// The number of this process (`getpid`).
func processNumber() -> Int32 { getpid() }

/// Removes a file that nobody needs any more (`unlink`); that it stays harms nobody.
func removeFile(_ path: String) { _ = unsafe unlink(path) }

/// A file that has no name any more, to be read from its beginning (`mkstemp`, `unlink`, `lseek`).
///
/// - Parameter bytes: What it holds.
/// - Returns: Its descriptor; nil where it cannot be made or written.
func unnamedFile(_ bytes: [UInt8]) -> Int32? {
  let folder = variable("TMPDIR")
  var template = Array("\(folder.isEmpty ? "/tmp" : folder)/rill-XXXXXX".utf8CString)
  let descriptor = unsafe mkstemp(&template)
  guard descriptor >= 0 else { return nil }
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  _ = unsafe unlink(template)
  guard writeAll(bytes, to: descriptor) == .written, lseek(descriptor, 0, SEEK_SET) == 0 else {
    close(descriptor)
    return nil
  }
  return descriptor
}

/// Whether something is at a path (`access`).
func fileExists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Whether a file may be read (`access`).
func fileIsReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

/// A path from the root without `.` and `..`; links are not followed (`getcwd`).
func absolute(_ path: String) -> String {
  var full = path
  if !path.hasPrefix("/"), let directory = unsafe getcwd(nil, 0) {
    full = unsafe String(cString: directory) + "/" + path
    unsafe free(directory)
  }
  var parts: [Substring] = []
  for part in full.split(separator: "/") where part != "." {
    if part == ".." { _ = parts.popLast() } else { parts.append(part) }
  }
  return "/" + parts.joined(separator: "/")
}

/// Makes the directories above a file, for this user alone (`mkdir`).
///
/// What cannot be made is met when the file is opened.
func makeDirectory(forFile path: String) {
  var made = ""
  for part in path.split(separator: "/").dropLast() {
    made += "/" + part
    _ = unsafe mkdir(made, 0o700)
  }
}

/// The time of day (`clock_gettime`).
func systemTime() -> Timestamp {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}

/// A moment by the clocks of the place that `TZ` names (`localtime_r`), as if it were one of UTC.
func localTime(_ moment: Timestamp) -> Timestamp {
  tzset()
  var seconds = time_t(moment.seconds)
  var parts = unsafe tm()
  guard unsafe localtime_r(&seconds, &parts) != nil else { return moment }
  return moment.adding(seconds: Int64(unsafe parts.tm_gmtoff))
}

/// Seconds of a clock that never jumps, for how long something took (`clock_gettime`).
func monotonicSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
