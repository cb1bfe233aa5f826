import FeedIndex
import FeedModel
import TestSupport

/// The feed of all lines that are made here.
let oneFeed = FeedID(HashID(digest: [UInt8](repeating: 1, count: 13)))

func numberedKey(_ number: Int) -> ArticleID {
  ArticleID(HashID(digest: [UInt8](repeating: UInt8(number), count: 13)))
}

/// A line of one of two devices, as its number is even or odd.
func numberedLine(
  _ number: Int,
  _ operation: StoreOperation,
  at seconds: Int64? = nil
) -> StoredLine {
  let event = StoreEvent(
    number: number,
    at: Timestamp(seconds: seconds ?? Int64(number)),
    device: number.isMultiple(of: 2) ? "aaaaaaaa" : "bbbbbbbb",
    sum: UInt32(number),
    operation: operation
  )
  let place = LinePlace(segment: "dev/aaaaaaaa/a-000001.jsonl", offset: number * 100, length: 99)
  return StoredLine(event: event, place: place)
}

/// An article that is called like its first key.
func keyedArticle(_ keys: Int...) -> StoreOperation {
  var item = FeedItem()
  item.title = "\(keys[0])"
  item.contentText = "words"
  let keys = keys.map(numberedKey)
  return .article(Article(feed: oneFeed, keys: keys, rule: .new, contentHash: "h", item: item))
}

func write(_ name: String, _ value: RegisterValue, _ keys: Int...) -> StoreOperation {
  .set(key: name, value: value, ids: keys.map(numberedKey))
}

func write(_ name: String, _ value: Bool, _ keys: Int...) -> StoreOperation {
  .set(key: name, value: .bool(value), ids: keys.map(numberedKey))
}

let subscribingLines = [
  numberedLine(1, .feed(oneFeed, key: "url", value: .string("https://a.example/"))),
  numberedLine(2, .feed(oneFeed, key: "sub", value: .bool(true))),
]

/// Lines in other orders, some of them twice: what they come to is the same.
func reordered(_ lines: [StoredLine], _ random: inout Dice) -> [[StoredLine]] {
  (0..<4)
    .map { _ in
      let more =
        lines.shuffled(using: &random) + lines.prefix(Int.random(in: 0..<9, using: &random))
      return more.shuffled(using: &random)
    }
}

/// An index of lines that came in several batches, as a store is read.
func batchedIndex(_ lines: [StoredLine]) throws -> FeedIndex {
  let index = try FeedIndex.open(path: nil, storeID: "s")
  for start in stride(from: 0, to: lines.count, by: 5) {
    var batch = IndexBatch()
    batch.lines = Array(lines[start..<min(start + 5, lines.count)])
    try index.apply(batch)
  }
  return index
}
