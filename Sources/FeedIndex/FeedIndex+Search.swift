import FeedModel
import GRDB

extension FeedIndex {
  /// So many of the newest hits are ranked at most: what says most of a common word is not looked
  /// for among all the articles that have it.
  public static let rankedMax = 20_000

  /// Articles with words, newest first, or the best first.
  ///
  /// - Parameters:
  ///   - words: What the full text is asked.
  ///   - query: What else they have to be like.
  ///   - sql: What makes SQL of it.
  /// - Returns: Rows as a list shows them.
  /// - Throws: What SQLite answers.
  func articles(
    with words: String,
    _ query: ArticleQuery,
    _ sql: QuerySQL
  ) throws(IndexError) -> [ArticleRow] {
    var sql = sql
    // The plus sign keeps SQLite from looking up rows one by one, which this table does not allow.
    sql.row = "+w.rowid"
    return try translated {
      try database.read { database in
        let farthest = try Int64.fetchOne(database, sql: "SELECT farthest FROM words_end") ?? 0
        let condition = condition(words, query, farthest, &sql)
        if query.isBest { return try best(condition, query.limit, &sql, database) }
        var found = NewestArticles(limit: query.limit, farthest: farthest)
        let rows = try Row.fetchCursor(
          database,
          sql: """
            \(Self.columns), w.rowid \(Self.hits) CROSS JOIN segment s ON s.number = a.segment
            WHERE \(condition) ORDER BY w.rowid DESC
            """,
          arguments: StatementArguments(sql.arguments)
        )
        while let row = try rows.next(), found.take(row) {}
        return found.articles
      }
    }
  }

  private static let hits = """
    FROM words w CROSS JOIN words_row t ON t.row = w.rowid
    CROSS JOIN article a ON a.number = t.article CROSS JOIN feed f ON f.number = a.feed
    """

  /// The best of the newest hits; of those that are as good the newest come first.
  ///
  /// A word of the title counts ten times. Lengths of texts are not kept, so they do not count.
  private func best(
    _ condition: String,
    _ limit: Int?,
    _ sql: inout QuerySQL,
    _ database: Database
  ) throws -> [ArticleRow] {
    let limit = sql.mark(limit ?? -1)
    return
      try Row.fetchAll(
        database,
        sql: """
          \(Self.columns)
          FROM (SELECT a.number AS number, w.rowid AS row, bm25(words, 10.0, 1.0) AS score
            \(Self.hits) WHERE \(condition) ORDER BY w.rowid DESC LIMIT \(Self.rankedMax)) hit
          CROSS JOIN article a ON a.number = hit.number CROSS JOIN feed f ON f.number = a.feed
          CROSS JOIN segment s ON s.number = a.segment
          ORDER BY hit.score, hit.row DESC LIMIT \(limit)
          """,
        arguments: StatementArguments(sql.arguments)
      )
      .compactMap(ArticleRow.init)
  }

  /// What rows have to be like.
  private func condition(
    _ words: String,
    _ query: ArticleQuery,
    _ farthest: Int64,
    _ sql: inout QuerySQL
  ) -> String {
    var conditions = ["words MATCH \(sql.mark(words))"] + conditions(query, &sql)
    if let isRead = query.isRead { conditions += ["a.read = \(isRead ? 1 : 0)"] }
    if let since = query.since {
      conditions += ["w.rowid >= \(sql.mark(TextRow.first(of: since) - farthest))"]
      conditions += ["a.moment >= \(sql.mark(since.milliseconds))"]
    }
    if let before = query.before {
      conditions += ["w.rowid <= \(sql.mark(TextRow.last(of: before)))"]
      conditions += ["a.moment < \(sql.mark(before.milliseconds))"]
    }
    // What the full text was asked need not be asked again.
    for part in query.filter.conjuncts where sql.isForArticles(part) {
      conditions += [sql.condition(part)]
    }
    return conditions.joined(separator: " AND ")
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
    if let last, last > (row[21] as Int64) { return false }
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
