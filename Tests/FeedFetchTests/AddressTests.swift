import FeedModel
import LoopbackServer
import Testing

@testable import FeedFetch

@Test(arguments: [
  "127.0.0.2", "0.0.0.0", "2130706433", "0x7f000002", "0177.0.0.2", "127.1", "localhost",
  "[::1]", "[::ffff:127.0.0.2]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[fc00::1]",
  "169.254.169.254", "10.1.2.3", "100.64.0.1", "[fe80::1]",
])
func `a public host may not redirect to a private address`(host: String) async throws {
  let trap = try LoopbackServer { _ in .response(text: "trap") }
  let server = try LoopbackServer { _ in .redirect(to: "http://\(host):\(trap.port)/") }
  let settings = testSettings(resolve: ["a.test:\(server.port)"])
  let outcome = try await fetch("http://a.test:\(server.port)/feed", settings: settings)
  guard case .failed(.refusedAddress, let facts) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(facts?.status == 302)
  #expect(server.requests.count == 1)
  #expect(trap.connectionCount == 0)
}

@Test(arguments: ["127.0.0.1", "2130706433", "localhost", "0.0.0.0"])
func `with deny even a typed private address is refused`(host: String) async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  var settings = testSettings()
  settings.privateAddresses = .deny
  let outcome = try await fetch("http://\(host):\(server.port)/", settings: settings)
  guard case .failed(.refusedAddress, nil) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(server.connectionCount == 0)
}

@Test(arguments: ["127.0.0.1", "2130706433", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]"])
func `an address that nobody typed may not be private`(host: String) async throws {
  let trap = try LoopbackServer { _ in .response(text: "trap") }
  let outcome = try await fetch("http://\(host):\(trap.port)/", isTyped: false)
  guard case .failed(.refusedAddress, nil) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(trap.connectionCount == 0)
}

@Test func `an address that nobody typed may be one that is allowed or given`() async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  var settings = testSettings(resolve: ["a.test:\(server.port)"])
  let given = try await fetch("http://a.test:\(server.port)/", isTyped: false, settings: settings)
  #expect(given.body == sampleFeed)
  settings.allowedAddresses = [server.place]
  let allowed = try await fetch(server.url("/"), isTyped: false, settings: settings)
  #expect(allowed.body == sampleFeed)
}

@Test func `an address that is given to all names is not open to who names it`() async throws {
  let trap = try LoopbackServer { _ in .response(text: "trap") }
  let server = try LoopbackServer { request in
    request.path == "/away" ? .redirect(to: trap.url("/")) : .response(text: sampleFeed)
  }
  let settings = testSettings(resolve: ["*:\(server.port)", "*:\(trap.port)"])
  let given = try await fetch("http://b.test:\(server.port)/", isTyped: false, settings: settings)
  #expect(given.body == sampleFeed)
  let away = try await fetch("http://b.test:\(server.port)/away", settings: settings)
  #expect(away.failure == .refusedAddress("127.0.0.1"))
  #expect(trap.connectionCount == 0)
}

@Test func `an allowed host that nobody typed may not redirect to another private one`()
  async throws
{
  let trap = try LoopbackServer { _ in .response(text: "trap") }
  let nas = try LoopbackServer { _ in .redirect(to: trap.url("/")) }
  var settings = testSettings()
  settings.allowedAddresses = [nas.place]
  let outcome = try await fetch(nas.url("/"), isTyped: false, settings: settings)
  #expect(outcome.failure == .refusedAddress("127.0.0.1"))
  #expect(trap.connectionCount == 0)
}

@Test func `an allowed place may be private wherever it is met`() async throws {
  let nas = try LoopbackServer { _ in .response(text: sampleFeed) }
  let server = try LoopbackServer { _ in .redirect(to: nas.url("/feed")) }
  var settings = testSettings(resolve: ["a.test:\(server.port)"])
  settings.privateAddresses = .deny
  settings.allowedAddresses = [nas.place]
  for url in [nas.url("/feed"), "http://a.test:\(server.port)/", "http://localhost:\(nas.port)/"] {
    #expect(try await fetch(url, settings: settings).body == sampleFeed)
  }
}

@Test func `a name that is given a private address by the caller counts as public`() async throws {
  let server = try LoopbackServer { request in
    request.path == "/a" ? .redirect(to: "/feed") : .response(text: sampleFeed)
  }
  var settings = testSettings(resolve: ["A.test:\(server.port)"])
  settings.privateAddresses = .deny
  let outcome = try await fetch("http://a.TEST:\(server.port)/a", settings: settings)
  #expect(outcome.body == sampleFeed)
  #expect(
    server.requests.map { $0.field("Host") } == Array(repeating: "a.test:\(server.port)", count: 2)
  )
}

@Test func `a typed private host may redirect to a private host`() async throws {
  let target = try LoopbackServer { _ in .response(text: sampleFeed) }
  let server = try LoopbackServer { _ in .redirect(to: target.url("/feed")) }
  #expect(try await fetch(server.url("/feed")).body == sampleFeed)
}

@Test func `a private host behind a public one may not redirect to a private host either`()
  async throws
{
  let trap = try LoopbackServer { _ in .response(text: "trap") }
  let middle = try LoopbackServer { _ in .redirect(to: trap.url("/")) }
  let server = try LoopbackServer { _ in .redirect(to: middle.url("/")) }
  var settings = testSettings(resolve: ["a.test:\(server.port)"])
  settings.allowedAddresses = [middle.place]
  let outcome = try await fetch("http://a.test:\(server.port)/", settings: settings)
  #expect(outcome.failure == .refusedAddress("127.0.0.1"))
  #expect(trap.connectionCount == 0)
}

@Test func `a connection is not made to a private address that a public host led to`()
  async throws
{
  let nas = try LoopbackServer { _ in .response(text: sampleFeed) }
  let fetcher = try Fetcher(settings: testSettings())
  let result = await fetcher.mailbox.carryOut(try hop(nas.url("/feed"), .led))
  #expect(result.refused == IPAddress("127.0.0.1"))
  #expect(result.end == .connection)
  #expect(nas.connectionCount == 0)
}

@Test func `an open connection to a typed private host is not lent to a redirect`() async throws {
  let nas = try LoopbackServer { _ in .response(text: sampleFeed) }
  let fetcher = try Fetcher(settings: testSettings())
  let typed = await fetcher.mailbox.carryOut(try hop(nas.url("/feed"), .typed))
  #expect(typed.status == 200)
  let led = await fetcher.mailbox.carryOut(try hop(nas.url("/feed"), .led))
  #expect(led.refused == IPAddress("127.0.0.1"))
  #expect(led.status == 0)
  #expect(nas.requests.count == 1)
}

@Test func `a host that was public is not believed when it becomes private`() throws {
  var hosts = PublicHosts()
  let typed = try hop("http://a.test/", .typed)
  hosts.note(.v4(0x7F00_0001), of: "a.test")
  #expect(hosts.standing(of: typed) == .typed)
  hosts.note(.v4(0x0808_0808), of: "a.test")
  #expect(hosts.standing(of: typed) == .led)
  #expect(hosts.standing(of: try hop("http://b.test/", .typed)) == .typed)
}

/// A hop to a URL.
private func hop(_ text: String, _ standing: AddressGuard.Standing) throws -> HopRequest {
  let url = try #require(WebURL(text))
  let place = try #require(HostPort(url))
  return HopRequest(url: url, place: place, standing: standing, totalMilliseconds: 1000)
}
