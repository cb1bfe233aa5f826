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
  private let state = Mutex(State())

  /// It leads to a terminal.
  let isTerminal: Bool

  private struct State {
    var pending: [UInt8] = []
    var colour: ColourChoice = .auto
    var hasHyperlinks = false
    var paging: Paging = .none
    var outlivesReader = false
    var hasLostReader = false
  }

  /// What long output comes to.
  private enum Paging {
    /// It is written.
    case none
    /// It is held back until it is longer than the screen.
    case waiting([String], rows: Int)
    /// A pager shows it.
    case shown(Pager)
    /// Nobody wants to see more.
    case left
  }

  private init(descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isATerminal(descriptor)
  }

  /// How many cells a line has; 80 when nobody can say.
  var columns: Int { terminalColumns(descriptor) ?? 80 }

  /// Colour is wanted (https://no-color.org).
  var hasColour: Bool {
    switch state.withLock({ $0.colour }) {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    guard isTerminal else { return false }
    return variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  }

  /// Says how what follows is to look.
  ///
  /// - Parameters:
  ///   - colour: When there is colour.
  ///   - pager: The command that shows what is longer than the screen; nil for none.
  ///   - hyperlinks: Addresses may be put behind the text, where the terminal can.
  func prepare(colour: ColourChoice, pager: [String]?, hyperlinks: Bool) {
    state.withLock { $0.colour = colour }
    let hasColour = hasColour
    // A pager that does not know hyperlinks would show them as letters.
    let passesLinks = pager.map { isLess($0) } ?? true
    state.withLock { state in
      state.hasHyperlinks =
        hyperlinks && isTerminal && hasColour && passesLinks && knowsHyperlinks()
      if isTerminal, let pager, let rows = terminalRows(descriptor) {
        state.paging = .waiting(pager, rows: rows - 1)
      }
    }
  }

  /// What is done goes on when the reader has gone: see `hasLostReader`.
  func outlivesReader() { state.withLock { $0.outlivesReader = true } }

  /// Nobody reads any more, and what is written since is lost.
  var hasLostReader: Bool { state.withLock { $0.hasLostReader } }

  /// Writes a line whose text comes from anywhere.
  func line(_ text: String) { line([Piece(text)]) }

  /// Writes a line of columns, cut where the terminal ends.
  func row(_ pieces: [Piece]) { line(pieces, cellsMax: isTerminal ? columns : nil) }

  /// Writes a line made of pieces, each filtered, some of them in a style.
  ///
  /// - Parameters:
  ///   - pieces: What it says.
  ///   - isArticle: It is what a publisher wrote, whose addresses are shown as they are; in all
  ///     others secrets are hidden.
  ///   - cellsMax: How many cells it may take; nil cuts nothing.
  func line(_ pieces: [Piece], isArticle: Bool = false, cellsMax: Int? = nil) {
    var bytes: [UInt8] = []
    let hasColour = hasColour
    let (hasLinks, isHeld) = state.withLock { state in
      if case .waiting = state.paging { return (state.hasHyperlinks, true) }
      return (state.hasHyperlinks, false)
    }
    var cells = 0
    for piece in pieces {
      var text = terminalSafe(isArticle ? piece.text : redacted(piece.text))
      if let cellsMax { text = fitted(text, toCells: cellsMax - cells) }
      if isHeld || cellsMax != nil { cells += cellWidth(text) }
      let link = hasLinks ? piece.link.flatMap(hyperlink) : nil
      if let link { bytes.append(contentsOf: "\u{1B}]8;;\(link)\u{1B}\\".utf8) }
      if hasColour, let style = piece.style {
        bytes.append(contentsOf: "\(style.opening)\(text)\u{1B}[0m".utf8)
      } else {
        bytes.append(contentsOf: text.utf8)
      }
      if link != nil { bytes.append(contentsOf: "\u{1B}]8;;\u{1B}\\".utf8) }
    }
    if isHeld { hold(rows: max(1, (cells + columns - 1) / max(1, columns))) }
    if descriptor == 2, Output.standard.isPaged {
      // Not into a page that somebody reads.
      state.withLock { $0.pending.append(contentsOf: bytes + [0x0A]) }
    } else {
      raw(bytes + [0x0A])
    }
  }

  /// Writes bytes as they are.
  func raw(_ bytes: [UInt8]) {
    let (isFull, isHeld) = state.withLock { state in
      if case .waiting = state.paging {
        state.pending.append(contentsOf: bytes)
        return (false, true)
      }
      // Much is not gathered: a copy of it is dear.
      if bytes.count < 1 << 20 { state.pending.append(contentsOf: bytes) }
      return (state.pending.count >= 1 << 16, false)
    }
    if isHeld { return }
    if bytes.count >= 1 << 20 {
      flush()
      write(bytes)
    } else if isFull || isTerminal && !isPaged || descriptor == 2 {
      // What goes wrong is said at once.
      flush()
    }
  }

  /// Writes all that is gathered, and waits for the pager to be left.
  ///
  /// A reader that has gone, such as `head`, ends the program quietly, unless it outlives that.
  func finish() {
    let pager: Pager? = state.withLock { state in
      defer {
        switch state.paging {
        case .waiting, .shown: state.paging = .none
        case .none, .left: break
        }
      }
      guard case .shown(let pager) = state.paging else { return nil }
      return pager
    }
    if let pager {
      let bytes = takePending()
      _ = writeAll(bytes, to: pager.descriptor)
      pager.wait()
    } else {
      flush()
    }
    if descriptor == 1 { Output.error.flush() }
  }

  /// A pager shows what is written, or may come to show it.
  private var isPaged: Bool {
    state.withLock { state in
      switch state.paging {
      case .none, .left: false
      case .waiting, .shown: true
      }
    }
  }

  /// Counts rows of the screen; what is too much for it goes to the pager.
  private func hold(rows: Int) {
    let command: [String]? = state.withLock { state in
      guard case .waiting(let command, let left) = state.paging else { return nil }
      state.paging = .waiting(command, rows: left - rows)
      return left < rows ? command : nil
    }
    guard let command else { return }
    let pager = Pager(command)
    state.withLock { $0.paging = pager.map { .shown($0) } ?? .none }
    flush()
  }

  private func takePending() -> [UInt8] {
    state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
  }

  private func flush() { write(takePending()) }

  private func write(_ bytes: [UInt8]) {
    let target: Int32? = state.withLock { state in
      switch state.paging {
      case .none: descriptor
      case .shown(let pager): pager.descriptor
      case .waiting, .left: nil
      }
    }
    // Who has left the pager has seen enough; what is being done is done to its end.
    guard let target, !bytes.isEmpty else { return }
    let result = writeAll(bytes, to: target)
    // When nobody hears what is said, what is done is done all the same, and the status tells.
    guard result != .written, descriptor != 2 else { return }
    if target != descriptor {
      let pager: Pager? = state.withLock { state in
        guard case .shown(let pager) = state.paging else { return nil }
        state.paging = .left
        return pager
      }
      pager?.wait()
      return
    }
    guard case .failed(let error) = result else {
      let goesOn = state.withLock { state in
        guard state.outlivesReader else { return false }
        (state.paging, state.hasLostReader) = (.left, true)
        return true
      }
      if goesOn { return }
      leave(nil)
    }
    let words = isClosed(error) ? "is closed" : "cannot be written: \(reason(error))"
    Output.error.line("rill: Standard output \(words).")
    leave(.inputOutput)
  }
}

/// The terminal is not known for showing the escape sequence of a hyperlink as letters.
private func knowsHyperlinks() -> Bool {
  if variable("RILL_HYPERLINKS") == "never" { return false }
  let terminal = variable("TERM")
  if terminal.isEmpty || ["dumb", "linux", "cons25", "sun"].contains(terminal) { return false }
  if terminal.hasPrefix("vt") || terminal.hasPrefix("eterm") { return false }
  if !variable("INSIDE_EMACS").isEmpty { return false }
  // Quirk: VTE before 0.50 fails on hyperlinks. Seen: old terminals of GNOME.
  if let version = Int(variable("VTE_VERSION")), version < 5000 { return false }
  return true
}

private func isLess(_ command: [String]) -> Bool {
  command.first?.split(separator: "/").last == "less"
}
