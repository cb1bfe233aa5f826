import FeedModel
import Testing

@testable import FeedStore

private func faults(_ scratch: Scratch, known: [String: Int] = [:]) throws -> [StoreFinding.Fault] {
  try scratch.open().check(now: noon, known: known).findings.map(\.fault)
}

private func own(_ scratch: Scratch, _ file: String = "j-000001.jsonl") throws -> String {
  "dev/\(try scratch.devices()[0])/\(file)"
}

/// A journal of four marks, each one written by an append of its own.
private func withMarks(_ body: (Scratch, Store, _ file: String) throws -> Void) throws {
  try withScratch { scratch in
    let store = try scratch.open()
    for name in ["a", "b", "c", "d"] { try store.append([mark(name)], now: noon) }
    try body(scratch, store, "store/\(try own(scratch))")
  }
}

@Test
func
  `a journal that ends before what was acknowledged is found, and none of its numbers given again`()
  throws
{
  try withMarks { scratch, store, file in
    let whole = try scratch.bytes(file)
    let ends = whole.indices.filter { whole[$0] == 0x0A }.map { $0 + 1 }
    // Line 1 opens the file.
    for (kept, first) in [(ends[3], 5), (ends[2], 4), (ends[0], 2)] {
      try scratch.write(whole[..<kept], to: file)
      let lost = StoreFinding.Fault.lostLines(.journal, first: first, last: 5, isFileGone: false)
      #expect(try faults(scratch) == [lost])
      #expect(try scratch.open().check(now: noon).isClean == false)
      #expect(try scratch.open().check(now: noon).findings[0].path == own(scratch))
    }
    try store.append([mark("e")], now: noon)
    // As another device, which leaves the file alone; what is missing is still missing.
    #expect(try scratch.devices().count == 2)
    #expect(try scratch.bytes(file).count == ends[0])
    let lost = StoreFinding.Fault.lostLines(.journal, first: 2, last: 5, isFileGone: false)
    #expect(try faults(scratch) == [lost])
    let report = try scratch.open().check(now: noon)
    #expect(report.findings[0].isOurs)
    #expect(try store.repair(report, now: noon).settled == 1)
    #expect(try faults(scratch) == [])
    // A copy of the file that is put back says what it said.
    try scratch.write(whole, to: file)
    #expect(try faults(scratch) == [])
    #expect(try Set(scratch.marks()) == ["tag:a", "tag:b", "tag:c", "tag:d", "tag:e"])
  }
}

@Test func `a line that was cut off is not said to be unreported when it was reported`() throws {
  try withMarks { scratch, _, file in
    let whole = try scratch.bytes(file)
    try scratch.write(whole.dropLast(30), to: file)
    let findings = try scratch.open().check(now: noon).findings
    #expect(
      findings.map(\.fault).contains(.lostLines(.journal, first: 5, last: 5, isFileGone: false))
    )
    #expect(findings.contains { $0.description.hasPrefix("The last line was cut off") })
    #expect(!findings.contains { $0.description.contains("never reported") })
    try scratch.write(whole + Array("{\"n\":6".utf8), to: file)
    let torn = try scratch.open().check(now: noon).findings
    #expect(torn.count == 1 && torn[0].description.contains("never reported"))
  }
}

@Test func `a file or a directory of our own that is gone is found without an index`() throws {
  try withMarks { scratch, store, file in
    try store.append([article(1), article(2)], now: noon)
    let articles = "store/\(try own(scratch, "a-000001.jsonl"))"
    try scratch.remove(articles)
    let lost = StoreFinding.Fault.lostLines(.articles, first: 1, last: 3, isFileGone: true)
    #expect(try faults(scratch) == [lost])
    try scratch.remove(file)
    let both = [.lostLines(.journal, first: 1, last: 5, isFileGone: true), lost]
    #expect(try Set(faults(scratch)) == Set(both))
    try scratch.move("store/dev/\(try scratch.devices()[0])", to: "elsewhere")
    #expect(try Set(faults(scratch)) == Set(both))
    try store.append([mark("e")], now: noon)
    #expect(try Set(faults(scratch)) == Set(both))
    _ = try store.repair(try scratch.open().check(now: noon), now: noon)
    #expect(try faults(scratch) == [])
  }
}

@Test func `a directory that another machine took over is not missed`() throws {
  try withMarks { scratch, store, _ in
    let id = try scratch.devices()[0]
    let other = try Store.open(directory: scratch.store, stateDirectory: "\(scratch.path)/other")
    _ = try other.forget(id, now: noon)
    #expect(try faults(scratch) == [])
    try store.append([mark("e")], now: noon)
    #expect(try faults(scratch) == [])
  }
}

@Test func `what was read of another device and is gone is worth a word only`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    var encoder = LineEncoder()
    for number in 1...3 {
      _ = try encoder.add(mark("o\(number)"), number: number, device: "aaaaaaaa")
    }
    try scratch.directory("store/dev/aaaaaaaa")
    try scratch.write(encoder.bytes, to: "store/dev/aaaaaaaa/j-000001.jsonl")
    let known = ["dev/aaaaaaaa/j-000001.jsonl": 3, "dev/aaaaaaaa/j-000002.jsonl": 8]
    #expect(try faults(scratch, known: ["dev/aaaaaaaa/j-000001.jsonl": 3]) == [])
    let report = try scratch.open().check(now: noon, known: known)
    #expect(
      report.findings.map(\.fault) == [.lostLines(.journal, first: 4, last: 8, isFileGone: true)]
    )
    #expect(report.findings.map(\.path) == ["dev/aaaaaaaa/j-000002.jsonl"])
    #expect(report.isClean)
    // Its owner compacted them: nothing is missing.
    try scratch.move(
      "store/dev/aaaaaaaa/j-000001.jsonl",
      to: "store/dev/aaaaaaaa/snap-000002.jsonl"
    )
    #expect(try faults(scratch, known: known) == [])
    // It had written more before it did so than was ever read here.
    var later = LineEncoder()
    for number in 20...22 {
      _ = try later.add(mark("l\(number)"), number: number, device: "aaaaaaaa")
    }
    try scratch.write(later.bytes, to: "store/dev/aaaaaaaa/j-000003.jsonl")
    #expect(try faults(scratch, known: known) == [])
  }
}

@Test func `numbers that are made up to have gaps are told in few words`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    var encoder = LineEncoder()
    for number in stride(from: 1, to: 100_000, by: 2) {
      _ = try encoder.add(mark("x"), number: number, device: "aaaaaaaa")
    }
    try scratch.directory("store/dev/aaaaaaaa")
    try scratch.write(encoder.bytes, to: "store/dev/aaaaaaaa/j-000001.jsonl")
    let faults = try faults(scratch)
    #expect(faults.count == 1001)
    #expect(faults.last == .missingLines(.journal, first: 2002, last: 99_998))
  }
}

@Test
func `segments that are gone are named one by one, and those that a snapshot stands for are not`()
  throws
{
  try withScratch { scratch in
    var known: [String: Int] = [:]
    var last = 0
    try scratch.open().append([mark("a")], now: noon)
    try scratch.directory("store/dev/aaaaaaaa")
    for segment in 1...4 {
      var encoder = LineEncoder()
      for number in last + 1...last + 5 {
        _ = try encoder.add(mark("s\(number)"), number: number, device: "aaaaaaaa")
      }
      last += 5
      let name = "dev/aaaaaaaa/j-00000\(segment).jsonl"
      known[name] = last
      try scratch.write(encoder.bytes, to: "store/\(name)")
    }
    for gone in [2, 3] { try scratch.remove("store/dev/aaaaaaaa/j-00000\(gone).jsonl") }
    let findings = try scratch.open().check(now: noon, known: known).findings
    #expect(
      findings.map(\.fault) == [
        .lostLines(.journal, first: 6, last: 10, isFileGone: true),
        .lostLines(.journal, first: 11, last: 15, isFileGone: true),
      ]
    )
    // Without an index that knew them it is a gap.
    #expect(try faults(scratch) == [.missingLines(.journal, first: 6, last: 15)])
    try scratch.copy(
      "store/dev/aaaaaaaa/j-000001.jsonl",
      to: "store/dev/aaaaaaaa/snap-000002.jsonl"
    )
    // Another device may have written more into what the snapshot stands for than was ever read.
    #expect(try faults(scratch, known: known) == [])
  }
}
