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
    let typed = try addresses.map { try TypedAddress($0) }
    if noSync { return try subscribe(typed.map(\.url), surroundings) }
    let settings = try await Settings(configFile: surroundings.configFile)
    let library = try surroundings.library()
    let fetcher = try settings.fetcher(resolve: network.resolve, jobs: 1)
    defer { fetcher.stop() }
    let search = FeedSearch(
      library: library,
      fetcher: fetcher,
      settings: try settings.discovery(),
      clock: surroundings.clock
    )
    var failures: [Failure] = []
    for address in typed {
      do {
        try await add(address, search)
      } catch let failure as Failure {
        guard typed.count > 1 else { throw failure }
        Output.error.line("rill: \(failure.message)")
        failures.append(failure)
      }
    }
    guard let first = failures.first else { return }
    Output.standard.finish()
    let isSame = failures.count == typed.count && failures.allSatisfy { $0.status == first.status }
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

  private func add(_ address: TypedAddress, _ search: FeedSearch) async throws {
    let (library, clock) = (search.library, search.clock)
    if let feed = try search.followed(address.url) { return try repeated(feed, search) }
    let subscription = Subscription(url: address.url, title: title, tags: tag)
    if let until = try failing({ () throws(LibraryError) in
      try library.pause(for: subscription, now: clock())
    }) {
      let pause = "Its server asks to be left alone until \(until.rfc3339(milliseconds: false))"
      guard try failing({ () throws(LibraryError) in try library.wasFollowed(subscription) }) else {
        throw Failure(
          .allFailed,
          "\(address.url): \(pause). Nothing was added. Try again then, or follow it unread with: "
            + "rill add --no-sync \(address.url)"
        )
      }
      try failing { () throws(LibraryError) in
        try library.subscribe(to: [subscription], now: clock())
      }
      Output.error.line("Following \(address.url). \(pause); rill sync asks it then.")
      return
    }
    let (typed, discovery) = try await search.discover(address)
    switch discovery.end {
    case .failed, .noFeed: throw search.failure(discovery, typed: typed)
    case .followed(let url):
      guard let feed = try search.followed(url) else { return }
      try repeated(feed, search, saying: "Already following \(feed.url), which \(typed) leads to.")
    case .found(let found):
      if let old = found.movedFrom {
        Output.error.line("\(old) has moved for good to \(found.url).")
      }
      try follow(found, search)
      search.sayOthers(discovery, beside: found.url, typed: typed)
    }
  }

  /// A feed that is followed already takes the title and the tags.
  private func repeated(_ feed: FeedRow, _ search: FeedSearch, saying words: String? = nil) throws {
    try failing { () throws(LibraryError) in
      let subscription = Subscription(feed, title: title, tags: tag)
      try search.library.subscribe(to: [subscription], now: search.clock())
    }
    Output.error.line(
      words ?? "Already following \(feed.title). See it with: rill list --feed \(feed.url)"
    )
  }

  private func follow(_ found: FoundFeed, _ search: FeedSearch) throws {
    let (library, url) = (search.library, found.url)
    let subscription = Subscription(url: url, title: title, tags: tag)
    let now = search.clock()
    let (wasFollowed, report, feed) = try failing { () throws(LibraryError) in
      let wasFollowed = try library.wasFollowed(subscription)
      try library.subscribe(to: [subscription], now: now)
      let feeds = try library.feeds()
      let report = try feeds.first { $0.id == subscription.id }
        .flatMap { row throws(LibraryError) in
          try library.take(found.outcome, for: row, now: now)
        }
      return (wasFollowed, report, try library.feeds().first { $0.id == subscription.id })
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
        try library.mark(Array(old), .read(true), now: search.clock())
      }
    }
    Output.error.line(
      "Following \(feed.title) (\(feed.url))\(wasFollowed ? " again" : "") "
        + "with \(counted(changes.new, "new article"))."
        + (changes.isTruncated
          ? " The document is cut off; the rest comes with the next sync." : "")
    )
  }
}
