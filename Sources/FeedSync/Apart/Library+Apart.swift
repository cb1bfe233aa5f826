public import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore

/// What taking an article apart, or joining two, comes to.
public struct ApartOutcome: Hashable, Sendable {
  /// The articles as they are then, that which had the id first.
  public var articles: [ApartArticle]
  /// The act; nil when nothing was written.
  public var act: ActID?
}

/// An article as it is after a split or a join.
public struct ApartArticle: Hashable, Sendable {
  /// The id that is shown.
  public var id: ArticleID
  /// What its newest revision is called.
  public var title: String?
  /// It is read, starred, hidden and tagged; nil where that is not written yet.
  public var marks: MarkState?
}

extension Library {
  /// Takes an article apart, in one durable step that can be undone.
  ///
  /// What made it one article last is taken back: a join, or the match of an item with what was known.
  /// Where a key is named that is not its id, that item is taken out. Each part has the marks of the
  /// whole, so that nothing read turns unread.
  ///
  /// - Parameters:
  ///   - article: The article.
  ///   - named: The key that was named; its id, or any other.
  ///   - isDryRun: Only says what would be.
  ///   - act: What it is a part of.
  ///   - now: The time of the act.
  /// - Returns: Nil when there is nothing to take apart: all that is known of it came under one key.
  /// - Throws: What the store or the index answers; then nothing is changed.
  public func split(
    _ article: ArticleRow,
    naming named: ArticleID,
    isDryRun: Bool = false,
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) -> ApartOutcome? {
    let found = try ArticleLines(naming: [article.id], index, store)
    let ties = try indexing { () throws(IndexError) in try index.ties() }
    var joined: [ArticleID: Timestamp] = [:]
    for key in ties.joins.keys where found.keys.contains(key) {
      joined[key] = try indexing { () throws(IndexError) in try index.lastTies(of: key) }["join"]
    }
    let division = Division(of: article.id, found.lines, ties, joined: joined)
    guard let writes = division.writes(naming: named) else { return nil }
    let articles = division.articles(after: writes)
    guard articles.count > 1 else { return nil }
    if isDryRun {
      return ApartOutcome(
        articles: articles.map { ApartArticle(id: $0.id, title: $0.title) },
        act: nil
      )
    }
    try write(writes, carriesOn: .all, in: act, now: now)
    return try outcome(articles.map(\.id), act)
  }

  /// Makes one article of two of a feed, in one durable step that can be undone.
  ///
  /// It is read, starred or hidden where either was, and has the tags of both.
  ///
  /// - Parameters:
  ///   - first: One of them.
  ///   - second: The other, of the same feed.
  ///   - isDryRun: Only says what would be.
  ///   - act: What it is a part of.
  ///   - now: The time of the act.
  /// - Returns: The one article; it has the id of the older.
  /// - Throws: What the store or the index answers; then nothing is changed.
  public func join(
    _ first: ArticleRow,
    _ second: ArticleRow,
    isDryRun: Bool = false,
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) -> ApartOutcome {
    let states = try [first, second]
      .map { row throws(LibraryError) in
        try indexing { () throws(IndexError) in try index.articleState(of: row.id) }
      }
    let isFirstOlder = (first.received, first.id) < (second.received, second.id)
    let (older, newer) = isFirstOlder ? (first, second) : (second, first)
    if isDryRun {
      let newest = (states[0]?.revised ?? .earliest) < (states[1]?.revised ?? .earliest)
      let title = newest ? second.title : first.title
      return ApartOutcome(articles: [ApartArticle(id: older.id, title: title)], act: nil)
    }
    let ties = try indexing { () throws(IndexError) in try index.ties() }
    // A key is joined to one other, so one is taken that is not yet.
    let all = states.compactMap { $0?.state.keys ?? [] }
    let candidates =
      [(newer.id, older.id), (older.id, newer.id)]
      + (all.last ?? []).map { ($0, first.id) } + (all.first ?? []).map { ($0, second.id) }
    let free = candidates.first { ties.joins[$0.0] == nil } ?? candidates[0]
    let write = TieWrite(register: .join, key: free.0, value: free.1.description)
    try self.write([write], carriesOn: .all, in: act, now: now)
    return try outcome([older.id], act)
  }

  /// All keys of an article, its id first.
  public func keys(of article: ArticleRow) throws(LibraryError) -> [ArticleID] {
    try indexing { () throws(IndexError) in try index.keys(of: article.id) }
  }

  private func outcome(_ ids: [ArticleID], _ act: Act) throws(LibraryError) -> ApartOutcome {
    var articles: [ApartArticle] = []
    for id in ids {
      let state = try indexing { () throws(IndexError) in try index.articleState(of: id)?.state }
      let row = try indexing { () throws(IndexError) in
        try index.articles(withPrefix: id.description, limit: 1).first
      }
      articles.append(
        ApartArticle(id: state?.id ?? id, title: row?.title ?? row?.url, marks: state?.marks)
      )
    }
    return ApartOutcome(articles: articles, act: act.id)
  }
}

// Writing.
extension Library {
  /// To which articles marks go along with keys.
  enum Carrying {
    /// To every article that comes out of it.
    case all
    /// To those that were several before.
    case united
    /// To every article, and nothing is purged or brought back.
    case marks
  }

  /// Writes what is said about keys, and carries the marks of the articles along: nothing read turns
  /// unread by it, and no star and no tag goes.
  func write(
    _ writes: [TieWrite],
    carriesOn carrying: Carrying,
    in act: Act,
    now: Timestamp
  ) throws(LibraryError) {
    var keys: [ArticleID] = []
    for write in writes {
      keys.append(write.key)
      if write.register == .join, let other = write.value.flatMap({ ArticleID($0) }) {
        keys.append(other)
      }
    }
    let before = try states(relatedTo: keys)
    try append(lines(of: writes, now: now), in: act, now: now)
    try carry(before, keys, carrying, in: act, now: now)
  }

  /// The articles that saying something about keys may change, each once.
  func states(relatedTo keys: [ArticleID]) throws(LibraryError) -> [ArticleState] {
    try states(of: indexing { () throws(IndexError) in try index.keys(relatedTo: keys) }.sorted())
  }

  /// The articles that carry any of some keys, each once.
  private func states(of keys: some Sequence<ArticleID>) throws(LibraryError) -> [ArticleState] {
    var states: [ArticleState] = []
    for key in keys where !states.contains(where: { $0.keys.contains(key) }) {
      let found = try indexing { () throws(IndexError) in try index.articleState(of: key)?.state }
      if let found { states.append(found) }
    }
    return states
  }

  /// The lines of writes, each later than what it overwrites.
  private func lines(of writes: [TieWrite], now: Timestamp) throws(LibraryError) -> [PendingLine] {
    var lines: [(name: SetLine, ids: [ArticleID])] = []
    for write in writes {
      let last = try indexing { () throws(IndexError) in try index.lastTies(of: write.key) }
      let name = SetLine(
        at: moment(now, after: last[write.register.rawValue]),
        register: write.register.rawValue,
        value: write.value.map { .string($0) } ?? .none
      )
      if let place = lines.firstIndex(where: { $0.name == name }) {
        lines[place].ids.append(write.key)
      } else {
        lines.append((name, [write.key]))
      }
    }
    return lines.map { name, ids in
      PendingLine(
        at: name.at,
        operation: .set(key: name.register, value: name.value, ids: ids)
      )
    }
  }

  private struct SetLine: Hashable {
    var at: Timestamp
    var register: String
    var value: RegisterValue
  }

  /// What of the marks of articles was written since a moment.
  func marks(
    of states: [ArticleState],
    since moment: Timestamp
  ) throws(LibraryError) -> [ArticleState] {
    var later: [ArticleState] = []
    for state in states {
      func isLater(_ register: String) throws(LibraryError) -> Bool {
        try indexing { () throws(IndexError) in
          try index.lastWrites(to: register, of: [state.id], since: moment)[state.id] != nil
        }
      }
      var marks = MarkState()
      if state.marks.isRead == true, try isLater("read") { marks.isRead = true }
      if state.marks.isStarred == true, try isLater("star") { marks.isStarred = true }
      if state.marks.isHidden == true, try isLater("hidden") { marks.isHidden = true }
      for tag in state.marks.tags ?? [] where try isLater("tag:\(tag)") {
        marks.tags = (marks.tags ?? []) + [tag]
      }
      guard marks != MarkState() else { continue }
      var state = state
      state.marks = marks
      later.append(state)
    }
    return later
  }

  /// Gives articles the marks of those that they were.
  func carry(
    _ before: [ArticleState],
    _ keys: [ArticleID],
    _ carrying: Carrying,
    in act: Act,
    now: Timestamp
  ) throws(LibraryError) {
    var lines: [PendingLine] = []
    for state in try states(of: before.flatMap(\.keys) + keys) {
      let sources = before.filter { !Set($0.keys).isDisjoint(with: state.keys) }
      if carrying == .united, sources.count < 2 { continue }
      var wanted: [(String, Bool)] = []
      if sources.contains(where: { $0.marks.isRead == true }), state.marks.isRead != true {
        wanted.append(("read", true))
      }
      let isStarred = sources.contains { $0.marks.isStarred == true }
      if isStarred, state.marks.isStarred != true { wanted.append(("star", true)) }
      let isHidden = sources.contains { $0.marks.isHidden == true }
      if isHidden, state.marks.isHidden != true { wanted.append(("hidden", true)) }
      for tag in Set(sources.flatMap { $0.marks.tags ?? [] }).subtracting(state.marks.tags ?? [])
        .sorted()
      {
        wanted.append(("tag:\(tag)", true))
      }
      let isGone = !sources.isEmpty && sources.allSatisfy { $0.marks.isGone == true }
      if carrying != .marks, isGone != (state.marks.isGone == true), !sources.isEmpty {
        wanted.append(("gone", isGone))
      }
      for (register, value) in wanted {
        let late = try indexing { () throws(IndexError) in
          try index.lastWrites(to: register, of: [state.id], since: now)
        }
        lines.append(
          PendingLine(
            at: moment(now, after: late[state.id]),
            operation: .set(key: register, value: .bool(value), ids: [state.id])
          )
        )
      }
    }
    try append(lines, in: act, now: now)
  }
}
