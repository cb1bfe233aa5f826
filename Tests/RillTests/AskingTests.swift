import FeedJSON
import Foundation
import LoopbackServer
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"
private let feed = """
  <rss version="2.0"><channel><title>Members</title>\
  <item><guid>1</guid><title>One</title><pubDate>Sun, 22 Nov 2026 07:00:00 GMT</pubDate></item>\
  </channel></rss>
  """
/// `ann:pass` (RFC 7617 §2).
private let basic = "Basic YW5uOnBhc3M="

/// A server that wants a login, and knows nothing of who has none.
private func members() throws -> LoopbackServer {
  try LoopbackServer { request in
    request.field("authorization") == basic
      ? .response(text: feed)
      : .response(401, [("WWW-Authenticate", "Basic")], text: "Who?")
  }
}

extension ProgramTests {
  @Test func `what is set for a feed is in its requests, and in no other's`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/mine"), "--title", "Mine")
    _ = try machine.rill("add", "--no-sync", server.url("/other"))
    _ = try machine.rill(
      "set",
      "Mine",
      "--user",
      "ann",
      "--header",
      "X-Api-Key: canary",
      "--user-agent",
      "Ann/1",
      input: "pass\n"
    )
    #expect(try machine.rill("sync", now: now).status == 0)
    let mine = try #require(server.requests.first { $0.path == "/mine" })
    #expect(mine.field("authorization") == basic)
    #expect(mine.field("x-api-key") == "canary")
    #expect(mine.field("user-agent") == "Ann/1")
    let other = try #require(server.requests.first { $0.path == "/other" })
    #expect(other.field("authorization") == nil)
    #expect(other.field("x-api-key") == nil)
    #expect(other.field("user-agent")?.hasPrefix("Rill/") == true)
  }

  @Test func `a command gives the password, once in a sync, and a login ends the refusals`() throws
  {
    let server = try members()
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/a"), server.url("/b"), now: now)
    #expect(try machine.rill("sync", now: now).status == 69)
    let refused = try machine.rill("feeds", "--json", now: now).objects()
    #expect(refused.allSatisfy { $0["verdict"] == .string("blocked") })
    let script = try machine.file("give", "echo once >> \"$RILL_HOME/runs\"; echo pass; echo more")
    for path in ["/a", "/b"] {
      _ = try machine.rill(
        "set",
        server.url(path),
        "--user",
        "ann",
        "--password-command",
        "/bin/sh '\(script)'"
      )
    }
    let run = try machine.rill("sync", server.url("/a"), server.url("/b"), now: now)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try String(contentsOfFile: machine.home + "/runs", encoding: .utf8) == "once\n")
    _ = try machine.rill("sync", now: now)
    // Nobody was asked, so nobody had to prove anything.
    #expect(try String(contentsOfFile: machine.home + "/runs", encoding: .utf8) == "once\n")
  }

  @Test func `a command that gives no password stops its feed, is told of, and no other feed`()
    throws
  {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/mine"), server.url("/other"), now: now)
    _ = try machine.rill(
      "set",
      server.url("/mine"),
      "--user",
      "ann",
      "--password-command",
      "/bin/sh -c 'echo canary >&2; exit 3' canary"
    )
    let run = try machine.rill("sync", now: now)
    #expect(run.status == 1)
    #expect(run.errors.contains("The command that gives the password ended with 3."))
    #expect(run.errors.contains("rill set"))
    #expect(!(run.errors + run.output).contains("canary"))
    #expect(server.requests.map(\.path) == ["/other"])
    #expect(!(try machine.rill("feeds", "--json", now: now).output.contains("canary")))
    #expect(!(try machine.rill("log", now: now).output.contains("canary")))
  }

  @Test func `what is secret is in no argument and no variable of what Rill starts`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    let secret = "canary-\(UUID())"
    _ = try machine.rill("add", "--no-sync", server.url("/a"), server.url("/b"), now: now)
    _ = try machine.rill(
      "set",
      server.url("/a"),
      "--user",
      "ann",
      "--header",
      "X-Key: \(secret)",
      input: secret + "\n"
    )
    let script = try machine.file(
      "look",
      "cat /proc/[0-9]*/cmdline /proc/self/environ > \"$RILL_HOME/seen\" 2>/dev/null; echo pass"
    )
    _ = try machine.rill(
      "set",
      server.url("/b"),
      "--user",
      "ann",
      "--password-command",
      "/bin/sh \(script)"
    )
    #expect(try machine.rill("sync", now: now).status == 0)
    let seen = try Data(contentsOf: URL(fileURLWithPath: machine.home + "/seen"))
    #expect(seen.range(of: Data("RILL_HOME".utf8)) != nil)
    #expect(seen.range(of: Data(secret.utf8)) == nil)
    #expect(server.requests.contains { $0.field("x-key") == secret })
  }

  @Test func `a feed goes through its own proxy, wherever it is`() throws {
    let proxy = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", "http://a.test/feed", "--title", "Far", now: now)
    _ = try machine.rill("set", "Far", "--proxy", "http://me:canary@\(proxy.place)")
    let run = try machine.rill("sync", now: now)
    #expect(run.status == 0, "\(run.errors)")
    let asked = try #require(proxy.requests.first)
    #expect(asked.target.contains("a.test/feed") || asked.method == "CONNECT")
    #expect(asked.field("proxy-authorization") != nil)
    let moved = try machine.rill("set", "Far", "--url", "http://b.test/feed")
    #expect(!moved.errors.contains("is not sent"))
    #expect(try machine.rill("sync", now: now).status == 0)
    #expect(proxy.requests.contains { $0.target.contains("b.test") })
  }

  @Test func `a feed is asked as often as a person says, down to below the floor`() throws {
    let server = try LoopbackServer { request in
      request.path == "/slow"
        ? .response(200, [("Cache-Control", "max-age=7200")], text: feed) : .response(text: feed)
    }
    let machine = try Machine()
    for path in ["/often", "/slow", "/own"] {
      _ = try machine.rill("add", "--no-sync", server.url(path), now: now)
    }
    for path in ["/often", "/slow"] {
      _ = try machine.rill("set", server.url(path), "--interval", "20m")
    }
    _ = try machine.rill("sync", now: now)
    _ = try machine.rill("sync", now: "2026-11-22T08:25:00Z")
    #expect(server.requests.dropFirst(3).map(\.path) == ["/often"])
    let feeds = try machine.rill("feeds", "--json", now: now).objects()
    let reasons = feeds.compactMap { $0["due_reason"] }
    #expect(Set(reasons) == [.string("interval"), .string("max-age"), .string("cadence")])
  }

  @Test func `a floor that is raised holds for every feed`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/a"), now: now)
    let raised = ["RILL_FETCH_MIN_INTERVAL_SECONDS": "86400"]
    _ = try machine.rill("sync", now: now, environment: raised)
    _ = try machine.rill("sync", now: "2026-11-23T07:59:59Z", environment: raised)
    #expect(server.requests.count == 1)
    _ = try machine.rill("sync", now: "2026-11-23T12:00:00Z", environment: raised)
    #expect(server.requests.count == 2)
  }
}
