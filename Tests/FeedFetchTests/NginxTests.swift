import FeedModel
import Testing

@testable import FeedFetch

@Suite(.enabled(if: Nginx.isInstalled, "nginx and openssl are not installed"))
struct NginxTests {
  /// What the server said of the connection that a request came on.
  private struct Told {
    var connection: String
    var request: String
    var version: String
    var session: String
    var authorization: String?

    init(_ outcome: FetchOutcome) throws {
      let words = try #require(outcome.body, "\(outcome)").split(separator: " ").map(String.init)
      try #require(words.count >= 4)
      (connection, request, version, session) = (words[0], words[1], words[2], words[3])
      if words.count > 4 { authorization = words[4...].joined(separator: " ") }
    }
  }

  /// Fetches URLs side by side; the outcomes come in the order of the URLs.
  private func fetchAll(
    _ urls: [String],
    _ settings: FetchSettings,
    _ options: FetchOptions = FetchOptions()
  ) async throws -> [Told] {
    let fetcher = try Fetcher(settings: settings)
    defer { fetcher.stop() }
    return try await withThrowingTaskGroup(of: (Int, FetchOutcome).self) { group in
      for (index, url) in urls.enumerated() {
        group.addTask { (index, await fetcher.fetch(FetchRequest(url: url, options: options))) }
      }
      var told: [Int: Told] = [:]
      for try await (index, outcome) in group { told[index] = try Told(outcome) }
      return urls.indices.compactMap { told[$0] }
    }
  }

  @Test func `fifty feeds of one host come over one connection of HTTP/2 and one handshake`()
    async throws
  {
    let server = try Nginx()
    let told = try await fetchAll((0..<50).map { server.tls("/\($0)") }, server.settings())
    #expect(told.count == 50)
    #expect(Set(told.map(\.connection)).count == 1)
    #expect(told.allSatisfy { $0.session == ".-" })
    #expect(told.allSatisfy { $0.version == "HTTP/2.0" })
    #expect(Set(told.map(\.request)).count == 50)
  }

  @Test func `a server that ends its connections with GOAWAY loses no request`() async throws {
    let server = try Nginx(Nginx.Options(requestsPerConnection: 7))
    let urls = (0..<50).map { server.tls("/\($0)") }
    let told = try await fetchAll(urls, server.settings())
    #expect(told.count == 50)
    #expect(told.allSatisfy { $0.version == "HTTP/2.0" })
    #expect(Set(told.map(\.connection)).count == 8)
  }

  @Test func `without connections that last, sessions of TLS are resumed`() async throws {
    let server = try Nginx(Nginx.Options(requestsPerConnection: 1))
    // This nginx forgets the session of a connection that it has ended with GOAWAY.
    var old = FetchOptions()
    old.isHTTP1Only = true
    let told = try await fetchAll((0..<50).map { server.tls("/\($0)") }, server.settings(), old)
    #expect(Set(told.map(\.connection)).count == 50)
    #expect(told.count { $0.session == ".-" } <= 2)
    #expect(told.count { $0.session == "r-" } >= 48)
  }

  @Test func `many hosts of one server share neither connection nor handshake`() async throws {
    let server = try Nginx()
    let urls = (0..<20).map { server.tls("/", host: "h\($0).good.test") }
    let told = try await fetchAll(urls + urls, server.settings(hosts: 20))
    #expect(Set(told.map(\.connection)).count == 20)
  }

  @Test func `a feed may be asked without HTTP/2, also after others of its host`() async throws {
    let server = try Nginx()
    let fetcher = try Fetcher(settings: server.settings())
    defer { fetcher.stop() }
    var old = FetchOptions()
    old.isHTTP1Only = true
    var versions: [String] = []
    for options in [FetchOptions(), old, old, FetchOptions()] {
      let request = FetchRequest(url: server.tls("/"), options: options)
      versions.append(try Told(await fetcher.fetch(request)).version)
    }
    // The last may come on either: the connection of HTTP/1.1 is open and good.
    #expect(versions[..<3] == ["HTTP/2.0", "HTTP/1.1", "HTTP/1.1"])
  }

  @Test func `an unchanged file is not sent again, and a changed tag brings it`() async throws {
    let server = try Nginx()
    for url in [server.tls("/file"), server.plain("/file")] {
      let first = try await fetch(url, settings: server.settings())
      let validators = try #require(first.validators)
      #expect(first.body == String(repeating: sampleFeed + "\n", count: 200))
      // The entity tag of what was compressed on the way is a weak one.
      #expect(validators.etag?.hasPrefix("W/\"") == true)
      #expect(validators.lastModified != nil)
      #expect(try #require(first.facts?.wireBytes) < 1000)
      let second = try await fetch(url, validators, settings: server.settings())
      guard case .notModified(let again, _) = second else {
        Issue.record("\(second)")
        return
      }
      #expect(again.etag?.drop { $0 == "W" || $0 == "/" } == validators.etag?.dropFirst(2))
      let other = Validators(etag: "\"other\"", lastModified: nil, url: url)
      #expect(try await fetch(url, other, settings: server.settings()).body == first.body)
    }
  }

  @Test(arguments: ["expired.test", "self.test", "wrong.test"])
  func `a certificate that is expired, unknown or another host's is refused`(
    host: String
  ) async throws {
    let server = try Nginx()
    let outcome = try await fetch(server.tls("/", host: host), settings: server.settings())
    guard case .failed(.tls(host, let detail), nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(detail.lowercased().contains("certificate"))
  }

  @Test(arguments: ["expired.test", "self.test", "wrong.test"])
  func `any certificate is taken where a person says so, and for that feed alone`(
    host: String
  ) async throws {
    let server = try Nginx()
    var trusting = FetchOptions()
    trusting.acceptsAnyCertificate = true
    let url = server.tls("/", host: host)
    let fetcher = try Fetcher(settings: server.settings())
    defer { fetcher.stop() }
    var connections: Set<String> = []
    // The connection and the TLS session are there, and are not lent to who does not trust.
    for _ in 0..<2 {
      let outcome = await fetcher.fetch(FetchRequest(url: url, options: trusting))
      connections.insert(try Told(outcome).connection)
      let strict = await fetcher.fetch(FetchRequest(url: url))
      guard case .failed(.tls(host, _), nil) = strict else {
        Issue.record("\(strict)")
        return
      }
    }
    #expect(connections.count == 1)
  }

  @Test func `trust in any certificate does not follow a redirect to another origin`() async throws
  {
    let server = try Nginx()
    var trusting = FetchOptions()
    trusting.acceptsAnyCertificate = true
    let fetcher = try Fetcher(settings: server.settings())
    defer { fetcher.stop() }
    let target = server.tls("/", host: "expired.test")
    for from in [server.tls("/moved?to=", host: "self.test"), server.plain("/moved?to=")] {
      let request = FetchRequest(url: from + target, options: trusting)
      let outcome = await fetcher.fetch(request)
      guard case .failed(.tls("expired.test", _), _) = outcome else {
        Issue.record("\(outcome)")
        return
      }
    }
    let own = server.tls("/", host: "self.test")
    let request = FetchRequest(
      url: server.tls("/moved?to=\(own)", host: "self.test"),
      options: trusting
    )
    #expect(await fetcher.fetch(request).body != nil)
  }

  @Test func `credentials go neither from TLS to the clear nor back`() async throws {
    let server = try Nginx()
    var options = FetchOptions()
    options.credentials = Credentials(user: "a", password: "b")
    let fetcher = try Fetcher(settings: server.settings())
    defer { fetcher.stop() }
    func authorization(_ url: String) async throws -> String? {
      try Told(await fetcher.fetch(FetchRequest(url: url, options: options))).authorization
    }
    #expect(try await authorization(server.tls("/")) == "Basic YTpi")
    #expect(try await authorization(server.tls("/moved?to=/")) == "Basic YTpi")
    #expect(try await authorization(server.tls("/moved?to=\(server.plain("/"))")) == nil)
    #expect(try await authorization(server.plain("/moved?to=\(server.tls("/"))")) == nil)
    #expect(try Told(await fetcher.fetch(FetchRequest(url: server.tls("/")))).authorization == nil)
  }
}
