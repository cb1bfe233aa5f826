import FeedModel
import LoopbackServer
import TestSupport
import Testing

@testable import FeedFetch

@Test func `410 says that the feed is gone`() async throws {
  guard case .gone(let facts) = try await fetch(answering: .response(410, text: "bye")) else {
    Issue.record("Not gone.")
    return
  }
  #expect(facts.status == 410)
}

@Test(arguments: [429, 503])
func `429 and 503 say when to come back and why`(status: Int) async throws {
  let fields = [("Retry-After", "7200"), ("Cache-Control", "max-age=172800")]
  let outcome = try await fetch(answering: .response(status, fields, text: "<p>please poll less"))
  guard case .retryLater(let facts, let message) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(facts.retryAfterSeconds == 7200)
  #expect(facts.freshForSeconds == 172_800)
  #expect(message == "please poll less")
}

@Test(arguments: [400, 401, 403, 404, 418, 500, 502, 504, 206, 201])
func `a status without a document is a failure with its text`(status: Int) async throws {
  let outcome = try await fetch(answering: .response(status, text: "<h1>Sorry</h1>"))
  #expect(outcome.failure == .status(status, message: "Sorry"))
}

@Test func `a status without a text has no message`() async throws {
  #expect(try await fetch(answering: .response(500)).failure == .status(500, message: nil))
}

@Test func `a compressed error page is read`() async throws {
  let answer = Answer.response(
    403,
    [("Content-Encoding", "gzip")],
    body: compressed(Array("Go away".utf8))
  )
  #expect(try await fetch(answering: answer).failure == .status(403, message: "Go away"))
}

@Test(arguments: [
  (403, "cf-mitigated", "challenge", "Cloudflare"),
  (200, "cf-mitigated", "challenge", "Cloudflare"),
  (202, "x-amzn-waf-action", "challenge", "AWS WAF"),
  (405, "x-amzn-waf-action", "captcha", "AWS WAF"),
  (403, "x-vercel-mitigated", "challenge", "Vercel"), (403, "x-dd-b", "2", "DataDome"),
])
func `a page that asks for a browser is named with who sends it`(
  status: Int,
  name: String,
  value: String,
  by: String
) async throws {
  let fields = [(name, value), ("ETag", "\"page\""), ("Retry-After", "60")]
  let outcome = try await fetch(answering: .response(status, fields, text: "<p>Just a moment..."))
  #expect(outcome.failure == .challenge(status: status, by: by))
  #expect(outcome.facts?.retryAfterSeconds == 60)
  #expect(outcome.validators == nil)
}

@Test(arguments: [
  (429, "x-vercel-mitigated", "Vercel"), (429, "cf-mitigated", "Cloudflare"),
  (503, "CF-Mitigated", "Cloudflare"), (503, "x-amzn-waf-action", "AWS WAF"),
])
func `a challenge that asks to come later is first of all a pause`(
  status: Int,
  name: String,
  by: String
) async throws {
  let fields = [(name, "Challenge"), ("Retry-After", "172800")]
  let outcome = try await fetch(answering: .response(status, fields, text: "<p>Just a moment..."))
  guard case .retryLater(let facts, let message) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(facts.status == status)
  #expect(facts.retryAfterSeconds == 172_800)
  #expect(message == "\(by) asks for a browser instead of giving the feed")
}

@Test(arguments: [200, 204, 304, 400, 403, 404, 410, 429, 500, 502, 503, 504])
func `retry-after is told for every kind of answer`(status: Int) async throws {
  let fields = [("Retry-After", "172800")]
  let outcome = try await fetch(answering: .response(status, fields, text: sampleFeed))
  #expect(outcome.facts?.retryAfterSeconds == 172_800)
}

@Test func `of two retry-after fields the longer wait counts`() async throws {
  for fields in [
    [("Retry-After", "172800"), ("Retry-After", "60")],
    [("Retry-After", "60"), ("retry-after", "172800")], [("Retry-After", "172800, 172800")],
  ] {
    let outcome = try await fetch(answering: .response(429, fields))
    #expect(outcome.facts?.retryAfterSeconds == 172_800)
  }
}

@Test func `a response that does not say its date is measured by our clock`() async throws {
  let later = "Sun, 22 Nov 2026 15:00:00 GMT"
  let now = Timestamp(rfc3339: "2026-11-22T12:00:00Z")
  for date in [[], [("Date", "today")]] {
    let fields =
      date + [
        ("Retry-After", later), ("Expires", later), ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "2026-11-22T15:00:00Z"),
      ]
    let server = try LoopbackServer { _ in .response(429, fields) }
    let fetcher = try Fetcher(settings: testSettings())
    let facts = await fetcher.fetch(FetchRequest(url: server.url("/"), now: now)).facts
    // What the answer took is counted too.
    let seconds: ClosedRange<Int64> = 10_000...10_800
    #expect(facts?.retryAfterSeconds.map { seconds.contains($0) } == true)
    #expect(facts?.freshForSeconds.map { seconds.contains($0) } == true)
    #expect(facts?.rateLimit.map { seconds.contains($0.resetSeconds) } == true)
    let clockless = await fetcher.fetch(FetchRequest(url: server.url("/"))).facts
    #expect(clockless?.retryAfterSeconds == nil)
    fetcher.stop()
  }
}

@Test(arguments: [("cf-mitigated", "block"), ("x-vercel-mitigated", "deny"), ("x-dd-b", "0")])
func `a field that names no challenge changes nothing`(name: String, value: String) async throws {
  #expect(try await fetch(answering: .response(200, [(name, value)], text: sampleFeed)).body != nil)
  let outcome = try await fetch(answering: .response(403, [(name, value)], text: "no"))
  #expect(outcome.failure == .status(403, message: "no"))
}

@Test func `an error page that breaks off still tells its status`() async throws {
  let fields = [("Retry-After", "60")]
  for framing in [Answer.Framing.claimed(100_000_000), .claimed(1000)] {
    let outcome = try await fetch(answering: .response(429, fields, text: "slow", framing: framing))
    #expect(outcome.facts?.retryAfterSeconds == 60)
    guard case .retryLater = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }
}

@Test func `an endless error page is not read to the limit`() async throws {
  let head = Array("HTTP/1.1 404 Not Found\r\n\r\n".utf8)
  let text = Array("nothing here ".utf8)
  let answer = Answer(steps: [.send(head), .sendUntilClosed(text, pauseMilliseconds: 0)])
  let outcome = try await fetch(answering: answer)
  guard case .failed(.status(404, let message), let facts) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(message?.hasPrefix("nothing here nothing here") == true)
  #expect((facts?.wireBytes ?? .max) < 200_000)
}

@Test func `freshness is told for every kind of answer`() async throws {
  let fields = [("Cache-Control", "public"), ("cache-control", "max-age=7200"), ("Age", "200")]
  let server = try LoopbackServer { request in
    .response(Int(request.path.dropFirst()) ?? 0, fields, text: sampleFeed)
  }
  for status in [200, 304, 404, 410, 429, 500, 503] {
    let url = server.url("/\(status)")
    let known = Validators(etag: "\"x\"", lastModified: nil, url: url)
    #expect(try await fetch(url, known).facts?.freshForSeconds == 7000)
  }
}

@Test func `a connection that is refused says so`() async throws {
  let server = try LoopbackServer { _ in .silence }
  let url = server.url("/")
  server.stop()
  // A listening socket is gone when a connection to it fails; until then it may still be accepted.
  let outcome = try await fetch(url)
  switch outcome.failure {
  case .connection(host: "127.0.0.1", _), .cutOff: break
  default: Issue.record("\(outcome)")
  }
}

@Test func `a name without an address says so`() async throws {
  #expect(
    try await fetch("http://nowhere.invalid/").failure == .nameNotFound(host: "nowhere.invalid")
  )
}

@Test func `a server that speaks no TLS is refused and not asked in the clear`() async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  let outcome = try await fetch("https://\(server.place)/feed")
  guard case .failed(.tls(host: "127.0.0.1", _), nil) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(server.requests.isEmpty)
}

@Test func `an address without TLS is not tried with it`() async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  _ = try await fetch(server.url("/feed"))
  #expect(server.connectionCount == 1)
  #expect(server.requests.map(\.target) == ["/feed"])
}
