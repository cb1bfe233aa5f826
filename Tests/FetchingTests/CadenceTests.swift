import FeedModel
import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

/// Part B of Documentation/Fetching.md: when a feed is asked again.
@Suite(.fewAtOnce) struct CadenceTests {
  /// A feed that has news every hour, so that only what the answer says makes it wait.
  private let busy = rss(1...20)

  /// Seconds until the next poll after an answer to the first request.
  private func firstWait(_ fields: [(String, String)], _ text: String? = nil) async throws -> Int64
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: .response(200, fields, text: text ?? busy))
    try await reader.follow(site.url())
    return try await reader.secondsToNextPoll()
  }

  /// Seconds until the next poll after an answer to the second request, which had validators.
  private func secondWait(_ answer: Answer) async throws -> Int64 {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow(site.url())
    site.answers(answer)
    reader.wait(hours: 2)
    try await reader.sync()
    #expect(site.asked() == "\"1\" | -")
    return try await reader.secondsToNextPoll()
  }

  @Test(.line(23)) func `without a word of the server two polls are an hour apart`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow(site.url())
    let wait = try await reader.secondsToNextPoll()
    #expect((.hour...Int64.hour * 11 / 10).contains(wait))
    reader.wait(seconds: 3599)
    try await reader.sync()
    #expect(site.count() == 1)
    reader.wait(seconds: wait - 3599 - 1)
    try await reader.sync()
    #expect(site.count() == 1)
    reader.wait(seconds: 1)
    try await reader.sync()
    #expect(site.count() == 2)
  }

  @Test(.line(23)) func `the hour begins at the end of the answer`() async throws {
    let reader = try Subscriber()
    let text = busy
    let site = try reader.site { _ in
      let head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nConnection: close\r\n\r\n"
      return Answer(steps: [
        .send(Array(head.utf8)), .pause(milliseconds: 1500), .send(Array(text.utf8)),
      ])
    }
    // The clock of the machine: only it moves on while an answer comes.
    let name = "a.test:\(site.server.port):127.0.0.1"
    let run = try await reader.machine.run(["add", site.url(), "--resolve", name])
    let ended = Int64(Date().timeIntervalSince1970)
    #expect(run.status == 0, "\(run.errors)")
    let due = try #require(try await reader.feed().nextDue)
    let asked = try #require(Timestamp(rfc3339: try await lastSuccess(reader)))
    // The program ended a moment after the answer: what it took for the answer is known to 100 ms.
    #expect(due.seconds >= asked.seconds + .hour)
    #expect(asked.seconds >= ended - 1)
  }

  private func lastSuccess(_ reader: Subscriber) async throws -> String {
    try #require(try await reader.feed().members.text("last_success"))
  }

  @Test(.line(24)) func `max-age of two hours is waited out`() async throws {
    for value in ["max-age=7200", "public, max-age=7200", "Max-Age=\"7200\"", "max-age=7200, x=y"] {
      let wait = try await firstWait([("ETag", "\"1\""), ("Cache-Control", value)])
      #expect((7200...7920).contains(wait), "\(value)")
    }
  }

  @Test(.line(25)) func `max-age counts on a 304`() async throws {
    let wait = try await secondWait(unchanged(("Cache-Control", "max-age=7200")))
    #expect((7200...7920).contains(wait))
  }

  @Test(.line(26), arguments: [404, 429, 500])
  func `max-age counts on an error`(status: Int) async throws {
    let fields = [("Cache-Control", "max-age=43200")]
    let wait = try await secondWait(.response(status, fields, text: ""))
    #expect(wait >= 43_200)
    #expect(wait <= 86_400)
    // The longer of the two counts.
    let short = [("Cache-Control", "max-age=60")]
    let least: Int64 = status == 429 ? 4 * .hour : .hour
    #expect(try await secondWait(.response(status, short, text: "")) >= least)
  }

  @Test(.line(27)) func `max-age is lessened by Age, down to the floor`() async throws {
    for (age, range) in [("3600", 3600...3960), ("7100", 3600...3960), ("600", 6600...7260)] {
      let fields = [("ETag", "\"1\""), ("Cache-Control", "max-age=7200"), ("Age", age)]
      let wait = Int(try await firstWait(fields))
      #expect(range.contains(wait), "Age: \(age) waits \(wait) s")
    }
  }

  @Test(.line(28)) func `Expires counts from the server's own Date`() async throws {
    for years in [-5, 5] as [Int64] {
      let theirs = Timestamp(seconds: 1_795_348_800 + years * 365 * .day)
      let wait = try await firstWait([
        ("ETag", "\"1\""), ("Date", httpDate(theirs)),
        ("Expires", httpDate(theirs.adding(seconds: 3 * .hour))),
      ])
      #expect((3 * .hour...Int64.hour * 33 / 10).contains(wait), "\(years) years")
    }
  }

  @Test(
    .line(29),
    arguments: [
      ("Cache-Control", "max-age=60"), ("Cache-Control", "no-cache"), ("Cache-Control", "no-store"),
      ("Cache-Control", "max-age=0, must-revalidate"), ("Expires", "0"),
      ("Cache-Control", "max-age=-1"), ("Cache-Control", "max-age=x"), ("Expires", someDate),
    ]
  )
  func `what asks for no caching gets the floor, and conditional requests`(
    field: (String, String)
  ) async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), field, text: busy))
    try await reader.follow(site.url())
    #expect((.hour...Int64.hour * 11 / 10).contains(try await reader.secondsToNextPoll()))
    reader.wait(hours: 2)
    try await reader.sync()
    #expect(site.asked() == "\"1\" | -")
  }

  @Test(.line(30), arguments: ["max-age=504576000", "max-age=99999999999999999999"])
  func `16 years of max-age are cut to a day, and that is told`(value: String) async throws {
    let reader = try Subscriber()
    let fields = [("ETag", "\"1\""), ("Cache-Control", value)]
    let site = try reader.site(answering: .response(200, fields, text: busy))
    try await reader.follow(site.url())
    let wait = try await reader.secondsToNextPoll()
    #expect(wait <= .day && wait >= 20 * .hour)
    let note = try await reader.feed().members.text("note")
    #expect(note?.contains("years; no more than 24 hours") == true, "\(note ?? "nil")")
  }

  @Test(.line(31)) func `ttl counts in minutes, and not below the floor`() async throws {
    for (ttl, range) in [("180", 10_800...11_880), ("1", 3600...3960), ("-5", 3600...3960)] {
      let text = rss(1...20, head: "<ttl>\(ttl)</ttl>")
      let wait = Int(try await firstWait([("ETag", "\"1\"")], text))
      #expect(range.contains(wait), "ttl \(ttl) waits \(wait) s")
    }
  }

  @Test(.line(32)) func `no poll comes in hours and on days that are to be skipped`() async throws {
    let nights = (0...6).map { "<hour>\($0)</hour>" }.joined()
    let days = "<day>Saturday</day><day>Sunday</day>"
    let allHours = (0...23).map { "<hour>\($0)</hour>" }.joined()
    let allDays = ["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"]
      .map { "<day>\($0)day</day>" }.joined()
    let heads = [
      "/nights": "<skipHours>\(nights)</skipHours>",
      "/weekdays": "<skipDays>\(days)</skipDays>",
      "/never": "<skipHours>\(allHours)</skipHours><skipDays>\(allDays)</skipDays>",
    ]
    // A Friday; then every half hour for two days.
    let reader = try Subscriber(now: "2026-11-20T12:00:00Z")
    let moment = Mutex(reader.now)
    let polls = Mutex<[String: [CivilDate]]>([:])
    let site = try reader.site { request in
      let date = CivilDate(moment.withLock { $0 })
      polls.withLock { $0[request.path, default: []].append(date) }
      return feed(("ETag", "\"1\""), text: rss(1...20, head: heads[request.path] ?? ""))
    }
    try await reader.follow(heads.keys.sorted().map { site.url($0) })
    for _ in 1...96 {
      reader.wait(seconds: 1800)
      moment.withLock { $0 = reader.now }
      try await reader.sync()
    }
    let seen = polls.withLock { $0 }
    #expect(seen["/nights"]?.contains { (0...6).contains($0.hour) } == false)
    // The weekend is two days long, and nobody is to be silent for more than one.
    #expect(seen["/weekdays"]?.contains { $0.weekday == 6 } == false)
    #expect((seen["/nights"] ?? []).count > 14)
    #expect((seen["/never"] ?? []).count >= 28)
    #expect(Set((seen["/never"] ?? []).map(\.hour)).count > 12)
  }

  @Test(.line(33)) func `a monthly feed is asked once or twice a day, and a busy one hourly`()
    async throws
  {
    let monthly = rss(
      1...12,
      every: 30 * .day,
      from: Timestamp(seconds: 1_795_000_000 - 360 * .day)
    )
    let slow = try await firstWait([("ETag", "\"1\"")], monthly)
    #expect((12 * .hour...24 * .hour).contains(slow))
    let often = try await firstWait([("ETag", "\"1\"")], rss(1...40, every: 4320))
    #expect((.hour...Int64.hour * 11 / 10).contains(often))
  }

  @Test(.line(34)) func `a feed that says 60 updates an hour is asked once`() async throws {
    let head =
      "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>60</sy:updateFrequency>"
    let wait = try await firstWait([("ETag", "\"1\"")], rss(1...20, head: head))
    #expect((.hour...Int64.hour * 11 / 10).contains(wait))
  }

  @Test(.line(35)) func `ten starts in a row ask nobody`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow((1...5).map { site.url("/\($0)") })
    #expect(site.requests.count == 5)
    for second in 1...10 {
      reader.wait(seconds: Int64(second))
      let run = try await reader.sync("--json")
      #expect(try run.objects()[0].number("not_due") == 5)
    }
    #expect(site.requests.count == 5)
  }

  @Test(.line(36)) func `500 overdue feeds are asked one at a time on each host`() async throws {
    let reader = try Subscriber()
    let sites = try (0..<10)
      .map { number in
        try reader.site("h\(number).test") { _ in
          let body = rss(1...1)
          let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
          return Answer(
            steps: [.pause(milliseconds: 2), .send(Array((head + body).utf8))],
            keepsConnection: true
          )
        }
      }
    try await reader.followUnasked(sites.flatMap { site in (1...50).map { site.url("/\($0)") } })
    let run = try await reader.sync("--json")
    #expect(try run.objects()[0].number("fetched") == 500)
    for site in sites {
      #expect(site.requests.count == 50)
      #expect(site.server.requestsAtOnceMax == 1)
    }
  }

  @Test(.line(37)) func `100 feeds that are added together do not come due together`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow((1...100).map { site.url("/\($0)") })
    let waits = try await reader.feeds().compactMap(\.nextDue)
      .map { $0.seconds - reader.now.seconds }
    #expect(waits.count == 100)
    #expect(waits.allSatisfy { $0 >= .hour })
    // 360 seconds to fall into: some meet, as throws of dice do, and no crowd does.
    let crowd = Dictionary(grouping: waits) { $0 }.values.map(\.count).max() ?? 0
    #expect(Set(waits).count >= 60)
    #expect(crowd <= 6)
  }

  @Test(.line(38, 100)) func `one URL in several spellings is one feed and one request`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    let port = site.server.port
    try await reader.follow(site.url("/feed"))
    try await reader.add("HTTP://A.Test:\(port)/feed", "http://a.test:0\(port)/feed#top")
    try await reader.add("http://a.test:\(port)/x/../feed")
    #expect(try await reader.feeds().count == 1)
    #expect(site.requests.count == 1)
    try await reader.syncNextDay()
    #expect(site.requests.count == 2)
  }

  @Test(.line(39)) func `five syncs in a minute ask each feed once`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    try await reader.follow((1...5).map { site.url("/\($0)") })
    reader.wait(days: 1)
    for _ in 1...5 {
      reader.wait(seconds: 12)
      try await reader.sync()
    }
    #expect(site.requests.count == 10)
  }

  @Test(.line(40), arguments: [1, 400])
  func `a clock that leaps ahead asks each feed once, and set right again asks on`(
    days: Int64
  ) async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow(site.url())
    reader.wait(days: days)
    for _ in 1...3 { try await reader.sync() }
    #expect(site.count() == 2)
    reader.wait(days: -days)
    try await expectHourly(reader, site)
  }

  @Test(.line(40), arguments: [1, 400])
  func `a clock that is set back makes no feed late, and none is asked twice`(
    days: Int64
  ) async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow(site.url())
    reader.wait(days: -days)
    try await expectHourly(reader, site)
  }

  /// The feed was asked just before the clock was set back.
  private func expectHourly(_ reader: Subscriber, _ site: Site) async throws {
    var moments = [reader.now]
    for _ in 1...13 {
      let before = site.count()
      try await reader.sync()
      if site.count() > before { moments.append(reader.now) }
      #expect(site.count() - before <= 1)
      reader.wait(seconds: 1200)
    }
    let gaps = zip(moments, moments.dropFirst()).map { $1.seconds - $0.seconds }
    #expect(gaps.count >= 3)
    #expect(gaps.allSatisfy { (3600...4800).contains($0) }, "\(gaps)")
  }
}
