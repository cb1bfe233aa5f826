import FeedJSON
import Foundation
import LoopbackServer
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"
private let feed = """
  <rss version="2.0"><channel><title>Good</title>\
  <item><guid>1</guid><title>One</title><pubDate>Sun, 22 Nov 2026 07:00:00 GMT</pubDate></item>\
  </channel></rss>
  """

/// A server whose paths are what they are called.
private func server() throws -> LoopbackServer {
  try LoopbackServer { request in
    switch request.path {
    case "/good": .response(text: feed)
    case "/forbidden": .response(403, text: "<p>Ask \u{1B}[2Jless.</p>")
    case "/login": .response(401, text: "Who?")
    case "/pause": .response(429, [("Retry-After", "7200")], text: "")
    case "/gone": .response(410, text: "")
    case "/long": .response(200, [("Cache-Control", "max-age=504576000")], text: feed)
    case "/endless": .response(503, [("Retry-After", "99999999")], text: "")
    case "/old": .redirect(301, to: "/good")
    default: .response(404, text: "")
    }
  }
}

extension ProgramTests {
  @Test func `each feed has a verdict with its evidence, and can be chosen by it`() throws {
    let server = try server()
    let machine = try Machine()
    let paths = ["/good", "/forbidden", "/login", "/gone", "/missing"]
    for path in paths { _ = try machine.rill("add", "--no-sync", server.url(path), now: now) }
    let new = try machine.rill("feeds", "--json", now: now).objects()
    #expect(Set(new.map { $0["verdict"] }) == [.string("new")])
    _ = try machine.rill("sync", now: now)
    let feeds = try machine.rill("feeds", "--json", now: now).objects()
    func member(_ name: String, of path: String) -> JSONValue? {
      feeds.first { $0["url"] == .string(server.url(path)) }?[name]
    }
    #expect(
      paths.map { member("verdict", of: $0) }
        == ["ok", "blocked", "blocked", "gone", "broken"].map { .string($0) }
    )
    #expect(member("evidence", of: "/good") == nil)
    #expect(
      member("evidence", of: "/forbidden")
        == .string("The server answered 403 and said: \"Ask [2Jless.\".")
    )
    #expect(
      paths.map { member("due_reason", of: $0) }
        == ["cadence", "backoff", "backoff", "gone", "backoff"].map { .string($0) }
    )
    #expect(member("next_due", of: "/gone") == nil)
    #expect(member("last_status", of: "/login") == .number("401"))
    let blocked = try machine.rill("feeds", "--verdict", "blocked", now: now)
    #expect(blocked.lines.count == 2)
    #expect(blocked.lines.allSatisfy { $0.contains("  blocked ") })
    #expect(blocked.output.contains("Ask [2Jless."))
    #expect(!blocked.output.contains("\u{1B}"))
    let some = try machine.rill("feeds", "--verdict", "gone", "--verdict", "ok", now: now)
    #expect(some.lines.count == 2)
    #expect(some.output.contains("never"))
    #expect(try machine.rill("feeds", "--verdict", "bad").status == 64)
  }

  @Test func `what a server asks for beyond measure is clipped, and said`() throws {
    let server = try server()
    let machine = try Machine()
    for path in ["/long", "/endless"] {
      _ = try machine.rill("add", "--no-sync", server.url(path), now: now)
    }
    _ = try machine.rill("sync", now: now)
    let feeds = try machine.rill("feeds", "--json", now: now).objects()
    for feed in feeds {
      guard case .string(let note)? = feed["note"] else {
        Issue.record("No note: \(feed)")
        continue
      }
      #expect(note.contains("believed"), "\(note)")
    }
    #expect(feeds.count == 2)
    #expect(try machine.rill("feeds", now: now).lines.allSatisfy { $0.contains("believed") })
    #expect(try machine.rill("doctor", now: now).output.contains("believed"))
  }

  @Test func `a sync says how many feeds were not due, why and when the next is`() throws {
    let server = try server()
    let machine = try Machine()
    for path in ["/good", "/pause", "/gone"] {
      _ = try machine.rill("add", "--no-sync", server.url(path), now: now)
    }
    _ = try machine.rill("sync", now: now)
    let run = try machine.rill("sync", now: "2026-11-22T08:30:00Z")
    #expect(run.status == 0)
    #expect(run.output.contains("3 not due ("), "\(run.output)")
    for words in [
      "1 by its own cadence", "1 because it is gone",
      "1 because its server asked for a pause until 2026-11-22T10:00:00Z",
    ] {
      #expect(run.output.contains(words), "\(run.output)")
    }
    #expect(run.output.contains("next at 2026-11-22T1"), "\(run.output)")
    let json = try machine.rill("sync", "--json", now: "2026-11-22T08:30:00Z").objects()[0]
    guard case .array(let skipped)? = json["skipped"] else { throw Missing() }
    let reasons = skipped.compactMap { entry -> String? in
      guard case .object(let members) = entry, case .string(let reason)? = members["reason"] else {
        return nil
      }
      #expect((members["until"] == nil) == (reason == "gone"))
      #expect(members["feed"] != nil && members["url"] != nil)
      return reason
    }
    #expect(Set(reasons) == ["cadence", "retry-after", "gone"])
    #expect(server.requests.count == 3)
  }

  @Test func `a feed that is named and must wait says until when, and that force does not help`()
    throws
  {
    let server = try server()
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/pause"), now: now)
    _ = try machine.rill("sync", now: now)
    let named = try machine.rill("sync", server.url("/pause"), now: now)
    #expect(named.status == 0)
    #expect(named.errors.contains("until 2026-11-22T10:00:00Z: its server asked for a pause."))
    #expect(!named.errors.contains("force"))
    let forced = try machine.rill("sync", server.url("/pause"), "--force", now: now)
    #expect(forced.errors.contains("--force does not go against that."))
    #expect(try machine.rill("sync", "--quiet", server.url("/pause"), now: now).errors.isEmpty)
    #expect(server.requests.count == 1)
    let later = try machine.rill("sync", server.url("/pause"), now: "2026-11-22T10:00:01Z")
    #expect(later.status == 69)
    #expect(server.requests.count == 2)
  }

  @Test func `a feed that has moved is said, the move is undone with set, and not made again`()
    throws
  {
    let server = try server()
    let machine = try Machine()
    let (old, new) = ("http://blog.test:\(server.port)/old", "http://blog.test:\(server.port)/good")
    let resolve = "blog.test:\(server.port):127.0.0.1"
    _ = try machine.rill("add", "--no-sync", old, "--title", "Blog", now: now)
    var last = try machine.rill("sync", "--resolve", resolve, now: now)
    #expect(!last.errors.contains("has moved"))
    #expect(
      try machine.rill("feeds", "--json", now: now).objects()[0]["verdict"] == .string("moved")
    )
    for day in 23...25 where !last.errors.contains("has moved") {
      last = try machine.rill("sync", "--resolve", resolve, now: "2026-11-\(day)T09:00:00Z")
    }
    #expect(last.errors.contains("Blog has moved to \(new); undo with: rill set "))
    let undo = try #require(last.errors.split(separator: "\n").first { $0.contains("undo") })
    let command = try #require(undo.split(separator: ": ").last)
    #expect(try machine.rill("set", "Blog", now: now).output.contains(old))
    _ = try machine.shell("$RILL \(command.dropFirst(5))", now: "2026-11-26T09:00:00Z")
    #expect(try machine.rill("feeds", "--json").objects()[0]["url"] == .string(old))
    for day in 26...30 {
      let run = try machine.rill(
        "sync",
        "--resolve",
        resolve,
        "--json",
        now: "2026-11-\(day)T10:00:00Z"
      )
      #expect(run.status == 0)
      #expect(!run.output.contains("moved"), "\(run.output)")
    }
    #expect(try machine.rill("feeds", "--json").objects()[0]["url"] == .string(old))
    #expect(try machine.rill("set", "Blog").output.contains("never moves to"))
  }

  @Test func `of many feeds that have moved ten are named`() throws {
    let server = try LoopbackServer { request in
      request.path.hasPrefix("/old")
        ? .redirect(301, to: "/new" + request.path.dropFirst(4)) : .response(text: feed)
    }
    let machine = try Machine()
    let place = "blog.test:\(server.port)"
    let urls = (1...12).map { "http://\(place)/old/\($0)" }.joined(separator: " ")
    let run = try machine.shell(
      """
      $RILL add --no-sync \(urls) 2>/dev/null
      RILL_FETCH_MOVE_POLLS=1 RILL_FETCH_MOVE_SECONDS=0 exec $RILL sync --resolve \(place):127.0.0.1
      """
    )
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.split(separator: "\n").filter { $0.contains("has moved to") }.count == 10)
    #expect(run.errors.contains("2 others moved too."))
  }

  @Test func `a feed that is named twice is asked once`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    let url = server.url("/good")
    _ = try machine.rill("add", "--no-sync", url, "--title", "Mine")
    let summary = try machine.rill("sync", url, "Mine", "--json").objects()[0]
    #expect(summary["feeds"] == .number("1"))
    #expect(summary["new"] == .number("1"))
    #expect(server.requests.count == 1)
  }

  @Test func `a new address is asked at once, whatever the old one said`() throws {
    let server = try server()
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/gone"), "--title", "Blog", now: now)
    _ = try machine.rill("sync", now: now)
    _ = try machine.rill("set", "Blog", "--url", server.url("/good"), now: now)
    let run = try machine.rill("sync", now: now)
    #expect(run.output.contains("1 new article"))
    #expect(try machine.rill("feeds", "--json", now: now).objects()[0]["verdict"] == .string("ok"))
  }

  @Test func `the log tells what a server answered, newest first, and answers alike are one line`()
    throws
  {
    let server = try server()
    let machine = try Machine()
    for path in ["/good", "/forbidden"] {
      _ = try machine.rill("add", "--no-sync", server.url(path), now: now)
    }
    #expect(try machine.rill("log").errors.contains("Nothing was asked yet"))
    for hour in ["08", "13", "18"] {
      _ = try machine.rill(
        "sync",
        server.url("/good"),
        server.url("/forbidden"),
        now: "2026-11-22T\(hour):00:00Z"
      )
    }
    let refused = try machine.rill("log", server.url("/forbidden"), "--json").objects()
    #expect(refused.count == 1)
    #expect(refused[0]["count"] == .number("3"))
    #expect(refused[0]["since"] == .string("2026-11-22T08:00:00Z"))
    #expect(refused[0]["until"] == .string("2026-11-22T18:00:00Z"))
    #expect(refused[0]["status"] == .number("403"))
    let good = try machine.rill("log", "Good", "--json").objects()
    #expect(good.map { $0["count"] } == [.number("2"), .number("1")])
    #expect(good.map { $0["words"] } == [.string("not modified"), .string("1 new")])
    let all = try machine.rill("log")
    #expect(all.lines.count == 2)
    #expect(all.output.contains("Ask [2Jless.") && !all.output.contains("\u{1B}"))
    #expect(try machine.rill("log", "--limit", "1").lines.count == 1)
    #expect(try machine.rill("log", "nothing").status == 64)
  }

  @Test func `the log ends with the hosts that are left alone`() throws {
    let server = try server()
    let machine = try Machine()
    let place = "busy.test:\(server.port)"
    _ = try machine.rill("add", "--no-sync", "http://\(place)/pause", now: now)
    _ = try machine.rill("sync", "--resolve", "\(place):127.0.0.1", now: now)
    let host = try #require(try machine.rill("log", "--json", now: now).objects().last)
    #expect(host["host"] == .string("busy.test"))
    #expect(host["until"] == .string("2026-11-22T10:00:00Z"))
    let words = "busy.test is left alone until 2026-11-22T10:00:00Z."
    #expect(try machine.rill("log", now: now).output.contains(words))
    #expect(try machine.rill("doctor", now: now).output.contains("busy.test"))
    #expect(!(try machine.rill("log", now: "2026-11-22T10:00:00Z").output.contains(words)))
  }

  @Test func `the doctor is quiet when all is well, asks nobody, and names the next command`()
    throws
  {
    let server = try server()
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/good"), now: now)
    let well = try machine.rill("doctor", now: now)
    #expect(well.status == 0)
    #expect(well.output.isEmpty && well.errors.isEmpty)
    for path in ["/forbidden", "/login", "/gone", "/missing"] {
      _ = try machine.rill("add", "--no-sync", server.url(path), now: now)
    }
    _ = try machine.rill("sync", now: now)
    let asked = server.requests.count
    let run = try machine.rill("doctor", now: now)
    #expect(run.status == 1)
    #expect(run.lines.count == 4)
    #expect(server.requests.count == asked)
    func id(_ path: String) throws -> Substring {
      let feeds = try machine.rill("feeds", "--json", now: now).objects()
      guard
        case .string(let id)? = feeds.first(where: { $0["url"] == .string(server.url(path)) })?[
          "id"
        ]
      else { throw Missing() }
      return id.prefix(6)
    }
    #expect(run.output.contains("rill set \(try id("/forbidden")) --user-agent TEXT"))
    #expect(run.output.contains("rill set \(try id("/login")) --user NAME"))
    #expect(run.output.contains("rill remove \(try id("/gone"))"))
    #expect(run.output.contains("It is not asked again by itself."))
    #expect(run.lines.allSatisfy { !$0.contains("\u{1B}") })
  }

  @Test func `a feed whose server says too long that nothing changed is asked anew by one command`()
    throws
  {
    let items = [(1, "20"), (2, "21"), (3, "22")]
      .map { number, day in
        """
        <item><guid>\(number)</guid><title>N</title>\
        <pubDate>\(day) Nov 2026 07:00:00 GMT</pubDate></item>
        """
      }
      .joined()
    let server = try LoopbackServer { request in
      request.field("if-none-match") == nil
        ? .response(
          200,
          [("ETag", "\"1\"")],
          text: "<rss version='2.0'><channel><title>Daily</title>\(items)</channel></rss>"
        ) : .response(304, [("ETag", "\"1\"")])
    }
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), now: now)
    _ = try machine.rill("sync", now: "2027-01-02T08:00:00Z")
    let doctor = try machine.rill("doctor", now: "2027-01-02T08:00:00Z")
    #expect(doctor.output.hasPrefix("stale"), "\(doctor.output)")
    let command = try #require(doctor.lines.first?.split(separator: "rill ").last)
    #expect(command.hasSuffix(" --force"))
    for _ in 1...2 { _ = try machine.shell("$RILL \(command)", now: "2027-01-02T09:00:00Z") }
    let fields = server.requests.map { $0.field("if-none-match") }
    #expect(fields == [nil, "\"1\"", nil, "\"1\""])
    // It has shown that there is no news.
    #expect(try machine.rill("doctor", now: "2027-01-02T09:00:00Z").status == 0)
    #expect(
      try machine.rill("feeds", "--verdict", "quiet", now: "2027-01-02T09:00:00Z").lines.count == 1
    )
  }

  @Test func `the log of one feed ends with when it is asked next, and why`() throws {
    let server = try server()
    let machine = try Machine()
    for path in ["/long", "/gone"] {
      _ = try machine.rill("add", "--no-sync", server.url(path), now: now)
    }
    _ = try machine.rill("sync", now: now)
    let long = try #require(try machine.rill("log", server.url("/long"), now: now).lines.last)
    #expect(long.hasPrefix("Next at 2026-11-23T"))
    #expect(long.contains("its server said for how long nothing is new. The server calls its"))
    let gone = try machine.rill("log", server.url("/gone"), now: now)
    #expect(gone.output.contains("It is not asked again by itself"))
  }

  @Test func `the doctor names settings that cannot be used, and what is sent nowhere`() throws {
    let server = try server()
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/good"), now: now)
    _ = try machine.rill("set", "Good", "--header", "X-Key: canary")
    _ = try machine.rill("set", "Good", "--url", "https://b.example/good")
    let stray = try machine.rill("doctor", now: now)
    #expect(stray.status == 1)
    #expect(stray.output.contains("is not sent to https://b.example."))
    let bad = try machine.rill(
      "doctor",
      now: now,
      environment: ["RILL_FETCH_MIN_INTERVAL_SECONDS": "1"]
    )
    #expect(bad.output.contains("fetch.min-interval-seconds is 1."))
    for (name, value) in [
      ("fetch.jobs", "0"), ("fetch.guesses", "9"), ("fetch.ca-file", "/nowhere/ca.pem"),
      ("fetch.allow-addresses", "nonsense"),
    ] {
      let variable = "RILL_" + name.uppercased().replacing(/[.-]/, with: "_")
      let run = try machine.rill("doctor", now: now, environment: [variable: value])
      #expect(run.output.contains(name), "\(name): \(run.output)")
    }
    let places = ["RILL_FETCH_ALLOW_ADDRESSES": "nonsense"]
    let words = try machine.rill("sync", now: now, environment: places).errors
    #expect(words.contains("cannot be nonsense. It takes HOST:PORT, such as 127.0.0.1:8080"))
    let path = machine.home + "/config/credentials"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(try machine.rill("doctor", now: now).output.contains("chmod 600"))
    #expect(!(stray.output + bad.output).contains("canary"))
  }
}

private struct Missing: Error {}
