import FeedModel
import LoopbackServer
import Synchronization
import TestSupport
import Testing

/// Part C of Documentation/Fetching.md: what goes wrong, and when it is tried again.
@Suite(.fewAtOnce) struct ErrorTests {
  private let busy = rss(1...20)

  /// A host with the feeds `/1` and `/2`, of which the first gets this answer a day after both were
  /// followed, and another host with one feed.
  private func afterTrouble(
    _ answer: Answer
  ) async throws -> (reader: Subscriber, site: Site, other: Site) {
    let reader = try Subscriber()
    let good = feed(("ETag", "\"1\""), text: busy)
    let site = try reader.site(answering: good)
    let other = try reader.site("b.test", answering: good)
    try await reader.follow(site.url("/1"), site.url("/2"), other.url("/3"))
    site.answers { request in request.path == "/1" ? answer : good }
    reader.wait(days: 1)
    try await reader.sync(site.url("/1"))
    #expect(site.requests.count == 3)
    site.answers(good)
    return (reader, site, other)
  }

  @Test(.line(41)) func `429 with Retry-After silences the host until then, and no other host`()
    async throws
  {
    let (reader, site, other) = try await afterTrouble(.response(429, [("Retry-After", "7200")]))
    for seconds in [0, 60, 3540, 3599] as [Int64] {
      reader.wait(seconds: seconds)
      try await reader.sync()
    }
    #expect(site.requests.count == 3)
    #expect(other.requests.count >= 2)
    #expect(try await reader.feed("/1").lastStatus == 429)
    // A host that said 429 is asked for one feed in a run.
    for seconds in [1 + 720, 600] as [Int64] {
      reader.wait(seconds: seconds)
      try await reader.sync()
    }
    #expect(site.count("/1") == 3)
    #expect(site.count("/2") == 2)
  }

  @Test(.line(41)) func `429 of a host that is an address counts for its feed alone`() async throws
  {
    let reader = try Subscriber()
    let good = feed(("ETag", "\"1\""), text: busy)
    let site = try reader.site(answering: good)
    try await reader.follow([1, 2].map { site.server.url("/\($0)") })
    site.answers { $0.path == "/1" ? .response(429, [("Retry-After", "7200")]) : good }
    reader.wait(days: 1)
    for _ in 1...3 {
      try await reader.sync()
      reader.wait(seconds: 2000)
    }
    #expect(site.count("/1") == 2)
    #expect(site.count("/2") >= 3)
  }

  @Test(.line(41)) func `a host that said 429 is not asked through redirects either`() async throws
  {
    let reader = try Subscriber()
    let busy = try reader.site("busy.test", answering: .response(429, [("Retry-After", "7200")]))
    let sites = try (0..<6)
      .map { number in
        try reader.site("h\(number).test", answering: .redirect(302, to: busy.url("/\(number)")))
      }
    try await reader.followUnasked(sites.map { $0.url() })
    try await reader.sync()
    #expect(busy.requests.count == 1)
    #expect(sites.allSatisfy { $0.requests.count == 1 })
    // Nor in another run, by another feed, or because a person asks for it.
    let late = try reader.site("late.test", answering: .redirect(302, to: busy.url("/late")))
    try await reader.followUnasked([late.url()])
    reader.wait(seconds: 7199)
    try await reader.sync(late.url(), "--force")
    #expect(busy.requests.count == 1)
    #expect(late.requests.count == 1)
    #expect(try await reader.feed(late.url()).lastError?.contains("busy.test") == true)
  }

  @Test(.line(41, 43, 47), arguments: [429, 503])
  func `a challenge that says when to come back is kept to as any other pause`(
    status: Int
  ) async throws {
    let fields = [("Retry-After", "172800"), ("cf-mitigated", "challenge")]
    let (reader, site, _) = try await afterTrouble(.response(status, fields))
    #expect((172_800...190_080).contains(try await reader.secondsToNextPoll("/1")))
    #expect(
      try await reader.feed("/1").lastError?.contains("Cloudflare asks for a browser") == true
    )
    try await reader.sync("--force")
    #expect(site.count("/1") == 2)
  }

  @Test(.line(42)) func `a Retry-After without the server's Date counts from our own`() async throws
  {
    let until = Timestamp(seconds: 1_795_348_800 + .day + 10_000)
    let (reader, _, _) = try await afterTrouble(
      .response(429, [("Retry-After", httpDate(until))])
    )
    #expect((9_900...11_000).contains(try await reader.secondsToNextPoll("/1")))
  }

  @Test(.line(42)) func `a Retry-After that is a date counts from the server's own Date`()
    async throws
  {
    for years in [-5, 5] as [Int64] {
      let theirs = Timestamp(seconds: 1_795_348_800 + years * 365 * .day)
      let (reader, _, _) = try await afterTrouble(
        .response(
          429,
          [
            ("Date", httpDate(theirs)), ("Retry-After", httpDate(theirs.adding(seconds: 10_000))),
          ]
        )
      )
      #expect((10_000...11_000).contains(try await reader.secondsToNextPoll("/1")), "\(years)")
    }
  }

  @Test(.line(43)) func `503 with Retry-After counts for its feed alone`() async throws {
    let (reader, site, _) = try await afterTrouble(.response(503, [("Retry-After", "7200")]))
    try await reader.sync()
    #expect(site.count("/2") == 2)
    reader.wait(seconds: 7199)
    try await reader.sync()
    #expect(site.count("/1") == 2)
    reader.wait(seconds: 721)
    try await reader.sync()
    #expect(site.count("/1") == 3)
  }

  @Test(.line(44), arguments: [[], [("Retry-After", "-5")], [("Retry-After", "abc")]])
  func `429 that names no time silences the host for four hours`(
    fields: [(String, String)]
  ) async throws {
    let (reader, site, _) = try await afterTrouble(.response(429, fields))
    for seconds in [0, 3600, 3600, 3600, 3599] as [Int64] {
      reader.wait(seconds: seconds)
      try await reader.sync()
    }
    #expect(site.requests.count == 3)
    for seconds in [1 + 1440, 600] as [Int64] {
      reader.wait(seconds: seconds)
      try await reader.sync()
    }
    #expect(site.requests.count == 5)
  }

  @Test(.line(45)) func `max-age of two days on a 429 is believed`() async throws {
    let fields = [("Retry-After", "60"), ("Cache-Control", "max-age=172800")]
    let (reader, site, _) = try await afterTrouble(.response(429, fields))
    #expect((172_800...190_080).contains(try await reader.secondsToNextPoll("/1")))
    for _ in 1...2 {
      reader.wait(seconds: 86_399)
      try await reader.sync()
    }
    #expect(site.count("/1") == 2)
  }

  @Test(.line(46), arguments: [("-5", 14_400), ("abc", 14_400), ("99999999999999999999", 604_800)])
  func `a Retry-After without sense is four hours, and one without measure a week`(
    value: String,
    seconds: Int64
  ) async throws {
    for status in [429, 503] {
      let (reader, _, _) = try await afterTrouble(.response(status, [("Retry-After", value)]))
      let wait = try await reader.secondsToNextPoll("/1")
      #expect((seconds...seconds * 11 / 10).contains(wait), "\(status): \(wait)")
      #expect(try await reader.feed("/1").lastStatus == status)
    }
  }

  @Test(.line(47)) func `nobody asks before Retry-After, and a person is told until when`()
    async throws
  {
    let (reader, site, _) = try await afterTrouble(.response(429, [("Retry-After", "7200")]))
    reader.wait(seconds: 3600)
    for arguments in [[site.url("/1")], [site.url("/1"), "--force"], ["--force"]] {
      let run = try await reader.network(["sync"] + arguments)
      #expect((run.output + run.errors).contains("2026-11-23T14:00:00Z"), "\(run.errors)")
    }
    #expect(site.requests.count == 3)
    #expect(try await reader.feed("/1").lastError?.contains("2026-11-23T14:00:00Z") == true)
    reader.wait(seconds: 3600)
    try await reader.sync(site.url("/1"))
    #expect(site.count("/1") == 3)
  }

  @Test(.line(48)) func `failures in a row double the wait up to a day, and a success ends it`()
    async throws
  {
    let reader = try Subscriber()
    let good = feed(("ETag", "\"1\""), text: busy)
    let site = try reader.site(answering: good)
    try await reader.follow(site.url())
    site.answers(.response(500))
    var waits: [Int64] = [3600]
    for _ in 1...9 {
      reader.wait(seconds: try await reader.secondsToNextPoll())
      try await reader.sync()
      waits.append(try await reader.secondsToNextPoll())
    }
    #expect(site.count() == 10)
    #expect(waits.dropFirst().allSatisfy { $0 >= 3600 && $0 <= 86_400 }, "\(waits)")
    for (before, after) in zip(waits.dropFirst(), waits.dropFirst(2)) where before < 40_000 {
      #expect(after * 10 >= before * 17 && after * 10 <= before * 24, "\(waits)")
    }
    #expect(waits.last ?? 0 > 80_000)
    site.answers(good)
    reader.wait(days: 1)
    try await reader.sync()
    #expect((3600...3960).contains(try await reader.secondsToNextPoll()))
  }

  @Test(.line(49)) func `410 ends the polls, keeps the articles and says that the feed is gone`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow(site.url())
    site.answers(.response(410, text: "gone"))
    for _ in 1...40 { try await reader.syncNextDay() }
    #expect((2...3).contains(site.count()))
    #expect(try await reader.feed().lastStatus == 410)
    #expect(try await reader.feed().lastError?.contains("gone") == true)
    #expect(try await reader.feed().total == 20)
    // A person may ask again, and the feed may live again.
    site.answers(feed(("ETag", "\"1\""), text: busy))
    try await reader.sync(site.url())
    #expect(try await reader.feed().lastError == nil)
    let before = site.count()
    try await reader.syncNextDay()
    #expect(site.count() == before + 1)
  }

  @Test(.line(50)) func `404 for a month ends the polls, and one 404 ends nothing`() async throws {
    let reader = try Subscriber()
    let good = feed(("ETag", "\"1\""), text: busy)
    let site = try reader.site(answering: good)
    try await reader.follow(site.url("/gone"), site.url("/once"))
    let isOnce = Mutex(true)
    site.answers { request in
      if request.path == "/gone" { return .response(404) }
      return isOnce.withLock { once in
        defer { once = false }
        return once ? .response(404) : good
      }
    }
    for _ in 1...2 { try await reader.syncNextDay() }
    #expect(site.count("/once") == 3)
    #expect((3600...3960).contains(try await reader.secondsToNextPoll("/once")))
    for _ in 3...48 { try await reader.syncNextDay() }
    let tries = site.count("/gone")
    #expect(tries >= 10)
    #expect(try await reader.feed("/gone").lastError != nil)
    #expect(try await reader.feed("/gone").total == 20)
    // Asked at most once in a month from then on.
    for _ in 1...7 {
      reader.wait(days: 4)
      try await reader.sync()
    }
    #expect(site.count("/gone") <= tries + 1)
    site.answers(good)
    try await reader.sync(site.url("/gone"))
    #expect((3600...3960).contains(try await reader.secondsToNextPoll("/gone")))
  }

  @Test(.line(51), arguments: [401, 403])
  func `who is refused comes back after four hours and more, as the same`(status: Int) async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow(site.url())
    site.answers(.response(status, [("WWW-Authenticate", "Basic realm=\"x\"")]))
    reader.wait(days: 1)
    var moments: [Timestamp] = []
    for _ in 1...30 {
      let before = site.count()
      try await reader.sync()
      if site.count() > before { moments.append(reader.now) }
      #expect(site.count() - before <= 1)
      reader.wait(hours: 2)
    }
    let gaps = zip(moments, moments.dropFirst()).map { $1.seconds - $0.seconds }
    #expect(gaps.count >= 3)
    #expect(gaps.first ?? 0 >= 4 * .hour)
    #expect(gaps == gaps.sorted())
    #expect(Set(site.requests.map { $0.field("User-Agent") }).count == 1)
    #expect(site.requests.allSatisfy { $0.field("Authorization") == nil })
  }

  @Test(.line(52)) func `a host of 50 feeds where nobody is found is tried once in a while`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow((1...50).map { site.url("/\($0)") })
    site.server.stop()
    reader.wait(days: 1)
    let first = try await reader.sync("--json").objects()[0]
    #expect(first.number("failed") ?? 99 <= 3)
    #expect(first.number("not_due") ?? 0 >= 47)
    var tries: [Int64] = []
    for _ in 1...48 {
      reader.wait(hours: 1)
      let failed = try await reader.sync("--json").objects()[0].number("failed") ?? 99
      #expect(failed <= 1)
      if failed > 0 { tries.append(reader.now.seconds) }
    }
    // One try for each period of the backoff, which doubles: 1, 2, 4, 8, 16 hours.
    #expect((2...8).contains(tries.count), "\(tries)")
  }

  @Test(.line(53))
  func `what a server says with an error is shown, without markup and not at length`()
    async throws
  {
    let long = String(repeating: "please poll less ", count: 100)
    let reader = try Subscriber()
    let site = try reader.site { request in
      switch request.path {
      case "/plain": .response(500, [("Content-Type", "text/plain")], text: "please poll less")
      case "/html":
        .response(404, text: "<html><style>p{}</style><h1>No</h1> <p>such &amp; such\u{1B}[31m</p>")
      case "/429": .response(429, [("Retry-After", "60")], text: "<b>Slow down</b>")
      default: .response(500, [("Content-Type", "text/plain")], text: long)
      }
    }
    try await reader.followUnasked(["/plain", "/html", "/long"].map { site.url($0) })
    try await reader.sync()
    #expect(try await reader.feed("/plain").lastError?.contains("please poll less") == true)
    let html = try await reader.feed("/html").lastError ?? ""
    #expect(html.contains("No such & such"), "\(html)")
    #expect(!html.contains("<") && !html.contains("p{}") && !html.contains("\u{1B}"), "\(html)")
    let words = try await reader.feed("/long").lastError ?? ""
    #expect((400...600).contains(words.count), "\(words.count)")
    try await reader.followUnasked([site.url("/429")])
    try await reader.sync()
    #expect(try await reader.feed("/429").lastError?.contains("Slow down") == true)
  }

  @Test(.line(54)) func `nothing that failed is tried again at once`() async throws {
    let answers: [Answer] =
      [400, 403, 404, 408, 429, 500, 502, 503, 504].map { .response($0) }
      + [Answer(steps: []), Answer(steps: [.reset]), .silence, .raw("SOUP\r\n\r\n")]
    for answer in answers {
      let reader = try Subscriber()
      reader.environment = ["RILL_FETCH_TIMEOUT_SECONDS": "1"]
      let site = try reader.site(answering: answer)
      try await reader.followUnasked([site.url()])
      try await reader.sync()
      #expect(site.count() == 1)
      #expect(site.server.connectionCount == 1)
    }
  }

  @Test(.line(54)) func `a kept connection that is closed without a byte is replaced once`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    let good = feed(("ETag", "\"1\""))
    // The first request of a connection is answered, the second one is not.
    let seen = Mutex<Set<Int>>([])
    site.answers { request in
      let isFirst = seen.withLock { $0.insert(request.connection).inserted }
      return isFirst ? good : Answer(steps: [])
    }
    try await reader.followUnasked([site.url("/1"), site.url("/2")])
    try await reader.sync()
    #expect(try await reader.feeds().allSatisfy { $0.lastStatus == 200 })
    #expect(site.requests.count == 3)
    #expect(site.server.connectionCount == 2)
  }

  @Test(.line(55)) func `a host that was down for three days is read within a day of its return`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), text: busy))
    try await reader.follow((1...5).map { site.url("/\($0)") })
    site.answers(Answer(steps: [.reset]))
    for _ in 1...36 {
      reader.wait(hours: 2)
      try await reader.sync()
    }
    site.answers(feed(("ETag", "\"2\""), text: rss(1...21)))
    for _ in 1...12 {
      reader.wait(hours: 2)
      try await reader.sync()
    }
    #expect(try await reader.feeds().map(\.total) == [21, 21, 21, 21, 21])
    #expect(try await reader.feeds().allSatisfy { $0.lastError == nil })
  }

  /// Like Reddit: one request a minute, told in two fields, and a ban for who asks too early.
  @Test(.line(41, 47)) func `20 feeds of a host that takes one request a minute are read in a day`()
    async throws
  {
    let reader = try Subscriber()
    let moment = Mutex(reader.now.seconds)
    let last = Mutex<Int64>(0)
    let bans = Mutex(0)
    let text = busy
    let site = try reader.site { _ in
      let now = moment.withLock { $0 }
      let isEarly = last.withLock { last in
        defer { last = now }
        return now < last + 60
      }
      let fields = [
        ("x-ratelimit-used", "1"), ("x-ratelimit-remaining", "0.0"), ("x-ratelimit-reset", "60"),
      ]
      guard isEarly else { return .response(200, fields + [("ETag", "\"1\"")], text: text) }
      bans.withLock { $0 += 1 }
      return .response(429, fields)
    }
    try await reader.followUnasked((1...20).map { site.url("/r/\($0)/.rss") })
    for _ in 1...72 {
      reader.wait(seconds: 1200)
      moment.withLock { $0 = reader.now.seconds }
      try await reader.sync()
    }
    #expect(bans.withLock { $0 } == 0)
    #expect(site.requests.count <= 72)
    for number in 1...20 { #expect(site.count("/r/\(number)/.rss") >= 3) }
    #expect(try await reader.feeds().allSatisfy { $0.lastError == nil && $0.total == 20 })
  }
}
