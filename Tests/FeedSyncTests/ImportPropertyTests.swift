import FeedIndex
import FeedJSON
import FeedMerge
import FeedModel
import FeedStore
import Foundation
import TestSupport
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let seeds = ProcessInfo.processInfo.environment["RILL_SEEDS"].flatMap(Int.init) ?? 40

/// A library in a directory of its own, removed afterwards.
private func withLibrary(_ body: (Library) throws -> Void) throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-import-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  try body(
    Library.open(
      Library.Places(store: root + "/store", state: root + "/state", index: root + "/index.sqlite")
    )
  )
}

private func key(_ number: Int) -> ArticleID {
  ArticleID(HashID(digest: (0..<13).map { UInt8(truncatingIfNeeded: number &* 89 &+ $0 &* 7) }))
}

private func feed(_ number: Int) -> Subscription {
  Subscription(url: number == 3 ? "/home/ann/feed.xml" : "https://\(number).example/f")
}

/// The article with one of ten keys, in one of several revisions; `spread` says which keys go with it.
private func article(_ number: Int, spread: Int, _ dice: inout Dice) -> Article {
  var item = FeedItem()
  item.guid = dice.oneIn(3) ? nil : "g\(number)"
  item.title = dice.oneIn(4) ? nil : "Title \(dice.below(3))\u{202E}\n\"\\"
  item.url = dice.oneIn(3) ? nil : "https://a.example/\(number)"
  if !dice.oneIn(3) { item.contentHTML = "<p>\(dice.below(3)) \u{2028} \u{7F}</p>" }
  if item.contentHTML == nil, dice.oneIn(2) { item.contentText = "text" }
  if dice.oneIn(2) { item.published = noon.adding(milliseconds: Int64(dice.below(5000))) }
  if dice.oneIn(4) { item.tags = ["a", "b"] }
  let others = dice.oneIn(2) ? [] : [key((number + spread) % 10)]
  return Article(
    feed: feed(0).id,
    keys: [key(number)] + others,
    rule: .new,
    contentHash: "\(dice.below(1 << 20))",
    item: item
  )
}

/// Writes what a person, a publisher and other versions may have written, also in the future.
private func fill(_ library: Library, spread: Int, _ dice: inout Dice) throws {
  var lines: [PendingLine] = []
  for _ in 0..<dice.below(40) {
    var at = noon.adding(milliseconds: Int64(dice.below(6)))
    if dice.oneIn(10) { at = noon.adding(seconds: 40 * 86_400) }
    let operation: StoreOperation
    switch dice.below(20) {
    case 0..<5:
      let values: [RegisterValue] = [.bool(dice.oneIn(2)), .none]
      let registers: [(String, RegisterValue)] = [
        ("url", .string("https://\(dice.below(2)).example/g")), ("sub", values[0]),
        ("title", .string("T\u{9B}")), ("title", .none), ("tag:b c", values[0]),
        ("tag:a", values[0]), ("fetch.http1", values[dice.below(2)]),
        ("fetch.led", values[dice.below(2)]), ("keep.days", .integer(7)),
        ("newer.register", values[dice.below(2)]),
      ]
      let (name, value) = registers[dice.below(registers.count)]
      let feed = feed(dice.below(4)).id
      lines.append(
        PendingLine(
          at: noon,
          operation: .feed(feed, key: "url", value: .string("https://x.example/"))
        )
      )
      operation = .feed(feed, key: name, value: value)
    case 5..<10:
      if dice.oneIn(2) { at = noon }
      operation = .article(article(dice.below(8), spread: spread, &dice))
      if at > noon.adding(seconds: 86_400) { at = noon.adding(seconds: 3600) }
    case 10:
      let text = "do hide\nif \(dice.below(3))"
      operation = .set(
        key: "rule",
        value: dice.oneIn(3) ? .none : .string(text),
        ids: [ruleKey(text)]
      )
    default:
      operation = .set(
        key: ["read", "star", "gone", "gone", "hidden", "tag:x", "tag:y z"][dice.below(7)],
        value: .bool(!dice.oneIn(3)),
        ids: (0...dice.below(2)).map { _ in key(dice.below(14)) }
      )
    }
    lines.append(PendingLine(at: at, operation: operation))
  }
  try library.append(lines, now: noon)
}

private func export(_ library: Library) throws -> [StateLine] {
  var lines: [StateLine] = []
  #expect(try library.exportState { lines.append($0) } == 0)
  return lines
}

private func text(_ lines: [StateLine]) -> String {
  var json = JSONWriter()
  for line in lines { line.write(to: &json) }
  return String(decoding: json.bytes, as: UTF8.self)
}

/// Imports lines as they are printed and read again.
private func importing(
  _ lines: [StateLine],
  into library: Library,
  days: Int64
) throws -> StateImport.Counts {
  var state = StateImport(into: library, now: noon.adding(seconds: days * 86_400))
  for line in lines {
    let read = try #require(try StateLine.read(Array(text([line]).utf8.dropLast())))
    #expect(try state.take(read) == nil)
  }
  try state.commit()
  return state.counts
}

@Test func `an export that is imported into an empty home is the same export`() throws {
  for seed in 0..<seeds {
    var dice = Dice(state: UInt64(seed))
    try withLibrary { old in
      try fill(old, spread: 1, &dice)
      let lines = try export(old)
      try withLibrary { new in
        let shuffled = lines.shuffled(using: &dice)
        _ = try importing(shuffled, into: new, days: 1)
        try #require(text(export(new)) == text(lines), "seed \(seed)")
        let twice = (lines + shuffled).shuffled(using: &dice)
        try #require(importing(twice, into: new, days: 2).areZero, "seed \(seed), again")
        try #require(text(export(new)) == text(lines), "seed \(seed), again")
        // Nor is it anything new where it comes from.
        try #require(importing(shuffled, into: old, days: 1).areZero, "seed \(seed), at home")
      }
    }
  }
}

@Test func `lines that are imported twice write nothing the second time, whatever was there`()
  throws
{
  for seed in 0..<seeds {
    var dice = Dice(state: UInt64(seed) + 1_000_000)
    try withLibrary { old in
      try fill(old, spread: 1, &dice)
      let lines = try export(old).shuffled(using: &dice)
      try withLibrary { new in
        try fill(new, spread: 1 + dice.below(3), &dice)
        let before = try new.store.segments().map(\.sizeInBytes)
        let counts = try importing(lines, into: new, days: 1)
        let after = try new.store.segments().map(\.sizeInBytes)
        #expect(counts.areZero == (before == after), "seed \(seed)")
        for line in lines { try expect(line, in: new, "seed \(seed)") }
        try #require(importing(lines, into: new, days: 2).areZero, "seed \(seed), again")
        #expect(try new.store.segments().map(\.sizeInBytes) == after, "seed \(seed), again")
        let others = lines.shuffled(using: &dice)
        try #require(importing(others, into: new, days: 3).areZero, "seed \(seed), shuffled")
      }
    }
  }
}

/// What a line says is so, and where it knows only a part of an article nothing of it is lost.
private func expect(_ line: StateLine, in library: Library, _ words: Comment) throws {
  let (keys, said): ([ArticleID], MarkState)
  switch line {
  case .feed(let feed):
    let known = try library.index.feedState(feed.id)
    #expect(known.isSubscribed == feed.isSubscribed, words)
    #expect(known.tags == feed.tags, words)
    #expect(known.registers.merging(feed.registers) { $1 } == known.registers, words)
    return
  case .article(let article): (keys, said) = (article.keys, article.marks)
  case .part(let name, let keys):
    let ties = try library.index.ties()
    #expect(keys.allSatisfy { ties.parts[$0] == name }, words)
    return
  case .join(let key, let other):
    #expect(try library.index.ties().joins[key] == other, words)
    return
  case .story(let name, let keys):
    let names = try library.index.storyNames()
    #expect(keys.allSatisfy { names[$0] == name }, words)
    return
  case .rule(let text):
    #expect(try library.rules().contains { $0.text == text }, words)
    return
  case .marks(let key, let marks): (keys, said) = ([key], marks)
  }
  let state = try library.index.articleState(of: keys[0])?.state
  let known = try state?.marks ?? library.index.marks(under: keys[0])
  if case .article(let article) = line {
    let state = try #require(state, words)
    #expect(Set(keys).isSubset(of: state.keys), words)
    #expect(state.received <= article.received, words)
    if article.item != nil { #expect(known.isGone == false, words) }
  }
  #expect(known.isRead == true || said.isRead == false, words)
  #expect(known.isStarred == true || said.isStarred == false, words)
  #expect(Set(said.tags ?? []).isSubset(of: known.tags ?? []), words)
  guard state.map({ Set($0.keys).isSubset(of: keys) }) ?? true else { return }
  #expect(known.isRead == said.isRead, words)
  #expect(known.isStarred == said.isStarred, words)
  #expect(known.tags == said.tags, words)
  #expect(known.isGone == true || said.isGone != true, words)
  #expect(known.isHidden == true || said.isHidden != true, words)
}
