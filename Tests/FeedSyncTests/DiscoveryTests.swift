import FeedModel
import Synchronization
import Testing

@testable import FeedSync

/// A network that answers what it was told to, and remembers what it was asked.
private final class Script: DocumentSource {
  private let answers: [String: FetchOutcome]
  private let log = Mutex<[FetchRequest]>([])

  init(_ answers: [String: FetchOutcome]) { self.answers = answers }

  var requests: [FetchRequest] { log.withLock { $0 } }
  var urls: [String] { requests.map(\.url) }

  func fetch(_ request: FetchRequest) async -> FetchOutcome {
    log.withLock { $0.append(request) }
    return answers[request.url]
      ?? .failed(
        .status(404, message: nil),
        ResponseFacts(status: 404, url: request.url)
      )
  }
}

private func document(
  _ text: String,
  at url: String,
  through redirects: [Redirect] = []
)
  -> FetchOutcome
{
  var facts = ResponseFacts(status: 200, url: redirects.last?.target ?? url)
  facts.redirects = redirects
  return .fetched(
    body: Array(text.utf8),
    contentType: nil,
    validators: Validators(etag: nil, lastModified: nil, url: facts.url),
    facts
  )
}

private let feed = "<rss version='2.0'><channel><title>News</title></channel></rss>"

private func feed(at url: String) -> FetchOutcome { document(feed, at: url) }

private func page(_ head: String, at url: String) -> FetchOutcome {
  document(
    "<!doctype html><html><head><title>x</title>\(head)</head><body>Words</body></html>",
    at: url
  )
}

private func link(_ address: String, _ title: String = "") -> String {
  "<link rel=alternate type=application/rss+xml title='\(title)' href='\(address)'>"
}

private let site = "https://e.org"

private func settings(_ change: (inout DiscoverySettings) -> Void = { _ in }) -> DiscoverySettings {
  var settings = DiscoverySettings()
  settings.pause = .zero
  change(&settings)
  return settings
}

extension Discovery {
  fileprivate var found: String? {
    if case .found(let feed) = end { feed.url } else { nil }
  }
  fileprivate var failure: SyncFailure? {
    if case .failed(let failure, _) = end { failure } else { nil }
  }
}

@Test func `a feed is asked for once, and nothing else is`() async {
  let script = Script(["\(site)/feed.xml": feed(at: "\(site)/feed.xml")])
  let discovery = await discover("\(site)/feed.xml", from: script, settings())
  #expect(discovery.found == "\(site)/feed.xml")
  #expect(script.urls == ["\(site)/feed.xml"])
  #expect(discovery.candidates.map(\.title) == ["News"])
  #expect(discovery.candidates.map(\.format) == [.rss20])
}

@Test func `a known site is asked where its feeds are before what was typed`() async {
  let releases = "https://github.com/ann/tool/releases.atom"
  let script = Script([releases: feed(at: releases)])
  let discovery = await discover("https://github.com/ann/tool", from: script, settings())
  #expect(discovery.found == releases)
  #expect(script.urls == [releases])
  #expect(
    discovery.candidates.map(\.url) == [
      releases, "https://github.com/ann/tool/tags.atom", "https://github.com/ann/tool/commits.atom",
    ]
  )
}

@Test func `where a known site has no feed, what was typed is asked`() async {
  let typed = "https://example.social/@ann"
  let script = Script([
    typed: page(link("/ann/feed"), at: typed),
    "https://example.social/ann/feed": feed(at: "https://example.social/ann/feed"),
  ])
  let discovery = await discover(typed, from: script, settings())
  #expect(discovery.found == "https://example.social/ann/feed")
  #expect(
    script.urls == ["https://example.social/@ann.rss", typed, "https://example.social/ann/feed"]
  )
}

@Test func `a known site is asked in two places at most`() async {
  let script = Script([:])
  let discovery = await discover("https://github.com/ann/tool", from: script, settings())
  #expect(script.urls.count == 3)
  #expect(script.urls.last == "https://github.com/ann/tool")
  #expect(discovery.failure == .fetch(.status(404, message: nil)))
}

@Test func `a handle takes the page and then the channel that it names`() async {
  let typed = "http://www.youtube.com:8080/@ann"
  let channel = "UCabcdefghijklmnopqrst_-"
  let place = "http://www.youtube.com:8080/feeds/videos.xml?channel_id=\(channel)"
  let script = Script([
    typed: page("<meta itemprop=channelId content=\(channel)>", at: typed),
    place: feed(at: place),
  ])
  #expect(await discover(typed, from: script, settings()).found == place)
  #expect(script.urls == [typed, place])
}

@Test func `the main feed of a page comes first, those of comments last, and all are offered`()
  async
{
  let script = Script([
    "\(site)/": page(
      link("/comments/feed/", "Comments") + link("/feed/", "Posts") + link("/atom", "Atom"),
      at: "\(site)/"
    ),
    "\(site)/feed/": feed(at: "\(site)/feed/"),
  ])
  let discovery = await discover("\(site)/", from: script, settings())
  #expect(discovery.found == "\(site)/feed/")
  #expect(script.urls == ["\(site)/", "\(site)/feed/"])
  #expect(discovery.candidates.map(\.title) == ["News", "Atom", "Comments"])
}

@Test func `links of the same site are tried, and others are not`() async {
  let script = Script([
    "\(site)/": page(
      "<a href=https://other.example/feed>x</a><a href=//feeds.e.org/rss>y</a>",
      at: "\(site)/"
    ),
    "https://feeds.e.org/rss": feed(at: "https://feeds.e.org/rss"),
    "https://other.example/feed": feed(at: "https://other.example/feed"),
  ])
  #expect(await discover("\(site)/", from: script, settings()).found == "https://feeds.e.org/rss")
  #expect(script.urls == ["\(site)/", "https://feeds.e.org/rss"])
}

@Test func `a page without links is searched in four places, ending at the first feed`() async {
  let typed = "\(site)/blog/"
  let empty = Script([typed: page("", at: typed)])
  let nothing = await discover(typed, from: empty, settings())
  #expect(
    empty.urls
      == [typed] + ["/feed", "/rss.xml", "/atom.xml", "/index.xml"].map { site + $0 }
  )
  guard case .noFeed(nil) = nothing.end else { return #expect(Bool(false), "\(nothing.end)") }
  #expect(nothing.candidates.isEmpty)
  let script = Script([
    typed: page("", at: typed), "\(site)/feed": page("", at: "\(site)/feed"),
    "\(site)/rss.xml": document("Not here", at: "\(site)/rss.xml"),
    "\(site)/atom.xml": feed(at: "\(site)/atom.xml"),
    "\(site)/index.xml": feed(at: "\(site)/index.xml"),
  ])
  let discovery = await discover(typed, from: script, settings())
  #expect(discovery.found == "\(site)/atom.xml")
  #expect(script.urls.last == "\(site)/atom.xml")
  #expect(discovery.candidates.map(\.source) == [.guess])
}

@Test func `there is a pause before each guess and before nothing else`() {
  var walk = DiscoveryWalk("\(site)/", DiscoverySettings())
  guard case .ask(_, let first) = walk.next() else { return #expect(Bool(false)) }
  walk.take(page("", at: "\(site)/"))
  var pauses: [Duration] = []
  while case .ask(let request, let pause) = walk.next() {
    pauses.append(pause)
    walk.take(page("", at: request.url))
  }
  #expect(first == .zero)
  #expect(pauses == Array(repeating: .seconds(1), count: 4))
}

@Test func `a page that names feeds is not searched, and its failure is told`() async {
  let script = Script(["\(site)/": page(link("/gone.xml"), at: "\(site)/")])
  let discovery = await discover("\(site)/", from: script, settings())
  #expect(script.urls == ["\(site)/", "\(site)/gone.xml"])
  #expect(discovery.failure == .fetch(.status(404, message: nil)))
  #expect(discovery.candidates.isEmpty)
}

@Test func `of the feeds that a page names four are tried`() async {
  let links = (1...9).map { link("/\($0)") }.joined()
  let script = Script(["\(site)/": page(links, at: "\(site)/")])
  let discovery = await discover("\(site)/", from: script, settings())
  #expect(script.urls.count == 5)
  #expect(discovery.candidates.count == 5)
}

@Test(
  arguments: [
    "<meta name=x><title>Just a moment...</title>",
    "</head><body><form action='https://consent.youtube.com/save'></form>",
  ]
)
func `a page that stands before the site is not searched`(head: String) async {
  let text = "<!doctype html><html><head>\(head)</html>"
  let script = Script(["\(site)/": document(text, at: "\(site)/")])
  let discovery = await discover("\(site)/", from: script, settings())
  #expect(script.urls == ["\(site)/"])
  guard case .noFeed(.some) = discovery.end else { return #expect(Bool(false), "\(discovery.end)") }
}

@Test func `nothing is asked twice, however it is written`() async {
  let script = Script([
    "\(site)/": document(
      "<!doctype html><title>x</title>" + link("/#a") + link("https://E.org:443/") + link("/home")
        + link("/f#x") + link("/f#y"),
      at: "\(site)/",
      through: [Redirect(status: 302, target: "\(site)/home")]
    )
  ])
  _ = await discover("\(site)/", from: script, settings())
  #expect(script.urls == ["\(site)/", "\(site)/f"])
}

@Test func `a server that asks for a pause is asked for nothing else`() async {
  let refusal = FetchOutcome.retryLater(
    ResponseFacts(status: 429, url: "https://www.reddit.com/r/swift/.rss"),
    message: nil
  )
  let reddit = Script(["https://www.reddit.com/r/swift/.rss": refusal])
  let discovery = await discover("https://www.reddit.com/r/swift", from: reddit, settings())
  #expect(reddit.urls == ["https://www.reddit.com/r/swift/.rss"])
  #expect(discovery.failure == .fetch(.status(429, message: nil)))
  let guessing = Script(["\(site)/": page("", at: "\(site)/"), "\(site)/feed": refusal])
  _ = await discover("\(site)/", from: guessing, settings())
  #expect(guessing.urls == ["\(site)/", "\(site)/feed"])
}

@Test(arguments: [429, 503])
func `another server that refuses is asked for nothing else either`(status: Int) async {
  let (one, other) = ("https://feeds.example/one", "https://feeds.example/two")
  let refusal = FetchOutcome.retryLater(ResponseFacts(status: status, url: one), message: nil)
  let links = link(one) + link(other) + link("\(site)/three")
  let home = page(links, at: "\(site)/")
  let script = Script(["\(site)/": home, one: refusal, "\(site)/three": feed(at: "\(site)/three")])
  let discovery = await discover("\(site)/", from: script, settings())
  #expect(script.urls == ["\(site)/", one, "\(site)/three"])
  #expect(discovery.found == "\(site)/three")
  let lone = Script(["\(site)/": page(link(one) + link(other), at: "\(site)/"), one: refusal])
  let nothing = await discover("\(site)/", from: lone, settings())
  #expect(lone.urls == ["\(site)/", one])
  #expect(nothing.failure == .fetch(.status(status, message: nil)))
}

@Test func `what a server wants left alone is not asked`() async {
  let script = Script([:])
  let until = Timestamp(seconds: 1000)
  let discovery = await discover(
    "https://www.reddit.com/r/swift",
    from: script,
    settings { $0.pausedUntil = { $0.contains("reddit.com") ? until : nil } }
  )
  #expect(script.urls.isEmpty)
  #expect(discovery.failure == .later(status: nil, until: until, message: nil))
}

@Test func `a feed that is followed already is named and not asked`() async {
  let script = Script(["\(site)/": page(link("/feed"), at: "\(site)/")])
  let discovery = await discover(
    "\(site)/",
    from: script,
    settings { $0.isFollowed = { $0 == "\(site)/feed" } }
  )
  guard case .followed("\(site)/feed") = discovery.end else {
    return #expect(Bool(false), "\(discovery.end)")
  }
  #expect(script.urls == ["\(site)/"])
  #expect(discovery.candidates.map(\.isFollowed) == [true])
}

/// Redirects of an address, and where the feed behind them is followed.
private let moves: [(redirects: [(Int, String)], url: String)] = [
  ([(301, "/b")], "/b"), ([(308, "/b")], "/b"), ([(302, "/b")], "/a"), ([(307, "/b")], "/a"),
  ([(303, "/b")], "/a"), ([(301, "/b"), (301, "/c")], "/c"), ([(301, "/b"), (302, "/c")], "/b"),
  ([(302, "/b"), (301, "/c")], "/a"), ([(301, "/b"), (302, "/c"), (301, "/d")], "/b"),
]

@Test(arguments: moves.indices)
func `a feed is followed at the end of the redirects that are permanent`(index: Int) async {
  let (redirects, url) = moves[index]
  let script = Script([
    "\(site)/a": document(
      feed,
      at: "\(site)/a",
      through: redirects.map { Redirect(status: $0.0, target: site + $0.1) }
    )
  ])
  let discovery = await discover("\(site)/a", from: script, settings())
  #expect(discovery.found == site + url)
  #expect(discovery.candidates.map(\.url) == [site + url])
  if case .found(let found) = discovery.end {
    #expect(found.movedFrom == (url == "/a" ? nil : "\(site)/a"))
  }
}

@Test func `a redirect to a private address moves no feed`() async {
  guard
    case .fetched(let body, let type, let validators, var facts) = document(
      feed,
      at: "\(site)/a",
      through: [Redirect(status: 301, target: "\(site)/b")]
    )
  else { return #expect(Bool(false)) }
  facts.isPrivate = true
  let script = Script([
    "\(site)/a": .fetched(body: body, contentType: type, validators: validators, facts)
  ])
  #expect(await discover("\(site)/a", from: script, settings()).found == "\(site)/a")
}

@Test func `a redirect to a feed that is followed already follows nothing`() async {
  let script = Script([
    "\(site)/a": document(
      feed,
      at: "\(site)/a",
      through: [Redirect(status: 301, target: "\(site)/b")]
    )
  ])
  let discovery = await discover(
    "\(site)/a",
    from: script,
    settings { $0.isFollowed = { $0 == "\(site)/b" } }
  )
  guard case .followed("\(site)/b") = discovery.end else {
    return #expect(Bool(false), "\(discovery.end)")
  }
}

@Test func `what a page names is trusted on its own origin alone`() async {
  let script = Script([
    "\(site)/": page(
      link("/x") + link("http://e.org/x") + link("https://n.example/x"),
      at: "\(site)/"
    )
  ])
  _ = await discover("\(site)/", from: script, settings())
  #expect(script.requests.map(\.isTyped) == [true, true, false, false])
}

@Test func `special headers go to the origin that was typed alone`() async throws {
  let header = try #require(HeaderField("X-Key: 1"))
  let script = Script([
    "\(site)/": page(link("/x") + link("https://n.example/x"), at: "\(site)/")
  ])
  _ = await discover(
    "\(site)/",
    from: script,
    settings {
      $0.options.headers = [header]
      $0.options.userAgent = "Mine"
      $0.options.proxy = "http://p.example"
    }
  )
  #expect(script.requests.map(\.options.headers) == [[header], [header], []])
  // Who asks is no secret, and a proxy is the way.
  #expect(script.requests.map(\.options.userAgent) == ["Mine", "Mine", "Mine"])
  #expect(script.requests.map(\.options.proxy).allSatisfy { $0 == "http://p.example" })
}

@Test func `a bare name is asked without TLS only where nobody speaks it`() async {
  func found(_ failure: FetchFailure) async -> (String, [String]) {
    let script = Script([
      "https://e.org/feed": .failed(failure, nil),
      "http://e.org/feed": feed(at: "http://e.org/feed"),
    ])
    let (typed, _) = await discover(bareName: "e.org/feed", from: script, settings())
    return (typed, script.urls)
  }
  for failure in [
    FetchFailure.connection(host: "e.org", detail: "refused"),
    .tls(host: "e.org", detail: "error:0A00010B:SSL routines::wrong version number"),
    .tls(host: "e.org", detail: "Recv failure: Connection reset by peer"),
  ] {
    let (typed, urls) = await found(failure)
    #expect(typed == "http://e.org/feed")
    #expect(urls == ["https://e.org/feed", "http://e.org/feed"])
  }
  for failure in [
    FetchFailure.tls(host: "e.org", detail: "SSL certificate problem: certificate has expired"),
    .nameNotFound(host: "e.org"), .timeout(seconds: 30), .status(404, message: nil),
  ] {
    let (typed, urls) = await found(failure)
    #expect(typed == "https://e.org/feed")
    #expect(urls == ["https://e.org/feed"])
  }
}
