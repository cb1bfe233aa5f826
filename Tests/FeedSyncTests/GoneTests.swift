import FeedIndex
import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let url = "https://a.example/f"

private func item(_ guid: String, link: String? = nil, text: String) -> String {
  let link = link.map { "<link>\($0)</link>" } ?? ""
  return "<item><guid isPermaLink='false'>\(guid)</guid><title>\(guid.prefix(1))</title>\(link)"
    + "<description>\(text)</description></item>"
}

/// A library in a directory of its own, with one feed that was read once.
private func withFeed(
  _ items: String,
  _ body: (Library, FakeNetwork) async throws -> Void
) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-gone-\(UUID().uuidString)"
  try FileManager.default.createDirectory(
    atPath: root + "/cache",
    withIntermediateDirectories: true
  )
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  let places = Library.Places(
    store: root + "/store",
    state: root + "/state",
    index: root + "/cache/index.sqlite"
  )
  let library = try Library.open(places)
  let network = FakeNetwork()
  try library.subscribe(to: [Subscription(url: url)], now: noon)
  network.serve(url, rss: items, etag: "first")
  _ = try await sync(library, network, at: noon)
  try await body(library, network)
  let rebuilt = try Library.open(
    Library.Places(store: places.store, state: places.state, index: root + "/other.sqlite")
  )
  #expect(try rebuilt.feeds().map(\.unread) == library.feeds().map(\.unread))
  #expect(try rebuilt.feeds().map(\.total) == library.feeds().map(\.total))
  #expect(try titles(rebuilt) == titles(library))
}

private func sync(
  _ library: Library,
  _ network: FakeNetwork,
  at now: Timestamp
) async throws -> SyncSummary {
  let options = SyncOptions(reason: .named, jobs: 1, clock: { now })
  return try await library.sync(try library.feeds(), from: network, options) { _ in }
}

private func titles(_ library: Library) throws -> [String] {
  var query = ArticleQuery()
  query.includesRead = true
  return try library.articles(query).map { $0.title ?? "" }.sorted()
}

private func purge(_ title: String, in library: Library, at now: Timestamp) throws {
  var query = ArticleQuery()
  query.includesRead = true
  let ids = try library.articles(query).filter { $0.title == title }.map(\.id)
  let gone = StoreOperation.set(key: "gone", value: .bool(true), ids: ids)
  try library.append([PendingLine(at: now, operation: gone)], now: now)
}

@Test func `a purged article that still stands in its document does not come back`() async throws {
  let items = item("1", text: "one") + item("2", text: "two")
  try await withFeed(items) { library, network in
    try purge("1", in: library, at: noon)
    #expect(try titles(library) == ["2"])
    #expect(try library.feeds().map { [$0.unread, $0.total] } == [[1, 1]])
    network.serve(url, rss: items + item("3", text: "three"), etag: "second")
    let summary = try await sync(library, network, at: noon.adding(seconds: 86_400))
    #expect((summary.fetched, summary.new, summary.updated, summary.merged) == (1, 1, 0, 0))
    #expect(try titles(library) == ["2", "3"])
  }
}

@Test func `a purged article whose publisher rewrites it is not stored again`() async throws {
  try await withFeed(item("1", text: "one") + item("2", text: "two")) { library, network in
    try purge("1", in: library, at: noon)
    let before = try library.store.segments().filter { $0.kind == .articles }
    network.serve(url, rss: item("1", text: "other words") + item("2", text: "two"), etag: "b")
    let summary = try await sync(library, network, at: noon.adding(seconds: 86_400))
    #expect((summary.fetched, summary.new, summary.updated) == (1, 0, 0))
    #expect(try titles(library) == ["2"])
    #expect(try library.store.segments().filter { $0.kind == .articles } == before)
  }
}

@Test func `a purged article that is met under another guid stays purged`() async throws {
  let link = "https://a.example/1"
  try await withFeed(item("1a", link: link, text: "one")) { library, network in
    try purge("1", in: library, at: noon)
    for (day, guid) in ["1b", "1c"].enumerated() {
      network.serve(url, rss: item(guid, link: link, text: "one"), etag: "\(day)")
      let now = noon.adding(seconds: Int64(day + 1) * 86_400)
      let summary = try await sync(library, network, at: now)
      #expect((summary.fetched, summary.new) == (1, 0))
      #expect(try titles(library).isEmpty)
      #expect(try library.feeds().map { [$0.unread, $0.total] } == [[0, 0]])
    }
  }
}

@Test func `a purged article that was met under another guid comes back with its text`()
  async throws
{
  let link = "https://a.example/1"
  try await withFeed(item("1a", link: link, text: "one")) { library, network in
    let before = try #require(try library.articles(ArticleQuery()).first)
    let act = Act()
    let gone = StoreOperation.set(key: "gone", value: .bool(true), ids: [before.id])
    try library.append([PendingLine(at: noon, operation: gone)], in: act, now: noon)
    for (day, guid) in ["1b", "1c"].enumerated() {
      network.serve(url, rss: item(guid, link: link, text: "one"), etag: "\(day)")
      _ = try await sync(library, network, at: noon.adding(seconds: Int64(day + 1) * 86_400))
    }
    let id = try #require(act.id)
    let later = noon.adding(seconds: 3 * 86_400)
    let outcome = try #require(try library.undo(id, now: later))
    #expect((outcome.articles, outcome.emptied) == (1, 0))
    let row = try #require(try library.articles(ArticleQuery()).first)
    #expect(row.id == before.id)
    #expect(!row.hasChanged)
    #expect(try library.article(at: row)?.item.contentText == "one")
    // Under both guids it is known, so nothing is new.
    network.serve(url, rss: item("1b", link: link, text: "one"), etag: "again")
    let summary = try await sync(library, network, at: later)
    #expect((summary.new, summary.updated, summary.merged) == (0, 0, 0))
  }
}

@Test func `a purged article without its text that is taken back gets it from the document`()
  async throws
{
  try await withFeed(item("1", text: "one")) { library, network in
    let row = try #require(try library.articles(ArticleQuery()).first)
    let known = try #require(try library.article(at: row))
    // As compaction leaves it.
    let short = Article(
      feed: known.feed,
      keys: known.keys,
      rule: known.rule,
      contentHash: known.contentHash,
      item: known.item.withoutBody
    )
    let line = PendingLine(at: noon.adding(seconds: 1), operation: .article(short))
    try library.append([line], now: noon)
    try purge("1", in: library, at: noon)
    let undo = StoreOperation.set(key: "gone", value: .bool(false), ids: [row.id])
    try library.append([PendingLine(at: noon.adding(seconds: 2), operation: undo)], now: noon)
    for (day, count) in [(1, 1), (2, 0)] {
      // The same bytes as the day before would not be read at all.
      network.serve(url, rss: item("1", text: "one") + "<!-- \(day) -->", etag: "day \(day)")
      let now = noon.adding(seconds: Int64(day) * 86_400)
      #expect(try await sync(library, network, at: now).updated == count)
      let back = try #require(try library.articles(ArticleQuery()).first)
      #expect(try library.article(at: back)?.item.contentText == "one")
      #expect(!back.hasChanged)
    }
  }
}
