public import FeedModel
import GRDB

/// An article that shows the page of another one, in another feed.
public struct ArticleCopy: Hashable, Sendable {
  /// The first key.
  public var id: ArticleID
  /// The feed that it came from.
  public var feed: FeedID
  /// The feed's title, the person's own before the publisher's; its URL when there is none.
  public var feedTitle: String
  /// The feed's URL.
  public var feedURL: String
  /// It was marked read.
  public var isRead: Bool
  /// What lists order it by.
  public var moment: Timestamp
  /// When its first line was written.
  public var received: Timestamp
  /// See `nameHash`.
  public var name: UInt32?
  /// By the publisher's clock.
  public var published: Timestamp?
}

/// What a new article may be a copy by.
public struct PageOfArticle: Hashable, Sendable {
  /// See `pageHash`.
  public var page: UInt64
  /// See `nameHash`.
  public var name: UInt32?
  /// By the publisher's clock.
  public var published: Timestamp?

  /// Describes an article.
  public init(page: UInt64, name: UInt32?, published: Timestamp?) {
    self.page = page
    self.name = name
    self.published = published
  }

  /// A copy has the same title, and was not published on another day.
  ///
  /// A page that shows a new thing every day has one address for all of them.
  func isOf(_ copy: ArticleCopy) -> Bool {
    guard let name, name == copy.name else { return false }
    guard let here = published, let there = copy.published else { return true }
    return abs(here.seconds - there.seconds) <= 12 * 3600
  }
}

/// What a person said of which stories articles are a part (register `story`).
struct StoryTies {
  /// What the story of each article that was told one is called, by the article's id.
  private(set) var names: [ArticleID: String] = [:]
  /// The story of each of them.
  private(set) var stories: [ArticleID: UInt64] = [:]

  /// Reads them; of nearly everybody there are none.
  init(_ database: Database) throws {
    let select = try RawStatement(
      database,
      """
      SELECT substr(a.keys, 1, 13), r.value FROM article_register r
      JOIN article_key k ON k.head = r.head AND k.rest = r.rest
      JOIN article a ON a.number = k.article
      WHERE r.name = 'story' ORDER BY r.at, r.device, r.sum
      """
    )
    while try select.step() {
      guard let id = articleKeys(select.bytes(0)).first else { continue }
      // The last write under any of its keys holds.
      names[id] = if case .string(let name) = select.value(1) { name } else { nil }
    }
    stories = names.mapValues(storyHash)
  }

  /// The story of an article with this page.
  func story(of id: ArticleID, page: UInt64?) -> UInt64? { stories[id] ?? page }
}

// Articles of different feeds with one page are one story: see `canonicalPage`. A feed that has
// several articles with that page takes no part in it: a page that shows a new thing every day, or
// a log of changes, is the page of none of them.
extension FeedIndex {
  /// Articles, newest first, each story once: as the newest of its articles that is asked for.
  public func stories(_ query: ArticleQuery) throws(IndexError) -> [ArticleRow] {
    // Few articles have copies, so a quarter more than what is wanted is nearly always enough.
    try thinned(query, oneOf: 4) { wider throws(IndexError) in
      let rows = try articles(wider)
      return (rows.count, onePerStory(try withCopies(rows)))
    }
  }

  /// As many rows as are wanted of those that are left when some are taken out.
  ///
  /// - Parameters:
  ///   - query: How many are wanted of what.
  ///   - share: One of so many is expected to be taken out.
  ///   - rows: Says how many rows a query with another limit has, and which of them are left.
  /// - Returns: The first of those that are left.
  /// - Throws: What the last argument throws.
  func thinned(
    _ query: ArticleQuery,
    oneOf share: Int,
    _ rows: (ArticleQuery) throws(IndexError) -> (count: Int, left: [ArticleRow])
  ) throws(IndexError) -> [ArticleRow] {
    guard let limit = query.limit else { return try rows(query).left }
    // No store has more, and the sums below do not overflow.
    var count = min(limit, 1 << 40)
    count += count / share + 8
    while true {
      var wider = query
      wider.limit = count
      let found = try rows(wider)
      if found.left.count >= limit || found.count < count { return Array(found.left.prefix(limit)) }
      count *= 2
    }
  }

  /// The same rows, each with its copies in other feeds that are subscribed to.
  public func withCopies(_ rows: [ArticleRow]) throws(IndexError) -> [ArticleRow] {
    // In one transaction: each row is a question of its own.
    try translated { try database.read { try withCopies(rows, $0) } }
  }

  private func withCopies(_ rows: [ArticleRow], _ database: Database) throws -> [ArticleRow] {
    let ties = try StoryTies(database)
    let shared = rows.count > 1000 && ties.stories.isEmpty ? try sharedPages(database) : nil
    let copies = try Copies(database, ties)
    var rows = rows
    for index in rows.indices {
      rows[index].page = ties.story(of: rows[index].id, page: rows[index].page)
      guard let page = rows[index].page, shared?.contains(page) != false else { continue }
      let story = try copies.story(of: page)
      guard story.contains(where: { $0.id == rows[index].id }) else { continue }
      rows[index].copies = story.filter { $0.id != rows[index].id }
    }
    return rows
  }

  /// What a person said of which stories articles are a part, by the article's id.
  public func storiesTold() throws(IndexError) -> [ArticleID: String] {
    try reading { database in try StoryTies(database).names }
  }

  /// What a person said of which stories articles are a part, by key, whether its article is here
  /// or not.
  public func storyNames() throws(IndexError) -> [ArticleID: String] {
    try reading { database in
      let select = try RawStatement(
        database,
        "SELECT head, rest, value FROM article_register WHERE name = 'story'"
      )
      var names: [ArticleID: String] = [:]
      while try select.step() {
        if case .string(let name) = select.value(2) { names[ArticleID(select.id(0))] = name }
      }
      return names
    }
  }

  /// Which of some new articles of a feed lead to a page that was read in other feeds, all of them.
  ///
  /// - Parameters:
  ///   - articles: The new articles.
  ///   - feed: Their feed; a page that it has had before counts as not read.
  ///   - since: A page that came before that, and not since, is shown again.
  /// - Returns: The pages of those that were read.
  /// - Throws: What SQLite answers.
  public func readPages(
    of articles: [PageOfArticle],
    in feed: FeedID,
    since: Timestamp
  ) throws(IndexError) -> Set<UInt64> {
    guard !articles.isEmpty else { return [] }
    return try reading { database in
      let hasRead = try RawStatement(
        database,
        "SELECT EXISTS (SELECT 1 FROM article WHERE gone = 0 AND read = 1)"
      )
      guard try hasRead.step(), hasRead.flag(0) else { return [] }
      let ofFeed = try RawStatement(
        database,
        """
        SELECT EXISTS (SELECT 1 FROM article
          WHERE page = ? AND +feed = (SELECT number FROM feed WHERE id = ?))
        """
      )
      let copies = try Copies(database, try StoryTies(database))
      var read: Set<UInt64> = []
      for article in articles {
        ofFeed.add(Int64(bitPattern: article.page))
        ofFeed.add(feed.description)
        let wasThere = try ofFeed.step() && ofFeed.flag(0)
        ofFeed.reset()
        if wasThere { continue }
        let story = try copies.story(of: article.page, orOne: true)
        if story.allSatisfy(\.isRead),
          story.contains(where: { $0.received >= since && article.isOf($0) })
        {
          read.insert(article.page)
        }
      }
      return read
    }
  }

  /// The pages that more than one article has.
  private func sharedPages(_ database: Database) throws -> Set<UInt64> {
    let select = try RawStatement(
      database,
      "SELECT page FROM article WHERE page IS NOT NULL GROUP BY page HAVING count(*) > 1"
    )
    var pages: Set<UInt64> = []
    while try select.step() { pages.insert(UInt64(bitPattern: select.integer(0))) }
    return pages
  }
}

/// Finds the articles of stories.
private struct Copies {
  /// What so many articles have is the page of none of them.
  static let limit = 256

  private let ties: StoryTies
  private let ofPage: RawStatement
  /// Nil where nobody ever said anything of stories.
  private let ofKey: RawStatement?

  init(_ database: Database, _ ties: StoryTies) throws {
    self.ties = ties
    let columns = """
      SELECT substr(a.keys, 1, 13), f.id, coalesce(f.title, f.source_title, f.url, f.id),
        coalesce(f.url, ''), a.read, a.moment, a.received,
        a.name, a.published
      FROM article a JOIN feed f ON f.number = a.feed
      WHERE a.gone = 0 AND a.hidden = 0 AND f.subscribed = 1 AND
      """
    ofPage = try RawStatement(
      database,
      "\(columns) a.page = ? ORDER BY a.received, a.origin, a.line LIMIT \(Self.limit)"
    )
    ofKey =
      ties.stories.isEmpty
      ? nil
      : try RawStatement(
        database,
        "\(columns) a.number = (SELECT article FROM article_key WHERE head = ? AND rest = ?)"
      )
  }

  /// The articles of a page in all feeds that are subscribed to, but those of feeds that have
  /// several, and what a person said to be a part of the story; none where it is one alone, unless
  /// that is asked for.
  func story(of page: UInt64, orOne: Bool = false) throws -> [ArticleCopy] {
    ofPage.add(Int64(bitPattern: page))
    var copies = try articles(ofPage)
    if copies.count == Self.limit { copies = [] }
    var counts: [FeedID: Int] = [:]
    for copy in copies { counts[copy.feed, default: 0] += 1 }
    copies.removeAll { counts[$0.feed] != 1 || ties.stories[$0.id] != nil }
    if let ofKey {
      for (id, story) in ties.stories.sorted(by: { $0.key < $1.key }) where story == page {
        ofKey.add(id.hash)
        copies += try articles(ofKey)
      }
    }
    return copies.count > 1 || orOne ? copies : []
  }

  private func articles(_ select: RawStatement) throws -> [ArticleCopy] {
    var copies: [ArticleCopy] = []
    while try select.step() {
      guard let id = articleKeys(select.bytes(0)).first, let feed = FeedID(select.text(1) ?? ""),
        let moment = select.moment(5), let received = select.moment(6)
      else { continue }
      copies.append(
        ArticleCopy(
          id: id,
          feed: feed,
          feedTitle: select.text(2) ?? "",
          feedURL: select.text(3) ?? "",
          isRead: select.flag(4),
          moment: moment,
          received: received,
          name: select.optionalInteger(7).map { UInt32(truncatingIfNeeded: $0) },
          published: select.moment(8)
        )
      )
    }
    return copies
  }
}

/// The rows without those whose story stands before them.
private func onePerStory(_ rows: [ArticleRow]) -> [ArticleRow] {
  var seen: Set<UInt64> = []
  return rows.filter { row in
    guard !row.copies.isEmpty, let page = row.page else { return true }
    return seen.insert(page).inserted
  }
}
