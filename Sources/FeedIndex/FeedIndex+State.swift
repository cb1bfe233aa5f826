public import FeedModel
import GRDB

/// An article as the index knows it, with the place of its newest revision.
public struct IndexedState: Hashable, Sendable {
  /// What is known of it, but for its item.
  public var state: ArticleState
  /// Where its newest revision stands.
  public var place: LinePlace
  /// When that was written.
  public var revised: Timestamp
  /// No other line brought anything of it, but for copies of that one.
  public var isOfOneLine: Bool
}

/// A part of all articles, by id.
public struct StatePage: Hashable, Sendable {
  /// The articles; there may be none in a page that is not the last.
  public var articles: [IndexedState] = []
  /// Where the next page begins; nil when this one is the last.
  public var next: HashID?
}

extension FeedIndex {
  /// All feeds of which something is set, by id.
  public func feedStates() throws(IndexError) -> [FeedState] {
    try reading { database in
      let select = try RawStatement(
        database,
        "SELECT feed, name, value FROM feed_register ORDER BY feed, name"
      )
      var states: [FeedState] = []
      while try select.step() {
        guard let text = select.text(0), let id = FeedID(text), let name = select.text(1) else {
          continue
        }
        if states.last?.id != id { states.append(FeedState(id: id, isSubscribed: false, tags: [])) }
        states[states.count - 1].set(name, select.value(2))
      }
      return states.filter { $0 != FeedState(id: $0.id, isSubscribed: false, tags: []) }
        .sorted { $0.id < $1.id }
    }
  }

  /// What is known of one feed.
  public func feedState(_ id: FeedID) throws(IndexError) -> FeedState {
    try reading { database in
      let select = try RawStatement(
        database,
        "SELECT name, value FROM feed_register WHERE feed = ? ORDER BY name"
      )
      select.add(id.description)
      var state = FeedState(id: id, isSubscribed: false, tags: [])
      while try select.step() {
        if let name = select.text(0) { state.set(name, select.value(1)) }
      }
      return state
    }
  }

  /// Some articles by id; purged ones too.
  ///
  /// - Parameters:
  ///   - start: What the page before said; nil for the first.
  ///   - limit: How many keys to look at.
  /// - Returns: The articles with an id among those keys.
  /// - Throws: What SQLite answers.
  public func articleStates(from start: HashID?, limit: Int) throws(IndexError) -> StatePage {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT k.head, k.rest, \(Self.stateColumns) FROM article_key k
        CROSS JOIN article a ON a.number = k.article
        CROSS JOIN feed f ON f.number = a.feed CROSS JOIN segment s ON s.number = a.segment
        WHERE (k.head, k.rest) > (?, ?) ORDER BY k.head, k.rest LIMIT ?
        """
      )
      select.add(start?.head ?? -1)
      select.add(start?.rest ?? -1)
      select.add(limit)
      var page = StatePage()
      var count = 0
      while try select.step() {
        count += 1
        let key = select.id(0)
        page.next = key
        // An article stands under its id, and is passed over under its other keys.
        if let article = IndexedState(select, at: 2), article.state.id.hash == key {
          page.articles.append(article)
        }
      }
      if count < limit { page.next = nil }
      return page
    }
  }

  /// The article that carries a key; nil when it is not here.
  public func articleState(of key: ArticleID) throws(IndexError) -> IndexedState? {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT \(Self.stateColumns) FROM article a
        JOIN feed f ON f.number = a.feed JOIN segment s ON s.number = a.segment
        WHERE a.number = (SELECT article FROM article_key WHERE head = ? AND rest = ?)
        """
      )
      select.add(key.hash)
      defer { select.reset() }
      return try select.step() ? IndexedState(select, at: 0) : nil
    }
  }

  /// Marks under keys whose article is not here, by key; those that say nothing are left out.
  ///
  /// - Parameters:
  ///   - start: The key of the last; nil for the first.
  ///   - limit: At most so many.
  /// - Returns: The marks; fewer than `limit` are the last.
  /// - Throws: What SQLite answers.
  public func looseMarks(
    from start: ArticleID?,
    limit: Int
  ) throws(IndexError) -> [(key: ArticleID, marks: MarkState)] {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT r.head, r.rest, \(MarkWrites.columns) FROM article_register r
        WHERE (r.head, r.rest) > (?, ?) AND r.value IS 1 AND
          (r.name IN ('read', 'star', 'gone', 'hidden') OR r.name >= 'tag:' AND r.name < 'tag;')
          AND NOT EXISTS
          (SELECT 1 FROM article_key k WHERE k.head = r.head AND k.rest = r.rest)
        ORDER BY r.head, r.rest, r.name
        """
      )
      select.add(start?.hash.head ?? -1)
      select.add(start?.hash.rest ?? -1)
      defer { select.reset() }
      var found: [(key: ArticleID, writes: MarkWrites)] = []
      while try select.step() {
        let key = ArticleID(select.id(0))
        if found.last?.key != key {
          if found.count == limit { break }
          found.append((key, MarkWrites()))
        }
        found[found.count - 1].writes.add(select, at: 2)
      }
      return found.map { ($0.key, $0.writes.state) }
    }
  }

  /// The marks under a key and the other keys of its article, whether that is here or not.
  public func marks(under key: ArticleID) throws(IndexError) -> MarkState {
    try reading { database in try markWrites(under: key, database).state }
  }

  /// Whether an article was purged once, and shows only because it is starred.
  public func hidesWithoutStar(_ key: ArticleID) throws(IndexError) -> Bool {
    try reading { database in
      let writes = try markWrites(under: key, database)
      return writes.isSet("gone") && !writes.isGone
    }
  }

  func markWrites(under key: ArticleID, _ database: Database) throws -> MarkWrites {
    let keys = try RawStatement(database, Self.keysOfKey).allKeys(with: key)
    let select = try RawStatement(database, MarkWrites.ofKey)
    var writes = MarkWrites()
    for key in keys {
      select.add(key.hash)
      while try select.step() { writes.add(select, at: 0) }
    }
    return writes
  }

  private static let stateColumns = """
    a.keys, f.id, a.received, a.read, a.starred, a.tags, a.gone, s.name, a.position, a.length, a.at,
    a.at IS NULL AND a.device IS NULL AND a.changed = 0, a.hidden
    """
}

extension FeedState {
  /// Takes over a register; flags are the numbers 0 and 1 in the index.
  fileprivate mutating func set(_ name: String, _ value: RegisterValue) {
    if name == "sub" {
      isSubscribed = value == .integer(1)
    } else if name.hasPrefix("tag:") {
      if value == .integer(1) { tags = (tags ?? []) + [String(name.dropFirst(4))] }
    } else if name == "fetch.http1" || name == "fetch.led" {
      if value == .integer(1) { registers[name] = .bool(true) }
    } else if value != .none {
      registers[name] = value
    }
  }
}

extension IndexedState {
  /// Nil for a row whose ids cannot be read, which no line of the store can bring about.
  fileprivate init?(_ row: RawStatement, at column: Int32) {
    let keys = articleKeys(row.bytes(column))
    guard let id = keys.first, let feed = row.text(column + 1).flatMap({ FeedID($0) }),
      let received = row.moment(column + 2), let segment = row.text(column + 7)
    else { return nil }
    let marks = MarkState(
      isRead: row.flag(column + 3),
      isStarred: row.flag(column + 4),
      tags: row.text(column + 5)?.split(separator: "\n").map(String.init) ?? [],
      isGone: row.flag(column + 6),
      isHidden: row.flag(column + 12)
    )
    state = ArticleState(
      id: id,
      feed: feed,
      keys: keys.sorted(),
      received: received,
      marks: marks
    )
    place = LinePlace(
      segment: segment,
      offset: Int(row.integer(column + 8)),
      length: Int(row.integer(column + 9))
    )
    revised = row.moment(column + 10) ?? received
    isOfOneLine = row.flag(column + 11)
  }
}
