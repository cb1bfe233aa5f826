import FeedModel
import LoopbackServer
import TestSupport
import Testing

@testable import FeedFetch

/// Fetches URLs side by side; the outcomes come in the order of the URLs.
private func fetchAll(_ urls: [String], _ settings: FetchSettings) async throws -> [FetchOutcome] {
  let fetcher = try Fetcher(settings: settings)
  defer { fetcher.stop() }
  return await withTaskGroup(of: (Int, FetchOutcome).self) { group in
    for (index, url) in urls.enumerated() {
      group.addTask { (index, await fetcher.fetch(FetchRequest(url: url))) }
    }
    var outcomes: [Int: FetchOutcome] = [:]
    for await (index, outcome) in group { outcomes[index] = outcome }
    return urls.indices.compactMap { outcomes[$0] }
  }
}

/// Answers after a moment, so that requests would meet if they were let.
private func slow(_ answer: Answer) -> Answer {
  var answer = answer
  answer.steps.insert(.pause(milliseconds: 5), at: 0)
  return answer
}

@Test func `one host is never asked twice at once and keeps its connection`() async throws {
  let server = try LoopbackServer { request in slow(.response(text: request.path)) }
  let urls = (0..<50).map { server.url("/\($0)") }
  let outcomes = try await fetchAll(urls, testSettings())
  #expect(outcomes.map(\.body) == (0..<50).map { "/\($0)" })
  #expect(server.requestsAtOnceMax == 1)
  #expect(server.connectionCount == 1)
}

@Test func `a host that redirects lead to is never asked twice at once either`() async throws {
  let target = try LoopbackServer { request in slow(.response(text: request.path)) }
  let sources = try (0..<4)
    .map { _ in
      try LoopbackServer { request in .redirect(to: target.url(request.path)) }
    }
  let urls = sources.enumerated()
    .flatMap { index, server in
      (0..<5).map { server.url("/\(index)-\($0)") }
    }
  let outcomes = try await fetchAll(urls, testSettings())
  #expect(outcomes.allSatisfy { $0.body != nil })
  #expect(target.requests.count == 20)
  #expect(target.requestsAtOnceMax == 1)
}

@Test func `different hosts are asked side by side and no more than the window holds`()
  async throws
{
  // Names of one server, so that it sees all of them at once.
  let server = try LoopbackServer { _ in slow(.response(text: sampleFeed)) }
  let hosts = (0..<30).map { "h\($0).test:\(server.port)" }
  var settings = testSettings(resolve: hosts)
  settings.windowSize = 4
  let outcomes = try await fetchAll(hosts.map { "http://\($0)/" }, settings)
  #expect(outcomes.allSatisfy { $0.body == sampleFeed })
  #expect((2...4).contains(server.requestsAtOnceMax))
  #expect(server.connectionCount == 30)
}

@Test func `a host that hangs does not hold up the others`() async throws {
  let hanging = try LoopbackServer { _ in .silence }
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  let fetcher = try Fetcher(settings: testSettings())
  let stuck = Task { await fetcher.fetch(FetchRequest(url: hanging.url("/"))) }
  for _ in 0..<20 {
    #expect(await fetcher.fetch(FetchRequest(url: server.url("/"))).body == sampleFeed)
  }
  fetcher.stop()
  #expect(await stuck.value == .failed(.cancelled, nil))
}

@Test func `more hosts that hang than the window holds do not hold up the others`() async throws {
  let server = try LoopbackServer { request in
    request.path == "/hang" ? .silence : .response(text: sampleFeed)
  }
  let hosts = (0..<13).map { "h\($0).test:\(server.port)" }
  var settings = testSettings(resolve: hosts)
  settings.windowSize = 3
  settings.patienceSeconds = 1
  let fetcher = try Fetcher(settings: settings)
  let stuck = hosts[..<10]
    .map { host in Task { await fetcher.fetch(FetchRequest(url: "http://\(host)/hang")) } }
  for host in hosts[10...] {
    #expect(await fetcher.fetch(FetchRequest(url: "http://\(host)/")).body == sampleFeed)
  }
  #expect(fetcher.asideCount > 0)
  fetcher.stop()
  for task in stuck { #expect(await task.value == .failed(.cancelled, nil)) }
}

@Test func `cancelling a task ends its transfer and frees its host`() async throws {
  let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
  let server = try LoopbackServer { request in
    guard request.path == "/hang" else { return .response(text: sampleFeed) }
    arrived.yield()
    return .silence
  }
  let fetcher = try Fetcher(settings: testSettings())
  let stuck = Task { await fetcher.fetch(FetchRequest(url: server.url("/hang"))) }
  for await _ in arrivals { break }
  let waiting = Task { await fetcher.fetch(FetchRequest(url: server.url("/next"))) }
  stuck.cancel()
  #expect(await stuck.value == .failed(.cancelled, nil))
  #expect(await waiting.value.body == sampleFeed)
}

@Test func `cancelling a task that still waits leaves no request`() async throws {
  let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
  let server = try LoopbackServer { _ in
    arrived.yield()
    return .silence
  }
  let fetcher = try Fetcher(settings: testSettings())
  let stuck = Task { await fetcher.fetch(FetchRequest(url: server.url("/hang"))) }
  for await _ in arrivals { break }
  let waiting = Task { await fetcher.fetch(FetchRequest(url: server.url("/next"))) }
  waiting.cancel()
  #expect(await waiting.value == .failed(.cancelled, nil))
  stuck.cancel()
  #expect(await stuck.value == .failed(.cancelled, nil))
  #expect(server.requests.map(\.path) == ["/hang"])
}

@Test func `after stop everything is cancelled at once`() async throws {
  let server = try LoopbackServer { _ in .response(text: sampleFeed) }
  let fetcher = try Fetcher(settings: testSettings())
  fetcher.stop()
  fetcher.stop()
  #expect(await fetcher.fetch(FetchRequest(url: server.url("/"))) == .failed(.cancelled, nil))
  #expect(server.connectionCount == 0)
}

@Test func `stop ends what is under way and what waits`() async throws {
  let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
  let server = try LoopbackServer { _ in
    arrived.yield()
    return .silence
  }
  let fetcher = try Fetcher(settings: testSettings())
  let tasks = (0..<10)
    .map { number in
      Task { await fetcher.fetch(FetchRequest(url: server.url("/\(number)"))) }
    }
  for await _ in arrivals { break }
  fetcher.stop()
  for task in tasks { #expect(await task.value == .failed(.cancelled, nil)) }
  #expect(server.requests.count == 1)
}

@Test func `a connection that the server closes between two requests is made anew`() async throws {
  let server = try LoopbackServer { request in
    // The server keeps its word for one request and closes without telling.
    var answer = Answer.response(text: request.path)
    answer.keepsConnection = false
    return answer
  }
  let fetcher = try Fetcher(settings: testSettings())
  for number in 0..<5 {
    let outcome = await fetcher.fetch(FetchRequest(url: server.url("/\(number)")))
    #expect(outcome.body == "/\(number)")
  }
  #expect(server.requests.count == 5)
}

@Test func `a request that dies on a used connection is sent once more on a new one`() async throws
{
  let server = try LoopbackServer { request in
    switch request.path {
    case "/first": .response(text: sampleFeed)
    default: request.connection == 1 ? Answer(steps: [.reset]) : .response(text: sampleFeed)
    }
  }
  let fetcher = try Fetcher(settings: testSettings())
  #expect(await fetcher.fetch(FetchRequest(url: server.url("/first"))).body == sampleFeed)
  #expect(await fetcher.fetch(FetchRequest(url: server.url("/second"))).body == sampleFeed)
  #expect(server.requests.map(\.connection) == [1, 1, 2])
}

@Test func `a request that dies on a new connection is not repeated`() async throws {
  let server = try LoopbackServer { _ in Answer(steps: []) }
  _ = try await fetch(server.url("/"))
  #expect(server.requests.count == 1)
}

@Test(arguments: [
  ("userAgent", "a\r\nb"), ("resolve", "a.test:80"), ("resolve", "a.test:x:127.0.0.1"),
  ("resolve", "a.test:80:name"), ("allowedAddresses", "nas"), ("windowSize", "0"),
])
func `a setting that cannot be used is refused`(name: String, value: String) {
  var settings = testSettings()
  switch name {
  case "userAgent": settings.userAgent = value
  case "resolve": settings.resolve = [value]
  case "allowedAddresses": settings.allowedAddresses = [value]
  default: settings.windowSize = 0
  }
  #expect(throws: FetchSetupError.badSetting(name: name, value: value)) {
    try Fetcher(settings: settings)
  }
}

@Test(arguments: [-1, Int.min])
func `no number of the settings may be negative`(value: Int) {
  let numbers: [(String, WritableKeyPath<FetchSettings, Int>)] = [
    ("windowSize", \.windowSize), ("wireBytesMax", \.wireBytesMax),
    ("decodedBytesMax", \.decodedBytesMax), ("patienceSeconds", \.patienceSeconds),
    ("totalMilliseconds", \.totalMilliseconds),
    ("connectMilliseconds", \.connectMilliseconds), ("redirectsMax", \.redirectsMax),
    ("lowSpeedBytesPerSecond", \.lowSpeedBytesPerSecond), ("lowSpeedSeconds", \.lowSpeedSeconds),
  ]
  for (name, number) in numbers {
    var settings = testSettings()
    settings[keyPath: number] = value
    #expect(throws: FetchSetupError.badSetting(name: name, value: "\(value)")) {
      try LoopConfiguration(settings)
    }
  }
}

/// Settings that are as large as they can be.
private func hugeSettings(resolve: [String] = []) -> FetchSettings {
  var settings = testSettings(resolve: resolve)
  settings.windowSize = .max
  settings.connectionsMax = .max
  settings.wireBytesMax = .max
  settings.decodedBytesMax = .max
  settings.totalMilliseconds = .max
  settings.connectMilliseconds = .max
  settings.redirectsMax = .max
  settings.lowSpeedBytesPerSecond = 1
  settings.lowSpeedSeconds = .max
  return settings
}

@Test func `huge settings are brought into the range of libcurl's numbers`() throws {
  let settings = try LoopConfiguration(hugeSettings()).settings
  #expect(settings.totalMilliseconds == 2_147_483_647)
  #expect(settings.connectMilliseconds == 2_147_483_647)
  #expect(settings.lowSpeedSeconds == 32_767)
  #expect(settings.windowSize == 65_536)
  #expect(settings.connectionsMax == 65_536)
  var day = testSettings()
  day.totalMilliseconds = 86_400_000
  #expect(try LoopConfiguration(day).settings == day)
}

@Test func `with huge settings documents are fetched as with small ones`() async throws {
  let packed = compressed(sampleFeed.utf8)
  let server = try LoopbackServer { request in
    switch request.path {
    case "/a": .redirect(to: "/b")
    case "/b": .response(200, [("Content-Encoding", "gzip")], body: packed)
    default: .response(404, text: "no")
    }
  }
  #expect(try await fetch(server.url("/a"), settings: hugeSettings()).body == sampleFeed)
  #expect(try await fetch(server.url("/c"), settings: hugeSettings()).facts?.status == 404)
}

@Test(arguments: [1 << 40, Int.max])
func `a length that a server only claims takes no memory`(length: Int) async throws {
  let answer = Answer.response(text: sampleFeed, framing: .claimed(length))
  let outcome = try await fetch(answering: answer, settings: hugeSettings())
  guard case .failed(.cutOff, let facts) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(facts?.wireBytes == sampleFeed.utf8.count)
}

@Test func `certificates that are not there are refused`() {
  var settings = testSettings()
  settings.caFile = "/nonexistent/ca.pem"
  #expect(throws: FetchSetupError.caFile(path: "/nonexistent/ca.pem", errno: 2)) {
    try Fetcher(settings: settings)
  }
}

@Test func `a missing library is named with its package`() {
  #expect(throws: FetchSetupError.libraryMissing(name: "libcurl-none.so.4")) {
    try CurlLibrary(name: "libcurl-none.so.4")
  }
  let error = FetchSetupError.libraryMissing(name: "libcurl.so.4")
  #expect("\(error)" == "libcurl.so.4 is missing: install libcurl4.")
}

@Test func `a library that is not libcurl lacks its functions`() {
  #expect(throws: FetchSetupError.libraryTooOld(name: "libc.so.6", lacks: "curl_version_info")) {
    try CurlLibrary(name: "libc.so.6")
  }
}
