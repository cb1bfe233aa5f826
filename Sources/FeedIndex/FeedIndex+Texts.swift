public import FeedModel
import GRDB

/// Articles whose full text is not in the index yet.
public struct TextBacklog: Hashable, Sendable {
  /// One of them.
  public struct Entry: Hashable, Sendable {
    /// The article's number in this index.
    public var number: Int64
    /// Where its newest revision stands.
    public var place: LinePlace
  }

  /// How far the full text was when this was asked: every article up to this number has its text.
  public var start: Int64
  /// How far it is with these; the same as `start` for articles that have changed since.
  public var end: Int64
  /// In the order of their numbers.
  public var entries: [Entry]
}

/// The text of an article of a backlog.
public struct ArticleText: Hashable, Sendable {
  /// What it was asked for.
  public var entry: TextBacklog.Entry
  /// Its title as plain text.
  public var title: String
  /// Its body as plain text; empty where the line cannot be read.
  public var body: String

  /// Puts a text together.
  public init(entry: TextBacklog.Entry, title: String, body: String) {
    self.entry = entry
    self.title = parted(title)
    self.body = parted(body)
  }
}

// The full text follows the articles, in transactions of its own. A row of `words` says its place in
// lists by its number: the article's moment, and then the order within one moment. FTS5 gives rows in
// that order, so the newest fifty of a hundred thousand are found by looking at fifty. A changed
// article gets a new row; the old one no longer names the article's line and is passed over.
extension FeedIndex {
  /// The next articles without full text: those that have changed first, then new ones.
  ///
  /// - Parameters:
  ///   - start: How far the full text will be when these are added; nil for as it is now.
  ///   - limit: How many at most.
  /// - Returns: Nothing when it is complete.
  /// - Throws: What SQLite answers.
  public func textBacklog(
    after start: Int64? = nil,
    limit: Int
  ) throws(IndexError) -> TextBacklog {
    try reading { database in
      let end = try Self.textEnd(database)
      let columns = """
        SELECT a.number, s.name, a.position, a.length
        FROM article a JOIN segment s ON s.number = a.segment
        """
      func backlog(_ select: RawStatement, to newEnd: Int64?) throws -> TextBacklog {
        var backlog = TextBacklog(start: start ?? end, end: newEnd ?? 0, entries: [])
        while try select.step() {
          backlog.entries.append(
            TextBacklog.Entry(
              number: select.integer(0),
              place: LinePlace(
                segment: select.text(1) ?? "",
                offset: Int(select.integer(2)),
                length: Int(select.integer(3))
              )
            )
          )
        }
        if newEnd == nil { backlog.end = backlog.entries.last?.number ?? backlog.start }
        return backlog
      }
      if start == nil {
        let stale = try RawStatement(
          database,
          """
          \(columns) WHERE a.number IN
          (SELECT w.article FROM words_stale w JOIN article b ON b.number = w.article
          WHERE w.article <= ? ORDER BY w.article LIMIT ?)
          """
        )
        stale.add(end)
        stale.add(limit)
        let changed = try backlog(stale, to: end)
        if !changed.entries.isEmpty { return changed }
      }
      let new = try RawStatement(
        database,
        "\(columns) WHERE a.number > ? ORDER BY a.number LIMIT ?"
      )
      new.add(start ?? end)
      new.add(limit)
      return try backlog(new, to: nil)
    }
  }

  /// How many articles have no full text yet, roughly.
  public func textBacklogCount() throws(IndexError) -> Int {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT coalesce((SELECT max(number) FROM article), 0) - (SELECT article FROM words_end)
          + (SELECT count(*) FROM words_stale w JOIN article a ON a.number = w.article)
        """
      )
      defer { select.reset() }
      return try select.step() ? max(0, Int(select.integer(0))) : 0
    }
  }

  /// Adds the texts of a backlog in one transaction.
  ///
  /// - Parameters:
  ///   - texts: A text for each of its entries.
  ///   - backlog: What they were asked for.
  /// - Returns: False when another process was faster; nothing was written then.
  /// - Throws: What SQLite answers.
  public func add(_ texts: [ArticleText], of backlog: TextBacklog) throws(IndexError) -> Bool {
    try translated {
      try database.write { database in
        guard try Self.textEnd(database) == backlog.start else { return false }
        let added = try Self.insert(texts, database)
        let forget = try RawStatement(database, "DELETE FROM words_stale WHERE article = ?")
        let keep = try RawStatement(
          database,
          """
          INSERT OR IGNORE INTO words_stale (article) SELECT number FROM article WHERE number = ?
          """
        )
        for text in texts {
          let number = text.entry.number
          // What has changed since it was read comes again; it may be new, and below the end then.
          let statement = added.contains(number) ? forget : keep
          statement.add(number)
          try statement.run()
        }
        let move = try RawStatement(database, "UPDATE words_end SET article = ?")
        move.add(max(backlog.start, backlog.end))
        try move.run()
        return true
      }
    }
  }

  /// Adds the texts of articles that stand where they stood; gives the numbers of these.
  private static func insert(
    _ texts: [ArticleText],
    _ database: Database
  ) throws -> Set<Int64> {
    let select = try RawStatement(
      database,
      """
      SELECT a.moment, a.line, a.segment, a.position FROM article a
      JOIN segment s ON s.number = a.segment
      WHERE a.number = ? AND s.name = ? AND a.position = ?
      """
    )
    let taken = try RawStatement(database, "SELECT 1 FROM words_row WHERE row = ?")
    let addRow = try RawStatement(
      database,
      "INSERT INTO words_row (row, article, segment, position) VALUES (?, ?, ?, ?)"
    )
    var rows: [(row: Int64, text: ArticleText)] = []
    for text in texts {
      select.add(text.entry.number)
      select.add(text.entry.place.segment)
      select.add(text.entry.place.offset)
      guard try select.step() else { continue }
      let (segment, position) = (select.integer(2), select.integer(3))
      let first = clamped(select.integer(0)) << Self.orderBits
      // Later lines of one moment stand behind earlier ones, and rows are read from the end.
      var order = Self.orderMask - (select.integer(1) & Self.orderMask)
      select.reset()
      while true {
        taken.add(first | order)
        guard try taken.step() else { break }
        taken.reset()
        order = (order - 1) & Self.orderMask
      }
      addRow.add(first | order)
      addRow.add(text.entry.number)
      addRow.add(segment)
      addRow.add(position)
      try addRow.run()
      rows.append((first | order, text))
    }
    // FTS5 gathers rows as long as their numbers grow.
    rows.sort { $0.row < $1.row }
    let add = try RawStatement(
      database,
      "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)"
    )
    for (row, text) in rows {
      add.add(row)
      add.add(text.title)
      add.add(text.body)
      try add.run()
    }
    return Set(rows.map(\.text.entry.number))
  }

  private static func textEnd(_ database: Database) throws -> Int64 {
    let select = try RawStatement(database, "SELECT article FROM words_end")
    defer { select.reset() }
    return try select.step() ? select.integer(0) : 0
  }

  /// How many bits of a row's number order the articles of one moment.
  static var orderBits: Int64 { 21 }
  static var orderMask: Int64 { 1 << orderBits - 1 }
  /// The last moment that a row's number can say.
  static var lastMoment: Int64 { 1 << 42 - 1 }
}

/// A moment as far as the number of a row can say it.
func clamped(_ moment: Int64) -> Int64 { max(0, min(moment, FeedIndex.lastMoment)) }
