public import FeedModel
import GRDB

extension FeedIndex {
  /// A feed has any article; without one there is nothing that a document could match.
  public func hasArticles(of feed: FeedID) throws(IndexError) -> Bool {
    try reading { database in
      let select = try RawStatement(
        database,
        "SELECT EXISTS (SELECT 1 FROM article WHERE feed = (SELECT number FROM feed WHERE id = ?))"
      )
      select.add(feed.description)
      return try select.step() && select.flag(0)
    }
  }

  /// What is known of a feed's articles that any of these could match.
  ///
  /// - Parameters:
  ///   - feed: The feed.
  ///   - keys: Keys that the document uses.
  ///   - fingerprints: Fingerprints of its texts.
  ///   - names: `nameHash` of its items: the newest few articles of each.
  ///   - textlessNames: `nameHash` of its items without any text: all such articles of each.
  ///   - pages: `pageHash` of its links.
  ///   - moments: When its items were published: articles that were not purged.
  /// - Returns: In no order, without repetition.
  /// - Throws: What SQLite answers.
  public func knownArticles(
    of feed: FeedID,
    keys: [ArticleID],
    fingerprints: [UInt64] = [],
    names: [UInt32] = [],
    textlessNames: [UInt32] = [],
    pages: [UInt64] = [],
    moments: [Timestamp] = []
  ) throws(IndexError) -> [KnownArticle] {
    try reading { database in
      var numbers = try articles(of: keys, database)
      if let feed = try number(of: feed, database) {
        func find(_ condition: String, _ values: [Int64]) throws {
          guard !values.isEmpty else { return }
          let select = try RawStatement(
            database,
            "SELECT number FROM article WHERE \(condition)"
          )
          for value in Set(values) {
            select.add(feed)
            select.add(value)
            while try select.step() { numbers.insert(select.integer(0)) }
          }
        }
        // What many have is not known by it.
        try find(
          "feed = ?1 AND fingerprint = ?2 ORDER BY number DESC LIMIT 32",
          fingerprints.map { Int64(bitPattern: $0) }
        )
        try find("feed = ?1 AND name = ?2 ORDER BY number DESC LIMIT 32", names.map { Int64($0) })
        try find("feed = ?1 AND name = ?2 AND fingerprint IS NULL", textlessNames.map { Int64($0) })
        // The unary plus keeps SQLite from reading all articles of the feed.
        try find(
          "+feed = ?1 AND page = ?2 ORDER BY number DESC LIMIT 32",
          pages.map { Int64(bitPattern: $0) }
        )
        // What was purged is not in the index of moments.
        for read in [0, 1] {
          try find(
            "+feed = ?1 AND read = \(read) AND moment = ?2 AND gone = 0 LIMIT 32",
            moments.map(\.milliseconds)
          )
        }
      }
      return try knownArticles(numbers, database)
    }
  }

  private func number(of feed: FeedID, _ database: Database) throws -> Int64? {
    let select = try RawStatement(database, "SELECT number FROM feed WHERE id = ?")
    select.add(feed.description)
    return try select.step() ? select.integer(0) : nil
  }

  private func articles(of keys: [ArticleID], _ database: Database) throws -> Set<Int64> {
    let select = try RawStatement(
      database,
      "SELECT article FROM article_key WHERE head = ? AND rest = ?"
    )
    var numbers: Set<Int64> = []
    for key in keys {
      select.add(key.hash)
      while try select.step() { numbers.insert(select.integer(0)) }
    }
    return numbers
  }

  private func knownArticles(
    _ numbers: Set<Int64>,
    _ database: Database
  ) throws -> [KnownArticle] {
    let select = try RawStatement(
      database,
      """
      SELECT keys, hash, title, published, fingerprint, coalesce(at, received), gone, url,
        major IS NOT NULL AND changed = 0
      FROM article
      WHERE number = ?
      """
    )
    var known: [KnownArticle] = []
    known.reserveCapacity(numbers.count)
    let joined = try joinedKeys(database)
    for number in numbers {
      select.add(number)
      while try select.step() {
        let keys = articleKeys(select.bytes(0))
        guard !keys.isEmpty, let hash = select.text(1), let at = select.moment(5) else { continue }
        if !joined.isDisjoint(with: keys) {
          let halves = try Fold(database).halves(with: keys[0])
            .filter { keys.contains($0.keys[0]) }
          known += halves.map { KnownArticle($0, isGone: select.flag(6)) }
          if !halves.isEmpty { continue }
        }
        var article = KnownArticle(
          keys: keys,
          contentHash: hash,
          title: select.text(2),
          url: select.text(7),
          published: select.moment(3),
          textFingerprint: select.optionalInteger(4).map { UInt64(bitPattern: $0) },
          revisedAt: at,
          isGone: select.flag(6)
        )
        article.isMinor = select.flag(8)
        known.append(article)
      }
    }
    return known
  }
}

extension KnownArticle {
  /// One half of an article that somebody joined.
  ///
  /// Each half is met as if it were alone, and so what a join made one is two again, each with what
  /// it was, when that is taken back.
  fileprivate init(_ half: ArticleRecord, isGone: Bool) {
    self.init(
      keys: half.keys,
      contentHash: half.revision.hash,
      title: half.revision.title,
      url: half.revision.url,
      published: half.revision.published,
      textFingerprint: half.revision.fingerprint,
      revisedAt: half.revision.stamp.at,
      isGone: isGone,
      isJoined: true
    )
    isMinor = !half.hasChanged && half.majorHash != half.revision.hash
  }
}
