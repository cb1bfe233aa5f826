public import FeedModel
import Foundation
import GRDB

extension FeedIndex {
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
    fingerprints: [UInt64],
    titles: [String]
  ) throws(IndexError) -> [KnownArticle] {
    try translated {
      try database.read { database in
        let byKey = try database.cachedStatement(
          sql: "SELECT article FROM article_key WHERE key = ?"
        )
        let byFingerprint = try database.cachedStatement(
          sql: """
            SELECT a.number FROM article a JOIN feed f ON f.number = a.feed
            WHERE f.id = ? AND a.fingerprint = ?
            """
        )
        var numbers: Set<Int64> = []
        for key in keys {
          if let number = try Int64.fetchOne(byKey, arguments: [key.description]) {
            numbers.insert(number)
          }
        }
        for fingerprint in Set(fingerprints) {
          let value = Int64(bitPattern: fingerprint)
          numbers.formUnion(
            try Int64.fetchAll(byFingerprint, arguments: [feed.description, value])
          )
        }
        if !titles.isEmpty {
          let wanted = Set(titles)
          let rows = try Row.fetchCursor(
            database,
            sql: """
              SELECT a.number, a.title FROM article a JOIN feed f ON f.number = a.feed
              WHERE f.id = ? AND a.fingerprint IS NULL
              """,
            arguments: [feed.description]
          )
          while let row = try rows.next() {
            if let title = normalisedTitle(row[1]), wanted.contains(title) {
              numbers.insert(row[0])
            }
          }
        }
        return try numbers.compactMap { try knownArticle($0, database) }
      }
    }
  }

  private func knownArticle(_ number: Int64, _ database: Database) throws -> KnownArticle? {
    let article = try database.cachedStatement(
      sql: "SELECT id, hash, title, published, fingerprint, at FROM article WHERE number = ?"
    )
    let keys = try database.cachedStatement(sql: "SELECT key FROM article_key WHERE article = ?")
    guard let row = try Row.fetchOne(article, arguments: [number]),
      let id = ArticleID(row[0] as String)
    else { return nil }
    let others = try String.fetchAll(keys, arguments: [number]).compactMap { ArticleID($0) }
    return KnownArticle(
      keys: [id] + others.filter { $0 != id }.sorted(),
      contentHash: row[1],
      title: row[2],
      published: (row[3] as Int64?).map(Timestamp.init(milliseconds:)),
      textFingerprint: (row[4] as Int64?).map { UInt64(bitPattern: $0) },
      revisedAt: Timestamp(milliseconds: row[5])
    )
  }
}
