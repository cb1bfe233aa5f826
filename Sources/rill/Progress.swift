import FeedIndex
import FeedSync
import FeedText

/// One line at the bottom of a terminal that says how far a sync is; nothing anywhere else.
struct Progress {
  private let total: Int
  private let isShown: Bool
  private var done = 0
  private var new = 0

  init(total: Int, isQuiet: Bool) {
    self.total = total
    isShown = !isQuiet && Output.error.isTerminal && variable("TERM") != "dumb"
    if isShown { clearLineWhenInterrupted() }
    draw("")
  }

  /// Counts one feed.
  mutating func add(_ report: FeedReport) {
    done += 1
    if case .fetched(let changes) = report.result { new += changes.new }
    draw(report.feed.title)
  }

  /// Clears the line, so that something else can be printed.
  func clear() {
    if isShown { Output.error.raw(Array("\r\u{1B}[K".utf8)) }
  }

  private func draw(_ title: String) {
    guard isShown else { return }
    let text = "\(done)/\(total) feeds, \(new) new  \(title)"
    let line = fitted(terminalSafe(text), toCells: Output.error.columns - 1)
    Output.error.raw(Array("\r\(line)\u{1B}[K".utf8))
  }
}
