import FeedIndex
import FeedModel
import FeedSync

/// Follows feeds, and says so.
struct Adding {
  var library: Library
  var access: FeedAccess
  /// The person's own title.
  var title: String?
  var tags: [String]
  /// How many articles stay unread of those that are there already; nil for all.
  var keep: Int?
  var schedule: ScheduleSettings
  var clock: @Sendable () -> Timestamp
  /// One command is one act, however many feeds it follows.
  let act = Act()

  /// Follows what was typed without asking it: thousands of addresses in one durable step.
  func subscribe(_ addresses: [TypedAddress]) throws {
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    // A feed is found by where it is before where it was.
    var found = Dictionary(feeds.map { ($0.id, $0) }) { first, _ in first }
    for feed in feeds { found[Subscription(url: feed.url).id] = feed }
    let all = addresses.map { address in
      let new = Subscription(url: address.url, title: title, tags: tags)
      guard let feed = found[new.id] else { return (new, isKnown: false) }
      return (known(feed, address), isKnown: true)
    }
    for (address, (subscription, _)) in zip(addresses, all) {
      try access.keep(for: address, feed: subscription.id, at: subscription.url)
    }
    try failing { () throws(LibraryError) in
      try library.subscribe(to: all.map(\.0), in: act, now: clock())
    }
    try access.set(all.map(\.0.id), library, in: act, now: clock())
    var said: Set<FeedID> = []
    for (subscription, isKnown) in all {
      let isRepeated = !said.insert(subscription.id).inserted
      let words = isKnown || isRepeated ? "Already following" : "Following"
      Output.error.line("\(words) \(subscription.url). Fetch it with: rill sync")
    }
  }

  /// Follows the feed behind what was typed.
  func add(_ address: TypedAddress, _ search: FeedSearch) async throws {
    if let feed = try library.followed(address.url) {
      try renew(feed, address)
      return Output.error.line(
        "Already following \(feed.title). See it with: rill list --feed \(quoted(feed.url))"
      )
    }
    if let until = try pause(for: address) { return try wait(address, until) }
    let (typed, discovery) = try await search.discover(
      address,
      try await access.options(for: address)
    )
    switch discovery.end {
    case .failed, .noFeed: throw search.failure(discovery, typed: typed, isAdding: true)
    case .followed(let url):
      guard let feed = try library.followed(url) else { return }
      try renew(feed, address)
      Output.error.line("Already following \(feed.url), which \(typed) leads to.")
    case .found(let found):
      if let old = found.movedFrom {
        Output.error.line("\(old) has moved for good to \(found.url).")
      }
      try follow(found, address)
      search.sayOthers(discovery, beside: found.url, typed: typed)
    }
  }

  private func pause(for address: TypedAddress) throws -> Timestamp? {
    try failing { () throws(LibraryError) in
      try library.pause(for: Subscription(url: address.url), settings: schedule, now: clock())
    }
  }

  /// A feed that was followed once is followed again although it may not be asked yet.
  private func wait(_ address: TypedAddress, _ until: Timestamp) throws {
    let subscription = Subscription(url: address.url, title: title, tags: tags)
    let pause = "Its server asks to be left alone until \(until.rfc3339(milliseconds: false))"
    guard try failing({ () throws(LibraryError) in try library.wasFollowed(subscription) }) else {
      throw Failure(
        .allFailed,
        "\(address.url): \(pause). Nothing was added. Try again then, or follow it unread with: "
          + "rill add --no-sync \(quoted(address.url))"
      )
    }
    try begin(subscription, address)
    Output.error.line("Following \(address.url). \(pause); rill sync asks it then.")
  }

  /// A feed that is followed already takes what was typed with it.
  private func renew(_ feed: FeedRow, _ address: TypedAddress) throws {
    try begin(known(feed, address), address)
  }

  private func known(_ feed: FeedRow, _ address: TypedAddress) -> Subscription {
    Subscription(feed, typed: address.url, title: title, tags: tags)
  }

  /// Writes a subscription: what is secret first, so that it is never asked without.
  private func begin(_ subscription: Subscription, _ address: TypedAddress) throws {
    try access.keep(for: address, feed: subscription.id, at: subscription.url)
    try failing { () throws(LibraryError) in
      try library.subscribe(to: [subscription], in: act, now: clock())
    }
    try access.set([subscription.id], library, in: act, now: clock())
  }

  /// Stores the articles of a feed that is followed by now.
  private func take(_ found: FoundFeed, _ row: FeedRow) throws -> FeedReport? {
    do throws(LibraryError) {
      return try library.take(found.outcome, for: row, settings: schedule, now: clock())
    } catch {
      guard case .store(let reason) = error else { throw words(for: error) }
      throw Failure(
        Failure(error).status,
        "\(found.url) is followed, but its articles were not stored: \(reason) "
          + "When that is mended run: rill sync"
      )
    }
  }

  private func row(of subscription: Subscription) throws -> FeedRow? {
    try failing { () throws(LibraryError) in try library.feed(subscription.id) }
  }

  private func follow(_ found: FoundFeed, _ address: TypedAddress) throws {
    var subscription = Subscription(url: found.url, title: title, tags: tags)
    subscription.isLed = WebURL(found.url)?.host != WebURL(address.url)?.host
    let wasFollowed = try failing { () throws(LibraryError) in
      try library.wasFollowed(subscription)
    }
    try begin(subscription, address)
    let report = try row(of: subscription).flatMap { try take(found, $0) }
    guard let feed = try row(of: subscription), case .fetched(let changes) = report?.result else {
      // What was written to the store is on the disk; the index follows when it can be written.
      guard library.indexTrouble == nil else {
        return Output.error.line("Following \(found.url).")
      }
      throw Failure(
        .inputOutput,
        "\(found.url) is followed, but is not in the index. Run: rill sync"
      )
    }
    if let keep {
      try failing { () throws(LibraryError) in
        var query = ArticleQuery()
        query.feeds = [feed.id]
        let old = try library.articles(query).dropFirst(keep)
        try library.mark(Array(old), .read(true), in: act, now: clock())
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

extension Library {
  /// The feed that is followed under an address, now or when it was new; nil when none is.
  func followed(_ url: String) throws -> FeedRow? {
    let id = Subscription(url: url).id
    return try failing { () throws(LibraryError) in
      if let feed = try feed(at: url) { return feed }
      return try feed(id)
    }
  }
}
