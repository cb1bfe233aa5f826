import FeedModel
import LoopbackServer
import TestSupport
import Testing

/// Part F of Documentation/Fetching.md: where redirects lead.
@Suite(.fewAtOnce) struct RedirectTests {
  private let good = feed(("ETag", "\"1\""))

  /// A reader of one feed at `a.test` that was well when it was followed, and another site.
  private func moved() async throws -> (reader: Subscriber, old: Site, new: Site) {
    let reader = try Subscriber()
    let old = try reader.site(answering: good)
    let new = try reader.site("b.test", answering: feed(("ETag", "\"2\"")))
    try await reader.follow(old.url())
    return (reader, old, new)
  }

  @Test(.line(73), arguments: [302, 303, 307])
  func `a redirect for now is followed, and the next poll begins where it always did`(
    status: Int
  ) async throws {
    let (reader, old, new) = try await moved()
    old.answers(.redirect(status, to: new.url()))
    for day in 1...6 {
      try await reader.syncNextDay()
      #expect(old.count() == 1 + day)
      #expect(new.count() == day)
    }
    #expect(try await reader.feed().url == old.url())
    #expect(try await reader.feed().lastError == nil)
  }

  @Test(.line(74), arguments: [301, 308])
  func `a redirect for good is believed on the third poll in two days, and can be undone`(
    status: Int
  ) async throws {
    let (reader, old, new) = try await moved()
    let id = try await reader.feed().id
    old.answers(.redirect(status, to: new.url()))
    for _ in 1...2 {
      try await reader.syncNextDay()
      #expect(try await reader.feed().url == old.url())
    }
    try await reader.syncNextDay()
    let row = try await reader.feed()
    #expect(row.url == new.url())
    #expect(row.id == id)
    #expect(row.total == 3)
    try await reader.syncNextDay()
    #expect(old.count() == 4)
    #expect(new.count() == 4)
    #expect(new.asked() == "\"2\" | -")
    // Set back, the feed is not moved there again.
    old.answers(good)
    try await reader.rill("set", id, "--url", old.url())
    try await reader.syncNextDay()
    #expect(try await reader.feed().url == old.url())
    #expect(old.count() == 5)
  }

  @Test(.line(74)) func `one poll that is redirected for good moves nothing, nor do many in a day`()
    async throws
  {
    let (reader, old, new) = try await moved()
    old.answers(.redirect(301, to: new.url()))
    for _ in 1...10 {
      reader.wait(hours: 4)
      try await reader.sync(old.url())
    }
    #expect(new.count() == 10)
    #expect(try await reader.feed().url == old.url())
    // What goes back is forgotten.
    old.answers(good)
    try await reader.syncNextDay()
    old.answers(.redirect(301, to: new.url()))
    try await reader.syncNextDay()
    try await reader.syncNextDay()
    #expect(try await reader.feed().url == old.url())
  }

  @Test(.line(76)) func `only the part of a chain that is permanent is believed`() async throws {
    let (reader, old, new) = try await moved()
    let target = new.url()
    old.answers { request in
      request.path == "/feed" ? .redirect(301, to: "/moved") : .redirect(302, to: target)
    }
    for _ in 1...5 { try await reader.syncNextDay() }
    #expect(try await reader.feed().url == old.url("/moved"))
    // A chain that begins with a redirect for now moves nothing.
    let (second, start, end) = try await moved()
    let place = end.url()
    start.answers { request in
      request.path == "/feed" ? .redirect(302, to: "/moved") : .redirect(301, to: place)
    }
    for _ in 1...5 { try await second.syncNextDay() }
    #expect(try await second.feed().url == start.url())
  }

  @Test(
    .line(77),
    arguments: [
      .response(200, [("ETag", "\"p\""), ("Content-Type", "text/html")], text: loginPage),
      .response(404), .response(410), .response(200), .response(500),
      .response(200, text: "<rss><channel><title>cut"),
    ] as [Answer]
  )
  func `a redirect for good to what is no feed moves nothing`(answer: Answer) async throws {
    let (reader, old, new) = try await moved()
    old.answers(.redirect(301, to: new.url()))
    new.answers(answer)
    for _ in 1...8 { try await reader.syncNextDay() }
    let row = try await reader.feed()
    #expect(row.url == old.url())
    #expect(row.lastError != nil)
    #expect(row.total == 3)
    old.answers(good)
    try await reader.sync(old.url())
    #expect(old.asked() == "\"1\" | -")
    #expect(try await reader.feed().lastError == nil)
  }

  @Test(.line(78)) func `a portal that answers for every host moves nothing and adds nothing`()
    async throws
  {
    let reader = try Subscriber()
    let text = loginPage
    let portal = try reader.site("portal.test") { request in
      request.path == "/login" ? .response(200, text: text) : .redirect(301, to: "/login")
    }
    let login = portal.url("/login")
    let sites = try (1...6).map { try reader.site("h\($0).test", answering: good) }
    try await reader.follow(sites.map { $0.url() })
    let before = try await reader.feeds().map(\.url)
    let titles = try await reader.titles()
    for site in sites { site.answers(.redirect(301, to: login)) }
    for _ in 1...5 { try await reader.syncNextDay() }
    #expect(portal.count("/login") >= 6)
    #expect(try await reader.feeds().map(\.url) == before)
    #expect(try await reader.titles() == titles)
    for site in sites { site.answers(good) }
    try await reader.syncNextDay()
    try await reader.syncNextDay()
    #expect(try await reader.feeds().allSatisfy { $0.lastError == nil })
    #expect(sites.allSatisfy { $0.asked() == "\"1\" | -" })
  }

  @Test(.line(79)) func `a feed that moves to one that is followed becomes one with it`()
    async throws
  {
    let reader = try Subscriber()
    let old = try reader.site(answering: feed(text: rss(1...4)))
    let new = try reader.site("b.test", answering: feed(("ETag", "\"2\""), text: rss(2...5)))
    try await reader.follow(old.url(), new.url())
    // Title 1 and Title 2 of the old feed are read, Title 5 of the new one is.
    for (site, titles) in [(old, ["Title 1", "Title 2"]), (new, ["Title 5"])] {
      let list = try await reader.rill("list", "--all", "--feed", site.url(), "--json").objects()
      #expect(list.count == 4)
      for article in list where titles.contains(article.text("title") ?? "") {
        try await reader.rill("mark", "read", try #require(article.text("id")))
      }
    }
    old.answers(.redirect(301, to: new.url()))
    for _ in 1...4 { try await reader.syncNextDay() }
    let row = try await reader.feed()
    #expect(row.url == new.url())
    #expect(try await reader.titles() == (1...5).map { "Title \($0)" })
    let unread = try await reader.rill("list", "--json").objects().compactMap { $0.text("title") }
    #expect(unread.sorted() == ["Title 3", "Title 4"])
    let count = new.count()
    try await reader.syncNextDay()
    #expect(new.count() == count + 1)
    #expect(old.count() <= 5)
  }

  @Test(.line(80), arguments: [nil, 10])
  func `a circle and a chain that is longer than the limit are given up`(
    limit: Int?
  ) async throws {
    let reader = try Subscriber()
    reader.environment["RILL_FETCH_MAX_REDIRECTS"] = limit.map(String.init)
    let most = limit ?? 5
    let circle = try reader.site("a.test") { request in
      .redirect(302, to: request.path == "/feed" ? "/2" : "/feed")
    }
    let chain = try reader.site("b.test") { request in .redirect(302, to: request.path + "x") }
    let itself = try reader.site("c.test") { _ in .redirect(301, to: "/feed") }
    try await reader.followUnasked([circle, chain, itself].map { $0.url() })
    try await reader.sync()
    #expect(circle.requests.count <= 2)
    #expect(chain.requests.count == most + 1)
    #expect(itself.requests.count == 1)
    #expect(try await reader.feeds().allSatisfy { $0.lastError?.contains("redirects") == true })
    // As many as the limit are followed.
    let count = Counter()
    let long = try reader.site("d.test") { request in
      count.next() <= most ? .redirect(302, to: request.path + "x") : feed()
    }
    try await reader.followUnasked([long.url()])
    try await reader.sync()
    #expect(long.requests.count == most + 1)
    #expect(try await reader.titles().count == 3)
  }

  @Test(.line(81)) func `a Location in any form leads where a browser would go`() async throws {
    let reader = try Subscriber()
    let other = try reader.site("b.test", answering: feed())
    let cases: [(location: String, target: String, isOther: Bool)] = [
      ("next", "/dir/next", false), ("../up?x=1", "/up?x=1", false), ("?q", "/dir/feed?q", false),
      ("/abs#part", "/abs", false), ("//b.test:\(other.server.port)/host", "/host", true),
      ("/two words", "/two%20words", false), ("/gr\u{C3}\u{BC}n", "/gr%C3%BCn", false),
      (other.url("/full#x"), "/full", true), ("  /padded  ", "/padded", false),
    ]
    for (location, target, isOther) in cases {
      let site = try reader.site("h.test") { request in
        request.target == "/dir/feed" ? .redirect(302, to: location) : feed()
      }
      try await reader.followUnasked([site.url("/dir/feed")])
      try await reader.sync()
      let asked = (isOther ? other : site).requests.last?.target
      #expect(asked == target, "\(location)")
      try await reader.rill("remove", site.url("/dir/feed"))
    }
  }

  @Test(.line(81)) func `a redirect that names no target is an error`() async throws {
    try await BadDay([
      (.response(302), "redirect"), (.redirect(302, to: ""), "redirect"),
      (.redirect(301, to: "   "), "redirect"),
    ])
  }

  @Test(
    .line(82),
    arguments: [
      "file:///etc/passwd", "ftp://PLACE/x", "gopher://PLACE/x", "data:text/xml,<rss/>",
      "javascript:alert(1)", "dict://PLACE/x", "FILE:/etc/passwd", "http:/\u{0}", "mailto:a@b",
    ]
  )
  func `a redirect to another scheme is an error, and nothing is opened`(
    location: String
  ) async throws {
    let (reader, old, new) = try await moved()
    let place = "b.test:\(new.server.port)"
    old.answers(.redirect(301, to: location.replacing("PLACE", with: place)))
    for _ in 1...3 { try await reader.syncNextDay() }
    #expect(new.server.connectionCount == 0)
    let row = try await reader.feed()
    #expect(row.url == old.url())
    #expect(row.lastError != nil)
    #expect(row.total == 3)
  }

  @Test(.line(83)) func `what a person set for a feed stays at its origin`() async throws {
    let reader = try Subscriber()
    let (host, port) = (
      try reader.site("b.test", answering: feed()), try Site("a.test") { _ in feed() }
    )
    reader.name("a.test", port)
    let site = try reader.site(answering: feed())
    let targets = [host.url(), port.url()]
    site.answers { request in
      switch request.path {
      case "/host": .redirect(302, to: targets[0])
      case "/port": .redirect(302, to: targets[1])
      case "/same": .redirect(302, to: "/feed")
      default: feed()
      }
    }
    for path in ["/host", "/port", "/same"] {
      try await reader.followUnasked([site.url(path)])
      let run = try await reader.machine.shell(
        "echo secret | \"$RILL\" set \(site.url(path)) --user ann --header 'X-Api-Key: key' "
          + "--header 'Cookie: a=b'"
      )
      #expect(run.status == 0, "\(run.errors)")
    }
    try await reader.sync()
    #expect(host.count() == 1 && port.count() == 1)
    #expect(site.requests.count == 4)
    for request in site.requests {
      #expect(request.field("Authorization") == "Basic YW5uOnNlY3JldA==", "\(request.path)")
      #expect(request.field("X-Api-Key") == "key")
      #expect(request.field("Cookie") == "a=b")
    }
    for request in host.requests + port.requests {
      let names: Set = ["authorization", "x-api-key", "cookie"]
      #expect(names.isDisjoint(with: request.fieldNames), "\(request.fields)")
    }
  }

  @Test(.line(84)) func `user and password of a redirect are neither kept nor shown`() async throws
  {
    let (reader, old, new) = try await moved()
    old.answers(.redirect(301, to: "http://ann:canary@b.test:\(new.server.port)/feed"))
    var said = ""
    for _ in 1...4 {
      let run = try await reader.syncNextDay()
      said += run.output + run.errors
    }
    said += try await reader.rill("feeds", "--json").output
    said += try await reader.rill("log", try await reader.feed().id).output
    #expect(new.count() == 4)
    #expect(!said.contains("canary"))
    let found = try await reader.machine.shell("grep -rl canary \"$RILL_HOME\" || true")
    #expect(found.output.isEmpty, "\(found.output)")
    #expect(new.requests.allSatisfy { $0.field("Authorization") == nil })
  }
}
