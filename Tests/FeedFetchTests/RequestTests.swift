import FeedModel
import Glibc
import LoopbackServer
import Testing

@testable import FeedFetch

@Test func `every request is a GET with the fields of a feed reader and no others`() async throws {
  let server = try LoopbackServer { _ in .response(200, [("ETag", "\"x\"")], text: sampleFeed) }
  let first = try await fetch(server.url("/feed"))
  _ = try await fetch(server.url("/feed"), first.validators)
  let plain = ["host", "user-agent", "accept-encoding", "accept"]
  #expect(server.requests.map(\.method) == ["GET", "GET"])
  #expect(server.requests[0].fieldNames == plain)
  #expect(server.requests[1].fieldNames == plain + ["if-none-match", "a-im"])
  #expect(server.requests[0].field("User-Agent") == "Rill/0.0 (+https://rill.test/)")
  for request in server.requests {
    #expect(request.field("Accept-Encoding") == "gzip, deflate, br, zstd")
    let accept = request.field("Accept") ?? ""
    for type in ["application/atom+xml", "application/rss+xml", "application/feed+json", "*/*"] {
      #expect(accept.contains(type))
    }
  }
}

@Test func `cookies are neither kept in a chain of redirects nor for the next request`()
  async throws
{
  let server = try LoopbackServer { request in
    let cookie = ("Set-Cookie", "id=1; Path=/")
    return request.path == "/a"
      ? .response(302, [cookie, ("Location", "/b")], body: [])
      : .response(200, [cookie], text: sampleFeed)
  }
  let fetcher = try Fetcher(settings: testSettings())
  for _ in 0..<2 { _ = await fetcher.fetch(FetchRequest(url: server.url("/a"))) }
  #expect(server.requests.count == 4)
  for request in server.requests {
    #expect(request.field("Cookie") == nil)
    #expect(request.field("Referer") == nil)
  }
}

@Test(arguments: [
  "/a%2Fb%2fc?x=%20+%2B&&y", "/feed?", "/feed??a?b", "/A/b/%c3%A9", "/~x/a;b=c,d/(e)!$'*",
  "/?q=a[]=b",
  "/a//b///c",
])
func `path and query are sent byte for byte`(target: String) async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  let outcome = try await fetch(server.url(target + "#fragment"))
  #expect(server.requests.map(\.target) == [target])
  #expect(outcome.facts?.url == server.url(target))
}

@Test func `user and password become basic authentication and appear in no outcome`() async throws {
  let server = try LoopbackServer { request in
    switch request.path {
    case "/feed": .response(200, [("ETag", "\"x\"")], text: sampleFeed)
    case "/moved": .redirect(to: "/feed")
    default: .response(404, text: "no")
    }
  }
  for path in ["/feed", "/moved", "/none"] {
    let url = "http://ann:s%3Acr%20t@\(server.place)\(path)"
    let outcome = try await fetch(url)
    #expect(!"\(outcome)".contains("s%3Acr") && !"\(outcome)".contains("ann"))
  }
  #expect(server.requests.count == 4)
  for request in server.requests {
    // ann:s:cr t
    #expect(request.field("Authorization") == "Basic YW5uOnM6Y3IgdA==")
  }
}

@Test(arguments: [
  "http://ann:secret@", "http://ann:secret@host:port/", "http://ann:secret@[::1/",
  "ann:secret@host",
  "http://ann:secret@nowhere.invalid:1/", "gopher://ann:secret@host/",
])
func `a URL that fails does not show its password`(url: String) async throws {
  let outcome = try await fetch(url)
  #expect(outcome.failure != nil)
  #expect(!"\(outcome)".contains("secret"))
}

@Test(arguments: ["b\u{FC}cher.test", "B\u{DC}CHER.test", "xn--bcher-kva.test"])
func `a host beyond ASCII is asked for by its other name, whatever the locale`(
  host: String
) async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  let settings = testSettings(resolve: ["xn--bcher-kva.test:\(server.port)"])
  let outcome = try await fetch("http://\(host):\(server.port)/f", settings: settings)
  #expect(outcome.facts?.url == "http://xn--bcher-kva.test:\(server.port)/f")
  #expect(server.requests.map { $0.field("Host") } == ["xn--bcher-kva.test:\(server.port)"])
}

@Test(arguments: [
  ("ftp://host/feed", FetchFailure.scheme("ftp")), ("file:///etc/passwd", .scheme("file")),
  ("javascript:alert(1)", .scheme("javascript")), ("feed", .badURL("feed")),
  ("http:///feed", .badURL("http:///feed")), ("", .badURL("")),
])
func `what is no URL of the web is not asked for`(url: String, failure: FetchFailure) async throws {
  #expect(try await fetch(url) == .failed(failure, nil))
}

@Test func `nothing in the environment changes a request`() async {
  await #expect(processExitsWith: .success) {
    let trap = try LoopbackServer { _ in .response(text: "trap") }
    let server = try LoopbackServer { _ in .response(text: sampleFeed) }
    for name in [
      "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
    ] {
      unsafe setenv(name, trap.url("/"), 1)
    }
    unsafe setenv("no_proxy", "", 1)
    var name = Array("/tmp/rill-fetch-home-XXXXXX".utf8CString)
    guard let directory = unsafe mkdtemp(&name) else { exit(2) }
    let home = unsafe String(cString: directory)
    for (file, text) in [
      (".netrc", "default login ann password secret\n"), (".curlrc", "proxy = \(trap.url("/"))\n"),
    ] {
      guard let stream = unsafe fopen("\(home)/\(file)", "w") else { exit(2) }
      unsafe fputs(text, stream)
      unsafe fclose(stream)
    }
    unsafe setenv("HOME", home, 1)
    unsafe setenv("CURL_HOME", home, 1)
    let outcome = try await fetch(server.url("/feed"))
    for file in [".netrc", ".curlrc"] { unsafe unlink("\(home)/\(file)") }
    unsafe rmdir(home)
    precondition(outcome.body == sampleFeed, "The answer is the server's.")
    precondition(trap.requests.isEmpty, "No proxy was asked.")
    precondition(server.requests.allSatisfy { $0.field("Authorization") == nil }, "No netrc.")
  }
}

@Test func `a proxy that is set is used, and the environment does not except hosts from it`()
  async
{
  await #expect(processExitsWith: .success) {
    unsafe setenv("no_proxy", "*", 1)
    unsafe setenv("NO_PROXY", "*", 1)
    let proxy = try LoopbackServer { _ in .response(text: sampleFeed) }
    var settings = testSettings()
    settings.proxy = proxy.url("/")
    let outcome = try await fetch("http://feeds.invalid/feed", settings: settings)
    precondition(outcome.body == sampleFeed, "The proxy answered.")
    precondition(proxy.requests.map(\.target) == ["http://feeds.invalid/feed"], "In full.")
  }
}
