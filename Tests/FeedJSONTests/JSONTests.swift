import FeedJSON
import FeedModel
import Testing

private func read(
  _ text: String,
  _ rules: JSONReader.Rules = .strict
) throws(JSONError) -> JSONValue {
  var reader = JSONReader(Array(text.utf8), rules: rules)
  let value = try reader.value()
  try reader.finish()
  return value
}

private func reason(_ text: String) -> JSONError.Reason? {
  do throws(JSONError) {
    _ = try read(text)
    return nil
  } catch {
    return error.reason
  }
}

@Test func `every kind of value is read`() throws {
  let value = try read(
    #" {"a": [1, -2.5e3, true, false, null, "x\u00e9\ud83d\ude00\n"], "b": {}} "#
  )
  #expect(
    value
      == .object([
        "a": .array([
          .number("1"), .number("-2.5e3"), .bool(true), .bool(false), .null, .string("xé😀\n"),
        ]),
        "b": .object([:]),
      ])
  )
}

@Test(
  arguments: [
    (#"{"a":1,"a":2}"#, .duplicateKey), (#"{"a":1,}"#, .unexpectedByte), ("[1", .unexpectedEnd),
    (#""\ud800""#, .badEscape), (#""\x""#, .badEscape), ("\"\u{01}\"", .unexpectedByte),
    ("01", .badNumber), ("1.", .badNumber), ("[1] x", .trailingBytes), ("", .unexpectedEnd),
    ("tru", .unexpectedEnd), ("nope", .unexpectedByte), ("'a'", .wrongType),
  ] as [(String, JSONError.Reason)]
)
func `what breaks a rule is refused with its reason`(text: String, expected: JSONError.Reason) {
  #expect(reason(text) == expected)
}

@Test func `bytes that are not UTF-8 are refused, and mended when leniency is asked for`() throws {
  let bytes: [UInt8] = [0x22, 0x61, 0xFF, 0x22]
  var strict = JSONReader(bytes)
  #expect(throws: JSONError(reason: .notUTF8, offset: 1)) { try strict.string() }
  var lenient = JSONReader(bytes, rules: .lenient)
  #expect(try lenient.string() == "a\u{FFFD}")
  #expect(lenient.wasMended)
}

@Test func `the lenient rules take the last of two names and a trailing comma`() throws {
  #expect(try read(#"{"a":1,"a":[2,],}"#, .lenient) == .object(["a": .array([.number("2")])]))
}

@Test func `nesting beyond the limit is an error and no crash`() {
  let text = String(repeating: "[", count: 100_000)
  #expect(reason(text) == .tooDeep)
  #expect(reason(String(repeating: #"{"a":"#, count: 100_000)) == .tooDeep)
}

@Test func `nothing that steers a terminal is written raw`() throws {
  let hostile =
    "\u{1B}]0;x\u{07}\u{7F}\u{9B}\u{85}\u{2028}\u{202E}\u{2066}\u{200E}\u{61C}\r\n\t\"\\"
  var writer = JSONWriter()
  writer.value(hostile)
  let text = String(decoding: writer.bytes, as: UTF8.self)
  for scalar in text.unicodeScalars { #expect((0x20..<0x7F).contains(scalar.value)) }
  #expect(try read(text) == .string(hostile))
}

@Test func `ordinary text beyond ASCII is written as it is`() {
  var writer = JSONWriter()
  writer.value("äöü 日本語 — “x” 😀 ¡")
  #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"äöü 日本語 — “x” 😀 ¡\"")
}

@Test func `an item survives writing and reading`() throws {
  var item = FeedItem()
  item.guid = "tag:blog.example,2026:1"
  item.url = "https://blog.example/1"
  item.externalURL = "https://elsewhere.example/"
  item.title = "First \"quoted\""
  item.contentHTML = "<p>Hi</p>\n"
  item.summary = "Hi"
  item.image = "https://blog.example/1.png"
  item.published = Timestamp(milliseconds: 1_795_334_811_945)
  item.modified = Timestamp(seconds: 1_795_334_900)
  item.authors = [Author(name: "Ann", url: "https://ann.example/")]
  item.tags = ["a", "b"]
  item.language = "en"
  var attachment = Attachment(url: "https://blog.example/1.mp3", mimeType: "audio/mpeg")
  attachment.sizeInBytes = 123
  attachment.durationInSeconds = 61
  item.attachments = [attachment]
  item.commentsURL = "https://blog.example/1#comments"
  var writer = JSONWriter()
  item.write(to: &writer, fallbackID: "unused")
  var reader = JSONReader(writer.bytes)
  #expect(try FeedItem(from: &reader) == item)
  try reader.finish()
}

@Test(
  arguments: [
    (#""a\u12""#, "a\u{FFFD}"), (#""\u""#, "\u{FFFD}"), (#""\u12G4b""#, "\u{FFFD}G4b"),
    (#""\ud83d\u12""#, "\u{FFFD}\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\q""#, "q"),
  ]
)
func `the lenient rules mend an escape that no rule covers`(text: String, mended: String) throws {
  #expect(reason(text) == .badEscape)
  var reader = JSONReader(Array(text.utf8), rules: .lenient)
  #expect(try reader.string() == mended)
  #expect(reader.wasMended)
}

@Test func `an error is one sentence`() {
  let error = JSONError(reason: .unexpectedEnd, offset: 7)
  #expect(error.description == "The text ends too early at byte 7.")
}

@Test func `a feed that is handed over item by item is the same text`() {
  var feed = ParsedFeed(format: .rss20)
  feed.items = (0..<3)
    .map { number in
      var item = FeedItem()
      item.title = "Title \(number)"
      return item
    }
  var whole = JSONWriter()
  feed.writeJSONFeed(to: &whole)
  var json = JSONWriter()
  var text: [UInt8] = []
  feed.writeJSONFeed(to: &json) { json in json.handOver { text += $0 } }
  #expect(!text.isEmpty)
  #expect(text + json.bytes == whole.bytes)
}

@Test func `among thousands of names the lenient rules do not look for one that comes twice`()
  throws
{
  func read(_ count: Int) throws -> (last: String?, wasMended: Bool) {
    let members = (0..<count).map { "\"n\($0)\":\"\($0)\"" } + ["\"n\(count - 1)\":\"again\""]
    let text = "{" + members.joined(separator: ",") + "}"
    var reader = JSONReader(Array(text.utf8), rules: .lenient)
    var last: String?
    try reader.object { name, reader throws(JSONError) in
      let value = try reader.string()
      if name == "n\(count - 1)" { last = value }
    }
    return (last, reader.wasMended)
  }
  #expect(try read(4000) == ("again", true))
  #expect(try read(5000) == ("again", false))
}

@Test func `a number that is longer than any needs to be is refused`() throws {
  let digits = String(repeating: "1", count: 1024)
  #expect(try read(digits) == .number(digits))
  #expect(reason(digits + "1") == .badNumber)
}

@Test(
  arguments: [
    ("\u{0}", #"\u0000"#), ("\u{1F}", #"\u001f"#), ("\u{7F}", #"\u007f"#), ("\u{9B}", #"\u009b"#),
    ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\u{61C}", #"\u061c"#),
    ("\u{202E}", #"\u202e"#), ("\u{2028}", #"\u2028"#), ("\u{2069}", #"\u2069"#),
    ("\u{20AC}", "\u{20AC}"), ("\u{E9}", "\u{E9}"), ("\u{1F600}", "\u{1F600}"),
  ]
)
func `what must be escaped is, wherever in a text it stands`(character: String, written: String) {
  for count in 0..<20 {
    for fill in ["a", "\u{436}", "\u{4E2D}"] {
      let (before, after) = (
        String(repeating: fill, count: count), String(repeating: fill, count: 19 - count)
      )
      var json = JSONWriter()
      json.value(before + character + after)
      #expect(String(decoding: json.bytes, as: UTF8.self) == "\"\(before)\(written)\(after)\"")
    }
  }
}
