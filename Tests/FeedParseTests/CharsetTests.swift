import FeedModel
import FeedParse
import Testing

/// A feed whose only title is these bytes.
private func feed(
  _ title: [UInt8],
  declared: String? = nil,
  contentType: String? = nil
) throws -> ParsedFeed {
  let declaration = declared.map { "<?xml version=\"1.0\" encoding=\"\($0)\"?>" } ?? ""
  let document =
    Array((declaration + "<rss><channel><item><title>").utf8) + title
    + Array("</title></item></channel></rss>".utf8)
  return try parse(document, baseURL: nil, contentType: contentType)
}

@Test func `the charset of the content type comes before the declaration`() throws {
  let bytes: [UInt8] = [0xF0, 0xD2]
  let type = "text/xml; charset=\"koi8-r\""
  #expect(try feed(bytes, declared: "windows-1251", contentType: type).items[0].title == "Пр")
  #expect(try feed(bytes, declared: "koi8-r", contentType: "text/xml").items[0].title == "Пр")
}

@Test func `text that is UTF-8 stays UTF-8, whatever is claimed`() throws {
  let bytes = Array("Приве́т".utf8)
  for label in ["koi8-r", "windows-1252", "shift_jis", "us-ascii"] {
    let feed = try feed(bytes, declared: label, contentType: "text/xml; charset=" + label)
    #expect(feed.items[0].title == "Приве́т")
    #expect(feed.issues.map(\.kind) == [.wrongEncoding])
  }
}

@Test func `text in ASCII raises no issue, whatever is claimed`() throws {
  #expect(try feed(Array("plain".utf8), declared: "koi8-r").issues.isEmpty)
}

@Test func `a label that is not known is an issue, and the next source counts`() throws {
  let bytes: [UInt8] = [0xF0, 0xD2]
  let feed = try feed(bytes, declared: "koi8-r", contentType: "text/xml; charset=klingon")
  #expect(feed.items[0].title == "Пр")
  #expect(feed.issues.map(\.kind) == [.unknownEncoding])
}

@Test func `bytes without any label that are not UTF-8 are windows-1252`() throws {
  let feed = try feed([0x93, 0x80, 0x94])
  #expect(feed.items[0].title == "“€”")
  #expect(feed.issues.map(\.kind) == [.wrongEncoding])
}

@Test func `every byte of windows-1252 becomes a character`() throws {
  for byte in UInt8(0xA1)...0xFF {
    let feed = try feed([0x41, byte], declared: "iso-8859-1")
    #expect(feed.items[0].title == "A" + String(Character(Unicode.Scalar(byte))))
  }
}

@Test func `a character of several bytes that is cut off is replaced`() throws {
  let feed = try feed([0x8A, 0xBF, 0x8A], declared: "shift_jis")
  #expect(feed.items[0].title?.hasPrefix("漢") == true)
  #expect(feed.issues.map(\.kind).contains(.wrongEncoding))
}

@Test func `half of a pair in UTF-16 is replaced`() throws {
  var document: [UInt8] = [0xFF, 0xFE]
  for unit in "<rss><channel><item><title>a".utf16 + [0xD83D]
    + "b</title></item></channel></rss>".utf16
  {
    document += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
  }
  let feed = try parse(document, baseURL: nil, contentType: "text/xml; charset=utf-8")
  #expect(feed.items[0].title == "a\u{FFFD}b")
}

@Test func `whatever the bytes, what comes out is the same twice and holds no control`() throws {
  var state: UInt64 = 42
  for round in 0..<200 {
    var bytes: [UInt8] = []
    for _ in 0..<64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes.append(UInt8(truncatingIfNeeded: state >> 33))
    }
    bytes.removeAll { $0 == UInt8(ascii: "<") }
    let label = ["utf-8", "koi8-r", "gb2312", "shift_jis", "euc-kr", "big5", "iso-2022-jp"][
      round % 7
    ]
    let first = try feed(bytes, declared: label)
    #expect(try feed(bytes, declared: label) == first)
    let title = first.items.first?.title ?? ""
    #expect(title.utf8.allSatisfy { $0 >= 0x20 })
  }
}

@Test(arguments: [
  ("windows-1252", [0x80], 12 << 20), ("koi8-r", [0xF0], 17 << 20),
  ("utf-16", [0x00, 0x4E], 12 << 20),
])
func `a document that grows beyond 32 MB as UTF-8 is refused by name`(
  encoding: String,
  character: [UInt8],
  count: Int
) {
  let start = "<?xml version='1.0' encoding='\(encoding)'?><rss>"
  var document: [UInt8] = []
  if encoding == "utf-16" {
    document = [0xFF, 0xFE] + start.utf8.flatMap { [$0, 0] }
  } else {
    document = Array(start.utf8)
  }
  var block = character
  while block.count < count * character.count { block += block }
  document += block
  #expect(throws: ParseError.limit(name: "document bytes", value: 32 << 20)) {
    try parse(document, baseURL: nil, contentType: nil)
  }
}

@Test(arguments: [true, false])
func `UTF-16 and UTF-32 are read with their pairs, and halves of pairs are marked`(
  isWide: Bool
) throws {
  let text =
    Array("<rss><channel><item><title>aé一😀".unicodeScalars.map(\.value)) + [0xD83D, 0x41]
    + Array("\u{20}</title></item></channel></rss>".unicodeScalars.map(\.value)) + [0xD83D]
  var document: [UInt8] = isWide ? [0, 0, 0xFE, 0xFF] : [0xFF, 0xFE]
  for value in text {
    if isWide {
      for shift in [24, 16, 8, 0] { document.append(UInt8(truncatingIfNeeded: value >> shift)) }
    } else if let scalar = Unicode.Scalar(value) {
      for unit in String(scalar).utf16 { document += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    } else {
      document += [UInt8(value & 0xFF), UInt8(value >> 8)]
    }
  }
  let feed = try parse(document, baseURL: nil, contentType: nil)
  #expect(feed.items[0].title == "aé一😀\u{FFFD}A")
}

@Test(arguments: ["koi8-r", "utf-16"])
func `what XML forbids is dropped in any encoding, and noted by its line`(encoding: String) throws {
  let text =
    "<?xml version='1.0'?>\n<rss><channel><item>\n<title>a\u{1}b\u{FFFE}c\u{8}</title></item></channel></rss>"
  var document: [UInt8] = []
  if encoding == "utf-16" {
    document = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  } else {
    document = Array(text.replacing("\u{FFFE}", with: "").utf8) + [0xF0]
  }
  let feed = try parse(document, baseURL: nil, contentType: "text/xml; charset=\(encoding)")
  #expect(feed.items.map(\.title) == ["abc"])
  let forbidden = feed.issues.filter { $0.kind == .forbiddenCharacter }
  #expect(forbidden.map(\.line) == (encoding == "utf-16" ? [3, 3, 3] : [3, 3]))
  #expect(forbidden.first?.detail == "U+0001")
}

/// Strings are made without looking at their bytes again, so no text may be cut within a character.
@Test(arguments: 60..<70)
func `a name of a tag that is long ends where it likes`(length: Int) throws {
  let name = String(repeating: "a", count: length) + "\u{2018}\u{1F600}é"
  let text = "<![CDATA[<\(name)>b</\(name)>]]>"
  let feed = try parse(
    Array("<rss><channel><item><title>\(text)</title></item></channel></rss>".utf8),
    baseURL: nil,
    contentType: nil
  )
  let title = try #require(feed.items.first?.title)
  #expect(String(validating: title.utf8, as: UTF8.self) == title)
}
