import FeedModel
import Testing

@testable import FeedStore

/// A mark that is a part of an act.
private func acting(_ name: String, _ act: PendingAct = PendingAct()) -> PendingLine {
  var line = mark(name)
  line.act = act
  return line
}

/// A register of about so many bytes that is a part of a new act.
private func acting(bytes: Int) -> PendingLine {
  let value = RegisterValue.string(String(repeating: "x", count: bytes))
  let operation = StoreOperation.feed(feed, key: "title", value: value)
  return PendingLine(at: noon, operation: operation, act: PendingAct())
}

/// The acts of the lines that are in one, in file order.
private func acts(_ scratch: Scratch) throws -> [ActID] {
  try scratch.lines().compactMap(\.event.act?.id)
}

@Test func `the lines of one append are one act, named after its first line`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([acting("a"), mark("b"), acting("c")], now: noon)
    let device = try #require(store.device)
    let lines = try scratch.lines()
    let act = ActID(device: device, number: 2)
    #expect(lines.map(\.event.act?.id) == [nil, act, nil, act])
    #expect(lines[1].event.number == 2)
    try store.append([acting("d")], now: noon)
    #expect(try acts(scratch).last == ActID(device: device, number: 5))
    let text = try scratch.text("store/dev/\(device)/j-000001.jsonl").split(separator: "\n")
    #expect(text[3].contains(#"Z","act":2,"op":"set""#))
  }
}

@Test func `a later append goes on with an act, and names what it takes back`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    let undone = try #require(ActID("k7m2q9xw-118"))
    let appended = try store.append([acting("a", PendingAct(undoes: undone))], now: noon)
    let id = try #require(appended.last?.lines.last?.event.act?.id)
    try store.append([acting("b", PendingAct(id: id, undoes: undone))], now: noon)
    #expect(try acts(scratch) == [id, id])
    #expect(try scratch.lines().compactMap(\.event.act?.undoes) == [undone, undone])
  }
}

@Test func `an act that goes over the end of a segment stays one act`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append((0..<12).map { _ in acting(bytes: 1 << 20) }, now: noon)
    #expect(try store.segments().count >= 3)
    let found = try acts(scratch)
    #expect(found.count == 12)
    #expect(Set(found).count == 1)
    #expect(found.first?.number == 2)
  }
}

@Test func `an act that is written anew under another device is one act of that device`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    let first = try store.append([acting("a")], now: noon)
    let id = try #require(first.last?.lines.last?.event.act?.id)
    try scratch.move("store/dev/\(id.device)", to: "elsewhere")
    try store.append([acting("b", PendingAct(id: id)), acting("c", PendingAct(id: id))], now: noon)
    let device = try #require(store.device)
    #expect(device != id.device)
    let new = ActID(device: device, number: 2)
    #expect(try acts(scratch) == [new, new])
  }
}

@Test func `a line taken over from a forgotten device keeps its act`() throws {
  try withScratch { scratch in
    let old = try #require(ActID("abcdefgh-7"))
    var line = acting("a", PendingAct(id: old))
    line.writtenBy = "abcdefgh"
    let store = try scratch.open()
    try store.append([line], now: noon)
    #expect(try acts(scratch) == [old])
    let device = try #require(store.device)
    #expect(try scratch.text("store/dev/\(device)/j-000001.jsonl").contains(#""act":7,"op""#))
  }
}

@Test func `a line in another device's name can be a part of our own act`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    var other = acting("b")
    other.writtenBy = "imported"
    try store.append([acting("a"), other], now: noon)
    let act = ActID(device: try #require(store.device), number: 2)
    #expect(try acts(scratch) == [act, act])
    #expect(try scratch.lines().last?.event.device == "imported")
  }
}

@Test func `a line counts, whatever form its act has`() throws {
  let forms = [
    #""act":1.5"#, #""act":0"#, #""act":-3"#, #""act":{"a":[1]}"#, #""act":null"#, #""act":true"#,
    #""act":"../../x-1""#, #""act":99999999999999999999999"#, #""act":4,"undo":5"#,
    #""act":4,"undo":"x""#, #""undo":"k7m2q9xw-1""#, #""undo":{}"#,
  ]
  for form in forms {
    let start =
      "{\"n\":1,\"at\":\"2026-11-18T11:06:40.000Z\",\(form),\"op\":\"set\",\"key\":\"read\","
    let body = Array("\(start)\"val\":true,\"ids\":[\"\(id(1))\"]".utf8)
    let sum = hexadecimal(CRC32.sum(of: body, in: 0..<body.count), digits: 8)
    let (scanner, _) = try scan(body + Array(",\"sum\":\"\(sum)\"}\n".utf8))
    let event = try #require(scanner.lines.first?.event)
    #expect(event.operation == .set(key: "read", value: .bool(true), ids: [id(1)]), "\(form)")
    let isAct = form.hasPrefix(#""act":4"#)
    #expect(event.act == (isAct ? LineAct(id: ActID(device: "k7m2q9xw", number: 4)) : nil))
  }
}

@Test func `no other device takes part in our acts`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([acting("a")], now: noon)
    let device = try #require(store.device)
    let act = ActID(device: device, number: 2)
    var forged = mark("b")
    forged.writtenBy = device
    var encoder = LineEncoder()
    _ = try encoder.add(forged, number: 1, device: "abcdefgh", act: LineAct(id: act))
    _ = try encoder.add(mark("c"), number: 2, device: "abcdefgh", act: LineAct(id: act))
    try scratch.directory("store/dev/abcdefgh")
    try scratch.write(encoder.bytes, to: "store/dev/abcdefgh/j-000001.jsonl")
    #expect(try scratch.marks().sorted() == ["tag:a", "tag:b", "tag:c"])
    #expect(try acts(scratch) == [act])
  }
}

@Test func `the name of an act has one form`() {
  #expect(ActID("k7m2q9xw-118") == ActID(device: "k7m2q9xw", number: 118))
  #expect(ActID(device: "k7m2q9xw", number: 118).description == "k7m2q9xw-118")
  for text in [
    "", "-", "118", "k7m2q9xw", "k7m2q9xw-", "k7m2q9xw-0", "k7m2q9xw-01", "k7m2q9xw--1",
    "k7m2q9xw-+1", "k7m2q9x-1", "K7M2Q9XW-1", "k7m2q9xw-1-2", "../../..-1", "k7m2q9xw-1 ",
    "k7m2q9xw-99999999999999999999",
  ] {
    #expect(ActID(text) == nil, "\(text)")
  }
}
