import FeedModel
import LoopbackServer
import Testing

@testable import FeedFetch

/// Serves a document with validators, and 304 to whoever names the entity tag.
private func versionedServer(_ fields: [(String, String)]) throws -> LoopbackServer {
  try LoopbackServer { request in
    request.field("If-None-Match") == nil && request.field("If-Modified-Since") == nil
      ? .response(200, fields, text: sampleFeed) : .response(304, fields, body: [])
  }
}

@Test func `the next poll sends both validators that the server gave`() async throws {
  let date = "Sun, 06 Nov 1994 08:49:37 GMT"
  let server = try versionedServer([("ETag", "\"abc\""), ("Last-Modified", date)])
  let url = server.url("/feed")
  let first = try await fetch(url)
  #expect(first.body == sampleFeed)
  #expect(first.validators == Validators(etag: "\"abc\"", lastModified: date, url: url))
  let second = try await fetch(url, first.validators)
  #expect(second.facts?.status == 304)
  #expect(second.validators == first.validators)
  #expect(server.requests[1].field("If-None-Match") == "\"abc\"")
  #expect(server.requests[1].field("If-Modified-Since") == date)
}

@Test(arguments: [
  "W/\"x\"", "abc", "\"abc-gzip\"", "\"a,b c\"", "\"\u{E9}t\u{E9}\"", "\"\"",
])
func `an entity tag is echoed byte for byte`(etag: String) async throws {
  let server = try versionedServer([("ETag", etag)])
  let first = try await fetch(server.url("/feed"))
  #expect(first.validators?.etag == etag)
  #expect(first.validators?.lastModified == nil)
  _ = try await fetch(server.url("/feed"), first.validators)
  #expect(server.requests[1].field("If-None-Match") == etag)
  #expect(server.requests[1].field("If-Modified-Since") == nil)
}

@Test(arguments: [
  "2024-01-02 03:04:05", "Tue, 02 Jan 2024 03:04:05 +0000", "Tuesday, 02-Jan-24 03:04:05 GMT",
  "Tue, 19 Jan 2038 03:14:08 GMT",
])
func `a last modified date is echoed byte for byte`(date: String) async throws {
  let server = try versionedServer([("Last-Modified", date)])
  let first = try await fetch(server.url("/feed"))
  _ = try await fetch(server.url("/feed"), first.validators)
  #expect(server.requests[1].field("If-Modified-Since") == date)
  #expect(server.requests[1].field("If-None-Match") == nil)
}

@Test func `a 304 without validators keeps those that were sent`() async throws {
  let server = try LoopbackServer { _ in .response(304, body: []) }
  let url = server.url("/feed")
  let known = Validators(etag: "\"abc\"", lastModified: "yesterday", url: url)
  #expect(try await fetch(url, known).validators == known)
}

@Test func `a 304 with a new entity tag renews it and keeps the date`() async throws {
  let server = try LoopbackServer { _ in .response(304, [("ETag", "\"new\"")], body: []) }
  let url = server.url("/feed")
  let known = Validators(etag: "\"old\"", lastModified: "yesterday", url: url)
  let renewed = Validators(etag: "\"new\"", lastModified: "yesterday", url: url)
  #expect(try await fetch(url, known).validators == renewed)
}

@Test func `a first request carries no validators`() async throws {
  let server = try versionedServer([])
  _ = try await fetch(server.url("/feed"))
  #expect(server.requests[0].field("If-None-Match") == nil)
  #expect(server.requests[0].field("If-Modified-Since") == nil)
}

@Test func `a 304 to an unconditional request is a failure`() async throws {
  let outcome = try await fetch(answering: .response(304, [("ETag", "\"x\"")], body: []))
  guard case .failed(.status(304, _), let facts) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(facts?.status == 304)
  #expect(outcome.validators == nil)
}

@Test func `after a redirect the validators go to the URL that gave them and no other`()
  async throws
{
  let target = try versionedServer([("ETag", "\"b\"")])
  let source = try LoopbackServer { _ in .redirect(to: target.url("/feed")) }
  let first = try await fetch(source.url("/old"))
  #expect(
    first.validators == Validators(etag: "\"b\"", lastModified: nil, url: target.url("/feed"))
  )
  let second = try await fetch(source.url("/old"), first.validators)
  #expect(second.facts?.status == 304)
  #expect(source.requests.map { $0.field("If-None-Match") } == [nil, nil])
  #expect(target.requests.map { $0.field("If-None-Match") } == [nil, "\"b\""])
}

@Test func `validators of another URL on the same host are not sent`() async throws {
  let server = try versionedServer([])
  let foreign = Validators(etag: "\"x\"", lastModified: "y", url: server.url("/feed?other"))
  _ = try await fetch(server.url("/feed"), foreign)
  #expect(server.requests[0].field("If-None-Match") == nil)
  #expect(server.requests[0].field("If-Modified-Since") == nil)
}

@Test func `entity tags of a redirect and of an interim response are not stored`() async throws {
  let early = "HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\n"
  let final = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>"
  let server = try LoopbackServer { request in
    request.path == "/feed"
      ? .response(302, [("ETag", "\"hop\""), ("Location", "/final")], body: [])
      : .raw(early + final)
  }
  let outcome = try await fetch(server.url("/feed"))
  #expect(outcome.body == "<rss/>")
  #expect(outcome.validators == Validators(etag: nil, lastModified: nil, url: server.url("/final")))
}

@Test func `of two entity tags the last is stored`() async throws {
  let outcome = try await fetch(
    answering: .response(200, [("ETag", "\"one\""), ("etag", "\"two\"")], text: sampleFeed)
  )
  #expect(outcome.validators?.etag == "\"two\"")
}

@Test func `a validator that would break the request is never sent`() async throws {
  let server = try versionedServer([])
  let url = server.url("/feed")
  for value in ["\"a\"\r\nX-Injected: 1", "\"a\nb\"", "\"a\u{0}b\"", "\"\u{20AC}\""] {
    let outcome = try await fetch(url, Validators(etag: value, lastModified: nil, url: url))
    #expect(outcome.body == sampleFeed)
  }
  for request in server.requests {
    #expect(request.field("If-None-Match") == nil)
    #expect(request.field("X-Injected") == nil)
  }
}

@Test func `an entity tag too long to be sent back is not stored`() async throws {
  let long = "\"" + String(repeating: "x", count: 5000) + "\""
  let outcome = try await fetch(
    answering: .response(200, [("ETag", long), ("Last-Modified", "d")], text: sampleFeed)
  )
  #expect(outcome.validators?.etag == nil)
  #expect(outcome.validators?.lastModified == "d")
}

@Test func `the fragment of the URL does not keep validators from being sent`() async throws {
  let server = try versionedServer([("ETag", "\"abc\"")])
  let first = try await fetch(server.url("/feed#top"))
  #expect(first.validators?.url == server.url("/feed"))
  #expect(try await fetch(server.url("/feed#top"), first.validators).facts?.status == 304)
}
