public import FeedModel
import Foundation
import GRDB

extension FeedIndex {
  /// Articles, newest first, or the best first where that is asked for.
  ///
  /// Where words are asked for the full text has to be complete: see `textBacklog(limit:)`.
  public func articles(_ query: ArticleQuery) throws(IndexError) -> [ArticleRow] {
    let usesText = query.usesText
    let query = query.lifted
    var sql = QuerySQL(usesText: usesText)
    if let words = query.words { return try articles(with: words, query, sql) }
    return try translated {
      try database.read { database in
        let few = try query.few(database).map { sql.mark($0) }
        var conditions = conditions(query, &sql)
        if let since = query.since { conditions += ["a.moment >= \(sql.mark(since.milliseconds))"] }
        if let before = query.before {
          conditions += ["a.moment < \(sql.mark(before.milliseconds))"]
        }
        if query.filter != .all { conditions += [sql.condition(query.filter)] }
        let condition = conditions.joined(separator: " AND ")
        let limit = sql.mark(query.limit ?? -1)
        // Few articles, and those of few feeds, are looked up, and then read and unread ones need no
        // telling apart by the index: the plus sign keeps it out. All others are read in the order of
        // the index, where read and unread ones stand apart, and SQLite merges the two.
        let read = query.isRead.map { $0 ? "a.read = 1" : "a.read = 0" }
        let sources: [String] =
          if let few {
            [
              "a.number IN (SELECT value FROM json_each(\(few)))"
                + (read.map { " AND +" + $0 } ?? "")
            ]
          } else if query.feeds != nil {
            [read.map { "+" + $0 } ?? "1"]
          } else {
            read.map { [$0] } ?? ["a.read = 0", "a.read = 1"]
          }
        let question =
          sources.map { "\(Self.articleColumns) WHERE \($0) AND \(condition)" }
          .joined(separator: " UNION ALL ") + " \(Self.order) LIMIT \(limit)"
        return try Self.rows(database, question, StatementArguments(sql.arguments))
      }
    }
  }

  /// What rows of articles and feeds have to be like, but for being read, for their moment and for
  /// the filter.
  func conditions(_ query: ArticleQuery, _ sql: inout QuerySQL) -> [String] {
    var conditions = ["a.gone = 0"]
    if !query.includesHidden, !query.filter.asksHidden { conditions += ["a.hidden = 0"] }
    if query.onlyStarred { conditions += ["a.starred = 1"] }
    if query.onlyChanged { conditions += ["a.changed = 1"] }
    if let feeds = query.feeds {
      conditions += [sql.condition(.feeds(feeds))]
    } else if !query.includesUnsubscribed {
      conditions += ["f.subscribed = 1"]
    }
    if let tag = query.tag { conditions += [sql.tag(tag)] }
    return conditions
  }

  /// The articles that carry a key with this beginning, at most `limit`, newest first.
  public func articles(
    withPrefix prefix: String,
    limit: Int
  ) throws(IndexError) -> [ArticleRow] {
    guard let range = HashID.range(ofPrefix: prefix) else { return [] }
    let sql =
      Self.articleColumns + """
         WHERE a.gone = 0 AND a.number IN (SELECT article FROM article_key
          WHERE (head, rest) >= (?, ?) AND (head, rest) <= (?, ?))
        \(Self.order) LIMIT ?
        """
    let (first, last) = (range.lowerBound, range.upperBound)
    return try fetchArticles(sql, [first.head, first.rest, last.head, last.rest, limit])
  }

  /// The articles that carry these keys, in the order of the keys; what is not here is left out.
  public func articles(_ ids: [ArticleID]) throws(IndexError) -> [ArticleRow] {
    try translated {
      try database.read { database in
        let select = try database.cachedStatement(
          sql: Self.articleColumns + """
             WHERE a.gone = 0 AND a.number =
              (SELECT article FROM article_key WHERE head = ? AND rest = ?)
            """
        )
        return try ids.compactMap { id in
          try Row.fetchOne(select, arguments: [id.hash.head, id.hash.rest])
            .flatMap(ArticleRow.init)
        }
      }
    }
  }

  /// How many characters of each id tell it from all other keys; at least `minimum`.
  public func prefixLengths(
    of ids: [ArticleID],
    minimum: Int
  ) throws(IndexError) -> [ArticleID: Int] {
    try translated {
      try database.read { database in
        let neighbours = [
          try RawStatement(
            database,
            """
            SELECT head, rest FROM article_key WHERE (head, rest) < (?, ?)
            ORDER BY head DESC, rest DESC LIMIT 1
            """
          ),
          try RawStatement(
            database,
            """
            SELECT head, rest FROM article_key WHERE (head, rest) > (?, ?)
            ORDER BY head, rest LIMIT 1
            """
          ),
        ]
        return try ids.reduce(into: [:]) { lengths, id in
          let text = id.hash.utf8
          var shared = 0
          for neighbour in neighbours {
            neighbour.add(id.hash)
            while try neighbour.step() {
              let other = neighbour.id(0).utf8
              shared = max(shared, zip(other, text).prefix { $0 == $1 }.count)
            }
          }
          lengths[id] = min(max(shared + 1, minimum), HashID.length)
        }
      }
    }
  }

  /// When a register of articles was last written, where that is at `since` or later; also of
  /// articles that are not here.
  public func lastWrites(
    to register: String,
    of ids: [ArticleID],
    since: Timestamp
  ) throws(IndexError) -> [ArticleID: Timestamp] {
    try translated {
      try database.read { database in
        let keys = try RawStatement(database, Self.keysOfKey)
        let write = try RawStatement(
          database,
          "SELECT at FROM article_register WHERE head = ? AND rest = ? AND name = ?"
        )
        return try ids.reduce(into: [:]) { writes, id in
          for key in try keys.allKeys(with: id) {
            write.add(key.hash)
            write.add(register)
            while try write.step() {
              guard let at = write.moment(0), at >= max(since, writes[id] ?? since) else {
                continue
              }
              writes[id] = at
            }
          }
        }
      }
    }
  }

  /// When the registers of a feed were last written, by register.
  public func lastWrites(of feed: FeedID) throws(IndexError) -> [String: Timestamp] {
    try reading { database in
      let select = try RawStatement(
        database,
        "SELECT name, at FROM feed_register WHERE feed = ?"
      )
      select.add(feed.description)
      var writes: [String: Timestamp] = [:]
      while try select.step() {
        if let name = select.text(0), let at = select.moment(1) { writes[name] = at }
      }
      return writes
    }
  }

  static let columns = """
    SELECT substr(a.keys, 1, 13), f.id, coalesce(f.title, f.source_title, f.url, f.id),
      coalesce(f.url, ''), a.title, a.url, a.authors, a.published, a.received, a.read, a.starred,
      a.tags, a.changed, s.name, a.position, a.length, a.moment AS moment, a.origin AS origin,
      a.line AS line, a.page, a.hidden
    """

  private static let articleColumns = """
    \(columns)
    FROM article a JOIN feed f ON f.number = a.feed JOIN segment s ON s.number = a.segment
    """

  /// Newest first; articles of one moment as they stood in their documents.
  private static let order = "ORDER BY moment DESC, origin, line"

  private func fetchArticles(
    _ sql: String,
    _ arguments: StatementArguments
  ) throws(IndexError) -> [ArticleRow] {
    try translated { try database.read { try Self.rows($0, sql, arguments) } }
  }

  private static func rows(
    _ database: Database,
    _ sql: String,
    _ arguments: StatementArguments
  ) throws -> [ArticleRow] {
    // One row after the other: all of them at once would take more room than the articles.
    try Array(
      Row.fetchCursor(database, sql: sql, arguments: arguments).compactMap { ArticleRow($0) }
    )
  }
}

extension ArticleRow {
  /// Nil for a row whose ids cannot be read, which no line of the store can bring about.
  init?(_ row: Row) {
    guard let id = articleKeys([UInt8](row[0] as Data)).first, let feed = FeedID(row[1] as String)
    else { return nil }
    self.id = id
    self.feed = feed
    feedTitle = row[2]
    feedURL = row[3]
    title = row[4]
    url = row[5]
    authors = lines(row[6])
    published = (row[7] as Int64?).map(Timestamp.init(milliseconds:))
    received = Timestamp(milliseconds: row[8])
    isRead = row[9]
    isStarred = row[10]
    tags = lines(row[11])
    hasChanged = row[12]
    place = LinePlace(segment: row[13], offset: row[14], length: row[15])
    moment = Timestamp(milliseconds: row[16])
    page = (row[19] as Int64?).map { UInt64(bitPattern: $0) }
    isHidden = row[20]
  }
}

private func lines(_ column: String?) -> [String] {
  column?.split(separator: "\n").map(String.init) ?? []
}
