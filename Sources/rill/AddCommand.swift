import ArgumentParser
import FeedFetch
import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// `rill add`.
struct AddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Follow feeds. The address of a site is enough: its feed is found.",
    discussion: """
      The feed is fetched once, and its articles are there at once.

      Examples:
        rill add https://example.org/
        rill add https://example.org/feed.xml --title 'Example' --tag news
        rill add ~/feeds/local.xml --mark-read
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var network: NetworkOptions
  @Argument(help: "URLs of feeds or sites, or paths of files.") var addresses: [String]
  @Option(help: "Call the feed this.") var title: String?
  @Option(help: "Give the feed this tag. May be repeated.") var tag: [String] = []
  @Option(help: "Leave only the newest so many articles unread.") var keep: Int?
  @Flag(name: .customLong("mark-read"), help: "Mark all that is there already read.")
  var marksRead = false
  @Flag(name: .customLong("no-sync"), help: "Subscribe without fetching.") var noSync = false

  func validate() throws {
    if title?.isEmpty == true { throw ValidationError("A title is not empty.") }
    if title != nil, addresses.count > 1 {
      throw ValidationError("--title names one feed; add the others in a command of their own.")
    }
    if keep != nil, marksRead { throw ValidationError("Choose one of --keep and --mark-read.") }
    if noSync, keep != nil || marksRead {
      throw ValidationError("--keep and --mark-read need the articles: leave out --no-sync.")
    }
    if let keep, keep < 0 { throw ValidationError("--keep takes a number from 0 up.") }
    if let bad = tag.first(where: { $0.isEmpty || $0.contains(where: \.isNewline) }) {
      throw ValidationError("A tag is one line of text, not \"\(bad)\".")
    }
  }

  func run() async throws {
    let surroundings = try Surroundings(common)
    let urls = try addresses.map(resolved)
    if noSync { return try subscribe(urls, surroundings) }
    let settings = try await Settings(configFile: surroundings.configFile)
    let library = try surroundings.library()
    let fetcher = try settings.fetcher(resolve: network.resolve, jobs: 1)
    defer { fetcher.stop() }
    var failures: [Failure] = []
    for url in urls {
      do {
        try await add(url, library, fetcher, surroundings.clock)
      } catch let failure as Failure {
        guard urls.count > 1 else { throw failure }
        Output.error.line("rill: \(failure.message)")
        failures.append(failure)
      }
    }
    guard let first = failures.first else { return }
    Output.standard.finish()
    let isSame = failures.count == urls.count && failures.allSatisfy { $0.status == first.status }
    leave(isSame ? first.status : .someFailed)
  }

  private func subscribe(_ urls: [String], _ surroundings: Surroundings) throws {
    let library = try surroundings.library()
    let known = Set(try failing { () throws(LibraryError) in try library.feeds() }.map(\.id))
    let all = urls.map { Subscription(url: $0, title: title, tags: tag) }
    try failing { () throws(LibraryError) in
      try library.subscribe(to: all, now: surroundings.clock())
    }
    for subscription in all {
      let words = known.contains(subscription.id) ? "Already following" : "Following"
      Output.error.line("\(words) \(subscription.url). Fetch it with: rill sync")
    }
  }

  private func add(
    _ url: String,
    _ library: Library,
    _ fetcher: Fetcher,
    _ clock: @Sendable () -> Timestamp
  ) async throws {
    let subscription = Subscription(url: url, title: title, tags: tag)
    let known = try failing { () throws(LibraryError) in try library.feeds() }
    if let feed = known.first(where: { $0.id == subscription.id || $0.url == url }) {
      try failing { () throws(LibraryError) in
        try library.subscribe(
          to: [Subscription(feed, title: title, tags: tag)],
          now: clock()
        )
      }
      Output.error.line(
        "Already following \(feed.title). See it with: rill list --feed \(feed.url)"
      )
      return
    }
    if let until = try failing({ () throws(LibraryError) in
      try library.pause(for: subscription, now: clock())
    }) {
      let pause = "Its server asks to be left alone until \(until.rfc3339(milliseconds: false))"
      guard try failing({ () throws(LibraryError) in try library.wasFollowed(subscription) }) else {
        throw Failure(
          .allFailed,
          "\(url): \(pause). Nothing was added. Try again then, or follow it unread with: "
            + "rill add --no-sync \(url)"
        )
      }
      try failing { () throws(LibraryError) in
        try library.subscribe(to: [subscription], now: clock())
      }
      Output.error.line("Following \(url). \(pause); rill sync asks it then.")
      return
    }
    switch await find(url, fetcher, followed: Set(known.map(\.url))) {
    case .failed(let failure, let asked):
      let step = nextStep(for: failure, url: asked, isFollowed: false)
      throw Failure(status(of: failure), "\(asked): \(failure) Nothing was added. \(step)")
    case .noFeed:
      throw Failure(
        .notAFeed,
        "\(url) is a page that names no feed. Nothing was added. "
          + "Look on the site for a link to its RSS or Atom feed and add that."
      )
    case .followed(let feedURL):
      Output.error.line("Already following \(feedURL), which \(url) names.")
    case .found(let feedURL, let outcome, let others):
      try follow(feedURL, outcome, library, clock)
      for other in others {
        Output.error.line("The page also offers \(other.title ?? "a feed"): rill add \(other.url)")
      }
    }
  }

  private func status(of failure: SyncFailure) -> ExitStatus {
    switch failure {
    case .parse, .fetch(.empty): .notAFeed
    case .fetch(.file(_, let errno)): errno == 13 ? .noPermission : .inputOutput
    default: .allFailed
    }
  }

  private func follow(
    _ url: String,
    _ outcome: FetchOutcome,
    _ library: Library,
    _ clock: @Sendable () -> Timestamp
  ) throws {
    let subscription = Subscription(url: url, title: title, tags: tag)
    let now = clock()
    let (report, feed) = try failing { () throws(LibraryError) in
      try library.subscribe(to: [subscription], now: now)
      let feeds = try library.feeds()
      let report = try feeds.first { $0.id == subscription.id }
        .flatMap { row throws(LibraryError) in
          try library.take(outcome, for: row, now: now)
        }
      return (report, try library.feeds().first { $0.id == subscription.id })
    }
    guard let feed, case .fetched(let changes) = report?.result else {
      let reason = library.indexTrouble?.description ?? "It is not in the index."
      throw Failure(.inputOutput, "\(url) is followed, but: \(reason) Run: rill sync")
    }
    if marksRead || keep != nil {
      try failing { () throws(LibraryError) in
        var query = ArticleQuery()
        query.feeds = [feed.id]
        let old = try library.articles(query).dropFirst(keep ?? 0)
        try library.mark(Array(old), .read(true), now: clock())
      }
    }
    Output.error.line(
      "Following \(feed.title) (\(feed.url)) with \(counted(changes.new, "new article"))."
        + (changes.isTruncated
          ? " The document is cut off; the rest comes with the next sync." : "")
    )
  }

  private func resolved(_ address: String) throws -> String {
    // A file that is there wins; what looks like a path is one.
    if address.hasPrefix("/") || address.hasPrefix("./") || address.hasPrefix("../")
      || fileExists(address)
    {
      return absolute(address)
    }
    if WebURL(address)?.userinfo != nil {
      throw Failure(
        .usage,
        "The address holds a user name or a password, which Rill does not keep. "
          + "Nothing was added. Leave them out if the feed can be read without."
      )
    }
    if let url = feedAddress(address) { return url }
    // A bare host is taken for a site; nothing else is guessed.
    if !address.contains("://"), address.contains("."), !address.contains("@"),
      let url = feedAddress("https://" + address)
    {
      return url
    }
    throw Failure(
      .usage,
      "\(address) is neither a web address nor a file. Write it like https://example.org/feed.xml."
    )
  }
}
