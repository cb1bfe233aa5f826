import FeedIndex
import FeedModel
import TestSupport
import Testing

/// How many seeds are run: RILL_SEEDS says how many, for a longer run.
let seeds = TestSupport.seeds(400).count

/// Folds parts of lines one after the other; what the index wants to know of articles that were
/// taken apart or joined is looked for among all lines that came.
private func fold(_ parts: [[StoredLine]], settles: () -> Bool = { true }) throws -> FeedIndex {
  let index = try FeedIndex.open(path: nil, storeID: "s")
  var store: [StoredLine] = []
  for (place, part) in parts.enumerated() {
    var batch = IndexBatch()
    batch.ownKey = ownKey
    batch.lines = part
    try index.apply(batch)
    store += part
    guard place == parts.count - 1 || settles() else { continue }
    var keys = Set(try index.wantedKeys())
    guard !keys.isEmpty else { continue }
    var found: [StoredLine] = []
    while true {
      found = store.filter { line in
        guard case .article(let article) = line.event.operation else { return false }
        return !keys.isDisjoint(with: article.keys)
      }
      let all = found.reduce(into: keys) { all, line in
        if case .article(let article) = line.event.operation { all.formUnion(article.keys) }
      }
      if all == keys { break }
      keys = all
    }
    try index.settle(keys, with: found, ownKey: ownKey)
    try #require(index.wantedKeys().isEmpty)
  }
  return index
}

/// The lines cut into parts at random places.
private func parts(_ lines: [StoredLine], _ generator: inout Generator) -> [[StoredLine]] {
  var parts: [[StoredLine]] = [[]]
  for line in lines {
    if generator.oneIn(6) { parts.append([]) }
    parts[parts.count - 1].append(line)
  }
  return parts
}

@Test func `lines in any order, repeated and in parts come to the state that they mean`() throws {
  for seed in 0..<seeds {
    var generator = Generator(seed: seed)
    let lines = events(&generator)
    let meant = State(lines)
    try #require(State(fold([lines])) == meant, "seed \(seed), in order")
    let repeated = (lines + lines.filter { _ in generator.oneIn(3) }).shuffled(using: &generator)
    let index = try fold(parts(repeated, &generator))
    try #require(State(index) == meant, "seed \(seed), shuffled")
  }
  print("Seeds of shuffled, repeated and split lines: \(seeds).")
}

@Test
func `lines that take apart and join, in any order, repeated and in parts, come to what they mean`()
  throws
{
  var divided = 0
  for seed in 0..<seeds {
    var generator = Generator(seed: seed + 3_000_000)
    let lines = events(&generator, lines: 60, ties: true)
    let meant = State(lines)
    try #require(State(fold([lines])) == meant, "seed \(seed), in order")
    let repeated = (lines + lines.filter { _ in generator.oneIn(3) }).shuffled(using: &generator)
    let all = parts(repeated, &generator)
    let index = try fold(all) { generator.oneIn(2) }
    try #require(State(index) == meant, "seed \(seed), shuffled")
    // Every beginning of a way to the state is the state of the lines so far.
    let some = [Array(lines.prefix(3))] + all.prefix(generator.below(all.count) + 1)
    try #require(State(fold(some)) == State(some.flatMap(\.self)), "seed \(seed), a part")
    let plain = lines.filter { line in
      if case .set("part", _, _) = line.event.operation { false } else { true }
    }
    if State(plain).articles != meant.articles { divided += 1 }
  }
  // Else nothing would be shown.
  #expect(divided > seeds / 4)
}

@Test func `a mark that comes before its article is there when the article comes`() throws {
  for seed in 0..<seeds / 4 {
    var generator = Generator(seed: seed + 1_000_000)
    let lines = events(&generator)
    let isArticle = { (line: StoredLine) in
      if case .article = line.event.operation { true } else { false }
    }
    let index = try fold([lines.filter { !isArticle($0) }, lines.filter(isArticle)])
    try #require(State(index) == State(lines), "seed \(seed)")
  }
}

@Test func `lines that name one key under two feeds come to one state in any order`() throws {
  for seed in 0..<seeds / 4 {
    var generator = Generator(seed: seed + 2_000_000)
    // No two feeds share a key, unless somebody makes lines up.
    let lines = events(&generator)
      .map { line in
        guard case .article(let article) = line.event.operation, generator.oneIn(3) else {
          return line
        }
        var line = line
        line.event.operation = .article(
          Article(
            feed: feedID(generator.below(3)),
            keys: article.keys,
            rule: article.rule,
            contentHash: article.contentHash,
            item: article.item
          )
        )
        return line
      }
    let meant = State(lines)
    for _ in 0..<3 {
      let index = try fold(parts(lines.shuffled(using: &generator), &generator))
      try #require(State(index) == meant, "seed \(seed)")
    }
  }
}

@Test func `of two devices whose clocks differ the later mark holds, in any order of arrival`()
  throws
{
  // Ten minutes apart, and marks at one moment of the world, one of each kind.
  for minutes in [-10, 0, 10] as [Int64] {
    let follow = events(at: 0, "aaaaaaaa", followed)
    let article = events(at: 0, "aaaaaaaa", .article(plainArticle))
    let read = events(at: 1_000_000, "aaaaaaaa", mark("read", true))
    let unread = events(at: 1_000_000 + minutes * 60_000, "bbbbbbbb", mark("read", false))
    let orders = [[article, read, unread], [unread, article, read], [unread, read, article]]
    let states = try orders.map { lines in
      try State(fold([[follow]] + lines.map { [$0] }))
    }
    #expect(Set(states).count == 1)
    // At the same moment the greater device holds.
    #expect(states[0] == State([follow, article, minutes < 0 ? read : unread]))
  }
}

@Test func `a mark of all that is there leaves unread what comes later with an older date`() throws
{
  let article = events(at: 0, "aaaaaaaa", .article(plainArticle))
  let read = events(at: 5000, "aaaaaaaa", mark("read", true))
  var item = FeedItem()
  item.published = Timestamp(milliseconds: 1_000_000_000_000)
  let late = Article(
    feed: feedID(0),
    keys: [articleKey(feed: 0, 2)],
    rule: .new,
    contentHash: "h",
    item: item
  )
  // The other device fetched it before the mark was made, and nobody had seen it here.
  let before = events(at: 1000, "bbbbbbbb", .article(late))
  let url = events(at: 0, "aaaaaaaa", followed)
  let index = try fold([[url, article, read], [before]])
  var query = ArticleQuery()
  query.feeds = [feedID(0)]
  #expect(try index.articles(query).map(\.id) == [articleKey(feed: 0, 2)])
}

private let followed = StoreOperation.feed(
  feedID(0),
  key: "url",
  value: .string("https://a.example/")
)

private let plainArticle = Article(
  feed: feedID(0),
  keys: [articleKey(feed: 0, 1)],
  rule: .new,
  contentHash: "h",
  item: FeedItem()
)

private func mark(_ key: String, _ value: Bool) -> StoreOperation {
  .set(key: key, value: .bool(value), ids: [articleKey(feed: 0, 1)])
}

private func events(at: Int64, _ device: String, _ operation: StoreOperation) -> StoredLine {
  let event = StoreEvent(
    number: 1,
    at: Timestamp(milliseconds: 1_800_000_000_000 + at),
    device: device,
    sum: 1,
    operation: operation
  )
  let place = LinePlace(segment: "dev/\(device)/j-000001.jsonl", offset: 0, length: 9)
  return StoredLine(event: event, place: place)
}
