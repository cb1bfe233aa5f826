import FeedModel
import FeedParse
import FeedText

/// The way from an address to its feed.
///
/// Pure. It says what to ask for next, is told what came, and says at last what was found.
///
/// 1. Nothing is asked for twice, redirects and fragments counted.
/// 2. What a page names may lead to a private address only on the origin that was typed, or on that
///    of the page itself: a public page could name anything in the reader's own network.
/// 3. A server that asks for a pause is asked for nothing else.
struct DiscoveryWalk {
  /// What to do now.
  enum Step {
    /// Ask for a document after a pause, and hand over what comes.
    case ask(FetchRequest, after: Duration)
    /// There is nothing left to do.
    case done(Discovery)
  }

  private let typed: String
  private let settings: DiscoverySettings
  /// What may still be asked, the best first.
  private var waiting: [FeedCandidate]
  /// All that was met, in the order of `waiting`.
  private var met: [FeedCandidate] = []
  private var asked: Set<String> = []
  private var asking: FeedCandidate?
  /// Answers that ask for a pause.
  private var refusals: [ResponseFacts] = []
  /// Hosts that asked for one, each with how.
  private var refused: [String: SyncFailure] = [:]
  /// Origins where what a page names is as good as typed.
  private var origins: Set<String> = []
  private var linksLeft: Int
  private var siteTriesLeft = 2
  /// What the search ends with when nothing else comes of it.
  private var fallback: Discovery.End?
  private var end: Discovery.End?

  /// Begins at what was typed.
  init(_ typed: String, _ settings: DiscoverySettings) {
    self.typed = typed
    self.settings = settings
    linksLeft = settings.linksMax
    if let origin = WebURL(typed)?.origin { origins.insert(origin) }
    let known = typed.hasPrefix("/") ? [] : feedAddresses(ofSite: typed)
    waiting = known.map { FeedCandidate(url: $0, source: .site) }
    waiting.append(FeedCandidate(url: typed, source: .typed))
    met = waiting
  }

  /// The next thing to do; to be called again only after `take` when it is a request.
  mutating func next() -> Step {
    while end == nil, !waiting.isEmpty {
      let candidate = waiting.removeFirst()
      guard mayAsk(candidate) else { continue }
      if settings.isFollowed(candidate.url) {
        note(candidate.url) { $0.isFollowed = true }
        end = .followed(url: candidate.url)
      } else if let until = settings.pausedUntil(candidate.url) {
        end = .failed(.later(status: nil, until: until, message: nil), url: candidate.url)
      } else {
        return ask(candidate)
      }
    }
    return .done(
      Discovery(
        end: end ?? fallback ?? .noFeed(nil),
        candidates: met.filter { ($0.source != .typed || $0.format != nil) && $0.trouble == nil },
        refusals: refusals
      )
    )
  }

  /// Takes in what the last request brought.
  mutating func take(_ outcome: FetchOutcome) {
    guard let candidate = asking else { return }
    asking = nil
    if let facts = outcome.facts {
      for url in facts.redirects.map(\.target) + [facts.url] { asked.insert(place(url)) }
      if facts.status == 429 || facts.rateLimit.map({ $0.remaining < 1 }) == true {
        refusals.append(facts)
      }
      if facts.status == 429 || facts.status == 503, let host = WebURL(facts.url)?.host {
        refused[host] = failure(of: outcome)
      }
    }
    guard case .fetched(let body, let contentType, _, let facts) = outcome else {
      return miss(candidate, failure(of: outcome))
    }
    do throws(ParseError) {
      let feed = try parse(body, baseURL: facts.url, contentType: contentType)
      found(candidate, feed, outcome, facts)
    } catch {
      guard error == .htmlPage else { return miss(candidate, .parse(error)) }
      let kind = pageKind(body)
      if candidate.source == .typed {
        read(page: body, kind, at: facts.url)
      } else {
        miss(candidate, .page(kind))
      }
    }
  }

  // MARK: Asking

  /// Whether a candidate is worth a request, and its server takes one.
  private mutating func mayAsk(_ candidate: FeedCandidate) -> Bool {
    guard !asked.contains(place(candidate.url)) else { return false }
    if let refusal = WebURL(candidate.url)?.host.flatMap({ refused[$0] }) {
      // A page that leads there names a feed, so it is not the page that is to blame.
      if candidate.source == .page { fallback = .failed(refusal, url: candidate.url) }
      return false
    }
    switch candidate.source {
    case .typed, .guess: return true
    case .site:
      siteTriesLeft -= 1
      return siteTriesLeft >= 0
    case .page, .link:
      linksLeft -= 1
      return linksLeft >= 0
    }
  }

  private mutating func ask(_ candidate: FeedCandidate) -> Step {
    asking = candidate
    asked.insert(place(candidate.url))
    let origin = WebURL(candidate.url)?.origin
    let isTyped = candidate.source == .typed || origin.map(origins.contains) ?? false
    var request = FetchRequest(url: candidate.url, isTyped: isTyped, options: settings.options)
    if origin != WebURL(typed)?.origin {
      // What proves who asks belongs to the origin that was typed. What Rill calls itself does not,
      // and a proxy is the way.
      request.options = FetchOptions()
      request.options.userAgent = settings.options.userAgent
      request.options.isHTTP1Only = settings.options.isHTTP1Only
      request.options.proxy = settings.options.proxy
    }
    return .ask(request, after: candidate.source == .guess ? settings.pause : .zero)
  }

  /// The form in which two addresses of one document are the same text.
  private func place(_ url: String) -> String { feedAddress(url) ?? url }

  // MARK: What came

  private mutating func found(
    _ candidate: FeedCandidate,
    _ feed: ParsedFeed,
    _ outcome: FetchOutcome,
    _ facts: ResponseFacts
  ) {
    // It is a person's fresh word that leads there, and a feed that answers, so nothing has to be
    // waited for.
    let move = PermanentMove.seen(nil, from: candidate.url, in: facts, refused: nil, now: .earliest)
    let target = move?.target
    let url = target ?? candidate.url
    let isFollowed = settings.isFollowed(url)
    note(candidate.url) {
      $0.url = url
      $0.title = feed.title ?? $0.title
      $0.format = feed.format
      $0.isFollowed = isFollowed
    }
    // The best one stands first, also where others were tried before it.
    if let index = met.firstIndex(where: { $0.url == url && $0.format != nil }) {
      met.insert(met.remove(at: index), at: 0)
    }
    end =
      isFollowed
      ? .followed(url: url)
      : .found(
        FoundFeed(url: url, outcome: outcome, movedFrom: target == nil ? nil : candidate.url)
      )
  }

  private mutating func miss(_ candidate: FeedCandidate, _ failure: SyncFailure) {
    note(candidate.url) { $0.trouble = failure }
    switch candidate.source {
    case .typed: end = .failed(failure, url: candidate.url)
    case .page: fallback = .failed(failure, url: candidate.url)
    case .site, .link, .guess: break
    }
    guard WebURL(candidate.url)?.host == WebURL(typed)?.host else { return }
    // The rest would only bring the same, or is not wanted.
    switch failure {
    case .fetch(.status(429, _)), .fetch(.status(503, _)), .fetch(.nameNotFound),
      .fetch(.connection), .fetch(.tls), .fetch(.timeout), .fetch(.cancelled):
      end = end ?? .failed(failure, url: candidate.url)
    default: break
    }
  }

  private mutating func read(page: [UInt8], _ kind: PageKind?, at address: String) {
    fallback = .noFeed(kind)
    if let origin = WebURL(address)?.origin { origins.insert(origin) }
    let host = WebURL(address)?.host ?? ""
    let links = feedLinks(inPage: page, baseURL: address)
    var feeds = feedAddresses(ofPage: page, at: address)
      .map { FeedCandidate(url: $0, source: .page) }
    feeds += links.compactMap { link in
      guard let url = feedAddress(link.url) else { return nil }
      let isSameSite = WebURL(url)?.host.map { areOneSite($0, host) } ?? false
      guard link.isDeclared || isSameSite else { return nil }
      return FeedCandidate(
        url: url,
        source: link.isDeclared ? .page : .link,
        title: link.title,
        mimeType: link.mimeType
      )
    }
    // A page that explains why it is none of the site's own leads nowhere, and one that names its
    // feeds has no other.
    if kind == nil || kind == .login, !feeds.contains(where: { $0.source == .page }) {
      feeds += guesses(at: address)
    }
    var seen = Set(met.map { place($0.url) })
    waiting = feeds.filter { seen.insert(place($0.url)).inserted }
    // A guess is offered only when it was right.
    met += waiting.filter { $0.source != .guess }
  }

  private func guesses(at address: String) -> [FeedCandidate] {
    guard let url = WebURL(address) else { return [] }
    return ["/feed", "/rss.xml", "/atom.xml", "/index.xml"]
      .prefix(settings.guessesMax)
      .compactMap { url.resolving($0)?.withoutUserinfo.text }
      .map { FeedCandidate(url: $0, source: .guess) }
  }

  private mutating func note(_ url: String, _ change: (inout FeedCandidate) -> Void) {
    guard let index = met.firstIndex(where: { $0.url == url }) else {
      var candidate = FeedCandidate(url: url, source: .guess)
      change(&candidate)
      return met.append(candidate)
    }
    change(&met[index])
  }
}

/// Two hosts of one site: the same but for `www.`, or one below the other.
private func areOneSite(_ one: String, _ other: String) -> Bool {
  let (one, other) = (withoutWWW(one), withoutWWW(other))
  return one == other || one.hasSuffix("." + other) || other.hasSuffix("." + one)
}

private func withoutWWW(_ host: String) -> String {
  host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
}

private func failure(of outcome: FetchOutcome) -> SyncFailure {
  switch outcome {
  case .failed(let failure, _): .fetch(failure)
  case .gone: .gone
  case .retryLater(let facts, let message): .fetch(.status(facts.status, message: message))
  case .fetched, .notModified: .fetch(.empty)
  }
}

extension FetchOutcome {
  /// What the response said apart from its body; nil when there was none.
  fileprivate var facts: ResponseFacts? {
    switch self {
    case .fetched(_, _, _, let facts), .notModified(_, let facts), .gone(let facts),
      .retryLater(let facts, _):
      facts
    case .failed(_, let facts): facts
    }
  }
}
