import FeedJSON
import LoopbackServer
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"

private let words = """
  Norrvik Lines has ordered six battery ferries from the Tessel shipyard in Port Alder, in a deal \
  worth 410 million crowns. Each takes 280 passengers and 45 cars to the island of Hask.
  """

private func rss(_ title: String, _ text: String) -> String {
  """
  <?xml version="1.0"?><rss version="2.0"><channel><title>\(title)</title>\
  <item><guid>\(title)</guid><title>Ferries for Hask, says \(title)</title>\
  <link>https://\(title).example/hask</link><description>\(text)</description></item>\
  </channel></rss>
  """
}

extension ProgramTests {
  @Test func `similar articles are listed once, shown, and marked together when that is asked for`()
    throws
  {
    let server = try LoopbackServer { request in
      request.path == "/gulls"
        ? .response(text: rss("gulls", words))
        : .response(text: rss("waders", "Reported by our own staff. " + words))
    }
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/gulls"), server.url("/waders"), now: now)
    #expect(try machine.rill("list", now: now).output.split(separator: "\n").count == 2)

    let list = try machine.rill("list", "--group", "similar", now: now)
    let lines = list.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[1].contains("      similar: "))

    let json = try machine.rill("list", "--group", "similar", "--json", now: now).objects()
    #expect(json.count == 1)
    guard case .string(let id)? = json[0]["id"], case .array(let similar)? = json[0]["similar"]
    else { throw Nothing() }
    #expect(similar.count == 1)

    let shown = try machine.rill("show", id, now: now)
    #expect(shown.output.contains("Similar: "))
    #expect(shown.errors.isEmpty)
    let item = try machine.rill("show", id, "--json", now: now).objects()
    guard case .array(let others)? = item[0]["_similar"] else { throw Nothing() }
    #expect(others.count == 1)

    let plain = try machine.rill("mark", "star", id, "--dry-run", now: now)
    #expect(plain.errors == "Would mark 1 article starred.\n")
    let marked = try machine.rill("mark", "read", id, "--story", now: now)
    #expect(marked.errors == "Marked 1 article read, and 1 similar.\n")
    #expect(try machine.rill("list", now: now).output.isEmpty)
    _ = try machine.rill("undo", now: now)
    #expect(try machine.rill("list", now: now).output.split(separator: "\n").count == 2)
  }

  @Test func `groups of similar articles go with ids and not with single articles`() throws {
    let machine = try Machine()
    #expect(try machine.rill("list", "--group", "similar", "--ungrouped", now: now).status == 64)
    #expect(try machine.rill("list", "--group", "other", now: now).status == 64)
    #expect(try machine.rill("mark", "read", "--all", "--story", now: now).status == 64)
    #expect(
      try machine.rill("mark", "read", "k7m2", "--story", "--ungrouped", now: now).status == 64
    )
  }
}

private struct Nothing: Error {}
