import FeedModel
import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

/// Part A of Documentation/Fetching.md: what a server gave to ask with is sent back, and only that.
@Suite(.fewAtOnce) struct ConditionalTests {
  /// Answers of one path, one after another; the last one stays.
  typealias Course = (answers: [Answer], asksWith: String)

  /// Follows one feed for each course, asks a day later as often as there are more answers, and
  /// returns what the last request of each was asked with.
  private func run(
    _ courses: [Course],
    environment: [String: String] = [:],
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let reader = try Subscriber()
    let sites = try courses.enumerated()
      .map { index, course in
        let (answers, count) = (course.answers, Counter())
        return try reader.site("h\(index).test") { _ in
          answers[min(count.next(), answers.count) - 1]
        }
      }
    try await reader.follow(sites.map { $0.url() }, at: location)
    reader.environment = environment
    for _ in 1...(courses.map(\.answers.count).max() ?? 1) { try await reader.syncNextDay() }
    for (site, course) in zip(sites, courses) {
      #expect(site.asked() == course.asksWith, "\(site.host)", sourceLocation: location)
    }
    let titles = try await reader.titles()
    #expect(titles.count == courses.count * 3, "Items are kept.", sourceLocation: location)
  }

  @Test(.line(1)) func `an ETag and a Last-Modified go back together`() async throws {
    let given = feed(("ETag", "\"abc\""), ("Last-Modified", someDate))
    try await run([([given], "\"abc\" | \(someDate)")])
  }

  @Test(.line(2, 3)) func `an ETag goes back byte for byte, whatever it looks like`() async throws {
    let etags = [
      "W/\"x\"", "abc", "\"abc-gzip\"", "\"a,b c\"", "W/abc", "\"\"", "\"a\\\"b\"", "w/\"x\"",
      "\"\u{E9}\"",
    ]
    try await run(etags.map { ([feed(("ETag", $0))], "\($0) | -") })
  }

  @Test(.line(4)) func `a Last-Modified goes back byte for byte, in any form`() async throws {
    let dates = [
      "2024-01-02 03:04:05", "Sun, 01 Nov 2026 10:00:00 +0000", "Sunday, 06-Nov-94 08:49:37 GMT",
      "Tue, 19 Jan 2038 03:14:08 GMT", "Sun Nov  6 08:49:37 1994", "sun, 1 nov 2026 10:00:00 gmt",
      "0", "soon",
    ]
    try await run(dates.map { ([feed(("Last-Modified", $0))], "- | \($0)") })
  }

  @Test(.line(5, 6, 7, 8)) func `a document replaces both validators at once`() async throws {
    let both = feed(("ETag", "\"1\""), ("Last-Modified", someDate))
    let later = "Mon, 02 Nov 2026 10:00:00 GMT"
    let other = rss(1...3, head: "<ttl>5</ttl>")
    try await run([
      ([both, feed(("ETag", "\"2\""), ("Last-Modified", someDate))], "\"2\" | \(someDate)"),
      ([both, feed(("ETag", "\"2\""), ("Last-Modified", later))], "\"2\" | \(later)"),
      ([both, feed(("Last-Modified", later), text: other)], "- | \(later)"),
      ([both, feed(("ETag", "\"2\""), text: other)], "\"2\" | -"),
      ([both, feed(("Last-Modified", someDate))], "- | \(someDate)"),
      ([both, feed(text: other)], "- | -"),
      ([both, feed()], "- | -"),
    ])
  }

  @Test(.line(6)) func `the same bytes under new validators change no article`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), ("Last-Modified", someDate)))
    try await reader.follow(site.url())
    let before = try await reader.rill("list", "--all", "--json").output
    site.answers(feed(("ETag", "\"2\""), ("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT")))
    reader.wait(days: 1)
    let summary = try await reader.sync("--json").objects()[0]
    #expect(summary.number("new") == 0)
    #expect(summary.number("updated") == 0)
    #expect(try await reader.rill("list", "--all", "--json").output == before)
    #expect(try await reader.rill("list", "--changed", "--json").output.isEmpty)
  }

  @Test(.line(9, 10)) func `a 304 renews what it names and leaves the rest`() async throws {
    let both = feed(("ETag", "\"1\""), ("Last-Modified", someDate))
    let later = "Mon, 02 Nov 2026 10:00:00 GMT"
    try await run([
      ([both, unchanged()], "\"1\" | \(someDate)"),
      ([both, unchanged(("ETag", "\"2\""))], "\"2\" | \(someDate)"),
      ([both, unchanged(("Last-Modified", later))], "\"1\" | \(later)"),
      ([both, unchanged(("ETag", "\"2\""), ("Last-Modified", later))], "\"2\" | \(later)"),
      ([both, unchanged(("ETag", ""), ("Last-Modified", ""))], "\"1\" | \(someDate)"),
    ])
  }

  @Test(.line(11, 12)) func `nothing is asked with that the server did not give`() async throws {
    let reader = try Subscriber()
    let head = "<lastBuildDate>\(someDate)</lastBuildDate><pubDate>\(someDate)</pubDate>"
    let atom = """
      <feed xmlns="http://www.w3.org/2005/Atom"><id>urn:a</id><title>A</title>\
      <updated>2026-11-01T10:00:00Z</updated></feed>
      """
    let site = try reader.site { request in
      request.path == "/atom"
        ? feed(("Date", someDate), text: atom) : feed(("Date", someDate), text: rss(head: head))
    }
    try await reader.follow(site.url("/rss"), site.url("/atom"))
    for _ in 1...3 { try await reader.syncNextDay() }
    #expect(site.requests.count == 8)
    for request in site.requests {
      #expect(!request.fieldNames.contains { $0.hasPrefix("if-") }, "\(request.fields)")
    }
  }

  @Test(.line(13)) func `304 to a request without validators is an error`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed())
    try await reader.follow(site.url())
    site.answers(unchanged(("ETag", "\"made-up\""), ("Last-Modified", someDate)))
    try await reader.syncNextDay()
    #expect(try await reader.feed().lastError != nil)
    #expect(try await reader.feed().failures == 1)
    try await reader.syncNextDay()
    #expect(site.count() == 3)
    #expect(site.asked() == "- | -")
    #expect(try await reader.titles().count == 3)
    let fresh = try reader.site("b.test", answering: unchanged())
    #expect(try await reader.add(fresh.url()).status != 0)
    #expect(try await reader.feeds().count == 1)
  }

  @Test(.line(14)) func `no error of the server loses the validators or an article`() async throws {
    let both = feed(("ETag", "\"1\""), ("Last-Modified", someDate))
    let fresh = [("ETag", "\"2\""), ("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT")]
    let errors =
      [400, 401, 403, 404, 429, 500, 502, 503].map { Answer.response($0, fresh, text: "no") }
      + [
        Answer(steps: [.reset]), Answer(steps: []), .silence,
        .response(200, fresh, text: rss(), framing: .claimed(99_999)),
      ]
    try await run(
      errors.map { ([both, $0], "\"1\" | \(someDate)") },
      environment: ["RILL_FETCH_TIMEOUT_SECONDS": "2"]
    )
  }

  @Test(.line(14)) func `a name that has no address for a day costs no validators`() async throws {
    let reader = try Subscriber()
    let both = feed(("ETag", "\"1\""), ("Last-Modified", someDate))
    let site = try reader.site("nowhere.invalid", answering: both)
    try await reader.follow(site.url())
    reader.forget("nowhere.invalid")
    try await reader.syncNextDay()
    #expect(try await reader.feed().lastError?.contains("has no address") == true)
    #expect(site.count() == 1)
    reader.name("nowhere.invalid", site)
    try await reader.syncNextDay()
    #expect(site.asked() == "\"1\" | \(someDate)")
  }

  @Test(.line(15, 77, 90))
  func `validators of a document that is no whole feed are not kept`() async throws {
    let both = feed(("ETag", "\"1\""), ("Last-Modified", someDate))
    let whole = rss()
    let bodies = [
      loginPage, "", " \n", "<?xml version=\"1.0\"?>", "not a feed", "{\"a\": 1}", "<svg/>",
      String(whole.prefix(whole.count / 2)), String(whole.dropLast(20)),
    ]
    let fresh = [("ETag", "\"2\""), ("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT")]
    try await run(
      bodies.map { ([both, .response(200, fresh, text: $0)], "\"1\" | \(someDate)") }
    )
  }

  @Test(.line(16)) func `60 polls in 60 days that change nothing are all conditional`() async throws
  {
    let reader = try Subscriber()
    let site = try reader.site { request in
      request.field("If-None-Match") == nil
        ? feed(("ETag", "\"1\""), ("Last-Modified", someDate)) : unchanged(("ETag", "\"1\""))
    }
    try await reader.follow(site.url())
    for _ in 1...60 { try await reader.syncNextDay() }
    #expect(site.count() == 61)
    #expect(site.requests.filter { $0.field("If-None-Match") == nil }.count == 1)
    #expect(site.requests.filter { $0.field("If-Modified-Since") == nil }.count == 1)
  }

  @Test(.line(17)) func `only force asks unconditionally, and once a day`() async throws {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\""), ("Last-Modified", someDate)))
    try await reader.follow(site.url())
    reader.wait(hours: 2)
    try await reader.sync(site.url())
    #expect(site.count() == 2)
    #expect(site.asked() == "\"1\" | \(someDate)")
    try await reader.sync(site.url(), "--force")
    #expect(site.count() == 3)
    #expect(site.asked() == "- | -")
    reader.wait(hours: 12)
    try await reader.sync("--force")
    reader.wait(hours: 11, seconds: 3599)
    try await reader.sync(site.url(), "--force")
    #expect(site.requests.dropFirst(3).allSatisfy { $0.field("If-None-Match") == "\"1\"" })
    reader.wait(seconds: 1)
    try await reader.sync(site.url(), "--force")
    #expect(site.asked() == "- | -")
    #expect(site.requests.filter { $0.field("If-None-Match") == nil }.count == 3)
  }

  @Test(.line(18)) func `a URL that a person changes is asked with its own validators only`()
    async throws
  {
    let reader = try Subscriber()
    let old = try reader.site(answering: feed(("ETag", "\"old\""), ("Last-Modified", someDate)))
    let new = try reader.site("b.test", answering: feed(("ETag", "\"new\"")))
    try await reader.follow(old.url())
    let id = try await reader.feed().id
    try await reader.rill("set", id, "--url", new.url())
    try await reader.syncNextDay()
    #expect(new.count() == 1)
    #expect(new.asked() == "- | -")
    try await reader.rill("set", id, "--url", new.url("/other"))
    try await reader.syncNextDay()
    #expect(new.asked("/other") == "- | -")
    #expect(try await reader.feed().id == id)
    #expect(try await reader.titles().count == 3)
  }

  @Test(.line(19, 73)) func `what the target of a redirect gave is sent to the target alone`()
    async throws
  {
    let reader = try Subscriber()
    let target = try reader.site("b.test", answering: feed(("ETag", "\"b\"")))
    let place = target.url()
    let first = try reader.site { _ in .redirect(302, to: place) }
    try await reader.follow(first.url())
    try await reader.syncNextDay()
    #expect(first.count() == 2)
    #expect(first.requests.allSatisfy { $0.field("If-None-Match") == nil })
    #expect(target.count() == 2)
    #expect(target.asked() == "\"b\" | -")
    // Another target is another document.
    let other = try reader.site("c.test", answering: feed(("ETag", "\"c\"")))
    let elsewhere = other.url()
    first.answers(.redirect(302, to: elsewhere))
    try await reader.syncNextDay()
    #expect(other.asked() == "- | -")
  }

  @Test(.line(20)) func `a process that is killed while it saves leaves no mixed pair`()
    async throws
  {
    let reader = try Subscriber()
    let served = Counter()
    let dates = (1...40).map { httpDate(Timestamp(seconds: 1_793_491_200 + Int64($0) * 60)) }
    let site = try reader.site { _ in
      let number = served.next()
      return feed(
        ("ETag", "\"\(number)\""),
        ("Last-Modified", dates[number - 1]),
        text: rss(1...(2 + number))
      )
    }
    try await reader.follow(site.url())
    let resolve = "--resolve a.test:\(site.server.port):127.0.0.1"
    var killed = 0
    for milliseconds in stride(from: 10, through: 130, by: 12) {
      reader.wait(days: 1)
      let limit = "0.\(milliseconds < 100 ? "0" : "")\(milliseconds)"
      let run = try await reader.machine.shell(
        "timeout -s KILL \(limit) \"$RILL\" sync \(resolve)",
        now: reader.now.rfc3339(milliseconds: false)
      )
      if run.status != 0 { killed += 1 }
      let (before, asked) = (site.count(), { site.asked() })
      reader.wait(days: 1)
      try await reader.sync()
      #expect(site.count() == before + 1)
      let pairs = (1...before).map { "\"\($0)\" | \(dates[$0 - 1])" }
      #expect(pairs.contains(asked()), "\(asked())")
    }
    #expect(killed > 0)
  }

  @Test(.line(21)) func `an ETag of a redirect or of early hints is not the document's`()
    async throws
  {
    let reader = try Subscriber()
    let body = rss()
    let site = try reader.site { request in
      switch request.path {
      case "/hop":
        .response(302, [("Location", "/feed"), ("ETag", "\"hop\""), ("Last-Modified", someDate)])
      case "/bare": .response(302, [("Location", "/none"), ("ETag", "\"hop\"")])
      case "/hints":
        .raw(
          "HTTP/1.1 103 Early Hints\r\nETag: \"hint\"\r\nLast-Modified: \(someDate)\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nETag: \"real\"\r\nConnection: close\r\n\r\n" + body
        )
      case "/none": feed()
      default: feed(("ETag", "\"real\""))
      }
    }
    try await reader.follow(site.url("/hop"), site.url("/bare"), site.url("/hints"))
    try await reader.syncNextDay()
    #expect(site.count("/hop") == 2 && site.count("/bare") == 2 && site.count("/hints") == 2)
    #expect(site.asked("/feed") == "\"real\" | -")
    #expect(site.asked("/none") == "- | -")
    #expect(site.asked("/hints") == "\"real\" | -")
  }

  @Test(.line(22)) func `a document under the old ETag is read when it came all the same`()
    async throws
  {
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    try await reader.follow(site.url())
    site.answers(feed(("ETag", "\"1\""), text: rss(1...4)))
    try await reader.syncNextDay()
    #expect(try await reader.titles() == ["Title 1", "Title 2", "Title 3", "Title 4"])
  }
}
