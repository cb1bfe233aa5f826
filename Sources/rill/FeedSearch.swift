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
  var schedule: ScheduleSettings
  var clock: @Sendable () -> Timestamp

  /// Looks for the feed behind what was typed.
  ///
  /// - Parameters:
  ///   - address: What was typed.
  ///   - options: How it is asked.
  /// - Returns: The address that it was taken for, and what stands there.
  /// - Throws: `Failure` when the library cannot be read.
  func discover(
    _ address: TypedAddress,
    _ options: FetchOptions
  ) async throws -> (typed: String, Discovery) {
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    let urls = Set(feeds.map(\.url))
    let ids = Set(feeds.map(\.id))
    var settings = settings
    settings.options = options
    settings.isFollowed = { urls.contains($0) || ids.contains(Subscription(url: $0).id) }
    settings.pausedUntil = { [library, schedule, clock] url in
      // An index that cannot be read forbids nothing; it is said elsewhere.
      try? library.pause(for: Subscription(url: url), settings: schedule, now: clock())
    }
    // What is secret is not sent in the clear because nobody speaks TLS just now.
    let isSecret = options.credentials != nil || !options.headers.isEmpty
    guard address.kind == .bare, !isSecret else {
      let discovery = await FeedSync.discover(address.url, from: fetcher, settings)
      try heed(discovery)
      return (address.url, discovery)
    }
    let name = String(address.url.dropFirst("https://".count))
    let (typed, discovery) = await FeedSync.discover(bareName: name, from: fetcher, settings)
    try heed(discovery)
    return (typed, discovery)
  }

  private func heed(_ discovery: Discovery) throws {
    try failing { () throws(LibraryError) in
      try library.heed(discovery, settings: schedule, now: clock())
    }
  }

  /// Why nothing can be followed, and what to do about it.
  ///
  /// - Parameters:
  ///   - discovery: What was found.
  ///   - typed: The address that was asked for.
  ///   - isAdding: A feed was to be added, and was not.
  /// - Returns: A sentence or more, with the status.
  func failure(_ discovery: Discovery, typed: String, isAdding: Bool) -> Failure {
    let consequence = isAdding ? " Nothing was added." : ""
    switch discovery.end {
    case .failed(let failure, let asked):
      let step = nextStep(for: failure, url: asked, isFollowed: false)
      return Failure(
        status(of: failure),
        "\(asked): \(failure)\(consequence) \(step)"
      )
    case .noFeed(let kind?):
      return Failure(
        .notAFeed,
        "\(typed) answers with \(kind).\(consequence) "
          + nextStep(at: kind, of: typed, isFollowed: false)
      )
    case .noFeed(nil), .found, .followed:
      return Failure(
        .notAFeed,
        "\(typed) is a page that names no feed.\(consequence) "
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
