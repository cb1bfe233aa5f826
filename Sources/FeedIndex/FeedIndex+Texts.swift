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
    /// The content hash of that revision.
    public var hash: String
  }

  /// How far the full text was when this was asked: every article up to this number has its text.
  public var start: Int64
  /// How far it is with these; the same as `start` for articles that have changed since.
  public var end: Int64
  /// In the order of their numbers.
  public var entries: [Entry]

  /// How many articles one backlog has at most, and how long their lines are together.
  ///
  /// FTS5 sorts in what one transaction brings: many small ones are dear. A sync waits for one.
  public static let (entriesMax, bytesMax) = (5000, 12 << 20)
}

// The full text follows the articles, in transactions of its own: first those that have changed, then
// new ones. Where a line cannot be read its article is found by what its row says, and waits.
extension FeedIndex {
  /// The next articles without full text: those that have changed first, then new ones.
  ///
  /// - Parameter limit: How many at most.
  /// - Returns: Nothing when it is complete.
  /// - Throws: What SQLite answers.
  public func textBacklog(
    limit: Int = TextBacklog.entriesMax
  ) throws(IndexError) -> TextBacklog {
    try reading { database in
      let end = try TextRows.end(database)
      let changed = try Self.changedTexts(upTo: end, limit, database)
      return changed.entries.isEmpty ? try Self.newTexts(after: end, limit, database) : changed
    }
  }

  /// The new articles behind those of another backlog.
  ///
  /// - Parameters:
  ///   - start: How far the full text will be by then.
  ///   - limit: How many at most.
  /// - Returns: Nothing when there are no more.
  /// - Throws: What SQLite answers.
  public func textBacklog(
    after start: Int64,
    limit: Int = TextBacklog.entriesMax
  ) throws(IndexError) -> TextBacklog {
    try reading { database in try Self.newTexts(after: start, limit, database) }
  }

  private static func changedTexts(
    upTo end: Int64,
    _ limit: Int,
    _ database: Database
  ) throws -> TextBacklog {
    let select = try RawStatement(
      database,
      """
      \(entryColumns) WHERE a.number IN
      (SELECT w.article FROM words_stale w CROSS JOIN article b ON b.number = w.article
      WHERE w.article <= ? ORDER BY w.article LIMIT ?)
      """
    )
    select.add(end)
    select.add(limit)
    return TextBacklog(start: end, end: end, entries: try entries(select))
  }

  private static func newTexts(
    after start: Int64,
    _ limit: Int,
    _ database: Database
  ) throws -> TextBacklog {
    let select = try RawStatement(
      database,
      "\(entryColumns) WHERE a.number > ? ORDER BY a.number LIMIT ?"
    )
    select.add(start)
    select.add(limit)
    let entries = try entries(select)
    return TextBacklog(start: start, end: entries.last?.number ?? start, entries: entries)
  }

  private static let entryColumns = """
    SELECT a.number, s.name, a.position, a.length, a.hash
    FROM article a JOIN segment s ON s.number = a.segment
    """

  private static func entries(_ select: RawStatement) throws -> [TextBacklog.Entry] {
    defer { select.reset() }
    var entries: [TextBacklog.Entry] = []
    var bytes = 0
    while bytes < TextBacklog.bytesMax, try select.step() {
      let place = select.place(1)
      bytes += place.length
      entries.append(
        TextBacklog.Entry(number: select.integer(0), place: place, hash: select.text(4) ?? "")
      )
    }
    return entries
  }

  /// How many articles have no full text yet, roughly.
  public func textBacklogCount() throws(IndexError) -> Int {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT coalesce((SELECT max(number) FROM article), 0) - e.article
          + (SELECT count(*) FROM words_stale w CROSS JOIN article a ON a.number = w.article
            WHERE w.article <= e.article)
        FROM words_end e
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
        guard try TextRows.end(database) == backlog.start else { return false }
        try TextRows(database).add(texts, upTo: max(backlog.start, backlog.end))
        return true
      }
    }
  }
}

// Texts that could not be read.
extension FeedIndex {
  /// How many articles are found by their titles alone, because their lines could not be read.
  ///
  /// CROSS JOIN keeps SQLite from going through all articles for the few that wait.
  public func unreadTextCount() throws(IndexError) -> Int {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT count(*) FROM words_waiting w CROSS JOIN article a ON a.number = w.article
        WHERE a.gone = 0
        """
      )
      defer { select.reset() }
      return try select.step() ? Int(select.integer(0)) : 0
    }
  }

  /// Some articles that wait for their text and stand in segments that are there, by segment.
  ///
  /// - Parameter limit: How many of each segment at most.
  /// - Returns: Nothing for segments that are away, however many articles stand in them.
  /// - Throws: What SQLite answers.
  public func waitingTexts(
    ofEachSegment limit: Int
  ) throws(IndexError) -> [String: [TextBacklog.Entry]] {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT s.name FROM segment s WHERE s.missing = 0
        AND EXISTS (SELECT 1 FROM words_waiting w WHERE w.segment = s.number)
        """
      )
      var names: [String] = []
      while try select.step() { if let name = select.text(0) { names.append(name) } }
      let some = try RawStatement(
        database,
        """
        \(Self.entryColumns) WHERE a.number IN (SELECT article FROM words_waiting
        WHERE segment = (SELECT number FROM segment WHERE name = ?) LIMIT ?)
        """
      )
      return try names.reduce(into: [:]) { waiting, name in
        some.add(name)
        some.add(limit)
        waiting[name] = try Self.entries(some)
      }
    }
  }

  /// Lets the articles that wait for a segment be read again.
  public func stopWaiting(for segments: [String]) throws(IndexError) {
    guard !segments.isEmpty else { return }
    try translated {
      try database.write { database in
        for sql in [
          "INSERT OR IGNORE INTO words_stale (article) SELECT article FROM words_waiting",
          "DELETE FROM words_waiting",
        ] {
          let statement = try RawStatement(
            database,
            "\(sql) WHERE segment = (SELECT number FROM segment WHERE name = ?)"
          )
          for segment in segments {
            statement.add(segment)
            try statement.run()
          }
        }
      }
    }
  }

  /// Forgets the full text where rows of old texts outnumber the others: it is made anew then.
  ///
  /// FTS5 takes a row back only where it is told the text, which may be gone.
  ///
  /// - Parameter oldMax: How many there may be in any case.
  /// - Throws: What SQLite answers.
  public func forgetOldTexts(above oldMax: Int) throws(IndexError) {
    let isDue = try reading { database in
      let select = try RawStatement(
        database,
        "SELECT 1 FROM words_end WHERE old > ? AND 2 * old > count"
      )
      defer { select.reset() }
      select.add(oldMax)
      return try select.step()
    }
    guard isDue else { return }
    try translated { try database.write { try $0.execute(sql: Schema.forgetTexts) } }
  }

  /// How many rows of texts there are, and how many of them are of old texts.
  func rows() throws(IndexError) -> (count: Int, old: Int) {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT (SELECT count(*) FROM words_row),
          (SELECT count(*) FROM words_row WHERE article IS NULL), count, old FROM words_end
        """
      )
      defer { select.reset() }
      guard try select.step() else { return (0, 0) }
      let rows = (count: Int(select.integer(2)), old: Int(select.integer(3)))
      guard rows.count == Int(select.integer(0)), rows.old == Int(select.integer(1)) else {
        throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "rows of texts are miscounted")
      }
      return rows
    }
  }
}
