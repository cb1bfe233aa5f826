import FeedModel
import Testing

@testable import FeedStore

private func texts(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }

private func journal(_ store: Store) throws -> Segment {
  try #require(try store.segments().first { $0.kind == .journal })
}

@Test func `the lines with a text are found, as reading all of them would give them`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    // More than is read at once, with a line across every border.
    try store.append((0..<9000).map { mark("a\($0)b") }, now: noon)
    let segment = try journal(store)
    #expect(segment.sizeInBytes > 1 << 20)
    let all = try store.read(segment, after: nil).lines
    for number in [0, 1, 4711, 8999] {
      let found = try store.lines(with: texts("tag:a\(number)b"), in: segment)
      let wanted = all.filter {
        if case .set("tag:a\(number)b", _, _) = $0.event.operation { true } else { false }
      }
      #expect(wanted.count == 1)
      #expect(found.lines == wanted)
    }
    #expect(try store.lines(with: texts("\"op\":\"set\""), in: segment).lines.count == 9000)
    #expect(
      try store.lines(with: texts("tag:a1b\"", "tag:a1b", "tag:a3b"), in: segment).lines.count == 2
    )
    #expect(try store.lines(with: texts("nowhere", ""), in: segment) == FoundLines())
  }
}

@Test func `damage with the text is found, and what may still be arriving is not`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("aaa"), mark("bbb")], now: noon)
    let segment = try journal(store)
    let lines = try store.read(segment, after: nil).lines
    let place = try #require(lines.last?.place)
    var bytes = try scratch.bytes("store/\(segment.name)")
    bytes[place.offset + 2] = UInt8(ascii: "x")
    bytes += Array("{\"half\":\"tag:bbb".utf8)
    try scratch.write(bytes, to: "store/\(segment.name)")
    let found = try store.lines(with: texts("tag:bbb"), in: segment)
    #expect(found.lines.isEmpty)
    #expect(found.damage.map(\.offset) == [place.offset])
    #expect(try store.lines(with: texts("tag:aaa"), in: segment).damage.isEmpty)
  }
}
