import FeedIndex
import FeedModel
import TestSupport
import Testing

private let feed = FeedID(HashID(digest: [UInt8](repeating: 1, count: 13)))

private func key(_ number: Int) -> ArticleID {
  ArticleID(HashID(digest: [UInt8](repeating: UInt8(number), count: 13)))
}

private func line(
  _ number: Int,
  _ operation: StoreOperation,
  at seconds: Int64? = nil
) -> StoredLine {
  let event = StoreEvent(
    number: number,
    at: Timestamp(seconds: seconds ?? Int64(number)),
    device: "aaaaaaaa",
    sum: UInt32(number),
    operation: operation
  )
  let place = LinePlace(segment: "dev/aaaaaaaa/a-000001.jsonl", offset: number * 100, length: 99)
  return StoredLine(event: event, place: place)
}

private func article(_ keys: Int...) -> StoreOperation {
  var item = FeedItem()
  item.title = "\(keys[0])"
  item.contentText = "words"
  let keys = keys.map(key)
  return .article(Article(feed: feed, keys: keys, rule: .new, contentHash: "h", item: item))
}

private func set(_ name: String, _ value: Bool = true, _ keys: Int...) -> StoreOperation {
  .set(key: name, value: .bool(value), ids: keys.map(key))
}

private let subscription = [
  line(1, .feed(feed, key: "url", value: .string("https://a.example/"))),
  line(2, .feed(feed, key: "sub", value: .bool(true))),
]

/// What is seen of an index.
private struct Picture: Equatable {
  var rows: [ArticleRow]
  var unread: [ArticleRow]
  var counts: [[Int]]

  init(_ lines: [StoredLine]) throws {
    let index = try FeedIndex.open(path: nil, storeID: "s")
    // Several batches, as a store is read.
    for start in stride(from: 0, to: lines.count, by: 5) {
      var batch = IndexBatch()
      batch.lines = Array(lines[start..<min(start + 5, lines.count)])
      try index.apply(batch)
    }
    var query = ArticleQuery()
    unread = try index.articles(query)
    query.includesRead = true
    rows = try index.articles(query)
    query.feeds = [feed]
    #expect(try index.articles(query) == rows)
    counts = try index.feeds().map { [$0.unread, $0.total] }
    #expect(counts == [[unread.count, rows.count]])
  }
}

@Test func `a purged article is in no list, under no id and in no count, and its keys stay known`()
  throws
{
  let index = try FeedIndex.open(path: nil, storeID: "s")
  var batch = IndexBatch()
  batch.lines =
    subscription + [line(3, article(1, 2)), line(4, article(3)), line(5, set("gone", true, 2))]
  try index.apply(batch)
  for name in ["all", "starred", "feed"] {
    var query = ArticleQuery()
    query.includesRead = name != "starred"
    query.onlyStarred = name == "starred"
    query.feeds = name == "feed" ? [feed] : nil
    #expect(try index.articles(query).map(\.title) == (name == "starred" ? [] : ["3"]))
  }
  #expect(try index.articles(withPrefix: key(1).description, limit: 2).isEmpty)
  #expect(try index.feeds().map { [$0.unread, $0.total] } == [[1, 1]])
  let known = try index.knownArticles(of: feed, keys: [key(2)])
  #expect(known.map(\.keys) == [[key(1), key(2)]])
  #expect(known.map(\.isGone) == [true])
  #expect(try index.hasArticles(of: feed))
}

@Test(arguments: [(3, 4, true), (4, 3, false), (3, 3, true)])
func `a star that is later than the purge beats it, and one that is earlier does not`(
  gone: Int64,
  star: Int64,
  isShown: Bool
) throws {
  let lines =
    subscription + [
      line(3, article(1)), line(4, set("gone", true, 1), at: gone),
      line(5, set("star", true, 1), at: star),
    ]
  for lines in [lines, lines.reversed()] {
    #expect(try Picture(lines).rows.map(\.isStarred) == (isShown ? [true] : []))
  }
}

@Test func `a purge that is taken back shows the article as it was`() throws {
  let before = subscription + [line(3, article(1)), line(4, set("read", true, 1))]
  let after = before + [line(5, set("gone", true, 1)), line(6, set("gone", false, 1))]
  #expect(try Picture(after) == Picture(before))
  #expect(try Picture(after.reversed()) == Picture(before))
}

@Test func `taking the star away again purges the article again`() throws {
  let lines =
    subscription + [
      line(3, article(1)), line(4, set("gone", true, 1)), line(5, set("star", true, 1)),
      line(6, set("star", false, 1)),
    ]
  #expect(try Picture(lines).rows.isEmpty)
}

@Test(arguments: seeds(60))
func `purges, marks and articles give one state in every order`(seed: Int) throws {
  var random = SplitMix(state: UInt64(seed))
  var lines = subscription
  for number in 3..<40 {
    let first = Int.random(in: 1...6, using: &random)
    let second = Int.random(in: 1...6, using: &random)
    let value = Bool.random(using: &random)
    let operation =
      switch Int.random(in: 0..<6, using: &random) {
      case 0: first == second ? article(first) : article(first, second)
      case 1: article(first)
      case 2: set("read", value, first, second)
      case 3: set("star", value, first)
      default: set("gone", value, first)
      }
    lines.append(line(number, operation, at: Int64.random(in: 1...20, using: &random)))
  }
  let expected = try Picture(lines)
  for _ in 0..<4 {
    let more = lines.shuffled(using: &random) + lines.prefix(Int.random(in: 0..<9, using: &random))
    #expect(try Picture(more.shuffled(using: &random)) == expected)
  }
}

/// A generator whose runs can be repeated (SplitMix64, Steele and others 2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
