import FeedModel
import Testing

@testable import FeedStore

/// The keys of the good marks, in file order.
private func keys(_ scanner: LineScanner) -> [String] {
  scanner.lines.compactMap {
    if case .set(let key, _, _) = $0.event.operation { key } else { nil }
  }
}

/// Three marks, and the bytes of each with its line feed.
private func threeLines() throws -> [[UInt8]] {
  let lines = try ["a", "b", "c"].enumerated().map { try encode([mark($1)], first: $0 + 1) }
  return lines
}

/// A line with the sum that belongs to it.
func sealed(_ json: String) -> [UInt8] {
  let bytes = Array(json.utf8.dropLast())
  let sum = CRC32.sum(of: bytes, in: 0..<bytes.count)
  return bytes + Array(",\"sum\":\"\(hexadecimal(sum, digits: 8))\"}\n".utf8)
}

@Test func `a byte order mark at the start of the file is passed over`() throws {
  let (scanner, _) = try scan([0xEF, 0xBB, 0xBF] + threeLines().joined())
  #expect(keys(scanner) == ["tag:a", "tag:b", "tag:c"])
  #expect(scanner.damage.isEmpty)
  #expect(scanner.lines.first?.place.offset == 3)
}

@Test func `lines that git gave a carriage return are good`() throws {
  let bytes = try threeLines().flatMap { (line: [UInt8]) -> [UInt8] in line.dropLast() + [13, 10] }
  let (scanner, _) = try scan(bytes)
  #expect(keys(scanner) == ["tag:a", "tag:b", "tag:c"])
  #expect(scanner.damage.isEmpty)
}

@Test func `zero bytes are passed over to the next line feed, and listed`() throws {
  let lines = try threeLines()
  let page = [UInt8](repeating: 0, count: 4096)
  let (scanner, taken) = try scan(lines[0] + page + [0x0A] + lines[1] + page + lines[2] + lines[2])
  #expect(keys(scanner) == ["tag:a", "tag:b", "tag:c"])
  #expect(
    scanner.damage.first
      == LineDamage(offset: lines[0].count, length: 4096, reason: .zeroBytes)
  )
  #expect(scanner.damage.count == 2)
  #expect(taken == lines[0].count + 4097 + lines[1].count + 4096 + 2 * lines[2].count)
  // At the end of the file they may still become something.
  let torn = try scan(lines[0] + page)
  #expect(torn.taken == lines[0].count)
  #expect(torn.scanner.damage.isEmpty)
}

@Test func `a page of zero bytes in the middle costs the lines that it hit`() throws {
  let lines = try (1...100).map { try encode([mark("\($0)")], first: $0) }
  var bytes = lines.flatMap { $0 }
  for index in 4096..<8192 { bytes[index] = 0 }
  let (scanner, taken) = try scan(bytes)
  #expect(taken == bytes.count)
  var offset = 0
  var expected: [String] = []
  for (index, line) in lines.enumerated() {
    if offset + line.count <= 4096 || offset >= 8192 { expected.append("tag:\(index + 1)") }
    offset += line.count
  }
  #expect(keys(scanner) == expected)
  #expect(scanner.damage.count == 1)
}

@Test func `the lines between merge markers count`() throws {
  let lines = try threeLines()
  let (scanner, _) = try scan(
    "<<<<<<< HEAD\n".utf8 + lines[0] + "||||||| base\n".utf8 + "=======\n".utf8 + lines[1]
      + ">>>>>>> other\n".utf8 + lines[2]
  )
  #expect(keys(scanner) == ["tag:a", "tag:b", "tag:c"])
  #expect(
    scanner.damage.map { $0.reason } == [.mergeMarker, .mergeMarker, .mergeMarker, .mergeMarker]
  )
}

@Test func `a line without a sum was written by hand and counts`() throws {
  let (scanner, _) = try scan(
    Array(
      (#"{"op":"set","at":"2026-11-22T08:07:10Z","key":"read","val":true,"ids":["\#(id(1))"]}"#
        + "\n"
        + #"  { "at" : "2026-11-22T08:07:10+01:00", "op" : "feed", "feed" : "\#(feed)", "key" : "#
        + #""keep", "val" : 12, "n" : 7, "note" : [1, {"a": null}] }"# + "\n")
        .utf8
    )
  )
  #expect(scanner.damage.isEmpty)
  #expect(scanner.lines.count == 2)
  #expect(scanner.lines.allSatisfy { $0.isHandWritten && $0.event.sum == 0 })
  #expect(scanner.lines[0].event.operation == .set(key: "read", value: .bool(true), ids: [id(1)]))
  #expect(scanner.lines[0].event.number == 0)
  #expect(scanner.lines[1].event.operation == .feed(feed, key: "keep", value: .integer(12)))
  #expect(scanner.lines[1].event.at == Timestamp(seconds: 1_795_331_230))
}

@Test(
  arguments: [
    ("x", .notJSON), ("[]", .notJSON), ("{} {}", .notJSON), ("{\"a\":1,}", .notJSON),
    ("1", .notJSON),
    (#"{"op":"set","op":"set"}"#, .duplicateName),
    (#"{"at":"2026-11-22T08:07:10Z","op":"set","key":"a","key":"b"}"#, .duplicateName),
    (#"{"a":{"b":1,"b":2}}"#, .duplicateName),
    (#"{"op":"set","key":"read","val":true,"ids":[]}"#, .noTime),
    (#"{"op":"set","at":"yesterday","key":"read","val":true,"ids":[]}"#, .noTime),
    (#"{"at":"2026-11-22T08:07:10Z"}"#, .notUnderstood),
    (#"{"at":"2026-11-22T08:07:10Z","op":"set","key":"read","val":true}"#, .notUnderstood),
    (
      #"{"at":"2026-11-22T08:07:10Z","op":"set","key":"read","val":true,"ids":["../x"]}"#,
      .notUnderstood
    ),
    (#"{"at":"2026-11-22T08:07:10Z","op":"set","key":"read","val":[],"ids":[]}"#, .notUnderstood),
    (#"{"at":"2026-11-22T08:07:10Z","op":"sett"}"#, .notUnderstood),
    (#"{"at":"2026-11-22T08:07:10Z","op":5}"#, .notJSON),
    (#"{"at":"2026-11-22T08:07:10Z","op":"feed","sum":"00000000"}"#, .wrongSum),
    (#"{"sum":"00000000","at":"2026-11-22T08:07:10Z","op":"feed"}"#, .wrongSum),
    (#"{"at":"2026-11-22T08:07:10Z","op":"feed","sum":"0000000G"}"#, .wrongSum),
    (#"{"at":"2026-11-22T08:07:10Z","op":"feed", "sum":"00000000"}"#, .wrongSum),
    ("{\"at\":\"2026\t\"}", .notJSON), ("{\"at\":\"\\ud800\"}", .notJSON),
  ] as [(String, LineDamage.Reason)]
)
func `what is no good line is damage, with its place`(
  text: String,
  reason: LineDamage.Reason
) throws {
  let lines = try threeLines()
  let (scanner, _) = try scan(lines[0] + text.utf8 + [0x0A] + lines[1])
  #expect(keys(scanner) == ["tag:a", "tag:b"])
  #expect(
    scanner.damage
      == [LineDamage(offset: lines[0].count, length: text.utf8.count, reason: reason)]
  )
}

@Test func `bytes that are not UTF-8 are damage`() throws {
  let (scanner, _) = try scan(Array("{\"at\":\"".utf8) + [0xFF, 0xC0] + Array("\"}\n".utf8))
  #expect(scanner.damage.map { $0.reason } == [.notJSON])
}

@Test func `empty lines are nothing`() throws {
  let (scanner, taken) = try scan(Array("\n\r\n \t\n".utf8) + threeLines()[0] + [0x0A])
  #expect(keys(scanner) == ["tag:a"])
  #expect(scanner.damage.isEmpty)
  #expect(taken == 6 + (try threeLines()[0].count) + 1)
}

@Test(arguments: [
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"later","x":{"y":[1,2.5e9,null]}}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"set","key":"read","val":{"a":1},"ids":[]}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"set","key":"read","val":1.5,"ids":[]}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"set","key":"read","val":true,"ids":["../../x"]}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"set","key":"read","val":true,"ids":[5]}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"feed","feed":"short","key":"sub","val":true}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"art","feed":"x","keys":[],"hash":"","item":{}}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"art","item":"text"}"#,
  #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"","fmt":99999999999999999999}"#,
])
func `a line with a sum that says nothing to us is kept without effect`(json: String) throws {
  let (scanner, _) = try scan(sealed(json))
  #expect(scanner.damage.isEmpty)
  let line = try #require(scanner.lines.first)
  guard case .unknown = line.event.operation else {
    Issue.record("\(line.event.operation)")
    return
  }
  #expect(line.event.number == 5)
  #expect(!line.isHandWritten)
}

@Test func `unknown members change nothing`() throws {
  let json =
    #"{"new":{"a":[1]},"n":5,"at":"2026-11-22T08:07:10.000Z","op":"set","key":"read","x":1,"#
    + #""val":true,"ids":["\#(id(1))"]}"#
  let line = try #require(try scan(sealed(json)).scanner.lines.first)
  #expect(line.event.operation == .set(key: "read", value: .bool(true), ids: [id(1)]))
}

@Test func `an article whose rule is new to us is shown all the same`() throws {
  let json =
    #"{"n":5,"at":"2026-11-22T08:07:10.000Z","op":"art","feed":"\#(feed)","keys":["\#(id(1))"],"#
    + #""rule":"dream","hash":"00","item":{"id":"g","title":"T"}}"#
  let line = try #require(try scan(sealed(json)).scanner.lines.first)
  guard case .article(let article) = line.event.operation else {
    Issue.record("\(line.event.operation)")
    return
  }
  #expect(article.rule == .new)
  #expect(article.item.title == "T")
}

@Test func `a segment of a newer format is kept line by line, without effect`() throws {
  let open = sealed(
    #"{"n":1,"at":"2026-11-22T08:07:10.000Z","op":"open","fmt":2,"dev":"k7m2q9xw","seg":1}"#
  )
  let (scanner, _) = try scan(open + encode([mark("a"), article(1)], first: 2))
  #expect(scanner.newerFormat == 2)
  #expect(
    scanner.lines.map { $0.event.operation } == [
      .open(format: 2, segment: 1), .unknown("set"), .unknown("art"),
    ]
  )
}

@Test func `deep nesting and long numbers are no danger`() throws {
  let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
  let open = String(repeating: "[", count: 100_000)
  let digits = String(repeating: "9", count: 100_000)
  for text in ["{\"a\":\(deep)}", "{\"a\":\(open)}", open] {
    #expect(try scan(sealed(text)).scanner.damage.map { $0.reason } == [.notJSON])
  }
  let line = "{\"n\":\(digits),\"at\":\"2026-11-22T08:07:10.000Z\",\"op\":\"set\"}"
  #expect(try scan(sealed(line)).scanner.damage.map { $0.reason } == [.notJSON])
}

@Test func `many lines run together are found one by one, in one pass`() throws {
  let lines = try (1...20_000).map { try encode([mark("\($0)")], first: $0) }
  let bytes = lines.flatMap { (line: [UInt8]) -> [UInt8] in line.dropLast() + [0x20] } + [0x0A]
  let (scanner, _) = try scan(bytes)
  #expect(keys(scanner).count == 20_000)
}
