public import FeedModel
public import FeedText

/// What stands behind an address that somebody typed.
public struct Discovery: Sendable {
  /// How the search ended.
  public enum End: Sendable {
    /// A feed was read.
    case found(FoundFeed)
    /// The feed is followed already, and was not asked, or led to one that is.
    case followed(url: String)
    /// A page that leads to no feed, and what kind of page it is where that explains it.
    case noFeed(PageKind?)
    /// Nothing that can be followed; the address that was asked last.
    case failed(SyncFailure, url: String)
  }

  /// How it ended.
  public var end: End
  /// All feeds that were met, the best one first; what turned out to be none is not among them.
  public var candidates: [FeedCandidate]
  /// Answers that ask for a pause: see `Library.heed(_:settings:now:)`.
  public var refusals: [ResponseFacts] = []
}

/// A feed that was found and read.
public struct FoundFeed: Sendable {
  /// Where to follow it.
  public var url: String
  /// The document that came.
  public var outcome: FetchOutcome
  /// Where it was asked, when it has moved from there for good; nil when it has not.
  public var movedFrom: String?

  init(url: String, outcome: FetchOutcome, movedFrom: String?) {
    self.url = url
    self.outcome = outcome
    self.movedFrom = movedFrom
  }
}

/// How a feed is looked for.
public struct DiscoverySettings: Sendable {
  /// How many of the feeds are tried that a page names or links to.
  public var linksMax = 4
  /// How many well-known paths are tried on a page without links.
  public var guessesMax = 4
  /// How long a site is left alone before each of these.
  public var pause = Duration.seconds(1)
  /// How what was typed is asked.
  ///
  /// What proves who asks belongs to its origin, and is sent nowhere else.
  public var options = FetchOptions()
  /// Whether an address is that of a feed that is followed already; those are not asked.
  public var isFollowed: @Sendable (String) -> Bool = { _ in false }
  /// Until when a server wants no request for an address; nil when it may be asked.
  public var pausedUntil: @Sendable (String) -> Timestamp? = { _ in nil }

  /// The defaults.
  public init() {}
}

/// Looks for the feed behind an address, one request at a time.
///
/// First come the places where a known site has its feeds, then what was typed. Where that is a
/// page, the feeds that it names, those of the same site that it links to, and, only where it names
/// none, a few well-known paths. No address is asked twice, and the first feed ends it.
///
/// - Parameters:
///   - url: What was typed, absolute, or the path of a file.
///   - source: Brings the documents.
///   - settings: How to look.
/// - Returns: What stands there.
public func discover(
  _ url: String,
  from source: some DocumentSource,
  _ settings: DiscoverySettings
) async -> Discovery {
  var walk = DiscoveryWalk(url, settings)
  while true {
    switch walk.next() {
    case .done(let discovery): return discovery
    case .ask(let request, let pause):
      // Cancelled is as good as slept: the request is then cancelled too.
      if pause > .zero { try? await Task.sleep(for: pause) }
      walk.take(await source.fetch(request))
    }
  }
}

/// Looks for the feed behind a name that was typed without a scheme, such as `example.org`.
///
/// It is asked with TLS, and without only where nobody speaks TLS: a certificate that is no good is
/// no reason.
///
/// - Parameters:
///   - name: A host, and perhaps a port and a path.
///   - source: Brings the documents.
///   - settings: How to look.
/// - Returns: What stands there, and what was taken for typed.
public func discover(
  bareName name: String,
  from source: some DocumentSource,
  _ settings: DiscoverySettings
) async -> (typed: String, Discovery) {
  let (secure, plain) = ("https://" + name, "http://" + name)
  let found = await discover(secure, from: source, settings)
  guard case .failed(.fetch(let failure), let url) = found.end, speaksNoTLS(failure),
    WebURL(url)?.host == WebURL(secure)?.host
  else { return (secure, found) }
  return (plain, await discover(plain, from: source, settings))
}

/// Nobody is there, or somebody who does not answer as TLS does.
private func speaksNoTLS(_ failure: FetchFailure) -> Bool {
  switch failure {
  case .connection: true
  // libcurl has one code for every handshake that fails; its sentence says how.
  case .tls(_, let detail):
    ["wrong version number", "Connection reset", "SSL_ERROR_SYSCALL", "unexpected eof"]
      .contains(where: detail.contains)
  default: false
  }
}
