import FeedModel
import TestSupport
import Testing

@testable import FeedStore

private let month: Int64 = 31 * 86_400

private func later(_ months: Int64) -> Timestamp { noon.adding(seconds: months * month) }

extension Scratch {
  /// The device of this place, when there is one.
  fileprivate var own: String { get throws { try devices().first ?? "" } }

  /// The input files of the device.
  fileprivate func inputs() throws -> [String] {
    try names(in: "store/dev/\(try own)").filter { $0.hasSuffix(".jsonl") }
  }

  /// Makes the next append begin another segment, as a full one would.
  fileprivate func seal(_ kind: Segment.Kind) throws {
    let last = try inputs().filter { SegmentName.kind(ofFile: $0) == kind }
      .compactMap(SegmentName.number).max()
    try write([], to: "store/dev/\(try own)/\(SegmentName.file(kind, (last ?? 0) + 1))")
  }

  fileprivate func set(_ key: String, _ value: Bool, _ ids: [Int], at: Timestamp) throws {
    let operation = StoreOperation.set(key: key, value: .bool(value), ids: ids.map(id))
    try open().append([PendingLine(at: at, operation: operation)], now: at)
  }

  /// The greatest write to each register, and all lines that nobody understands.
  fileprivate func registers() throws -> [String: String] {
    var stamps: [String: RegisterStamp] = [:]
    var state: [String: String] = [:]
    for line in try lines() {
      let event = line.event
      func write(_ register: String, _ value: RegisterValue) {
        if let known = stamps[register], event.stamp <= known { return }
        stamps[register] = event.stamp
        state[register] = "\(value) \(event.at) \(event.number)"
      }
      switch event.operation {
      case .feed(let feed, let key, let value): write("\(feed) \(key)", value)
      case .set(let key, let value, let ids): for id in ids { write("\(id) \(key)", value) }
      case .unknown(let name): state["\(name) \(event.stamp)"] = "\(event.number)"
      case .open, .article: break
      }
    }
    return state
  }

  fileprivate func compact(
    at now: Timestamp,
    isDryRun: Bool = false,
    fate: (StoredLine) -> BodyFate = { _ in .kept }
  ) throws(StoreError) -> CompactionReport {
    try open().compact(now: now, isDryRun: isDryRun, fate: fate)
  }
}

/// A line with a right sum that says something which is not known here.
private func unknownLine(_ number: Int, at: Timestamp = noon) -> [UInt8] {
  let start =
    "{\"n\":\(number),\"at\":\"\(at.rfc3339(milliseconds: true))\",\"op\":\"later\",\"x\":[1, 2.50]"
  let bytes = Array(start.utf8)
  let sum = hexadecimal(CRC32.sum(of: bytes, in: 0..<bytes.count), digits: 8)
  return bytes + Array(",\"sum\":\"\(sum)\"}\n".utf8)
}

@Test(arguments: seeds(40))
func `a journal says the same before and after it is compacted`(seed: Int) throws {
  var random = Dice(state: UInt64(seed))
  try withScratch { scratch in
    var unknown: [[UInt8]] = []
    for step in 0..<30 {
      let at = noon.adding(milliseconds: Int64.random(in: 0...20, using: &random))
      let ids = (0..<Int.random(in: 1...5, using: &random))
        .map { _ in
          Int.random(in: 1...6, using: &random)
        }
      let value = Bool.random(using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        let operation = StoreOperation.feed(feed, key: "title", value: .string("\(step)"))
        try scratch.open().append([PendingLine(at: at, operation: operation)], now: at)
      case 1:
        let operation = StoreOperation.set(key: "read", value: .bool(value), ids: ids.map(id))
        let line = PendingLine(at: at, operation: operation, writtenBy: "oldolder")
        try scratch.open().append([line], now: at)
      case 2 where step > 0: try scratch.seal(.journal)
      case 3 where step > 0:
        // A newer version wrote it into the same segment.
        let number = try scratch.lines().map(\.event.number).max() ?? 0
        let last = try #require(scratch.inputs().last)
        unknown.append(unknownLine(number + 1))
        let path = "store/dev/\(try scratch.own)/\(last)"
        let isBegun = try !scratch.bytes(path).isEmpty
        if isBegun { try scratch.append(unknown[unknown.count - 1], to: path) }
        if !isBegun { unknown.removeLast() }
      default: try scratch.set(Bool.random(using: &random) ? "read" : "star", value, ids, at: at)
      }
    }
    try scratch.seal(.journal)
    try scratch.set("read", true, [7], at: noon)
    let before = try scratch.registers()
    let planned = try scratch.compact(at: later(1), isDryRun: true)
    #expect(try scratch.registers() == before)
    let first = try scratch.compact(at: later(1))
    #expect(first.snapshots == planned.snapshots)
    #expect(try scratch.registers() == before)
    #expect(first.removed.isEmpty)
    let second = try scratch.compact(at: later(2))
    #expect(try scratch.registers() == before)
    if let snapshot = first.snapshots.first {
      #expect(!second.removed.isEmpty)
      #expect(second.bytesFreed == second.removed.reduce(0) { $0 + $1.bytes })
      let text = try scratch.text("store/\(snapshot.name)")
      #expect(text.utf8.count == snapshot.bytesAfter)
      for line in unknown { #expect(text.contains(String(decoding: line, as: UTF8.self))) }
    }
    #expect(try scratch.compact(at: later(3)).removed.isEmpty)
    // The device goes on as itself, and no number is given twice.
    let numbers = try scratch.lines().map(\.event.number)
    try scratch.set("star", true, [1], at: later(4))
    #expect(try scratch.devices().count == 1)
    #expect(try scratch.lines().map(\.event.number).max() == (numbers.max() ?? 0) + 1)
  }
}

/// Marks articles read and unread again and again, in segments of some lines each.
private func toggled(_ scratch: Scratch, _ segments: Int, at now: Timestamp = noon) throws {
  for segment in 0..<segments {
    for step in 0..<10 {
      let at = now.adding(milliseconds: Int64(segment * 100 + step))
      try scratch.set("read", step % 2 == 0, Array(1...50), at: at)
    }
    try scratch.seal(.journal)
  }
  try scratch.set("star", true, [1], at: now.adding(seconds: 1))
}

@Test func `a snapshot stands for all segments that are sealed and older than 30 days`() throws {
  try withScratch { scratch in
    try toggled(scratch, 3)
    #expect(try scratch.compact(at: noon.adding(seconds: 86_400)).snapshots.isEmpty)
    let report = try scratch.compact(at: later(1))
    #expect(report.snapshots.map(\.name) == ["dev/\(try scratch.own)/snap-000003.jsonl"])
    let snapshot = try scratch.text("store/dev/\(try scratch.own)/snap-000003.jsonl")
    // The first line says when it was made; one line holds what 30 have said.
    #expect(snapshot.split(separator: "\n").count == 2)
    #expect(snapshot.hasPrefix("{\"n\":0,\"at\":\"\(later(1).rfc3339(milliseconds: true))\""))
    // 29 days later nothing is removed; 30 days later all that it stands for is.
    let early = try scratch.compact(at: later(1).adding(seconds: 29 * 86_400))
    #expect(early.removed.isEmpty)
    #expect(early.waiting.count == 3)
    let late = try scratch.compact(at: later(1).adding(seconds: 30 * 86_400))
    #expect(late.removed.count == 3)
    #expect(try scratch.inputs() == ["j-000004.jsonl", "snap-000003.jsonl"])
  }
}

@Test func `the next snapshot takes the one before it in, which goes 30 days later`() throws {
  try withScratch { scratch in
    try toggled(scratch, 2)
    _ = try scratch.compact(at: later(1))
    try toggled(scratch, 2, at: later(1))
    let before = try scratch.registers()
    let report = try scratch.compact(at: later(2))
    #expect(report.removed.count == 2)
    #expect(report.snapshots.map { String($0.name.suffix(17)) } == ["snap-000004.jsonl"])
    #expect(try scratch.compact(at: later(3)).removed.count == 3)
    #expect(try scratch.inputs() == ["j-000005.jsonl", "snap-000004.jsonl"])
    #expect(try scratch.registers() == before)
  }
}

@Test func `a snapshot that would save less than half is not made`() throws {
  try withScratch { scratch in
    for number in 1...20 { try scratch.set("tag:\(number)", true, [1, 2, 3], at: noon) }
    try scratch.seal(.journal)
    try scratch.set("read", true, [1], at: noon)
    #expect(try scratch.compact(at: later(1)) == CompactionReport())
  }
}

@Test(arguments: ["{\"n\":3,torn", "\u{0}\u{0}\u{0}\n", "<<<<<<< HEAD\n"])
func `a segment that cannot be read whole is not compacted and never removed`(
  damage: String
)
  throws
{
  try withScratch { scratch in
    try toggled(scratch, 3)
    let name = "store/dev/\(try scratch.own)/j-000002.jsonl"
    try scratch.append(Array(damage.utf8), to: name)
    let (bytes, before) = (try scratch.bytes(name), try scratch.registers())
    for month in 1...3 { _ = try scratch.compact(at: later(Int64(month))) }
    #expect(try scratch.bytes(name) == bytes)
    #expect(try scratch.registers() == before)
    #expect(
      try scratch.inputs() == ["j-000002.jsonl", "j-000004.jsonl", "snap-000003.jsonl"]
    )
  }
}

@Test func `a segment of a newer format is not compacted`() throws {
  try withScratch { scratch in
    try toggled(scratch, 1)
    let name = "store/dev/\(try scratch.own)/j-000001.jsonl"
    let text = try scratch.text(name).split(separator: "\n")
    let head = "{\"at\":\"2026-01-01T00:00:00Z\",\"op\":\"open\",\"fmt\":2,\"seg\":1}"
    try scratch.write(Array(([Substring(head)] + text).joined(separator: "\n").utf8), to: name)
    #expect(try scratch.compact(at: later(2)) == CompactionReport())
  }
}

@Test func `an old segment that says more than its snapshot stays`() throws {
  try withScratch { scratch in
    try toggled(scratch, 2)
    _ = try scratch.compact(at: later(1))
    // Written behind our back, with a stamp that no line of the snapshot has.
    let line =
      "{\"at\":\"\(later(1).rfc3339(milliseconds: true))\",\"op\":\"set\",\"key\":\"read\","
      + "\"val\":true,\"ids\":[\"\(id(1))\"]}\n"
    try scratch.append(Array(line.utf8), to: "store/dev/\(try scratch.own)/j-000002.jsonl")
    let before = try scratch.registers()
    #expect(
      try scratch.compact(at: later(3)).removed.map { $0.name.suffix(14) } == ["j-000001.jsonl"]
    )
    #expect(try scratch.registers() == before)
  }
}

@Test func `nothing is compacted in a directory that someone else has written to`() throws {
  try withScratch { scratch in
    try toggled(scratch, 2)
    let directory = "store/dev/\(try scratch.own)"
    try scratch.copy(
      "\(directory)/j-000001.jsonl",
      to: "\(directory)/j-000001.sync-conflict-1.jsonl"
    )
    #expect(try scratch.compact(at: later(2)) == CompactionReport())
  }
}

@Test func `what another device wrote is not compacted, and beats nothing of ours`() throws {
  try withScratch { scratch in
    try toggled(scratch, 2)
    try scratch.directory("store/dev/zzzzzzzz")
    let own = try scratch.own
    for name in ["j-000001.jsonl", "j-000002.jsonl"] {
      try scratch.copy("store/dev/\(own)/\(name)", to: "store/dev/zzzzzzzz/\(name)")
    }
    let before = try scratch.registers()
    let report = try scratch.compact(at: later(1))
    #expect(report.snapshots.count == 1)
    _ = try scratch.compact(at: later(2))
    #expect(try scratch.names(in: "store/dev/zzzzzzzz").count == 2)
    #expect(try scratch.registers() == before)
  }
}

/// Articles 1 to 20, each of 1 KB, in a segment that is sealed.
private func articles(_ scratch: Scratch) throws {
  try scratch.open().append((1...20).map { article($0, bytes: 1000) }, now: noon)
  try scratch.seal(.articles)
  try scratch.open().append([article(21)], now: noon)
}

extension Scratch {
  /// The lengths of the bodies, by the article's id.
  fileprivate func bodies() throws -> [ArticleID: Int] {
    var bodies: [ArticleID: Int] = [:]
    for line in try lines() {
      guard case .article(let article) = line.event.operation else { continue }
      let count = article.item.contentHTML?.utf8.count ?? 0
      bodies[article.id] = max(bodies[article.id] ?? 0, count)
    }
    return bodies
  }
}

/// The bodies of articles up to a number are not wanted.
private func fate(_ number: Int) -> (StoredLine) -> BodyFate {
  let ids = Set((0..<number).map { id($0 + 1) })
  return { line in
    guard case .article(let article) = line.event.operation, ids.contains(article.id) else {
      return .kept
    }
    return .dropped(since: noon)
  }
}

@Test func `a dropped body goes with its segment after 30 days, and all else of the article stays`()
  throws
{
  try withScratch { scratch in
    try articles(scratch)
    let before = try scratch.lines()
    let first = try scratch.compact(at: later(1), fate: fate(10))
    #expect(first.snapshots.map(\.name) == ["dev/\(try scratch.own)/snap-a-000001.jsonl"])
    #expect(first.bytesFreed == 0)
    #expect(first.bytesToFree > 9000)
    #expect(try scratch.bodies().values.allSatisfy { $0 > 0 })
    let second = try scratch.compact(at: later(2), fate: fate(10))
    #expect(second.bytesFreed > 20_000)
    #expect(try scratch.inputs() == ["a-000002.jsonl", "snap-a-000001.jsonl"])
    let bodies = try scratch.bodies()
    #expect(bodies.count == 21)
    #expect((1...10).allSatisfy { bodies[id($0)] == 0 })
    #expect((11...21).allSatisfy { bodies[id($0)] ?? 0 > 0 })
    let after = try scratch.lines()
    for line in before {
      guard case .article(let full) = line.event.operation else { continue }
      let found = after.first { $0.event.number == line.event.number }
      let event = try #require(found?.event)
      guard case .article(let short) = event.operation else { continue }
      #expect((event.at, event.device) == (line.event.at, line.event.device))
      #expect(
        (short.keys, short.contentHash, short.feed) == (full.keys, full.contentHash, full.feed)
      )
      #expect(short.item == full.item || short.item == full.item.withoutBody)
    }
    try scratch.open().append([article(22)], now: later(2))
    #expect(try scratch.devices().count == 1)
  }
}

@Test func `a body that is wanted again before its segment went stays`() throws {
  try withScratch { scratch in
    try articles(scratch)
    _ = try scratch.compact(at: later(1), fate: fate(10))
    // One of the ten was starred in between: the snapshot is made anew.
    let kept = fate(9)
    let again = try scratch.compact(at: later(2), fate: kept)
    #expect(again.removed.isEmpty)
    #expect(again.snapshots.count == 1)
    #expect(try scratch.compact(at: later(3), fate: kept).removed.count == 1)
    let bodies = try scratch.bodies()
    #expect(bodies[id(9)] == 0)
    #expect(bodies[id(10)] ?? 0 > 0)
  }
}

@Test func `a segment whose snapshot would save less than a quarter is left alone`() throws {
  try withScratch { scratch in
    try articles(scratch)
    #expect(try scratch.compact(at: later(1), fate: fate(4)) == CompactionReport())
    #expect(try scratch.compact(at: later(1), fate: fate(8)).snapshots.count == 1)
  }
}

@Test func `a snapshot of articles is compacted again once its segment has gone`() throws {
  try withScratch { scratch in
    try articles(scratch)
    _ = try scratch.compact(at: later(1), fate: fate(8))
    // Its segment still stands, so it would have to wait anew.
    #expect(
      try scratch.compact(at: noon.adding(seconds: month + 86_400), fate: fate(16)).snapshots
        .isEmpty
    )
    _ = try scratch.compact(at: later(2), fate: fate(8))
    #expect(try scratch.compact(at: later(4), fate: fate(16)).snapshots.count == 1)
    #expect(try scratch.bodies().values.filter { $0 == 0 }.count == 16)
    #expect(try scratch.inputs() == ["a-000002.jsonl", "snap-a-000001.jsonl"])
  }
}

extension Scratch {
  /// Damages a byte of the first line of a file that holds some text.
  fileprivate func damage(_ file: String, at text: String) throws {
    let name = "store/dev/\(try own)/\(file)"
    var content = try bytes(name)
    let place = try #require(content.firstRange(of: Array(text.utf8)))
    content[place.lowerBound] = 0x07
    try write(content, to: name)
  }

  /// Repairs what a check finds; gives the names of the files that were mended.
  fileprivate func repair(at now: Timestamp) throws -> [String] {
    let report = try open().check(full: true, now: now)
    let repair = try open().repair(report, now: now)
    #expect(repair.left.isEmpty)
    return repair.mended.compactMap { $0.split(separator: "/").last.map(String.init) }
  }
}

@Test func `what damage took from a snapshot stays in its segment, and is in the next snapshot`()
  throws
{
  try withScratch { scratch in
    try scratch.set("tag:x", true, [1, 2, 3], at: noon)
    try toggled(scratch, 2)
    _ = try scratch.compact(at: later(1))
    let before = try scratch.registers()
    try scratch.damage("snap-000002.jsonl", at: "tag:x")
    #expect(try scratch.compact(at: later(2)).removed.isEmpty)
    #expect(try scratch.repair(at: later(2)) == ["snap-000002.jsonl"])
    #expect(try scratch.repair(at: later(2)).isEmpty)
    #expect(
      try scratch.compact(at: later(2)).removed.map { $0.name.suffix(14) } == ["j-000002.jsonl"]
    )
    #expect(try scratch.registers() == before)
    try toggled(scratch, 2, at: later(2))
    let after = try scratch.registers()
    #expect(try scratch.compact(at: later(3)).snapshots.count == 1)
    _ = try scratch.compact(at: later(4))
    #expect(try scratch.inputs() == ["j-000005.jsonl", "snap-000004.jsonl"])
    #expect(try scratch.registers() == after)
    #expect(after.keys.count { $0.contains("tag:x") } == 3)
  }
}

@Test func `a damaged snapshot whose segments have gone is mended, and compaction goes on`() throws
{
  try withScratch { scratch in
    try scratch.set("tag:x", true, [1, 2, 3], at: noon)
    try toggled(scratch, 2)
    _ = try scratch.compact(at: later(1))
    _ = try scratch.compact(at: later(2))
    #expect(try scratch.inputs() == ["j-000003.jsonl", "snap-000002.jsonl"])
    try scratch.damage("snap-000002.jsonl", at: "tag:x")
    #expect(try scratch.repair(at: later(2)) == ["snap-000002.jsonl"])
    try toggled(scratch, 2, at: later(2))
    let before = try scratch.registers()
    #expect(try scratch.compact(at: later(3)).snapshots.count == 1)
    _ = try scratch.compact(at: later(4))
    #expect(try scratch.inputs() == ["j-000005.jsonl", "snap-000004.jsonl"])
    #expect(try scratch.registers() == before)
  }
}

@Test func `a line that damage took from a snapshot of articles is taken from its segment`() throws
{
  try withScratch { scratch in
    try articles(scratch)
    _ = try scratch.compact(at: later(1), fate: fate(10))
    try scratch.damage("snap-a-000001.jsonl", at: "\(id(15))")
    #expect(try scratch.compact(at: later(2), fate: fate(10)).removed.isEmpty)
    #expect(try scratch.repair(at: later(2)) == ["snap-a-000001.jsonl"])
    let again = try scratch.compact(at: later(2), fate: fate(10))
    #expect(again.removed.isEmpty)
    #expect(again.snapshots.count == 1)
    #expect(try scratch.compact(at: later(3), fate: fate(10)).removed.count == 1)
    #expect(try scratch.inputs() == ["a-000002.jsonl", "snap-a-000001.jsonl"])
    let bodies = try scratch.bodies()
    #expect(bodies.count == 21)
    #expect((11...21).allSatisfy { bodies[id($0)] ?? 0 > 0 })
  }
}

@Test func `a lost segment of articles is missed, whichever of the others a snapshot stands for`()
  throws
{
  try withScratch { scratch in
    for first in [1, 11, 21] {
      try scratch.open().append((first..<first + 10).map { article($0, bytes: 1000) }, now: noon)
      try scratch.seal(.articles)
    }
    try scratch.open().append([article(31)], now: noon)
    for months: Int64 in [1, 2] { _ = try scratch.compact(at: later(months), fate: fate(30)) }
    let own = try scratch.own
    #expect(try scratch.inputs().filter { $0.hasPrefix("snap-a-") }.count == 3)
    #expect(try scratch.open().check(now: later(2)).findings.isEmpty)
    try scratch.remove("store/dev/\(own)/snap-a-000001.jsonl")
    let faults = try scratch.open().check(now: later(2)).findings.map(\.fault)
    // The first line of all numbers a segment, and ten articles follow it.
    #expect(faults == [.missingLines(.articles, first: 1, last: 11)])
  }
}

@Test func `a line of the future does not keep its segment from being compacted`() throws {
  try withScratch { scratch in
    try toggled(scratch, 1)
    try scratch.set("tag:far", true, [7], at: later(300))
    try toggled(scratch, 2)
    let before = try scratch.registers()
    let report = try scratch.compact(at: later(1))
    #expect(report.snapshots.map { String($0.name.suffix(17)) } == ["snap-000003.jsonl"])
    #expect(try scratch.registers() == before)
  }
}
