import FeedModel
import LoopbackServer
import Testing

@testable import FeedFetch

@Test(arguments: [301, 302, 303, 307, 308])
func `a redirect is followed and recorded`(status: Int) async throws {
  let server = try LoopbackServer { request in
    request.path == "/old" ? .redirect(status, to: "/new") : .response(text: sampleFeed)
  }
  let outcome = try await fetch(server.url("/old"))
  #expect(outcome.body == sampleFeed)
  #expect(outcome.facts?.url == server.url("/new"))
  #expect(outcome.facts?.redirects == [Redirect(status: status, target: server.url("/new"))])
  #expect(outcome.validators?.url == server.url("/new"))
  #expect(server.requests.map(\.method) == ["GET", "GET"])
}

@Test(arguments: [300, 304, 305, 306])
func `other statuses of their kind are not followed`(status: Int) async throws {
  let server = try LoopbackServer { _ in .redirect(status, to: "/new") }
  let outcome = try await fetch(server.url("/old"))
  guard case .failed(.status(status, _), _) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(server.requests.count == 1)
}

@Test func `the next poll begins at the original again`() async throws {
  let server = try LoopbackServer { request in
    request.path == "/old" ? .redirect(to: "/new") : .response(text: sampleFeed)
  }
  for _ in 0..<2 { _ = try await fetch(server.url("/old")) }
  #expect(server.requests.map(\.path) == ["/old", "/new", "/old", "/new"])
}

@Test func `a circle ends before a URL is asked for twice`() async throws {
  let server = try LoopbackServer { request in
    .redirect(to: request.path == "/a" ? "/b" : "/a")
  }
  let outcome = try await fetch(server.url("/a"))
  #expect(outcome.failure == .redirects(limit: 5))
  #expect(outcome.facts?.redirects.map(\.target) == [server.url("/b")])
  #expect(server.requests.count == 2)
}

@Test func `more redirects than the limit are refused`() async throws {
  let server = try LoopbackServer { request in .redirect(to: request.path + "x") }
  #expect(try await fetch(server.url("/")).failure == .redirects(limit: 5))
  #expect(server.requests.count == 6)
}

@Test(arguments: [0, 1, 10, 12])
func `the limit of redirects is a setting`(limit: Int) async throws {
  var settings = testSettings()
  settings.redirectsMax = limit
  let server = try LoopbackServer { request in
    let isEnd = request.target == "/end" + String(repeating: "x", count: limit)
    return isEnd ? .response(text: sampleFeed) : .redirect(to: request.target + "x")
  }
  #expect(try await fetch(server.url("/end"), settings: settings).body == sampleFeed)
  #expect(server.requests.count == limit + 1)
  let outcome = try await fetch(server.url("/endless"), settings: settings)
  #expect(outcome.failure == .redirects(limit: limit))
  #expect(server.requests.count == 2 * (limit + 1))
}

@Test func `as many redirects as the limit are followed`() async throws {
  let server = try LoopbackServer { request in
    request.path.count <= 5 ? .redirect(to: request.path + "x") : .response(text: sampleFeed)
  }
  let outcome = try await fetch(server.url("/"))
  #expect(outcome.body == sampleFeed)
  #expect(outcome.facts?.redirects.count == 5)
}

@Test(arguments: [
  ("next", "/dir/next"), ("../up?x=1", "/up?x=1"), ("?q", "/dir/feed?q"),
  ("/a b c", "/a%20b%20c"), ("/caf\u{C3}\u{A9}", "/caf%C3%A9"), ("/caf\u{E9}", "/caf%E9"),
  ("/frag#ment", "/frag"), ("  /spaces  ", "/spaces"), ("//PLACE/slashes", "/slashes"),
  ("HTTP://PLACE/upper", "/upper"),
])
func `a location of any form is resolved`(location: String, target: String) async throws {
  let server = try LoopbackServer { request in
    let place = "127.0.0.1:" + (request.field("Host") ?? "").drop { $0 != ":" }.dropFirst()
    return request.target == "/dir/feed"
      ? .redirect(to: location.replacing("PLACE", with: place)) : .response(text: sampleFeed)
  }
  #expect(try await fetch(server.url("/dir/feed")).body == sampleFeed)
  #expect(server.requests.last?.target == target)
}

@Test(arguments: [[], [("Location", "")], [("Location", "   ")]])
func `a redirect without a target is a failure`(fields: [(String, String)]) async throws {
  let outcome = try await fetch(answering: .response(302, fields, body: []))
  #expect(outcome.failure == .badRedirect(target: ""))
  #expect(outcome.facts?.status == 302)
}

@Test(arguments: [
  "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "data:text/xml,<rss/>",
  "javascript:alert(1)", "http://", "http://[::1", "dict://127.0.0.1:11211/stat",
])
func `a redirect to what is not of the web is refused`(location: String) async throws {
  let server = try LoopbackServer { _ in .redirect(to: location) }
  let outcome = try await fetch(server.url("/feed"))
  guard case .failed(.badRedirect, _) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(server.requests.count == 1)
}

@Test func `credentials stay at their origin`() async throws {
  let other = try LoopbackServer { _ in .response(text: sampleFeed) }
  let server = try LoopbackServer { _ in .redirect(to: other.url("/feed")) }
  let url = "http://ann:secret@\(server.place)/feed"
  let validators = Validators(etag: "\"x\"", lastModified: nil, url: server.url("/feed"))
  #expect(try await fetch(url, validators).body == sampleFeed)
  #expect(server.requests[0].field("Authorization") != nil)
  #expect(server.requests[0].field("If-None-Match") == "\"x\"")
  #expect(
    other.requests.map(\.fieldNames) == [["host", "user-agent", "accept-encoding", "accept"]]
  )
}

@Test func `user and password of a redirect target are neither sent nor shown`() async throws {
  let server = try LoopbackServer { request in
    let port = (request.field("Host") ?? "").drop { $0 != ":" }
    return request.path == "/a"
      ? .redirect(301, to: "http://ann:secret@127.0.0.1\(port)/b") : .response(text: sampleFeed)
  }
  let outcome = try await fetch(server.url("/a"))
  #expect(outcome.body == sampleFeed)
  #expect(outcome.facts?.redirects == [Redirect(status: 301, target: server.url("/b"))])
  #expect(!"\(outcome)".contains("secret"))
  #expect(server.requests[1].field("Authorization") == nil)
}

@Test func `a refused redirect target does not show its password`() async throws {
  for location in ["ftp://ann:secret@127.0.0.1/", "http://ann:secret@[::1/"] {
    let outcome = try await fetch(answering: .redirect(to: location))
    #expect(!"\(outcome)".contains("secret"))
  }
}

@Test func `the body of a redirect is ignored, even when it is cut`() async throws {
  let server = try LoopbackServer { request in
    request.path == "/a"
      ? .response(302, [("Location", "/b")], text: "moved", framing: .claimed(1000))
      : .response(text: sampleFeed)
  }
  #expect(try await fetch(server.url("/a")).body == sampleFeed)
}

@Test func `all hops of a request share its time`() async throws {
  var settings = testSettings()
  settings.totalMilliseconds = 400
  let server = try LoopbackServer { request in
    var answer = Answer.redirect(to: request.path + "x")
    answer.steps.insert(.pause(milliseconds: 150), at: 0)
    return answer
  }
  let outcome = try await fetch(server.url("/"), settings: settings)
  #expect(outcome.failure == .timeout(seconds: 1))
  #expect(server.requests.count <= 3)
}

@Test func `a host that answers 429 gets no more requests through redirects`() async throws {
  let server = try LoopbackServer { request in
    let host = request.field("Host") ?? ""
    return host.hasPrefix("busy")
      ? .response(429, [("Retry-After", "7200")])
      : .redirect(302, to: "http://busy.test:\(host.drop { $0 != ":" }.dropFirst())/feed")
  }
  let names = (0..<6).map { "h\($0).test" }
  let fetcher = try Fetcher(
    settings: testSettings(resolve: (names + ["busy.test"]).map { "\($0):\(server.port)" })
  )
  let outcomes = await withTaskGroup(of: FetchOutcome.self) { group in
    for name in names {
      group.addTask { await fetcher.fetch(FetchRequest(url: "http://\(name):\(server.port)/")) }
    }
    return await group.reduce(into: []) { $0.append($1) }
  }
  func isBusy(_ request: ServedRequest) -> Bool {
    request.field("Host")?.hasPrefix("busy") == true
  }
  #expect(server.requests.count(where: isBusy) == 1)
  #expect(outcomes.count { $0.facts?.retryAfterSeconds == 7200 } == 1)
  for outcome in outcomes where outcome.facts?.retryAfterSeconds == nil {
    #expect(outcome.failure == .pausedHost(host: "busy.test"))
    #expect(outcome.facts?.status == 302)
    #expect(outcome.facts?.url.hasPrefix("http://h") == true)
  }
  // Whether it may be asked itself is for the caller to say.
  _ = await fetcher.fetch(FetchRequest(url: "http://busy.test:\(server.port)/own"))
  fetcher.stop()
  #expect(server.requests.count(where: isBusy) == 2)
}

@Test func `a host that the caller names is left alone by redirects only`() async throws {
  let server = try LoopbackServer { request in
    request.path == "/old"
      ? .redirect(
        302,
        to: "http://busy.test:\(request.field("Host")?.split(separator: ":").last ?? "")/"
      )
      : .response(text: sampleFeed)
  }
  let fetcher = try Fetcher(
    settings: testSettings(resolve: ["a.test:\(server.port)", "busy.test:\(server.port)"])
  )
  let old = FetchRequest(url: "http://a.test:\(server.port)/old")
  #expect(await fetcher.fetch(old).body == sampleFeed)
  fetcher.leaveAlone(["busy.test"])
  let outcome = await fetcher.fetch(old)
  #expect(outcome.failure == .pausedHost(host: "busy.test"))
  #expect(outcome.failure?.description.contains("busy.test, which asked to be left alone") == true)
  let own = FetchRequest(url: "http://busy.test:\(server.port)/")
  #expect(await fetcher.fetch(own).body == sampleFeed)
  fetcher.stop()
  #expect(server.requests.count == 4)
}

@Test func `an address that answers 429 does not speak for what else is there`() async throws {
  let busy = try LoopbackServer { _ in .response(429) }
  let server = try LoopbackServer { _ in .redirect(302, to: busy.url("/feed")) }
  let fetcher = try Fetcher(settings: testSettings())
  for _ in 0..<2 {
    #expect(await fetcher.fetch(FetchRequest(url: server.url("/"))).facts?.status == 429)
  }
  fetcher.stop()
  #expect(busy.requests.count == 2)
}
