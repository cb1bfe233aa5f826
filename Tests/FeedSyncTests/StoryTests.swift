import FeedIndex
import FeedModel
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let feeds = ["https://a.example/f", "https://b.example/f", "https://c.example/f"]
private let page = "https://news.example/tern"

private func item(_ number: Int, link: String = page, title: String = "Tern") -> String {
  "<item><guid>g\(number)</guid><title>\(title)</title><link>\(link)</link></item>"
}

/// Three feeds that are followed, in a directory that is removed afterwards.
private struct Shelf {
  let network = FakeNetwork()
  let library: Library
  var now = noon

  init(_ root: String) throws {
    library = try Library.open(
      Library.Places(
        store: root + "/store",
        state: root + "/state",
        index: root + "/index.sqlite"
      )
    )
    for feed in feeds { network.serve(feed, rss: "") }
    try library.subscribe(to: feeds.map { Subscription(url: $0) }, now: now)
  }

  /// Lets a day pass, and asks all feeds.
  mutating func sync(_ documents: (feed: Int, items: String)...) async throws -> SyncSummary {
    for document in documents { network.serve(feeds[document.feed], rss: document.items) }
    now = now.adding(seconds: 86_400)
    let (library, now) = (library, now)
    let options = SyncOptions(reason: .forced, jobs: 2, clock: { now })
    return try await library.sync(try library.feeds(), from: network, options) { _ in }
  }

  func unread() throws -> [ArticleRow] { try library.stories(ArticleQuery()) }
}

private func withShelf(_ body: (inout Shelf) async throws -> Void) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-story-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  var shelf = try Shelf(root)
  try await body(&shelf)
}

@Test func `a page in three feeds is one story that names the others`() async throws {
  try await withShelf { shelf in
    let tracked = page.replacing("https", with: "http") + "/?utm_source=rss"
    _ = try await shelf.sync((0, item(1)), (1, item(1, link: tracked)), (2, item(1)))
    let rows = try shelf.unread()
    #expect(rows.count == 1)
    #expect(rows[0].copies.count == 2)
    #expect(Set(rows[0].copies.map(\.feedURL) + [rows[0].feedURL]) == Set(feeds))
    #expect(try shelf.library.articles(ArticleQuery()).count == 3)
  }
}

@Test func `a limit counts stories, whatever number of copies they have`() async throws {
  try await withShelf { shelf in
    let items = (1...40).map { item($0, link: page + "/\($0)") }.joined()
    _ = try await shelf.sync((0, items), (1, items), (2, items))
    var query = ArticleQuery()
    for limit in [1, 7, 39, 40, 50] {
      query.limit = limit
      let stories = try shelf.library.stories(query)
      #expect(stories.count == min(limit, 40))
      #expect(Set(stories.map(\.page)).count == stories.count)
    }
  }
}

@Test func `a feed with several articles of one page takes no part in its story`() async throws {
  try await withShelf { shelf in
    let daily = item(1, title: "Monday") + item(2, title: "Tuesday")
    _ = try await shelf.sync((0, daily), (1, item(1)), (2, item(1)))
    let rows = try shelf.unread()
    #expect(rows.count == 3)
    #expect(rows.map(\.copies.count).sorted() == [0, 0, 1])
  }
}

@Test func `articles that lead to the front page of a site are no story`() async throws {
  try await withShelf { shelf in
    let front = "https://news.example/"
    _ = try await shelf.sync((0, item(1, link: front)), (1, item(1, link: front)))
    #expect(try shelf.unread().count == 2)
  }
}

@Test func `a feed that is not followed any more has no copies`() async throws {
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1)), (1, item(1)))
    let id = try #require(try shelf.library.feeds().first { $0.url == feeds[1] }).id
    try shelf.library.unsubscribe(from: [id], now: shelf.now)
    #expect(try shelf.unread().map(\.copies) == [[]])
  }
}

@Test func `what leads to a page that was read is read when it comes, and its article stays`()
  async throws
{
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1)))
    try shelf.library.mark(try shelf.unread(), .read(true), now: shelf.now)
    let summary = try await shelf.sync((1, item(1) + item(2, link: page + "/other")))
    #expect(summary.new == 2)
    #expect(try shelf.unread().map(\.url) == [page + "/other"])
    var all = ArticleQuery()
    all.includesRead = true
    #expect(try shelf.library.articles(all).count == 3)
    // A person who wants it unread gets it, and no sync takes that back.
    let copy = try #require(try shelf.library.articles(all).first { $0.feedURL == feeds[1] })
    try shelf.library.mark([copy], .read(false), now: shelf.now)
    _ = try await shelf.sync((1, item(1)))
    #expect(try shelf.unread().contains { $0.id == copy.id })
  }
}

@Test func `another thing at the address of a page that was read is not read`() async throws {
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1, title: "Weather Monday")))
    try shelf.library.mark(try shelf.unread(), .read(true), now: shelf.now)
    _ = try await shelf.sync((1, item(1, title: "Weather Tuesday")))
    #expect(try shelf.unread().map(\.title) == ["Weather Tuesday"])
  }
}

@Test func `a page of which one copy is unread is shown when another comes`() async throws {
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1)), (1, item(1)))
    let first = try #require(try shelf.library.articles(ArticleQuery()).first)
    try shelf.library.mark([first], .read(true), now: shelf.now)
    _ = try await shelf.sync((2, item(1)))
    #expect(try shelf.library.articles(ArticleQuery()).count == 2)
  }
}

@Test func `a page that was read a month ago is shown again when it comes in another feed`()
  async throws
{
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1)))
    try shelf.library.mark(try shelf.unread(), .read(true), now: shelf.now)
    shelf.now = shelf.now.adding(seconds: 31 * 86_400)
    _ = try await shelf.sync((1, item(1)))
    #expect(try shelf.unread().count == 1)
  }
}

@Test func `two new articles of one page are read by nobody's mark`() async throws {
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1)))
    try shelf.library.mark(try shelf.unread(), .read(true), now: shelf.now)
    _ = try await shelf.sync((1, item(1, title: "Monday") + item(2, title: "Tuesday")))
    #expect(try shelf.library.articles(ArticleQuery()).count == 2)
    // Nor does a page say anything in the feed that it was read in.
    _ = try await shelf.sync((0, item(7, title: "Wednesday")))
    #expect(try shelf.library.articles(ArticleQuery()).count == 3)
  }
}

// What a person says of stories.

@Test func `two articles of two pages are one story where a person says so, on every machine`()
  async throws
{
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1)), (1, item(1, link: page + "/rewritten")))
    let rows = try shelf.unread().sorted { $0.feedURL < $1.feedURL }
    #expect(rows.count == 2)
    let library = shelf.library
    let outcome = try #require(try library.joinStories(rows[0], rows[1], now: shelf.now))
    #expect(try shelf.unread().map(\.copies.count) == [1])
    #expect(try library.joinStories(rows[0], rows[1], now: shelf.now) == nil)
    // It goes out and comes in with the rest of the state.
    let lines = try exported(library)
    #expect(lines.contains { if case .story = $0 { true } else { false } })
    try await withShelf { other in
      var taking = StateImport(into: other.library, now: other.now)
      for line in lines { #expect(try taking.take(line) == nil) }
      try taking.commit()
      #expect(try exported(other.library) == lines)
      #expect(try other.unread().map(\.copies.count) == [1])
    }
    let act = try #require(outcome.act)
    _ = try #require(try library.undo(act, now: shelf.now))
    #expect(try shelf.unread().map(\.copies.count) == [0, 0])
    #expect(try !exported(library).contains { if case .story = $0 { true } else { false } })
  }
}

@Test func `an article that is taken out of its story stands alone, and others stay in it`()
  async throws
{
  try await withShelf { shelf in
    _ = try await shelf.sync((0, item(1)), (1, item(1)), (2, item(1)))
    let row = try #require(try shelf.unread().first)
    _ = try shelf.library.leaveStory(row, now: shelf.now)
    let rows = try shelf.unread()
    #expect(rows.map(\.copies.count).sorted() == [0, 1])
    #expect(rows.first { $0.id == row.id }?.copies.isEmpty == true)
    // And it may come back into it.
    let other = try #require(rows.first { $0.id != row.id })
    _ = try shelf.library.joinStories(other, row, now: shelf.now)
    #expect(try shelf.unread().map(\.copies.count) == [2])
  }
}

@Test func `a story may have two articles of one feed where a person says so`() async throws {
  try await withShelf { shelf in
    _ = try await shelf.sync(
      (0, item(1)),
      (1, item(1) + item(2, link: page + "/2", title: "Tern, again"))
    )
    let rows = try shelf.unread()
    let story = try #require(
      rows.first { !$0.copies.isEmpty && $0.feedURL == feeds[0] }
        ?? rows.first { !$0.copies.isEmpty }
    )
    let single = try #require(rows.first { $0.copies.isEmpty })
    let first = try #require(
      story.feed != single.feed
        ? story : try shelf.library.copies(of: [story]).first
    )
    _ = try shelf.library.joinStories(first, single, now: shelf.now)
    #expect(try shelf.unread().map(\.copies.count) == [2])
  }
}

private func exported(_ library: Library) throws -> [StateLine] {
  var lines: [StateLine] = []
  _ = try library.exportState { lines.append($0) }
  return lines
}
