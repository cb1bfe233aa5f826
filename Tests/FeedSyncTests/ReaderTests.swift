import FeedIndex
import FeedModel
import Foundation
import TestSupport
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let top = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
private let kitchen = "http://slowkitchen.example/rss-2.0.xml"
private let pool = "http://tidepool.example/atom-1.0.xml"

/// A library in a directory of its own, removed afterwards.
private func withLibrary(_ body: (Library) async throws -> Void) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-readers-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  try await body(
    Library.open(
      Library.Places(store: root + "/store", state: root + "/state", index: root + "/index.sqlite")
    )
  )
}

/// The two feeds that newsboat fetched, as they were.
private func samples() throws -> FakeNetwork {
  let network = FakeNetwork()
  for (url, file) in [(kitchen, "rss-2.0.xml"), (pool, "atom-1.0.xml")] {
    let body = try Array(Data(contentsOf: URL(fileURLWithPath: top + "/Feeds/samples/" + file)))
    network.serve(url) { _ in
      .fetched(
        body: body,
        contentType: nil,
        validators: Validators(etag: nil, lastModified: nil, url: url),
        ResponseFacts(status: 200, url: url)
      )
    }
  }
  return network
}

private func takeNewsboat(_ library: Library) throws -> ReaderImport {
  let cache = try NewsboatCache(path: top + "/Tests/Readers/newsboat/cache.db")
  var taking = try ReaderImport(into: library, now: noon)
  for feed in try cache.feeds() {
    let (id, _) = try taking.take(ListedFeed(url: feed.url, line: 0))
    // Pages of two: what is asked for in parts comes whole.
    var start: Int64?
    repeat {
      let page = try cache.articles(of: feed.url, before: start, limit: 2)
      try taking.take(page.items, of: id)
      start = page.last
    } while start != nil
  }
  try taking.commit()
  return taking
}

private func sync(_ library: Library, at now: Timestamp) async throws -> SyncSummary {
  let options = SyncOptions(reason: .scheduled, jobs: 2, clock: { now })
  return try await library.sync(try library.feeds(), from: try samples(), options) { _ in }
}

private func all(_ library: Library) throws -> [ArticleRow] {
  var query = ArticleQuery()
  query.includesRead = true
  return try library.articles(query)
}

@Test func `what newsboat had is here once, read stays read, and a sync finds it again`()
  async throws
{
  try await withLibrary { library in
    let counts = try takeNewsboat(library).counts
    #expect((counts.feeds, counts.articles, counts.read, counts.kept) == (2, 6, 3, 1))
    let before = try all(library)
    #expect(before.count == 6)
    #expect(
      Set(before.filter(\.isRead).compactMap(\.title)) == [
        "Quince, four hours & a low flame", "Bread without a timetable",
      ]
    )
    #expect(before.filter { $0.tags == ["flag-a", "flag-s"] }.map(\.title).count == 1)
    let summary = try await sync(library, at: noon.adding(seconds: 60))
    // The one that is new here was deleted there: it comes as read.
    #expect(summary.new == 1)
    let after = try all(library)
    #expect(after.count == 7)
    #expect(Set(after.map(\.title)).count == 7)
    #expect(after.count(where: \.isRead) == 3)
    #expect(after.first { $0.title?.contains("Patella") == true }?.isRead == true)
    // What a publisher says and newsboat did not keep is no edit.
    #expect(after.filter(\.hasChanged).isEmpty)
    #expect(after.filter { !$0.tags.isEmpty }.count == 1)
  }
}

@Test func `a second import writes nothing, and an undo leaves the articles without their marks`()
  async throws
{
  try await withLibrary { library in
    let first = try takeNewsboat(library)
    let act = try #require(first.actID)
    let again = try takeNewsboat(library)
    #expect(again.actID == nil)
    #expect((again.counts.feeds, again.counts.known, again.counts.articles) == (0, 2, 0))
    _ = try library.undo(act, now: noon.adding(seconds: 1))
    #expect(try library.feeds().isEmpty)
    var query = ArticleQuery()
    query.feeds = [Subscription(url: kitchen).id]
    query.includesRead = true
    #expect(try library.articles(query).map(\.isRead) == [false, false, false, false])
  }
}

@Test func `what is newer here is not replaced by what another reader kept`() async throws {
  try await withLibrary { library in
    try library.subscribe(to: [Subscription(url: kitchen, title: "Mine")], now: noon)
    _ = try await sync(library, at: noon)
    let before = try all(library).map { try library.article(at: $0)?.item.contentHTML }
    _ = try takeNewsboat(library)
    let kept = try all(library).filter { $0.feedURL == kitchen }
    #expect(try kept.map { try library.article(at: $0)?.item.contentHTML } == before)
    #expect(kept.count(where: \.isRead) == 2)
    #expect(try library.feed(at: kitchen)?.ownTitle == "Mine")
  }
}

@Test func `names of read articles find their articles, also when those come later`() async throws {
  let text = try String(contentsOfFile: top + "/Tests/Readers/newsboat/read", encoding: .utf8)
  let names = text.split(separator: "\n").map(String.init)
  #expect(names.count == 3)
  for isEarly in [true, false] {
    try await withLibrary { library in
      try library.subscribe(
        to: [Subscription(url: kitchen), Subscription(url: pool)],
        now: noon
      )
      if !isEarly { _ = try await sync(library, at: noon) }
      var taking = try ReaderImport(into: library, now: noon.adding(seconds: 1))
      try taking.takeRead(names)
      try taking.commit()
      #expect((taking.counts.found, taking.counts.waiting) == (isEarly ? (0, 3) : (3, 0)))
      if isEarly { _ = try await sync(library, at: noon.adding(seconds: 60)) }
      #expect(
        Set(try all(library).filter(\.isRead).compactMap(\.title)) == [
          "Quince, four hours & a low flame", "Bread without a timetable",
          "How to tell <i>Patella</i> from a pebble",
        ]
      )
    }
  }
}

@Test func `a name without a home is left out where feeds are many`() async throws {
  try await withLibrary { library in
    try library.subscribe(
      to: (0..<200).map { Subscription(url: "https://\($0).example/f") },
      now: noon
    )
    var taking = try ReaderImport(into: library, isDry: true, now: noon)
    try taking.takeRead((0..<600).map { "name-\($0)" } + ["https://7.example/a"])
    #expect((taking.counts.waiting, taking.counts.homeless) == (500, 101))
    try taking.takeRead(["tag:www.8.example,2026:a"])
    // One call is one list, and has room of its own.
    #expect((taking.counts.waiting, taking.counts.homeless) == (501, 101))
  }
}

@Test func `a page of articles goes on after the last, also within one moment`() async throws {
  try await withLibrary { library in
    let network = FakeNetwork()
    let items = (0..<23)
      .map { number in
        let day = number < 15 ? 3 : number
        return "<item><guid>\(number)</guid><title>\(number)</title>"
          + "<pubDate>\(day) Nov 2026 08:00:00 GMT</pubDate></item>"
      }
    network.serve("https://a.example/f", rss: items.joined())
    try library.subscribe(to: [Subscription(url: "https://a.example/f")], now: noon)
    _ = try await library.sync(
      try library.feeds(),
      from: network,
      SyncOptions(reason: .scheduled, jobs: 1, clock: { noon.adding(seconds: 864_000) })
    ) { _ in }
    for limit in [nil, 1, 9, 23] {
      var query = ArticleQuery()
      query.limit = limit
      var found: [ArticleRow] = []
      try library.eachPage(of: query, rows: 4) { found += $0 }
      #expect(found == (try library.articles(query)))
    }
  }
}

@Test func `a database that is not newsboat's is refused, and nothing of it is run`() throws {
  let folder = FileManager.default.temporaryDirectory.path + "/rill-db-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let path = folder + "/a b?mode=rwc&x=%41#.db"
  try Data("SQLite format 3\0 and no more".utf8).write(to: URL(fileURLWithPath: path))
  #expect(throws: IndexError.self) { _ = try NewsboatCache(path: path).feeds() }
  #expect(throws: IndexError.self) { _ = try NewsboatCache(path: folder + "/none.db") }
  // A view without an end, and an index of our own, which has other tables.
  let index = try FeedIndex.open(path: folder + "/index.sqlite", storeID: nil)
  try index.shrinkLog()
  #expect(throws: IndexError.self) { _ = try NewsboatCache(path: folder + "/index.sqlite") }
  let names = try FileManager.default.contentsOfDirectory(atPath: folder)
  #expect(names.filter { $0.hasPrefix("none") || $0.contains("journal") }.isEmpty)
}
