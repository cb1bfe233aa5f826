import Glibc
import Synchronization

// Calls into the C library for signals; each function names them.

/// What a person or a service manager says to a program that runs long.
enum Signals {
  /// End: `SIGTERM`, `SIGINT` and `SIGQUIT`.
  static let stopping = [SIGTERM, SIGINT, SIGQUIT]
  /// Read everything anew: `SIGHUP`.
  static let renewing = SIGHUP
  /// Nobody reads what is written: `SIGPIPE`.
  static let unread = SIGPIPE

  /// What ends a program that runs once, also that its terminal is closed.
  ///
  /// What is ignored when it starts, as `nohup` does, stays so.
  static var ending: [Int32] { (stopping + [SIGHUP]).filter { !isIgnored($0) } }
}

/// Where the handler of signals writes; -1 before there is such a place.
private let signalDescriptor = Atomic<Int32>(-1)

/// Turns signals into bytes of a pipe, each the number of one (`fcntl`, `signal`).
///
/// A handler is not inherited by the programs that are started, while a signal that is ignored
/// would be.
///
/// - Parameter signals: Their numbers.
/// - Returns: The end of the pipe to read from; it never blocks.
/// - Throws: `Failure` when there are no more descriptors.
func signalPipe(_ signals: [Int32]) throws(Failure) -> Int32 {
  guard let pipe = makePipe() else {
    throw Failure(.inputOutput, "No more files can be opened: \(reason(errno)).")
  }
  _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)
  _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
  signalDescriptor.store(pipe.writing, ordering: .sequentiallyConsistent)
  for number in signals {
    _ = signal(number) { number in
      var byte = UInt8(truncatingIfNeeded: number)
      let saved = errno
      // A full pipe says enough.
      _ = unsafe write(signalDescriptor.load(ordering: .sequentiallyConsistent), &byte, 1)
      errno = saved
    }
  }
  return pipe.reading
}

/// Nothing happens when a signal comes (`sigaction`).
private func isIgnored(_ number: Int32) -> Bool {
  var action = sigaction()
  guard unsafe sigaction(number, nil, &action) == 0 else { return false }
  // SIG_IGN is no function but a number.
  return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
}

/// The signals that wait in a pipe (`read`).
func signalsRead(from descriptor: Int32) -> [Int32] {
  var bytes = [UInt8](repeating: 0, count: 64)
  let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, 64) }
  return count > 0 ? bytes.prefix(count).map(Int32.init) : []
}

/// Ends the process as a signal does to which nobody listens (`signal`, `raise`).
func leave(bySignal number: Int32) -> Never {
  _ = signal(number, SIG_DFL)
  raise(number)
  exit(128 + number)
}
