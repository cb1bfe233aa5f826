public import FeedModel
import GRDB

extension FeedIndex {
  /// Articles, newest first.
  public func articles(_ query: ArticleQuery) throws(IndexError) -> [ArticleRow] {
    var conditions: [String] = []
    var arguments: [(any DatabaseValueConvertible)?] = []
    if !query.includesRead, !query.onlyStarred, !query.onlyChanged { conditions += ["a.read = 0"] }
    if query.onlyStarred { conditions += ["a.starred = 1"] }
    if query.onlyChanged { conditions += ["a.changed = 1"] }
    if let feeds = query.feeds {
      let marks = Array(repeating: "?", count: feeds.count).joined(separator: ", ")
      conditions += ["f.id IN (\(marks))"]
      arguments += feeds.map(\.description)
    } else {
      conditions += ["f.subscribed = 1"]
    }
    if let tag = query.tag {
      conditions += [
        """
        (instr(char(10) || coalesce(a.tags, '') || char(10), char(10) || ? || char(10)) > 0
        OR EXISTS (SELECT 1 FROM feed_register r
          WHERE r.feed = f.id AND r.name = 'tag:' || ? AND r.value IS 1))
        """
      ]
      arguments += [tag, tag]
    }
    if let since = query.since {
      conditions += ["a.moment >= ?"]
      arguments += [since.milliseconds]
    }
    if let before = query.before {
      conditions += ["a.moment < ?"]
      arguments += [before.milliseconds]
    }
    let sql =
      Self.articleColumns + " WHERE " + conditions.joined(separator: " AND ")
      + " ORDER BY a.moment DESC, a.origin, a.line LIMIT ?"
    arguments += [query.limit ?? -1]
    return try fetchArticles(sql, StatementArguments(arguments))
  }

  /// The articles that carry a key with this beginning, at most `limit`, newest first.
  public func articles(
    withPrefix prefix: String,
    limit: Int
  ) throws(IndexError) -> [ArticleRow] {
    let sql =
      Self.articleColumns + """
         WHERE a.number IN (SELECT article FROM article_key WHERE key >= ?1 AND key < ?2)
        ORDER BY a.moment DESC, a.origin, a.line LIMIT ?3
        """
    // `{` follows `z` in ASCII.
    return try fetchArticles(sql, [prefix, prefix + "{", limit])
  }

  /// How many characters of each id tell it from all other keys; at least `minimum`.
  public func prefixLengths(
    of ids: [ArticleID],
    minimum: Int
  ) throws(IndexError) -> [ArticleID: Int] {
    try translated {
      try database.read { database in
        let before = try database.cachedStatement(
          sql: "SELECT key FROM article_key WHERE key < ? ORDER BY key DESC LIMIT 1"
        )
        let after = try database.cachedStatement(
          sql: "SELECT key FROM article_key WHERE key > ? ORDER BY key LIMIT 1"
        )
        return try ids.reduce(into: [:]) { lengths, id in
          let text = id.description
          let neighbours = [
            try String.fetchOne(before, arguments: [text]),
            try String.fetchOne(after, arguments: [text]),
          ]
          let shared = neighbours.compactMap { neighbour in
            neighbour.map { zip($0.utf8, text.utf8).prefix { $0 == $1 }.count }
          }
          lengths[id] = min(max((shared.max() ?? 0) + 1, minimum), HashID.length)
        }
      }
    }
  }

  /// All feeds that were ever subscribed to, in no order.
  public func feeds() throws(IndexError) -> [FeedRow] {
    try translated {
      try database.read { database in
        var tags: [String: [String]] = [:]
        let registers = try Row.fetchCursor(
          database,
          sql: """
            SELECT feed, substr(name, 5) FROM feed_register
            WHERE name >= 'tag:' AND name < 'tag;' AND value IS 1 ORDER BY feed, name
            """
        )
        while let row = try registers.next() { tags[row[0], default: []].append(row[1]) }
        let settings = try feedSettings(database)
        let rows = try Row.fetchAll(
          database,
          sql: """
            SELECT f.id, f.url, f.title, f.source_title, f.source_site, f.subscribed, f.unread,
              f.total, r.device
            FROM feed f LEFT JOIN feed_register r ON r.feed = f.id AND r.name = 'url'
            WHERE f.url IS NOT NULL
            """
        )
        return rows.compactMap { row in
          guard let id = FeedID(row[0] as String) else { return nil }
          var feed = FeedRow(
            id: id,
            url: row[1],
            ownTitle: row[2],
            sourceTitle: row[3],
            site: row[4],
            tags: tags[row[0]] ?? [],
            isSubscribed: row[5],
            unread: row[6],
            total: row[7]
          )
          feed.urlDevice = row[8]
          feed.settings = settings[row[0]] ?? FeedSettings()
          return feed
        }
      }
    }
  }

  private func feedSettings(_ database: Database) throws -> [String: FeedSettings] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT feed, name, value FROM feed_register
        WHERE (name >= 'fetch.' AND name < 'fetch/' OR name >= 'move.' AND name < 'move/')
          AND value IS NOT NULL
        """
    )
    var settings: [String: FeedSettings] = [:]
    while let row = try rows.next() {
      settings[row[0], default: FeedSettings()].set(row[1], row[2])
    }
    return settings
  }

  /// When a register of articles was last written, where that is at `since` or later.
  public func lastWrites(
    to register: String,
    of ids: [ArticleID],
    since: Timestamp
  ) throws(IndexError) -> [ArticleID: Timestamp] {
    try translated {
      try database.read { database in
        let statement = try database.cachedStatement(
          sql: """
            SELECT max(r.at) FROM article_key k
            JOIN article_key o ON o.article = k.article
            JOIN article_register r ON r.key = o.key AND r.name = ? WHERE k.key = ?
            """
        )
        return try ids.reduce(into: [:]) { writes, id in
          let at = try Int64.fetchOne(statement, arguments: [register, id.description])
          if let at, at >= since.milliseconds { writes[id] = Timestamp(milliseconds: at) }
        }
      }
    }
  }

  /// When the registers of a feed were last written, by register.
  public func lastWrites(of feed: FeedID) throws(IndexError) -> [String: Timestamp] {
    try translated {
      try database.read { database in
        let rows = try Row.fetchAll(
          database,
          sql: "SELECT name, at FROM feed_register WHERE feed = ?",
          arguments: [feed.description]
        )
        return rows.reduce(into: [:]) { writes, row in
          writes[row[0]] = Timestamp(milliseconds: row[1])
        }
      }
    }
  }

  private static let articleColumns = """
    SELECT a.id, f.id, coalesce(f.title, f.source_title, f.url, f.id), coalesce(f.url, ''),
      a.title, a.url, a.authors, a.published, a.received, a.read, a.starred, a.tags,
      a.changed, a.segment, a.position, a.length, a.moment
    FROM article a JOIN feed f ON f.number = a.feed
    """

  private func fetchArticles(
    _ sql: String,
    _ arguments: StatementArguments
  ) throws(IndexError) -> [ArticleRow] {
    try translated {
      try database.read { database in
        try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap(ArticleRow.init)
      }
    }
  }
}

extension ArticleRow {
  /// Nil for a row whose ids cannot be read, which no line of the store can bring about.
  fileprivate init?(_ row: Row) {
    guard let id = ArticleID(row[0] as String), let feed = FeedID(row[1] as String) else {
      return nil
    }
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
  }
}

private func lines(_ column: String?) -> [String] {
  column?.split(separator: "\n").map(String.init) ?? []
}

extension FeedSettings {
  /// Takes over a register; another device may have written a value of any type.
  fileprivate mutating func set(_ name: String, _ value: DatabaseValue) {
    switch name {
    case "fetch.user-agent": userAgent = String.fromDatabaseValue(value)
    case "fetch.http1": isHTTP1Only = Bool.fromDatabaseValue(value) ?? false
    case "fetch.interval": intervalSeconds = Int64.fromDatabaseValue(value)
    case "move.from": movedFrom = String.fromDatabaseValue(value)
    case "move.refused": refusedMove = String.fromDatabaseValue(value)
    default: break
    }
  }
}
