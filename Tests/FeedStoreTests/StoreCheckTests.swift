import FeedModel
import Glibc
import Testing

@testable import FeedStore

/// A store of this machine with some lines, and what a check of it says.
private func checked(
  _ scratch: Scratch,
  full: Bool = false,
  now: Timestamp = noon
) throws -> StoreReport { try scratch.open().check(full: full, now: now) }

/// The only device's journal, relative to the place of the test.
private func journal(_ scratch: Scratch) throws -> String {
  let name = try #require(try scratch.open().segments().first { $0.kind == .journal }?.name)
  return "store/\(name)"
}

/// The device that writes in this place.
private func device(_ scratch: Scratch) throws -> String {
  try #require(try scratch.open().device)
}

/// A file of another device, with these lines.
private func foreignFile(
  _ scratch: Scratch,
  _ bytes: [UInt8],
  _ name: String = "j-000001.jsonl",
  device: String = "aaaaaaaa"
) throws {
  // It may be there from before.
  try? scratch.directory("store/dev/\(device)")
  try scratch.write(bytes, to: "store/dev/\(device)/\(name)")
}

/// Lines as a device writes them, the first of them with a number.
private func lines(_ count: Int, from first: Int = 1, device: String = "aaaaaaaa") throws -> [UInt8]
{
  var encoder = LineEncoder()
  for number in first..<first + count {
    _ = try encoder.add(mark("t\(number)"), number: number, device: device)
  }
  return encoder.bytes
}

private func kinds(_ report: StoreReport) -> [String] {
  report.findings.map { String("\($0.fault)".prefix { $0 != "(" }) }
}

@Test(arguments: [false, true])
func `a clean store has nothing to say, and its devices are counted`(full: Bool) throws {
  try withScratch { scratch in
    let store = try scratch.open()
    for number in 0..<50 { try store.append([mark("m\(number)"), article(number)], now: noon) }
    try foreignFile(scratch, try lines(7))
    let report = try checked(scratch, full: full)
    #expect(report.findings.isEmpty)
    let own = try #require(report.devices.first { $0.isOurs })
    // Each sequence has its first line.
    #expect(own.lines == 102)
    #expect(own.newest == noon)
    let other = try #require(report.devices.first { $0.id == "aaaaaaaa" })
    #expect(other.lines == 7)
    #expect(!other.isOurs)
  }
}

@Test func `any byte of a line that is flipped is found, with its file and its offset`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a"), mark("b"), mark("c")], now: noon)
    let file = try journal(scratch)
    let good = try scratch.bytes(file)
    let starts = [0] + good.indices.filter { good[$0] == 0x0A }.map { $0 + 1 }
    for index in starts[1]..<starts[2] - 1 {
      var bad = good
      bad[index] ^= 0x15
      guard bad[index] != 0x0A else { continue }
      try scratch.write(bad, to: file)
      let report = try checked(scratch)
      #expect(!report.isClean)
      // Where the name of the sum is hit the line counts, as one written by hand.
      let damage = report.findings.filter { $0.offset != nil }
      #expect(damage.map(\.offset) == [starts[1]], "byte \(index)")
      #expect(damage.allSatisfy { "store/\($0.path)" == file })
    }
  }
}

@Test func `a torn tail harms nobody`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try scratch.append(Array("{\"n\":3,\"at\"".utf8), to: try journal(scratch))
    try foreignFile(scratch, try lines(2) + Array("{\"n".utf8))
    let report = try checked(scratch)
    #expect(kinds(report) == ["tornTail", "tornTail"])
    #expect(report.isClean)
    #expect(report.findings.contains { !$0.isOurs && $0.description.contains("arriving") })
    #expect(report.findings.contains { $0.isOurs && $0.description.contains("never reported") })
  }
}

@Test func `numbers that stand nowhere are missing, wherever they are`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try foreignFile(scratch, try lines(2, from: 3))
    try foreignFile(scratch, try lines(2, from: 9), "j-000002.jsonl")
    let report = try checked(scratch)
    #expect(
      report.findings.map(\.fault) == [
        .missingLines(.journal, first: 1, last: 2), .missingLines(.journal, first: 5, last: 8),
      ]
    )
    // A copy of the file in which they stand brings them back.
    try foreignFile(scratch, try lines(8), "j-000001.sync-conflict-20261122-081138-UOUIYMM.jsonl")
    #expect(kinds(try checked(scratch)) == ["copy"])
  }
}

@Test func `a snapshot stands for the lines before it`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try foreignFile(scratch, try lines(2, from: 5), "snap-000003.jsonl")
    #expect(try checked(scratch).findings.isEmpty)
    try foreignFile(scratch, try lines(2, from: 20), "j-000004.jsonl")
    #expect(try checked(scratch).findings.isEmpty)
    try foreignFile(scratch, try lines(2, from: 24), "j-000005.jsonl")
    #expect(
      try checked(scratch).findings.map(\.fault) == [.missingLines(.journal, first: 22, last: 23)]
    )
  }
}

@Test func `two lines with one number are a fork, and a copy says what stands only in it`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try foreignFile(scratch, try lines(4))
    var encoder = LineEncoder()
    for (number, name) in [(1, "t1"), (2, "t2"), (3, "other"), (4, "more")] {
      _ = try encoder.add(mark(name), number: number, device: "aaaaaaaa")
    }
    try foreignFile(scratch, encoder.bytes, "j-000001 (1).jsonl")
    let report = try checked(scratch)
    #expect(
      Set(report.findings.map(\.fault)) == [
        .fork(.journal, first: 3, count: 2), .copy(ownLines: 2),
      ]
    )
    try foreignFile(scratch, try lines(4), "j-000001 (1).jsonl")
    #expect(try checked(scratch).findings.map(\.fault) == [.copy(ownLines: 0)])
  }
}

@Test func `what is not of the store is named, and links are refused`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try foreignFile(scratch, try lines(1))
    let path = "\(scratch.path)/store/dev"
    for (target, name) in [("/etc/passwd", "aaaaaaaa/j-000002.jsonl"), ("/etc", "bbbbbbbb")] {
      try #require(unsafe symlink(target, "\(path)/\(name)") == 0)
    }
    try scratch.write([0x41], to: "store/dev/aaaaaaaa/notes.txt")
    try scratch.write([0x41], to: "store/dev/aaaaaaaa/.syncthing.j-000009.jsonl.tmp")
    let report = try checked(scratch)
    #expect(
      report.findings.filter { $0.fault == .refused }.map(\.path).sorted() == [
        "dev/aaaaaaaa/j-000002.jsonl", "dev/bbbbbbbb",
      ]
    )
    #expect(
      report.findings.filter { $0.fault == .foreign }.map(\.path) == ["dev/aaaaaaaa/notes.txt"]
    )
    #expect(report.findings.count == 3)
    #expect(!report.isClean)
  }
}

@Test func `a newer format, a hand-written line and a clock that is ahead are said`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let open =
      #"{"n":1,"at":"2026-11-22T08:06:51.945Z","op":"open","fmt":2,"dev":"aaaaaaaa","seg":1}"#
    try foreignFile(scratch, Array((open + "\n").utf8))
    let id = id(1).description
    let hand =
      #"{"n":9,"at":"2026-11-22T08:06:51.945Z","op":"set","key":"read","val":true,"ids":["\#(id)"]}"#
    try foreignFile(scratch, Array((hand + "\n" + hand + "\n").utf8), device: "bbbbbbbb")
    let late = PendingLine(
      at: noon.adding(seconds: 2 * 86_400),
      operation: .set(key: "read", value: .bool(true), ids: [FeedStoreTests.id(1)])
    )
    try store.append([late], now: noon)
    let report = try checked(scratch)
    #expect(report.findings.contains { $0.fault == .newerFormat(2) })
    #expect(
      report.findings.contains { $0.fault == .handWritten(offset: 0, count: 2) && $0.isHarmless }
    )
    #expect(report.findings.contains { $0.fault == .ahead(late.at) && $0.isHarmless && $0.isOurs })
  }
}

@Test func `a sealed file is read again only when it has changed`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append((0..<120).map { article($0, bytes: 40_000) }, now: noon)
    #expect(try checked(scratch).findings.isEmpty)
    let name = try #require(try store.segments().first { $0.sizeInBytes >= 4 << 20 }?.name)
    let file = "store/\(name)"
    let memory = try #require(try scratch.stateFile("checked"))
    #expect(try scratch.text(memory).contains(name))
    // The same size, time and inode: only a full check reads it.
    let before = try #require(try facts(ofPath: "\(scratch.path)/\(file)"))
    var bytes = try scratch.bytes(file)
    bytes[2000] ^= 1
    let number = unsafe open("\(scratch.path)/\(file)", O_WRONLY)
    try #require(number >= 0)
    defer { close(number) }
    try #require(unsafe pwrite(number, bytes, bytes.count, 0) == bytes.count)
    let times = [timespec(), timespec()]
      .map { _ in
        timespec(
          tv_sec: Int(before.modifiedNanoseconds / 1_000_000_000),
          tv_nsec: Int(before.modifiedNanoseconds % 1_000_000_000)
        )
      }
    try #require(unsafe futimens(number, times) == 0)
    #expect(try checked(scratch).findings.isEmpty)
    #expect(!(try checked(scratch, full: true).isClean))
    // Another time: any check reads it.
    try scratch.write(bytes, to: file)
    #expect(!(try checked(scratch).isClean))
  }
}

@Test func `made-up numbers end a check no later`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    var encoder = LineEncoder()
    for number in [1, Int.max, 1 << 49, 1 << 49, 0, -5] {
      _ = try encoder.add(mark("x"), number: number, device: "aaaaaaaa")
    }
    for _ in 0..<2000 { _ = try encoder.add(mark("x"), number: 1, device: "aaaaaaaa") }
    try foreignFile(scratch, encoder.bytes)
    for full in [false, true] {
      #expect(kinds(try checked(scratch, full: full)) == ["missingLines"])
    }
  }
}

@Test func `what is remembered of a check may hold any number`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("one")], now: noon)
    let state = "state/\(try #require(store.id))"
    let name = try journal(scratch).dropFirst("store/".count)
    let most = Int.max
    let line =
      "{\"file\":\"\(name)\",\"size\":1,\"ino\":1,\"mtime\":1,\"first\":\(most),\"count\":5}\n"
    try scratch.write(Array(line.utf8), to: "\(state)/checked.jsonl")
    #expect(try checked(scratch).findings.isEmpty)
  }
}
