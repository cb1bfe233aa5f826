import FeedIndex
public import FeedModel
import FeedStore

extension Library {
  /// Hands on all that is known, in the order of the ids: feeds, then what people said about
  /// which keys are one article and which articles one story, then rules, then articles, then marks whose article is not here.
  ///
  /// Equal state gives equal lines, whoever wrote it and when. Little is in memory at a time. What
  /// cannot be read is handed on without its item, and counted.
  ///
  /// - Parameters:
  ///   - withBodies: False leaves out what articles say, and keeps all else of them.
  ///   - body: Gets each line.
  /// - Returns: How many articles could not be read.
  /// - Throws: What the index answers.
  public func exportState(
    withBodies: Bool = true,
    _ body: (StateLine) -> Void
  ) throws(LibraryError) -> Int {
    for feed in try indexing({ () throws(IndexError) in try index.feedStates() }) {
      body(.feed(feed))
    }
    let ties = try indexing { () throws(IndexError) in try index.ties() }
    let parts = Dictionary(grouping: ties.parts.keys) { ties.parts[$0] ?? "" }
    for (name, keys) in parts.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      body(.part(name, keys.sorted()))
    }
    for (key, other) in ties.joins.sorted(by: { $0.key < $1.key }) { body(.join(key, other)) }
    let names = try indexing { () throws(IndexError) in try index.storyNames() }
    let stories = Dictionary(grouping: names.keys) { names[$0] ?? "" }
    for (name, keys) in stories.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      body(.story(name, keys.sorted()))
    }
    for rule in try indexing({ () throws(IndexError) in try index.rules() })
      .sorted(by: { $0.key < $1.key })
    {
      body(.rule(rule.text))
    }
    var lost = 0
    var start: HashID?
    repeat {
      let page = try indexing { () throws(IndexError) in
        try index.articleStates(from: start, limit: Self.pageRows)
      }
      for article in page.articles {
        var state = article.state
        // What was purged may be still here, or not, and is the same to everybody.
        if state.marks.isGone != true {
          state.item = self.article(at: article.place)?.item
          if state.item == nil { lost += 1 }
          if !withBodies { state.item = state.item?.withoutText }
        }
        body(.article(state))
      }
      start = page.next
    } while start != nil
    var last: ArticleID?
    while true {
      let page = try indexing { () throws(IndexError) in
        try index.looseMarks(from: last, limit: Self.pageRows)
      }
      for (key, marks) in page { body(.marks(key, marks)) }
      guard page.count == Self.pageRows else { return lost }
      last = page.last?.key
    }
  }

  private static var pageRows: Int { 512 }

  /// The article of a line; nil where the line cannot be read any more.
  func article(at place: LinePlace) -> Article? {
    // What stands beside a damaged file is handed on all the same.
    guard let event = try? store.event(at: place), case .article(let article) = event.operation
    else { return nil }
    return article
  }
}

extension FeedItem {
  /// All but what the article says.
  var withoutText: FeedItem {
    var item = self
    (item.contentHTML, item.contentText) = (nil, nil)
    return item
  }
}
