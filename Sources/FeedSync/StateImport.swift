import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore

/// Takes over what another library knew, line by line.
///
/// What differs is written, and what is that way already is not: taking the same lines over twice
/// writes nothing the second time. What a line does not say is left as it is. All registers are one
/// act. Lines are untrusted: a path is never read because one of them names it.
public struct StateImport {
  /// What came of it.
  public struct Counts: Hashable, Sendable {
    /// Feeds of which something was written.
    public var feeds = 0
    /// Articles that were new, or came in another version.
    public var articles = 0
    /// Articles of which marks were written.
    public var marked = 0

    /// Nothing was written.
    public var areZero: Bool { self == Counts() }
  }

  /// What was written so far.
  public private(set) var counts = Counts()

  private let library: Library
  private let act = Act()
  private let now: Timestamp
  private var lines: [StateLine] = []
  /// What the gathered lines are about, so that no two of them are about one thing.
  private var subjects: Set<HashID> = []
  private var bytes = 0

  /// Begins to take lines over.
  public init(into library: Library, now: Timestamp) {
    self.library = library
    self.now = now
  }

  /// Takes a line over; it may be written later.
  ///
  /// - Parameter line: The line.
  /// - Returns: What is wrong with it, where it is not taken.
  /// - Throws: What the store answers.
  public mutating func take(_ line: StateLine) throws(LibraryError) -> String? {
    if let fault = line.fault { return fault }
    if !subjects.isDisjoint(with: line.subjects) || lines.count >= 500 || bytes > 4 << 20 {
      try commit()
    }
    subjects.formUnion(line.subjects)
    if case .article(let article) = line {
      bytes += (article.item?.contentHTML ?? article.item?.contentText ?? "").utf8.count
    }
    lines.append(line)
    return nil
  }

  /// Writes what was gathered; nothing may be left when it ends.
  public mutating func commit() throws(LibraryError) {
    var feeds: [PendingLine] = []
    var articles: [PendingLine] = []
    for line in lines {
      switch line {
      case .feed(let feed):
        let new = try registers(of: feed)
        if !new.isEmpty { counts.feeds += 1 }
        feeds += new
      case .article(let article):
        let new = try revisions(of: article)
        if !new.isEmpty { counts.articles += 1 }
        articles += new
      case .marks: break
      }
    }
    try library.append(feeds + articles, in: act, now: now)
    // Only now it can be told which marks their articles carry.
    var marks = MarkLines(now: now)
    for line in lines {
      switch line {
      case .feed: break
      case .article(let article): try add(article.marks, of: article.id, to: &marks)
      case .marks(let key, let state): try add(state, of: key, to: &marks)
      }
    }
    counts.marked += marks.articles.count
    try library.append(marks.lines, in: act, now: now)
    (lines, subjects, bytes) = ([], [], 0)
  }

  private func registers(of feed: FeedState) throws(LibraryError) -> [PendingLine] {
    let known = try indexing { () throws(IndexError) in
      try library.index.feedState(feed.id)
    }
    var wanted = feed.registers.filter { known.registers[$0.key] != $0.value }
    if case .string(let url)? = wanted["url"], let address = feedAddress(url) {
      wanted["url"] = known.registers["url"] == .string(address) ? nil : .string(address)
    }
    for name in ["fetch.http1", "fetch.led"] where wanted[name] == .bool(false) {
      if known.registers[name] == nil { wanted[name] = nil }
    }
    if let isSubscribed = feed.isSubscribed, isSubscribed != known.isSubscribed {
      wanted["sub"] = .bool(isSubscribed)
    }
    if let tags = feed.tags {
      let old = known.tags ?? []
      for tag in tags where !old.contains(tag) { wanted["tag:\(tag)"] = .bool(true) }
      for tag in old where !tags.contains(tag) { wanted["tag:\(tag)"] = .bool(false) }
    }
    let sorted = wanted.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return try library.lines(of: feed.id, sorted.map { ($0.key, $0.value) }, now: now)
      .map { line in
        var line = line
        // A path is trusted where this machine wrote it. Nobody typed this one.
        if case .feed(_, "url", .string(let url)) = line.operation, url.hasPrefix("/") {
          line.writtenBy = Self.writer
        }
        return line
      }
  }

  /// The name of a device that no device has, for what is not to be trusted like our own.
  private static let writer = "imported"

  private func revisions(of state: ArticleState) throws(LibraryError) -> [PendingLine] {
    let others = state.keys.filter { $0 != state.id }
    var known: IndexedState?
    for key in [state.id] + others {
      known = try indexing { () throws(IndexError) in try library.index.articleState(of: key) }
      if known != nil { break }
    }
    func line(_ item: FeedItem, at: Timestamp) -> PendingLine {
      let article = Article(
        feed: state.feed,
        keys: [state.id] + others,
        rule: .new,
        contentHash: contentHash(of: item),
        item: item
      )
      return PendingLine(at: at, operation: .article(article))
    }
    guard let known else {
      // A purged article comes without its item: its keys keep it from coming back as a new one.
      return [line(state.item ?? FeedItem(), at: state.received)]
    }
    let own = library.item(at: known.place)
    var item = own ?? state.item ?? FeedItem()
    var lines: [PendingLine] = []
    if let new = state.item, new != own, !(new.hasNoBody && new == own?.withoutText),
      !(new.hasNoBody && own?.hasNoBody == false)
    {
      item = new
      lines.append(line(new, at: library.moment(now, after: known.revised)))
    }
    // An article was received when its oldest line was written.
    if state.received < known.state.received {
      lines.append(line(item, at: state.received))
    }
    if lines.isEmpty, !Set(state.keys).isSubset(of: known.state.keys) {
      lines.append(line(item, at: library.moment(now, after: known.revised)))
    }
    return lines
  }

  private func add(
    _ marks: MarkState,
    of key: ArticleID,
    to lines: inout MarkLines
  ) throws(LibraryError) {
    let index = library.index
    let known = try indexing { () throws(IndexError) -> MarkState in
      if let article = try index.articleState(of: key) { return article.state.marks }
      return try index.marks(under: key)
    }
    var wanted: [(String, Bool)] = []
    if let isRead = marks.isRead, isRead != known.isRead { wanted.append(("read", isRead)) }
    if let isStarred = marks.isStarred, isStarred != known.isStarred {
      wanted.append(("star", isStarred))
    }
    if let tags = marks.tags {
      let old = known.tags ?? []
      for tag in tags where !old.contains(tag) { wanted.append(("tag:\(tag)", true)) }
      for tag in old where !tags.contains(tag) { wanted.append(("tag:\(tag)", false)) }
    }
    // A star that is as new beats it, so it comes a little later.
    if marks.isGone == true, known.isGone != true { wanted.append(("gone", true)) }
    if marks.isGone == nil || marks.isGone == false, known.isGone == true, marks.isRead != nil {
      wanted.append(("gone", false))
    }
    for (register, value) in wanted {
      let last = try indexing { () throws(IndexError) in
        try index.lastWrites(to: register, of: [key], since: now)[key]
      }
      let at = library.moment(now, after: last)
      let later = register == "gone" ? at.adding(milliseconds: 1) : at
      lines.add(register, value, key, at: later)
    }
  }
}

/// Marks that become as few lines as they can.
private struct MarkLines {
  private struct Name: Hashable {
    var register: String
    var value: Bool
    var at: Timestamp
  }

  let now: Timestamp
  private(set) var articles: Set<ArticleID> = []
  private var names: [Name] = []
  private var ids: [Name: [ArticleID]] = [:]

  init(now: Timestamp) { self.now = now }

  mutating func add(_ register: String, _ value: Bool, _ id: ArticleID, at: Timestamp) {
    let name = Name(register: register, value: value, at: at)
    if ids[name] == nil { names.append(name) }
    ids[name, default: []].append(id)
    articles.insert(id)
  }

  var lines: [PendingLine] {
    names.map { name in
      PendingLine(
        at: name.at,
        operation: .set(key: name.register, value: .bool(name.value), ids: ids[name] ?? [])
      )
    }
  }
}

extension FeedItem {
  fileprivate var hasNoBody: Bool { contentHTML == nil && contentText == nil }
}

extension StateLine {
  /// The ids that it is about.
  fileprivate var subjects: [HashID] {
    switch self {
    case .feed(let feed): [feed.id.hash]
    case .article(let article): article.keys.map(\.hash)
    case .marks(let key, _): [key.hash]
    }
  }

  /// Why it is not taken over; nil when it is.
  fileprivate var fault: String? {
    switch self {
    case .feed(let feed): feed.fault
    case .article(let article):
      article.keys.count > 64
        ? "more keys than an article has"
        : article.received < .earliest || article.received > .latest
          ? "a time that is none" : faultInTags(article.marks.tags)
    case .marks(_, let marks): faultInTags(marks.tags)
    }
  }
}

extension FeedState {
  fileprivate var fault: String? {
    if let fault = faultInTags(tags) { return fault }
    for (name, value) in registers {
      if name.isEmpty || name.utf8.count > 200 || hasControls(name) {
        return "a register whose name is none"
      }
      switch (name, value) {
      case (_, .string(let text)) where text.utf8.count > 64 << 10:
        return "a text that is far too long"
      case ("url", .string(let url)):
        guard !hasControls(url), url.hasPrefix("/") || feedAddress(url) != nil else {
          return "an address that is neither a web address nor a path"
        }
      case ("fetch.user-agent", .string(let text)), ("move.from", .string(let text)),
        ("move.refused", .string(let text)):
        if hasControls(text) { return "a text with control characters" }
      case ("fetch.interval", .integer), ("fetch.http1", .bool), ("fetch.led", .bool),
        ("title", .string), ("source.title", .string), ("source.site", .string):
        break
      case ("url", _), ("fetch.user-agent", _), ("move.from", _), ("move.refused", _),
        ("fetch.interval", _), ("fetch.http1", _), ("fetch.led", _), ("title", _),
        ("source.title", _), ("source.site", _):
        return "a value of the wrong type"
      default: break
      }
      if name.hasPrefix("tag:") { return "a tag outside of tags" }
    }
    if isSubscribed == true, registers["url"] == nil { return "a feed without an address" }
    return nil
  }
}

private func faultInTags(_ tags: [String]?) -> String? {
  guard let tags else { return nil }
  if tags.contains(where: { $0.isEmpty || $0.utf8.count > 200 || hasControls($0) }) {
    return "a tag that is none"
  }
  return tags.count > 1000 ? "more tags than anybody has" : nil
}

private func hasControls(_ text: String) -> Bool {
  text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
}
