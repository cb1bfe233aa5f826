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
  (503, "CF-Mitigated", "Challenge", "Cloudflare"),
  (200, "cf-mitigated", "challenge", "Cloudflare"),
  (202, "x-amzn-waf-action", "challenge", "AWS WAF"),
  (405, "x-amzn-waf-action", "captcha", "AWS WAF"),
  (429, "x-vercel-mitigated", "challenge", "Vercel"), (403, "x-dd-b", "2", "DataDome"),
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
