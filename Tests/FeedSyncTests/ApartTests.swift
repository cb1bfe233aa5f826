import FeedIndex
import FeedMerge
import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let url = "https://a.example/f"
private let feed = Subscription(url: url).id

/// Places in a directory of their own, removed afterwards.
private func withPlaces(_ body: (Library.Places) throws -> Void) throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-apart-\(UUID().uuidString)"
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
private func other(_ places: Library.Places, _ name: String = "-b") -> Library.Places {
  Library.Places(store: places.store, state: places.state + name, index: places.index + name)
}

private func item(_ guid: String?, _ link: String?, _ title: String) -> FeedItem {
  var item = FeedItem()
  item.guid = guid
  item.url = link.map { "https://a.example/\($0)" }
  item.title = title
  item.contentText = "What is said of \(title)."
  item.published = noon
  return item
}

/// What a sync does with a document.
@discardableResult
private func sync(
  _ library: Library,
  _ items: [FeedItem],
  _ seconds: Int64
) throws -> [MergePlan.Step.Kind] {
  var parsed = ParsedFeed(format: .rss20)
  parsed.items = items
  let keys = DocumentKeys(feed: feed, parsed: parsed)
  let now = noon.adding(seconds: seconds)
  let steps = try library.merging(keys, of: feed).plan(now: now).steps
  let lines = steps.map { step in
    PendingLine(at: library.moment(now, after: step.after), operation: .article(step.article))
  }
  try library.append(lines, now: now)
  return steps.map(\.kind)
}

private func opened(_ places: Library.Places) throws -> Library {
  let library = try Library.open(places)
  try library.subscribe(to: [Subscription(url: url)], now: noon)
  return library
}

private func rows(_ library: Library) throws -> [ArticleRow] {
  var query = ArticleQuery()
  query.includesRead = true
  return try library.articles(query).sorted { ($0.title ?? "") < ($1.title ?? "") }
}

private func row(_ library: Library, _ title: String) throws -> ArticleRow {
  try #require(try rows(library).first { $0.title == title })
}

/// All that is known, as `rill export state` prints it.
private func state(_ library: Library) throws -> [StateLine] {
  var lines: [StateLine] = []
  _ = try library.exportState { lines.append($0) }
  return lines
}

/// What articles there are: title, keys and marks of each.
private func articles(_ library: Library) throws -> [String] {
  try state(library)
    .compactMap { line in
      guard case .article(let article) = line else { return nil }
      let marks = article.marks
      return "\(article.item?.title ?? "-") \(article.keys.count) \(marks.isRead == true) "
        + "\(marks.isStarred == true) \((marks.tags ?? []).joined(separator: ","))"
    }
    .sorted()
}

/// The index says what a new one would say, and what all three ways to one would.
private func expectSameAnew(_ library: Library, _ places: Library.Places) throws {
  let shown = try state(library)
  #expect(try state(Library.open(other(places, "-new-\(UUID().uuidString)"))) == shown)
  // As it is done for a large store: aside, with the journals first.
  let path = places.index + "-aside-\(UUID().uuidString)"
  _ = try Library.buildIndex(at: path, of: library.store, bytesMin: 0)
  let built = try Library.open(
    Library.Places(store: places.store, state: places.state, index: path)
  )
  #expect(try state(built) == shown)
  #expect(try library.index.differences(from: path).isEmpty)
  #expect(try !library.index.hasWrongCounts())
}

private func split(
  _ library: Library,
  _ title: String,
  naming named: ArticleID? = nil,
  _ seconds: Int64
) throws -> ApartOutcome? {
  let row = try row(library, title)
  return try library.split(row, naming: named ?? row.id, now: noon.adding(seconds: seconds))
}

/// Two articles of one page, which a match by their link made one.
private func matched(_ places: Library.Places) throws -> Library {
  let library = try opened(places)
  try sync(library, [item("g1", "day", "One"), item("x", "x", "Other")], 10)
  try library.mark([row(library, "One")], .read(true), now: noon.adding(seconds: 20))
  try library.mark([row(library, "One")], .tag("news", true), now: noon.adding(seconds: 21))
  #expect(
    try sync(library, [item("g2", "day", "Two"), item("x", "x", "Other")], 30) == [.merged]
  )
  #expect(try articles(library) == ["Other 2 false false ", "Two 3 true false news"])
  return library
}

@Test func `what a match made one is two again, both read, and no sync makes it one`() throws {
  try withPlaces { places in
    let library = try matched(places)
    let outcome = try #require(try split(library, "Two", 40))
    #expect(outcome.articles.map(\.title) == ["One", "Two"])
    let two = ["One 2 true false news", "Other 2 false false ", "Two 1 true false news"]
    #expect(try articles(library) == two)
    try expectSameAnew(library, places)
    for (place, items) in [
      [item("g2", "day", "Two")], [item("g1", "day", "One"), item("g2", "day", "Two")],
      [item("g1", "day", "One")], [item("g2", "day", "Two"), item("x", "x", "Other")],
    ]
    .enumerated() {
      #expect(try sync(library, items, 50 + Int64(place)) == [], "\(place)")
      #expect(try articles(library) == two, "\(place)")
    }
    // Each has its own revisions from now on.
    #expect(try sync(library, [item("g2", "day", "Two, edited")], 60) == [.updated])
    #expect(
      try articles(library)
        == ["One 2 true false news", "Other 2 false false ", "Two, edited 1 true false news"]
    )
    try expectSameAnew(library, places)
    #expect(try split(library, "Two, edited", 70) == nil)
  }
}

@Test func `a new key of a part stays with the part`() throws {
  try withPlaces { places in
    let library = try matched(places)
    _ = try #require(try split(library, "Two", 40))
    // The publisher moves to other guids; text, title and date say what is what.
    #expect(try sync(library, [item("h2", "two", "Two")], 50) == [.merged])
    #expect(
      try articles(library)
        == ["One 2 true false news", "Other 2 false false ", "Two 3 true false news"]
    )
    try expectSameAnew(library, places)
  }
}

@Test func `undoing a split restores what was, and redoing it too`() throws {
  try withPlaces { places in
    let library = try matched(places)
    let before = try state(library)
    let act = try #require(try split(library, "Two", 40)?.act)
    let after = try state(library)
    let undone = try #require(try library.undo(act, now: noon.adding(seconds: 50)))
    #expect(undone.articles == 1 && undone.left == 0)
    #expect(try state(library) == before)
    try expectSameAnew(library, places)
    let undo = try #require(undone.undo)
    _ = try #require(try library.undo(undo, now: noon.adding(seconds: 60)))
    #expect(try state(library) == after)
    try expectSameAnew(library, places)
  }
}

@Test func `undoing a split keeps read what was read on either side`() throws {
  try withPlaces { places in
    let library = try matched(places)
    let act = try #require(try split(library, "Two", 40)?.act)
    try library.mark([row(library, "Two")], .read(false), now: noon.adding(seconds: 41))
    try library.mark([row(library, "One")], .star(true), now: noon.adding(seconds: 42))
    _ = try #require(try library.undo(act, now: noon.adding(seconds: 50)))
    #expect(try articles(library) == ["Other 2 false false ", "Two 3 true true news"])
  }
}

@Test func `a key that is named is taken out, with what was taken for it later`() throws {
  try withPlaces { places in
    let library = try opened(places)
    for (number, guid) in ["g1", "g2", "g3"].enumerated() {
      try sync(library, [item(guid, "day", "Title \(guid)")], Int64(number + 1) * 10)
    }
    let row = try row(library, "Title g3")
    #expect(try library.keys(of: row).count == 4)
    let keys = DocumentKeys(
      feed: feed,
      parsed: {
        var parsed = ParsedFeed(format: .rss20)
        parsed.items = [item("g2", nil, "")]
        return parsed
      }()
    )
    let named = try #require(keys.lookupKeys.first)
    let planned = try #require(
      try library.split(row, naming: named, isDryRun: true, now: noon.adding(seconds: 50))
    )
    #expect(planned.articles.map(\.title) == ["Title g1", "Title g3"])
    #expect(try rows(library).count == 1)
    _ = try #require(try split(library, "Title g3", naming: named, 50))
    #expect(try articles(library) == ["Title g1 2 false false ", "Title g3 2 false false "])
    // And these two are two again.
    _ = try #require(try split(library, "Title g3", 60))
    #expect(
      try articles(library)
        == ["Title g1 2 false false ", "Title g2 1 false false ", "Title g3 1 false false "]
    )
    try expectSameAnew(library, places)
  }
}

@Test func `what came under one key is not taken apart`() throws {
  try withPlaces { places in
    let library = try opened(places)
    try sync(library, [item("g1", "a", "One")], 10)
    try sync(library, [item("g1", "a", "Something else")], 20)
    #expect(try split(library, "Something else", 30) == nil)
    #expect(try library.acts(limit: 9).count == 1)
  }
}

@Test func `two that were joined are one, read and starred as either was, at every sync`() throws {
  try withPlaces { places in
    let library = try opened(places)
    let items = [item("g1", "a", "One"), item("g2", "b", "Two"), item("x", "x", "Other")]
    try sync(library, items, 10)
    try library.mark([row(library, "One")], .read(true), now: noon.adding(seconds: 20))
    try library.mark([row(library, "Two")], .read(true), now: noon.adding(seconds: 20))
    try library.mark([row(library, "Two")], .read(false), now: noon.adding(seconds: 21))
    try library.mark([row(library, "Two")], .star(true), now: noon.adding(seconds: 22))
    let before = try state(library)
    let outcome = try library.join(
      row(library, "Two"),
      row(library, "One"),
      now: noon.adding(seconds: 30)
    )
    #expect(outcome.articles.count == 1)
    #expect(try rows(library).count == 2)
    let joined = try #require(try rows(library).first { $0.title != "Other" })
    #expect(joined.isRead && joined.isStarred)
    #expect(joined.id == outcome.articles[0].id)
    try expectSameAnew(library, places)
    for (place, items) in [items, items.reversed(), [items[0]], [items[1]], items].enumerated() {
      #expect(try sync(library, items, 40 + Int64(place)) == [], "\(place)")
    }
    // An edit of one of them is an update once.
    let edited = [items[0], item("g2", "b", "Two, edited"), items[2]]
    #expect(try sync(library, edited, 50) == [.updated])
    #expect(try sync(library, edited.reversed(), 51) == [])
    #expect(try rows(library).map(\.title) == ["Other", "Two, edited"])
    try expectSameAnew(library, places)
    // Taking it back gives both back as they were, but for the edit.
    let act = try #require(outcome.act)
    _ = try #require(try library.undo(act, now: noon.adding(seconds: 60)))
    #expect(
      try articles(library)
        == ["One 2 true false ", "Other 2 false false ", "Two, edited 2 false true "]
    )
    #expect(try sync(library, items, 70) == [.updated])
    #expect(try state(library) == before)
    try expectSameAnew(library, places)
  }
}

@Test func `what was marked while two were one stays marked on both when that is taken back`()
  throws
{
  try withPlaces { places in
    let library = try opened(places)
    try sync(library, [item("g1", "a", "One"), item("g2", "b", "Two")], 10)
    let outcome = try library.join(
      row(library, "One"),
      row(library, "Two"),
      now: noon.adding(seconds: 20)
    )
    let joined = try #require(try rows(library).first)
    try library.mark([joined], .read(true), now: noon.adding(seconds: 30))
    try library.mark([joined], .tag("birds", true), now: noon.adding(seconds: 31))
    let act = try #require(outcome.act)
    _ = try #require(try library.undo(act, now: noon.adding(seconds: 40)))
    #expect(try rows(library).map(\.isRead) == [true, true])
    #expect(try rows(library).map(\.tags) == [["birds"], ["birds"]])
    try expectSameAnew(library, places)
  }
}

@Test func `a split of what was joined makes it two again, with the marks of both`() throws {
  try withPlaces { places in
    let library = try opened(places)
    try sync(library, [item("g1", "a", "One"), item("g2", "b", "Two")], 10)
    try library.mark([row(library, "One")], .read(true), now: noon.adding(seconds: 20))
    _ = try library.join(row(library, "One"), row(library, "Two"), now: noon.adding(seconds: 30))
    let shown = try #require(try rows(library).first)
    _ = try #require(
      try library.split(shown, naming: shown.id, now: noon.adding(seconds: 40))
    )
    #expect(try articles(library) == ["One 2 true false ", "Two 2 true false "])
    try expectSameAnew(library, places)
  }
}

@Test func `three are joined and taken apart one by one`() throws {
  try withPlaces { places in
    let library = try opened(places)
    try sync(library, (1...3).map { item("g\($0)", "p\($0)", "Title \($0)") }, 10)
    let rows = try rows(library)
    _ = try library.join(rows[0], rows[1], now: noon.adding(seconds: 20))
    let one = try #require(try library.article(withPrefix: rows[0].id.description).one)
    _ = try library.join(rows[2], one, now: noon.adding(seconds: 30))
    #expect(try apartRows(library).count == 1)
    let all = try #require(try apartRows(library).first)
    let outcome = try #require(
      try library.split(all, naming: rows[1].id, now: noon.adding(seconds: 40))
    )
    #expect(outcome.articles.count >= 2)
    #expect(try library.keys(of: row(library, "Title 2")).count == 2)
    try expectSameAnew(library, places)
  }
}

private func apartRows(_ library: Library) throws -> [ArticleRow] { try rows(library) }

extension Finding {
  fileprivate var one: Value? { if case .one(let value) = self { value } else { nil } }
}

@Test func `a split here and a join there come together on both machines`() throws {
  try withPlaces { places in
    let here = try matched(places)
    let there = try Library.open(other(places))
    _ = try #require(try split(here, "Two", 40))
    // There nothing of that is known yet: the same folder, read before the split.
    _ = try there.join(row(there, "Two"), row(there, "Other"), now: noon.adding(seconds: 41))
    let shown = try state(Library.open(places))
    #expect(try state(Library.open(other(places))) == shown)
    #expect(
      try articles(Library.open(places)) == ["One 4 true false news", "Two 1 true false news"]
        || articles(Library.open(places)) == ["Other 4 true false news", "Two 1 true false news"]
    )
    try expectSameAnew(Library.open(places), places)
  }
}

@Test func `splits and joins go out and come in, into an empty home and into one that knows more`()
  throws
{
  try withPlaces { places in
    let library = try matched(places)
    _ = try #require(try split(library, "Two", 40))
    try sync(library, [item("g3", "c", "Three"), item("g4", "d", "Four")], 50)
    _ = try library.join(row(library, "Three"), row(library, "Four"), now: noon.adding(seconds: 51))
    let lines = try state(library)
    try withPlaces { empty in
      let new = try Library.open(empty)
      var taking = StateImport(into: new, now: noon.adding(seconds: 100))
      for line in lines { #expect(try taking.take(line) == nil) }
      try taking.commit()
      #expect(try state(new) == lines)
      try expectSameAnew(new, empty)
      var again = StateImport(into: new, now: noon.adding(seconds: 200))
      for line in lines { #expect(try again.take(line) == nil) }
      try again.commit()
      #expect(again.counts.areZero)
    }
    // Where it is still one article, and read, both parts are read afterwards.
    try withPlaces { unsplit in
      let new = try matched(unsplit)
      var taking = StateImport(into: new, now: noon.adding(seconds: 100))
      for line in lines {
        if case .article(var article) = line {
          article.marks = MarkState()
          #expect(try taking.take(.article(article)) == nil)
        } else {
          #expect(try taking.take(line) == nil)
        }
      }
      try taking.commit()
      #expect(try row(new, "One").isRead && row(new, "Two").isRead)
      #expect(try row(new, "Two").tags == ["news"])
    }
  }
}

@Test func `a purge of one part drops no text of the other`() throws {
  try withPlaces { places in
    let library = try matched(places)
    // Its own revision after the match names the keys of both.
    try sync(library, [item("g1", "day", "One, edited")], 35)
    _ = try #require(try split(library, "One, edited", 40))
    let one = try row(library, "One, edited")
    #expect(try library.articles(ArticleQuery()).count == 1)
    let feeds = try library.feeds()
    let kept = try library.index.keptArticles(of: feed).filter { $0.id == one.id }
    try library.purge([FeedPurge(feed: feeds[0], articles: kept)], now: noon.adding(seconds: 50))
    #expect(try rows(library).map(\.title) == ["Other", "Two"])
    let late = noon.adding(seconds: 40 * 86_400)
    _ = try library.compact(now: late)
    _ = try library.compact(now: late.adding(seconds: 40 * 86_400))
    let two = try row(library, "Two")
    #expect(try library.article(at: two)?.item.contentText == "What is said of Two.")
    #expect(try sync(library, [item("g1", "day", "One, edited")], 60) == [])
    try expectSameAnew(library, places)
  }
}

@Test func `why says of both parts that they were taken apart, when and by whom`() throws {
  try withPlaces { places in
    let library = try matched(places)
    _ = try #require(try split(library, "Two", 40))
    for (title, isOther) in [("One", true), ("Two", false)] {
      let keys = try library.keys(of: row(library, title))
      let explanation = try library.explain(.article(keys))
      let writes = explanation.events.compactMap { event -> ExplainedWrite? in
        if case .write(let write) = event.deed, write.register == "part" { write } else { nil }
      }
      #expect(writes.map(\.holds) == [true], "\(title)")
      #expect(writes.first?.act != nil)
      let others = explanation.events.compactMap { event -> ArticleID? in
        if case .revision(let revision) = event.deed { revision.other } else { nil }
      }
      #expect(others.isEmpty != isOther, "\(title)")
      #expect(explanation.present?.unexplained == [])
      #expect(explanation.present?.revisions == 1)
    }
  }
}

@Test func `what was split and joined is found by its words`() throws {
  try withPlaces { places in
    let library = try matched(places)
    func found(_ words: String) throws -> [String?] {
      var query = ArticleQuery()
      query.includesRead = true
      query.filter = try Query(parsing: words)
      return try library.articles(query).map(\.title)
        .sorted { $0 ?? "" < $1 ?? "" }
    }
    #expect(try found("said") == ["Other", "Two"])
    _ = try #require(try split(library, "Two", 40))
    #expect(try found("One") == ["One"])
    #expect(try found("Two") == ["Two"])
    _ = try library.join(row(library, "Two"), row(library, "Other"), now: noon.adding(seconds: 50))
    #expect(try found("said").count == 2)
  }
}
