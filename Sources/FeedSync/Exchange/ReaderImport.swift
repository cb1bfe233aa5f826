import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore

/// Takes over feeds, articles and marks of another reader.
///
/// It adds and takes nothing away: a feed that is followed already keeps its title and its settings
/// and gains tags, an article that is here keeps its text and gains marks. Articles are matched
/// as those of a sync are, so that a later sync finds them again. All registers are one act. What is
/// taken over is untrusted: see `StateImport`. A dry run counts and writes nothing.
public struct ReaderImport {
  /// What came of it, or would.
  public struct Counts: Hashable, Sendable {
    /// Feeds that are followed now and were not.
    public var feeds = 0
    /// Feeds that were followed already.
    public var known = 0
    /// Articles that are here now and were not.
    public var articles = 0
    /// Articles that were read there.
    public var read = 0
    /// Articles that had stars, flags or labels there.
    public var kept = 0
    /// Names of read articles that belong to articles here.
    public var found = 0
    /// Names of read articles that wait for their articles.
    public var waiting = 0
    /// Names of read articles that may be of any feed, and were left out.
    public var homeless = 0
  }

  /// What was counted so far.
  public private(set) var counts = Counts()

  /// What takes it all back; nil when nothing was written.
  public var actID: ActID? { act.id }

  private let library: Library
  private let act: Act
  private let now: Timestamp
  private let isDry: Bool
  private var state: StateImport
  /// The feeds that are known, by where they are; those that are followed win.
  private var byURL: [String: FeedRow] = [:]
  private var byID: [FeedID: FeedRow] = [:]
  private var taken: Set<FeedID> = []

  /// Begins to take things over.
  ///
  /// - Parameters:
  ///   - library: Where to.
  ///   - isDry: Nothing is written.
  ///   - now: The time of the act.
  /// - Throws: What the index answers.
  public init(into library: Library, isDry: Bool = false, now: Timestamp) throws(LibraryError) {
    self.library = library
    self.isDry = isDry
    self.now = now
    act = Act()
    state = StateImport(into: library, in: act, now: now)
    for row in try indexing({ () throws(IndexError) in try library.index.feeds() }) {
      byID[row.id] = row
      if byURL[row.url]?.isSubscribed != true { byURL[row.url] = row }
    }
  }

  /// The id that a feed has here, or will have.
  public func id(of feed: ListedFeed) -> FeedID {
    if let row = byURL[feed.url] { return row.id }
    // A list may not name a feed that is here with an address of its own.
    if let id = feed.state?.id, byID[id] == nil { return id }
    return Subscription(url: feed.url).id
  }

  /// Whether a feed was followed before.
  public func isFollowed(_ id: FeedID) -> Bool { byID[id]?.isSubscribed == true }

  /// Follows a feed of a list.
  ///
  /// - Parameter feed: The feed.
  /// - Returns: Its id here, and whether it was followed already.
  /// - Throws: What the store answers.
  @discardableResult
  public mutating func take(
    _ feed: ListedFeed
  ) throws(LibraryError) -> (id: FeedID, isKnown: Bool) {
    let id = id(of: feed)
    let row = byID[id]
    guard taken.insert(id).inserted else { return (id, true) }
    let isKnown = isFollowed(id)
    var wanted = FeedState(id: id, isSubscribed: true)
    let known = try indexing { () throws(IndexError) in try library.index.feedState(id) }
    var tags = known.tags ?? []
    for tag in feed.state?.tags ?? feed.tags where !tags.contains(tag) { tags.append(tag) }
    wanted.tags = tags.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    wanted.registers = feed.state?.registers ?? ["url": .string(feed.url)]
    if row != nil {
      // A list changes no settings of a feed that is here: it may say what its publisher calls it.
      wanted.registers = wanted.registers.filter { $0.key.hasPrefix("source.") }
    }
    if feed.state == nil, !isKnown {
      if let title = feed.title, title != row?.sourceTitle {
        wanted.registers["title"] = .string(title)
      }
      if let site = feed.siteURL { wanted.registers["source.site"] = .string(site) }
    }
    // What is here holds, as far as it says anything.
    wanted.registers.merge(known.registers) { $1 }
    if wanted.registers["url"] == nil { wanted.registers["url"] = .string(feed.url) }
    if isKnown { counts.known += 1 } else { counts.feeds += 1 }
    guard !isDry else { return (id, isKnown) }
    if try state.take(.feed(wanted)) != nil {
      // A list may say more of a feed than can be kept; the feed is followed all the same.
      wanted.tags = known.tags
      wanted.registers = ["url": known.registers["url"] ?? .string(feed.url)]
      _ = try state.take(.feed(wanted))
    }
    return (id, isKnown)
  }

  /// Takes over articles of one feed, which is followed from now on.
  ///
  /// - Parameters:
  ///   - items: Articles of the feed, the newest first where there is an order.
  ///   - feed: The id that `take` gave.
  /// - Throws: What the store answers.
  public mutating func take(_ items: [ReaderItem], of feed: FeedID) throws(LibraryError) {
    try state.commit()
    let items = items.filter { item in
      item.item.guid != nil || item.item.url != nil || item.item.title != nil
    }
    for start in stride(from: 0, to: items.count, by: Self.itemsAtOnce) {
      let part = Array(items[start..<min(items.count, start + Self.itemsAtOnce)])
      try takePart(part.filter { !$0.isDeleted }, of: feed)
      for item in part where item.isDeleted {
        counts.read += 1
        for key in keys(of: [item.item], feed) { try mark(key, MarkState(isRead: true)) }
      }
    }
  }

  private static let itemsAtOnce = 4000

  private mutating func takePart(_ items: [ReaderItem], of feed: FeedID) throws(LibraryError) {
    var document = ParsedFeed(format: .atom10)
    document.items = items.map(\.item)
    let keys = DocumentKeys(feed: feed, parsed: document)
    let plan = try library.merging(keys, of: feed).plan(now: now)
    // What is here already is newer than what another reader kept.
    let new = plan.steps.filter { $0.kind == .new }
    counts.articles += new.count
    counts.read += items.count(where: \.isRead)
    counts.kept += items.count { $0.isStarred || !$0.tags.isEmpty }
    guard !isDry else { return }
    let at = library.moment(now, after: nil)
    try library.append(
      new.map { step in
        var article = step.article
        // Readers keep less than a publisher says: what the next sync adds is no edit.
        article.isMinor = true
        return PendingLine(at: at, operation: .article(article))
      },
      in: act,
      now: now
    )
    for (place, id) in try library.merging(keys, of: feed).matches {
      let item = items[place]
      guard item.isRead || item.isStarred || !item.tags.isEmpty else { continue }
      var marks = MarkState(isRead: item.isRead ? true : nil)
      if item.isStarred { marks.isStarred = true }
      marks.tags = item.tags.isEmpty ? nil : item.tags
      try mark(id, marks)
    }
  }

  /// Adds to the marks of the article with a key, or of one that may come.
  private mutating func mark(_ key: ArticleID, _ marks: MarkState) throws(LibraryError) {
    guard !isDry else { return }
    var marks = marks
    let known = try indexing { () throws(IndexError) in try library.index.marks(under: key) }
    if known.isGone == true { return }
    marks.isStarred = marks.isStarred ?? known.isStarred
    marks.tags = marks.tags.map { Set($0).union(known.tags ?? []).sorted() }
    _ = try state.take(.marks(key, marks))
  }

  private func keys(of items: [FeedItem], _ feed: FeedID) -> [ArticleID] {
    var document = ParsedFeed(format: .atom10)
    document.items = items
    return DocumentKeys(feed: feed, parsed: document).lookupKeys
  }

  // MARK: Names of read articles

  /// Marks articles read of which nothing is known but their guids or links.
  ///
  /// A name is looked for in all feeds that are followed, first in those of its own host. One whose
  /// article is not here waits for it in the feeds of its host; where there is none, in all feeds, as
  /// long as they are few. Of very many names and feeds only the first are looked for.
  ///
  /// - Parameter names: Guids or links.
  /// - Throws: What the store answers.
  public mutating func takeRead(_ names: [String]) throws(LibraryError) {
    try state.commit()
    let feeds = try library.feeds()
    let hosts = Dictionary(grouping: feeds.indices) {
      host(of: feeds[$0].site) ?? host(of: feeds[$0].url) ?? ""
    }
    var (lookups, nearLookups) = (0, 0)
    var places = 0
    for name in names {
      let near = host(of: name).flatMap { hosts[$0] } ?? []
      if nearLookups + near.count <= Self.nearLookupsMax {
        nearLookups += near.count
        if try markKnown(name, in: near.map { feeds[$0].id }) { continue }
      }
      if lookups + feeds.count <= Self.lookupsMax {
        lookups += feeds.count
        let isNear = Set(near)
        let far = feeds.indices.filter { !isNear.contains($0) }
        if try markKnown(name, in: far.map { feeds[$0].id }) { continue }
      }
      let homes = near.isEmpty ? Array(feeds.indices) : near
      guard !homes.isEmpty, places + homes.count <= Self.placesMax else {
        counts.homeless += 1
        continue
      }
      places += homes.count
      counts.waiting += 1
      for place in homes {
        for key in readKeys(name, feeds[place].id) { try mark(key, MarkState(isRead: true)) }
      }
    }
  }

  private static let lookupsMax = 2_000_000
  /// A list may say that a host has very many feeds.
  private static let nearLookupsMax = 10_000_000
  private static let placesMax = 100_000

  /// Marks an article of one of these feeds; false when none of them has it.
  private mutating func markKnown(
    _ name: String,
    in feeds: [FeedID]
  ) throws(LibraryError) -> Bool {
    for feed in feeds {
      for key in readKeys(name, feed) {
        let article = try indexing { () throws(IndexError) in
          try library.index.articleState(of: key)
        }
        guard let article, article.state.feed == feed else { continue }
        counts.found += 1
        try mark(article.state.id, MarkState(isRead: true))
        return true
      }
    }
    return false
  }

  private func readKeys(_ name: String, _ feed: FeedID) -> [ArticleID] {
    var item = FeedItem()
    item.guid = name
    if WebURL(name)?.isWeb == true { item.url = name }
    return keys(of: [item], feed)
  }

  /// Writes what is left; nothing may be left when it ends.
  public mutating func commit() throws(LibraryError) {
    guard !isDry else { return }
    try state.commit()
  }
}

/// The host of an address, or the authority of a `tag:` (RFC 4151), without `www.`.
private func host(of name: String?) -> String? {
  guard let name else { return nil }
  var host: String?
  if name.hasPrefix("tag:") {
    host = name.dropFirst(4).prefix { $0 != "," && $0 != ":" }.split(separator: "@").last
      .map(String.init)
  } else if let url = WebURL(name), url.isWeb {
    host = url.host
  }
  return host.map { $0.hasPrefix("www.") ? String($0.dropFirst(4)) : $0 }
    .flatMap { $0.isEmpty ? nil : $0 }
}
