import FeedIndex
import FeedModel
import FeedStore
import FeedSync
import Foundation
import Testing

private let noon = Timestamp(milliseconds: 1_800_000_000_000)

private func article(_ number: Int, revision: Int = 0) -> StoreOperation {
  var item = FeedItem()
  item.title = "Article \(number), \(revision)"
  return .article(
    Article(
      feed: feedID(0),
      keys: [articleKey(feed: 0, number)],
      rule: .new,
      contentHash: "hash\(revision)",
      item: item
    )
  )
}

private func subscription(_ now: Timestamp) -> [PendingLine] {
  [("url", RegisterValue.string("https://a.example/feed")), ("sub", .bool(true))]
    .map { PendingLine(at: now, operation: .feed(feedID(0), key: $0.0, value: $0.1)) }
}

/// Copies the whole store, as the first pairing of two devices does.
private func pair(_ source: Computer, _ target: Computer) throws {
  try FileManager.default.copyItem(atPath: source.store, toPath: target.store)
}

/// One act of a person, or one sync that brought something.
private func act(on computer: Computer, at now: Timestamp, _ generator: inout Generator) throws {
  let library = try computer.library()
  var query = ArticleQuery()
  query.includesRead = true
  let rows = try library.articles(query)
  if generator.oneIn(3) || rows.isEmpty {
    let operation = article(generator.below(30), revision: generator.below(3))
    return try computer.append([PendingLine(at: now, operation: operation)], now: now)
  }
  let chosen = rows.filter { _ in generator.oneIn(2) }
  let mark: Mark =
    switch generator.below(4) {
    case 0: .read(generator.oneIn(2))
    case 2: .hide(generator.oneIn(2))
    case 1: .star(generator.oneIn(2))
    default: .tag("later", generator.oneIn(2))
    }
  try library.mark(chosen, mark, now: now)
}

/// One step of a sync tool: some files, whole or an older version, copies and unfinished ones too.
private func partialStep(
  from source: Computer,
  to target: Computer,
  own: Set<String>,
  _ generator: inout Generator
) throws {
  for file in try source.files() where !own.contains(device(of: file)) && generator.oneIn(2) {
    guard !file.contains("conflict"), !file.contains(" ") else { continue }
    let size = try Data(contentsOf: URL(fileURLWithPath: "\(source.store)/\(file)")).count
    switch generator.below(5) {
    case 0:
      let name = conflictNames(file)[generator.below(6)]
      try carry(file, from: source, to: target, bytes: generator.below(size + 1), named: name)
    case 1:
      let name = unfinishedNames(file)[generator.below(4)]
      try carry(file, from: source, to: target, bytes: generator.below(size + 1), named: name)
    case 2:
      // A file never comes back shorter than it has been here.
      let here = try? Data(contentsOf: URL(fileURLWithPath: "\(target.store)/\(file)")).count
      let bytes = max(here ?? 0, generator.below(size + 1))
      try carry(file, from: source, to: target, bytes: bytes)
    default: try carry(file, from: source, to: target)
    }
  }
}

private func device(of file: String) -> String { String(file.split(separator: "/")[1]) }

@Test func `two stores that exchange folders in any order and in parts end in one state`() throws {
  let rounds = max(20, seeds / 10)
  for seed in 0..<rounds {
    var generator = Generator(seed: seed + 5_000_000)
    try withTwoComputers { first, second in
      try first.append(
        subscription(noon) + (0..<5).map { PendingLine(at: noon, operation: article($0)) },
        now: noon
      )
      try pair(first, second)
      // The clocks are up to ten minutes apart.
      let skew = Int64(generator.below(1_200_000)) - 600_000
      for step in 1...12 {
        let now = noon.adding(milliseconds: Int64(step) * 1000)
        try act(on: first, at: now, &generator)
        try act(on: second, at: now.adding(milliseconds: skew), &generator)
        let mine = Set(try Store.open(first).device.map { [$0] } ?? [])
        let theirs = Set(try Store.open(second).device.map { [$0] } ?? [])
        if generator.oneIn(3) {
          try partialStep(from: first, to: second, own: theirs, &generator)
        }
        if generator.oneIn(3) {
          try partialStep(from: second, to: first, own: mine, &generator)
        }
        // Looking at a part must harm nothing.
        if generator.oneIn(3) { _ = try second.state() }
      }
      let mine = Set([try #require(try Store.open(first).device)])
      let theirs = Set([try #require(try Store.open(second).device)])
      try #require(mine != theirs)
      for file in try first.files() where !theirs.contains(device(of: file)) {
        try carry(file, from: first, to: second)
      }
      for file in try second.files() where !mine.contains(device(of: file)) {
        try carry(file, from: second, to: first)
      }
      let states = [
        try first.state(), try second.state(), try first.state(fresh: true),
        try second.state(fresh: true),
      ]
      try #require(Set(states).count == 1, "seed \(seed)")
      try #require(states[0].articles.count >= 5)
    }
  }
  print("Seeds of two stores that exchange folders: \(rounds).")
}

@Test func `what was starred by a clock in 2050 is unstarred in 2026 by whoever saw it`() throws {
  try withTwoComputers { first, second in
    try first.append(
      subscription(noon) + [PendingLine(at: noon, operation: article(1))],
      now: noon
    )
    try pair(first, second)
    let future = try #require(Timestamp(rfc3339: "2050-01-01T00:00:00Z"))
    let library = try first.library()
    try library.mark(try library.articles(ArticleQuery()), .star(true), now: future)
    for file in try first.files() { try carry(file, from: first, to: second) }
    let there = try second.library()
    try there.mark(try there.articles(ArticleQuery()), .star(false), now: noon)
    let own = try #require(try Store.open(first).device)
    for file in try second.files() where device(of: file) != own {
      try carry(file, from: second, to: first)
    }
    #expect(try first.library().articles(ArticleQuery()).map(\.isStarred) == [false])
    #expect(try second.library().articles(ArticleQuery()).map(\.isStarred) == [false])
    #expect(try first.state(fresh: true) == second.state(fresh: true))
  }
}

@Test func `an index that is deleted is drawn anew as it was`() throws {
  try withTwoComputers { first, _ in
    var generator = Generator(seed: 3)
    try first.append(subscription(noon), now: noon)
    for step in 1...60 {
      try act(on: first, at: noon.adding(milliseconds: Int64(step)), &generator)
    }
    let before = try first.state()
    #expect(before.articles.count > 10)
    FeedIndex.remove(path: first.places.index)
    #expect(try first.state() == before)
  }
}

@Test func `a file of another device that ends in the middle of a line is completed later`() throws
{
  try withTwoComputers { first, second in
    try first.append(
      subscription(noon) + [PendingLine(at: noon, operation: article(1))],
      now: noon
    )
    try pair(first, second)
    let library = try first.library()
    let rows = try library.articles(ArticleQuery())
    try library.mark(rows, .star(true), now: noon)
    let before = try second.state()
    let file = try #require(try first.files().first { $0.contains("/j-") })
    let size = try Data(contentsOf: URL(fileURLWithPath: "\(first.store)/\(file)")).count
    for cut in 1..<100 {
      try carry(file, from: first, to: second, bytes: size - cut)
      let there = try second.library()
      #expect(there.damage.isEmpty)
      #expect(try State(there) == before)
    }
    try carry(file, from: first, to: second)
    #expect(try second.state() == first.state())
  }
}

extension Store {
  fileprivate static func open(_ computer: Computer) throws -> Store {
    try Store.open(directory: computer.store, stateDirectory: computer.path + "/state")
  }
}
