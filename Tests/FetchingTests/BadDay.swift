import LoopbackServer
import TestSupport
import Testing

/// A day on which feeds answer badly: before it and after it they are well.
struct BadDay {
  /// What the feed answers on that day, and what is to be said of it.
  typealias Trouble = (answer: Answer, says: String)

  let reader: Subscriber
  /// One for each trouble.
  let sites: [Site]

  /// Follows a feed for each trouble, has the bad day, and looks at what it left.
  ///
  /// The articles are kept, the next request is asked with what the good day gave, and each feed
  /// was asked once a day.
  ///
  /// - Parameters:
  ///   - troubles: One for each feed, which has a host of its own.
  ///   - environment: Settings of the bad day.
  ///   - location: Of the test.
  /// - Throws: What the commands throw.
  @discardableResult
  init(
    _ troubles: [Trouble],
    environment: [String: String] = [:],
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let reader = try Subscriber()
    let good = feed(("ETag", "\"1\""), ("Last-Modified", someDate))
    let sites = try troubles.indices.map { try reader.site("h\($0).test", answering: good) }
    self.reader = reader
    self.sites = sites
    try await reader.follow(sites.map { $0.url() }, at: location)
    reader.environment = environment
    for (site, trouble) in zip(sites, troubles) { site.answers(trouble.answer) }
    try await reader.syncNextDay()
    let feeds = try await reader.feeds()
    for (site, trouble) in zip(sites, troubles) {
      let feed = feeds.first { $0.url == site.url() }
      let error = feed?.lastError ?? "no error"
      let comment: Comment = "\(site.host): \(error)"
      #expect(error.contains(trouble.says), comment, sourceLocation: location)
      #expect(feed?.total == 3, comment, sourceLocation: location)
      #expect(site.requests.count == 2, comment, sourceLocation: location)
    }
    for site in sites { site.answers(good) }
    reader.environment = [:]
    try await reader.syncNextDay()
    for (site, feed) in zip(sites, try await reader.feeds()) {
      #expect(feed.lastError == nil, "\(feed.url)", sourceLocation: location)
      let asked = site.asked()
      #expect(asked == "\"1\" | \(someDate)", "\(site.host)", sourceLocation: location)
      #expect(site.requests.count == 3, "\(site.host)", sourceLocation: location)
    }
    #expect(try await reader.titles().count == 3 * troubles.count, sourceLocation: location)
  }
}
