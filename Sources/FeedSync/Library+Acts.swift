public import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore

/// What a person does to articles.
public enum Mark: Hashable, Sendable {
  /// Read or unread.
  case read(Bool)
  /// Starred or not.
  case star(Bool)
  /// Hidden or shown again.
  case hide(Bool)
  /// A tag, or no longer.
  case tag(String, Bool)

  /// The register that it writes.
  var register: String {
    switch self {
    case .read: "read"
    case .star: "star"
    case .hide: "hidden"
    case .tag(let name, _): "tag:\(name)"
    }
  }

  /// What it writes.
  var value: Bool {
    switch self {
    case .read(let value), .star(let value), .hide(let value), .tag(_, let value): value
    }
  }

  /// Whether an article is that way already.
  public func holds(for article: ArticleRow) -> Bool {
    switch self {
    case .read(let value): article.isRead == value
    case .star(let value): article.isStarred == value
    case .hide(let value): article.isHidden == value
    case .tag(let name, let value): article.tags.contains(name) == value
    }
  }
}

/// A feed that is about to be subscribed to.
public struct Subscription: Hashable, Sendable {
  /// The id that it has, or will have: of its first URL.
  public let id: FeedID
  /// A normalised URL or an absolute path: see `feedAddress(_:)`.
  public var url: String
  /// The person's own title.
  public var title: String?
  /// The person's tags.
  public var tags: [String]
  /// The URL was not typed: a page of another host named it.
  public var isLed = false

  /// Describes a subscription.
  public init(url: String, title: String? = nil, tags: [String] = []) {
    id = feedID(firstURL: url)
    self.url = url
    self.title = title
    self.tags = tags
  }

  /// Describes a feed that is followed already, wherever it has moved since.
  ///
  /// - Parameters:
  ///   - feed: The feed.
  ///   - address: What was typed, which may have led to it.
  ///   - title: The person's own title.
  ///   - tags: The person's tags.
  public init(_ feed: FeedRow, typed address: String, title: String?, tags: [String]) {
    id = feed.id
    url = feed.url
    self.title = title
    self.tags = tags
    let host = WebURL(feed.url)?.host
    isLed = url != address && (host == nil || host != WebURL(address)?.host)
  }
}

/// The form of an address in which two that mean the same feed are the same text.
///
/// Scheme and host in lower case, without default port, fragment, user and password.
///
/// - Parameter address: An `http` or `https` URL, or the absolute path of a file.
/// - Returns: Nil when it is neither.
public func feedAddress(_ address: String) -> String? {
  if address.hasPrefix("/") { return address }
  guard let url = WebURL(address), url.isWeb else { return nil }
  return url.withoutUserinfo.withoutFragment.text
}

extension Library {
  /// Marks articles, all in one durable step.
  ///
  /// - Parameters:
  ///   - articles: Rows as they are now; those that are that way already are left alone.
  ///   - mark: What to write.
  ///   - act: What it is a part of; nil for what nobody did.
  ///   - now: The time of the act.
  /// - Returns: How many articles changed.
  /// - Throws: What the store answers; then nothing is changed.
  @discardableResult
  public func mark(
    _ articles: [ArticleRow],
    _ mark: Mark,
    in act: Act? = Act(),
    now: Timestamp
  ) throws(LibraryError) -> Int {
    let ids = articles.filter { !mark.holds(for: $0) }.map(\.id)
    guard !ids.isEmpty else { return 0 }
    let late = try indexing { () throws(IndexError) in
      try index.lastWrites(to: mark.register, of: ids, since: now)
    }
    // What a wrong clock wrote in the future is beaten by itself: a later time for all would
    // carry the future into every article that is marked with it.
    let groups = Dictionary(grouping: ids) { moment(now, after: late[$0]) }
    let lines = groups.sorted { $0.key < $1.key }
      .map { at, ids in
        PendingLine(
          at: at,
          operation: .set(key: mark.register, value: .bool(mark.value), ids: ids)
        )
      }
    try append(lines, in: act, now: now)
    return ids.count
  }

  /// Subscribes to feeds in one durable step; what is written already is not written again.
  public func subscribe(
    to subscriptions: [Subscription],
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) {
    let devices = store.ownDevices
    var lines: [PendingLine] = []
    var written: Set<FeedID> = []
    for subscription in subscriptions where written.insert(subscription.id).inserted {
      let row = try indexing { () throws(IndexError) in
        try index.feeds(.id(subscription.id)).first
      }
      var registers: [(String, RegisterValue)] = []
      // A path is trusted only where this machine wrote it, and what an import brought not before
      // it is typed: typing it makes it so.
      let isForeign =
        subscription.url.hasPrefix("/")
        ? row?.urlDevice.map { !devices.contains($0) } ?? true : row?.urlDevice == FeedRow.importer
      let isTyped = isForeign && !subscription.isLed
      if row == nil || isTyped { registers += [("url", .string(subscription.url))] }
      if row == nil, subscription.isLed { registers += [("fetch.led", .bool(true))] }
      if isTyped, row?.settings.isLed == true { registers += [("fetch.led", .none)] }
      if row?.isSubscribed != true { registers += [("sub", .bool(true))] }
      if let title = subscription.title, title != row?.ownTitle {
        registers += [("title", .string(title))]
      }
      for tag in subscription.tags where row?.tags.contains(tag) != true {
        registers += [("tag:\(tag)", .bool(true))]
      }
      lines += try self.lines(of: subscription.id, registers, now: now)
    }
    try append(lines, in: act, now: now)
  }

  /// Ends subscriptions; the articles stay in the store.
  public func unsubscribe(
    from feeds: [FeedID],
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) {
    var lines: [PendingLine] = []
    for feed in feeds { lines += try self.lines(of: feed, [("sub", .bool(false))], now: now) }
    try append(lines, in: act, now: now)
  }

  /// Lines that write registers of a feed, each later than what it overwrites.
  func lines(
    of feed: FeedID,
    _ registers: [(String, RegisterValue)],
    now: Timestamp
  ) throws(LibraryError) -> [PendingLine] {
    guard !registers.isEmpty else { return [] }
    let last = try indexing { () throws(IndexError) in try index.lastWrites(of: feed) }
    return registers.map { key, value in
      PendingLine(
        at: moment(now, after: last[key]),
        operation: .feed(feed, key: key, value: value)
      )
    }
  }

  /// Writes lines, and only then folds them.
  ///
  /// What is folded is what the store says that reading the lines would give. Where the index has
  /// read the segments otherwise than to where the lines begin, it reads them itself: another
  /// process has written since, or the index could not be written before.
  ///
  /// An index that cannot be written, on a full disk for example, undoes nothing: see
  /// `indexTrouble`.
  ///
  /// - Parameters:
  ///   - lines: What to write.
  ///   - act: What all of them but articles are a part of; nil for what nobody did.
  ///   - now: The time of the write.
  ///   - effects: What became of polling.
  /// - Throws: What the store answers.
  func append(
    _ lines: [PendingLine],
    in act: Act? = nil,
    now: Timestamp,
    _ effects: PollEffects = PollEffects()
  ) throws(LibraryError) {
    let isFirst = isEmpty
    var lines = lines
    if let act {
      let pending = act.pending
      for index in lines.indices where !lines[index].isArticle { lines[index].act = pending }
    }
    let appended =
      lines.isEmpty
      ? [] : try storing { () throws(StoreError) in try store.append(lines, now: now) }
    act?.note(appended)
    do throws(LibraryError) {
      if isFirst, let id = store.id {
        try indexing { () throws(IndexError) in try index.bind(to: id) }
      }
      var batch = IndexBatch.empty
      batch.effects = effects
      for part in appended {
        // A segment goes on only in the part that follows, so what stands here is its start.
        if batch.starts[part.cursor.name] == nil { batch.starts[part.cursor.name] = part.start }
        batch.lines += part.lines
        batch.cursors.append(part.cursor)
      }
      let isFolded = try indexing { () throws(IndexError) in try index.apply(batch) }
      if isFolded { try Self.settle(index, with: store) } else { try catchUp(effects) }
    } catch {
      // The lines are on the disk, and nobody may be told that they are not. The index takes them in
      // whenever the store can be read and it can be written again.
      if case .store = error, appended.isEmpty { throw error }
      trouble.note(error)
    }
  }

  /// An act after a value was seen always beats that value, whatever the clocks say.
  ///
  /// Nothing was written before there was a store: a clock that says so has not been set yet.
  func moment(_ now: Timestamp, after last: Timestamp?) -> Timestamp {
    let now = max(now, store.created ?? now)
    return last.map { max(now, $0.adding(milliseconds: 1)) } ?? now
  }
}
