public import FeedModel
import GRDB

/// What retention has to know of an article.
public struct KeptArticle: Hashable, Sendable {
  /// The first key.
  public var id: ArticleID
  /// When its first line was written.
  public var received: Timestamp
  /// It is read, without a star and without a tag of the person's.
  public var isSpent: Bool
  /// It was purged already.
  public var isGone: Bool
  /// How long the line of its newest revision is.
  public var bytes: Int
  /// The segment that holds it.
  public var segment: String
}

extension FeedIndex {
  /// All articles of a feed, purged ones too, the newest first.
  public func keptArticles(of feed: FeedID) throws(IndexError) -> [KeptArticle] {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT a.keys, a.received, a.read = 1 AND a.starred = 0 AND a.tags IS NULL, a.gone,
          a.length, s.name
        FROM article a JOIN segment s ON s.number = a.segment
        WHERE a.feed = (SELECT number FROM feed WHERE id = ?)
        ORDER BY a.moment DESC, a.origin, a.line
        """
      )
      select.add(feed.description)
      var articles: [KeptArticle] = []
      while try select.step() {
        guard let id = articleKeys(select.bytes(0)).first, let received = select.moment(1),
          let segment = select.text(5)
        else { continue }
        articles.append(
          KeptArticle(
            id: id,
            received: received,
            isSpent: select.flag(2),
            isGone: select.flag(3),
            bytes: Int(select.integer(4)),
            segment: segment
          )
        )
      }
      return articles
    }
  }

  /// When an article was purged; nil when it is not, or not any more, or not known.
  public func purgedSince(_ key: ArticleID) throws(IndexError) -> Timestamp? {
    try reading { database in
      let article = try RawStatement(
        database,
        """
        SELECT keys FROM article WHERE gone = 1
          AND number = (SELECT article FROM article_key WHERE head = ? AND rest = ?)
        """
      )
      article.add(key.hash)
      guard try article.step() else { return nil }
      let keys = articleKeys(article.bytes(0))
      article.reset()
      let write = try RawStatement(
        database,
        "SELECT at FROM article_register WHERE head = ? AND rest = ? AND name = 'gone'"
      )
      var since: Timestamp?
      for key in keys {
        write.add(key.hash)
        while try write.step() { since = max(since ?? .earliest, write.moment(0) ?? .earliest) }
      }
      return since
    }
  }

  /// The segments that hold purged articles.
  public func segmentsOfPurged() throws(IndexError) -> Set<String> {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT name FROM segment
        WHERE number IN (SELECT DISTINCT segment FROM article WHERE gone = 1)
        """
      )
      var names: Set<String> = []
      while try select.step() {
        if let name = select.text(0) { names.insert(name) }
      }
      return names
    }
  }
}
