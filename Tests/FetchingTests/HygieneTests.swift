import FeedModel
import LoopbackServer
import TestSupport
import Testing

/// Part E of Documentation/Fetching.md: what a request looks like.
@Suite(.fewAtOnce) struct HygieneTests {
  /// All requests of a life with a page, a redirect, errors, a forced poll and a 304.
  private func manyRequests() async throws -> [ServedRequest] {
    let reader = try Subscriber()
    let page =
      "<!doctype html><title>A</title><link rel=alternate type=application/rss+xml href=/1>"
    let site = try reader.site { request in
      switch request.path {
      case "/": .response(200, [("Set-Cookie", "a=1"), ("ETag", "\"p\"")], text: page)
      case "/hop": .response(302, [("Location", "/2"), ("Set-Cookie", "b=2; Path=/")])
      case "/bad": .response(500, [("Set-Cookie", "c=3")], text: "no")
      default:
        request.field("If-None-Match") == nil
          ? feed(("ETag", "\"1\""), ("Set-Cookie", "d=4; Domain=a.test")) : unchanged()
      }
    }
    try await reader.follow(site.url("/"), site.url("/hop"))
    try await reader.add(site.url("/bad"))
    try await reader.followUnasked([site.url("/bad")])
    try await reader.sync()
    for _ in 1...2 { try await reader.syncNextDay() }
    try await reader.sync("--force")
    return site.requests
  }

  @Test(.line(64, 65, 66)) func `all requests are GET, without cookies and without a referrer`()
    async throws
  {
    let requests = try await manyRequests()
    #expect(requests.count > 12)
    for request in requests {
      #expect(request.method == "GET")
      #expect(request.body.isEmpty)
      #expect(!request.fieldNames.contains { $0 == "cookie" || $0 == "referer" }, "\(request)")
    }
  }

  @Test(.line(67)) func `the user agent is one product with its version and the project's URL`()
    async throws
  {
    let agents = Set(try await manyRequests().map { $0.field("User-Agent") ?? "" })
    #expect(agents.count == 1)
    let agent = try #require(agents.first)
    #expect(
      agent.wholeMatch(of: /Rill\/[0-9]+(\.[0-9]+)* \(\+https:\/\/[^ ()]+\)/) != nil,
      "\(agent)"
    )
  }

  @Test(.line(68)) func `the same encodings and types are offered in every request`() async throws {
    let requests = try await manyRequests()
    #expect(Set(requests.map { $0.field("Accept-Encoding") ?? "" }).count == 1)
    #expect(requests[0].field("Accept-Encoding")?.contains("gzip") == true)
    #expect(Set(requests.map { $0.field("Accept") ?? "" }).count == 1)
    let accept = requests[0].field("Accept") ?? ""
    let types = accept.split(separator: ",")
      .map { $0.split(separator: ";")[0].filter { $0 != " " } }
    for type in [
      "application/rss+xml", "application/atom+xml", "application/feed+json", "application/xml",
      "text/xml", "*/*",
    ] { #expect(types.contains(type), "\(accept)") }
  }

  @Test(.line(66)) func `path and query go out byte for byte, and nothing is added`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    let targets = [
      "/a%2Fb%2fc?x=%20+%2B&&y", "/feed?", "/feed??a?b", "/A/b/%c3%A9", "/~x/a;b=c,d/(e)!$'*",
      "/feed?b=2&a=1&b=1", "/a+b%2B?q=a+b%2b", "/%7Euser/", "//double//slash",
    ]
    try await reader.follow(targets.map { site.url($0) })
    try await reader.syncNextDay()
    #expect(site.requests.map(\.target).sorted() == (targets + targets).sorted())
    try await reader.follow(site.url("/with#fragment?x"))
    #expect(site.requests.last?.target == "/with")
  }

  @Test(.line(69)) func `a delta is asked for with an ETag only, and adds what it brings`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site { request in
      guard request.field("If-None-Match") == "\"1\"" else {
        return request.field("If-None-Match") == nil ? feed(("ETag", "\"1\"")) : unchanged()
      }
      return .response(226, [("ETag", "\"2\""), ("IM", "feed")], text: rss(4...4))
    }
    let dated = try reader.site("b.test", answering: feed(("Last-Modified", someDate)))
    try await reader.follow(site.url(), dated.url())
    try await reader.syncNextDay()
    #expect(
      try await reader.titles(feed: site.url()) == ["Title 1", "Title 2", "Title 3", "Title 4"]
    )
    try await reader.syncNextDay()
    #expect(site.asked() == "\"2\" | -")
    #expect(try await reader.titles(feed: site.url()).count == 4)
    for request in site.requests + dated.requests where request.field("A-IM") != nil {
      #expect(request.field("A-IM") == "feed")
      #expect(request.field("If-None-Match") != nil)
    }
    #expect(site.requests[1].field("A-IM") == "feed")
  }

  @Test(.line(69)) func `226 without IM is no delta`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    try await reader.follow(site.url())
    site.answers(.response(226, [("ETag", "\"2\"")], text: rss(4...4)))
    try await reader.syncNextDay()
    try await reader.syncNextDay()
    #expect(try await reader.titles().count >= 3)
    #expect(site.count() == 3)
  }

  @Test(.line(70)) func `http is asked as it was typed, without a try of https`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    try await reader.follow(site.url())
    try await reader.syncNextDay()
    #expect(site.count() == 2)
    // A handshake would have been a connection without a request.
    #expect(site.server.connectionCount == 2)
    #expect(try await reader.feed().url == site.url())
  }

  @Test(.line(71)) func `adding a feed is one request, and the next comes after the floor`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: rss(1...20)))
    try await reader.follow(site.url())
    #expect(site.requests.map(\.target) == ["/feed"])
    for _ in 1...6 {
      try await reader.sync()
      try await reader.add(site.url())
      reader.wait(seconds: 599)
    }
    #expect(site.requests.count == 1)
    reader.wait(hours: 1)
    try await reader.sync()
    #expect(site.requests.count == 2)
  }

  @Test(.line(72)) func `no icon is ever fetched`() async throws {
    let requests = try await manyRequests()
    #expect(Set(requests.map(\.path)) == ["/", "/1", "/hop", "/2", "/bad"])
  }
}
