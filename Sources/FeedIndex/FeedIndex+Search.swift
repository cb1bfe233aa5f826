import FeedModel
import GRDB

extension FeedIndex {
  /// Articles with these words, newest first.
  ///
  /// The full text has to be complete: see `textBacklog(limit:)`.
  ///
  /// - Parameters:
  ///   - words: What has to stand in them.
  ///   - query: What else they have to be like.
  ///   - includesUnsubscribed: Those of feeds that are no longer followed count as well.
  /// - Returns: Rows as a list shows them.
  /// - Throws: What SQLite answers.
  public func articles(
    with words: SearchWords,
    _ query: ArticleQuery,
    includesUnsubscribed: Bool = false
  ) throws(IndexError) -> [ArticleRow] {
    try translated {
      try database.read { database in
        let farthest = try Int64.fetchOne(database, sql: "SELECT farthest FROM words_end") ?? 0
        var found = NewestArticles(limit: query.limit, farthest: farthest)
        let (sql, arguments) = question(words, query, farthest, includesUnsubscribed)
        let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try rows.next(), found.take(row) {}
        return found.articles
      }
    }
  }

  /// What is asked: all rows that count, in the order of their numbers.
  private func question(
    _ words: SearchWords,
    _ query: ArticleQuery,
    _ farthest: Int64,
    _ includesUnsubscribed: Bool
  ) -> (sql: String, arguments: StatementArguments) {
    var arguments: [(any DatabaseValueConvertible)?] = []
    var conditions = conditions(query, &arguments, includesUnsubscribed: includesUnsubscribed)
    func mark(_ value: any DatabaseValueConvertible) -> String {
      arguments += [value]
      return "?\(arguments.count)"
    }
    if query.isUnreadOnly { conditions += ["a.read = 0"] }
    conditions += ["words MATCH \(mark(words.expression))"]
    if let since = query.since {
      conditions += ["w.rowid >= \(mark(TextRow.first(of: since) - farthest))"]
      conditions += ["a.moment >= \(mark(since.milliseconds))"]
    }
    if let before = query.before {
      conditions += ["w.rowid <= \(mark(TextRow.last(of: before)))"]
      conditions += ["a.moment < \(mark(before.milliseconds))"]
    }
    let sql = """
      \(Self.columns), w.rowid
      FROM words w CROSS JOIN words_row t ON t.row = w.rowid
      CROSS JOIN article a ON a.number = t.article
      CROSS JOIN feed f ON f.number = a.feed CROSS JOIN segment s ON s.number = a.segment
      WHERE \(conditions.joined(separator: " AND "))
      ORDER BY w.rowid DESC
      """
    return (sql, StatementArguments(arguments))
  }
}

/// The newest of articles that come nearly in order.
private struct NewestArticles {
  private let limit: Int
  private let farthest: Int64
  private var found: [(article: ArticleRow, origin: String, line: Int64)] = []
  /// No row below this one can be among the newest.
  private var last: Int64?

  init(limit: Int?, farthest: Int64) {
    self.limit = limit ?? .max
    self.farthest = farthest
  }

  /// Takes the article of a row; false when no further one is needed.
  mutating func take(_ row: Row) -> Bool {
    if let last, last > (row[20] as Int64) { return false }
    guard limit > 0 else { return false }
    guard let article = ArticleRow(row) else { return true }
    found.append((article, row[17], row[18]))
    // Where many rows have moved far, most of what comes is not wanted.
    if found.count == limit || found.count >= 2 * min(limit, 1 << 30) + 1000 { cut() }
    return true
  }

  /// What was found, in the order of lists.
  var articles: [ArticleRow] {
    mutating get {
      cut()
      return found.map(\.article)
    }
  }

  private mutating func cut() {
    found.sort {
      ($1.article.moment, $0.origin, $0.line) < ($0.article.moment, $1.origin, $1.line)
    }
    guard found.count >= limit else { return }
    found.removeSubrange(limit...)
    last = found.last.map { TextRow.first(of: $0.article.moment) - farthest }
  }
}
