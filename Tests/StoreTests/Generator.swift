import FeedModel

/// Numbers that follow from a seed (SplitMix64), so that what fails can be run again.
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// True once in so many times.
  mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

  /// A number below a limit.
  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}

/// The id of a feed of the tests.
func feedID(_ number: Int) -> FeedID {
  FeedID(HashID(digest: (0..<13).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }))
}

/// A key of an article of the tests.
func articleKey(feed: Int, _ number: Int) -> ArticleID {
  var generator = Generator(seed: feed << 20 | number)
  return ArticleID(
    HashID(digest: (0..<13).map { _ in UInt8.random(in: 0...255, using: &generator) })
  )
}

/// What several devices may have written about a few feeds and articles.
///
/// Times are near each other and often the same; articles come under other keys and as other
/// revisions, and some lines only show that two articles are one. With `ties` articles are also taken
/// apart and joined, and that is taken back.
func events(
  _ generator: inout Generator,
  lines: Int = 40,
  ties: Bool = false
) -> [StoredLine] {
  let devices = ["aaaaaaaa", "bbbbbbbb", "cccccccc"]
  var numbers = [0, 0, 0]
  let follow = (0..<3)
    .map { number in
      let url = RegisterValue.string("https://a.example/")
      let event = StoreEvent(
        number: 0,
        at: Timestamp(milliseconds: 1_700_000_000_000),
        device: devices[0],
        sum: UInt32(number),
        operation: .feed(feedID(number), key: "url", value: url)
      )
      let place = LinePlace(segment: "dev/aaaaaaaa/j-000001.jsonl", offset: 0, length: 99)
      return StoredLine(event: event, place: place)
    }
  return follow
    + (0..<lines)
    .map { line in
      let device = generator.below(3)
      numbers[device] += 1
      let feed = generator.below(2)
      let operation: StoreOperation
      switch generator.below(ties ? 11 : 8) {
      case 8, 9, 10: operation = tie(of: feed, &generator)
      case 0, 1:
        let flag = RegisterValue.bool(generator.oneIn(2))
        let text = [RegisterValue.string("x"), .string("y"), .none][generator.below(3)]
        operation =
          [
            .feed(
              feedID(feed),
              key: "url",
              value: .string("https://a.example/\(generator.below(3))")
            ),
            .feed(feedID(feed), key: "sub", value: flag),
            .feed(feedID(feed), key: "tag:t", value: flag),
            .feed(feedID(feed), key: "title", value: text),
            .feed(feedID(feed), key: "source.title", value: text),
          ][generator.below(5)]
      case 2, 3, 4:
        operation = .article(article(of: feed, &generator))
      default:
        let count = 1 + generator.below(3)
        operation = .set(
          key: ["read", "star", "tag:a", "tag:b", "hidden"][generator.below(5)],
          value: .bool(generator.oneIn(2)),
          ids: (0..<count).map { _ in articleKey(feed: feed, generator.below(8)) }
        )
      }
      let event = StoreEvent(
        number: numbers[device],
        at: Timestamp(milliseconds: 1_800_000_000_000 + Int64(generator.below(30))),
        device: devices[device],
        sum: UInt32(line * 7919 + 1),
        operation: operation
      )
      let name = "dev/\(devices[device])/a-000001.jsonl"
      let place = LinePlace(segment: name, offset: line * 100, length: 99)
      return StoredLine(event: event, place: place)
    }
}

/// Takes keys apart or joins one, or takes that back.
private func tie(of feed: Int, _ generator: inout Generator) -> StoreOperation {
  let ids = (0...generator.below(2)).map { _ in articleKey(feed: feed, generator.below(8)) }
  let value = articleKey(feed: feed, generator.below(8)).description
  return .set(
    key: generator.oneIn(2) ? "part" : "join",
    value: generator.oneIn(3) ? .none : .string(value),
    ids: ids
  )
}

/// Which key of a line of the tests is that of its own item.
@Sendable func ownKey(of article: Article) -> ArticleID { article.keys.max() ?? article.id }

private func article(of feed: Int, _ generator: inout Generator) -> Article {
  var numbers = [generator.below(8)]
  while numbers.count < 3, generator.oneIn(3) { numbers.append(generator.below(8)) }
  let hash = "hash\(generator.below(3))"
  var item = FeedItem()
  item.title = "Title of \(hash)"
  return Article(
    feed: feedID(feed),
    keys: numbers.map { articleKey(feed: feed, $0) },
    rule: .new,
    contentHash: hash,
    item: item
  )
}
