import FeedModel
import Glibc
import Testing

@testable import FeedStore

/// The names and sizes of the segments of the only device.
private func segments(_ scratch: Scratch, _ kind: Segment.Kind) throws -> [Segment] {
  try scratch.open().segments().filter { $0.kind == kind }
}

/// Adds to the journal of the only device what another program left there.
private func spoil(_ scratch: Scratch, _ bytes: some Sequence<UInt8>) throws {
  let segment = try #require(try segments(scratch, .journal).last)
  try scratch.append(bytes, to: "store/\(segment.name)")
}

/// Numbers of the good lines of the journal that were not written by hand.
private func numbers(_ scratch: Scratch) throws -> [Int] {
  try scratch.lines().filter { !$0.isHandWritten }.map { $0.event.number }
}

@Test func `a segment of 4 MiB is sealed, and the numbers go on in the next`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    for round in 0..<3 {
      try store.append((0..<30).map { article(round * 30 + $0, bytes: 100_000) }, now: noon)
    }
    let found = try segments(scratch, .articles)
    #expect(found.map { $0.name.suffix(8) } == ["01.jsonl", "02.jsonl", "03.jsonl"])
    for segment in found.dropLast() {
      #expect(segment.sizeInBytes >= 4 << 20)
      #expect(segment.sizeInBytes < 4 << 20 + 200_000)
    }
    let lines = try scratch.lines()
    #expect(lines.map { $0.event.number } == Array(1...93))
    let opens = lines.compactMap {
      if case .open(_, let segment) = $0.event.operation { segment } else { nil }
    }
    #expect(opens == [1, 2, 3])
    let sealedBytes = try scratch.bytes("store/\(found[0].name)")
    try store.append([article(1000)], now: noon)
    #expect(try scratch.bytes("store/\(found[0].name)") == sealedBytes)
    #expect(try scratch.devices().count == 1)
  }
}

@Test func `a torn tail at any byte keeps all lines before it and is never written behind`() throws
{
  let torn = try encode([mark("torn")], first: 4)
  for length in 1..<torn.count {
    try withScratch { scratch in
      let store = try scratch.open()
      try store.append([mark("a"), mark("b")], now: noon)
      try spoil(scratch, torn.prefix(length))
      try store.append([mark("c")], now: noon)
      try store.append([mark("d")], now: noon)
      #expect(try scratch.marks() == ["tag:a", "tag:b", "tag:c", "tag:d"])
      #expect(try segments(scratch, .journal).count == 2)
      #expect(try numbers(scratch) == Array(1...6))
      #expect(try scratch.devices().count == 1)
    }
  }
}

@Test func `whole lines that were written but not recorded are counted on`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    try spoil(scratch, try encode([mark("b"), mark("c")], first: 3))
    try store.append([mark("d")], now: noon)
    #expect(try scratch.marks() == ["tag:a", "tag:b", "tag:c", "tag:d"])
    #expect(try numbers(scratch) == Array(1...5))
    #expect(try segments(scratch, .journal).count == 1)
    #expect(try scratch.devices().count == 1)
  }
}

@Test func `an older record catches up with all segments written since`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([article(0)], now: noon)
    let record = try #require(try scratch.stateFile("me-"))
    let old = try scratch.bytes(record)
    for round in 0..<3 {
      try store.append((0..<30).map { article(round * 30 + $0, bytes: 100_000) }, now: noon)
    }
    try store.append([mark("a")], now: noon)
    try scratch.write(old, to: record)
    try store.append([article(500), mark("b")], now: noon)
    #expect(try scratch.devices().count == 1)
    let lines = try scratch.lines()
    let articles = lines.filter { $0.place.segment.contains("/a-") }
    #expect(articles.map { $0.event.number } == Array(1...95))
    #expect(try scratch.marks() == ["tag:a", "tag:b"])
  }
}

@Test func `a line written by hand into our journal is honoured, and seals it`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let line =
      #"{"at":"2026-11-22T08:07:10Z","op":"set","key":"tag:hand","val":true,"ids":["\#(id(1))"]}"#
    try spoil(scratch, "\(line)\n".utf8)
    try store.append([mark("b")], now: noon)
    #expect(try scratch.marks() == ["tag:a", "tag:hand", "tag:b"])
    #expect(try numbers(scratch) == [1, 2, 3, 4])
    #expect(try segments(scratch, .journal).count == 2)
    #expect(try scratch.devices().count == 1)
  }
}

@Test func `damage behind our lines seals the segment`() throws {
  for damage in ["{\"n\":3}garbage\n", String(repeating: "\0", count: 4096), "\0\0\0\n"] {
    try withScratch { scratch in
      let store = try scratch.open()
      try store.append([mark("a")], now: noon)
      try spoil(scratch, damage.utf8)
      try store.append([mark("b")], now: noon)
      #expect(try scratch.marks() == ["tag:a", "tag:b"])
      #expect(try segments(scratch, .journal).count == 2)
      #expect(try numbers(scratch) == [1, 2, 3, 4])
      #expect(try scratch.devices().count == 1)
    }
  }
}

@Test func `an empty next segment, left by a crash, is taken into use`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let device = try scratch.devices()[0]
    try scratch.write([], to: "store/dev/\(device)/j-000002.jsonl")
    try store.append([mark("b")], now: noon)
    try store.append([mark("c")], now: noon)
    #expect(try scratch.marks() == ["tag:a", "tag:b", "tag:c"])
    #expect(try numbers(scratch) == [1, 2, 3, 4, 5])
    #expect(try segments(scratch, .journal).map { $0.sizeInBytes > 0 } == [true, true])
    #expect(try scratch.devices().count == 1)
  }
}

@Test func `a next segment torn in its first line is left alone`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let device = try scratch.devices()[0]
    try scratch.write(#"{"n":3,"at":"20"#.utf8, to: "store/dev/\(device)/j-000002.jsonl")
    try store.append([mark("b")], now: noon)
    #expect(try scratch.marks() == ["tag:a", "tag:b"])
    #expect(try numbers(scratch) == [1, 2, 3, 4])
    #expect(try segments(scratch, .journal).count == 3)
  }
}

@Test func `eight appenders at once leave no gap and no repetition`() async throws {
  try await withScratchAsync { scratch in
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let store = try scratch.open()
          for number in 0..<25 {
            try store.append([mark("\(writer)-\(number)"), article(number)], now: noon)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(Set(try scratch.marks()).count == 200)
    let journal = try scratch.lines().filter { $0.place.segment.contains("/j-") }
    let articles = try scratch.lines().filter { $0.place.segment.contains("/a-") }
    #expect(journal.map { $0.event.number } == Array(1...201))
    #expect(articles.map { $0.event.number } == Array(1...201))
    #expect(try scratch.devices().count == 1)
  }
}

@Test func `a file size limit is an error, leaves whole lines, and passes`() async {
  // The limit belongs to the process, so this has one of its own.
  await #expect(processExitsWith: .success) {
    signal(SIGXFSZ, SIG_IGN)
    try withScratch { scratch in
      let store = try scratch.open()
      try store.append([mark("a")], now: noon)
      let name = "store/\(try scratch.open().segments()[0].name)"
      let before = try scratch.bytes(name)
      let line = try encode([mark("b")], first: 3)
      for extra in 0..<line.count {
        setLimit(before.count + extra)
        do throws(StoreError) {
          try store.append([mark("b")], now: noon)
          exit(1)
        } catch .noSpace(let path, EFBIG) {
          if path != "\(scratch.path)/\(name)" { exit(2) }
        } catch {
          exit(3)
        }
        setLimit(nil)
        if try scratch.bytes(name) != before { exit(4) }
      }
      setLimit(before.count + line.count)
      try store.append([mark("b")], now: noon)
      setLimit(nil)
      if try scratch.bytes(name) != before + line { exit(5) }
      try store.append([mark("c")], now: noon)
      if try scratch.marks() != ["tag:a", "tag:b", "tag:c"] { exit(6) }
      if try scratch.devices().count != 1 { exit(7) }
    }
  }
}

/// Limits the size of files (`setrlimit`), or takes the limit away.
private func setLimit(_ bytes: Int?) {
  var limit = rlimit(rlim_cur: bytes.map { rlim_t($0) } ?? rlim_t.max, rlim_max: rlim_t.max)
  _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}
