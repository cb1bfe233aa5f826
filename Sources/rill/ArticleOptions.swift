import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync

/// Which articles are meant: a query, and options that say the same as some of its fields.
struct ArticleOptions: ParsableArguments {
  @Argument(parsing: .allUnrecognized, help: "What they are like: see rill help query.")
  var query: [String] = []
  @Option(help: "Only of this feed: an id, a URL or a part of its title.", completion: .feeds)
  var feed: String?
  @Option(help: "Only with this tag, or of feeds with it.", completion: .tags) var tag: String?
  @Option(help: "Only as new as this: 90m, 12h, 2d, 3w or a date.") var since: String?
  @Option(help: "Only the newest so many; 0 for all.") var limit: Int?

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0 up.") }
    if tag?.isEmpty == true { throw ValidationError("--tag is empty.") }
  }

  /// What is asked: unread articles where nothing was typed that says otherwise.
  ///
  /// - Parameters:
  ///   - library: What knows the feeds.
  ///   - standard: How many where it was not said; nil for all.
  ///   - now: The time.
  /// - Returns: What the library is asked, and the query as it was typed.
  /// - Throws: What is wrong, as a sentence.
  func asked(
    of library: Library,
    limit standard: Int? = nil,
    now: Timestamp
  ) throws -> (query: ArticleQuery, typed: Query) {
    let typed = try typedQuery(query)
    var asked = ArticleQuery()
    asked.filter = try library.resolved(typed, now: now)
    asked.includesRead = typed.asksState
    asked.tag = tag
    let limit = self.limit ?? standard
    asked.limit = limit == 0 ? nil : limit
    asked.since = try since.map { try moment($0, before: now) }
    if let feed { asked.feeds = [try library.feed(named: feed).id] }
    return (asked, typed)
  }
}
