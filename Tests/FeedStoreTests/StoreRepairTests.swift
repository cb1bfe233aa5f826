import FeedModel
import Glibc
import Testing

@testable import FeedStore

private func journal(_ scratch: Scratch) throws -> String {
  let name = try #require(try scratch.open().segments().first { $0.kind == .journal }?.name)
  return "store/\(name)"
}

/// Writes marks, and damages the second of them; gives the file.
private func damaged(_ scratch: Scratch) throws -> String {
  let store = try scratch.open()
  try store.append([mark("a")], now: noon)
  try store.append([mark("b")], now: noon)
  try store.append([mark("c")], now: noon)
  let file = try journal(scratch)
  var bytes = try scratch.bytes(file)
  let at = try #require(bytes.indices.first { bytes.holds("tag:b", at: $0) })
  bytes[at + 4] = 0x07
  // In place: the inode stays.
  try scratch.write(bytes, to: file)
  return file
}

@Test func `a repair takes the damage out and leaves every good line where it was`() throws {
  try withScratch { scratch in
    let file = try damaged(scratch)
    let before = try scratch.lines()
    let bytes = try scratch.bytes(file)
    let store = try scratch.open()
    let report = try store.check(now: noon)
    #expect(!report.isClean)
    let unchanged = try scratch.bytes(file)
    #expect(unchanged == bytes)
    let repair = try store.repair(report, now: noon)
    #expect(repair.mended.map { "store/\($0)" } == [file])
    #expect(try scratch.lines() == before)
    #expect(try scratch.bytes(file).count == bytes.count)
    // The original is kept, and not where a sync tool or a reader finds it.
    let kept = try #require(repair.originals.first)
    #expect(kept.hasPrefix(scratch.state) && kept.contains("/damaged/"))
    #expect(try scratch.bytes(String(kept.dropFirst(scratch.path.utf8.count + 1))) == bytes)
    let after = try store.check(full: true, now: noon)
    #expect(after.findings.isEmpty)
    #expect(after.settled > 0)
  }
}

@Test func `after a repair the machine writes on as the same device, with no number twice`() throws
{
  try withScratch { scratch in
    _ = try damaged(scratch)
    let store = try scratch.open()
    let device = store.device
    _ = try store.repair(try store.check(now: noon), now: noon)
    try store.append([mark("d")], now: noon)
    #expect(try scratch.open().device == device)
    #expect(try scratch.devices().count == 1)
    #expect(try scratch.marks() == ["tag:a", "tag:c", "tag:d"])
    let report = try store.check(full: true, now: noon)
    #expect(report.findings.isEmpty)
    let numbers = try scratch.lines().map(\.event.number)
    #expect(Set(numbers).count == numbers.count)
  }
}

@Test func `lines that were written and not recorded are counted before a file is replaced`() throws
{
  try withScratch { scratch in
    let file = try damaged(scratch)
    let record = try #require(try scratch.stateFile("me-"))
    let old = try scratch.bytes(record)
    let store = try scratch.open()
    try store.append([mark("d")], now: noon)
    try scratch.write(old, to: record)
    let repair = try store.repair(try store.check(now: noon), now: noon)
    #expect(repair.mended.map { "store/\($0)" } == [file])
    try store.append([mark("e")], now: noon)
    #expect(try scratch.devices().count == 1)
    #expect(try scratch.marks() == ["tag:a", "tag:c", "tag:d", "tag:e"])
    #expect(try store.check(full: true, now: noon).findings.isEmpty)
  }
}

@Test func `a last line that was damaged is not missed once another has followed`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    for name in ["a", "b", "c"] { try store.append([mark(name)], now: noon) }
    let file = try journal(scratch)
    var bytes = try scratch.bytes(file)
    let at = try #require(bytes.indices.first { bytes.holds("tag:c", at: $0) })
    bytes[at + 4] = 0x78
    try scratch.write(bytes, to: file)
    #expect(try store.repair(try store.check(now: noon), now: noon).mended.count == 1)
    try store.append([mark("d")], now: noon)
    #expect(try scratch.devices().count == 1)
    #expect(try store.check(full: true, now: noon).findings.isEmpty)
  }
}

@Test func `a file of another device is never touched`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    var encoder = LineEncoder()
    for number in 1...3 {
      _ = try encoder.add(mark("o\(number)"), number: number, device: "aaaaaaaa")
    }
    var bytes = encoder.bytes
    bytes[bytes.count / 2] ^= 1
    try scratch.directory("store/dev/aaaaaaaa")
    let file = "store/dev/aaaaaaaa/j-000001.jsonl"
    try scratch.write(bytes, to: file)
    let before = try facts(ofPath: "\(scratch.path)/\(file)")
    let repair = try store.repair(try store.check(now: noon), now: noon)
    #expect(repair.mended.isEmpty)
    #expect(repair.left == ["dev/aaaaaaaa/j-000001.jsonl"])
    #expect(try facts(ofPath: "\(scratch.path)/\(file)") == before)
    #expect(try store.check(now: noon).findings.isEmpty)
    // Other damage is said anew.
    bytes[10] ^= 1
    try scratch.write(bytes, to: file)
    #expect(!(try store.check(now: noon).isClean))
    // And its copy is another one.
    let second = try store.repair(try store.check(now: noon), now: noon)
    #expect(second.originals != repair.originals)
  }
}

@Test func `a damaged file that is no longer ours is left as it is`() throws {
  try withScratch { scratch in
    let file = try damaged(scratch)
    let bytes = try scratch.bytes(file)
    // A sync tool has put another file in its place.
    try scratch.copy(file, to: "\(file).other")
    try scratch.move("\(file).other", to: file)
    let store = try scratch.open()
    let repair = try store.repair(try store.check(now: noon), now: noon)
    #expect(repair.mended.isEmpty)
    #expect(try scratch.bytes(file) == bytes)
  }
}

@Test func `an edited line is taken over, and beats the line that it was`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a"), mark("b")], now: noon)
    let file = try journal(scratch)
    let text = try scratch.text(file)
    let edited = text.replacing(#""key":"tag:b","val":true"#, with: #""key":"tag:b","val":false"#)
    #expect(edited != text)
    try scratch.write(Array(edited.utf8), to: file)
    let report = try store.check(now: noon)
    #expect(report.findings.contains { $0.canBeAccepted })
    let written = try store.accept(report, now: noon)
    let line = try #require(written.flatMap(\.lines).last)
    #expect(line.event.operation == .set(key: "tag:b", value: .bool(false), ids: [id(1)]))
    #expect(line.event.at == noon.adding(milliseconds: 1))
    let again = try store.check(now: noon)
    #expect(!again.findings.contains { $0.canBeAccepted })
    #expect(try store.accept(again, now: noon).isEmpty)
  }
}

@Test func `a line written by hand is taken over once`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let hand =
      #"{"at":"2026-11-12T08:06:51.945Z","op":"set","key":"star","val":true,"ids":["\#(id(4))"]}"#
    try scratch.append(Array((hand + "\n").utf8), to: try journal(scratch))
    let written = try store.accept(try store.check(now: noon), now: noon)
    #expect(
      written.flatMap(\.lines)
        .contains {
          $0.event.operation
            == .set(key: "star", value: .bool(true), ids: [id(4)])
        }
    )
    #expect(try store.check(now: noon).findings.isEmpty)
    #expect(try store.accept(try store.check(now: noon), now: noon).isEmpty)
  }
}

@Test func `the store of a newer version is not repaired`() throws {
  try withScratch { scratch in
    _ = try damaged(scratch)
    let store = try scratch.open()
    let report = try store.check(now: noon)
    let text = try scratch.text("store/store.json").replacing(#""fmt":1"#, with: #""fmt":2"#)
    try scratch.write(Array(text.utf8), to: "store/store.json")
    #expect(throws: StoreError.newerFormat(path: "\(scratch.store)/store.json", version: 2)) {
      try store.repair(report, now: noon)
    }
  }
}
