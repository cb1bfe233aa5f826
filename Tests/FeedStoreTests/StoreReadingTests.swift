import FeedModel
import Glibc
import Testing

@testable import FeedStore

/// The journal of the only device.
private func journal(_ scratch: Scratch) throws -> Segment {
  try #require(try scratch.open().segments().first { $0.kind == .journal })
}

private func keys(_ reading: SegmentReading) -> [String] {
  reading.lines.compactMap {
    if case .set(let key, _, _) = $0.event.operation { key } else { nil }
  }
}

@Test func `reading goes on where it stopped`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a"), mark("b")], now: noon)
    let segment = try journal(scratch)
    let first = try store.read(segment, after: nil)
    #expect(keys(first) == ["tag:a", "tag:b"])
    #expect(first.cursor.offset == segment.sizeInBytes)
    #expect(first.cursor.tail.count == 64)
    let nothing = try store.read(segment, after: first.cursor)
    #expect(nothing.lines.isEmpty)
    #expect(nothing.cursor == first.cursor)
    try store.append([mark("c")], now: noon)
    let second = try store.read(segment, after: first.cursor)
    #expect(keys(second) == ["tag:c"])
    #expect(second.lines.first?.place.offset == first.cursor.offset)
    let again = try store.read(segment, after: nil)
    #expect(again.cursor == second.cursor)
  }
}

@Test func `a cursor taken after any line leads to the lines after it`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    var cursor: SegmentCursor?
    for number in 0..<20 {
      try store.append([mark("\(number)")], now: noon)
      let reading = try store.read(try journal(scratch), after: cursor)
      #expect(keys(reading) == ["tag:\(number)"])
      cursor = reading.cursor
    }
  }
}

@Test func `a file whose start has changed is read from its start`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a"), mark("b")], now: noon)
    let segment = try journal(scratch)
    let cursor = try store.read(segment, after: nil).cursor
    let bytes = try scratch.bytes("store/\(segment.name)")
    // Shorter, as after a compaction; another tail; and the same length with another end.
    try scratch.write(encode([mark("x")]), to: "store/\(segment.name)")
    let shorter = try store.read(segment, after: cursor)
    #expect(keys(shorter) == ["tag:x"])
    try scratch.write(encode([mark("y"), mark("z"), mark("w")]), to: "store/\(segment.name)")
    let other = try store.read(segment, after: cursor)
    #expect(keys(other) == ["tag:y", "tag:z", "tag:w"])
    try scratch.write(bytes, to: "store/\(segment.name)")
    #expect(try keys(store.read(segment, after: cursor)) == [])
    try scratch.write([], to: "store/\(segment.name)")
    let empty = try store.read(segment, after: cursor)
    #expect(empty.lines.isEmpty)
    #expect(empty.cursor == SegmentCursor(name: segment.name, offset: 0, tail: []))
  }
}

@Test func `a cursor that cannot be right starts over`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let segment = try journal(scratch)
    let good = try store.read(segment, after: nil).cursor
    for change in 0..<5 {
      var cursor = good
      switch change {
      case 0: cursor.offset = -1
      case 1: cursor.offset = .max
      case 2: cursor.tail.removeFirst()
      case 3: cursor.tail = []
      default: cursor.name = "dev/k7m2q9xw/j-000009.jsonl"
      }
      let reading = try store.read(segment, after: cursor)
      #expect(keys(reading) == ["tag:a"])
    }
  }
}

@Test func `a line that is still arriving is left for later`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try scratch.directory("store/dev/k7m2q9xw")
    let name = "store/dev/k7m2q9xw/j-000001.jsonl"
    let bytes = try encode([mark("b"), mark("c")])
    let store = try scratch.open()
    var cursor: SegmentCursor?
    var found: [String] = []
    for byte in bytes {
      try scratch.append([byte], to: name)
      let segment = try #require(try store.segments().first { $0.device == "k7m2q9xw" })
      let reading = try store.read(segment, after: cursor)
      #expect(reading.damage.isEmpty)
      found += keys(reading)
      cursor = reading.cursor
    }
    #expect(found == ["tag:b", "tag:c"])
  }
}

@Test func `copies that sync tools make are read, and unfinished files are not`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let device = "store/dev/k7m2q9xw"
    try scratch.directory(device)
    let inputs = [
      "j-000001.jsonl", "j-000001.sync-conflict-20261122-081138-UOUIYMM.jsonl",
      "j-000001 (Ann's conflicted copy 2026-11-22).jsonl", "j-000001 (1).jsonl",
      "snap-000003.jsonl",
    ]
    for name in inputs { try scratch.write(encode([mark(name)]), to: "\(device)/\(name)") }
    for name in [
      ".syncthing.j-000001.jsonl.tmp", "~syncthing~j-000001.jsonl.tmp", ".tmp-1-2", "notes.jsonl",
    ] {
      try scratch.write(encode([mark("no")]), to: "\(device)/\(name)")
    }
    try scratch.directory("store/dev/not a device")
    try scratch.write(encode([mark("no")]), to: "store/dev/not a device/j-000001.jsonl")
    try scratch.write(encode([mark("no")]), to: "store/dev/j-000001.jsonl")
    try scratch.directory("\(device)/j-directory.jsonl")
    #expect(Set(try scratch.marks()) == Set(["tag:a"] + inputs.map { "tag:\($0)" }))
    let names = try scratch.open().segments().map { $0.name }
    #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }
}

@Test func `symbolic links are not read`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let segment = try journal(scratch)
    try scratch.directory("elsewhere")
    try scratch.write(encode([mark("b")]), to: "elsewhere/j-000001.jsonl")
    let devices = "\(scratch.store)/dev"
    #expect(unsafe symlink("\(scratch.path)/elsewhere", "\(devices)/abcdefgh") == 0)
    let link = "\(scratch.store)/dev/\(segment.device)/j-000009.jsonl"
    #expect(unsafe symlink("\(scratch.path)/elsewhere/j-000001.jsonl", link) == 0)
    #expect(unsafe mkfifo("\(scratch.store)/dev/\(segment.device)/j-000008.jsonl", 0o600) == 0)
    #expect(try scratch.marks() == ["tag:a"])
    for name in ["\(segment.device)/j-000009", "\(segment.device)/j-000008", "abcdefgh/j-000001"] {
      let planted = try #require(Segment(name: "dev/\(name).jsonl", sizeInBytes: 100))
      #expect(throws: StoreError.self) { try store.read(planted, after: nil) }
      let place = LinePlace(segment: planted.name, offset: 0, length: 10)
      #expect(throws: StoreError.self) { try store.event(at: place) }
    }
  }
}

@Test func `one line is read again by its place`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([article(1, bytes: 10_000), mark("a"), article(2)], now: noon)
    for line in try scratch.lines() {
      #expect(try store.event(at: line.place) == line.event)
    }
    let line = try #require(try scratch.lines().last)
    for (offset, length) in [(1, 0), (0, 1), (0, -1), (-1, 0), (1 << 40, 0), (0, 1 << 40)] {
      var place = line.place
      place.offset += offset
      place.length += length
      #expect(throws: StoreError.self) { try store.event(at: place) }
    }
    var place = line.place
    place.segment = "dev/../store.json"
    #expect(throws: StoreError.gone(path: "\(scratch.store)/dev/../store.json")) {
      try store.event(at: place)
    }
  }
}

@Test func `a segment that went away is gone`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let segment = try journal(scratch)
    let line = try #require(try scratch.lines().first)
    #expect(unsafe unlink("\(scratch.store)/\(segment.name)") == 0)
    let gone = StoreError.gone(path: "\(scratch.store)/\(segment.name)")
    #expect(throws: gone) { try store.read(segment, after: nil) }
    #expect(throws: gone) { try store.event(at: line.place) }
  }
}

@Test func `a file far larger than a segment is read in parts`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try scratch.directory("store/dev/k7m2q9xw")
    let name = "dev/k7m2q9xw/a-000001.jsonl"
    let lines = (1...40).map { article($0, bytes: 1 << 19) }
    try scratch.write(encode(lines), to: "store/\(name)")
    let store = try scratch.open()
    let segment = try #require(Segment(name: name, sizeInBytes: 0))
    var cursor: SegmentCursor?
    var numbers: [Int] = []
    var parts = 0
    while true {
      let reading = try store.read(segment, after: cursor)
      numbers += reading.lines.map { $0.event.number }
      #expect(reading.damage.isEmpty)
      cursor = reading.cursor
      parts += 1
      guard reading.hasMore else { break }
    }
    #expect(numbers == Array(1...40))
    #expect((3...10).contains(parts))
  }
}

@Test func `a line longer than 64 MiB is damage, and the next one is read`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try scratch.directory("store/dev/k7m2q9xw")
    let name = "dev/k7m2q9xw/j-000001.jsonl"
    let start = try encode([mark("b")])
    let end = try encode([mark("c")], first: 2)
    try scratch.write(start, to: "store/\(name)")
    let long = (64 << 20) + 100
    // A hole in the file reads as zero bytes and takes no disk.
    #expect(unsafe truncate("\(scratch.store)/\(name)", start.count + long) == 0)
    try scratch.append([0x0A] + end, to: "store/\(name)")
    let store = try scratch.open()
    let segment = try #require(Segment(name: name, sizeInBytes: 0))
    var cursor: SegmentCursor?
    var found: [String] = []
    var damage: [LineDamage] = []
    for _ in 0..<5 {
      let reading = try store.read(segment, after: cursor)
      found += keys(reading)
      damage += reading.damage
      cursor = reading.cursor
    }
    #expect(found == ["tag:b", "tag:c"])
    #expect(damage.count == 1)
    #expect(damage.first?.offset == start.count)
    #expect(damage.first?.length == long)
    #expect(cursor?.offset == start.count + long + 1 + end.count)
  }
}

@Test func `a segment of a newer format stays without effect when it grows`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try scratch.directory("store/dev/k7m2q9xw")
    let name = "dev/k7m2q9xw/j-000001.jsonl"
    let open =
      #"{"n":1,"at":"2026-11-22T08:07:10.000Z","op":"open","fmt":3,"dev":"k7m2q9xw","seg":1}"#
    try scratch.write(sealed(open), to: "store/\(name)")
    let store = try scratch.open()
    let segment = try #require(Segment(name: name, sizeInBytes: 0))
    let first = try store.read(segment, after: nil)
    #expect(first.newerFormat == 3)
    try scratch.append(encode([mark("b")], first: 2), to: "store/\(name)")
    let second = try store.read(segment, after: first.cursor)
    #expect(second.lines.map { $0.event.operation } == [.unknown("set")])
    #expect(second.newerFormat == 3)
  }
}

@Test(arguments: [
  // A first line of another shape, a long one, one behind damage, one with other members.
  #"{"at":"2026-11-18T11:06:40.000Z","op":"open","fmt":3,"seg":"one"}"#,
  #"{"at":"2026-11-18T11:06:40.000Z","op":"open","fmt":3,"why":""#
    + String(repeating: "x", count: 5000) + #""}"#,
  String(repeating: "damage ", count: 1000) + "\n"
    + #"{"at":"2026-11-18T11:06:40.000Z","op":"open","fmt":3,"seg":1}"#,
  #"{"at":"2026-11-18T11:06:40.000Z","fmt":3,"op":"open"}"#,
])
func `a newer format is seen in each reading`(start: String) throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    try scratch.directory("store/dev/abcdefgh")
    let file = "store/dev/abcdefgh/j-000001.jsonl"
    let line =
      #"{"at":"2026-11-18T11:06:40.000Z","op":"set","key":"read","val":true,"ids":["\#(id(1))"]}"#
    try scratch.write("\(start)\n\(line)\n".utf8, to: file)
    let segment = try #require(try store.segments().first { $0.device == "abcdefgh" })
    let first = try store.read(segment, after: nil)
    #expect(first.newerFormat == 3)
    try scratch.append("\(line)\n".utf8, to: file)
    let second = try store.read(segment, after: first.cursor)
    #expect(second.newerFormat == 3)
    #expect(second.lines.map(\.event.operation) == [])
    let third = try store.read(segment, after: second.cursor)
    #expect(third.newerFormat == 3)
    #expect(third.lines.isEmpty)
  }
}

@Test func `a line of a newer format in the middle of a segment is told`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    try scratch.directory("store/dev/abcdefgh")
    let file = "store/dev/abcdefgh/j-000001.jsonl"
    let lines = [1, 4]
      .map { #"{"at":"2026-11-18T11:06:40.000Z","op":"open","fmt":\#($0),"seg":1}"# + "\n" }
    try scratch.write(lines.joined().utf8, to: file)
    let segment = try #require(try store.segments().first { $0.device == "abcdefgh" })
    #expect(try store.read(segment, after: nil).newerFormat == 4)
  }
}
