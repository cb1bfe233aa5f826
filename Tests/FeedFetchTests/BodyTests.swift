import FeedModel
import LoopbackServer
import TestSupport
import Testing

@testable import FeedFetch

private let big = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)

@Test(arguments: [Answer.Framing.length, .chunked(10_000), .close])
func `a body over the limit is refused near the limit`(framing: Answer.Framing) async throws {
  var settings = testSettings()
  settings.wireBytesMax = 1_000_000
  let outcome = try await fetch(
    answering: .response(body: big, framing: framing),
    settings: settings
  )
  #expect(outcome.failure == .tooLarge(limitBytes: 1_000_000))
  #expect((outcome.facts?.wireBytes ?? .max) <= 1_100_000)
}

@Test func `an endless body is ended at the limit`() async throws {
  var settings = testSettings()
  settings.wireBytesMax = 1_000_000
  let head = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
  let chunk = [UInt8](repeating: 0x20, count: 60_000)
  let answer = Answer(steps: [.send(head), .sendUntilClosed(chunk, pauseMilliseconds: 0)])
  #expect(
    try await fetch(answering: answer, settings: settings).failure
      == .tooLarge(limitBytes: 1_000_000)
  )
}

@Test func `a body as large as the limit is taken`() async throws {
  var settings = testSettings()
  settings.wireBytesMax = big.count
  let outcome = try await fetch(answering: .response(body: big), settings: settings)
  #expect(outcome.body?.utf8.count == big.count)
  #expect(outcome.facts?.wireBytes == big.count)
}

@Test func `a bomb is refused by what comes out of it`() async throws {
  let bomb = compressed([UInt8](repeating: 0, count: 50_000_000))
  #expect(bomb.count < 60_000)
  var settings = testSettings()
  settings.decodedBytesMax = 1_000_000
  for body in [bomb, compressed(bomb)] {
    let outcome = try await fetch(
      answering: .response(200, [("Content-Encoding", "gzip")], body: body),
      settings: settings
    )
    #expect(outcome.failure == .tooLarge(limitBytes: 1_000_000))
  }
}

@Test func `a body is decompressed by what it is and in one request`() async throws {
  let feed = Array(sampleFeed.utf8)
  let cases: [(String?, [UInt8])] = [
    ("gzip", compressed(feed)), (nil, compressed(feed)), ("gzip", feed), ("UTF-8", feed),
    ("gzip", compressed(feed) + [1, 2, 3]),
    ("gzip", compressed(feed[..<9]) + compressed(feed[9...])),
    ("deflate", compressed(feed, .raw)), ("deflate", compressed(feed, .zlib)),
    ("gzip, gzip", compressed(compressed(feed))), ("br", brotli(feed)), (nil, brotli(feed)),
    ("zstd", zstd(feed)), (nil, zstd(feed)), ("zstd", feed), ("br", feed),
  ]
  for (label, body) in cases {
    let fields = label.map { [("Content-Encoding", $0)] } ?? []
    let server = try LoopbackServer { _ in .response(200, fields, body: body) }
    let outcome = try await fetch(server.url("/"))
    #expect(outcome.body == sampleFeed)
    #expect(outcome.facts?.wireBytes == body.count)
    #expect(server.requests.count == 1)
  }
}

@Test func `a cut gzip body with a matching length is refused`() async throws {
  let body = compressed(Array(String(repeating: sampleFeed, count: 100).utf8)).dropLast(20)
  let outcome = try await fetch(
    answering: .response(200, [("Content-Encoding", "gzip"), ("ETag", "\"x\"")], body: body)
  )
  #expect(outcome.failure == .badEncoding(detail: "the compressed data ends too early"))
  #expect(outcome.validators == nil)
}

@Test func `a body shorter than its length is refused`() async throws {
  let outcome = try await fetch(
    answering: .response(200, [("ETag", "\"x\"")], text: sampleFeed, framing: .claimed(10_000))
  )
  guard case .failed(.cutOff, let facts) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(facts?.status == 200)
}

@Test(arguments: ["400\r\n<rss>", "zz\r\n<rss>", "5\r\n<rss/>garbage"])
func `a cut or broken chunk is refused`(chunk: String) async throws {
  let outcome = try await fetch(
    answering: .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk)
  )
  guard case .failed(.cutOff, _) = outcome else {
    Issue.record("\(outcome)")
    return
  }
}

@Test func `a connection that closes or resets without an answer is cut off`() async throws {
  for steps in [[], [Answer.Step.reset]] {
    guard case .failed(.cutOff, nil) = try await fetch(answering: Answer(steps: steps)) else {
      Issue.record("\(steps)")
      return
    }
  }
}

@Test(arguments: [(200, ""), (200, " \r\n\t "), (203, ""), (204, ""), (205, "")])
func `a success without a body is a failure`(status: Int, text: String) async throws {
  let outcome = try await fetch(answering: .response(status, [("ETag", "\"x\"")], text: text))
  #expect(outcome.failure == .empty)
  #expect(outcome.facts?.status == status)
}

@Test(arguments: ["text/html", "text/plain", "application/octet-stream", "", nil] as [String?])
func `the content type is handed on and decides nothing`(type: String?) async throws {
  let fields = type.map { [("Content-Type", $0)] } ?? []
  let outcome = try await fetch(answering: .response(200, fields, text: sampleFeed))
  guard case .fetched(_, let contentType, _, _) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect((contentType ?? "") == (type ?? ""))
}

@Test func `a trickle and a silence are ended by the deadline`() async throws {
  var settings = testSettings()
  settings.totalMilliseconds = 300
  let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8)
  let answers = [
    Answer.silence, Answer(steps: [.send(head), .hold]),
    Answer(steps: [.send(head), .sendUntilClosed([0x78], pauseMilliseconds: 10)]),
    Answer(steps: [
      .send(Array("HTTP/1.1 200 OK\r\n".utf8)),
      .sendUntilClosed(Array("X-A: b\r\n".utf8), pauseMilliseconds: 10),
    ]),
  ]
  for answer in answers {
    #expect(try await fetch(answering: answer, settings: settings).failure == .timeout(seconds: 1))
  }
}

@Test func `a trickle, a silence and a silence after the head are given up within half a minute`()
  async throws
{
  // The sum for the defaults: the mean of five seconds has to fall first.
  let defaults = FetchSettings(userAgent: "x")
  #expect(defaults.lowSpeedSeconds + 6 <= 30)
  #expect(defaults.lowSpeedBytesPerSecond > 1)
  // The same at a tenth of the time.
  var settings = testSettings()
  settings.lowSpeedSeconds = 2
  let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8)
  let answers = [
    Answer.silence, Answer(steps: [.send(head), .hold]),
    Answer(steps: [.send(head), .sendUntilClosed([0x78], pauseMilliseconds: 1000)]),
  ]
  let outcomes = try await withThrowingTaskGroup(of: FetchOutcome.self) { group in
    for answer in answers {
      group.addTask { [settings] in try await fetch(answering: answer, settings: settings) }
    }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(outcomes.count == 3)
  for outcome in outcomes {
    guard case .failed(.timeout, _) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }
}

@Test func `a transfer that stays too slow is ended before the deadline`() async throws {
  var settings = testSettings()
  settings.totalMilliseconds = 60_000
  settings.lowSpeedBytesPerSecond = 100_000
  settings.lowSpeedSeconds = 1
  let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".utf8)
  let answer = Answer(steps: [.send(head), .sendUntilClosed([0x78], pauseMilliseconds: 50)])
  let outcome = try await fetch(answering: answer, settings: settings)
  guard case .failed(.timeout(let seconds), _) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(seconds < 30)
}

@Test func `a flood of header lines is ended`() async throws {
  let line = Array((String(repeating: "X-Flood: yes\r\n", count: 1000)).utf8)
  let answer = Answer(steps: [
    .send(Array("HTTP/1.1 200 OK\r\n".utf8)), .sendUntilClosed(line, pauseMilliseconds: 0),
  ])
  guard case .failed(.cutOff(let detail), _) = try await fetch(answering: answer) else {
    Issue.record("The flood was not ended.")
    return
  }
  #expect(detail == "The head is longer than 300 KB")
}

@Test func `a head of 300 KB is read, and one byte more is not`() throws {
  let exchange = Exchange(addresses: AddressGuard(), bytesMax: 1)
  let line = [UInt8](repeating: 0x78, count: 1024)
  unsafe line.withUnsafeBytes { line in
    for _ in 0..<300 { #expect(unsafe exchange.receiveHead(line)) }
    #expect(unsafe !exchange.receiveHead(UnsafeRawBufferPointer(rebasing: line[..<1])))
  }
  #expect(exchange.isHeadTooLong)
}

@Test func `odd heads are read or refused and never harm`() async throws {
  let bareLF = "HTTP/1.1 200 OK\nETag: \"lf\"\nContent-Length: 6\n\n<rss/>"
  #expect(try await fetch(answering: .raw(bareLF)).validators?.etag == "\"lf\"")
  let folded = "HTTP/1.1 200 OK\r\nETag: \"a\r\n b\"\r\nContent-Length: 6\r\n\r\n<rss/>"
  #expect(try await fetch(answering: .raw(folded)).body == "<rss/>")
  for answer in ["<rss/>\r\n\r\n", "HTTP/9.9 abc\r\n\r\n<rss/>", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n"] {
    let outcome = try await fetch(answering: .raw(answer))
    #expect(outcome.failure != nil)
    #expect(outcome.validators == nil)
  }
}
