import FeedIndex
import FeedModel
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let url = "https://a.example/f"

/// One post as a document has it.
private struct Post {
  var guid: String
  var link: String
  var title: String
  var text: String
  var day: Int

  var item: String {
    """
    <item><guid isPermaLink='false'>\(guid)</guid><link>\(link)</link><title>\(title)</title>
    <pubDate>0\(day) Nov 2026 17:15:20 GMT</pubDate>
    <description><![CDATA[\(text)]]></description></item>
    """
  }
}

private func posts(_ change: (Int, inout Post) -> Void = { _, _ in }) -> String {
  (1...5)
    .map { number in
      let words = (0..<60).map { "word\(number)\($0 * 7 % 60)" }.joined(separator: " ")
      var post = Post(
        guid: "http://a.example/?p=\(number)",
        link: "http://a.example/?p=\(number)",
        title: "The post of number \(number)",
        text: "<p>\(words).</p>",
        day: number
      )
      change(number, &post)
      return post.item
    }
    .joined()
}

/// A library with one feed whose first document has five posts; the first is read, the second
/// starred.
private func withPosts(_ body: (Library, FakeNetwork) async throws -> Void) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-identity-\(UUID().uuidString)"
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
  _ = try await library.read(posts(), network, at: noon)
  let rows = try library.all()
  for (number, mark) in [(1, Mark.read(true)), (2, .star(true))] {
    let row = try #require(rows.first { $0.title?.hasSuffix("\(number)") == true })
    try library.mark([row], mark, in: nil, now: noon)
  }
  try await body(library, network)
  let rebuilt = try Library.open(
    Library.Places(store: places.store, state: places.state, index: root + "/other.sqlite")
  )
  #expect(Set(try rebuilt.all()) == Set(try library.all()))
}

extension Library {
  fileprivate func all() throws -> [ArticleRow] {
    var query = ArticleQuery()
    query.includesRead = true
    return try articles(query)
  }

  fileprivate func read(
    _ items: String,
    _ network: FakeNetwork,
    at now: Timestamp
  ) async throws -> SyncSummary {
    network.serve(url, rss: items, etag: "\"\(now.seconds)\"")
    let options = SyncOptions(reason: .forced, jobs: 1, clock: { now })
    return try await sync(try feeds(), from: network, options) { _ in }
  }
}

private let moves: [(name: String, document: String)] = [
  ("guids with https", posts { $1.guid = $1.guid.replacing("http:", with: "https:") }),
  (
    "another domain",
    posts { number, post in
      post.guid = "https://b.example/?p=\(number)"
      post.link = "https://b.example/?p=\(number)"
    }
  ),
  (
    "other software",
    posts { number, post in
      post.guid = "tag:a.example,2026:\(number)"
      post.link = "https://a.example/2026/the-post-of-\(number)/"
      post.text += "<p>Tell your friends of it.</p>"
    }
  ),
  (
    "tracked links",
    posts {
      $1.link += "&utm_source=feed&fbclid=\($0)"; $1.guid = "new-\($0)"
    }
  ),
  (
    "other titles",
    posts {
      $1.title = "Title \($0)"; $1.link += "&amp;x"
    }
  ),
]

@Test(arguments: moves)
func `read stays read and starred stays starred, whatever the publisher does`(
  name: String,
  document: String
) async throws {
  try await withPosts { library, network in
    let moved = try await library.read(document, network, at: noon.adding(seconds: 86_400))
    #expect((moved.fetched, moved.new) == (1, 0), "\(name)")
    let again = try await library.read(document, network, at: noon.adding(seconds: 2 * 86_400))
    #expect((again.fetched, again.new, again.updated, again.merged) == (1, 0, 0, 0), "\(name)")
    let back = try await library.read(posts(), network, at: noon.adding(seconds: 3 * 86_400))
    #expect(back.new == 0, "\(name)")
    let rows = try library.all()
    #expect((rows.count, rows.count(where: \.isRead), rows.count(where: \.isStarred)) == (5, 1, 1))
    #expect(rows.first(where: \.isRead)?.id != rows.first(where: \.isStarred)?.id)
  }
}

@Test func `a counter is not written, markup is written and no change, a digit is a change`()
  async throws
{
  try await withPosts { library, network in
    func read(_ day: Int, _ text: String) async throws -> (SyncSummary, changed: Int, lines: Int) {
      let document = posts { if $0 == 3 { $1.text = text } }
      let now = noon.adding(seconds: Int64(day) * 86_400)
      let summary = try await library.read(document, network, at: now)
      let rows = try library.all()
      let row = try #require(rows.first { $0.title?.hasSuffix("3") == true })
      let explanation = try library.explain(.article([row.id]))
      #expect(try library.article(at: row)?.item.contentHTML != nil)
      return (summary, rows.count(where: \.hasChanged), explanation.events.count)
    }
    let words = "<p>It has 41 rooms and a roof.</p>"
    let first = try await read(1, words + "<p>Comments: 3</p>")
    #expect((first.0.updated, first.changed, first.lines) == (1, 1, 2))
    let ticked = try await read(2, words + "<p>Comments: 14</p>")
    #expect((ticked.0.new, ticked.0.updated, ticked.lines) == (0, 0, 2))
    let marked = try await read(3, "<div>" + words + "</div><p><b>Comments:</b> 3</p>")
    #expect((marked.0.new, marked.0.updated, marked.lines) == (0, 0, 3))
    let corrected = try await read(4, words.replacing("41", with: "42") + "<p>Comments: 15</p>")
    #expect((corrected.0.new, corrected.0.updated, corrected.lines) == (0, 1, 4))
  }
}

@Test func `an article whose markup alone changed is not listed as changed`() async throws {
  try await withPosts { library, network in
    let document = posts { $1.text = "<div class='x'>\($1.text)</div>" }
    let summary = try await library.read(document, network, at: noon.adding(seconds: 86_400))
    #expect((summary.new, summary.updated) == (0, 0))
    #expect(try library.all().allSatisfy { !$0.hasChanged })
    // The new body is the one that is shown.
    for row in try library.all() {
      #expect(try library.article(at: row)?.item.contentHTML?.contains("class") == true)
    }
  }
}
