import FeedModel
import GRDB

/// The rows of the full text, within one transaction.
///
/// A changed article gets a new row; the old one names no article any more, and its number is given
/// to no other. So each article has one row at most.
struct TextRows {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Every article up to this number has its text.
  static func end(_ database: Database) throws -> Int64 {
    let select = try RawStatement(database, "SELECT article FROM words_end")
    defer { select.reset() }
    return try select.step() ? select.integer(0) : 0
  }

  /// Adds texts, of those articles that still stand where they were read.
  ///
  /// - Parameters:
  ///   - texts: Texts of articles that are new or stale.
  ///   - end: How far the full text is with them.
  /// - Throws: What SQLite answers.
  func add(_ texts: [ArticleText], upTo end: Int64) throws {
    var rows = try rowsWanted(by: texts)
    try countOld(try release(rows))
    let (count, farthest) = try findPlaces(for: &rows)
    // FTS5 gathers rows as long as their numbers grow.
    let add = try RawStatement(database, "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)")
    for row in rows.reversed() {
      add.add(row.row)
      add.add(row.columns.title)
      add.add(row.columns.body)
      try add.run()
    }
    try note(rows, of: texts)
    let move = try RawStatement(
      database,
      "UPDATE words_end SET article = ?, count = count + ?, farthest = max(farthest, ?)"
    )
    move.add(end)
    move.add(count)
    move.add(farthest)
    try move.run()
  }

  /// A text and where it goes.
  private struct Row {
    var row: Int64
    var article: Int64
    /// Of the article's line; of lines of one second the first gets the greater row.
    var line: Int64
    var columns: ArticleText.Columns
    /// The segment that it waits for; nil when the text was read.
    var waitsFor: Int64?
  }

  /// The last rows that texts may get, newest first.
  private func rowsWanted(by texts: [ArticleText]) throws -> [Row] {
    let select = try RawStatement(
      database,
      """
      SELECT a.moment, a.line, a.segment, a.title, a.authors FROM article a
      JOIN segment s ON s.number = a.segment
      WHERE a.number = ? AND s.name = ? AND a.position = ?
      """
    )
    var rows: [Row] = []
    rows.reserveCapacity(texts.count)
    for text in texts {
      select.add(text.entry.number)
      select.add(text.entry.place.segment)
      select.add(text.entry.place.offset)
      guard try select.step() else { continue }
      let moment = Timestamp(milliseconds: select.integer(0))
      rows.append(
        Row(
          row: TextRow.last(of: moment),
          article: text.entry.number,
          line: select.integer(1),
          // What the row says of an article is known all the same.
          columns: text.columns
            ?? ArticleText.Columns(title: select.text(3) ?? "", body: select.text(4) ?? ""),
          waitsFor: text.columns == nil ? select.integer(2) : nil
        )
      )
      select.reset()
    }
    rows.sort { ($0.row, $1.line) > ($1.row, $0.line) }
    return rows
  }

  /// Takes the rows away that articles had before; says how many.
  private func release(_ rows: [Row]) throws -> Int {
    let release = try RawStatement(
      database,
      "UPDATE words_row SET article = NULL WHERE article = ?"
    )
    return try rows.reduce(0) { count, row in
      release.add(row.article)
      return count + (try release.run())
    }
  }

  private func countOld(_ count: Int) throws {
    guard count > 0 else { return }
    let update = try RawStatement(database, "UPDATE words_end SET old = old + ?")
    update.add(count)
    try update.run()
  }

  /// Gives every text the next row that is free, going down; each run of rows is walked over once.
  private func findPlaces(for rows: inout [Row]) throws -> (count: Int, farthest: Int64) {
    let taken = try RawStatement(
      database,
      "SELECT row FROM words_row WHERE row <= ? ORDER BY row DESC"
    )
    let add = try RawStatement(database, "INSERT INTO words_row (row, article) VALUES (?, ?)")
    var farthest: Int64 = 0
    /// The last row that was given: from there up to what was wanted everything is taken.
    var lowest = Int64.max
    for index in rows.indices {
      let wanted = rows[index].row
      var row = min(wanted, lowest - 1)
      taken.add(row)
      while try taken.step(), taken.integer(0) == row { row -= 1 }
      taken.reset()
      rows[index].row = row
      farthest = max(farthest, wanted - row)
      lowest = row
      add.add(row)
      add.add(rows[index].article)
      try add.run()
    }
    return (rows.count, farthest)
  }

  /// Notes which articles have their text, which wait for it, and which have changed meanwhile.
  private func note(_ rows: [Row], of texts: [ArticleText]) throws {
    let forget = try RawStatement(database, "DELETE FROM words_stale WHERE article = ?")
    let stop = try RawStatement(database, "DELETE FROM words_waiting WHERE article = ?")
    let wait = try RawStatement(
      database,
      "INSERT INTO words_waiting (article, segment) VALUES (?, ?)"
    )
    // It may be new, and below the end by now.
    let keep = try RawStatement(
      database,
      "INSERT OR IGNORE INTO words_stale (article) SELECT number FROM article WHERE number = ?"
    )
    for row in rows {
      for statement in [forget, stop] {
        statement.add(row.article)
        try statement.run()
      }
      guard let segment = row.waitsFor else { continue }
      wait.add(row.article)
      wait.add(segment)
      try wait.run()
    }
    let added = Set(rows.map(\.article))
    for text in texts where !added.contains(text.entry.number) {
      keep.add(text.entry.number)
      try keep.run()
    }
  }
}
