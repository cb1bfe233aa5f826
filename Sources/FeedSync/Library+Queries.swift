public import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore
import FeedText

/// What a person's words for one thing lead to.
public enum Finding<Value: Sendable>: Sendable {
  /// Nothing.
  case none
  /// Exactly one thing.
  case one(Value)
  /// More than one; the first few.
  case many([Value])
}

extension Library {
  /// Articles, newest first, or the best first.
  ///
  /// - Parameters:
  ///   - query: What is asked.
  ///   - progress: Told how many articles of how many have been read for their words, where words are
  ///     asked for.
  /// - Returns: Rows as a list shows them.
  /// - Throws: What the index answers.
  public func articles(
    _ query: ArticleQuery,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> [ArticleRow] {
    try asking(query, progress) { index throws(IndexError) in try index.articles(query) }
  }

  /// The articles with these ids, in this order; what is not here is left out.
  public func articles(_ ids: [ArticleID]) throws(LibraryError) -> [ArticleRow] {
    try indexing { () throws(IndexError) in try index.articles(ids) }
  }

  /// Articles as `articles(_:progress:)` gives them, those of several feeds that show one page once.
  public func stories(
    _ query: ArticleQuery,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> [ArticleRow] {
    try asking(query, progress) { index throws(IndexError) in try index.stories(query) }
  }

  /// The same rows, each with what shows its page in other feeds.
  public func withCopies(_ rows: [ArticleRow]) throws(LibraryError) -> [ArticleRow] {
    try indexing { () throws(IndexError) in try index.withCopies(rows) }
  }

  /// The articles of other feeds that show the page of one of these, without these.
  ///
  /// - Parameters:
  ///   - rows: Articles.
  ///   - before: Only those that are older than this; nil for all.
  /// - Returns: Each once.
  /// - Throws: What the index answers.
  public func copies(
    of rows: [ArticleRow],
    before: Timestamp? = nil
  ) throws(LibraryError) -> [ArticleRow] {
    var seen = Set(rows.map(\.id))
    var copies: [ArticleRow] = []
    for copy in try withCopies(rows).flatMap(\.copies)
    where before.map({ copy.moment < $0 }) ?? true && seen.insert(copy.id).inserted {
      copies += try indexing { () throws(IndexError) in
        try index.articles(withPrefix: copy.id.description, limit: 1)
      }
    }
    return copies
  }

  /// The article whose id, or any other key, begins like this.
  ///
  /// - Parameter prefix: 4 to 20 characters of lower-case base32.
  /// - Returns: Nothing for a shorter prefix or other characters.
  /// - Throws: What the index answers.
  public func article(withPrefix prefix: String) throws(LibraryError) -> Finding<ArticleRow> {
    guard (4...HashID.length).contains(prefix.utf8.count) else { return .none }
    let found = try indexing { () throws(IndexError) in
      try index.articles(withPrefix: prefix, limit: 6)
    }
    return found.count < 2 ? found.first.map(Finding.one) ?? .none : .many(found)
  }

  /// How many characters of each id are enough to name it.
  public func prefixLengths(
    of ids: [ArticleID],
    minimum: Int = 4
  ) throws(LibraryError) -> [ArticleID: Int] {
    try indexing { () throws(IndexError) in try index.prefixLengths(of: ids, minimum: minimum) }
  }

  /// The whole article behind a row, from the store.
  ///
  /// Where the row was read a compaction ago the article has moved.
  public func article(at row: ArticleRow) throws(LibraryError) -> Article? {
    do throws(LibraryError) {
      if let article = try read(row), article.keys.contains(row.id) { return article }
    } catch {
      guard case .store(.gone) = error else { throw error }
    }
    try catchUp()
    let now = try indexing { () throws(IndexError) in
      try index.articles(withPrefix: row.id.description, limit: 1).first
    }
    return try read(now ?? row)
  }

  private func read(_ row: ArticleRow) throws(LibraryError) -> Article? {
    let event = try storing { () throws(StoreError) in try store.event(at: row.place) }
    guard case .article(let article) = event.operation else { return nil }
    return article
  }

  /// The feed that is subscribed to under an id; nil when there is none.
  public func feed(_ id: FeedID) throws(LibraryError) -> FeedRow? {
    try indexing { () throws(IndexError) in try index.feeds(.id(id)) }.first { $0.isSubscribed }
  }

  /// A feed that is subscribed to and fetched from this URL; nil when there is none.
  public func feed(at url: String) throws(LibraryError) -> FeedRow? {
    try indexing { () throws(IndexError) in try index.feeds(.url(url)) }.first { $0.isSubscribed }
  }

  /// The feeds that are subscribed to, by title.
  public func feeds() throws(LibraryError) -> [FeedRow] {
    let rows = try indexing { () throws(IndexError) in try index.feeds() }
      .filter(\.isSubscribed)
    // Only keys are moved about: a row is large, and thousands of them are dear to sort.
    return rows.indices
      .map { (key: rows[$0].title.lowercased(), index: $0) }
      .sorted {
        $0.key == $1.key
          ? rows[$0.index].id.description < rows[$1.index].id.description : $0.key < $1.key
      }
      .map { rows[$0.index] }
  }

  /// What is remembered about polling, by feed.
  public func polls() throws(LibraryError) -> [FeedID: PollState] {
    try indexing { () throws(IndexError) in try index.polls() }
  }

  /// The hosts that are left alone for a while, by name.
  public func hosts() throws(LibraryError) -> [String: HostState] {
    try indexing { () throws(IndexError) in try index.hosts() }
  }

  /// What a feed answered on this machine, newest first; answers that were alike are one.
  public func pollLog(of feed: FeedID) throws(LibraryError) -> [PollStreak] {
    let last = try polls()[feed]?.streak
    let before = try indexing { () throws(IndexError) in try index.pollLog(of: feed) }
    return (last.map { [$0] } ?? []) + before
  }
}

/// The feeds that a person means by a part of a query: by id or URL, by the beginning of an id, or by a
/// part of their titles.
///
/// - Parameters:
///   - words: What was typed.
///   - feeds: The feeds to choose from.
/// - Returns: All of which the strongest of these holds; none where none does.
public func feeds(meant words: String, in feeds: [FeedRow]) -> [FeedRow] {
  let name = seen(words)
  guard !name.isEmpty else { return [] }
  let address = feedAddress(words)
  let rungs: [(FeedRow) -> Bool] = [
    { $0.id.description == words || $0.url == words || $0.url == address },
    { words.utf8.count >= 4 && $0.id.description.hasPrefix(words) },
    { seen($0.title).contains(name) },
  ]
  for rung in rungs {
    let found = feeds.filter(rung)
    if !found.isEmpty { return found }
  }
  return []
}

/// Finds the feed that a person means: by id prefix, by URL, or by a part of its title.
///
/// - Parameters:
///   - words: What was typed.
///   - feeds: The feeds to choose from.
/// - Returns: An exact id or URL wins over a prefix, a prefix over a title.
public func feed(named words: String, in feeds: [FeedRow]) -> Finding<FeedRow> {
  let name = seen(words)
  guard !name.isEmpty else { return .none }
  let address = feedAddress(words)
  let rungs: [(FeedRow) -> Bool] = [
    { $0.id.description == words || $0.url == words || $0.url == address },
    { words.utf8.count >= 4 && $0.id.description.hasPrefix(words) },
    { seen($0.title) == name },
    { seen($0.title).contains(name) },
  ]
  for rung in rungs {
    let found = feeds.filter(rung)
    if let first = found.first { return found.count == 1 ? .one(first) : .many(found) }
  }
  return .none
}

/// A title as a person sees and types it: nothing that is invisible, any space a plain one, no
/// capital letters.
private func seen(_ title: String) -> String {
  terminalSafe(title).lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
