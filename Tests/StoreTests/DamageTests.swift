import FeedIndex
import FeedModel
import FeedStore
import FeedSync
import Foundation
import Testing

private let noon = Timestamp(milliseconds: 1_800_000_000_000)

/// A journal of a few lines, and what stands in it.
private func small(_ computer: Computer) throws -> (path: String, bytes: [UInt8]) {
  let feed = feedID(0)
  var lines = [
    PendingLine(at: noon, operation: .feed(feed, key: "url", value: .string("https://a.example/"))),
    PendingLine(at: noon, operation: .feed(feed, key: "sub", value: .bool(true))),
  ]
  for number in 0..<6 {
    let id = articleKey(feed: 0, number)
    lines.append(
      PendingLine(at: noon, operation: .set(key: "read", value: .bool(true), ids: [id]))
    )
  }
  try computer.append(lines, now: noon)
  let path = computer.store + "/" + (try #require(try computer.files().first))
  return (path, Array(try Data(contentsOf: URL(fileURLWithPath: path))))
}

/// The good lines, without their places, and the damage.
private func read(_ computer: Computer) throws -> (events: [StoreEvent], damage: [LineDamage]) {
  let store = try Store.open(directory: computer.store, stateDirectory: computer.path + "/state")
  let readings = try store.segments().map { try store.read($0, after: nil) }
  let events = readings.flatMap(\.lines)
    .map { line in
      // A line whose sum is not known by its name any more counts as written by hand.
      var event = line.event
      event.sum = 0
      return event
    }
  return (events, readings.flatMap(\.damage))
}

@Test func `any byte that is another one loses at most its line, and its place is known`() throws {
  try withTwoComputers { computer, _ in
    let (path, good) = try small(computer)
    let all = try read(computer).events
    #expect(all.count == 9)
    var flips = 0
    for offset in good.indices {
      for flip in [0x01, 0x80] as [UInt8] {
        var bytes = good
        bytes[offset] ^= flip
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let (events, damage) = try read(computer)
        // A line feed that goes joins two lines, of which both are known; one that comes splits one.
        let lost = all.count { !events.contains($0) }
        try #require(lost <= 1, "byte \(offset)")
        try #require(events.allSatisfy(all.contains), "byte \(offset): a line was invented")
        // The last line without its line feed may still be arriving.
        let isArriving = offset == good.count - 1
        try #require(lost == 0 || isArriving || !damage.isEmpty, "byte \(offset) is not told of")
        let start = good[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = good[offset...].firstIndex(of: 0x0A) ?? good.count
        for place in damage {
          try #require((start...end + 1).contains(place.offset), "byte \(offset): \(place)")
        }
        flips += 1
      }
    }
    print("Bytes that were changed: \(flips).")
  }
}

@Test func `a last line that is cut at any byte costs no other, and the next mark stands apart`()
  throws
{
  try withTwoComputers { computer, other in
    let (path, good) = try small(computer)
    let all = try read(computer).events
    let last = try #require(good.dropLast().lastIndex(of: 0x0A)) + 1
    for cut in last + 1..<good.count {
      try Data(good[..<cut]).write(to: URL(fileURLWithPath: path))
      let torn = try read(computer).events
      #expect(all.dropLast().allSatisfy(torn.contains))
      #expect(!torn.contains { $0 == all.last })
      let id = articleKey(feed: 0, 100 + cut)
      let mark = StoreOperation.set(key: "star", value: .bool(true), ids: [id])
      try computer.append([PendingLine(at: noon, operation: mark)], now: noon)
      #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == Array(good[..<cut]))
      let after = try read(computer).events
      #expect(after.contains { $0.operation == mark })
      #expect(all.dropLast().allSatisfy(after.contains))
    }
    _ = other
  }
}

@Test func `lines that another device made up open no file, ask nobody and end nothing`() throws {
  try withTwoComputers { computer, _ in
    _ = try small(computer)
    let directory = computer.store + "/dev/evilevil"
    try FileManager.default.createDirectory(
      atPath: directory,
      withIntermediateDirectories: true
    )
    let id = "\"\(articleKey(feed: 0, 1))\""
    let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    let long = String(repeating: "x", count: 10 << 20)
    func line(_ rest: String) -> String {
      "{\"n\":1,\"at\":\"2026-11-22T08:06:51.945Z\",\(rest)}\n"
    }
    let feed = "\"\(feedID(1))\""
    var text = ""
    for url in ["file:///etc/passwd", "exec:rm -rf ~", "/etc/passwd", "javascript:alert(1)", long] {
      text += line("\"op\":\"feed\",\"feed\":\(feed),\"key\":\"url\",\"val\":\"\(url)\"")
    }
    text += line("\"op\":\"feed\",\"feed\":\(feed),\"key\":\"sub\",\"val\":true")
    text += line("\"op\":\"feed\",\"feed\":\"../../../x\",\"key\":\"url\",\"val\":\"http://x/\"")
    text += line("\"op\":\"set\",\"key\":\"read\",\"val\":\(deep),\"ids\":[\(id)]")
    text += line("\"op\":\"set\",\"key\":\"tag:../..\",\"val\":true,\"ids\":[\"../../../../x\"]")
    text += line("\"op\":\"set\",\"key\":\"tag:\\u001b[2J\\u202e\",\"val\":true,\"ids\":[\(id)]")
    text += line(
      "\"op\":\"set\",\"key\":\"read\",\"val\":false,\"ids\":[\(id)],\"by\":\"../../ab\""
    )
    text += line("\"op\":\"art\",\"feed\":\(feed),\"keys\":[],\"item\":{}")
    text += line(
      "\"op\":\"art\",\"feed\":\(feed),\"keys\":[\(id)],\"hash\":\"\",\"item\":{\"id\":\"x\"}"
    )
    text += "{\"n\":99999999999999999999999999,\"at\":\"9999-99-99T99:99:99Z\",\"op\":\"set\"}\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/j-000001.jsonl"))
    let before = try FileManager.default.subpathsOfDirectory(atPath: computer.store).sorted()
    let library = try computer.library()
    // What is made up counts like what another device wrote, and is told by its device.
    let feeds = try library.feeds()
    #expect(feeds.contains { $0.id == feedID(0) && $0.url == "https://a.example/" })
    #expect(feeds.allSatisfy { $0.id != feedID(1) || $0.urlDevice == "evilevil" })
    #expect(!library.damage.isEmpty)
    #expect(try State(library) == computer.state(fresh: true))
    #expect(try FileManager.default.subpathsOfDirectory(atPath: computer.store).sorted() == before)
    // The next act of a person is not in the way of any of it.
    let own = try #require(feeds.first { $0.id == feedID(0) })
    try library.unsubscribe(from: [own.id], now: noon)
    #expect(try !library.feeds().contains { $0.id == own.id })
  }
}
