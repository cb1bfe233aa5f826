import FeedIndex
import FeedModel
import Foundation
import Synchronization
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)

private func item(_ number: Int) -> String {
  "<item><guid>g\(number)</guid><title>Title \(number)</title>"
    + "<description>Words \(number)</description></item>"
}

/// A library in a directory of its own, removed afterwards.
private func withLibrary(_ body: (Library.Places) async throws -> Void) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-sync-\(UUID().uuidString)"
  try FileManager.default.createDirectory(
    atPath: root + "/cache",
    withIntermediateDirectories: true
  )
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  try await body(
    Library.Places(
      store: root + "/store",
      state: root + "/state",
      index: root + "/cache/index.sqlite"
    )
  )
}

private func sync(
  _ library: Library,
  _ network: FakeNetwork,
  _ reason: SyncReason = .scheduled,
  at now: Timestamp = noon,
  jobs: Int = 4
) async throws -> SyncSummary {
  let options = SyncOptions(reason: reason, jobs: jobs, clock: { now })
  return try await library.sync(try library.feeds(), from: network, options) { _ in }
}

@Test func `a first sync brings all, a second asks nobody, and a day later nothing is new`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    for number in 1...3 {
      network.serve("https://\(number).example/f", rss: item(1) + item(2))
      try library.subscribe(to: [Subscription(url: "https://\(number).example/f")], now: noon)
    }
    let first = try await sync(library, network)
    #expect((first.fetched, first.new, first.failures.count) == (3, 6, 0))
    #expect(network.requests.allSatisfy { $0.validators == nil })
    let second = try await sync(library, network)
    #expect((second.notDue, second.new) == (3, 0))
    #expect(network.requests.count == 3)
    let tomorrow = try await sync(library, network, at: noon.adding(seconds: 86_400))
    #expect((tomorrow.notModified, tomorrow.new, tomorrow.updated) == (3, 0, 0))
    #expect(network.requests.suffix(3).allSatisfy { $0.validators?.etag == "\"1\"" })
    let forced = try await sync(library, network, .forced, at: noon.adding(seconds: 86_500))
    #expect((forced.fetched, forced.new, forced.updated, forced.merged) == (3, 0, 0, 0))
    #expect(network.requests.suffix(3).allSatisfy { $0.validators == nil })
  }
}

@Test func `one feed's failure stops no other, and its validators and articles stay`() async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = ["https://a.example/f", "https://b.example/f"]
    for url in urls { network.serve(url, rss: item(1)) }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    _ = try await sync(library, network)
    network.serve(urls[0]) { request in
      .failed(.status(500, message: nil), ResponseFacts(status: 500, url: request.url))
    }
    let summary = try await sync(library, network, .named, at: noon.adding(seconds: 60))
    #expect((summary.notModified, summary.failures.count, summary.new) == (1, 1, 0))
    let polls = try library.polls()
    #expect(polls.values.allSatisfy { $0.validators?.etag == "\"1\"" })
    #expect(try library.articles(ArticleQuery()).count == 2)
  }
}

@Test(arguments: ["<html><body>Sign in</body></html>", "not a feed at all", "{\"a\": 1}"])
func `a body that is no feed is a failure that keeps the old validators`(body: String) async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1))
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network)
    network.serve(url) { request in
      .fetched(
        body: Array(body.utf8),
        contentType: "application/rss+xml",
        validators: Validators(etag: "\"new\"", lastModified: nil, url: url),
        ResponseFacts(status: 200, url: url)
      )
    }
    let summary = try await sync(library, network, .named, at: noon.adding(seconds: 60))
    #expect(summary.failures.count == 1)
    #expect(try library.polls().values.first?.validators?.etag == "\"1\"")
    #expect(try library.articles(ArticleQuery()).count == 1)
  }
}

@Test func `a document that is cut keeps its whole items and is asked for again unconditionally`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    let whole = "<rss version='2.0'><channel><title>A</title>" + item(1) + item(2)
    network.serve(url) { request in
      .fetched(
        body: Array((whole + "<item><guid>g3</guid><tit").utf8),
        contentType: nil,
        validators: Validators(etag: "\"cut\"", lastModified: nil, url: url),
        ResponseFacts(status: 200, url: url)
      )
    }
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    #expect(try await sync(library, network).new == 2)
    network.serve(url, rss: item(1) + item(2) + item(3))
    let second = try await sync(library, network, at: noon.adding(seconds: 86_400))
    #expect(network.requests.last?.validators == nil)
    #expect((second.new, second.updated) == (1, 0))
  }
}

@Test func `the same bytes under a new ETag are not modified, and the new ETag is kept`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1), etag: "\"1\"")
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network)
    network.serve(url, rss: item(1), etag: "\"2\"")
    let second = try await sync(library, network, at: noon.adding(seconds: 86_400))
    #expect((second.notModified, second.new) == (1, 0))
    #expect(try library.polls().values.first?.validators?.etag == "\"2\"")
  }
}

@Test func `a host that says 429 is left alone by all its feeds, in this run and the next`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    for number in 1...5 {
      network.serve("https://busy.example/\(number)") { request in
        var facts = ResponseFacts(status: 429, url: request.url)
        facts.retryAfterSeconds = 7200
        return .retryLater(facts, message: nil)
      }
    }
    network.serve("https://free.example/f", rss: item(1))
    let urls = (1...5).map { "https://busy.example/\($0)" } + ["https://free.example/f"]
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    let first = try await sync(library, network)
    #expect((first.fetched, first.failures.count, first.notDue) == (1, 1, 4))
    let forced = try await sync(library, network, .forced, at: noon.adding(seconds: 7199))
    #expect((forced.fetched, forced.notDue) == (1, 5))
    #expect(network.requests.filter { $0.url.contains("busy") }.count == 1)
    let later = try await sync(library, network, at: noon.adding(seconds: 7300))
    #expect(later.failures.count == 1)
  }
}

@Test func `503 counts for its feed, and for the host after three feeds`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...6).map { "https://sick.example/\($0)" }
    for url in urls {
      network.serve(url) { .retryLater(ResponseFacts(status: 503, url: $0.url), message: nil) }
    }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    let summary = try await sync(library, network)
    #expect((summary.failures.count, summary.notDue) == (3, 3))
  }
}

@Test func `where three feeds in a row find nobody the others are not tried`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    for number in 1...20 {
      network.serve("https://dead.example/\(number)") { _ in .failed(.timeout(seconds: 60), nil) }
      network.serve("https://mixed.example/\(number)") { request in
        number % 2 == 0
          ? .failed(.timeout(seconds: 60), nil)
          : .failed(.status(404, message: nil), ResponseFacts(status: 404, url: request.url))
      }
    }
    let urls = (1...20).flatMap { ["https://dead.example/\($0)", "https://mixed.example/\($0)"] }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    let summary = try await sync(library, network)
    #expect((summary.failures.count, summary.notDue) == (23, 17))
    let again = try await sync(library, network, at: noon.adding(seconds: 3000))
    #expect(again.notDue == 40)
  }
}

@Test func `of one host one feed is asked at a time, and in a fixed order`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...9).map { "https://one.example/\($0)" }
    for url in urls { network.serve(url, rss: item(1)) }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    #expect(try await sync(library, network, jobs: 8).new == 9)
    #expect(network.mostAtOnce == 1)
    #expect(network.requests.map(\.url) == urls)
  }
}

@Test func `no more feeds than asked for are worked on at once`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...40).map { "https://\($0).example/f" }
    for url in urls { network.serve(url, rss: item(1)) }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    #expect(try await sync(library, network, jobs: 3).new == 40)
    #expect(network.mostAtOnce <= 3)
  }
}

@Test func `a revision beats what a wrong clock wrote, and is written once`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1), etag: "1")
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network, at: noon.adding(seconds: 24 * 365 * 86_400))
    let edited = item(1).replacingOccurrences(of: "Words", with: "Other words")
    network.serve(url, rss: edited, etag: "2")
    #expect(try await sync(library, network, .named).updated == 1)
    network.serve(url, rss: edited + "<!-- -->", etag: "3")
    #expect(try await sync(library, network, .named).updated == 0)
    let row = try #require(try library.articles(ArticleQuery()).first)
    #expect(try library.article(at: row)?.item.contentText == "Other words 1")
  }
}

@Test func `a mark from the future does not carry its time into other articles`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1) + item(2) + item(3))
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network)
    let rows = try library.articles(ArticleQuery())
    let future = noon.adding(seconds: 24 * 365 * 86_400)
    try library.mark([rows[0]], .read(true), now: future)
    var query = ArticleQuery()
    query.includesRead = true
    try library.mark([rows[0]], .read(false), now: noon)
    try library.mark(try library.articles(query), .read(true), now: noon)
    #expect(try library.articles(ArticleQuery()).isEmpty)
    let late = try library.index.lastWrites(to: "read", of: rows.map(\.id), since: future)
    #expect(Array(late.keys) == [rows[0].id])
  }
}

@Test func `a path that another machine wrote into the store is not read`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    network.serve("/home/ann/feed.xml", rss: item(1))
    try library.subscribe(to: [Subscription(url: "/home/ann/feed.xml")], now: noon)
    _ = try await sync(library, network)
    #expect(network.requests.map(\.isTyped) == [true])
    // Another machine has another state directory, and so another device id.
    let there = Library.Places(
      store: places.store,
      state: places.state + "-2",
      index: places.index + "-2"
    )
    let stranger = try Library.open(there)
    try stranger.mark(try stranger.articles(ArticleQuery()), .read(true), now: noon)
    _ = try await sync(stranger, network, at: noon.adding(seconds: 86_400))
    #expect(network.requests.map(\.isTyped) == [true, false])
    // Typed there as well, it is as good as here.
    try stranger.subscribe(to: [Subscription(url: "/home/ann/feed.xml")], now: noon)
    _ = try await sync(stranger, network, at: noon.adding(seconds: 86_500))
    #expect(network.requests.map(\.isTyped) == [true, false, true])
  }
}

@Test func `a library reads the same after its index was deleted`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    var library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1) + item(2) + item(3))
    try library.subscribe(to: [Subscription(url: url, tags: ["news"])], now: noon)
    _ = try await sync(library, network)
    let rows = try library.articles(ArticleQuery())
    try library.mark([rows[0]], .read(true), now: noon)
    try library.mark([rows[1]], .star(true), now: noon)
    var query = ArticleQuery()
    query.includesRead = true
    let before = (try library.articles(query), try library.feeds())
    FeedIndex.remove(path: places.index)
    library = try Library.open(places)
    #expect(try library.articles(query) == before.0)
    #expect(try library.feeds() == before.1)
  }
}

@Test func `what is folded as it is written is what reading all the lines again folds`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...6).map { "https://a\($0).example/f" }
    try library.subscribe(to: urls.map { Subscription(url: $0, tags: ["t"]) }, now: noon)
    func edited(_ number: Int, _ words: String) -> String {
      "<item><guid>g\(number)</guid><title>Title \(number)</title>"
        + "<link>https://b.example/\(number)</link><author>\u{1F600} A\u{301}nn &lt;x&gt;</author>"
        + "<description>\(words) &amp; \u{2028} \u{202E} more</description></item>"
    }
    for round in 1...4 {
      let now = noon.adding(seconds: Int64(round) * 172_800)
      for (place, url) in urls.enumerated() {
        let items = (round...round + 5)
          .map { edited($0, $0 % 3 == 0 ? "Round \(round)" : "Words \(place)") }
        network.serve(url, rss: items.joined() + item(round), etag: "\(round)")
      }
      _ = try await sync(library, network, at: now)
      // Another process marks as well, between our own writes.
      let other = try Library.open(places)
      let rows = try other.articles(ArticleQuery())
      try other.mark(Array(rows.prefix(3)), .read(true), now: now)
      try library.mark(Array(rows.suffix(3)), .star(true), now: now)
      try other.mark(Array(rows.prefix(5)), .tag("x", round % 2 == 0), now: now)
    }
    var query = ArticleQuery()
    query.includesRead = true
    let rows = try library.articles(query)
    #expect(rows.count == 6 * 13)
    #expect(rows.contains { $0.isRead && $0.hasChanged })
    FeedIndex.remove(path: places.index)
    let again = try Library.open(places)
    #expect(try again.articles(query) == rows)
    #expect(try again.feeds() == library.feeds())
    #expect(try again.index.cursors() == library.index.cursors())
    for feed in try library.feeds() {
      let keys = rows.filter { $0.feed == feed.id }.map(\.id)
      let known = try library.index.knownArticles(of: feed.id, keys: keys)
      #expect(Set(try again.index.knownArticles(of: feed.id, keys: keys)) == Set(known))
    }
  }
}

@Test func `the first command of all leaves an index that the second one uses`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let url = "https://a.example/f"
    network.serve(url, rss: item(1))
    let library = try Library.open(places)
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network)
    #expect(try Library.open(places).polls().values.first?.validators?.etag == "\"1\"")
  }
}

@Test func `a feed that is removed and added again has its articles and marks back`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1) + item(2))
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network)
    try library.mark([try library.articles(ArticleQuery())[0]], .read(true), now: noon)
    try library.unsubscribe(from: try library.feeds().map(\.id), now: noon)
    #expect(try library.feeds().isEmpty)
    #expect(try library.articles(ArticleQuery()).isEmpty)
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    #expect(try library.articles(ArticleQuery()).count == 1)
    #expect(try library.feeds().map(\.total) == [2])
  }
}

@Test func `an act always beats what it was meant to change, whatever the clock says`() async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1))
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network)
    var query = ArticleQuery()
    query.includesRead = true
    let future = noon.adding(seconds: 24 * 365 * 86_400)
    try library.mark(try library.articles(query), .star(true), now: future)
    try library.mark(try library.articles(query), .star(false), now: noon)
    #expect(try library.articles(query).map(\.isStarred) == [false])
    try library.unsubscribe(from: try library.feeds().map(\.id), now: noon.adding(seconds: -5))
    #expect(try library.feeds().isEmpty)
  }
}

@Test(
  arguments: [
    ("HTTP://A.example:80/x#top", "http://a.example/x"),
    ("https://ann:secret@a.example/f", "https://a.example/f"),
    ("/home/ann/feed.xml", "/home/ann/feed.xml"),
  ]
)
func `addresses that mean one feed have one form`(typed: String, expected: String) {
  #expect(feedAddress(typed) == expected)
}

@Test(arguments: ["", "ftp://a.example/", "file:///etc/passwd", "javascript:alert(1)", "a.example"])
func `what is no web address and no path is no feed`(typed: String) {
  #expect(feedAddress(typed) == nil)
}

@Test func `a feed is named by id, URL or title, the exact before the vague`() {
  func row(_ number: UInt8, _ title: String) -> FeedRow {
    FeedRow(
      id: FeedID(HashID(digest: [UInt8](repeating: number, count: 13))),
      url: "https://\(number).example/f",
      ownTitle: title,
      sourceTitle: nil,
      site: nil,
      tags: [],
      isSubscribed: true,
      unread: 0,
      total: 0
    )
  }
  let rows = [row(1, "News"), row(2, "News of the world"), row(3, "Comics")]
  func title(_ words: String) -> [String] {
    switch feed(named: words, in: rows) {
    case .none: []
    case .one(let row): [row.title]
    case .many(let rows): rows.map(\.title)
    }
  }
  #expect(title("news") == ["News"])
  #expect(title("new") == ["News", "News of the world"])
  #expect(title("world") == ["News of the world"])
  #expect(title("https://3.example/f") == ["Comics"])
  #expect(title("HTTPS://3.EXAMPLE/f") == ["Comics"])
  #expect(title(String(rows[2].id.description.prefix(6))) == ["Comics"])
  #expect(title("nothing").isEmpty)
}

/// Serves a document at `target`, to which `url` redirects for good.
private func serveMoved(_ network: FakeNetwork, _ url: String, to target: String, rss items: String)
{
  network.serve(url) { _ in
    var facts = ResponseFacts(status: 200, url: target)
    facts.redirects = [Redirect(status: 301, target: target)]
    let body = "<rss version='2.0'><channel><title>T</title>\(items)</channel></rss>"
    let validators = Validators(etag: "\"1\"", lastModified: nil, url: target)
    return .fetched(body: Array(body.utf8), contentType: nil, validators: validators, facts)
  }
  network.serve(target, rss: items)
}

@Test func `a feed moves after three polls over two days, and keeps its id and its marks`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let (old, new) = ("https://a.example/f", "https://b.example/f")
    serveMoved(network, old, to: new, rss: item(1))
    try library.subscribe(to: [Subscription(url: old)], now: noon)
    for day in 0...1 {
      _ = try await sync(library, network, at: noon.adding(seconds: Int64(day) * 86_400))
      #expect(try library.feeds().first?.url == old)
    }
    try library.mark(try library.articles(ArticleQuery()), .read(true), now: noon)
    _ = try await sync(library, network, at: noon.adding(seconds: 2 * 86_400))
    let feed = try #require(try library.feeds().first)
    #expect((feed.url, feed.settings.movedFrom, feed.id) == (new, old, Subscription(url: old).id))
    let after = try await sync(library, network, at: noon.adding(seconds: 3 * 86_400))
    #expect(network.requests.last?.url == new)
    #expect((after.new, try library.articles(ArticleQuery()).count) == (0, 0))
    #expect(try library.pollLog(of: feed.id).contains { $0.words.hasSuffix("moved to \(new)") })
  }
}

@Test func `a feed that moves to where another is becomes one with it`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let (old, new) = ("http://a.example/f", "https://a.example/f")
    network.serve(old, rss: item(1) + item(2) + item(3))
    network.serve(new, rss: item(2) + item(3) + item(4))
    try library.subscribe(to: [old, new].map { Subscription(url: $0) }, now: noon)
    _ = try await sync(library, network)
    let rows = try library.articles(ArticleQuery())
    #expect(rows.count == 6)
    let mine = rows.filter { $0.feedURL == old }
    try library.mark(
      mine.filter { ["Title 1", "Title 2"].contains($0.title) },
      .read(true),
      now: noon
    )
    try library.mark(mine.filter { $0.title == "Title 3" }, .star(true), now: noon)
    serveMoved(network, old, to: new, rss: item(2) + item(3) + item(4))
    let later = noon.adding(seconds: 86_400)
    _ = try await sync(library, network, at: later)
    #expect(try library.feeds().map(\.url) == [new])
    var all = ArticleQuery()
    all.includesRead = true
    let titles = try library.articles(all).compactMap(\.title).sorted()
    #expect(titles == (1...4).map { "Title \($0)" })
    let unread = try library.articles(ArticleQuery())
    #expect(unread.compactMap(\.title).sorted() == ["Title 3", "Title 4"])
    #expect(unread.filter(\.isStarred).compactMap(\.title) == ["Title 3"])
    let again = try await sync(library, network, .named, at: later.adding(seconds: 60))
    #expect((again.new, again.updated, again.failures.count) == (0, 0, 0))
  }
}

private func hidden(_ library: Library) throws -> [String] {
  var query = ArticleQuery()
  query.includesRead = true
  query.filter = .is(.hidden)
  return try library.articles(query).compactMap(\.title).sorted()
}

@Test
func
  `what a rule hid is not new, and it and the rule go with a feed that becomes one with another`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let (old, new) = ("http://a.example/f", "https://a.example/f")
    network.serve(old, rss: item(1) + item(2))
    network.serve(new, rss: item(2) + item(3))
    let feeds = [old, new].map { Subscription(url: $0) }
    try library.subscribe(to: feeds, now: noon)
    let wanted = Query.or([.title(QueryWords("2")), .title(QueryWords("5"))])
    let rule = Rule(query: .feeds([feeds[0].id]) && wanted, actions: [.hide])
    _ = try library.add(rule, now: noon)
    #expect(try await sync(library, network).new == 3)
    #expect(try hidden(library) == ["Title 2"])
    #expect(try library.feeds().map(\.total).sorted() == [1, 2])
    serveMoved(network, old, to: new, rss: item(2) + item(3))
    let later = noon.adding(seconds: 86_400)
    _ = try await sync(library, network, at: later)
    #expect(try library.feeds().map(\.url) == [new])
    #expect(try hidden(library) == ["Title 2"])
    network.serve(new, rss: item(2) + item(3) + item(5), etag: "\"2\"")
    let last = try await sync(library, network, at: later.adding(seconds: 86_400))
    #expect((last.fetched, last.new) == (1, 0))
    #expect(try hidden(library) == ["Title 2", "Title 5"])
    // Who follows it again has a feed of its own, and the rule is of that alone.
    try library.subscribe(to: [feeds[0]], now: later)
    #expect(try library.unitedFeeds().isEmpty)
  }
}

@Test
func `a rule about nothing but a feed stays with it, and one that asks more goes where it went`() {
  let old = Subscription(url: "http://a.example/f").id
  let new = Subscription(url: "https://b.example/f").id
  let rule = Query.feed(old.description)
  let (plain, more) = (rule, rule && .title(QueryWords("ads")))
  let united = [old: new]
  #expect(plain.asRule(now: noon, united: united) == .feeds([old]))
  #expect(
    more.asRule(now: noon, united: united) == (.feeds([old, new]) && .title(QueryWords("ads")))
  )
}

@Test func `a rule sees what an older one did in the same sync`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    network.serve("https://a.example/f", rss: item(1))
    let library = try Library.open(places)
    try library.subscribe(to: [Subscription(url: "https://a.example/f")], now: noon)
    _ = try library.add(Rule(query: .title(QueryWords("1")), actions: [.tag("n")]), now: noon)
    let later = noon.adding(seconds: 60)
    _ = try library.add(Rule(query: .tag("n"), actions: [.markRead]), now: later)
    _ = try await sync(library, network, at: noon.adding(seconds: 3600))
    #expect(try library.articles(ArticleQuery()).isEmpty)
  }
}

@Test func `what a person showed again stays so when another machine meets it as new`() async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    network.serve("https://a.example/f", rss: item(1) + item(2))
    let first = try Library.open(places)
    try first.subscribe(to: [Subscription(url: "https://a.example/f")], now: noon)
    _ = try first.add(Rule(query: .title(QueryWords("2")), actions: [.hide, .star]), now: noon)
    let files = FileManager.default
    let other = Library.Places(
      store: places.store + "-2",
      state: places.state + "-2",
      index: places.index + "-2"
    )
    try files.copyItem(atPath: places.store, toPath: other.store)
    _ = try await sync(first, network, at: noon.adding(seconds: 60))
    var query = ArticleQuery()
    query.filter = .is(.hidden)
    try first.mark(try first.articles(query), .hide(false), now: noon.adding(seconds: 120))
    let second = try Library.open(other)
    _ = try await sync(second, network, at: noon.adding(seconds: 3600))
    #expect(try hidden(second) == ["Title 2"])
    // Each gets what the other wrote.
    let mine = try #require(try files.contentsOfDirectory(atPath: places.store + "/dev").first)
    let theirs = try files.contentsOfDirectory(atPath: other.store + "/dev").filter { $0 != mine }
    try files.removeItem(atPath: other.store + "/dev/" + mine)
    for (from, to, device) in [(places, other, mine), (other, places, try #require(theirs.first))] {
      let directory = "/dev/" + device
      try files.copyItem(atPath: from.store + directory, toPath: to.store + directory)
    }
    for places in [places, other] {
      let library = try Library.open(places)
      #expect(try hidden(library).isEmpty)
      #expect(try library.articles(ArticleQuery()).filter(\.isStarred).map(\.title) == ["Title 2"])
    }
  }
}

@Test func `a limit that a server names is kept by the whole host, over several runs`() async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...5).map { "https://forum.example/\($0)" }
    for url in urls {
      network.serve(url) { request in
        var facts = ResponseFacts(status: 200, url: request.url)
        facts.rateLimit = RateLimit(remaining: 0.4, resetSeconds: 60)
        let body = Array("<rss version='2.0'><channel>\(item(1))</channel></rss>".utf8)
        let none = Validators(etag: nil, lastModified: nil, url: request.url)
        return .fetched(body: body, contentType: nil, validators: none, facts)
      }
    }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    for minute in 0..<5 {
      let now = noon.adding(seconds: Int64(minute) * 61)
      #expect(try await sync(library, network, at: now).fetched == 1)
      #expect(try await sync(library, network, .forced, at: now.adding(seconds: 30)).fetched == 0)
    }
    #expect(Set(network.requests.map(\.url)) == Set(urls))
  }
}

@Test func `a host that bans who asks twice a minute is asked once a run from then on`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let last = Mutex<Int>(-1)
    let run = Mutex<Int>(0)
    let urls = (1...4).map { "https://strict.example/\($0)" }
    for url in urls {
      network.serve(url) { request in
        let isFirst = last.withLock { last in
          let current = run.withLock { $0 }
          defer { last = current }
          return last != current
        }
        guard isFirst else {
          return .retryLater(ResponseFacts(status: 429, url: request.url), message: nil)
        }
        let body = Array("<rss version='2.0'><channel>\(item(1))</channel></rss>".utf8)
        let none = Validators(etag: nil, lastModified: nil, url: request.url)
        return .fetched(
          body: body,
          contentType: nil,
          validators: none,
          ResponseFacts(status: 200, url: request.url)
        )
      }
    }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    var bans = 0
    for hour in 0..<24 {
      run.withLock { $0 = hour }
      let now = noon.adding(seconds: Int64(hour) * 3600)
      bans += try await sync(library, network, at: now).failures.count
    }
    #expect(bans == 1)
    #expect(Set(network.requests.map(\.url)) == Set(urls))
  }
}

@Test func `a host where nobody was is tried with one feed, less and less often`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...50).map { "https://dead.example/\($0)" }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    for minutes in stride(from: 0, through: 24 * 60, by: 30) {
      _ = try await sync(library, network, at: noon.adding(seconds: Int64(minutes) * 60))
    }
    // Three at first, then one after 1, 2, 4, 8 hours.
    #expect(network.requests.count <= 3 + 5)
    for url in urls { network.serve(url, rss: item(1)) }
    let later = noon.adding(seconds: 3 * 86_400)
    #expect(try await sync(library, network, at: later).fetched == 50)
    #expect(try library.hosts().isEmpty)
  }
}

@Test func `answers that were alike are one line of the log`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url, rss: item(1) + item(2))
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    for day in 0...9 {
      _ = try await sync(library, network, at: noon.adding(seconds: Int64(day) * 86_400))
    }
    let log = try library.pollLog(of: Subscription(url: url).id)
    #expect(log.map(\.words) == ["not modified", "2 new"])
    #expect(log.map(\.count) == [9, 1])
    #expect(log.first?.since == noon.adding(seconds: 86_400))
  }
}

@Test func `a pause that a redirect's target asks for is kept by that host's feeds`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    network.serve("https://a.example/f") { _ in
      var facts = ResponseFacts(status: 429, url: "https://z.example/f")
      facts.redirects = [Redirect(status: 302, target: "https://z.example/f")]
      facts.retryAfterSeconds = 7200
      return .retryLater(facts, message: nil)
    }
    for number in 1...3 {
      network.serve("https://a.example/g\(number)", rss: item(1))
      network.serve("https://z.example/\(number)", rss: item(1))
    }
    // The longer line is served first.
    let urls = ["a.example/f"] + (1...3).flatMap { ["a.example/g\($0)", "z.example/\($0)"] }
    try library.subscribe(to: urls.map { Subscription(url: "https://\($0)") }, now: noon)
    let summary = try await sync(library, network, jobs: 1)
    #expect((summary.fetched, summary.failures.count, summary.notDue) == (3, 1, 3))
    #expect(!network.requests.contains { $0.url.hasPrefix("https://z.example/") })
  }
}

@Test(arguments: [
  "<rss version='2.0'><channel><title>cut",
  "<html><head><title>Log in</title></head><body><form><input type=password></form></body></html>",
])
func `half a document or a page behind a permanent redirect moves nothing`(
  body: String
) async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let (old, new) = ("https://a.example/f", "https://b.example/f")
    network.serve(old) { _ in
      var facts = ResponseFacts(status: 200, url: new)
      facts.redirects = [Redirect(status: 301, target: new)]
      let none = Validators(etag: nil, lastModified: nil, url: new)
      return .fetched(body: Array(body.utf8), contentType: nil, validators: none, facts)
    }
    try library.subscribe(to: [Subscription(url: old)], now: noon)
    for day in 0...6 {
      _ = try await sync(library, network, at: noon.adding(seconds: Int64(day) * 86_400))
    }
    #expect(try library.feeds().first?.url == old)
    #expect(try library.polls().values.first?.move == nil)
  }
}

@Test(
  arguments: [
    (
      "<title>Just a moment...</title><body><script src='/cdn-cgi/challenge-platform/x'></script>",
      .blocked
    ),
    ("<title>Log in</title><body><form><input type=password></form>", .blocked),
    ("<title>A blog</title><body><p>Words of all kinds, and more of them.</p>", .broken),
  ] as [(String, Verdict.Kind)]
)
func `a page in place of a feed has the verdict of its kind`(
  page: String,
  expected: Verdict.Kind
) async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let url = "https://a.example/f"
    network.serve(url) { _ in
      let none = Validators(etag: nil, lastModified: nil, url: url)
      let body = Array("<!doctype html><html>\(page)</html>".utf8)
      return .fetched(
        body: body,
        contentType: nil,
        validators: none,
        ResponseFacts(status: 200, url: url)
      )
    }
    try library.subscribe(to: [Subscription(url: url)], now: noon)
    _ = try await sync(library, network)
    let poll = try #require(try library.polls().values.first)
    #expect(verdict(of: poll, now: noon).kind == expected)
  }
}

@Test func `what the person did to a feed comes along when it becomes one with another`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let (old, new) = ("http://a.example/f", "https://a.example/f")
    // Neither guid nor link: known by title and text alone.
    let plain = "<item><title>Plain</title><description>Only words</description></item>"
    for url in [old, new] { network.serve(url, rss: plain + item(1)) }
    try library.subscribe(
      to: [Subscription(url: old, title: "Mine", tags: ["dear"]), Subscription(url: new)],
      now: noon
    )
    _ = try await sync(library, network)
    let mine = try library.articles(ArticleQuery()).filter { $0.feedURL == old }
    try library.mark(mine, .read(true), now: noon)
    serveMoved(network, old, to: new, rss: plain + item(1))
    _ = try await sync(library, network, at: noon.adding(seconds: 86_400))
    let feed = try #require(try library.feeds().first)
    #expect(try library.feeds().count == 1)
    #expect((feed.url, feed.ownTitle, feed.tags) == (new, "Mine", ["dear"]))
    #expect(try library.articles(ArticleQuery()).isEmpty)
  }
}

@Test func `a host that answers a person is asked for all its feeds`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...5).map { "https://back.example/\($0)" }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    _ = try await sync(library, network)
    for url in urls { network.serve(url, rss: item(1)) }
    let soon = noon.adding(seconds: 600)
    #expect(try await sync(library, network, .forced, at: soon).fetched == 5)
  }
}

@Test func `a pause from a clock that was ahead holds no feed of the host up`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = (1...4).map { "https://a.example/\($0)" }
    for url in urls {
      network.serve(url) { request in
        var facts = ResponseFacts(status: 429, url: request.url)
        facts.retryAfterSeconds = 7200
        return .retryLater(facts, message: nil)
      }
    }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    _ = try await sync(library, network, at: noon.adding(seconds: 365 * 86_400))
    for url in urls { network.serve(url, rss: item(1)) }
    let tomorrow = noon.adding(seconds: 86_400)
    _ = try await sync(library, network, at: noon)
    #expect(try await sync(library, network, at: tomorrow).failures.isEmpty)
    #expect(try library.polls().values.filter { $0.lastSuccess != nil }.count == 4)
  }
}

@Test func `a feed that another machine has moved is asked at its new address`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let (old, new) = ("https://a.example/old", "https://a.example/new")
    network.serve(old) { .gone(ResponseFacts(status: 410, url: $0.url)) }
    network.serve(new, rss: item(1))
    try library.subscribe(to: [Subscription(url: old)], now: noon)
    _ = try await sync(library, network)
    let feed = try #require(try library.feeds().first)
    // As the other machine's line would: what this one remembers is untouched.
    try library.append(
      library.lines(of: feed.id, [("url", .string(new))], now: noon),
      now: noon
    )
    #expect(try await sync(library, network, at: noon.adding(seconds: 60)).fetched == 1)
  }
}

@Test func `a feed whose address came from the network is never asked as if it had been typed`()
  async throws
{
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let (old, new) = ("http://a.example/f", "http://b.example/f")
    serveMoved(network, old, to: new, rss: item(1))
    var named = Subscription(url: "http://c.example/f")
    named.isLed = true
    network.serve(named.url, rss: item(1))
    try library.subscribe(to: [Subscription(url: old), named], now: noon)
    for day in 0...3 {
      _ = try await sync(library, network, at: noon.adding(seconds: Int64(day) * 86_400))
    }
    #expect(network.requests.filter { $0.url == old }.allSatisfy { $0.isTyped })
    #expect(network.requests.last { $0.url == new }?.isTyped == false)
    #expect(network.requests.filter { $0.url == named.url }.allSatisfy { !$0.isTyped })
    let feed = try #require(try library.feeds().first { $0.url == new })
    _ = try library.change(feed, [.url(old)], now: noon.adding(seconds: 4 * 86_400))
    let back = try library.feeds()
    #expect(back.first { $0.url == old }?.settings.isLed == false)
  }
}

@Test func `two feeds that are asked at one address become one`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    let urls = ["http://a.example/f", "https://a.example/f"]
    for url in urls { network.serve(url, rss: item(1)) }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    _ = try await sync(library, network)
    let old = try #require(try library.feeds().first { $0.url == urls[0] })
    try library.append(
      library.lines(of: old.id, [("url", .string(urls[1]))], now: noon),
      now: noon
    )
    _ = try await sync(library, network, at: noon.adding(seconds: 86_400))
    #expect(try library.feeds().map(\.id) == [Subscription(url: urls[1]).id])
    #expect(network.requests.filter { $0.url == urls[1] }.count == 2)
  }
}

@Test func `a host is not silent because others are to which it redirects`() async throws {
  try await withLibrary { places in
    let network = FakeNetwork()
    let library = try Library.open(places)
    for number in 1...6 {
      network.serve("https://hub.example/\(number)") { _ in
        .failed(.connection(host: "dead\(number).example", detail: "refused"), nil)
      }
      network.serve("https://hub.example/ok\(number)", rss: item(1))
    }
    let urls = (1...6).flatMap { ["\($0)", "ok\($0)"] }.map { "https://hub.example/\($0)" }
    try library.subscribe(to: urls.map { Subscription(url: $0) }, now: noon)
    let summary = try await sync(library, network)
    #expect((summary.fetched, summary.failures.count, summary.notDue) == (6, 6, 0))
  }
}
