import FeedIndex
import FeedMerge
import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let feed = feedID(firstURL: "https://a.example/f")
private let id = ArticleID(HashID(digest: [UInt8](repeating: 7, count: 20)))
private let other = ArticleID(HashID(digest: [UInt8](repeating: 9, count: 20)))
private let (laptop, desktop) = ("laptop22", "desktop2")
private let names = WhyNames(devices: [laptop: "laptop", desktop: "desktop"], own: laptop)

/// Lines of several devices, each with a number and a sum of its own.
private struct Script {
  var lines: [WhyLine] = []

  mutating func add(
    _ seconds: Int64,
    _ device: String,
    _ operation: StoreOperation,
    act: Int? = nil,
    undoes: ActID? = nil,
    in directory: String? = nil
  ) {
    let number = lines.count + 1
    let event = StoreEvent(
      number: number,
      at: noon.adding(seconds: seconds),
      device: device,
      sum: UInt32(number),
      operation: operation,
      act: act.map { LineAct(id: ActID(device: device, number: $0), undoes: undoes) }
    )
    let place = LinePlace(segment: "dev/\(device)/j-000001.jsonl", offset: number, length: 1)
    lines.append(
      WhyLine(line: StoredLine(event: event, place: place), directory: directory ?? device)
    )
  }

  mutating func mark(
    _ seconds: Int64,
    _ device: String,
    _ register: String,
    _ value: RegisterValue,
    act: Int? = nil,
    undoes: ActID? = nil
  ) {
    let operation = StoreOperation.set(key: register, value: value, ids: [id, other])
    add(seconds, device, operation, act: act, undoes: undoes)
  }

  mutating func fetch(
    _ seconds: Int64,
    _ device: String,
    _ title: String,
    rule: MatchRule = .new,
    keys: [ArticleID] = [id],
    text: String = "some words"
  ) {
    var item = FeedItem()
    item.title = title
    item.contentText = text
    let article = Article(
      feed: feed,
      keys: keys,
      rule: rule,
      contentHash: contentHash(of: item),
      item: item
    )
    add(seconds, device, .article(article))
  }

  func events(_ keys: [ArticleID] = [id]) -> [ExplainedEvent] {
    explained(.article(keys), by: lines, names)
  }
}

extension ExplainedEvent {
  fileprivate var write: ExplainedWrite? {
    if case .write(let write) = deed { write } else { nil }
  }

  fileprivate var revision: ExplainedRevision? {
    if case .revision(let revision) = deed { revision } else { nil }
  }
}

@Test func `of the writes to a register one holds, and the others say which`() {
  var script = Script()
  script.mark(10, laptop, "read", .bool(true), act: 1)
  script.mark(30, desktop, "read", .bool(false), act: 1)
  script.mark(20, laptop, "read", .bool(true), act: 2)
  script.mark(5, laptop, "star", .bool(true), act: 3)
  let events = script.events()
  #expect(events.map { $0.at.seconds - noon.seconds } == [5, 10, 20, 30])
  #expect(events.map { $0.write?.holds } == [true, false, false, true])
  #expect(events[1].write?.beatenBy?.name == "desktop")
  #expect(events[1].write?.beatenAt == noon.adding(seconds: 30))
  #expect(events[1].write?.count == 2)
  #expect(events[0].device.isOwn && !events[3].device.isOwn)
  let marks = MarkState(isRead: false, isStarred: true, tags: [], isGone: false)
  #expect(writtenMarks(events) == marks)
}

@Test func `an act says what took it back, and a redo that it holds again`() {
  var script = Script()
  let act = ActID(device: laptop, number: 1)
  let undo = ActID(device: desktop, number: 5)
  script.mark(10, laptop, "read", .bool(true), act: 1)
  script.mark(20, desktop, "read", .none, act: 5, undoes: act)
  var events = script.events()
  #expect(events[0].write?.undoneBy?.id == undo)
  #expect(events[0].write?.act?.short == "lap-1")
  #expect(events[1].write?.undoes?.id == act)
  #expect(events[1].write?.undoneBy == nil)
  script.mark(30, laptop, "read", .bool(true), act: 2, undoes: undo)
  events = script.events()
  #expect(events[0].write?.undoneBy == nil)
  #expect(events[1].write?.undoneBy?.id == ActID(device: laptop, number: 2))
  #expect(events[2].write?.isRedo == true)
  #expect(writtenMarks(events).isRead == true)
}

@Test func `an undo that left this article alone still says that the act was undone`() {
  var script = Script()
  script.mark(10, laptop, "read", .bool(true), act: 1)
  let operation = StoreOperation.set(key: "star", value: .none, ids: [other])
  let act = ActID(device: laptop, number: 1)
  script.add(20, laptop, operation, act: 2, undoes: act)
  let events = script.events()
  #expect(events.count == 1)
  #expect(events[0].write?.undoneBy?.id == ActID(device: laptop, number: 2))
}

@Test func `a revision says what changed, which keys came, and what was there before already`() {
  var script = Script()
  script.fetch(1, laptop, "One", text: "a b c")
  script.fetch(2, laptop, "Two", rule: .link, keys: [id, other], text: "a b d d")
  script.fetch(3, laptop, "One", rule: .guid, text: "a b c")
  script.fetch(4, laptop, "One", rule: .guid, text: "a b c")
  let revisions = script.events([id, other]).compactMap(\.revision)
  #expect(revisions.map(\.isFirst) == [true, false, false, false])
  #expect(revisions.map(\.isChanged) == [false, true, true, false])
  #expect(revisions.map(\.newKeys) == [[id], [other], [], []])
  #expect(
    revisions[1].changes == [
      ContentChange(.title, before: "One", after: "Two"),
      ContentChange(.text, addedWords: 2, removedWords: 1, words: 4),
    ]
  )
  #expect(revisions[2].returnsTo == noon.adding(seconds: 1))
  #expect(revisions[3].changes.isEmpty)
  #expect(revisions[1].evidence?.fact(.title)?.comparison == .different)
  #expect(revisions[0].evidence == nil)
}

@Test func `what two machines fetched under two keys is apart until a line has both`() {
  var script = Script()
  script.fetch(1, laptop, "One", keys: [id])
  script.fetch(2, desktop, "One", keys: [other])
  script.fetch(3, laptop, "One", rule: .text, keys: [id, other])
  let revisions = script.events([id, other]).compactMap(\.revision)
  #expect(revisions.map(\.isApart) == [false, true, false])
}

@Test func `copies of a line are one event, whatever the order, and lines of others are none`() {
  var script = Script()
  script.fetch(1, laptop, "One")
  script.mark(2, laptop, "read", .bool(true), act: 1)
  let before = script.events()
  // The same mark, taken over by another device.
  script.add(2, laptop, .set(key: "read", value: .bool(true), ids: [id]), in: desktop)
  script.add(3, laptop, .set(key: "read", value: .bool(true), ids: [other]))
  script.add(3, laptop, .feed(feed, key: "sub", value: .bool(true)))
  let whole = script.lines
  for lines in [whole, whole.reversed(), whole + whole] {
    script.lines = lines
    #expect(script.events().map(\.place) == before.map(\.place))
    #expect(script.events().map(\.takenOverBy) == [nil, nil])
  }
  // Where the first is no more, its copy stands for it.
  script.lines.removeAll { $0.line.event.operation == whole[1].line.event.operation }
  #expect(script.events().last?.takenOverBy?.id == desktop)
}

@Test func `a star after a purge brings an article back, and one before it does not`() {
  for (seconds, isGone) in [(Int64(5), true), (15, false)] {
    var script = Script()
    script.mark(seconds, laptop, "star", .bool(true))
    script.mark(10, laptop, "gone", .bool(true))
    #expect(writtenMarks(script.events()).isGone == isGone)
  }
}

@Test func `words are counted, and markup alone changes none`() {
  func item(_ html: String) -> FeedItem {
    var item = FeedItem()
    item.contentHTML = html
    return item
  }
  let first = item("<p>one two three</p>")
  #expect(contentChanges(from: first, to: first).isEmpty)
  #expect(
    contentChanges(from: first, to: item("<div>one <b>two</b> three</div>"))
      == [ContentChange(.text, addedWords: 0, removedWords: 0, words: 3)]
  )
  #expect(
    contentChanges(from: first, to: item("<p>three two two</p>"))
      == [ContentChange(.text, addedWords: 1, removedWords: 1, words: 3)]
  )
}

// Whole libraries.

/// A library in a directory of its own, removed afterwards.
private func withLibrary(_ body: (Library, Library.Places) throws -> Void) throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-why-\(UUID().uuidString)"
  try FileManager.default.createDirectory(
    atPath: root + "/cache",
    withIntermediateDirectories: true
  )
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  let places = Library.Places(
    store: root + "/store",
    state: root + "/state",
    index: root + "/cache/index.sqlite"
  )
  let library = try Library.open(places)
  try library.subscribe(to: [Subscription(url: "https://a.example/f")], now: noon)
  try library.append([line("One", [id]), line("Else", [other])], now: noon)
  try body(library, places)
}

private func line(_ title: String, _ keys: [ArticleID], seconds: Int64 = 0) -> PendingLine {
  var item = FeedItem()
  item.title = title
  item.contentText = "text"
  let article = Article(
    feed: feed,
    keys: keys,
    rule: .new,
    contentHash: contentHash(of: item),
    item: item
  )
  return PendingLine(at: noon.adding(seconds: seconds), operation: .article(article))
}

private func one(_ library: Library, _ words: String) throws -> Explanation.Subject {
  guard case .one(let subject) = try library.subject(named: words) else {
    Issue.record("\(words) means one thing.")
    return .feed(feed)
  }
  return subject
}

@Test func `an article is explained from one line or from all, with the same words`() throws {
  try withLibrary { library, _ in
    let row = try #require(try library.articles(ArticleQuery()).first { $0.title == "One" })
    try library.mark([row], .read(true), now: noon.adding(seconds: 5))
    let subject = try one(library, id.description)
    let quick = try library.explain(subject)
    #expect(quick.events.count == 2)
    #expect(quick == (try library.explain(subject, everywhere: true)))
    #expect(quick.present?.marks.isRead == true)
    #expect(quick.present?.text == .here)
    #expect(quick.present?.unexplained == [])
    #expect(quick.feed?.id == feed)
    try library.append([line("Two", [id], seconds: 9)], now: noon)
    let again = try library.explain(subject)
    #expect(again.events.count == 3)
    #expect(again.present?.revisions == 2)
    #expect(again.title == "Two")
  }
}

@Test func `a purged article and marks without an article can be asked for`() throws {
  try withLibrary { library, _ in
    let lone = ArticleID(HashID(digest: [UInt8](repeating: 3, count: 20)))
    try library.append(
      [
        PendingLine(at: noon, operation: .set(key: "gone", value: .bool(true), ids: [id])),
        PendingLine(at: noon, operation: .set(key: "read", value: .bool(true), ids: [lone])),
      ],
      in: Act(),
      now: noon
    )
    #expect(try library.article(withPrefix: id.description).isNone)
    let purged = try library.explain(one(library, String(id.description.prefix(5))))
    #expect(purged.present?.marks.isGone == true)
    #expect(purged.title == "One")
    let waiting = try library.explain(one(library, lone.description))
    #expect(waiting.present?.received == nil)
    #expect(waiting.present?.text == .missing)
    #expect(waiting.present?.marks.isRead == true)
    #expect(try library.subject(named: "7777").isNone)
  }
}

extension Finding {
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}

@Test func `a damaged line that names an article is told, and so is what the index alone knows`()
  throws
{
  try withLibrary { library, places in
    let row = try #require(try library.articles(ArticleQuery()).first { $0.title == "One" })
    try library.mark([row], .read(true), now: noon.adding(seconds: 5))
    let subject = try one(library, id.description)
    let mark = try #require(try library.explain(subject).events.last)
    let path = places.store + "/" + mark.place.segment
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[mark.place.offset + 2] = UInt8(ascii: "x")
    try bytes.write(to: URL(fileURLWithPath: path))
    let damaged = try library.explain(subject)
    #expect(damaged.events.count == 1)
    #expect(damaged.disbelieved.map(\.offset) == [mark.place.offset])
    #expect(damaged.present?.unexplained == ["read"])
  }
}

@Test func `a feed tells its settings, and an article wins where both are meant`() throws {
  try withLibrary { library, _ in
    try library.unsubscribe(from: [feed], now: noon.adding(seconds: 3))
    let explanation = try library.explain(one(library, "https://a.example/f"))
    let writes = explanation.events.compactMap(\.write)
    #expect(writes.map(\.register) == ["url", "sub", "sub"])
    #expect(writes.map(\.holds) == [true, false, true])
    #expect(explanation.feed?.isSubscribed == false)
  }
}
