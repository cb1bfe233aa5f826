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
  ///   - titles: Normalised titles of its items without any text.
  /// - Returns: In no order, without repetition.
  /// - Throws: What SQLite answers.
  public func knownArticles(
    of feed: FeedID,
    keys: [ArticleID],
    fingerprints: [UInt64] = [],
    titles: [String] = []
  ) throws(IndexError) -> [KnownArticle] {
    try reading { database in
      var numbers = try articles(of: keys, database)
      if let feed = try number(of: feed, database) {
        try numbers.formUnion(articles(of: feed, fingerprints: fingerprints, database))
        try numbers.formUnion(textless(of: feed, titles: titles, database))
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

  private func articles(
    of feed: Int64,
    fingerprints: [UInt64],
    _ database: Database
  ) throws -> Set<Int64> {
    let select = try RawStatement(
      database,
      "SELECT number FROM article WHERE feed = ? AND fingerprint = ?"
    )
    var numbers: Set<Int64> = []
    guard !fingerprints.isEmpty else { return [] }
    for fingerprint in Set(fingerprints) {
      select.add(feed)
      select.add(Int64(bitPattern: fingerprint))
      while try select.step() { numbers.insert(select.integer(0)) }
    }
    return numbers
  }

  /// The articles without any text that have one of these titles.
  private func textless(
    of feed: Int64,
    titles: [String],
    _ database: Database
  ) throws -> Set<Int64> {
    guard !titles.isEmpty else { return [] }
    let wanted = Set(titles)
    let select = try RawStatement(
      database,
      "SELECT number, title FROM article WHERE feed = ? AND fingerprint IS NULL"
    )
    select.add(feed)
    var numbers: Set<Int64> = []
    while try select.step() {
      if let title = normalisedTitle(select.text(1)), wanted.contains(title) {
        numbers.insert(select.integer(0))
      }
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
      SELECT keys, hash, title, published, fingerprint, coalesce(at, received), gone, url
      FROM article
      WHERE number = ?
      """
    )
    var known: [KnownArticle] = []
    known.reserveCapacity(numbers.count)
    for number in numbers {
      select.add(number)
      while try select.step() {
        let keys = articleKeys(select.bytes(0))
        guard !keys.isEmpty, let hash = select.text(1), let at = select.moment(5) else { continue }
        known.append(
          KnownArticle(
            keys: keys,
            contentHash: hash,
            title: select.text(2),
            url: select.text(7),
            published: select.moment(3),
            textFingerprint: select.optionalInteger(4).map { UInt64(bitPattern: $0) },
            revisedAt: at,
            isGone: select.flag(6)
          )
        )
      }
    }
    return known
  }
}
