import FeedModel
import LoopbackServer
import Testing

@testable import FeedFetch

/// Options of a feed with everything that is secret.
private func secretOptions() -> FetchOptions {
  var options = FetchOptions()
  options.userAgent = "Special/2"
  options.credentials = Credentials(user: "ann", password: "s:cr\u{E9}t")
  options.headers = ["X-Api-Key: canary", "Cookie: id=canary", "Accept: text/x-canary"]
    .compactMap { HeaderField($0) }
  return options
}

private func fetch(
  _ url: String,
  _ options: FetchOptions,
  settings: FetchSettings = testSettings()
) async throws -> FetchOutcome {
  let fetcher = try Fetcher(settings: settings)
  defer { fetcher.stop() }
  return await fetcher.fetch(FetchRequest(url: url, options: options))
}

@Test func `a feed's own agent, fields and credentials are sent to its origin`() async throws {
  let server = try LoopbackServer { request in
    request.path == "/feed" ? .redirect(to: "/next") : .response(text: sampleFeed)
  }
  #expect(try await fetch(server.url("/feed"), secretOptions()).body == sampleFeed)
  #expect(server.requests.count == 2)
  for request in server.requests {
    #expect(request.field("User-Agent") == "Special/2")
    #expect(request.field("X-Api-Key") == "canary")
    #expect(request.field("Cookie") == "id=canary")
    #expect(request.fields.filter { $0.name == "Accept" }.map(\.value) == ["text/x-canary"])
    // ann:s:crét in UTF-8
    #expect(request.field("Authorization") == "Basic YW5uOnM6Y3LDqXQ=")
  }
}

@Test(arguments: ["a.test:PORT", "127.0.0.1:OTHER", "127.0.0.1:PORT"])
func `nothing of a feed's own goes to another host or port`(target: String) async throws {
  let other = try LoopbackServer { _ in .response(text: sampleFeed) }
  let server = try LoopbackServer { request in
    guard request.path == "/feed" else { return .response(text: sampleFeed) }
    let port = (request.field("Host") ?? "").drop { $0 != ":" }.dropFirst()
    let place = target.replacing("PORT", with: port).replacing("OTHER", with: "\(other.port)")
    return .redirect(301, to: "http://\(place)/next")
  }
  let settings = testSettings(resolve: ["a.test:\(server.port)"])
  #expect(try await fetch(server.url("/feed"), secretOptions(), settings: settings).body != nil)
  let next = try #require((server.requests + other.requests).last)
  #expect(next.path == "/next")
  if target == "127.0.0.1:PORT" {
    #expect(next.field("X-Api-Key") == "canary")
  } else {
    #expect(next.fieldNames == ["host", "user-agent", "accept-encoding", "accept"])
    #expect(next.field("User-Agent") == "Rill/0.0 (+https://rill.test/)")
    #expect(!String(decoding: next.head, as: UTF8.self).contains("canary"))
  }
}

@Test func `what one feed sends is not sent for the next on the same connection`() async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  let fetcher = try Fetcher(settings: testSettings())
  for options in [secretOptions(), FetchOptions(), secretOptions(), FetchOptions()] {
    _ = await fetcher.fetch(FetchRequest(url: server.url("/"), options: options))
  }
  fetcher.stop()
  #expect(server.connectionCount == 1)
  #expect(server.requests.map { $0.field("X-Api-Key") } == ["canary", nil, "canary", nil])
  #expect(server.requests.map { $0.field("Authorization") != nil } == [true, false, true, false])
  for request in [server.requests[1], server.requests[3]] {
    #expect(request.fieldNames == ["host", "user-agent", "accept-encoding", "accept"])
    #expect(request.field("User-Agent") == "Rill/0.0 (+https://rill.test/)")
  }
}

@Test func `credentials of a feed come before those of its URL`() async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  var options = FetchOptions()
  options.credentials = Credentials(user: "a", password: "b")
  _ = try await fetch("http://c:d@\(server.place)/", options)
  // a:b
  #expect(server.requests.map { $0.field("Authorization") } == ["Basic YTpi"])
}

@Test(arguments: ["Bad\r\nX-Evil: 1", "Bad\u{0}", "Bad\u{7F}"])
func `an agent that would add lines to the request is not sent`(agent: String) async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  var options = FetchOptions()
  options.userAgent = agent
  _ = try await fetch(server.url("/"), options)
  #expect(server.requests[0].field("User-Agent") == "Rill/0.0 (+https://rill.test/)")
  #expect(server.requests[0].field("X-Evil") == nil)
}

@Test func `a proxy of one feed is used for it alone, and for where it is led`() async throws {
  let server = try LoopbackServer { _ in .response(text: "direct") }
  let proxy = try LoopbackServer { request in
    request.target.hasSuffix("/feed")
      ? .redirect(to: "http://other.invalid/next") : .response(text: "proxied")
  }
  var options = secretOptions()
  options.proxy = "http://pat:p%40ss@\(proxy.place)"
  let fetcher = try Fetcher(settings: testSettings())
  let led = await fetcher.fetch(FetchRequest(url: server.url("/feed"), options: options))
  let direct = await fetcher.fetch(FetchRequest(url: server.url("/direct")))
  fetcher.stop()
  #expect(led.body == "proxied")
  #expect(direct.body == "direct")
  #expect(proxy.requests.map(\.target) == [server.url("/feed"), "http://other.invalid/next"])
  // pat:p@ss
  for request in proxy.requests {
    #expect(request.field("Proxy-Authorization") == "Basic cGF0OnBAc3M=")
  }
  #expect(proxy.requests.map { $0.field("X-Api-Key") } == ["canary", nil])
  #expect(server.requests.map(\.path) == ["/direct"])
  #expect(server.requests[0].field("Proxy-Authorization") == nil)
}

@Test(arguments: [
  "http://pat:secret@nowhere.invalid:1", "http://pat:secret@127.0.0.1:1",
  "pat:secret@[::1/", "weird://pat:secret@host", "http://pat:sec%00ret@127.0.0.1:1",
])
func `a proxy that fails does not show its password`(proxy: String) async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  var options = FetchOptions()
  options.proxy = proxy
  var settings = testSettings()
  settings.proxy = proxy
  for outcome in [
    try await fetch(server.url("/"), options),
    try await fetch(server.url("/"), FetchOptions(), settings: settings),
  ] {
    #expect(outcome.failure != nil)
    #expect(!"\(outcome)".contains("secret") && !"\(outcome)".contains("sec%00ret"))
  }
  #expect(server.requests.isEmpty)
}

@Test func `a proxy that makes no tunnel is named, and its answer is not the feed's`() async throws
{
  let proxy = try LoopbackServer { _ in
    .response(407, [("Proxy-Authenticate", "Basic realm=x"), ("ETag", "\"proxy\"")], text: "who?")
  }
  var options = FetchOptions()
  options.proxy = "http://pat:secret@\(proxy.place)"
  let outcome = try await fetch("https://feeds.invalid/feed", options)
  guard case .failed(.connection("feeds.invalid", let detail), nil) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(detail.contains("407"))
  #expect(proxy.requests.map(\.method) == ["CONNECT"])
}

@Test func `a proxy that hangs for one host does not hold up the others`() async throws {
  let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
  let proxy = try LoopbackServer { request in
    guard request.target.hasPrefix("http://hang.invalid") else { return .response(text: "fine") }
    arrived.yield()
    return .silence
  }
  var options = FetchOptions()
  options.proxy = proxy.url("")
  let fetcher = try Fetcher(settings: testSettings())
  let request = FetchRequest(url: "http://hang.invalid/", options: options)
  let stuck = Task { await fetcher.fetch(request) }
  for await _ in arrivals { break }
  for number in 0..<5 {
    let request = FetchRequest(url: "http://h\(number).invalid/", options: options)
    #expect(await fetcher.fetch(request).body == "fine")
  }
  fetcher.stop()
  #expect(await stuck.value == .failed(.cancelled, nil))
}
