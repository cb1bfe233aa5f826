import FeedJSON
import LoopbackServer
import Synchronization
import TestSupport
import Testing

private let (first, second, third) = (
  "2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z"
)

/// A server of one feed that can be exchanged.
private struct Publisher {
  let server: LoopbackServer
  private let items: Shared

  private final class Shared: Sendable {
    let text: Mutex<String>
    init(_ text: String) { self.text = Mutex(text) }
  }

  init(_ text: String) throws {
    let items = Shared(text)
    self.items = items
    server = try LoopbackServer { _ in
      .response(
        text: "<rss version='2.0'><channel><title>Mill</title>\(items.text.withLock { $0 })"
          + "</channel></rss>"
      )
    }
  }

  func publish(_ text: String) { items.text.withLock { $0 = text } }
}

private func item(_ number: Int, guid: String, link: String, more: String = "") -> String {
  let words = (0..<50).map { "w\(number)x\($0)" }.joined(separator: " ")
  return """
    <item><guid isPermaLink='false'>\(guid)</guid><link>\(link)</link>
    <title>Turning of wheel \(number)</title><pubDate>0\(number) Nov 2026 17:15:20 GMT</pubDate>
    <description><![CDATA[<p>\(words)</p>\(more)]]></description></item>
    """
}

extension ProgramTests {
  @Test func `a site that moves to other software keeps marks, and why says by what it was known`()
    throws
  {
    let old = (1...4)
      .map { item($0, guid: "http://mill.example/?p=\($0)", link: "http://mill.example/?p=\($0)") }
    let publisher = try Publisher(old.joined())
    let machine = try Machine()
    _ = try machine.rill("add", publisher.server.url("/feed"), now: first)
    let ids = try machine.rill("list", "--tsv").lines
      .compactMap { $0.split(separator: "\t").first.map(String.init) }
    #expect(ids.count == 4)
    _ = try machine.rill("mark", "read", ids[0], now: first)
    _ = try machine.rill("mark", "star", ids[1], now: first)
    let new = (1...4)
      .map { number in
        let link = "https://mill.example/2026/wheel-\(number)/"
        return item(number, guid: link, link: link, more: "<p>Share this with the miller.</p>")
      }
    publisher.publish(new.joined())
    let moved = try machine.rill("sync", "--force", "--json", now: second).objects()[0]
    #expect(moved["new"] == .number("0"))
    #expect(moved["merged"] == .number("4"))
    let again = try machine.rill("sync", "--force", "--json", now: third).objects()[0]
    #expect(
      [again["new"], again["updated"], again["merged"]] == Array(repeating: .number("0"), count: 3)
    )
    #expect(try machine.rill("list", "--tsv").lines.count == 3)
    #expect(try machine.rill("list", "--tsv", "--starred").lines.count == 1)
    let why = try machine.rill("why", ids[0]).output
    #expect(
      why.contains(
        "The same article by its title, text and date as in the line of 2026-11-22T08:00:00Z, for "
          + "its old guid and link have left the document."
      ),
      "\(why)"
    )
    #expect(why.contains("% of them is in both."), "\(why)")
  }

  @Test func `list --changed shows corrections, and neither counters nor markup`() throws {
    func document(_ texts: [String]) -> String {
      texts.enumerated()
        .map { item($0 + 1, guid: "g\($0)", link: "https://mill.example/\($0)", more: $1) }
        .joined()
    }
    let publisher = try Publisher(
      document(["<p>7 comments</p>", "<p>One wheel.</p>", "<p>It is 41 years old.</p>"])
    )
    let machine = try Machine()
    _ = try machine.rill("add", publisher.server.url("/feed"), now: first)
    publisher.publish(
      document(["<p>9 comments</p>", "<div>One <b>wheel</b>.</div>", "<p>It is 42 years old.</p>"])
    )
    let summary = try machine.rill("sync", "--force", "--json", now: second).objects()[0]
    #expect(summary["updated"] == .number("1"))
    let changed = try machine.rill("list", "--changed", "--tsv").lines
    #expect(changed.count == 1 && changed[0].contains("wheel 3"), "\(changed)")
    let id = try machine.rill("list", "--tsv").lines.first { $0.contains("wheel 2") }?
      .split(separator: "\t").first.map(String.init)
    let why = try machine.rill("why", try #require(id)).output
    #expect(why.contains("with a small change"), "\(why)")
    #expect(why.contains("One revision."), "\(why)")
  }
}
