import FeedModel
import LoopbackServer
import Testing

@testable import FeedFetch

private func fields(_ head: String) -> ResponseFields {
  var reader = ResponseHead()
  for line in head.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
    let bytes = Array(line) + [0x0A]
    unsafe bytes.withUnsafeBytes { line in unsafe reader.take(line) }
  }
  return reader.fields
}

@Test func `names are known in any case, and of several fields the last counts`() {
  let fields = fields("HTTP/1.1 200 OK\r\nETag: \"a\"\r\neTAG:\"b\" \r\nX-Etag: \"c\"\r\n\r\n")
  #expect(fields.last(.etag) == "\"b\"")
  #expect(fields.all(.etag) == ["\"a\"", "\"b\""])
  #expect(fields.joined(.etag) == "\"a\",\"b\"")
  #expect(fields.joined(.link) == nil)
}

@Test func `interim responses and trailers are left out`() {
  let head =
    "HTTP/1.1 103 Early Hints\r\nETag: \"103\"\r\nLink: <x>; rel=hub\r\n\r\n"
    + "HTTP/1.1 200 OK\r\nLast-Modified: D\r\n\r\nETag: \"trailer\"\r\n"
  #expect(fields(head).last(.etag) == nil)
  #expect(fields(head).last(.link) == nil)
  #expect(fields(head).last(.lastModified) == "D")
  #expect(fields("HTTP/2 304 \r\netag: \"h2\"\r\n\r\n").last(.etag) == "\"h2\"")
}

@Test func `folded lines belong to the field before`() {
  let fields = fields("HTTP/1.1 200 OK\nX-A: 1\n b\nETag: \"a\n  b\"\n\tc\nETAG\n d\n\n")
  #expect(fields.last(.etag) == "\"a b\" c")
}

@Test func `every name that is looked at is known`() {
  let names: [(String, ResponseFields.Name)] = [
    ("Age", .age), ("Cache-Control", .cacheControl), ("Content-Encoding", .contentEncoding),
    ("Content-Type", .contentType), ("Date", .date), ("ETag", .etag), ("Expires", .expires),
    ("IM", .instanceManipulation), ("Last-Modified", .lastModified), ("Link", .link),
    ("Location", .location), ("Retry-After", .retryAfter),
    ("X-RateLimit-Remaining", .rateLimitRemaining), ("RateLimit-Remaining", .rateLimitRemaining),
    ("X-Ratelimit-Reset", .rateLimitReset), ("RateLimit-Reset", .rateLimitReset),
    ("x-amzn-waf-action", .amazonAction), ("cf-mitigated", .cloudflareMitigated),
    ("X-DD-B", .dataDome), ("x-vercel-mitigated", .vercelMitigated),
  ]
  for (name, known) in names {
    #expect(fields("HTTP/1.1 200 OK\r\n\(name): v\r\n\r\n").last(known) == "v")
    #expect(fields("HTTP/1.1 200 OK\r\n\(name)x: v\r\n\r\n").last(known) == nil)
  }
}

@Test(
  arguments: [
    ("Remaining: 98.0|Reset: 480", 98, 480), ("Remaining: 0|Reset: 0.4", 0, 1),
    ("Remaining: -1|Reset: -5", 0, 0), ("Remaining: 5|Reset: 1795348860", 5, 60),
    ("Remaining: 5|Reset: 1795348860000", 5, 60),
    ("Remaining: 5|Reset: 2026-11-22T12:05:00.5Z", 5, 301),
    ("Remaining: 5|Reset: 999999999", 5, 999_999_999),
    ("Remaining: 5|Reset: 9999-12-31T00:00:00Z", 5, 3_153_600_000),
    ("Remaining: 5|Reset: 1795000000", 5, 0),
  ] as [(String, Double, Int64)]
)
func `a rate limit is read, however its reset is written`(
  text: String,
  remaining: Double,
  seconds: Int64
) {
  for prefix in ["x-ratelimit-", "RateLimit-"] {
    let lines = text.split(separator: "|").map { prefix + $0 + "\r\n" }.joined()
    let limit = RateLimit(
      fields("HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n\(lines)\r\n"),
      now: nil
    )
    #expect(limit == RateLimit(remaining: remaining, resetSeconds: seconds))
  }
}

@Test(arguments: [
  "X-RateLimit-Remaining: 1", "X-RateLimit-Reset: 1",
  "X-RateLimit-Remaining: x|X-RateLimit-Reset: 1",
  "X-RateLimit-Remaining: 1|X-RateLimit-Reset: soon",
  "X-RateLimit-Remaining: nan|X-RateLimit-Reset: 1",
  "X-RateLimit-Remaining: 1|X-RateLimit-Reset: inf",
  "X-RateLimit-Remaining: 1|X-RateLimit-Reset: 1795348860",
])
func `half a rate limit, or one that says no time, is none`(text: String) {
  let lines = text.replacing("|", with: "\r\n")
  #expect(RateLimit(fields("HTTP/1.1 200 OK\r\n\(lines)\r\n\r\n"), now: nil) == nil)
}

@Test func `links are read with their relations`() {
  #expect(
    LinkField.links("<a>; rel=hub, <b,c;d>; x=\"y,\\\"z\"; REL=\"Self  hub\" ; rel=no,<c>;title=t")
      == [
        LinkField(target: "a", relations: ["hub"]),
        LinkField(target: "b,c;d", relations: ["self", "hub"]),
      ]
  )
  #expect(LinkField.links("<a>; rel=hub; anchor=\"/other\"").isEmpty)
  for broken in ["", "<", "<a", "<a>", "a; rel=hub", "<a>; rel", "<a>; rel=\"hub", "<>,;=\"\\"] {
    #expect(LinkField.links(broken).count <= 1)
  }
}

@Test func `hubs and the address by which they know a feed are taken from its head`() async throws {
  let server = try LoopbackServer { request in
    let fields = [
      ("Link", "<https://hub.test/>; rel=\"hub\", </feed.xml>; rel=self"),
      (
        "link",
        "<https://u:p@hub2.test/?a=b>; rel=hub, <javascript:x>; rel=hub, <https://hub.test/>; rel=hub"
      ),
    ]
    return request.path == "/a"
      ? .response(302, fields + [("Location", "/b")], body: [])
      : .response(
        request.path == "/b" ? 200 : 304,
        request.path == "/b" ? fields : [],
        text: sampleFeed
      )
  }
  let facts = try #require(try await fetch(server.url("/a")).facts)
  #expect(facts.hubs == ["https://hub.test/", "https://hub2.test/?a=b"])
  #expect(facts.selfURL == server.url("/feed.xml"))
  let url = server.url("/c")
  let known = Validators(etag: "\"x\"", lastModified: nil, url: url)
  #expect(try await fetch(url, known).facts?.hubs == [])
}

@Test func `a head tells of a rate limit whatever its status`() async throws {
  let fields = [("x-ratelimit-remaining", "0.0"), ("x-ratelimit-reset", "17")]
  for status in [200, 403, 429] {
    let outcome = try await fetch(answering: .response(status, fields, text: sampleFeed))
    #expect(outcome.facts?.rateLimit == RateLimit(remaining: 0, resetSeconds: 17))
  }
}

@Test func `only a delta of a feed is called one`() async throws {
  for (status, fields, isDelta) in [
    (226, [("IM", "feed")], true), (226, [("im", "feed, gzip")], true), (226, [], false),
    (200, [("IM", "feed")], false), (226, [("IM", "vcdiff")], false),
  ] {
    let outcome = try await fetch(answering: .response(status, fields, text: sampleFeed))
    #expect(outcome.body == sampleFeed)
    #expect(outcome.facts?.isDelta == isDelta)
  }
}

@Test func `a delta is asked for only from a version that is named`() async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  let url = server.url("/")
  for known in [
    nil, Validators(etag: nil, lastModified: "D", url: url),
    Validators(etag: "\"x\"", lastModified: nil, url: url),
    Validators(etag: "\"x\"", lastModified: "D", url: url),
    Validators(etag: "\"x\"", lastModified: nil, url: url + "other"),
  ] { _ = try await fetch(url, known) }
  #expect(server.requests.map { $0.field("A-IM") } == [nil, nil, "feed", "feed", nil])
  #expect(server.requests.map { $0.field("If-None-Match") } == [nil, nil, "\"x\"", "\"x\"", nil])
}

@Test func `how long an answer took is told with all its redirects`() async throws {
  let server = try LoopbackServer { request in
    var answer = request.path == "/a" ? Answer.redirect(to: "/b") : .response(text: sampleFeed)
    answer.steps.insert(.pause(milliseconds: 20), at: 0)
    return answer
  }
  let facts = try #require(try await fetch(server.url("/a")).facts)
  #expect((38..<60_000).contains(facts.elapsedMilliseconds))
}
