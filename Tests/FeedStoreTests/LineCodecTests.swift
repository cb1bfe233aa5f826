import FeedModel
import Testing

@testable import FeedStore

/// Texts that have broken other formats.
let hostileTexts = [
  "", " ", "\"", "\\", "\\\"", "\n", "\r\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "\u{85}",
  "\u{9B}31m", "\u{1B}]0;title\u{7}", "\u{2028}\u{2029}", "\u{202E}gpj.exe", "\u{61C}\u{2066}",
  "\u{FEFF}", "\u{FFFD}", "\u{10FFFF}", "👩‍👩‍👧‍👦", "e\u{301}", "\",\"sum\":\"00000000\"}", "{}",
  "<<<<<<<",
  "../../etc/passwd", "file:///etc/passwd", "\u{D7FF}\u{E000}",
  String(repeating: "x", count: 100_000),
]

/// One of each operation, and each with hostile texts.
let operations: [StoreOperation] = {
  var operations: [StoreOperation] = [
    .open(format: 1, segment: 1),
    .feed(feed, key: "sub", value: .bool(true)),
    .feed(feed, key: "sub", value: .bool(false)),
    .feed(feed, key: "title", value: .none),
    .feed(feed, key: "keep", value: .integer(.max)),
    .feed(feed, key: "keep", value: .integer(.min)),
    .set(key: "read", value: .bool(true), ids: [id(1)]),
    .set(key: "read", value: .none, ids: (0..<1000).map(id)),
  ]
  for text in hostileTexts {
    operations.append(.feed(feed, key: text, value: .string(text)))
    operations.append(.set(key: "tag:" + text, value: .string(text), ids: [id(1), id(2)]))
    operations.append(.article(fullArticle(text.isEmpty ? "-" : text)))
  }
  for rule in MatchRule.allCases {
    var item = FeedItem()
    item.title = rule.rawValue
    let article = Article(feed: feed, keys: [id(9)], rule: rule, contentHash: "", item: item)
    operations.append(.article(article))
  }
  return operations
}()

/// An article that has everything.
func fullArticle(_ text: String) -> Article {
  var item = FeedItem()
  item.guid = text
  item.url = text
  item.externalURL = text
  item.title = text
  item.contentHTML = text
  item.contentText = text
  item.summary = text
  item.image = text
  item.published = Timestamp(milliseconds: 1_234_567_890_123)
  item.modified = .earliest
  item.authors = [Author(name: text, url: text, avatar: text), Author(name: "B")]
  item.tags = [text, "b"]
  item.language = text
  var attachment = Attachment(url: text, mimeType: text, sizeInBytes: .max)
  attachment.title = text
  attachment.durationInSeconds = 0
  item.attachments = [attachment, Attachment(url: "b")]
  item.commentsURL = text
  return Article(
    feed: feed,
    keys: [id(3), id(4)],
    rule: .link,
    contentHash: text,
    item: item
  )
}

/// The text of lines numbered from `first`.
func encode(_ lines: [PendingLine], first: Int = 1) throws -> [UInt8] {
  var encoder = LineEncoder()
  for (index, line) in lines.enumerated() {
    _ = try encoder.add(line, number: first + index, device: "k7m2q9xw")
  }
  return encoder.bytes
}

/// What a reader makes of the bytes of a journal.
func scan(_ bytes: [UInt8]) throws -> (scanner: LineScanner, taken: Int) {
  let name = try #require(SegmentName("dev/k7m2q9xw/j-000001.jsonl"))
  var scanner = LineScanner(name: name)
  let taken = scanner.scan(bytes, base: 0)
  return (scanner, taken)
}

@Test func `what is written is read as it was`() throws {
  for (index, operation) in operations.enumerated() {
    let bytes = try encode([PendingLine(at: noon, operation: operation)], first: index + 1)
    let (scanner, taken) = try scan(bytes)
    #expect(taken == bytes.count)
    #expect(scanner.damage.isEmpty)
    let line = try #require(scanner.lines.first)
    #expect(line.event.operation == operation)
    #expect(line.event.number == index + 1)
    #expect(line.event.at == noon)
    #expect(line.event.device == "k7m2q9xw")
    #expect(!line.isHandWritten)
    #expect(
      line.place
        == LinePlace(segment: "dev/k7m2q9xw/j-000001.jsonl", offset: 0, length: bytes.count - 1)
    )
  }
}

@Test func `a line is one line of safe text, whatever is in it`() throws {
  for operation in operations {
    let bytes = try encode([PendingLine(at: noon, operation: operation)])
    #expect(bytes.filter { $0 < 0x20 || $0 == 0x7F } == [0x0A])
    #expect(bytes.last == 0x0A)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.unicodeScalars.contains { (0x80..<0xA0).contains($0.value) })
    #expect(
      !text.unicodeScalars.contains {
        "\u{2028}\u{2029}\u{202E}\u{2066}".unicodeScalars.contains($0)
      }
    )
  }
}

@Test func `a line has exactly the documented form`() throws {
  let lines = [
    PendingLine(at: noon, operation: .open(format: 1, segment: 1)),
    PendingLine(at: noon, operation: .set(key: "read", value: .bool(true), ids: [id(1)])),
    PendingLine(
      at: noon,
      operation: .feed(feed, key: "sub", value: .bool(true)),
      writtenBy: "abcdefgh"
    ),
  ]
  let text = String(decoding: try encode(lines), as: UTF8.self).split(separator: "\n")
  #expect(
    text[0]
      .hasPrefix(
        #"{"n":1,"at":"2026-11-18T11:06:40.000Z","op":"open","fmt":1,"dev":"k7m2q9xw","seg":1,"sum":""#
      )
  )
  #expect(
    text[1]
      .hasPrefix(
        #"{"n":2,"at":"2026-11-18T11:06:40.000Z","op":"set","key":"read","val":true,"ids":["\#(id(1))"],"sum":""#
      )
  )
  #expect(
    text[2].contains(#""by":"abcdefgh","op":"feed","feed":"\#(feed)","key":"sub","val":true,"#)
  )
  for line in text {
    let bytes = Array(line.utf8)
    let sum = CRC32.sum(of: bytes, in: 0..<bytes.count - 18)
    #expect(line.hasSuffix(#","sum":"\#(hexadecimal(sum, digits: 8))"}"#))
  }
}

@Test func `a line taken over from a forgotten device keeps that device's name`() throws {
  let line = PendingLine(at: noon, operation: .open(format: 1, segment: 1), writtenBy: "abcdefgh")
  #expect(try scan(encode([line])).scanner.lines.first?.event.device == "abcdefgh")
}

@Test func `an article without a guid has none when it is read again`() throws {
  var item = FeedItem()
  item.title = "no guid"
  let article = Article(feed: feed, keys: [id(5)], rule: .text, contentHash: "0", item: item)
  let bytes = try encode([PendingLine(at: noon, operation: .article(article))])
  #expect(String(decoding: bytes, as: UTF8.self).contains(#""item":{"id":"\#(id(5))""#))
  #expect(try scan(bytes).scanner.lines.first?.event.operation == .article(article))
}

@Test func `a damaged byte loses at most its own line`() throws {
  let samples = [
    mark("a"), article(1), mark("é\n\u{2028}"),
    PendingLine(at: noon, operation: .feed(feed, key: "url", value: .string("https://a.example/"))),
  ]
  let bytes = try encode(samples)
  let good = try scan(bytes).scanner.lines
  #expect(good.count == 4)
  for index in bytes.indices {
    let hit = good.firstIndex { index <= $0.place.offset + $0.place.length }
    var changed = bytes
    let others =
      (0..<8).map { bytes[index] ^ 1 << UInt8($0) } + [0x0A, 0x0D, 0x00, 0x22, 0x7B, 0xFF]
    for byte in others where byte != bytes[index] {
      changed[index] = byte
      let (scanner, taken) = try scan(changed)
      let expected = good.enumerated().filter { $0.offset != hit }.map { $0.element.event }
      let found = scanner.lines.map { $0.event }
      #expect(found.filter(expected.contains) == expected, "byte \(index) became \(byte)")
      // Nobody said anything that was not said: what is more is the line itself.
      let more = found.filter { !expected.contains($0) }
      #expect(more.isEmpty || more.map { $0.operation } == [good[hit ?? 0].event.operation])
      #expect(found.count == 4 || !scanner.damage.isEmpty || taken < changed.count)
    }
  }
}

@Test func `a file cut anywhere has the lines before the cut, and no damage`() throws {
  let bytes = try encode([mark("a"), mark("b"), article(1), mark("c")])
  let good = try scan(bytes).scanner.lines
  for cut in 0...bytes.count {
    let (scanner, taken) = try scan(Array(bytes[..<cut]))
    let whole = good.filter { $0.place.offset + $0.place.length < cut }
    #expect(scanner.lines == whole)
    #expect(scanner.damage.isEmpty)
    #expect(taken == whole.last.map { $0.place.offset + $0.place.length + 1 } ?? 0)
  }
}

@Test func `a set of many ids becomes lines of at most a thousand`() throws {
  let ids = (0..<2500).map(id)
  let line = PendingLine(at: noon, operation: .set(key: "read", value: .bool(true), ids: ids))
  let parts = split([mark("a"), line, mark("b")])
  #expect(parts.count == 5)
  let found = parts[1...3]
    .flatMap { line -> [ArticleID] in
      guard case .set("read", .bool(true), let ids) = line.operation else { return [] }
      #expect(ids.count <= 1000)
      return ids
    }
  #expect(found == ids)
  let none = PendingLine(at: noon, operation: .set(key: "read", value: .bool(true), ids: []))
  #expect(split([none]).isEmpty)
}

@Test func `a line that no reader would take is not written`() throws {
  var encoder = LineEncoder()
  let text = String(repeating: "x", count: 64 << 20)
  let line = PendingLine(at: noon, operation: .feed(feed, key: "title", value: .string(text)))
  #expect(throws: StoreError.self) { _ = try encoder.add(line, number: 1, device: "k7m2q9xw") }
}
