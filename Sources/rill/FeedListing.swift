import FeedIndex
import FeedModel
import FeedText

/// Feeds in columns: id, unread and all articles, title with tags, verdict, next poll.
///
/// On a terminal what needs attention is coloured, and explained in lines of its own; elsewhere each
/// feed has one line.
struct FeedListing {
  private let idLength: Int
  private let countCells: Int
  private let titleCells: Int
  private let verdictCells: Int
  private let columns: Int?
  private let now: Timestamp

  /// Measures the columns.
  ///
  /// - Parameters:
  ///   - feeds: What is shown.
  ///   - idLength: Letters of an id.
  ///   - columns: Cells in a line; nil cuts nothing.
  ///   - now: The time.
  init(_ feeds: [FeedHealth], idLength: Int, columns: Int?, now: Timestamp) {
    self.idLength = idLength
    self.columns = columns
    self.now = now
    let countCells = feeds.map { Self.count($0.feed).count }.max() ?? 0
    let verdictCells = feeds.map(\.verdict.kind.rawValue.count).max() ?? 0
    let widest = feeds.map { cellWidth(Self.title($0.feed)) }.max() ?? 0
    let room = columns.map { max(10, $0 - idLength - countCells - verdictCells - 16) }
    titleCells = min(widest, room ?? 60)
    self.countCells = countCells
    self.verdictCells = verdictCells
  }

  /// One line, and on a terminal more for what needs attention.
  func lines(_ health: FeedHealth) -> [[Piece]] {
    let verdict = health.verdict
    let isBad = verdict.needsAttention
    let id = health.feed.id.description.prefix(idLength)
    var line = [
      Piece(String(id), isBad ? .yellow : nil),
      Piece("  " + padded(Self.count(health.feed), toCells: countCells, alignedRight: true) + "  "),
      Piece(padded(Self.title(health.feed), toCells: titleCells)),
      Piece("  " + padded(verdict.kind.rawValue, toCells: verdictCells), isBad ? .red : .dim),
    ]
    let advice = health.advice(id: id)
    let words = [verdict.evidence, health.poll.note, advice].compactMap(\.self)
    let next = health.next(now: now)
    let isLast = columns == nil && words.isEmpty
    line.append(
      Piece("  " + (isLast ? next : padded(next, toCells: 7, alignedRight: columns != nil)), .dim)
    )
    guard let columns else {
      if !words.isEmpty { line.append(Piece("  " + capped(words.joined(separator: " ")))) }
      return [line]
    }
    guard isBad else { return [line] }
    let indent = String(repeating: " ", count: idLength + countCells + 4)
    func explained(_ text: String, _ style: Piece.Style?) -> [[Piece]] {
      wrapped(capped(terminalSafe(text)), width: columns - indent.count - 1)
        .map { [Piece(indent + $0, style)] }
    }
    return [line] + (verdict.evidence.map { explained($0, nil) } ?? [])
      + (advice.map { explained($0, .dim) } ?? [])
  }

  private static func count(_ feed: FeedRow) -> String { "\(feed.unread)/\(feed.total)" }

  private static func title(_ feed: FeedRow) -> String {
    let tags = feed.tags.isEmpty ? "" : "  [\(feed.tags.joined(separator: ", "))]"
    return capped(terminalSafe(redacted(feed.title) + tags))
  }
}
