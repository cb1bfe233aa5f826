import FeedModel
import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

/// Part D of Documentation/Fetching.md: one host is asked for one thing at a time.
@Suite(.fewAtOnce) struct HostTests {
  /// A feed that comes after some milliseconds, on a connection that stays.
  private func late(_ milliseconds: Int) -> Answer {
    let body = rss(1...1)
    let head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
    return Answer(
      steps: [.pause(milliseconds: milliseconds), .send(Array((head + body).utf8))],
      keepsConnection: true
    )
  }

  @Test(.line(56, 58)) func `50 feeds of a slow host are asked one by one, on one connection`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: late(10))
    try await reader.followUnasked((1...50).map { site.url("/\($0)") })
    try await reader.sync()
    #expect(site.requests.count == 50)
    #expect(site.server.requestsAtOnceMax == 1)
    #expect(site.server.connectionCount <= 2)
  }

  @Test(.line(57)) func `a host that others redirect to is asked for one thing at a time`()
    async throws
  {
    let reader = try Subscriber()
    let target = try reader.site("c.test", answering: late(20))
    let sites = try (1...12)
      .map { number in
        let place = target.url("/\(number)")
        return try reader.site("h\(number).test") { _ in .redirect(302, to: place) }
      }
    try await reader.followUnasked(sites.map { $0.url() } + [target.url("/own")])
    try await reader.sync()
    #expect(target.requests.count == 13)
    #expect(target.server.requestsAtOnceMax == 1)
    #expect(try await reader.feeds().allSatisfy { $0.lastStatus == 200 })
  }

  @Test(.line(60)) func `a host that hangs holds nobody else up`() async throws {
    let reader = try Subscriber()
    reader.environment = ["RILL_FETCH_TIMEOUT_SECONDS": "3"]
    let arrivals = Mutex<[Date]>([])
    let hanging = try reader.site("slow.test") { _ in
      arrivals.withLock { $0.append(Date()) }
      return .silence
    }
    let good = late(0)
    let sites = try (0..<100)
      .map { number in
        try reader.site("h\(number).test") { _ in
          arrivals.withLock { $0.append(Date()) }
          return good
        }
      }
    try await reader.followUnasked([hanging.url()] + sites.map { $0.url() } + [hanging.url("/2")])
    let run = try await reader.sync("--json")
    #expect(try run.objects()[0].number("fetched") == 100)
    #expect(hanging.requests.count >= 1)
    // All but the second feed of the hanging host came before its first one was given up.
    let moments = arrivals.withLock { $0 }.sorted()
    let span = moments.prefix(101).last?.timeIntervalSince(moments[0]) ?? .infinity
    #expect(span < 3, "\(span) s")
    #expect(hanging.server.requestsAtOnceMax == 1)
  }

  #if os(Linux)
  @Test(.line(61)) func `a name that is looked up for seconds holds nobody else up`() async throws {
    let reader = try Subscriber()
    let library = String(Machine.program.dropLast("rill".count)) + "libSlowResolver.so"
    try #require(FileManager.default.fileExists(atPath: library))
    let answer = late(50)
    let arrivals = Mutex<[Date]>([])
    let site = try reader.site { _ in
      arrivals.withLock { $0.append(Date()) }
      return answer
    }
    // Three seconds of requests to one host, while four names are looked up for four seconds and
    // given up after one: a transfer that is given up must not wait for its thread.
    try await reader.followUnasked((1...60).map { site.url("/\($0)") })
    try await reader.followUnasked((1...4).map { "http://slow.n\($0).test/feed" })
    reader.environment = ["LD_PRELOAD": library, "RILL_FETCH_CONNECT_SECONDS": "1"]
    let run = try await reader.sync("--json")
    #expect(try run.objects()[0].number("fetched") == 60)
    #expect(try run.objects()[0].number("failed") == 4)
    // The resolver that is slow was asked, and given up.
    #expect(run.errors.split(separator: "\n").count { $0.contains("within 1 s") } == 4)
    let moments = arrivals.withLock { $0 }.sorted()
    let gaps = zip(moments, moments.dropFirst()).map { $1.timeIntervalSince($0) }
    #expect(gaps.max() ?? 9 < 2, "\(gaps.max() ?? 9) s")
  }
  #endif
}
