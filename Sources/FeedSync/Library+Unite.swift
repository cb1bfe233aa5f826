import FeedIndex
import FeedMerge
import FeedModel
import FeedStore

extension Library {
  /// Makes one subscription of two, when a feed has moved to where another one is.
  ///
  /// The articles of the one that goes are merged into the other like a document that it brought,
  /// and their marks with them. Each step can be repeated: what was stopped in the middle is done
  /// again when the feed is next asked.
  ///
  /// - Parameters:
  ///   - feed: The one that has moved.
  ///   - url: Where to; nothing happens when no other feed is there.
  ///   - now: The time of the act.
  /// - Throws: What the store or the index answers.
  func unite(_ feed: FeedRow, withFeedAt url: String, now: Timestamp) throws(LibraryError) {
    guard let other = try feeds().first(where: { $0.url == url && $0.id != feed.id }) else {
      return
    }
    var query = ArticleQuery()
    query.includesRead = true
    query.feeds = [feed.id]
    let rows = try articles(query)
    var parsed = ParsedFeed(format: .rss20)
    var marked: [(item: FeedItem, row: ArticleRow)] = []
    // The oldest first, as they came.
    for row in rows.reversed() {
      guard let article = try article(at: row) else { continue }
      parsed.items.append(article.item)
      if row.isRead || row.isStarred || !row.tags.isEmpty { marked.append((article.item, row)) }
    }
    let keys = DocumentKeys(feed: other.id, parsed: parsed)
    let known = try known(keys, of: other.id)
    // What the other feed has already is not overwritten with an older version of it.
    let steps = FeedMerge.merge(keys, known: known).steps.filter { $0.kind == .new }
    let lines = steps.map { step in
      PendingLine(at: moment(now, after: step.after), operation: .article(step.article))
    }
    try append(lines, now: now)
    try carryMarks(marked, to: other.id, now: now)
    try append(
      try self.lines(of: feed.id, [("sub", .bool(false))], now: now),
      now: now
    )
  }

  /// Marks the articles of another feed like those that they are equal to.
  private func carryMarks(
    _ marked: [(item: FeedItem, row: ArticleRow)],
    to feed: FeedID,
    now: Timestamp
  ) throws(LibraryError) {
    var marks: [Mark: [ArticleRow]] = [:]
    for (item, row) in marked {
      var parsed = ParsedFeed(format: .rss20)
      parsed.items = [item]
      let keys = DocumentKeys(feed: feed, parsed: parsed).lookupKeys
      var found: ArticleRow?
      for key in keys where found == nil {
        found = try indexing { () throws(IndexError) in
          try index.articles(withPrefix: key.description, limit: 1).first
        }
      }
      guard let found else { continue }
      if row.isRead { marks[.read(true), default: []].append(found) }
      if row.isStarred { marks[.star(true), default: []].append(found) }
      for tag in row.tags { marks[.tag(tag, true), default: []].append(found) }
    }
    for (mark, rows) in marks { try self.mark(rows, mark, now: now) }
  }
}
