import FeedIndex
import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let url = "https://a.example/f"

private func day(_ days: Int64) -> Timestamp { noon.adding(seconds: days * 86_400) }

/// Some machines that share a store by copying its folder.
private struct Machines {
  let root: String

  func places(_ name: String) -> Library.Places {
    Library.Places(
      store: "\(root)/\(name)/store",
      state: "\(root)/\(name)/state",
      index: "\(root)/\(name)/index.sqlite"
    )
  }

  func open(_ name: String) throws -> Library {
    try make("\(root)/\(name)")
    return try Library.open(places(name))
  }

  /// What a rebuild would show.
  func rebuilt(_ name: String) throws -> Library {
    var places = places(name)
    places.index = "\(root)/\(name)/\(UUID().uuidString).sqlite"
    return try Library.open(places)
  }

  /// Brings the files of all devices but one's own from another machine.
  func exchange(from: String, to: String, only: (String) -> Bool = { _ in true }) throws {
    let files = FileManager.default
    let (source, target) = ("\(root)/\(from)/store", "\(root)/\(to)/store")
    try make("\(target)/dev")
    if !files.fileExists(atPath: "\(target)/store.json") {
      for name in ["store.json", "README.txt"] {
        try files.copyItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
      }
    }
    for device in try files.contentsOfDirectory(atPath: "\(source)/dev") {
      try make("\(target)/dev/\(device)")
      for file in try files.contentsOfDirectory(atPath: "\(source)/dev/\(device)")
      where only(file) {
        let copy = "\(target)/dev/\(device)/\(file)"
        if files.fileExists(atPath: copy) { try files.removeItem(atPath: copy) }
        try files.copyItem(atPath: "\(source)/dev/\(device)/\(file)", toPath: copy)
      }
    }
  }

  /// Removes what is not there at the other one any more.
  func deleteOld(from: String, to: String, only: (String) -> Bool = { _ in true }) throws {
    let files = FileManager.default
    for device in try files.contentsOfDirectory(atPath: "\(root)/\(from)/store/dev") {
      for file in try files.contentsOfDirectory(atPath: "\(root)/\(to)/store/dev/\(device)")
      where only(file) && !files.fileExists(atPath: "\(root)/\(from)/store/dev/\(device)/\(file)") {
        try files.removeItem(atPath: "\(root)/\(to)/store/dev/\(device)/\(file)")
      }
    }
  }

  func seal(_ name: String) throws {
    let files = FileManager.default
    for device in try files.contentsOfDirectory(atPath: "\(root)/\(name)/store/dev") {
      for start in ["j-", "a-"] {
        let directory = "\(root)/\(name)/store/dev/\(device)"
        let last = try files.contentsOfDirectory(atPath: directory)
          .filter { $0.hasPrefix(start) }.compactMap { Int($0.dropFirst(2).prefix(6)) }.max()
        let digits = String(1_000_001 + (last ?? 0)).dropFirst()
        _ = files.createFile(atPath: "\(directory)/\(start)\(digits).jsonl", contents: nil)
      }
    }
  }

  private func make(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}

private func withMachines(_ body: (Machines) async throws -> Void) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-keep-\(UUID().uuidString)"
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  try await body(Machines(root: root))
}

/// What a person sees, but for where it stands.
private struct Seen: Equatable {
  var rows: [ArticleRow]
  var counts: [[Int]]

  init(_ library: Library) throws {
    var query = ArticleQuery()
    query.includesRead = true
    rows = try library.articles(query)
      .map { row in
        var row = row
        row.place = LinePlace(segment: "", offset: 0, length: 0)
        return row
      }
    counts = try library.feeds().map { [$0.unread, $0.total] }
  }
}

private func all(_ library: Library) throws -> [ArticleRow] {
  var query = ArticleQuery()
  query.includesRead = true
  return try library.articles(query)
}

private func sync(
  _ library: Library,
  _ network: FakeNetwork,
  at now: Timestamp
) async throws {
  let options = SyncOptions(reason: .named, jobs: 1, clock: { now })
  _ = try await library.sync(try library.feeds(), from: network, options) { _ in }
}

private func items(_ numbers: ClosedRange<Int>) -> String {
  numbers.map { number in
    "<item><guid isPermaLink='false'>g\(number)</guid><title>\(number)</title>"
      + "<description>\(String(repeating: "words \(number) ", count: 100))</description></item>"
  }
  .joined()
}

/// Twelve articles in three documents of four, all read but one that is starred and one unread.
private func fill(_ machines: Machines, _ name: String) async throws -> Library {
  let library = try machines.open(name)
  let network = FakeNetwork()
  try library.subscribe(to: [Subscription(url: url)], now: noon)
  for step in 0..<3 {
    network.serve(url, rss: items(step * 4 + 1...step * 4 + 4), etag: "\(step)")
    try await sync(library, network, at: day(Int64(step)))
  }
  for _ in 0..<6 {
    try library.mark(all(library), .read(true), now: day(3))
    try library.mark(all(library), .read(false), now: day(3))
  }
  try library.mark(all(library).filter { $0.title != "2" }, .read(true), now: day(3))
  try library.mark(all(library).filter { $0.title == "3" }, .star(true), now: day(3))
  return library
}

private func titles(_ purges: [FeedPurge], _ library: Library) throws -> [String] {
  let ids = Set(purges.flatMap(\.articles).map(\.id))
  return try all(library).filter { ids.contains($0.id) }.compactMap(\.title).sorted()
}

@Test func `only what is read, without star and tag, and past every part of the rule is purged`()
  async throws
{
  try await withMachines { machines in
    let library = try await fill(machines, "a")
    let tagged = try all(library).filter { $0.title == "4" }
    try library.mark(tagged, .tag("later", true), now: day(3))
    let feed = try #require(library.feeds().first)
    func purged(_ rule: KeepRule) throws -> [String] {
      try titles(library.purges([(feed, rule)], now: day(100)), library)
    }
    #expect(try purged(KeepRule()) == [])
    #expect(try purged(KeepRule(seconds: 86_400)) == ["1", "5", "6", "7", "8"])
    #expect(try purged(KeepRule(seconds: 100 * 86_400 - 3600)) == ["1"])
    // The document has four; so many stay, whatever is asked for.
    #expect(try purged(KeepRule(articles: 1)) == ["1", "5", "6", "7", "8"])
    #expect(try purged(KeepRule(articles: 8)) == ["1"])
    #expect(try purged(KeepRule(seconds: 86_400, articles: 12)) == [])
  }
}

@Test func `what is set for a feed goes before what is set for all, and 0 keeps everything`() {
  let standard = KeepRule(seconds: 86_400)
  var settings = FeedSettings()
  #expect(standard.with(settings) == standard)
  settings.keepArticles = 7
  #expect(standard.with(settings) == KeepRule(seconds: 86_400, articles: 7))
  settings.keepDays = 2
  #expect(standard.with(settings) == KeepRule(seconds: 172_800, articles: 7))
  settings.keepDays = 0
  #expect(standard.with(settings).keepsAll)
}

@Test func `a purge is one act, hides what it names, and can be written again`() async throws {
  try await withMachines { machines in
    let library = try await fill(machines, "a")
    let feed = try #require(library.feeds().first)
    let purges = try library.purges([(feed, KeepRule(seconds: 86_400))], now: day(100))
    try library.purge(purges, now: day(100))
    #expect(try Seen(library).counts == [[1, 6]])
    #expect(try library.purges([(feed, KeepRule(seconds: 86_400))], now: day(100)).isEmpty)
    #expect(try Seen(machines.rebuilt("a")) == Seen(library))
  }
}

@Test(arguments: [false, true])
func `a machine that follows a compaction shows the same, whichever files come and go first`(
  deletesFirst: Bool
) async throws {
  try await withMachines { machines in
    let first = try await fill(machines, "a")
    try machines.exchange(from: "a", to: "b")
    let second = try machines.open("b")
    let feed = try #require(first.feeds().first)
    let purges = try first.purges([(feed, KeepRule(seconds: 86_400))], now: day(4))
    try first.purge(purges, now: day(4))
    try machines.seal("a")
    let network = FakeNetwork()
    network.serve(url, rss: items(9...13), etag: "new")
    try await sync(first, network, at: day(5))
    try first.mark(all(first).filter { $0.title == "12" }, .tag("x", true), now: day(5))
    try first.mark(all(first).filter { $0.title == "12" }, .tag("x", false), now: day(6))
    try machines.exchange(from: "a", to: "b")
    _ = try second.catchUp()
    let before = try Seen(first)
    #expect(try Seen(second) == before)
    #expect(try first.compact(now: day(50)).snapshots.count == 2)
    #expect(try Seen(first) == before)
    let report = try first.compact(now: day(81))
    #expect(report.removed.count == 2)
    #expect(try Seen(first) == before)
    #expect(try Seen(machines.rebuilt("a")) == before)
    if deletesFirst {
      try machines.deleteOld(from: "a", to: "b")
      _ = try second.catchUp()
      // The snapshots are still on their way: nothing turns unread, nothing is lost from a list.
      #expect(try Seen(second) == before)
      #expect(try Seen(machines.open("b")) == before)
      try machines.exchange(from: "a", to: "b")
    } else {
      try machines.exchange(from: "a", to: "b")
      _ = try second.catchUp()
      #expect(try Seen(second) == before)
      try machines.deleteOld(from: "a", to: "b")
    }
    _ = try second.catchUp()
    #expect(try Seen(second) == before)
    #expect(try Seen(machines.rebuilt("b")) == before)
    // Every body is found where it is now.
    for library in [first, second, try machines.rebuilt("b")] {
      for row in try all(library) {
        let article = try library.article(at: row)
        #expect(article?.item.title == row.title)
        #expect(article.map { $0.item != $0.item.withoutBody } == true)
      }
    }
  }
}

@Test func `a body that is not here is said to be gone, and is found again when it comes back`()
  async throws
{
  try await withMachines { machines in
    let first = try await fill(machines, "a")
    try machines.exchange(from: "a", to: "b")
    let second = try machines.open("b")
    let before = try Seen(first)
    let files = FileManager.default
    let dev = "\(machines.root)/b/store/dev"
    let away = "\(machines.root)/away"
    try files.moveItem(atPath: dev, toPath: away)
    for library in [second, try machines.open("b")] {
      _ = try library.catchUp()
      #expect(try Seen(library) == before)
      let row = try #require(all(library).first)
      #expect(throws: LibraryError.self) { try library.article(at: row) }
    }
    try files.moveItem(atPath: away, toPath: dev)
    let row = try #require(all(second).first)
    #expect(try second.article(at: row)?.id == row.id)
    // It is not read anew.
    _ = try second.catchUp()
    #expect(try Seen(second) == before)
  }
}

@Test func `an article that is in no other file than a copy is found there`() async throws {
  try await withMachines { machines in
    let first = try await fill(machines, "a")
    let files = FileManager.default
    let device = try #require(
      files.contentsOfDirectory(atPath: "\(machines.root)/a/store/dev").first
    )
    let directory = "\(machines.root)/a/store/dev/\(device)"
    try machines.exchange(from: "a", to: "b")
    let copied = "\(machines.root)/b/store/dev/\(device)"
    try files.copyItem(
      atPath: "\(directory)/a-000001.jsonl",
      toPath: "\(copied)/a-000001.sync-conflict-20261122-081138-UOUIYMM.jsonl"
    )
    let second = try machines.open("b")
    #expect(try all(second).allSatisfy { $0.place.segment.hasSuffix("a-000001.jsonl") })
    try files.removeItem(atPath: "\(copied)/a-000001.jsonl")
    _ = try second.catchUp()
    #expect(try Seen(second) == Seen(first))
    for row in try all(second) { #expect(try second.article(at: row)?.id == row.id) }
  }
}

private func exported(_ library: Library) throws -> [StateLine] {
  var lines: [StateLine] = []
  let lost = try library.exportState { lines.append($0) }
  #expect(lost == 0)
  return lines
}

@Test func `a purged article is known where its snapshot has it, as a rebuild knows it`()
  async throws
{
  try await withMachines { machines in
    let library = try await fill(machines, "a")
    let feed = try #require(library.feeds().first)
    let purges = try library.purges([(feed, KeepRule(seconds: 86_400))], now: day(4))
    try library.purge(purges, now: day(4))
    try machines.seal("a")
    let network = FakeNetwork()
    network.serve(url, rss: items(9...13), etag: "new")
    try await sync(library, network, at: day(5))
    _ = try library.compact(now: day(50))
    #expect(try library.compact(now: day(81)).removed.contains { $0.name.contains("/a-") })
    let device = try #require(library.store.device)
    let gone = try library.index.keptArticles(of: feed.id).filter(\.isGone)
    #expect(gone.count == 6)
    #expect(gone.allSatisfy { $0.segment == "dev/\(device)/snap-a-000001.jsonl" })
    #expect(try exported(library) == exported(machines.rebuilt("a")))
    // One that is wanted again says what is left of it.
    let star = StoreOperation.set(key: "star", value: .bool(true), ids: gone.map(\.id))
    try library.append([PendingLine(at: day(82), operation: star)], now: day(82))
    let rows = try all(library).filter { row in gone.contains { $0.id == row.id } }
    #expect(rows.count == 6)
    for row in rows {
      let article = try #require(try library.article(at: row))
      #expect(article.item.title == row.title)
      #expect(article.item == article.item.withoutBody)
    }
    #expect(try exported(library) == exported(machines.rebuilt("a")))
    #expect(try library.check(full: true, now: day(82)).isClean)
  }
}
