public import FeedModel
import GRDB

extension FeedIndex {
  /// Keys of articles that somebody took apart or joined and whose lines are not known one by one
  /// yet: all of them have to be given to `settle(_:with:ownKey:)`.
  ///
  /// - Returns: In no order; none where nothing is missing.
  /// - Throws: What SQLite answers.
  public func wantedKeys() throws(IndexError) -> [ArticleID] {
    try reading { database in
      let select = try RawStatement(database, "SELECT head, rest FROM tied_wanted")
      var keys: [ArticleID] = []
      while try select.step() { keys.append(ArticleID(select.id(0))) }
      return keys
    }
  }

  /// Makes the articles of some keys anew from their lines.
  ///
  /// - Parameters:
  ///   - keys: The keys that were wanted, and all that their lines name.
  ///   - lines: Every line of the store that names one of them, in any order.
  ///   - ownKey: Which key of a line is that of its own item.
  /// - Throws: What SQLite answers.
  public func settle(
    _ keys: Set<ArticleID>,
    with lines: [StoredLine],
    ownKey: @escaping (Article) -> ArticleID
  ) throws(IndexError) {
    try translated {
      func settle(_ database: Database) throws {
        let fold = Fold(database, isBuilding: isBeingBuilt, ownKey: ownKey)
        try fold.settle(keys, with: lines)
        try fold.finish()
      }
      if isBeingBuilt {
        try database.writeWithoutTransaction(settle)
      } else {
        try database.write(settle)
      }
    }
  }

  /// All that was said about which keys are one article.
  public func ties() throws(IndexError) -> Ties {
    try reading { database in
      let select = try RawStatement(database, Ties.all)
      defer { select.reset() }
      return try Ties(select)
    }
  }

  /// Whether anybody ever took an article with any of these keys apart, or joined it.
  public func isTied(_ keys: [ArticleID]) throws(IndexError) -> Bool {
    try reading { database in try Fold(database).isTied(keys) }
  }

  /// When the registers `part`, `join` and `story` of a key were last written.
  public func lastTies(of key: ArticleID) throws(IndexError) -> [String: Timestamp] {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT name, at FROM article_register
        WHERE head = ? AND rest = ? AND name IN ('part', 'join', 'story')
        """
      )
      select.add(key.hash)
      var writes: [String: Timestamp] = [:]
      while try select.step() {
        if let name = select.text(0), let at = select.moment(1) { writes[name] = at }
      }
      return writes
    }
  }

  /// All keys that are, were or could be of one article with some, as far as lines are known.
  public func keys(relatedTo keys: [ArticleID]) throws(IndexError) -> Set<ArticleID> {
    try reading { database in try Fold(database).keys(relatedTo: keys) }
  }

  /// Where the newest revision of a known article stands, whose first key this is.
  ///
  /// That of one half of an article that somebody joined is not that of the other.
  public func placeOfKnown(_ key: ArticleID) throws(IndexError) -> LinePlace? {
    if let half = try half(with: key) { return half }
    return try articleState(of: key)?.place
  }

  private func half(with key: ArticleID) throws(IndexError) -> LinePlace? {
    try reading { database in
      let select = try RawStatement(database, Self.keysOfKey)
      guard try !joinedKeys(database).isDisjoint(with: select.allKeys(with: key)) else {
        return nil
      }
      let fold = Fold(database)
      guard let half = try fold.halves(with: key).first(where: { $0.keys.contains(key) }) else {
        return nil
      }
      return try fold.place(of: half.revision)
    }
  }

  /// Keys that were joined to another one; of nearly everybody there are none.
  func joinedKeys(_ database: Database) throws -> Set<ArticleID> {
    let select = try RawStatement(
      database,
      "SELECT head, rest FROM tie WHERE other_head IS NOT NULL"
    )
    var keys: Set<ArticleID> = []
    while try select.step() { keys.insert(ArticleID(select.id(0))) }
    return keys
  }
}
