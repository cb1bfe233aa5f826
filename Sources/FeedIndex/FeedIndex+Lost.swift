public import FeedModel
import GRDB

/// An article, or some of its keys, that an index knows and no line says any more.
public struct LostArticle: Hashable, Sendable {
  /// What the index knows of it: all but its body.
  public var article: Article
  /// When it was received.
  public var received: Timestamp
  /// Which device received it.
  public var device: String
  /// Where its line stood.
  public var place: LinePlace
}

extension FeedIndex {
  /// The articles that this index knows and another one does not, or not under all of their keys.
  ///
  /// - Parameter path: The file of the other one, which no one has open.
  /// - Returns: In no order.
  /// - Throws: What SQLite answers.
  public func lostArticles(beyond path: String) throws(IndexError) -> [LostArticle] {
    try withOther(path) { database in
      let select = try RawStatement(
        database,
        """
        SELECT a.keys, f.id, a.hash, a.title, a.url, a.published, a.received, a.origin, s.name,
          a.position, a.length, a.major IS NOT NULL AND a.changed = 0
        FROM main.article a JOIN main.feed f ON f.number = a.feed
        JOIN main.segment s ON s.number = a.segment
        WHERE a.number IN (
          SELECT here.article FROM main.article_key AS here
          LEFT JOIN other.article_key AS there USING (head, rest) WHERE there.article IS NULL)
        """
      )
      var found: [LostArticle] = []
      while try select.step() {
        if let article = LostArticle(select) { found.append(article) }
      }
      return found
    }
  }

  /// Articles whose line stands, as far as is known, in a file that is not there.
  ///
  /// - Returns: Their keys.
  /// - Throws: What SQLite answers.
  public func articlesInMissingFiles() throws(IndexError) -> [[ArticleID]] {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT a.keys FROM article a
        WHERE a.segment IN (SELECT number FROM segment WHERE missing = 1)
        """
      )
      var found: [[ArticleID]] = []
      while try select.step() { found.append(articleKeys(select.bytes(0))) }
      return found
    }
  }
}

extension LostArticle {
  /// Nil for a row that no line can bring about.
  fileprivate init?(_ row: RawStatement) {
    let keys = articleKeys(row.bytes(0))
    guard !keys.isEmpty, let feed = row.text(1).flatMap({ FeedID($0) }), let hash = row.text(2),
      let received = row.moment(6), let device = row.text(7), let segment = row.text(8)
    else { return nil }
    var item = FeedItem()
    item.title = row.text(3)
    item.url = row.text(4)
    item.published = row.moment(5)
    article = Article(feed: feed, keys: keys, rule: .new, contentHash: hash, item: item)
    article.isMinor = row.flag(11)
    self.received = received
    self.device = device
    place = LinePlace(
      segment: segment,
      offset: Int(row.integer(9)),
      length: Int(row.integer(10))
    )
  }
}
