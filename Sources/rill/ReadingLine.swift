import Synchronization

/// One line at the bottom of a terminal that says how far a long reading of the store is; nothing
/// anywhere else, and nothing for a short one.
final class ReadingLine: Sendable {
  private let isShown: Bool
  private let last = Mutex<Double?>(nil)
  private let words: String

  init(_ words: String = "Reading the store", isQuiet: Bool = false) {
    self.words = words
    isShown = !isQuiet && Output.error.isTerminal && variable("TERM") != "dumb"
  }

  /// Draws the line, at most ten times a second.
  func show(_ done: Int, _ total: Int) {
    guard isShown, total > 16 << 20 else { return }
    let now = monotonicSeconds()
    let isDue = last.withLock { last in
      if let last, now - last < 0.1 { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let text = "\(words): \(done / 1_000_000) of \(total / 1_000_000) MB"
    Output.error.raw(Array("\r\(text)\u{1B}[K".utf8))
  }

  /// Clears the line, so that something else can be printed.
  func clear() {
    if last.withLock({ $0 != nil }) { Output.error.raw(Array("\r\u{1B}[K".utf8)) }
  }
}
