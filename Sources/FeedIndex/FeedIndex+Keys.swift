public import FeedModel

extension FeedIndex {
  /// All keys of the article that carries this one, its id first; none where it is not here.
  public func keys(of key: ArticleID) throws(IndexError) -> [ArticleID] {
    try reading { database in
      let select = try RawStatement(database, Self.keysOfKey)
      select.add(key.hash)
      defer { select.reset() }
      return try select.step() ? articleKeys(select.bytes(0)) : []
    }
  }

  /// The keys of the article that carries a key, which is its parameters.
  static let keysOfKey = """
    SELECT keys FROM article
    WHERE number = (SELECT article FROM article_key WHERE head = ? AND rest = ?)
    """

  /// The articles and the lone marks of which a key begins like this, the first few.
  ///
  /// - Parameters:
  ///   - prefix: Up to 20 characters of lower-case base32.
  ///   - limit: At most so many.
  /// - Returns: All keys of each, the id first; purged articles too, and the one key of marks whose
  ///   article is not here.
  /// - Throws: What SQLite answers.
  public func known(withPrefix prefix: String, limit: Int) throws(IndexError) -> [[ArticleID]] {
    guard let range = HashID.range(ofPrefix: prefix) else { return [] }
    let (first, last) = (range.lowerBound, range.upperBound)
    return try reading { database in
      let articles = try RawStatement(
        database,
        """
        SELECT keys FROM article WHERE number IN (SELECT article FROM article_key
          WHERE (head, rest) >= (?, ?) AND (head, rest) <= (?, ?)) LIMIT ?
        """
      )
      let marks = try RawStatement(
        database,
        """
        SELECT DISTINCT r.head, r.rest FROM article_register r
        WHERE (r.head, r.rest) >= (?, ?) AND (r.head, r.rest) <= (?, ?) AND NOT EXISTS
          (SELECT 1 FROM article_key k WHERE k.head = r.head AND k.rest = r.rest) LIMIT ?
        """
      )
      for statement in [articles, marks] {
        statement.add(first)
        statement.add(last)
        statement.add(limit)
      }
      defer {
        articles.reset()
        marks.reset()
      }
      var found: [[ArticleID]] = []
      while try articles.step() { found.append(articleKeys(articles.bytes(0))) }
      while found.count < limit, try marks.step() { found.append([ArticleID(marks.id(0))]) }
      return found
    }
  }
}
