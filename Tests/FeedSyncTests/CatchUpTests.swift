import FeedIndex
import FeedModel
import FeedStore
import Foundation
import Synchronization
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)

private func withStore(
  articles count: Int,
  _ body: (Store, _ index: String) throws -> Void
) throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-build-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  let places = Library.Places(
    store: root + "/store",
    state: root + "/state",
    index: root + "/other.sqlite"
  )
  let library = try Library.open(places)
  let feed = Subscription(url: "https://a.example/f")
  try library.subscribe(to: [feed], now: noon)
  var lines: [PendingLine] = []
  for number in 0..<count {
    var item = FeedItem()
    item.title = "Title \(number)"
    item.contentHTML = "<p>Body \(number)</p>"
    let article = Article(
      feed: feed.id,
      keys: [key(number), key(number + 100_000)],
      rule: .new,
      contentHash: "\(number)",
      item: item
    )
    lines.append(PendingLine(at: noon, operation: .article(article)))
  }
  try library.append(lines, now: noon)
  for (mark, step) in [(Mark.read(true), 2), (.read(false), 6), (.star(true), 3)] {
    var query = ArticleQuery()
    query.includesRead = true
    let rows = try library.articles(query)
    let chosen = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    try library.mark(chosen, mark, now: noon.adding(seconds: 60))
  }
  try body(library.store, root + "/index.sqlite")
}

private func key(_ number: Int) -> ArticleID {
  // The low byte first, so that neighbours are far apart.
  let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  return ArticleID(HashID(digest: bytes + [1, 2, 3, 4, 5]))
}

private func picture(_ index: FeedIndex) throws -> ([ArticleRow], [FeedRow]) {
  var query = ArticleQuery()
  query.includesRead = true
  return (try index.articles(query), try index.feeds())
}

@Test func `an index that is built in a file of its own is the one that is folded in place`()
  throws
{
  try withStore(articles: 500) { store, path in
    let inPlace = try FeedIndex.open(path: nil, storeID: store.id)
    #expect(try Library.catchUp(inPlace, with: store).isEmpty)
    #expect(try Library.buildIndex(at: path, of: store, bytesMin: 0).isEmpty)
    // Bytes 18 and 19 of the file are 2 where it has a log (https://www.sqlite.org/fileformat.html).
    let header = try #require(FileManager.default.contents(atPath: path)?.prefix(20))
    #expect(header.suffix(2) == Data([2, 2]))
    let built = try #require(try FeedIndex.existing(path: path, storeID: store.id))
    #expect(try picture(built) == picture(inPlace))
    #expect(try built.cursors() == inPlace.cursors())
    let feed = try #require(try built.feeds().first)
    let (rows, _) = try picture(built)
    #expect(feed.total == 500)
    #expect(feed.unread == rows.count { !$0.isRead })
    #expect(rows.count { $0.isStarred } == 167)
    // What is folded later goes on from there.
    #expect(try Library.catchUp(built, with: store).isEmpty)
    #expect(try picture(built) == picture(inPlace))
  }
}

@Test func `an index that was not finished is not used, and is deleted when it is old`() throws {
  try withStore(articles: 3) { store, path in
    let unfinished = try FeedIndex.building(beside: path)
    _ = try Library.catchUp(unfinished, with: store)
    #expect(try FeedIndex.existing(path: path, storeID: store.id) == nil)
    let directory = (path as NSString).deletingLastPathComponent
    func left() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: directory)
        .filter { $0.hasPrefix("index.sqlite.new-") }
    }
    #expect(try left().count == 1)
    // It may be another process that is building now.
    _ = try Library.buildIndex(at: path, of: store, bytesMin: 0)
    #expect(try left().count == 1)
    for name in try left() {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -3600)],
        ofItemAtPath: directory + "/" + name
      )
    }
    FeedIndex.remove(path: path)
    _ = try Library.buildIndex(at: path, of: store, bytesMin: 0)
    #expect(try left().isEmpty)
    #expect(try FeedIndex.existing(path: path, storeID: store.id)?.feeds().map(\.total) == [3])
  }
}

@Test func `of two that build at once the first to finish stays`() throws {
  try withStore(articles: 3) { store, path in
    let second = try FeedIndex.building(beside: path)
    _ = try Library.catchUp(second, with: store)
    _ = try Library.buildIndex(at: path, of: store, bytesMin: 0)
    let first = try #require(try FeedIndex.existing(path: path, storeID: store.id))
    try second.finishBuilding(at: path, storeID: "another")
    #expect(try FeedIndex.existing(path: path, storeID: store.id)?.feeds() == first.feeds())
  }
}

@Test func `acts leave a short log, which is read whenever the index is opened`() throws {
  try withStore(articles: 500) { store, path in
    let index = try FeedIndex.open(path: path, storeID: store.id)
    _ = try Library.catchUp(index, with: store)
    let size = {
      try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
    }
    for number in 0..<500 {
      let star = StoreOperation.set(key: "star", value: .bool(true), ids: [key(number)])
      try store.append([PendingLine(at: noon, operation: star)], now: noon)
      _ = try Library.catchUp(index, with: store)
      #expect(try size() < 2 << 20)
    }
  }
}

@Test func `what is read ahead is taken in its order, and no further than was asked`() throws {
  let made = Mutex(0)
  var taken: [Int] = []
  try readAhead(atMost: 2) { hand in
    for number in 0..<1000 {
      made.withLock { $0 = number + 1 }
      guard hand(number) else { return }
    }
  } take: { (number: Int) throws(IndexError) in
    taken.append(number)
  }
  #expect(taken == Array(0..<1000))
  #expect(throws: IndexError(code: 7, message: "")) {
    try readAhead(atMost: 2) { hand in
      for number in 0... {
        made.withLock { $0 = number + 1 }
        guard hand(number) else { return }
      }
    } take: { (number: Int) throws(IndexError) in
      if number == 5 { throw IndexError(code: 7, message: "") }
    }
  }
  #expect(made.withLock { $0 } <= 10)
}
