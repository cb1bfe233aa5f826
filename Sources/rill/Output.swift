import FeedText
import Glibc
import Synchronization

/// One of the two streams that the program writes to.
///
/// The only place that writes to a terminal.
///
/// Text passes the character filter unless it is raw, on a terminal and in a pipe alike: a pager
/// or a log would otherwise open the hole again. Lines are gathered and written in large pieces.
final class Output: Sendable {
  static let standard = Output(descriptor: STDOUT_FILENO)
  static let error = Output(descriptor: STDERR_FILENO)

  private let descriptor: Int32
  private let pending = Mutex<[UInt8]>([])

  /// It leads to a terminal.
  let isTerminal: Bool

  private init(descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
  }

  /// How many cells a line has; 80 when nobody can say.
  var columns: Int {
    var size = winsize()
    guard isTerminal, unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }

  /// Colour is wanted (https://no-color.org).
  var hasColour: Bool {
    guard isTerminal else { return false }
    return variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  }

  /// Writes a line whose text comes from anywhere.
  func line(_ text: String) {
    raw(Array(terminalSafe(text).utf8) + [0x0A])
  }

  /// Writes a line made of pieces, each filtered, some of them in a style.
  func line(_ pieces: [Piece]) {
    var bytes: [UInt8] = []
    let hasColour = hasColour
    for piece in pieces {
      let text = terminalSafe(piece.text)
      if hasColour, let style = piece.style {
        bytes.append(contentsOf: "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m".utf8)
      } else {
        bytes.append(contentsOf: text.utf8)
      }
    }
    raw(bytes + [0x0A])
  }

  /// Writes bytes as they are.
  func raw(_ bytes: [UInt8]) {
    let isFull = pending.withLock { pending in
      pending.append(contentsOf: bytes)
      return pending.count >= 1 << 16
    }
    if isFull || isTerminal { finish() }
  }

  /// Writes all that is gathered.
  ///
  /// A reader that has gone, such as `head`, ends the program quietly.
  func finish() {
    let bytes = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EPIPE {
        leave(.none)
      } else if errno != EINTR, errno != EAGAIN {
        leave(.inputOutput)
      }
    }
  }
}

/// A part of a line in one style.
struct Piece {
  /// SGR parameters (ECMA-48 §8.3.117).
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  var text: String
  var style: Style?

  init(_ text: String, _ style: Style? = nil) {
    self.text = text
    self.style = style
  }
}

/// An environment variable; empty when it is not set.
func variable(_ name: String) -> String {
  guard let value = unsafe getenv(name) else { return "" }
  return unsafe String(cString: value)
}

/// Ends the program now.
func leave(_ status: ExitStatus?) -> Never {
  exit(status?.rawValue ?? 0)
}

/// A closed pipe and a file at its size limit become errors that are handled where they occur.
func ignoreFatalSignals() {
  _ = unsafe signal(SIGPIPE, SIG_IGN)
  _ = unsafe signal(SIGXFSZ, SIG_IGN)
}

/// All of standard input, to its end.
func standardInput() -> [UInt8]? {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe read(STDIN_FILENO, &chunk, chunk.count)
    if count == 0 { return bytes }
    if count > 0 { bytes.append(contentsOf: chunk.prefix(count)) }
    if count < 0, errno != EINTR { return nil }
  }
}
