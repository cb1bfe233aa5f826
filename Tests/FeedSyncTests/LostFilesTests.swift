import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedIndex
@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let later = noon.adding(seconds: 9000)
private let url = "https://a.example/f"

private let items = (1...6)
  .map {
    "<item><guid>g\($0)</guid><title>T\($0)</title><description>text \($0)</description></item>"
  }
  .joined()

/// A library with a feed of six articles, of which some are marked.
private final class Marked: Sendable {
  let root: String
  let places: Library.Places

  init() async throws {
    root = FileManager.default.temporaryDirectory.path + "/rill-lost-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    places = Library.Places(
      store: root + "/store",
      state: root + "/state",
      index: root + "/index.sqlite"
    )
    let library = try open()
    try library.subscribe(to: [Subscription(url: url, tags: ["mine"])], now: noon)
    try await sync(at: noon)
    let rows = try rows()
    try library.mark(Array(rows[0...3]), .read(true), now: noon.adding(seconds: 10))
    try library.mark(Array(rows[2...4]), .tag("later", true), now: noon.adding(seconds: 20))
    try library.mark([rows[5]], .star(true), now: noon.adding(seconds: 30))
  }

  deinit {
    // Cleaning up is all that is left; a failure harms nobody.
    try? FileManager.default.removeItem(atPath: root)
  }

  func open() throws -> Library { try Library.open(places) }

  func sync(at now: Timestamp) async throws {
    let network = FakeNetwork()
    network.serve(url, rss: items, etag: "\(now.milliseconds)")
    let library = try open()
    let options = SyncOptions(reason: .named, jobs: 1, clock: { now })
    _ = try await library.sync(try library.feeds(), from: network, options) { _ in }
  }

  func rows() throws -> [ArticleRow] {
    var query = ArticleQuery()
    query.includesRead = true
    return try open().articles(query).sorted { $0.id < $1.id }
  }

  /// All that is known, without what articles say.
  func state() throws -> [String] {
    try open().feeds()
      .map { "\($0.id) \($0.url) \($0.title) \($0.tags) \($0.unread)/\($0.total)" }
      + rows()
      .map {
        "\($0.id) \($0.title ?? "-") \($0.received.milliseconds) \($0.isRead) \($0.isStarred) \($0.tags)"
      }
  }

  func texts() throws -> [String?] {
    let library = try open()
    return try rows()
      .map { row in
        let item = try library.article(at: row)?.item
        return item?.contentHTML ?? item?.contentText
      }
  }

  /// The path of a file of our own.
  func file(_ name: String) throws -> String {
    "\(root)/store/dev/\(try #require(try open().store.device))/\(name)"
  }

  func forgetIndex() throws {
    for suffix in ["", "-wal", "-shm"] {
      // There may be no log.
      try? FileManager.default.removeItem(atPath: places.index + suffix)
    }
  }
}

/// What may happen to a file behind our back.
private enum Mishap: CaseIterable, Sendable {
  /// Thirty bytes are cut off at its end.
  case cut
  /// Its last line is gone, and it is another file.
  case lastLine
  /// All of it is gone.
  case file
  /// And so are all beside it.
  case directory

  func befall(_ path: String) throws {
    let manager = FileManager.default
    switch self {
    case .cut:
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: try handle.seekToEnd() - 30)
      try handle.close()
    case .lastLine:
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      let text = lines.dropLast().joined(separator: "\n") + "\n"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    case .file: try manager.removeItem(atPath: path)
    case .directory: try manager.removeItem(atPath: (path as NSString).deletingLastPathComponent)
    }
  }
}

private let files = ["j-000001.jsonl", "a-000001.jsonl"]

@Test(arguments: Mishap.allCases, files)
private func `what a lost file said is found missing, and written down again by a repair`(
  _ mishap: Mishap,
  _ name: String
) async throws {
  let marked = try await Marked()
  let before = try marked.state()
  try mishap.befall(try marked.file(name))
  let library = try marked.open()
  #expect(try marked.state() == before)
  let report = try library.check(now: later)
  #expect(!report.isClean)
  // Nothing of it is taken for a fault of the index, which a person could throw away.
  #expect(try library.check(full: true, now: later).index.isEmpty)
  let repair = try library.repair(report, now: later)
  #expect(repair.rescued + repair.articles > 0)
  #expect(try marked.state() == before)
  #expect(try marked.open().check(full: true, now: later).isClean)
  #expect(try marked.open().check(full: true, now: later).store.findings.isEmpty)
  // The files say it by themselves.
  try marked.forgetIndex()
  #expect(try marked.state() == before)
  #expect(try marked.open().check(full: true, now: later).isClean)
  // And the next sync brings the texts.
  try await marked.sync(at: later)
  #expect(try marked.texts().allSatisfy { $0 != nil })
  #expect(try marked.state() == before)
}

@Test(arguments: Mishap.allCases, files)
private func `what a lost file said is written down again before the index is made anew`(
  _ mishap: Mishap,
  _ name: String
) async throws {
  let marked = try await Marked()
  let before = try marked.state()
  try mishap.befall(try marked.file(name))
  let saved = try Library.writeDownLost(marked.places, now: later)
  #expect(saved.writes + saved.articles > 0)
  #expect(!saved.lost.isEmpty)
  _ = try Library.rebuild(marked.places)
  #expect(try marked.state() == before)
  try marked.forgetIndex()
  #expect(try marked.state() == before)
  // Whoever made the index anew has heard of it, and all is saved.
  #expect(try marked.open().check(now: later).isClean)
  let library = try marked.open()
  _ = try library.repair(try library.check(now: later), now: later)
  #expect(try marked.open().check(full: true, now: later).store.findings.isEmpty)
  #expect(try Library.writeDownLost(marked.places, now: later).writes == 0)
}

@Test(arguments: Mishap.allCases, files)
private func `an index of an older version hands on what it alone knows`(
  _ mishap: Mishap,
  _ name: String
) async throws {
  let marked = try await Marked()
  let before = try marked.state()
  try mishap.befall(try marked.file(name))
  try marked.open().index.execute("PRAGMA user_version = 1")
  #expect(try marked.state() == before)
  let library = try marked.open()
  let report = try library.check(now: later)
  #expect(!report.isClean)
  _ = try library.repair(report, now: later)
  try marked.forgetIndex()
  #expect(try marked.state() == before)
  #expect(try marked.open().check(full: true, now: later).isClean)
}

@Test(arguments: Mishap.allCases, files)
private func `without an index it is known that lines are missing, and that nobody knows them`(
  _ mishap: Mishap,
  _ name: String
) async throws {
  let marked = try await Marked()
  try mishap.befall(try marked.file(name))
  try marked.forgetIndex()
  let saved = try Library.writeDownLost(marked.places, now: later)
  #expect(saved.writes + saved.articles == 0)
  #expect(!saved.lost.isEmpty)
  let library = try Library.rebuild(marked.places)
  let report = try library.check(now: later)
  #expect(!report.isClean)
  _ = try library.repair(report, now: later)
  #expect(try marked.open().check(full: true, now: later).isClean)
}

@Test(arguments: Mishap.allCases)
private func `acts after a mishap go to another device, and both say what they said`(
  _ mishap: Mishap
) async throws {
  let marked = try await Marked()
  try mishap.befall(try marked.file("j-000001.jsonl"))
  let old = try #require(try marked.open().store.device)
  try marked.open().mark([try marked.rows()[5]], .tag("new", true), now: later)
  let before = try marked.state()
  let library = try marked.open()
  let report = try library.check(now: later)
  #expect(!report.isClean && library.store.device != old)
  _ = try library.repair(report, now: later)
  try marked.forgetIndex()
  #expect(try marked.state() == before)
  let numbers = try library.store.segments().filter { $0.device == old && $0.kind == .journal }
    .flatMap { try library.store.read($0, after: nil).lines.map(\.event.number) }
  #expect(Set(numbers).count == numbers.count)
}

@Test func `a snapshot that is gone is missed, and what it said is written down again`()
  async throws
{
  let marked = try await Marked()
  let before = try marked.state()
  let journal = try marked.file("j-000001.jsonl")
  let snapshot = try marked.file("snap-000001.jsonl")
  let manager = FileManager.default
  // As a compaction leaves it when the segment has been removed.
  try manager.moveItem(atPath: journal, toPath: snapshot)
  #expect(try marked.state() == before)
  #expect(try marked.open().check(now: later).store.findings.allSatisfy { $0.isHarmless })
  try manager.removeItem(atPath: snapshot)
  let library = try marked.open()
  let report = try library.check(now: later)
  #expect(!report.isClean)
  _ = try library.repair(report, now: later)
  try marked.forgetIndex()
  #expect(try marked.state() == before)
  #expect(try marked.open().check(full: true, now: later).isClean)
}

@Test(arguments: [0, 1, 3], [false, true])
private func `a snapshot that was cut is missed, and what it said is written down again`(
  kept: Int,
  isTorn: Bool
) async throws {
  let marked = try await Marked()
  let before = try marked.state()
  let journal = try marked.file("j-000001.jsonl")
  let snapshot = try marked.file("snap-000001.jsonl")
  try FileManager.default.moveItem(atPath: journal, toPath: snapshot)
  #expect(try marked.state() == before)
  let lines = try String(contentsOfFile: snapshot, encoding: .utf8).split(separator: "\n")
  let rest = lines.prefix(kept).map { $0 + "\n" }.joined() + (isTorn ? lines[kept].prefix(40) : "")
  try rest.write(toFile: snapshot, atomically: true, encoding: .utf8)
  let library = try marked.open()
  let report = try library.check(now: later)
  #expect(!report.isClean)
  #expect(!report.store.findings.contains { $0.description.contains("never reported") })
  _ = try library.repair(report, now: later)
  #expect(try marked.open().check(now: later).isClean)
  try marked.forgetIndex()
  #expect(try marked.state() == before)
}

@Test(arguments: files)
private func `a line that lacks nothing but its line feed is written again whole`(
  file: String
) async throws {
  let marked = try await Marked()
  let (before, texts) = (try marked.state(), try marked.texts())
  let path = try marked.file(file)
  let whole = try #require(FileManager.default.contents(atPath: path))
  try whole.dropLast().write(to: URL(fileURLWithPath: path))
  // Nothing but the file knows it.
  try marked.forgetIndex()
  let library = try marked.open()
  _ = try library.repair(try library.check(now: later), now: later)
  #expect(try marked.state() == before)
  #expect(try marked.texts() == texts)
  #expect(try marked.open().check(now: later).isClean)
}

@Test func `a machine that takes a new id is still trusted with what it typed`() async throws {
  let marked = try await Marked()
  let old = try #require(try marked.open().store.device)
  let journal = try marked.file("j-000001.jsonl")
  // As a restored backup leaves it.
  try Mishap.lastLine.befall(journal)
  try marked.open().mark(try marked.rows(), .read(true), now: later)
  let store = try marked.open().store
  #expect(store.device != old)
  #expect(store.ownDevices == Set([old, store.device].compactMap(\.self)))
  let feed = try #require(try marked.open().feeds().first)
  #expect(feed.urlDevice == old)
  var local = feed
  local.url = "/feeds/feed.xml"
  #expect(Asking(feed: local, poll: PollState(), devices: store.ownDevices).isTrusted)
  #expect(!Asking(feed: local, poll: PollState(), devices: ["another1"]).isTrusted)
}
