@testable import FeedIndex
import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let url = "https://a.example/f"

/// A store that machines share, each with a state and an index of its own.
private final class Shared: Sendable {
  let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.path + "/rill-health-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit {
    // Cleaning up is all that is left; a failure harms nobody.
    try? FileManager.default.removeItem(atPath: root)
  }

  func open(_ machine: String, index: String = "index") throws -> Library {
    try Library.open(places(machine, index: index))
  }

  func places(_ machine: String, index: String = "index") throws -> Library.Places {
    try FileManager.default.createDirectory(
      atPath: "\(root)/\(machine)",
      withIntermediateDirectories: true
    )
    return Library.Places(
      store: root + "/store",
      state: "\(root)/\(machine)/state",
      index: "\(root)/\(machine)/\(index).sqlite"
    )
  }

  /// What is so, read anew from the files.
  func state() throws -> [String] {
    try described(try open("reader", index: UUID().uuidString))
  }

  func files(of device: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(root)/store/dev/\(device)").sorted()
  }
}

/// Feeds and articles with all that is said of them, in one order.
private func described(_ library: Library) throws -> [String] {
  var query = ArticleQuery()
  query.includesRead = true
  let articles = try library.articles(query)
  let bodies = try articles.map { try library.article(at: $0)?.item.contentHTML ?? "-" }
  return try library.feeds()
    .map { "\($0.id) \($0.url) \($0.title) \($0.tags) \($0.unread)/\($0.total)" }
    + zip(articles, bodies)
    .map {
      "\($0.id) \($0.title ?? "-") \($0.received.milliseconds) \($0.isRead) \($0.isStarred) "
        + "\($0.tags.sorted()) \($0.hasChanged) \($1)"
    }
    .sorted()
}

private func rows(_ library: Library) throws -> [ArticleRow] {
  var query = ArticleQuery()
  query.includesRead = true
  return try library.articles(query).sorted { $0.id < $1.id }
}

private func sync(_ library: Library, _ items: String, at now: Timestamp) async throws {
  let network = FakeNetwork()
  network.serve(url, rss: items, etag: "\(now.milliseconds)")
  let options = SyncOptions(reason: .named, jobs: 1, clock: { now })
  _ = try await library.sync(try library.feeds(), from: network, options) { _ in }
}

private func items(_ numbers: ClosedRange<Int>, _ text: String = "text") -> String {
  numbers.map {
    "<item><guid>g\($0)</guid><title>T\($0)</title><description>\(text)</description></item>"
  }
  .joined()
}

/// Two machines that have fetched, changed and marked the same feed in turns.
private func twoMachines() async throws -> (shared: Shared, old: String) {
  let shared = try Shared()
  let a = try shared.open("a")
  try a.subscribe(to: [Subscription(url: url, tags: ["mine"])], now: noon)
  try await sync(a, items(1...4), at: noon)
  let b = try shared.open("b")
  try await sync(b, items(3...8, "more"), at: noon.adding(seconds: 4000))
  try b.mark(Array(try rows(b)[0...4]), .read(true), now: noon.adding(seconds: 4100))
  try b.mark(Array(try rows(b)[2...3]), .tag("later", true), now: noon.adding(seconds: 4100))
  let again = try shared.open("a")
  try again.mark(Array(try rows(again)[1...2]), .read(false), now: noon.adding(seconds: 4200))
  try again.mark(Array(try rows(again)[5...6]), .star(true), now: noon.adding(seconds: 10))
  try b.mark([try rows(b)[5]], .read(true), now: noon.adding(seconds: 4300))
  return (shared, try #require(b.store.device))
}

@Test func `a device that is forgotten leaves the state as it was`() async throws {
  let (shared, old) = try await twoMachines()
  let before = try shared.state()
  let library = try shared.open("a")
  #expect(try described(library) == before)
  let forgotten = try library.forget(device: old, now: noon.adding(seconds: 9000))
  #expect(forgotten.lines > 5 && forgotten.left.isEmpty)
  #expect(try described(library) == before)
  #expect(try shared.state() == before)
  #expect(try library.devices(now: noon).present.map(\.id) == [library.store.device])
  #expect(try library.check(full: true, now: noon.adding(seconds: 9000)).isClean)
  // The other machine, which lives on, begins as a new one and sees all of it.
  let other = try shared.open("b")
  try other.mark([try rows(other)[7]], .star(true), now: noon.adding(seconds: 9100))
  #expect(other.store.device != old)
  #expect(try shared.state() != before)
}

@Test func `forgetting that is cut short anywhere leaves the state as it was, and goes on`()
  async throws
{
  let (shared, old) = try await twoMachines()
  let before = try shared.state()
  let manager = FileManager.default
  let kept = "\(shared.root)/kept"
  let directory = "\(shared.root)/store/dev/\(old)"
  try manager.copyItem(atPath: directory, toPath: kept)
  _ = try shared.open("a").forget(device: old, now: noon.adding(seconds: 9000))
  let size = try shared.open("a").devices(now: noon).present[0].lines
  let files = try manager.contentsOfDirectory(atPath: kept).sorted()
  // Whatever of its files is still there.
  for first in 0...files.count {
    try? manager.removeItem(atPath: directory)
    try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for file in files[first...] {
      try manager.copyItem(atPath: "\(kept)/\(file)", toPath: "\(directory)/\(file)")
    }
    #expect(try shared.state() == before)
    // That is what an attempt leaves which was cut short.
    let library = try shared.open("a")
    let state = "\(shared.root)/a/state/\(try #require(library.store.id))"
    #expect(manager.createFile(atPath: "\(state)/forgetting-\(old)", contents: nil))
    let again = try library.forget(device: old, now: noon.adding(seconds: 9000))
    #expect(again.lines == 0)
    #expect(try shared.state() == before)
    #expect(!manager.fileExists(atPath: directory))
  }
  #expect(try shared.open("a").devices(now: noon).present[0].lines == size)
}

@Test func `a device that was forgotten by a forgotten one is still known by its name`()
  async throws
{
  let (shared, old) = try await twoMachines()
  let before = try shared.state()
  let a = try shared.open("a")
  _ = try a.forget(device: old, now: noon.adding(seconds: 9000))
  let first = try #require(a.store.device)
  let c = try shared.open("c")
  _ = try c.forget(device: first, now: noon.adding(seconds: 9500))
  #expect(try shared.state() == before)
  let lines = try c.store.segments().flatMap { try c.store.read($0, after: nil).lines }
  #expect(Set(lines.map(\.event.device)).isSuperset(of: [old, first]))
}

@Test func `what a newer version wrote is taken over as it is, and so are the acts of lines`()
  async throws
{
  let (shared, old) = try await twoMachines()
  let acts = try shared.open("a").store
  func undone() throws -> [String] {
    try acts.segments().flatMap { try acts.read($0, after: nil).lines }
      .compactMap { $0.event.act.map { "\($0.id) \(String(describing: $0.undoes))" } }.sorted()
  }
  let before = Set(try undone())
  #expect(!before.isEmpty)
  let journal = "\(shared.root)/store/dev/\(old)/j-000001.jsonl"
  // The sum is that of these very bytes.
  let line =
    #"{"n":90,"at":"2026-11-22T09:00:00.000Z","op":"zap","x":[1,{"y":null}],"sum":"b17c2c07"}"#
  let handle = try #require(FileHandle(forWritingAtPath: journal))
  try handle.seekToEnd()
  try handle.write(contentsOf: Data((sealed(line) + "\n").utf8))
  try handle.close()
  let library = try shared.open("a")
  _ = try library.forget(device: old, now: noon.adding(seconds: 9000))
  let own = try #require(library.store.device)
  let text = try shared.files(of: own).filter { $0.hasPrefix("j-") }
    .map { try String(contentsOfFile: "\(shared.root)/store/dev/\(own)/\($0)", encoding: .utf8) }
    .joined()
  #expect(text.contains(#""by":"\#(old)","op":"zap","x":[1,{"y":null}],"sum":"#))
  #expect(Set(try undone()) == before)
}

/// The line with the sum that it should have: the CRC-32 of what stands before its sum.
private func sealed(_ line: String) -> String {
  let head = Array(line.utf8.dropLast(18))
  var crc = ~UInt32(0)
  for byte in head {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  let digits = String(~crc, radix: 16)
  let zeros = String(repeating: "0", count: 8 - digits.count)
  return String(decoding: head, as: UTF8.self) + #","sum":"\#(zeros + digits)"}"#
}

@Test func `marks that damage took are written down again, and feeds are asked for lost articles`()
  async throws
{
  let (shared, _) = try await twoMachines()
  let library = try shared.open("a")
  let before = try described(library)
  let own = try #require(library.store.device)
  // A byte of every mark and of the first article of our own.
  for file in try shared.files(of: own) where file.hasSuffix(".jsonl") {
    let path = "\(shared.root)/store/dev/\(own)/\(file)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var isFirst = true
    let lines = text.split(separator: "\n")
      .map { line in
        if line.contains(#""op":"set""#) { return String(line).replacing("true", with: "trux") }
        if line.contains(#""op":"art""#), isFirst {
          isFirst = false
          return String(line).replacing(#""op":"art""#, with: #""op":"ary""#)
        }
        return String(line)
      }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    try handle.close()
  }
  let now = noon.adding(seconds: 9000)
  let report = try library.check(full: true, now: now)
  #expect(!report.isClean)
  let repair = try library.repair(report, now: now)
  #expect(repair.rescued > 0)
  #expect(repair.feedsAskedAgain == 1)
  #expect(try library.check(full: true, now: now).isClean)
  #expect(try library.polls().values.allSatisfy { $0.validators == nil })
  // All but the article whose line is gone, and that one comes back as it was.
  try await sync(library, items(1...8), at: now)
  let marks = { (lines: [String]) in
    lines.map { $0.split(separator: " ").map(String.init) }
      .filter { $0.count > 6 && $0[2].count > 10 }
      .map { [$0[0], $0[3], $0[4], $0[5]].joined(separator: " ") }
  }
  #expect(marks(try described(library)) == marks(before))
  #expect(!marks(before).isEmpty)
  #expect(try shared.state() == described(library))
}

@Test func `an index with rows that are missing or wrong is found, and made anew`() async throws {
  let (shared, _) = try await twoMachines()
  let library = try shared.open("a")
  let before = try described(library)
  let now = noon.adding(seconds: 9000)
  for sql in [
    "DELETE FROM article WHERE number = 2",
    "UPDATE article SET title = 'other' WHERE number = 3",
    "UPDATE article SET read = 1 - read WHERE number = 3",
    "UPDATE feed SET unread = unread + 1",
    "UPDATE feed SET title = 'other'",
    "DELETE FROM article_register WHERE name = 'star'",
    "UPDATE article_key SET article = 1",
    "UPDATE segment SET tail = zeroblob(64)",
  ] {
    try library.index.execute(sql)
    let report = try library.check(full: true, now: now)
    #expect(!report.index.isEmpty, "\(sql)")
    let repair = try library.repair(report, now: now)
    #expect(repair.hasNewIndex && repair.store.originals.isEmpty)
    #expect(try library.check(full: true, now: now).isClean, "\(sql)")
    #expect(try described(library) == before, "\(sql)")
  }
}

@Test func `a rebuild keeps what is known about polling, also of a damaged index where it can`()
  async throws
{
  let (shared, _) = try await twoMachines()
  let library = try shared.open("a")
  let before = try described(library)
  let polls = try library.polls()
  #expect(polls.values.contains { $0.validators != nil })
  let rebuilt = try Library.rebuild(shared.places("a"))
  #expect(try rebuilt.polls() == polls)
  #expect(try described(rebuilt) == before)
  // A library that is open meanwhile goes on.
  #expect(try described(library) == before)
  try library.mark([try rows(library)[0]], .tag("x", true), now: noon.adding(seconds: 9000))
  #expect(try described(try Library.rebuild(shared.places("a"))) == described(library))
}

@Test func `forgetting a device forgets nothing of another whose directory is away just now`()
  async throws
{
  let (shared, old) = try await twoMachines()
  let c = try shared.open("c")
  try c.mark(Array(try rows(c)[5...7]), .tag("mine", true), now: noon.adding(seconds: 5000))
  let away = try #require(c.store.device)
  let before = try described(try shared.open("a"))
  let manager = FileManager.default
  let directory = "\(shared.root)/store/dev/\(away)"
  try manager.moveItem(atPath: directory, toPath: "\(shared.root)/away")
  let library = try shared.open("a")
  _ = try library.forget(device: old, now: noon.adding(seconds: 9000))
  #expect(try described(library) == before)
  // A mark beside it still beats one that was made while the clock was ahead.
  let later = noon.adding(seconds: 4000)
  let marked = try #require(try rows(library).first { $0.tags.contains("mine") })
  try library.mark([marked], .tag("mine", false), now: later)
  try manager.moveItem(atPath: "\(shared.root)/away", toPath: directory)
  let now = try shared.state()
  #expect(now.filter { $0.contains("[\"mine\"]") && $0.hasPrefix(marked.id.description) }.isEmpty)
  #expect(try described(try shared.open("a")) == now)
}

/// Turns a letter of each line of a file for which `isHarmed` says true.
private func harm(_ path: String, where isHarmed: (Substring) -> Bool) throws {
  let text = try String(contentsOfFile: path, encoding: .utf8)
  let lines = text.split(separator: "\n")
    .map { isHarmed($0) ? String($0).replacing(#""op":"#, with: #""oq":"#) : String($0) }
  let handle = try #require(FileHandle(forWritingAtPath: path))
  try handle.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
  try handle.close()
}

@Test func `what damage took from a device that is forgotten is written down first`() async throws {
  let (shared, old) = try await twoMachines()
  let library = try shared.open("a")
  let before = try described(library)
  let journal = "\(shared.root)/store/dev/\(old)/j-000001.jsonl"
  try harm(journal) { $0.contains(#""op":"set""#) }
  let forgotten = try library.forget(device: old, now: noon.adding(seconds: 9000))
  #expect(forgotten.originals.count == 1)
  #expect(try described(library) == before)
  #expect(try shared.state() == before)
}

@Test func `an article whose line damage took from a device that is forgotten comes again`()
  async throws
{
  let (shared, old) = try await twoMachines()
  let library = try shared.open("a")
  let before = try rows(library).count
  let articles = "\(shared.root)/store/dev/\(old)/a-000001.jsonl"
  var isFirst = true
  try harm(articles) { line in
    defer { if line.contains("T8") { isFirst = false } }
    return isFirst && line.contains("T8")
  }
  let bodies = {
    try rows(library).compactMap { try library.article(at: $0)?.item }
      .map { $0.contentHTML ?? $0.contentText }
  }
  _ = try library.forget(device: old, now: noon.adding(seconds: 9000))
  #expect(try rows(library).count == before)
  #expect(try bodies().count { $0 == nil } == 1)
  try await sync(library, items(3...8, "more"), at: noon.adding(seconds: 9100))
  #expect(try rows(library).count == before)
  #expect(try bodies().allSatisfy { $0 != nil })
  #expect(try shared.state() == described(library))
}

@Test func `marks of a directory that is gone are found to be in the index alone, and saved`()
  async throws
{
  let (shared, old) = try await twoMachines()
  let b = try shared.open("b")
  let now = noon.adding(seconds: 9000)
  let before = try described(b)
  // What has reached the other machine when it forgets this one, without the mark of just now.
  let manager = FileManager.default
  let directory = "\(shared.root)/store/dev/\(old)"
  try manager.copyItem(atPath: directory, toPath: "\(shared.root)/heard")
  try b.mark([try rows(b)[7]], .star(true), now: noon.adding(seconds: 4400))
  #expect(try b.check(now: now).isClean)
  let after = try described(b)
  #expect(after != before)
  try manager.removeItem(atPath: directory)
  try manager.moveItem(atPath: "\(shared.root)/heard", toPath: directory)
  _ = try shared.open("a").forget(device: old, now: now)
  let library = try shared.open("b")
  let report = try library.check(now: now)
  #expect(report.goneDevices == [old])
  #expect(report.onlyInIndex == 1)
  #expect(!report.isClean)
  let repair = try library.repair(report, now: now)
  // What was taken over counts as written by the other machine here, so it may come once more.
  #expect(repair.rescued >= 1)
  #expect(repair.hasNewIndex)
  #expect(try library.check(full: true, now: now).isClean)
  #expect(try described(library) == after)
  #expect(try shared.state() == after)
  // One whose lines all stand elsewhere needs nothing.
  let c = try shared.open("c")
  #expect(try c.check(now: now).goneDevices == [])
}

@Test func `what only the index knows is written down before that is made anew`() async throws {
  let (shared, _) = try await twoMachines()
  let c = try shared.open("c")
  try c.mark(Array(try rows(c)[5...7]), .tag("mine", true), now: noon.adding(seconds: 5000))
  let before = try described(c)
  let own = try #require(c.store.device)
  try FileManager.default.removeItem(atPath: "\(shared.root)/store/dev/\(own)")
  let now = noon.adding(seconds: 9000)
  #expect(try Library.writeDownLost(shared.places("c"), now: now).writes == 3)
  #expect(try Library.writeDownLost(shared.places("c"), now: now).writes == 0)
  #expect(try described(try Library.rebuild(shared.places("c"))) == before)
}

@Test func `nothing is forgotten, repaired or taken over while a sync runs`() async throws {
  let (shared, old) = try await twoMachines()
  let library = try shared.open("a")
  let before = try shared.state()
  let lock = try shared.open("a").store.lockForSync()
  defer { lock.release() }
  let now = noon.adding(seconds: 9000)
  let report = try library.check(now: now)
  func isHeldOff(_ body: () throws -> Void) -> Bool {
    do { try body() } catch LibraryError.store(.syncIsRunning) { return true } catch {}
    return false
  }
  #expect(isHeldOff { _ = try library.forget(device: old, now: now) })
  #expect(isHeldOff { _ = try library.repair(report, now: now) })
  #expect(isHeldOff { _ = try library.accept(report, now: now) })
  #expect(try shared.state() == before)
}

@Test func `of two revisions of one moment the same one shows after their device is forgotten`()
  async throws
{
  let shared = try Shared()
  let a = try shared.open("a")
  try a.subscribe(to: [Subscription(url: url)], now: noon)
  let b = try shared.open("b")
  for text in ["one", "two", "three"] { try await sync(b, items(1...20, text), at: noon) }
  let before = try shared.state()
  #expect(before.contains { $0.contains("true true") } == false)
  let library = try shared.open("a")
  let old = try #require(b.store.device)
  _ = try library.forget(device: old, now: noon.adding(seconds: 9000))
  #expect(try described(library) == before)
  #expect(try shared.state() == before)
}

@Test
func `a rebuild is there at once, also for who has the index open, and leaves nothing behind`()
  async throws
{
  let (shared, _) = try await twoMachines()
  let library = try shared.open("a")
  let before = try described(library)
  let polls = try library.polls()
  #expect(!polls.isEmpty)
  try library.index.execute(
    "INSERT INTO poll_log VALUES ((SELECT id FROM feed), 1, 2, 3, 404, 'none', 5, 6)"
  )
  try library.index.execute("INSERT INTO host VALUES ('a.example', 9, 'busy', 1, 1, 2)")
  try library.index.execute("DELETE FROM article WHERE number = 2; UPDATE feed SET title = 'x'")
  #expect(try described(library) != before)
  let rebuilt = try Library.rebuild(shared.places("a"))
  #expect(try described(library) == before)
  #expect(try library.polls() == polls)
  #expect(library.index.polled().log.contains { $0.streak.status == 404 })
  #expect(try library.hosts()["a.example"]?.feedsPerRun == 2)
  // Each goes on, and sees what the other did.
  try library.mark([try rows(library)[0]], .tag("x", true), now: noon.adding(seconds: 9000))
  try rebuilt.mark([try rows(rebuilt)[1]], .tag("y", true), now: noon.adding(seconds: 9001))
  #expect(try described(library) == shared.state())
  #expect(try described(rebuilt) == shared.state())
  let left = try FileManager.default.contentsOfDirectory(atPath: "\(shared.root)/a")
  #expect(!left.contains { $0.contains(".new-") })
}

@Test func `lines that are written while an index is made anew are in it at the next start`()
  async throws
{
  let (shared, _) = try await twoMachines()
  let library = try shared.open("a")
  let new = try FeedIndex.building(beside: try shared.places("a").index, isNew: false)
  _ = try Library.catchUp(new, with: library.store)
  // The old index knows it, and the new one does not yet.
  try library.mark([try rows(library)[0]], .tag("late", true), now: noon.adding(seconds: 9000))
  try new.finishBuilding(in: library.index, storeID: library.store.id)
  #expect(try described(library) != shared.state())
  #expect(try described(try shared.open("a")) == shared.state())
  #expect(try described(library) == shared.state())
}

@Test func `an index that cannot be made anew stays as it was`() async throws {
  let (shared, _) = try await twoMachines()
  let library = try shared.open("a")
  let before = try described(library)
  let new = try FeedIndex.building(beside: try shared.places("a").index, isNew: false)
  _ = try Library.catchUp(new, with: library.store)
  // A row that does not fit, after the first table was copied.
  try library.index.execute(
    "INSERT INTO poll_log VALUES ((SELECT id FROM feed), 1, 2, 3, 404, 'none', 5, 6)"
  )
  try library.index.execute("ALTER TABLE poll_log ADD COLUMN other")
  #expect(throws: IndexError.self) {
    try new.finishBuilding(in: library.index, storeID: library.store.id)
  }
  new.abandonBuilding()
  #expect(try described(library) == before)
  #expect(try library.check(full: true, now: noon.adding(seconds: 9000)).isClean)
}

@Test func `an index is not made anew while a sync runs`() async throws {
  let (shared, _) = try await twoMachines()
  let library = try shared.open("a")
  let sync = try library.store.lockForSync()
  func isRefused(_ body: () throws(LibraryError) -> Void) -> Bool {
    do throws(LibraryError) {
      try body()
      return false
    } catch {
      if case .store(.syncIsRunning) = error { return true }
      return false
    }
  }
  let places = try shared.places("a")
  #expect(isRefused { () throws(LibraryError) in _ = try Library.rebuild(places) })
  #expect(isRefused { () throws(LibraryError) in try library.refold() })
  sync.release()
  try library.refold()
  #expect(try described(library) == shared.state())
}
