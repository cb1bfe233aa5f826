import FeedIndex
import FeedModel
import Foundation
import TestSupport
import Testing

private func feedID(_ number: UInt8) -> FeedID {
  FeedID(HashID(digest: [UInt8](repeating: number, count: 13)))
}

private func key(_ number: UInt8) -> ArticleID {
  ArticleID(HashID(digest: [UInt8](repeating: number, count: 12) + [number ^ 0xA0]))
}

/// Lines as a store would give them, each later than the one before it.
private struct Lines {
  var all: [StoredLine] = []

  mutating func add(_ operation: StoreOperation, at milliseconds: Int64? = nil) {
    let number = all.count + 1
    let event = StoreEvent(
      number: number,
      at: Timestamp(milliseconds: milliseconds ?? Int64(number) * 1000),
      device: "aaaaaaaa",
      sum: UInt32(number),
      operation: operation
    )
    let place = LinePlace(segment: "dev/aaaaaaaa/a-000001.jsonl", offset: number * 100, length: 99)
    all.append(StoredLine(event: event, place: place))
  }

  mutating func addFeed(_ feed: FeedID, title: String = "Feed") {
    add(.feed(feed, key: "url", value: .string("https://\(title).example/")))
    add(.feed(feed, key: "sub", value: .bool(true)))
    add(.feed(feed, key: "source.title", value: .string(title)))
  }

  mutating func addArticle(
    _ keys: [ArticleID],
    of feed: FeedID,
    title: String,
    hash: String = "h",
    published: Int64? = nil,
    at milliseconds: Int64? = nil
  ) {
    var item = FeedItem()
    item.title = title
    item.contentText = title
    item.published = published.map(Timestamp.init(milliseconds:))
    let article = Article(feed: feed, keys: keys, rule: .new, contentHash: hash, item: item)
    add(.article(article), at: milliseconds)
  }
}

private func index(_ lines: [StoredLine]) throws -> FeedIndex {
  let index = try FeedIndex.open(path: nil, storeID: "s")
  try fold(lines, into: index)
  return index
}

private func fold(_ lines: [StoredLine], into index: FeedIndex) throws {
  var batch = IndexBatch()
  batch.lines = lines
  try index.apply(batch)
}

private func all() -> ArticleQuery {
  var query = ArticleQuery()
  query.includesRead = true
  return query
}

@Test func `unread articles are listed newest first, and a date in the future does not pin one`()
  throws
{
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addArticle([key(1)], of: feedID(1), title: "old", published: 500)
  lines.addArticle([key(2)], of: feedID(1), title: "future", published: 9_000_000)
  lines.addArticle([key(3)], of: feedID(1), title: "undated")
  let titles = try index(lines.all).articles(ArticleQuery()).map(\.title)
  #expect(titles == ["undated", "future", "old"])
}

@Test func `a mark may name any key, and may come before its article`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.add(.set(key: "read", value: .bool(true), ids: [key(2)]))
  lines.addArticle([key(1), key(2)], of: feedID(1), title: "x")
  lines.addArticle([key(3)], of: feedID(1), title: "y")
  let index = try index(lines.all)
  #expect(try index.articles(ArticleQuery()).map(\.title) == ["y"])
  #expect(try index.feeds().map(\.unread) == [1])
  #expect(try index.feeds().map(\.total) == [2])
}

@Test func `the later mark holds, whichever key it names and in whatever order it comes`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addArticle([key(1), key(2)], of: feedID(1), title: "x")
  lines.add(.set(key: "read", value: .bool(true), ids: [key(1)]))
  lines.add(.set(key: "read", value: .bool(false), ids: [key(2)]))
  lines.add(.set(key: "star", value: .bool(true), ids: [key(2)]))
  for shuffled in [lines.all, lines.all.reversed(), lines.all + lines.all, lines.all.shuffled()] {
    let index = try index(shuffled)
    let row = try #require(try index.articles(all()).first)
    #expect(!row.isRead)
    #expect(row.isStarred)
    #expect(try index.feeds().map(\.unread) == [1])
  }
}

@Test func `a revision replaces what is shown, keeps the id and the read mark, and is counted`()
  throws
{
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addArticle([key(1)], of: feedID(1), title: "first", hash: "a")
  lines.add(.set(key: "read", value: .bool(true), ids: [key(1)]))
  lines.addArticle([key(1), key(9)], of: feedID(1), title: "second", hash: "b")
  for shuffled in [lines.all, lines.all.reversed()] {
    let index = try index(shuffled)
    let row = try #require(try index.articles(all()).first)
    #expect(row.title == "second")
    #expect(row.id == key(1))
    #expect(row.isRead)
    #expect(row.received == Timestamp(milliseconds: 4000))
    #expect(row.hasChanged)
    #expect(try index.articles(all()).count == 1)
  }
}

@Test func `lines that turn out to mean one article are one, in every order`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addArticle([key(1), key(2)], of: feedID(1), title: "first", hash: "a")
  lines.addArticle([key(3), key(4)], of: feedID(1), title: "second", hash: "b")
  lines.add(.set(key: "read", value: .bool(true), ids: [key(4)]))
  lines.addArticle([key(1), key(2), key(4)], of: feedID(1), title: "third", hash: "c")
  lines.addArticle([key(5)], of: feedID(1), title: "other")
  let expected = try index(lines.all).articles(all())
  #expect(expected.map(\.title) == ["other", "third"])
  #expect(expected.map(\.isRead) == [false, true])
  #expect(expected.map(\.hasChanged) == [false, true])
  for _ in 0..<20 {
    let index = try index(lines.all.shuffled() + lines.all.prefix(3))
    #expect(try index.articles(all()) == expected)
    #expect(try index.feeds().map { [$0.unread, $0.total] } == [[1, 2]])
    #expect(try index.articles(withPrefix: key(3).description, limit: 2).map(\.id) == [key(1)])
  }
}

@Test(arguments: 0..<40)
func `minor revisions do not count as changed, in every order of folding`(seed: Int) throws {
  var dice = Dice(state: UInt64(seed))
  var lines = Lines()
  lines.addFeed(feedID(1))
  var major: Set<String> = []
  for number in 0..<6 {
    var item = FeedItem()
    item.title = "Revision \(number)"
    item.contentText = "Words"
    let hash = "h\(dice.below(3))"
    var article = Article(
      feed: feedID(1),
      keys: [key(1)],
      rule: .guid,
      contentHash: hash,
      item: item
    )
    article.isMinor = dice.below(3) > 0
    if !article.isMinor { major.insert(hash) }
    lines.add(.article(article))
  }
  let expected = try index(lines.all).articles(all())
  #expect(expected.map(\.hasChanged) == [major.count > 1])
  for _ in 0..<5 {
    let shuffled = lines.all.shuffled(using: &dice)
    let parts = try index(Array(shuffled.prefix(4)))
    try fold(Array(shuffled.dropFirst(2)), into: parts)
    try fold(lines.all, into: parts)
    #expect(try parts.articles(all()) == expected)
  }
}

@Test func `articles of one moment keep the order of their document in every order of folding`()
  throws
{
  var lines = Lines()
  lines.addFeed(feedID(1))
  for number in 1...9 {
    lines.addArticle([key(UInt8(number))], of: feedID(1), title: "\(number)", at: 5000)
  }
  for _ in 0..<5 {
    let titles = try index(lines.all.shuffled()).articles(all()).map(\.title)
    #expect(titles == (1...9).map { "\($0)" })
  }
}

@Test func `a register of the wrong type is no flag and harms nothing`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.add(.feed(feedID(1), key: "tag:x", value: .string("yes")))
  lines.add(.feed(feedID(1), key: "title", value: .integer(7)))
  lines.addArticle([key(1)], of: feedID(1), title: "a")
  for value in [RegisterValue.string("yes"), .integer(2), .none, .string("")] {
    for name in ["read", "star", "tag:x"] {
      lines.add(.set(key: name, value: value, ids: [key(1)]))
    }
  }
  lines.add(.feed(feedID(2), key: "url", value: .bool(true)))
  lines.add(.feed(feedID(2), key: "sub", value: .string("yes")))
  let index = try index(lines.all)
  #expect(try index.articles(ArticleQuery()).map(\.tags) == [[]])
  #expect(try index.feeds().count { $0.isSubscribed } == 1)
}

@Test func `tags come and go, and a feed's tag covers its articles`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addFeed(feedID(2), title: "Other")
  lines.add(.feed(feedID(2), key: "tag:news", value: .bool(true)))
  lines.addArticle([key(1)], of: feedID(1), title: "a")
  lines.addArticle([key(2)], of: feedID(1), title: "b")
  lines.addArticle([key(3)], of: feedID(2), title: "c")
  lines.add(.set(key: "tag:news", value: .bool(true), ids: [key(1), key(2)]))
  lines.add(.set(key: "tag:later", value: .bool(true), ids: [key(1)]))
  lines.add(.set(key: "tag:news", value: .bool(false), ids: [key(2)]))
  let index = try index(lines.all)
  var query = ArticleQuery()
  query.tag = "news"
  #expect(try index.articles(query).map(\.title) == ["c", "a"])
  #expect(try index.articles(ArticleQuery()).last?.tags == ["later", "news"])
  query.tag = "new"
  #expect(try index.articles(query).isEmpty)
}

@Test func `articles of a feed that is no longer followed are not listed`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addArticle([key(1)], of: feedID(1), title: "a")
  lines.add(.feed(feedID(1), key: "sub", value: .bool(false)))
  let index = try index(lines.all)
  #expect(try index.articles(all()).isEmpty)
  #expect(try index.feeds().map(\.isSubscribed) == [false])
}

@Test func `an id is found by its beginning, and shown as short as it may be`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  for number in 1...40 {
    lines.addArticle([key(UInt8(number))], of: feedID(1), title: "\(number)")
  }
  let index = try index(lines.all)
  let rows = try index.articles(all())
  let lengths = try index.prefixLengths(of: rows.map(\.id), minimum: 1)
  for row in rows {
    let length = try #require(lengths[row.id])
    let prefix = String(row.id.description.prefix(length))
    #expect(try index.articles(withPrefix: prefix, limit: 3).map(\.id) == [row.id])
    if length > 1 {
      #expect(try index.articles(withPrefix: String(prefix.dropLast()), limit: 3).count > 1)
    }
  }
}

@Test func `known articles are found by key, by text and by title, once each`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addFeed(feedID(2), title: "Other")
  lines.addArticle([key(1), key(2)], of: feedID(1), title: "same words")
  lines.addArticle([key(3)], of: feedID(2), title: "same words")
  var item = FeedItem()
  item.contentText = "same words"
  let found = try index(lines.all)
    .knownArticles(
      of: feedID(1),
      keys: [key(2), key(1), key(7)],
      fingerprints: [try #require(item.textFingerprint)],
      names: [try #require(titleHash("Same words!"))]
    )
  #expect(found.count == 1)
  #expect(found.first?.keys == [key(1), key(2)])
  #expect(found.first?.textFingerprint == item.textFingerprint)
}

@Test func `cursors and poll states survive the process, and another store's index is not used`()
  throws
{
  let directory = FileManager.default.temporaryDirectory.path + "/rill-index-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  let path = directory + "/index.sqlite"
  var poll = PollState()
  poll.validators = Validators(
    etag: "W/\"x\u{E9}\"",
    lastModified: "odd date",
    url: "https://a.example/"
  )
  poll.nextDue = Timestamp(seconds: 5)
  poll.failures = 3
  poll.lastStatus = 304
  poll.skipHours = [0, 1, 23]
  poll.skipDays = [0, 6]
  let cursor = SegmentCursor(
    name: "dev/aaaaaaaa/j-000001.jsonl",
    offset: 7,
    tail: [1, 2, 0, 255]
  )
  do {
    let index = try FeedIndex.open(path: path, storeID: "s")
    #expect(index.isPersistent)
    var batch = IndexBatch()
    batch.cursors = [cursor]
    batch.effects.polls = [feedID(1): poll]
    try index.apply(batch)
  }
  let again = try FeedIndex.open(path: path, storeID: "s")
  #expect(try again.cursors() == [cursor.name: cursor])
  #expect(try again.polls() == [feedID(1): poll])
  let other = try FeedIndex.open(path: path, storeID: "t")
  #expect(try other.cursors().isEmpty)
}

@Test(arguments: ["garbage", "", "truncated"])
func `a file that is no index is replaced by an empty one`(kind: String) throws {
  let directory = FileManager.default.temporaryDirectory.path + "/rill-index-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  let path = directory + "/index.sqlite"
  if kind == "truncated" {
    _ = try FeedIndex.open(path: path, storeID: "s")
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.truncate(atOffset: 1000)
  } else {
    try Data(String(repeating: kind, count: 1000).utf8).write(to: URL(fileURLWithPath: path))
  }
  let index = try FeedIndex.open(path: path, storeID: "s")
  #expect(index.isPersistent)
  #expect(try index.cursors().isEmpty)
  #expect(try index.articles(all()).isEmpty)
}

@Test func `a statement that does not fit the tables is damage`() {
  #expect(IndexError(code: 1, message: "no such column").isDamage)
  #expect(IndexError(code: 11, message: "malformed").isDamage)
  #expect(!IndexError(code: 13, message: "full").isDamage)
}

@Test func `where no file can be written the index stays in memory`() throws {
  let index = try FeedIndex.open(path: "/dev/null/nothing/index.sqlite", storeID: "s")
  #expect(!index.isPersistent)
  #expect(try index.articles(ArticleQuery()).isEmpty)
}

@Test func `what is counted is what is there, in every order of folding`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  lines.addFeed(feedID(2), title: "Other")
  for number in 1...20 as ClosedRange<UInt8> {
    let keys = number.isMultiple(of: 5) ? [key(number), key(number - 1)] : [key(number)]
    lines.addArticle(keys, of: feedID(number % 2 + 1), title: "\(number)", hash: "\(number)")
  }
  lines.add(.set(key: "read", value: .bool(true), ids: (3...11).map { key($0) }))
  lines.add(.set(key: "read", value: .bool(false), ids: [key(4), key(7)]))
  for shuffled in [lines.all, lines.all.reversed(), lines.all.shuffled() + lines.all.shuffled()] {
    let index = try index(shuffled)
    for feed in try index.feeds() {
      var query = all()
      query.feeds = [feed.id]
      let rows = try index.articles(query)
      #expect(feed.total == rows.count)
      #expect(feed.unread == rows.count { !$0.isRead })
    }
    #expect(try index.feeds().map(\.total).reduce(0, +) == 16)
  }
}

@Test func `read and unread articles are listed in one order, and cut as one`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  for number in 1...30 as ClosedRange<UInt8> {
    lines.addArticle([key(number)], of: feedID(1), title: "\(number)", published: Int64(number) * 7)
  }
  lines.add(.set(key: "read", value: .bool(true), ids: [2, 3, 11, 29, 30].map { key($0) }))
  let index = try index(lines.all)
  var query = all()
  #expect(try index.articles(query).map(\.title) == (1...30).reversed().map { "\($0)" })
  query.limit = 4
  #expect(try index.articles(query).map(\.title) == ["30", "29", "28", "27"])
  query.before = Timestamp(milliseconds: 12 * 7)
  #expect(try index.articles(query).map(\.title) == ["11", "10", "9", "8"])
  query.feeds = [feedID(1)]
  #expect(try index.articles(query).map(\.title) == ["11", "10", "9", "8"])
  query.includesRead = false
  #expect(try index.articles(query).map(\.title) == ["10", "9", "8", "7"])
}

@Test func `lines that begin elsewhere than the index has read to are not folded`() throws {
  var lines = Lines()
  lines.addFeed(feedID(1))
  let index = try index([])
  let name = "dev/aaaaaaaa/j-000001.jsonl"
  func batch(from start: Int, to end: Int) -> IndexBatch {
    var batch = IndexBatch()
    batch.lines = lines.all
    batch.starts = [name: start]
    batch.cursors = [SegmentCursor(name: name, offset: end, tail: [])]
    batch.effects.polls = [feedID(1): PollState()]
    return batch
  }
  #expect(try !index.apply(batch(from: 7, to: 9)))
  #expect(try index.feeds().isEmpty)
  #expect(try index.cursors().isEmpty)
  #expect(try index.polls().isEmpty)
  #expect(try index.apply(batch(from: 0, to: 9)))
  #expect(try index.feeds().count == 1)
  #expect(try !index.apply(batch(from: 0, to: 12)))
  #expect(try index.apply(batch(from: 9, to: 12)))
  #expect(try index.cursors()[name]?.offset == 12)
}

@Test func `one feed is found by its id and by its URL, as it stands among all`() throws {
  var lines = Lines()
  for number in 1...5 as ClosedRange<UInt8> {
    lines.addFeed(feedID(number), title: "F\(number)")
    lines.add(.feed(feedID(number), key: "tag:b", value: .bool(true)))
    lines.add(.feed(feedID(number), key: "tag:a", value: .bool(number > 2)))
    lines.add(.feed(feedID(number), key: "fetch.interval", value: .integer(Int64(number))))
    lines.add(.feed(feedID(number), key: "fetch.user-agent", value: .string("agent")))
    lines.add(.feed(feedID(number), key: "fetch.http1", value: .bool(number > 3)))
    lines.add(.feed(feedID(number), key: "move.from", value: .integer(7)))
  }
  let index = try index(lines.all)
  let all = try index.feeds()
  #expect(all.count == 5)
  for (place, feed) in all.sorted(by: { $0.url < $1.url }).enumerated() {
    #expect(feed.tags == (place >= 2 ? ["a", "b"] : ["b"]))
    #expect(feed.urlDevice == "aaaaaaaa")
    #expect(feed.settings.intervalSeconds == Int64(place + 1))
    #expect(feed.settings.userAgent == "agent")
    #expect(feed.settings.isHTTP1Only == (place > 2))
    #expect(feed.settings.movedFrom == nil)
    #expect(try index.feeds(.id(feed.id)) == [feed])
    #expect(try index.feeds(.url(feed.url)) == [feed])
  }
  #expect(try index.feeds(.url("https://nobody.example/")).isEmpty)
}

@Test func `a log that has grown is emptied, and the index says the same`() throws {
  let directory = FileManager.default.temporaryDirectory.path + "/rill-index-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  let path = directory + "/index.sqlite"
  func logBytes() throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
  }
  let index = try FeedIndex.open(path: path, storeID: "s")
  var lines = Lines()
  lines.addFeed(feedID(1), title: "F")
  try fold(lines.all, into: index)
  try index.shrinkLog()
  #expect(try logBytes() != 0)
  let title = String(repeating: "title ", count: 200_000)
  for number in 1...6 as ClosedRange<UInt8> {
    lines.addArticle([key(number)], of: feedID(1), title: title)
  }
  try fold(lines.all, into: index)
  let rows = try index.articles(all())
  try index.shrinkLog()
  #expect(try logBytes() == 0)
  #expect(try index.articles(all()) == rows)
  #expect(rows.count == 6)
}
