import FeedJSON
import LoopbackServer
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"

private func rss(_ title: String, _ items: String) -> String {
  """
  <?xml version="1.0"?><rss version="2.0"><channel><title>\(title)</title>\
  <link>https://\(title).example/</link>\(items)</channel></rss>
  """
}

private func item(_ guid: String, _ link: String, _ title: String) -> String {
  "<item><guid isPermaLink=\"false\">\(guid)</guid><link>\(link)</link><title>\(title)</title></item>"
}

/// Two feeds that have one page in common.
private func twoFeeds() throws -> LoopbackServer {
  try LoopbackServer { request in
    let link = "https://news.example/tern"
    return request.path == "/gulls"
      ? .response(text: rss("gulls", item("1", link + "?utm_medium=rss", "Terns are back")))
      : .response(
        text: rss(
          "waders",
          item("a", link, "Terns are back") + item("b", "https://news.example/ruff", "Ruffs")
        )
      )
  }
}

extension ProgramTests {
  @Test func `a story is listed once with where else it is, and marked as one`() throws {
    let server = try twoFeeds()
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/gulls"), server.url("/waders"), now: now)
    let list = try machine.rill("list", now: now)
    #expect(list.output.split(separator: "\n").count == 2)
    #expect(list.output.contains("Terns are back · also in "))
    let all = try machine.rill("list", "--ungrouped", now: now)
    #expect(all.output.split(separator: "\n").count == 3)
    #expect(!all.output.contains("also in"))

    let story = try #require(
      try machine.rill("list", "--json", now: now).objects().first { $0["also"] != nil }
    )
    guard case .string(let id)? = story["id"], case .array(let also)? = story["also"],
      case .string(let name)? = story["story"]
    else { throw Missing() }
    #expect(also.count == 1)
    #expect(name.utf8.count == 13)
    #expect(try machine.rill("show", id, now: now).output.contains("Also in "))

    let dry = try machine.rill("mark", "read", id, "--dry-run", now: now)
    #expect(dry.errors == "Would mark 1 article read, and 1 copy elsewhere.\n")
    let marked = try machine.rill("mark", "read", id, now: now)
    #expect(marked.errors == "Marked 1 article read, and 1 copy elsewhere.\n")
    let rest = try machine.rill("list", "--ungrouped", "--json", now: now).objects()
    #expect(rest.map { $0["title"] } == [.string("Ruffs")])
    // One act: both are unread again.
    _ = try machine.rill("undo", now: now)
    #expect(try machine.rill("list", "--ungrouped", "--json", now: now).objects().count == 3)
  }

  @Test func `who asks for it marks one copy alone`() throws {
    let server = try twoFeeds()
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/gulls"), server.url("/waders"), now: now)
    let marked = try machine.rill("mark", "read", "--ungrouped", "--feed", "gulls", now: now)
    #expect(marked.errors == "Marked 1 article read.\n")
    let rest = try machine.rill("list", now: now)
    #expect(rest.output.contains("Terns are back · also in gulls"))
    // A feed that is marked takes the copies of its articles along.
    _ = try machine.rill("mark", "unread", "--all", now: now)
    let feed = try machine.rill("mark", "read", "--feed", "gulls", now: now)
    #expect(feed.errors == "Marked 1 article read, and 1 copy elsewhere.\n")
  }
}

private struct Missing: Error {}
