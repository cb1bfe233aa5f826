import FeedIndex
import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)

/// A library in a directory of its own, removed afterwards.
private func withPlaces(_ body: (Library.Places) throws -> Void) throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-undo-\(UUID().uuidString)"
  try FileManager.default.createDirectory(
    atPath: root + "/cache",
    withIntermediateDirectories: true
  )
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  try body(
    Library.Places(
      store: root + "/store",
      state: root + "/state",
      index: root + "/cache/index.sqlite"
    )
  )
}

/// The same store, seen from another machine.
private func other(_ places: Library.Places) throws -> Library.Places {
  var other = places
  other.state = places.state + "-b"
  other.index = places.index + "-b"
  return other
}

private let url = "https://a.example/f"

private func article(_ number: Int, of feed: FeedID) -> Article {
  var item = FeedItem()
  item.guid = "g\(number)"
  item.title = "Title \(number)"
  let digest = (0..<20).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }
  return Article(
    feed: feed,
    keys: [ArticleID(HashID(digest: digest))],
    rule: .new,
    contentHash: "5f0c9a2be17d",
    item: item
  )
}

/// A library with a feed and some articles of it.
private func filled(_ places: Library.Places, articles: Int = 4) throws -> Library {
  let library = try Library.open(places)
  let feed = Subscription(url: url)
  try library.subscribe(to: [feed], now: noon)
  let lines = (1...articles)
    .map { PendingLine(at: noon, operation: .article(article($0, of: feed.id))) }
  try library.append(lines, now: noon)
  return library
}

private func rows(_ library: Library) throws -> [ArticleRow] {
  var query = ArticleQuery()
  query.includesRead = true
  return try library.articles(query).sorted { ($0.title ?? "") < ($1.title ?? "") }
}

/// What a list shows of everything, without when it was written.
private func state(_ library: Library) throws -> [String] {
  let feeds = try library.feeds()
    .map { "\($0.url) \($0.ownTitle ?? "-") \($0.tags) \($0.settings)" }
  return try feeds + rows(library).map { "\($0.id) \($0.isRead) \($0.isStarred) \($0.tags)" }
}

@discardableResult
private func undo(_ library: Library, _ seconds: Int64 = 100) throws -> UndoOutcome {
  let last = try #require(try library.lastAct())
  return try #require(try library.undo(last.id, now: noon.adding(seconds: seconds)))
}

@Test func `undo after undo goes back step by step, and redo after redo forward`() throws {
  try withPlaces { places in
    let library = try filled(places)
    var states = [try state(library)]
    let steps: [(Timestamp) throws -> Void] = [
      { _ = try library.mark(Array(rows(library).prefix(3)), .read(true), now: $0) },
      { _ = try library.mark(Array(rows(library).suffix(2)), .star(true), now: $0) },
      { _ = try library.mark(rows(library), .tag("later", true), now: $0) },
      { _ = try library.mark(Array(rows(library).prefix(1)), .read(false), now: $0) },
      {
        let feed = try #require(try library.feeds().first)
        try library.change(feed, [.title("Mine"), .tag("news", true), .interval(600)], now: $0)
      },
      {
        let feed = try #require(try library.feeds().first)
        try library.change(feed, [.title(nil), .url("https://b.example/f")], now: $0)
      },
      { _ = try library.unsubscribe(from: [Subscription(url: url).id], now: $0) },
    ]
    for (number, step) in steps.enumerated() {
      try step(noon.adding(seconds: Int64(number)))
      states.append(try state(library))
    }
    var undos: [ActID] = []
    for before in states.dropLast().reversed() {
      let outcome = try undo(library)
      #expect(outcome.left == 0)
      #expect(try state(library) == before)
      undos.append(try #require(outcome.undo))
    }
    for (undo, after) in zip(undos.reversed(), states.dropFirst()) {
      let outcome = try #require(try library.undo(undo, now: noon.adding(seconds: 200)))
      #expect(outcome.isRedo)
      #expect(try state(library) == after)
    }
    // Another index, made from the lines alone, says the same.
    var anew = places
    anew.index += "-new"
    #expect(try state(Library.open(anew)) == state(library))
  }
}

@Test func `a mark of many articles is one act and is undone exactly`() throws {
  try withPlaces { places in
    let library = try filled(places, articles: 2500)
    try library.mark(Array(rows(library).prefix(700)), .read(true), now: noon.adding(seconds: 1))
    let before = try state(library)
    try library.mark(rows(library), .read(true), now: noon.adding(seconds: 2))
    let last = try #require(try library.lastAct())
    #expect(last.changes.map(\.count) == [1800])
    #expect(last.changes[0].examples.count == 3)
    let outcome = try undo(library)
    #expect(outcome.articles == 1800)
    #expect(try state(library) == before)
  }
}

@Test func `what was changed since is left and counted`() throws {
  try withPlaces { places in
    let library = try filled(places)
    try library.mark(rows(library), .read(true), now: noon.adding(seconds: 1))
    let act = try #require(try library.lastAct())
    try library.mark(Array(rows(library).prefix(1)), .read(false), now: noon.adding(seconds: 2))
    let outcome = try #require(try library.undo(act.id, now: noon.adding(seconds: 3)))
    #expect((outcome.articles, outcome.left) == (3, 1))
    #expect(try rows(library).allSatisfy { !$0.isRead })
    let again = try #require(try library.undo(act.id, now: noon.adding(seconds: 4)))
    #expect(again.wasUndone && again.undo == nil)
  }
}

@Test func `an act of which nothing is left does not stand in the way of older ones`() throws {
  try withPlaces { places in
    let library = try filled(places)
    try library.mark(rows(library), .star(true), now: noon.adding(seconds: 1))
    let feed = try #require(try library.feeds().first)
    try library.change(feed, [.url("https://b.example/f")], now: noon.adding(seconds: 2))
    // A sync moves the feed on, which nobody did.
    let moved = RegisterValue.string("https://c.example/f")
    let lines = try library.lines(
      of: feed.id,
      [("url", moved)],
      now: noon.adding(seconds: 3)
    )
    try library.append(lines, now: noon)
    let outcome = try undo(library)
    #expect((outcome.feeds.count, outcome.left) == (0, 1))
    #expect(try library.feeds().map(\.url) == ["https://c.example/f"])
    let next = try undo(library)
    #expect(next.articles == 4)
  }
}

@Test func `an act of another device is undone, and what it undid is known there`() throws {
  try withPlaces { places in
    let here = try filled(places)
    try here.mark(rows(here), .read(true), now: noon.adding(seconds: 1))
    let there = try Library.open(try other(places))
    let last = try #require(try there.lastAct())
    #expect(!last.isOwn)
    let outcome = try #require(try there.undo(last.id, now: noon.adding(seconds: 2)))
    #expect(outcome.articles == 4)
    #expect(outcome.undo?.device != last.id.device)
    let again = try Library.open(places)
    #expect(try rows(again).allSatisfy { !$0.isRead })
    let all = try again.acts(limit: 10)
    #expect(all.map(\.isUndone) == [false, true, false])
    #expect(all[0].undoes == last.id)
  }
}

@Test func `copies of a journal count once`() throws {
  try withPlaces { places in
    let library = try filled(places)
    try library.mark(rows(library), .read(true), now: noon.adding(seconds: 1))
    let device = try #require(try library.lastAct()?.id.device)
    let journal = places.store + "/dev/\(device)/j-000001"
    try FileManager.default.createDirectory(
      atPath: places.store + "/dev/zzzzzzzz",
      withIntermediateDirectories: true
    )
    try FileManager.default.copyItem(
      atPath: journal + ".jsonl",
      toPath: journal + ".sync-conflict-1.jsonl"
    )
    try FileManager.default.copyItem(
      atPath: journal + ".jsonl",
      toPath: places.store + "/dev/\(device)/snap-000001.jsonl"
    )
    let again = try Library.open(places)
    #expect(try again.acts(limit: 10).map { $0.changes[0].count } == [4, 1])
    #expect(try undo(again).articles == 4)
    #expect(try rows(again).allSatisfy { !$0.isRead })
  }
}

@Test func `an undo does not make another device's path one of our own`() throws {
  try withPlaces { places in
    let there = try Library.open(try other(places))
    try there.subscribe(to: [Subscription(url: "/etc/hostname")], now: noon)
    let here = try Library.open(places)
    let feed = try #require(try here.feeds().first)
    let foreign = feed.urlDevice
    try here.change(feed, [.url("https://b.example/f")], now: noon.adding(seconds: 1))
    #expect(try here.feeds().first?.urlDevice != foreign)
    try undo(here)
    let back = try #require(try here.feeds().first)
    #expect((back.url, back.urlDevice) == ("/etc/hostname", foreign))
  }
}

@Test func `the last thing done on a machine is undone first, whatever its clock said`() throws {
  try withPlaces { places in
    let library = try filled(places)
    let first = try rows(library)[0]
    try library.mark([first], .star(true), now: noon.adding(seconds: 1_000_000_000))
    let starred = try rows(library)[0]
    try library.mark([starred], .star(false), now: noon.adding(seconds: 10))
    try library.mark([first], .read(true), now: noon.adding(seconds: 9))
    try library.mark([first], .tag("later", true), now: noon.adding(seconds: 3))
    let now = noon.adding(seconds: 20)
    let numbers = try library.acts(limit: 10, now: now).map(\.id.number)
    #expect(numbers == numbers.sorted(by: >))
    func undoLast() throws {
      let last = try #require(try library.lastAct(now: now))
      try library.undo(last.id, now: now)
    }
    try undoLast()
    #expect(try rows(library)[0].tags.isEmpty)
    #expect(try rows(library)[0].isRead)
    try undoLast()
    #expect(try !rows(library)[0].isRead)
    try undoLast()
    #expect(try rows(library)[0].isStarred)
    try undoLast()
    #expect(try !rows(library)[0].isStarred)
  }
}

@Test func `a clock of the future makes no act newer than what others do now`() throws {
  try withPlaces { places in
    let here = try filled(places)
    try here.mark(rows(here), .star(true), now: noon.adding(seconds: 1_000_000_000))
    try here.mark(rows(here), .read(true), now: noon.adding(seconds: 1))
    let there = try Library.open(try other(places))
    try there.mark(rows(there), .tag("later", true), now: noon.adding(seconds: 2))
    let last = try #require(try here.lastAct(now: noon.adding(seconds: 3)))
    #expect(!last.isOwn)
    #expect(last.changes.map(\.register) == ["tag:later"])
  }
}

@Test func `an act of which a part stands only in a snapshot cannot be undone`() throws {
  try withPlaces { places in
    let library = try filled(places)
    try library.mark(rows(library), .read(true), now: noon.adding(seconds: 1))
    let act = try #require(try library.lastAct())
    let device = "\(places.store)/dev/\(act.id.device)"
    let journal = try String(contentsOfFile: device + "/j-000001.jsonl", encoding: .utf8)
    var lines = journal.split(separator: "\n").map(String.init)
    let feedLine = try #require(lines.firstIndex { $0.contains(#""key":"sub""#) })
    #expect(try library.acts(limit: 9).count == 2)
    // As if the border of two segments ran through the first act.
    let moved = lines.remove(at: feedLine)
    try "\(lines[0])\n\(moved)\n"
      .write(toFile: device + "/snap-000001.jsonl", atomically: false, encoding: .utf8)
    try FileManager.default.removeItem(atPath: device + "/j-000001.jsonl")
    try (lines.joined(separator: "\n") + "\n")
      .write(toFile: device + "/j-000002.jsonl", atomically: false, encoding: .utf8)
    var anew = places
    anew.index += "-new"
    let again = try Library.open(anew)
    #expect(try again.acts(limit: 9).map(\.id) == [act.id])
    let first = ActID(device: act.id.device, number: 2)
    #expect(try again.undo(first, now: noon.adding(seconds: 9)) == nil)
    #expect(try again.undo(act.id, now: noon.adding(seconds: 9)) != nil)
  }
}

@Test func `the acts of a forgotten device are history, and what it did holds under later acts`()
  throws
{
  try withPlaces { places in
    let there = try filled(places)
    try there.mark(rows(there), .star(true), now: noon.adding(seconds: 1))
    try there.mark(rows(there), .star(false), now: noon.adding(seconds: 2))
    let old = try #require(try there.lastAct())
    try there.undo(old.id, now: noon.adding(seconds: 3))
    let directory = "\(places.store)/dev/\(old.id.device)"
    let copy = places.store + "-copy"
    try FileManager.default.copyItem(atPath: directory, toPath: copy)
    let here = try Library.open(try other(places))
    _ = try here.forget(device: old.id.device, now: noon.adding(seconds: 4))
    #expect(try rows(here).map(\.isStarred) == [true, true, true, true])
    #expect(try here.undo(old.id, now: noon.adding(seconds: 5)) == nil)
    #expect(try here.lastAct() == nil)
    try here.mark(rows(here), .star(false), now: noon.adding(seconds: 6))
    let new = try #require(try here.lastAct())
    let outcome = try #require(try here.undo(new.id, now: noon.adding(seconds: 7)))
    #expect((outcome.articles, outcome.left) == (4, 0))
    #expect(try rows(here).map(\.isStarred) == [true, true, true, true])
    // The device lives, and brings its directory back: each act is there once.
    try FileManager.default.copyItem(atPath: copy, toPath: directory)
    let again = try Library.open(places)
    let counts = try again.acts(limit: 9).map { $0.changes.map(\.count) }
    #expect(counts.allSatisfy { $0 == [4] || $0 == [1, 1] })
    #expect(counts.count == 6)
  }
}

@Test func `removing a feed keeps its articles, and adding it brings all back`() throws {
  try withPlaces { places in
    let library = try filled(places)
    let feed = try #require(try library.feeds().first)
    try library.change(
      feed,
      [.title("Mine"), .tag("news", true), .interval(600), .userAgent("Ann")],
      now: noon
    )
    try library.mark(Array(rows(library).prefix(2)), .read(true), now: noon)
    try library.mark(Array(rows(library).suffix(1)), .star(true), now: noon)
    try library.mark(Array(rows(library).suffix(2)), .tag("later", true), now: noon)
    let before = try state(library)
    try library.unsubscribe(from: [feed.id], now: noon.adding(seconds: 1))
    #expect(try state(library).isEmpty)
    try library.subscribe(to: [Subscription(url: url)], now: noon.adding(seconds: 2))
    #expect(try state(library) == before)
    try undo(library)
    #expect(try state(library).isEmpty)
    try undo(library)
    #expect(try state(library) == before)
  }
}

@Test func `an undone addition can be added again, and all is back`() throws {
  try withPlaces { places in
    let library = try filled(places)
    try library.mark(rows(library), .star(true), now: noon)
    let before = try state(library)
    let added = try #require(try library.acts(limit: 10).last)
    try library.undo(added.id, now: noon.adding(seconds: 1))
    #expect(try state(library).isEmpty)
    try library.subscribe(to: [Subscription(url: url)], now: noon.adding(seconds: 2))
    #expect(try state(library) == before)
  }
}

@Test func `what was written without an act is history that nothing undoes`() throws {
  try withPlaces { places in
    let library = try filled(places)
    let read = RegisterValue.bool(true)
    let ids = try rows(library).map(\.id)
    let line = PendingLine(at: noon, operation: .set(key: "read", value: read, ids: ids))
    try library.append([line], now: noon)
    try library.mark(rows(library), .read(false), now: noon.adding(seconds: 1))
    try undo(library)
    #expect(try rows(library).allSatisfy(\.isRead))
    try undo(library)
    #expect(try library.lastAct() == nil)
  }
}

@Test func `an act is found by its name, by a part of it, or by its number`() throws {
  try withPlaces { places in
    let library = try filled(places)
    try library.mark(rows(library), .read(true), now: noon)
    let last = try #require(try library.lastAct())
    func named(_ words: String) throws -> ActID? {
      if case .one(let act) = try library.act(named: words) { act.id } else { nil }
    }
    for words in ["\(last.id)", last.shortName, "\(last.id.number)", "\(last.id)".uppercased()] {
      #expect(try named(words) == last.id, "\(words)")
    }
    for words in ["", "-", "x", "99999", "1-2-3", "-5", "k7m2q9xw-", "../-2", "🙂-1"] {
      #expect(try named(words) == nil, "\(words)")
    }
    let there = try Library.open(try other(places))
    let later = noon.adding(seconds: 1)
    try there.subscribe(to: [Subscription(url: "https://z.example/")], now: later)
    let number = try #require(try there.lastAct()).id.number
    if case .many(let found) = try there.act(named: "\(number)") {
      #expect(Set(found.map(\.id.number)) == [number])
      #expect(Set(found.map(\.shortName)).count == found.count)
    } else {
      Issue.record("Two devices have an act of that number.")
    }
  }
}

@Test func `the newest act is found also where thousands were undone or are old`() throws {
  try withPlaces { places in
    let library = try filled(places, articles: 1)
    let row = try #require(try rows(library).first)
    var lines: [PendingLine] = []
    for number in 1...400 {
      lines.append(
        PendingLine(
          at: noon.adding(seconds: Int64(number)),
          operation: .set(key: "tag:t\(number)", value: .bool(true), ids: [row.id])
        )
      )
    }
    for line in lines { try library.append([line], in: Act(), now: noon) }
    let acts = try library.acts(limit: .max)
    #expect(acts.count == 401)
    for act in acts.prefix(200) { try library.undo(act.id, now: noon.adding(seconds: 1000)) }
    #expect(try library.lastAct()?.id == acts[200].id)
    #expect(try library.acts(limit: 3).count == 3)
  }
}
