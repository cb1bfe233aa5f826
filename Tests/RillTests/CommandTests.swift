import FeedJSON
import Foundation
import LoopbackServer
import TestSupport
import Testing

private func rss(_ items: String, title: String = "Example") -> String {
  """
  <?xml version="1.0"?><rss version="2.0"><channel><title>\(title)</title>\
  <link>https://blog.example/</link>\(items)</channel></rss>
  """
}

private func item(_ number: Int, _ title: String = "Title") -> String {
  """
  <item><guid isPermaLink="false">g\(number)</guid><link>https://blog.example/\(number)</link>\
  <title>\(title) \(number)</title><description>&lt;p&gt;Words of \(number).&lt;/p&gt;</description>\
  <pubDate>Sat, 21 Nov 2026 10:0\(number):00 GMT</pubDate></item>
  """
}

private let now = "2026-11-22T08:00:00Z"
private let tomorrow = "2026-11-23T09:00:00Z"

/// A server that answers one path with a feed and knows its ETag.
private func feedServer(_ body: String) throws -> LoopbackServer {
  try LoopbackServer { request in
    request.field("if-none-match") == "\"1\""
      ? .response(304, [("ETag", "\"1\"")])
      : .response(200, [("ETag", "\"1\"")], text: body)
  }
}

extension ProgramTests {
  @Test func `help is about rill and its command, however it is asked for`() throws {
    let machine = try Machine()
    for run in [
      try machine.rill("list", "--help"), try machine.rill("list", "-h"),
      try machine.rill("help", "list"),
    ] {
      #expect(run.status == 0)
      #expect(run.output.contains("USAGE: rill list "))
    }
    let run = try machine.rill("devices", "forget", "--help")
    #expect(run.output.contains("USAGE: rill devices forget "))
  }

  @Test func `a person adds, lists, reads, marks, and a day later sees 0 new`() throws {
    let server = try feedServer(rss(item(1) + item(2) + item(3)))
    let machine = try Machine()
    let added = try machine.rill("add", server.url("/feed"), now: now)
    #expect(added.status == 0)
    #expect(added.output.isEmpty)
    #expect(added.errors.contains("Following Example"))
    #expect(server.requests.count == 1)

    let unread = try machine.rill("list", "--json", now: now).objects()
    #expect(unread.map { $0["title"] } == ["Title 3", "Title 2", "Title 1"].map { .string($0) })
    guard case .string(let id)? = unread[0]["id"] else { throw Missing() }
    let shown = try machine.rill("show", String(id.prefix(8)), now: now)
    #expect(shown.output.contains("Words of 3."))
    #expect(shown.output.hasPrefix("Title 3\n"))

    let marked = try machine.rill("mark", "read", id, now: now)
    #expect(marked.status == 0)
    #expect(marked.output.isEmpty)
    #expect(try machine.rill("list", "--json", now: now).lines.count == 2)
    #expect(try machine.rill("list", "--all", "--json", now: now).lines.count == 3)

    let soon = try machine.rill("sync", "--json", now: now).objects()
    #expect(soon[0]["not_due"] == .number("1"))
    #expect(server.requests.count == 1)
    let later = try machine.rill("sync", "--json", now: tomorrow).objects()
    #expect(later[0]["not_modified"] == .number("1"))
    #expect(later[0]["new"] == .number("0"))
    #expect(try machine.rill("list", "--json", now: tomorrow).lines.count == 2)
  }

  @Test func `the JSON of list, feeds and sync has the members that are promised`() throws {
    let server = try feedServer(rss(item(1)))
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), "--tag", "news", now: now)
    let article = try machine.rill("list", "--json", now: now).objects()[0]
    #expect(
      Set(article.keys) == [
        "id", "feed", "title", "url", "published", "received", "read", "starred", "changed",
        "story",
      ]
    )
    #expect(article["published"] == .string("2026-11-21T10:01:00Z"))
    #expect(article["received"] == .string(now))
    let feed = try machine.rill("feeds", "--json", now: now).objects()[0]
    #expect(
      Set(feed.keys) == [
        "id", "url", "title", "site", "tags", "unread", "total", "verdict", "last_success",
        "last_status", "next_due", "due_reason", "failures",
      ]
    )
    #expect(feed["tags"] == .array([.string("news")]))
    let summary = try machine.rill("sync", "--json", now: tomorrow).objects()[0]
    #expect(
      Set(summary.keys) == [
        "feeds", "fetched", "not_modified", "not_due", "failed", "new", "updated", "merged",
        "errors", "seconds",
      ]
    )
  }

  @Test func `the address of a site is enough, and the other feeds of the page are named`() throws {
    let page = """
      <!doctype html><title>Blog</title>
      <link rel="alternate" type="application/rss+xml" title="Posts" href="/feed.xml">
      <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">
      """
    let server = try LoopbackServer { request in
      .response(200, text: request.path == "/" ? page : rss(item(1)))
    }
    let machine = try Machine()
    let added = try machine.rill("add", server.url("/"), now: now)
    #expect(added.status == 0)
    #expect(added.errors.contains("/comments.xml"))
    #expect(server.requests.map(\.path) == ["/", "/feed.xml"])
    let feed = try machine.rill("feeds", "--json", now: now).objects()[0]
    #expect(feed["url"] == .string(server.url("/feed.xml")))
  }

  @Test func `a local file is a source like any other`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", rss(item(1)))
    #expect(try machine.rill("add", path, now: now).status == 0)
    #expect(try machine.rill("sync", path, "--json", now: now).objects()[0]["new"] == .number("0"))
    _ = try machine.file("feed.xml", rss(item(1) + item(2)))
    #expect(try machine.rill("sync", path, "--json", now: now).objects()[0]["new"] == .number("1"))
  }

  @Test func `what is there already can be left read, whole or but for the newest`() throws {
    let server = try feedServer(rss(item(1) + item(2) + item(3)))
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/a"), "--mark-read", now: now)
    #expect(try machine.rill("list", "--json", now: now).lines.isEmpty)
    let other = try Machine()
    _ = try other.rill("add", server.url("/b"), "--keep", "1", "--title", "Mine", now: now)
    let kept = try other.rill("list", "--tsv", now: now).lines
    #expect(kept.count == 1)
    #expect(kept[0].split(separator: "\t").dropFirst(2).prefix(2) == ["Mine", "Title 3"])
  }

  @Test func `ids come from standard input, and all are marked or none`() throws {
    let server = try feedServer(rss(item(1) + item(2) + item(3)))
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), now: now)
    let ids = try machine.rill("list", "--tsv", now: now).lines.map { String($0.prefix(20)) }
    let bad = try machine.rill("mark", "read", ids[0], "zzzzzzzz", now: now)
    #expect(bad.status == 64)
    #expect(bad.errors.contains("zzzzzzzz"))
    #expect(try machine.rill("list", "--json", now: now).lines.count == 3)
    let good = try machine.rill("mark", "read", "-", input: ids.joined(separator: "\n"), now: now)
    #expect(good.errors.contains("Marked 3 articles read."))
    #expect(try machine.rill("list", "--json", now: now).lines.isEmpty)
    _ = try machine.rill("mark", "unread", ids[1], now: now)
    _ = try machine.rill("mark", "star", ids[2], now: now)
    _ = try machine.rill("mark", "tag:later", ids[2], now: now)
    #expect(
      try machine.rill("list", "--tsv", now: now).lines.map { $0.prefix(20) } == [ids[1][...]]
    )
    let starred = try machine.rill("list", "--starred", "--json", now: now).objects()
    #expect(starred.map { $0["tags"] } == [.array([.string("later")])])
    #expect(try machine.rill("list", "--all", "--tag", "later", "--tsv").lines.count == 1)
    #expect(try machine.rill("mark", "read", "--before", "1h", "--dry-run", now: now).status == 0)
    #expect(try machine.rill("list", "--json", now: now).lines.count == 1)
  }

  @Test func `a feed that is removed comes back with its articles and marks`() throws {
    let server = try feedServer(rss(item(1) + item(2)))
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), now: now)
    let ids = try machine.rill("list", "--tsv", now: now).lines.map { String($0.prefix(20)) }
    _ = try machine.rill("mark", "read", ids[0], now: now)
    #expect(try machine.rill("remove", "exam", now: now).status == 0)
    #expect(try machine.rill("list", "--all", "--json", now: now).lines.isEmpty)
    #expect(try machine.rill("feeds", "--json", now: now).lines.isEmpty)
    _ = try machine.rill("add", "--no-sync", server.url("/feed"), now: now)
    #expect(
      try machine.rill("list", "--tsv", now: now).lines.map { $0.prefix(20) } == [ids[1][...]]
    )
  }

  @Test func `deleting the cache changes nothing that is shown`() throws {
    let server = try feedServer(rss(item(1) + item(2) + item(3)))
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), now: now)
    let ids = try machine.rill("list", "--tsv", now: now).lines.map { String($0.prefix(20)) }
    _ = try machine.rill("mark", "star", ids[0], now: now)
    let before = try machine.rill("list", "--json", now: now).output
    try FileManager.default.removeItem(atPath: machine.home + "/cache")
    #expect(try machine.rill("list", "--json", now: now).output == before)
    #expect(try !machine.rill("list", now: now).output.isEmpty)
  }

  @Test func `nothing from a feed steers a terminal, and no line breaks in two`() throws {
    // U+009B and U+0085 become what windows-1252 means by these bytes; U+009D means nothing.
    let hostile =
      "A\u{9B}31m\u{9D}0;x\u{81}&#x202e;B\u{85}C&#x2028;D&#10;E\u{7F}F&amp;#27;]0;x&amp;#7;G"
    let server = try feedServer(rss(item(1, hostile), title: hostile))
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), now: now)
    for arguments in [["list"], ["list", "--tsv"], ["list", "--json"], ["feeds"]] {
      let output =
        try machine.shell(
          "$RILL " + arguments.joined(separator: " "),
          now: now
        )
        .output
      #expect(output.split(separator: "\n").count == 1)
      for scalar in output.unicodeScalars {
        let isSafe =
          scalar == "\n" || scalar == "\t" || (0x20..<0x7F).contains(scalar.value)
          || "\u{FFFD}›…".unicodeScalars.contains(scalar)
        #expect(isSafe, "\(arguments): U+\(String(scalar.value, radix: 16))")
      }
    }
  }

  @Test func `parse prints any feed as JSON Feed and stores nothing`() throws {
    let machine = try Machine()
    let run = try machine.rill("parse", "-", input: rss(item(1)))
    let feed = try run.objects()[0]
    #expect(feed["version"] == .string("https://jsonfeed.org/version/1.1"))
    #expect(feed["title"] == .string("Example"))
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/store"))
  }

  @Test func `parse names the items that are dated in the future, and keeps their dates`() throws {
    let machine = try Machine()
    let document =
      "<rss><channel><item><guid>g</guid><pubDate>Mon, 02 Nov 2026 09:30:15 GMT</pubDate></item>"
      + "</channel></rss>"
    func output(now: String) throws -> String {
      try machine.rill("parse", "-", input: document, now: now).output
    }
    let late = try output(now: "2026-10-01T00:00:00Z")
    let issue = "{\"kind\":\"future-date\",\"detail\":\"2026-11-02T09:30:15Z: g\"}"
    #expect(late.contains(issue) && late.contains("\"date_published\":\"2026-11-02T09:30:15Z\""))
    #expect(try !output(now: "2026-11-01T10:00:00Z").contains("future-date"))
  }

  @Test func `parse says what a document is that is no feed`() throws {
    let machine = try Machine()
    let list = "<opml version='2.0'><body><outline xmlUrl='https://e.example/feed'/></body></opml>"
    let run = try machine.rill("parse", "-", input: list)
    #expect(run.status == 65 && run.output.isEmpty)
    #expect(run.errors.contains("This is a list of subscriptions (OPML), not a feed."))
  }
}

private struct Missing: Error {}
