import FeedModel
import LoopbackServer
import TestSupport
import Testing

/// Part H of Documentation/Fetching.md: addresses, environment and the spelling of URLs.
@Suite(.fewAtOnce) struct AddressTests {
  private let good = feed(("ETag", "\"1\""))
  /// Spellings of private addresses.
  private let privateHosts = [
    "127.0.0.1", "127.0.0.2", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]",
    "[fc00::1]", "[::ffff:127.0.0.2]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "2130706434",
    "0x7f000002", "0177.0.0.2", "127.1", "localhost", "192.168.1.1", "172.16.0.1", "[fe80::1]",
    "[fec0::1]", "224.0.0.1", "240.0.0.1", "198.18.0.1", "192.0.0.1", "192.88.99.1", "[ff02::1]",
    "[64:ff9b:1::1]", "[100::1]", "[2001:db8::1]", "[::]", "192.0.2.1", "203.0.113.1",
  ]

  @Test(.line(96, 97)) func `a public host leads to no private address`() async throws {
    let reader = try Subscriber()
    reader.environment = ["RILL_FETCH_TIMEOUT_SECONDS": "5"]
    let trap = try Site("trap.test") { _ in feed() }
    let sites = try privateHosts.enumerated()
      .map { index, host in
        let target = "http://\(host):\(trap.server.port)/feed"
        return try reader.site("h\(index).test") { _ in .redirect(301, to: target) }
      }
    try await reader.followUnasked(sites.map { $0.url() })
    for _ in 1...2 { try await reader.syncNextDay() }
    #expect(trap.server.connectionCount == 0)
    for (feed, host) in zip(try await reader.feeds(), privateHosts) {
      #expect(feed.lastError?.contains("private") == true, "\(host): \(feed.lastError ?? "nil")")
    }
    #expect(sites.allSatisfy { $0.count() == 2 })
  }

  @Test(.line(96)) func `a page leads to no feed at a private address`() async throws {
    let reader = try Subscriber()
    reader.environment = ["RILL_FETCH_TIMEOUT_SECONDS": "5"]
    let trap = try Site("trap.test") { _ in feed() }
    for (index, host) in privateHosts.prefix(16).enumerated() {
      let link = "http://\(host):\(trap.server.port)/feed"
      let page = """
        <!doctype html><title>A</title>\
        <link rel="alternate" type="application/rss+xml" href="\(link)"><a href="\(link)">RSS</a>
        """
      let site = try reader.site("h\(index).test") { request in
        request.path == "/" ? .response(text: page) : .response(404)
      }
      #expect(try await reader.add(site.url("/")).status != 0, "\(host)")
    }
    #expect(trap.server.connectionCount == 0)
    #expect(try await reader.feeds().isEmpty)
  }

  @Test(.line(96)) func `with deny a typed private address is refused, but for those allowed`()
    async throws
  {
    let reader = try Subscriber()
    let site = try Site("a.test") { _ in feed() }
    reader.environment = ["RILL_FETCH_PRIVATE_ADDRESSES": "deny"]
    for host in [
      "127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "0.0.0.0",
    ] {
      let run = try await reader.add("http://\(host):\(site.server.port)/feed")
      #expect(run.status != 0 && run.errors.contains("private"), "\(host): \(run.errors)")
    }
    #expect(site.server.connectionCount == 0)
    reader.environment["RILL_FETCH_ALLOW_ADDRESSES"] = site.server.place
    #expect(try await reader.add(site.server.url("/feed")).status == 0)
    let other = try Site("b.test") { _ in feed() }
    #expect(try await reader.add(other.server.url("/feed")).status != 0)
    #expect(site.requests.count == 1 && other.server.connectionCount == 0)
    // A person at home needs no list.
    reader.environment = [:]
    #expect(try await reader.add(site.server.url("/home")).status == 0)
  }

  @Test(.line(99)) func `nothing in the environment and no file of curl changes a request`()
    async throws
  {
    let reader = try Subscriber()
    let proxy = try Site("proxy.test") { _ in feed() }
    let site = try reader.site(answering: good)
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"] {
      reader.environment[name] = "http://\(proxy.server.place)"
    }
    reader.environment["CURL_HOME"] = reader.machine.home
    reader.environment["NETRC"] = reader.machine.home + "/.netrc"
    _ = try reader.machine.file(
      ".curlrc",
      "user-agent = evil\nproxy = \(proxy.server.place)\ncookie = a=b\nreferer = x\n"
    )
    _ = try reader.machine.file(".netrc", "machine a.test login ann password secret\n")
    try await reader.follow(site.url())
    #expect(proxy.server.connectionCount == 0)
    let request = try #require(site.last())
    #expect(request.field("User-Agent")?.hasPrefix("Rill/") == true)
    #expect(
      Set(request.fieldNames) == ["host", "user-agent", "accept", "accept-encoding"],
      "\(request.fieldNames)"
    )
    // A proxy that is set is used.
    reader.environment["RILL_FETCH_PROXY"] = "http://\(proxy.server.place)"
    try await reader.syncNextDay()
    #expect(proxy.requests.map(\.target) == [site.url()])
    #expect(site.count() == 1)
  }

  @Test(.line(100)) func `a name in letters and in its ASCII form is one host, in any locale`()
    async throws
  {
    let reader = try Subscriber()
    reader.environment = ["LC_ALL": "C"]
    let site = try reader.site("xn--bcher-kva.test", answering: good)
    let port = site.server.port
    try await reader.follow("http://b\u{FC}cher.test:\(port)/f")
    for same in [
      "http://xn--bcher-kva.test:\(port)/f", "http://B\u{DC}CHER.test:\(port)/f",
      "HTTP://XN--BCHER-KVA.TEST:\(port)/f#x",
    ] { #expect(try await reader.add(same).errors.contains("Already following"), "\(same)") }
    #expect(try await reader.feeds().count == 1)
    #expect(site.requests.count == 1)
    #expect(site.requests[0].field("Host") == "xn--bcher-kva.test:\(port)")
  }

  @Test(.line(100))
  func `the usual port and the case of a host make no second feed, and a path does`()
    async throws
  {
    let reader = try Subscriber()
    try await reader.followUnasked(["HTTP://A.test:80/x", "http://a.test/x", "http://a.test:/x"])
    try await reader.followUnasked(["https://a.test:443/x", "https://a.test/x"])
    #expect(
      try await reader.feeds().map(\.url).sorted() == ["http://a.test/x", "https://a.test/x"]
    )
    try await reader.followUnasked(["http://a.test/X", "http://a.test/x/", "http://a.test/x?"])
    #expect(try await reader.feeds().count == 5)
  }
}
