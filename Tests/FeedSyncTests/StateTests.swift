import FeedIndex
import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let url = "https://a.example/f"
private let feed = Subscription(url: url).id

/// A library in a directory of its own, removed afterwards.
private func withLibrary(_ body: (Library) throws -> Void) throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-state-\(UUID().uuidString)"
  try FileManager.default.createDirectory(
    atPath: root + "/cache",
    withIntermediateDirectories: true
  )
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  try body(
    Library.open(
      Library.Places(
        store: root + "/store",
        state: root + "/state",
        index: root + "/cache/index.sqlite"
      )
    )
  )
}

private func id(_ number: Int) -> ArticleID {
  ArticleID(
    HashID(digest: (0..<20).map { UInt8(truncatingIfNeeded: number * 37 >> ($0 % 4 * 8)) })
  )
}

private func line(_ number: Int, text: String = "words", at seconds: Int64 = 0) -> PendingLine {
  var item = FeedItem()
  item.guid = number.isMultiple(of: 2) ? "g\(number)" : nil
  item.title = "Title \(number)\u{9B}31m\n"
  item.contentHTML = "<p>\(text) \(number)</p>"
  item.published = noon
  let article = Article(
    feed: feed,
    keys: [id(number), id(number + 1000)],
    rule: .new,
    contentHash: "h\(text)",
    item: item
  )
  return PendingLine(at: noon.adding(seconds: seconds), operation: .article(article))
}

private func mark(_ register: String, _ numbers: [Int], _ value: Bool = true) -> PendingLine {
  let ids = numbers.map(id)
  return PendingLine(
    at: noon.adding(seconds: 50),
    operation: .set(key: register, value: .bool(value), ids: ids)
  )
}

/// A library in which all is that a line can say.
private func fill(_ library: Library) throws {
  try library.subscribe(
    to: [
      Subscription(url: url, title: "Mine\u{202E}", tags: ["news", "a b"]),
      Subscription(url: "https://gone.example/f", title: "Removed"),
      Subscription(url: "/home/ann/feed.xml"),
    ],
    now: noon
  )
  try library.unsubscribe(from: [Subscription(url: "https://gone.example/f").id], now: noon)
  let row = try #require(try library.feed(at: url))
  try library.change(
    row,
    [.interval(600), .userAgent("Ann"), .http1Only(true)],
    now: noon
  )
  let publisher = try library.lines(
    of: feed,
    [("source.title", .string("Publisher")), ("newer.register", .integer(7))],
    now: noon
  )
  var lines = (1...9).map { line($0, at: Int64($0)) }
  // Edited: a newer revision, and an older one that comes later.
  lines += [line(3, text: "edited", at: 20), line(4, text: "early", at: -20)]
  // Under the other key, purged, and not here.
  lines += [
    mark("read", [1, 2, 1003]), mark("star", [2]), mark("tag:later", [4, 5]),
    mark("tag:old", [5], false), mark("gone", [6]), mark("read", [77]), mark("star", [78]),
    mark("tag:x", [78]), mark("read", [79], false),
  ]
  try library.append(publisher + lines, now: noon)
}

private func export(_ library: Library) throws -> [StateLine] {
  var lines: [StateLine] = []
  #expect(try library.exportState { lines.append($0) } == 0)
  return lines
}

@discardableResult
private func importing(
  _ lines: [StateLine],
  into library: Library
) throws -> StateImport.Counts {
  var state = StateImport(into: library, now: noon.adding(seconds: 1000))
  for line in lines { #expect(try state.take(line) == nil) }
  try state.commit()
  return state.counts
}

@Test func `what is exported and imported into an empty home is exported as it was`() throws {
  try withLibrary { old in
    try fill(old)
    let lines = try export(old)
    #expect(lines.count == 3 + 9 + 2)
    try withLibrary { new in
      try importing(lines, into: new)
      #expect(try export(new) == lines)
      // The second time there is nothing to write.
      #expect(try importing(lines, into: new).areZero)
      #expect(try new.acts(limit: 10).count == 1)
      // In the reverse order it comes to the same.
      try withLibrary { third in
        try importing(lines.reversed(), into: third)
        #expect(try export(third) == lines)
      }
    }
  }
}

@Test func `all registers of an import are one act, which can be undone`() throws {
  try withLibrary { old in
    try fill(old)
    let lines = try export(old)
    try withLibrary { new in
      try new.subscribe(to: [Subscription(url: "https://other.example/")], now: noon)
      let before = try export(new)
      try importing(lines, into: new)
      let act = try #require(try new.lastAct())
      let outcome = try #require(try new.undo(act.id, now: noon.adding(seconds: 2000)))
      #expect(outcome.left == 0)
      let feeds = try export(new)
        .filter { line in
          if case .feed = line { true } else { false }
        }
      #expect(feeds == before)
      // Of a purged article nothing came that could be shown.
      #expect(outcome.emptied == 1)
      #expect(try new.index.articleState(of: id(6))?.state.marks.isGone == true)
    }
  }
}

@Test func `a line says what is to be, and what it does not say stays`() throws {
  try withLibrary { library in
    try fill(library)
    let before = try export(library)
    let unread = MarkState(isRead: false)
    let keys = [id(1), id(1001)]
    let state = ArticleState(id: id(1), feed: feed, keys: keys, received: noon, marks: unread)
    var new = try #require(try library.index.articleState(of: id(1)))
    try importing([.feed(FeedState(id: feed)), .article(state)], into: library)
    new.state.marks.isRead = false
    let after = try #require(try library.index.articleState(of: id(1)))
    #expect(after.state.marks == new.state.marks)
    #expect(try export(library).count == before.count)
    #expect(library.article(at: after.place)?.item.title == "Title 1\u{9B}31m\n")
  }
}

@Test func `an import without bodies takes none away`() throws {
  try withLibrary { library in
    try fill(library)
    let before = try export(library)
    var lines: [StateLine] = []
    _ = try library.exportState(withBodies: false) { lines.append($0) }
    #expect(lines != before)
    for case .article(let article) in lines { #expect(article.item?.contentHTML == nil) }
    #expect(try importing(lines, into: library).areZero)
    #expect(try export(library) == before)
  }
}

@Test func `the path of a file that an import names is kept and not trusted`() throws {
  try withLibrary { library in
    let id = Subscription(url: "/etc/passwd").id
    let state = FeedState(
      id: id,
      isSubscribed: true,
      registers: ["url": .string("/etc/passwd")]
    )
    try importing([.feed(state)], into: library)
    let row = try #require(try library.feed(id))
    #expect(row.urlDevice == "imported")
    #expect(row.urlDevice != library.store.device)
    // Typed here it is.
    try library.subscribe(to: [Subscription(url: "/etc/passwd")], now: noon.adding(seconds: 2000))
    #expect(try library.feed(id)?.urlDevice == library.store.device)
  }
}

@Test func `a line that knows only a part of an article takes nothing away from it`() throws {
  try withLibrary { library in
    try fill(library)
    let said = MarkState(isRead: false, isStarred: true, tags: ["new"], isGone: true)
    try importing([.marks(id(1), said)], into: library)
    let marks = try #require(try library.index.articleState(of: id(1))?.state.marks)
    let expected = MarkState(
      isRead: true,
      isStarred: true,
      tags: ["new"],
      isGone: false,
      isHidden: false
    )
    #expect(marks == expected)
    #expect(try importing([.marks(id(1), said)], into: library).areZero)
  }
}

@Test func `an address that an import names is none that was typed, until it is`() throws {
  try withLibrary { library in
    let address = "http://127.0.0.1/f"
    let id = Subscription(url: address).id
    var state = FeedState(
      id: id,
      isSubscribed: true,
      registers: ["url": .string(address), "fetch.led": .bool(true)]
    )
    func isTrusted() throws -> Bool {
      let row = try #require(try library.feed(id))
      return Asking(feed: row, poll: PollState(), devices: library.store.ownDevices).isTrusted
    }
    try importing([.feed(state)], into: library)
    #expect(try !isTrusted())
    #expect(try importing([.feed(state)], into: library).areZero)
    // No line makes it so, nor the undo of one, nor another address that leads to it.
    state.registers["fetch.led"] = .bool(false)
    #expect(try importing([.feed(state)], into: library).areZero)
    let act = try #require(try library.lastAct())
    let undo = try #require(try library.undo(act.id, now: noon.adding(seconds: 1100))?.undo)
    try library.undo(undo, now: noon.adding(seconds: 1200))
    #expect(try library.feed(id)?.urlDevice == FeedRow.importer)
    let later = noon.adding(seconds: 2000)
    let row = try #require(try library.feed(id))
    for other in ["https://a.example/", "/etc/passwd"] {
      let led = Subscription(row, typed: other, title: nil, tags: [])
      try library.subscribe(to: [led], now: later)
    }
    #expect(try !isTrusted())
    try library.subscribe(
      to: [Subscription(row, typed: address, title: nil, tags: [])],
      now: later
    )
    #expect(try isTrusted())
    #expect(
      try importing([.feed(FeedState(id: id, registers: ["url": .string(address)]))], into: library)
        .areZero
    )
    #expect(try isTrusted())
    // Nor does the path of a file become one that was typed by a word that leads to it.
    let path = FeedState(id: feed, isSubscribed: true, registers: ["url": .string("/etc/passwd")])
    try importing([.feed(path)], into: library)
    let file = try #require(try library.feed(feed))
    try library.subscribe(to: [Subscription(file, typed: url, title: nil, tags: [])], now: later)
    #expect(try library.feed(feed)?.urlDevice == FeedRow.importer)
  }
}

@Test func `an article that is starred over an old purge stays when an import takes its star`()
  throws
{
  try withLibrary { library in
    try fill(library)
    let ids = [id(5), id(4000)]
    for (seconds, register) in [(60, "gone"), (61, "star")] {
      let set = StoreOperation.set(key: register, value: .bool(true), ids: ids)
      let line = PendingLine(at: noon.adding(seconds: Int64(seconds)), operation: set)
      try library.append([line], now: noon)
    }
    let loose = try library.index.looseMarks(from: nil, limit: 100)
    #expect(loose.first { $0.key == id(4000) }?.marks.isGone == false)
    let unstarred = MarkState(isRead: false, isStarred: false)
    let keys = [id(5), id(1005)]
    let lines: [StateLine] = [
      .article(
        ArticleState(id: id(5), feed: feed, keys: keys, received: noon, marks: unstarred)
      ),
      .marks(id(4000), unstarred),
    ]
    func marks() throws -> MarkState {
      try #require(try library.index.articleState(of: id(5))).state.marks
    }
    try importing(lines, into: library)
    #expect(try marks().isGone == false)
    #expect(try marks().isStarred == false)
    #expect(try library.index.marks(under: id(4000)).isGone == false)
    #expect(try importing(lines, into: library).areZero)
    // What says nothing of a purge leaves it, and what says so lifts it.
    func taking(_ state: MarkState) throws -> StateImport.Counts {
      let article = ArticleState(id: id(5), feed: feed, keys: keys, received: noon, marks: state)
      return try importing([.article(article)], into: library)
    }
    _ = try taking(MarkState(isGone: true))
    _ = try taking(unstarred)
    #expect(try marks().isGone == true)
    _ = try taking(MarkState(isGone: false))
    #expect(try marks().isGone == false)
    // A purge that is said together with a new star is later than it.
    _ = try taking(MarkState(isGone: true))
    let both = MarkState(isStarred: true, isGone: true)
    _ = try taking(both)
    #expect(try marks().isGone == true)
    #expect(try taking(both).areZero)
  }
}

@Test func `no article is received long after now`() throws {
  try withLibrary { library in
    let line = StateLine.article(
      ArticleState(id: id(1), feed: feed, keys: [id(1)], received: .latest, marks: MarkState())
    )
    #expect(try importing([line], into: library).fromFuture == 1)
    let known = try #require(try library.index.articleState(of: id(1)))
    #expect(known.state.received == noon.adding(seconds: 1000))
    #expect(try importing([line], into: library).areZero)
  }
}

@Test func `hostile lines are refused, each with a reason`() throws {
  func feedLine(_ registers: [String: RegisterValue], tags: [String]? = nil) -> StateLine {
    .feed(FeedState(id: feed, isSubscribed: true, tags: tags, registers: registers))
  }
  let good: RegisterValue = .string(url)
  let bad: [StateLine] = [
    feedLine([:]), feedLine(["url": .string("file:///etc/passwd")]),
    feedLine(["url": .string("exec:rm -rf /")]), feedLine(["url": .string("javascript:1")]),
    feedLine(["url": .string("../x")]), feedLine(["url": .integer(1)]),
    feedLine(["url": .string("/etc/\u{0}")]), feedLine(["url": good], tags: ["a\nb"]),
    feedLine(["url": good], tags: [""]), feedLine(["url": good, "a\u{1B}": .bool(true)]),
    feedLine(["url": good, "fetch.user-agent": .string("a\r\nCookie: b")]),
    feedLine(["url": good, "fetch.interval": .string("x")]),
    feedLine(["url": good, "title": .string(String(repeating: "x", count: 1 << 20))]),
    feedLine(["url": good, "tag:x": .bool(true)]),
    .marks(id(1), MarkState(isRead: true, tags: ["\u{9B}"])),
    .article(
      ArticleState(
        id: id(1),
        feed: feed,
        keys: (0..<65).map(id),
        received: noon,
        marks: MarkState()
      )
    ),
  ]
  try withLibrary { library in
    var state = StateImport(into: library, now: noon)
    for line in bad {
      let fault = try state.take(line)
      #expect(fault != nil, "\(line)")
    }
    try state.commit()
    #expect(library.isEmpty)
  }
}
