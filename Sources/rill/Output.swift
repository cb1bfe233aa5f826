import FeedText
import Synchronization

/// One of the two streams that the program writes to.
///
/// The only place that writes to a terminal.
///
/// Text passes the character filter unless it is raw, on a terminal and in a pipe alike: a pager
/// or a log would otherwise open the hole again. Lines are gathered and written in large pieces.
final class Output: Sendable {
  static let standard = Output(descriptor: 1)
  static let error = Output(descriptor: 2)

  private let descriptor: Int32
  private let pending = Mutex<[UInt8]>([])

  /// It leads to a terminal.
  let isTerminal: Bool

  private init(descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isATerminal(descriptor)
  }

  /// How many cells a line has; 80 when nobody can say.
  var columns: Int { terminalColumns(descriptor) ?? 80 }

  /// Colour is wanted (https://no-color.org).
  var hasColour: Bool {
    guard isTerminal else { return false }
    return variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  }

  /// Writes a line whose text comes from anywhere.
  func line(_ text: String) { line([Piece(text)]) }

  /// Writes a line made of pieces, each filtered, some of them in a style.
  ///
  /// - Parameters:
  ///   - pieces: What it says.
  ///   - isArticle: It is what a publisher wrote, whose addresses are shown as they are; in all
  ///     others secrets are hidden.
  func line(_ pieces: [Piece], isArticle: Bool = false) {
    var bytes: [UInt8] = []
    let hasColour = hasColour
    for piece in pieces {
      let text = terminalSafe(isArticle ? piece.text : redacted(piece.text))
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
    if bytes.count >= 1 << 20 {
      // Not gathered: a copy of much is dear.
      finish()
      return write(bytes)
    }
    let isFull = pending.withLock { pending in
      pending.append(contentsOf: bytes)
      return pending.count >= 1 << 16
    }
    // What goes wrong is said at once.
    if isFull || isTerminal || descriptor == 2 { finish() }
  }

  /// Writes all that is gathered.
  ///
  /// A reader that has gone, such as `head`, ends the program quietly.
  func finish() {
    let bytes = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    write(bytes)
  }

  private func write(_ bytes: [UInt8]) {
    let result = writeAll(bytes, to: descriptor)
    // When nobody hears what is said, what is done is done all the same, and the status tells.
    guard result != .written, descriptor != 2 else { return }
    if result == .readerHasGone { leave(nil) }
    Output.error.line("rill: Standard output cannot be written: is the disk full?")
    leave(.inputOutput)
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
