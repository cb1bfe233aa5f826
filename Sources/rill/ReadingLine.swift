import Synchronization

/// One line at the bottom of a terminal that says how far a long reading of the store is; nothing
/// anywhere else, and nothing for a short one.
final class ReadingLine: Sendable {
  private let isShown: Bool
  private let last = Mutex<Double?>(nil)
  private let words: String

  private let unit: String

  init(_ words: String = "Reading the store", unit: String = "MB", isQuiet: Bool = false) {
    self.words = words
    self.unit = unit
    isShown = !isQuiet && Output.error.isTerminal && variable("TERM") != "dumb"
  }

  /// Draws the line, at most ten times a second.
  func show(_ done: Int, _ total: Int) {
    guard isShown, total > (unit == "MB" ? 16 << 20 : 5000) else { return }
    let now = monotonicSeconds()
    let isDue = last.withLock { last in
      if let last, now - last < 0.1 { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let size = unit == "MB" ? 1_000_000 : 1
    let text = "\(words): \(done / size) of \(total / size) \(unit)"
    Output.error.raw(Array("\r\(text)\u{1B}[K".utf8))
  }

  /// Clears the line, so that something else can be printed.
  func clear() {
    if last.withLock({ $0 != nil }) { Output.error.raw(Array("\r\u{1B}[K".utf8)) }
  }
}
