import FeedFetch
import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// Looks for feeds on behalf of a person, and says what became of it.
struct FeedSearch {
  var library: Library
  var fetcher: Fetcher
  var settings: DiscoverySettings
  var clock: @Sendable () -> Timestamp

  /// The feed that is followed under an address, now or when it was new; nil when none is.
  func followed(_ url: String) throws -> FeedRow? {
    let id = Subscription(url: url).id
    return try failing { () throws(LibraryError) in try library.feeds() }
      .first { $0.url == url || $0.id == id }
  }

  /// Looks for the feed behind what was typed.
  ///
  /// - Parameter address: What was typed.
  /// - Returns: The address that it was taken for, and what stands there.
  /// - Throws: `Failure` when the library cannot be read.
  func discover(_ address: TypedAddress) async throws -> (typed: String, Discovery) {
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    let urls = Set(feeds.map(\.url))
    let ids = Set(feeds.map(\.id))
    var settings = settings
    settings.isFollowed = { urls.contains($0) || ids.contains(Subscription(url: $0).id) }
    settings.pausedUntil = { [library, clock] url in
      // An index that cannot be read forbids nothing; it is said elsewhere.
      try? library.pause(for: Subscription(url: url), now: clock())
    }
    switch address {
    case .file(let url), .web(let url):
      return (url, await FeedSync.discover(url, from: fetcher, settings))
    case .bare(let name):
      return await FeedSync.discover(bareName: name, from: fetcher, settings)
    }
  }

  /// Why nothing can be followed, and what to do about it.
  func failure(_ discovery: Discovery, typed: String) -> Failure {
    switch discovery.end {
    case .failed(let failure, let asked):
      let step = nextStep(for: failure, url: asked, isFollowed: false)
      return Failure(
        status(of: failure),
        "\(asked): \(failure) Nothing was added. \(step)"
      )
    case .noFeed(let kind?):
      return Failure(
        .notAFeed,
        "\(typed) answers with \(kind). Nothing was added. \(nextStep(at: kind, of: typed))"
      )
    case .noFeed(nil), .found, .followed:
      return Failure(
        .notAFeed,
        "\(typed) is a page that names no feed. Nothing was added. "
          + "Look on the site for a link to its RSS or Atom feed and add that."
      )
    }
  }

  /// Names the feeds beside the one that was found, with the command that follows each.
  func sayOthers(_ discovery: Discovery, beside url: String, typed: String) {
    let others = discovery.candidates.filter {
      $0.url != url && !$0.isFollowed && $0.source != .link
    }
    for other in others.prefix(othersMax) {
      let name = other.title ?? "a feed"
      let owner = other.source == .site ? "The site" : "The page"
      Output.error.line("\(owner) also offers \(name): rill add \(quoted(other.url))")
    }
    if others.count > othersMax {
      Output.error.line(
        "There are \(others.count - othersMax) more: rill discover \(quoted(typed))"
      )
    }
  }

  private func status(of failure: SyncFailure) -> ExitStatus {
    switch failure {
    case .parse, .page, .fetch(.empty): .notAFeed
    case .fetch(.file(_, let errno)): errno == 13 ? .noPermission : .inputOutput
    default: .allFailed
    }
  }
}

/// How many feeds of a page are named beside the one that was found.
private let othersMax = 12

/// What a person can do about a page that stands where a feed was looked for.
private func nextStep(at kind: PageKind, of url: String) -> String {
  switch kind {
  case .login: "Log in with a browser, and look there for the feed's own address."
  case .challenge: "The site refuses Rill; ask its owner for access to the feed."
  case .captivePortal: "Log in to the network with a browser, and try again."
  case .consent where WebURL(url)?.host?.contains("youtu") == true:
    "Add the channel by its id, which its page shows under \"Share\": "
      + "rill add https://www.youtube.com/channel/UC..."
  case .consent: "Look with a browser for the feed's own address, and add that."
  case .notFound: "Check the address."
  case .parked: "Look for where the site has gone."
  }
}
