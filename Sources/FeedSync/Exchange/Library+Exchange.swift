public import FeedIndex
public import FeedModel

extension Library {
  /// What is known of each feed that is followed, by id.
  public func feedStates() throws(LibraryError) -> [FeedState] {
    try indexing { () throws(IndexError) in try index.feedStates() }
      .filter { $0.isSubscribed == true }
  }

  /// Hands on articles page by page, newest first, so that few are in memory.
  ///
  /// - Parameters:
  ///   - query: Which; its `before` and `limit` hold as they always do.
  ///   - rows: How many make a page.
  ///   - body: Gets each page.
  /// - Throws: What the index answers.
  public func eachPage(
    of query: ArticleQuery,
    rows: Int = 500,
    _ body: ([ArticleRow]) throws(LibraryError) -> Void
  ) throws(LibraryError) {
    var query = query
    var left = query.limit ?? Int.max
    var size = rows
    // The articles of the last moment, which the next page has again.
    var seen: Set<ArticleID> = []
    while left > 0 {
      query.limit = size
      let found = try articles(query)
      let new = found.filter { !seen.contains($0.id) }.prefix(left)
      if !new.isEmpty { try body(Array(new)) }
      left -= new.count
      guard found.count == size, let last = found.last else { return }
      // More articles of one moment than make a page: it has to be larger.
      size = found.first?.moment == last.moment ? size * 2 : rows
      seen = Set(found.lazy.filter { $0.moment == last.moment }.map(\.id))
      query.before = last.moment.adding(milliseconds: 1)
    }
  }
}
