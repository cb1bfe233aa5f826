import FeedIndex
import FeedModel
import TestSupport
import Testing

private let feed = FeedID(HashID(digest: [UInt8](repeating: 1, count: 13)))

private func key(_ number: Int) -> ArticleID {
  ArticleID(HashID(digest: [UInt8](repeating: UInt8(number), count: 13)))
}

private func line(_ number: Int, _ operation: StoreOperation, at seconds: Int64) -> StoredLine {
  let event = StoreEvent(
    number: number,
    at: Timestamp(seconds: seconds),
    device: number.isMultiple(of: 2) ? "aaaaaaaa" : "bbbbbbbb",
    sum: UInt32(number),
    operation: operation
  )
  let place = LinePlace(segment: "dev/aaaaaaaa/a-000001.jsonl", offset: number * 100, length: 99)
  return StoredLine(event: event, place: place)
}

private func article(_ keys: Int...) -> StoreOperation {
  var item = FeedItem()
  item.title = "\(keys[0])"
  let keys = keys.map(key)
  return .article(Article(feed: feed, keys: keys, rule: .new, contentHash: "h", item: item))
}

private func set(_ name: String, _ value: RegisterValue, _ keys: Int...) -> StoreOperation {
  .set(key: name, value: value, ids: keys.map(key))
}

private let subscription = [
  line(1, .feed(feed, key: "url", value: .string("https://a.example/")), at: 1),
  line(2, .feed(feed, key: "sub", value: .bool(true)), at: 2),
]

private func index(_ lines: [StoredLine]) throws -> FeedIndex {
  let index = try FeedIndex.open(path: nil, storeID: "s")
  for start in stride(from: 0, to: lines.count, by: 5) {
    var batch = IndexBatch()
    batch.lines = Array(lines[start..<min(start + 5, lines.count)])
    try index.apply(batch)
  }
  return index
}

/// What is seen of an index.
private struct Picture: Equatable {
  var shown: [ArticleRow]
  var hidden: [ArticleRow]
  var counts: [[Int]]
  var rules: [String]
  var marks: [String]

  init(_ lines: [StoredLine]) throws {
    let index = try index(lines)
    var query = ArticleQuery()
    let unread = try index.articles(query)
    query.includesRead = true
    shown = try index.articles(query)
    query.filter = .is(.hidden)
    hidden = try index.articles(query)
    counts = try index.feeds().map { [$0.unread, $0.total] }
    rules = try index.rules().map { "\($0.key) \($0.text)" }
    marks = try index.marks(notedIn: "ruled:a").map { "\($0.key) \($0.registers)" }
    #expect(counts == [[unread.count, shown.count + hidden.count]])
    #expect(!shown.contains(where: \.isHidden) && hidden.allSatisfy(\.isHidden))
  }
}

@Test(arguments: seeds(60))
func `what is hidden, rules and what they did are one in every order of lines`(seed: Int) throws {
  var random = SplitMix(state: UInt64(seed))
  var lines = subscription
  for number in 3..<50 {
    let first = Int.random(in: 1...6, using: &random)
    let second = Int.random(in: 1...6, using: &random)
    let value = RegisterValue.bool(Bool.random(using: &random))
    let operation =
      switch Int.random(in: 0..<8, using: &random) {
      case 0: first == second ? article(first) : article(first, second)
      case 1: article(first)
      case 2: set("read", value, first, second)
      case 3:
        set("rule", value == .bool(true) ? .string("do read\nif \(second)") : .none, first + 9)
      case 4: set("ruled:a", value == .bool(true) ? .string("read\nhidden") : .none, first)
      case 5: set("gone", value, first)
      default: set("hidden", value, first)
      }
    lines.append(line(number, operation, at: Int64.random(in: 1...12, using: &random)))
  }
  let expected = try Picture(lines)
  for _ in 0..<4 {
    let more = lines.shuffled(using: &random) + lines.prefix(Int.random(in: 0..<9, using: &random))
    #expect(try Picture(more.shuffled(using: &random)) == expected)
  }
}

@Test func `a hidden article is found by its id and by is:hidden, and is in no list and no count`()
  throws
{
  let index = try index(
    subscription + [
      line(3, article(1, 2), at: 3), line(4, article(3), at: 4),
      line(5, set("hidden", .bool(true), 2), at: 5), line(6, set("star", .bool(true), 2), at: 6),
    ]
  )
  for name in ["all", "starred", "feed"] {
    var query = ArticleQuery()
    query.includesRead = name != "starred"
    query.onlyStarred = name == "starred"
    query.feeds = name == "feed" ? [feed] : nil
    #expect(try index.articles(query).map(\.title) == (name == "starred" ? [] : ["3"]))
    query.filter = .is(.hidden)
    #expect(try index.articles(query).map(\.title) == ["1"])
  }
  #expect(try index.articles(withPrefix: key(1).description, limit: 2).map(\.isHidden) == [true])
  #expect(try index.feeds().map { [$0.unread, $0.total] } == [[1, 2]])
}

@Test func `a mark is a rule's as long as nobody writes it anew`() throws {
  let lines =
    subscription + [
      line(4, article(1, 2), at: 3), line(6, set("read", .bool(true), 1), at: 5),
      line(8, set("hidden", .bool(true), 1), at: 5),
      line(10, set("ruled:a", .string("read\nhidden"), 1), at: 5),
    ]
  #expect(try index(lines).marks(notedIn: "ruled:a").map(\.registers) == [["read", "hidden"]])
  #expect(try index(lines).marks(notedIn: "ruled:b").isEmpty)
  // Under another key of the article, and by another machine at the same moment.
  for (number, seconds) in [(12, 6), (13, 5)] as [(Int, Int64)] {
    let after = lines + [line(number, set("read", .bool(true), 2), at: seconds)]
    #expect(try index(after).marks(notedIn: "ruled:a").map(\.registers) == [["hidden"]])
  }
}

@Test func `a rule that was never a text is handed on, and one that was taken back is not`() throws
{
  let index = try index(
    subscription + [
      line(3, set("rule", .integer(7), 11), at: 5),
      line(4, set("rule", .string("new words"), 12), at: 4),
      line(5, set("rule", .string("do read\nif a"), 13), at: 4),
      line(6, set("rule", .none, 13), at: 5),
    ]
  )
  #expect(try index.rules().map(\.text) == ["new words", "7"])
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
