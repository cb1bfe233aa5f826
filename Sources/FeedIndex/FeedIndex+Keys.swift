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
}
