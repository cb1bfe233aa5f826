import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore

/// Takes over what another library knew, line by line.
///
/// What differs is written, and what is that way already is not: taking the same lines over twice
/// writes nothing the second time. What a line does not say is left as it is; an article with an
/// item is not purged. A line that does not name all keys of the article here may know only a part
/// of it: it adds to it, and takes nothing away. All registers are one act. Lines are untrusted: because one of them names
/// it no path is read, no private address is asked, and nothing is received in the future.
public struct StateImport {
  /// What came of it.
  public struct Counts: Hashable, Sendable {
    /// Feeds of which something was written.
    public var feeds = 0
    /// Articles that were new, or came in another version.
    public var articles = 0
    /// Articles of which marks were written.
    public var marked = 0
    /// Keys of which it was written with which others they are one article.
    public var ties = 0
    /// Rules that were not there.
    public var rules = 0

    /// Articles that say they were received more than a day from now, and count as received now.
    public var fromFuture = 0

    /// Nothing was written.
    public var areZero: Bool { (feeds, articles, marked, ties, rules) == (0, 0, 0, 0, 0) }
  }

  /// What was written so far.
  public private(set) var counts = Counts()

  private let library: Library
  private let act: Act
  private let now: Timestamp
  private var lines: [StateLine] = []
  /// What the gathered lines are about, so that no two of them are about one thing.
  private var subjects: Set<HashID> = []
  private var bytes = 0

  /// Begins to take lines over.
  public init(into library: Library, in act: Act = Act(), now: Timestamp) {
    self.library = library
    self.act = act
    self.now = now
  }

  /// Takes a line over; it may be written later.
  ///
  /// - Parameter line: The line.
  /// - Returns: What is wrong with it, where it is not taken.
  /// - Throws: What the store answers.
  public mutating func take(_ line: StateLine) throws(LibraryError) -> String? {
    if let fault = Self.fault(of: line) { return fault }
    let line = inTime(line)
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

  /// What is wrong with a line, whatever is here; nil when it can be taken over.
  public static func fault(of line: StateLine) -> String? { line.fault }

  /// Takes care that nothing is received long after now.
  ///
  /// A clock was wrong there, or somebody made it up. What is ahead by less than a day may be.
  private mutating func inTime(_ line: StateLine) -> StateLine {
    let now = library.moment(now, after: nil)
    guard case .article(var article) = line, article.received > now.adding(seconds: 86_400) else {
      return line
    }
    counts.fromFuture += 1
    article.received = now
    return .article(article)
  }

  /// Writes what was gathered; nothing may be left when it ends.
  public mutating func commit() throws(LibraryError) {
    // What is one article decides what the marks of each are.
    try writeTies()
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
      case .rule(let text):
        if try library.write(rule: text, in: act, now: now) { counts.rules += 1 }
      case .part, .join, .story, .marks: break
      }
    }
    try library.append(feeds + articles, in: act, now: now)
    // Only now it can be told which marks their articles carry.
    var marks = MarkLines(now: now)
    for line in lines {
      switch line {
      case .feed, .part, .join, .story, .rule: break
      case .article(let article):
        var state = article.marks
        if article.item != nil { state.isGone = state.isGone ?? false }
        try add(state, of: [article.id] + article.keys, to: &marks)
      case .marks(let key, let state): try add(state, of: [key], to: &marks)
      }
    }
    counts.marked += marks.articles.count
    try library.append(marks.lines, in: act, now: now)
    (lines, subjects, bytes) = ([], [], 0)
  }

  /// Writes with which others keys are one article, and with which not.
  private mutating func writeTies() throws(LibraryError) {
    let ties = try indexing { () throws(IndexError) in try library.index.ties() }
    let names = try indexing { () throws(IndexError) in try library.index.storyNames() }
    var writes: [TieWrite] = []
    for line in lines {
      switch line {
      case .story(let name, let keys):
        for key in keys where names[key] != name {
          writes.append(TieWrite(register: .story, key: key, value: name))
        }
      case .part(let name, let keys):
        for key in keys where ties.parts[key] != name {
          writes.append(TieWrite(register: .part, key: key, value: name))
        }
      case .join(let key, let other) where ties.joins[key] != other:
        writes.append(TieWrite(register: .join, key: key, value: other.description))
      case .feed, .join, .article, .marks, .rule: break
      }
    }
    guard !writes.isEmpty else { return }
    counts.ties += Set(writes.map(\.key)).count
    try library.write(writes, carriesOn: .all, in: act, now: now)
  }

  private func registers(of feed: FeedState) throws(LibraryError) -> [PendingLine] {
    let known = try indexing { () throws(IndexError) in
      try library.index.feedState(feed.id)
    }
    var wanted = feed.registers.filter { name, value in
      known.registers[name] != value && known.registers[name] != value.asNumber
    }
    if case .string(let url)? = wanted["url"], let address = feedAddress(url) {
      wanted["url"] = known.registers["url"] == .string(address) ? nil : .string(address)
    }
    if known.registers["fetch.http1"] == nil, wanted["fetch.http1"] == .bool(false) {
      wanted["fetch.http1"] = nil
    }
    // Nobody typed the address because a line says so.
    if wanted["fetch.led"] == .bool(false) { wanted["fetch.led"] = nil }
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
        // An address is trusted where it was typed. Nobody typed this one.
        if case .feed(_, "url", _) = line.operation { line.writtenBy = FeedRow.importer }
        return line
      }
  }

  private func revisions(of state: ArticleState) throws(LibraryError) -> [PendingLine] {
    let keys = [state.id] + state.keys.filter { $0 != state.id }
    var known: [IndexedState] = []
    for key in keys {
      let found = try indexing { () throws(IndexError) in try library.index.articleState(of: key) }
      if let found, known.allSatisfy({ $0.state.id != found.state.id }) { known.append(found) }
    }
    func line(_ item: FeedItem, like article: Article? = nil, at: Timestamp) -> PendingLine {
      var written = Article(
        feed: known.first?.state.feed ?? state.feed,
        keys: keys,
        rule: .new,
        contentHash: article?.contentHash ?? contentHash(of: item),
        item: item
      )
      written.isMinor = article?.isMinor ?? false
      return PendingLine(at: at, operation: .article(written))
    }
    // The newest revision shows, and its line hides all that are known.
    guard let newest = known.max(by: { $0.revised < $1.revised }) else {
      // A purged article comes without its item: its keys keep it from coming back as a new one.
      return [line(state.item ?? FeedItem(), at: state.received)]
    }
    let own = library.article(at: newest.place)
    let later = library.moment(now, after: newest.revised)
    let isPart = !known.allSatisfy { Set($0.state.keys).isSubset(of: keys) }
    var lines: [PendingLine] = []
    if let new = state.item, new != own?.item,
      new.hasNoBody
        ? own?.item.hasNoBody != false && !isPart : own?.item.hasNoBody != false || !isPart
    {
      lines.append(line(new, at: later))
    }
    guard let item = lines.first?.article?.item ?? own?.item ?? state.item else {
      // What is here cannot be read just now, and the line says nothing that could stand for it.
      return []
    }
    let old = lines.isEmpty ? own : nil
    // An article was received when its oldest line was written.
    if known.allSatisfy({ state.received < $0.state.received }) {
      lines.append(line(item, like: old, at: state.received))
    }
    if lines.isEmpty, !known.contains(where: { Set(keys).isSubset(of: $0.state.keys) }) {
      lines.append(line(item, like: old, at: later))
    }
    return lines
  }

  private func add(
    _ marks: MarkState,
    of keys: [ArticleID],
    to lines: inout MarkLines
  ) throws(LibraryError) {
    let (index, key) = (library.index, keys[0])
    let article = try indexing { () throws(IndexError) in try index.articleState(of: key)?.state }
    let known = try indexing { () throws(IndexError) in
      if let article { article.marks } else { try index.marks(under: key) }
    }
    var marks = marks
    if let article, !Set(article.keys).isSubset(of: keys) { marks.addOnly(to: known) }
    let isStarred = marks.isStarred ?? known.isStarred ?? false
    let isNewlyStarred = isStarred != known.isStarred
    var wanted: [(String, Bool)] = []
    if let isRead = marks.isRead, isRead != known.isRead { wanted.append(("read", isRead)) }
    if isNewlyStarred { wanted.append(("star", isStarred)) }
    if let isHidden = marks.isHidden, isHidden != known.isHidden ?? false {
      wanted.append(("hidden", isHidden))
    }
    if let tags = marks.tags {
      let old = known.tags ?? []
      for tag in tags where !old.contains(tag) { wanted.append(("tag:\(tag)", true)) }
      for tag in old where !tags.contains(tag) { wanted.append(("tag:\(tag)", false)) }
    }
    if marks.isGone == true {
      if known.isGone != true || isNewlyStarred { wanted.append(("gone", true)) }
    } else if known.isGone == true {
      if marks.isGone == false { wanted.append(("gone", false)) }
    } else if isNewlyStarred, !isStarred,
      try indexing({ () throws(IndexError) in try index.hidesWithoutStar(key) })
    {
      // Without its star an old purge would hold, of which the line does not say that it should.
      wanted.append(("gone", false))
    }
    for (register, value) in wanted {
      var last = try lastWrite(to: register, of: key)
      let isOverStar = register == "gone" && value && isStarred
      if isOverStar { last = [last, try lastWrite(to: "star", of: key)].compactMap(\.self).max() }
      // A star that is as new beats a purge, so that comes a little later.
      let at = library.moment(now, after: last)
      lines.add(register, value, key, at: isOverStar ? at.adding(milliseconds: 1) : at)
    }
  }

  private func lastWrite(
    to register: String,
    of key: ArticleID
  ) throws(LibraryError) -> Timestamp? {
    try indexing { () throws(IndexError) in
      try library.index.lastWrites(to: register, of: [key], since: now)[key]
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

extension PendingLine {
  fileprivate var article: Article? {
    if case .article(let article) = operation { article } else { nil }
  }
}

extension MarkState {
  /// Leaves only what adds to what is known.
  fileprivate mutating func addOnly(to known: MarkState) {
    if isRead == false { isRead = nil }
    if isStarred == false { isStarred = nil }
    if isGone == true { isGone = nil }
    if isHidden == true { isHidden = nil }
    tags = tags.map { Set($0).union(known.tags ?? []).sorted() }
  }
}

extension RegisterValue {
  /// Flags of registers that we do not know are numbers in the index.
  fileprivate var asNumber: RegisterValue {
    if case .bool(let flag) = self { .integer(flag ? 1 : 0) } else { self }
  }
}

extension StateLine {
  /// The ids that it is about.
  fileprivate var subjects: [HashID] {
    switch self {
    case .feed(let feed): [feed.id.hash]
    // Of one key the part and the join are two things, and so is what its article is.
    case .part, .join, .story, .rule: []
    case .article(let article): article.keys.map(\.hash)
    case .marks(let key, _): [key.hash]
    }
  }

  /// Why it is not taken over; nil when it is.
  fileprivate var fault: String? {
    switch self {
    case .feed(let feed): feed.fault
    case .part(let name, let keys):
      name.utf8.count > 200 || name.isEmpty || hasControls(name)
        ? "a part whose name is none" : keys.count > 10_000 ? "more keys than a part has" : nil
    case .story(let name, let keys):
      name.utf8.count > 4000 || name.isEmpty || hasControls(name)
        ? "a story whose name is none" : keys.count > 10_000 ? "more keys than a story has" : nil
    case .join: nil
    case .rule(let text):
      text.utf8.count > 64 << 10 || Rule(text) == nil
        ? "a rule that says nothing to this version" : nil
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
        ("move.into", .string(let text)), ("move.refused", .string(let text)):
        if hasControls(text) { return "a text with control characters" }
      case ("fetch.interval", .integer), ("fetch.http1", .bool), ("fetch.led", .bool),
        ("title", .string), ("source.title", .string), ("source.site", .string):
        break
      case ("url", _), ("fetch.user-agent", _), ("move.from", _), ("move.into", _),
        ("move.refused", _), ("fetch.interval", _), ("fetch.http1", _), ("fetch.led", _),
        ("title", _),
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
