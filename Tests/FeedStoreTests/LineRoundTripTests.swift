import FeedModel
import TestSupport
import Testing

@testable import FeedStore

extension Dice {
  /// A text of scalars that formats trip over: controls, quotes, line ends, bidi, far planes.
  mutating func text() -> String {
    if Int.random(in: 0..<8, using: &self) == 0 {
      return hostileTexts.randomElement(using: &self) ?? ""
    }
    var text = ""
    for _ in 0..<Int.random(in: 0...40, using: &self) {
      let range: ClosedRange<UInt32> =
        switch Int.random(in: 0..<5, using: &self) {
        case 0: 0...0x9F
        case 1: 0x20...0x7E
        case 2: 0x2000...0x206F
        case 3: 0xD000...0xE100
        default: 0xFE00...0x10FFFF
        }
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  mutating func maybe<Value>(_ make: (inout Dice) -> Value) -> Value? {
    Bool.random(using: &self) ? make(&self) : nil
  }

  mutating func time() -> Timestamp {
    Timestamp(milliseconds: Int64.random(in: .min ... .max, using: &self) >> 3)
  }

  mutating func act() -> PendingAct {
    func name(_ dice: inout Dice) -> ActID {
      ActID(device: "abcdefgh", number: Int.random(in: 1 ... .max, using: &dice))
    }
    return PendingAct(id: maybe(name), undoes: maybe(name))
  }

  mutating func count() -> Int64 { Int64.random(in: .min ... .max, using: &self) }

  mutating func article() -> Article {
    var item = FeedItem()
    item.guid = maybe { $0.text() }
    item.url = maybe { $0.text() }
    item.externalURL = maybe { $0.text() }
    item.title = maybe { $0.text() }
    item.contentHTML = maybe { $0.text() }
    item.contentText = maybe { $0.text() }
    item.summary = maybe { $0.text() }
    item.image = maybe { $0.text() }
    item.published = maybe { $0.time() }
    item.modified = maybe { $0.time() }
    item.language = maybe { $0.text() }
    item.commentsURL = maybe { $0.text() }
    for _ in 0..<Int.random(in: 0...3, using: &self) {
      let author = Author(name: maybe { $0.text() }, url: maybe { $0.text() })
      item.authors.append(author)
      item.tags.append(text())
      var attachment = Attachment(url: text(), mimeType: maybe { $0.text() })
      attachment.title = maybe { $0.text() }
      attachment.sizeInBytes = maybe { $0.count() }
      attachment.durationInSeconds = maybe { $0.count() }
      item.attachments.append(attachment)
    }
    var article = Article(
      feed: feed,
      keys: (0...Int.random(in: 0...4, using: &self)).map { id($0 + Int(state % 1000)) },
      rule: MatchRule.allCases.randomElement(using: &self) ?? .new,
      contentHash: text(),
      item: item
    )
    article.isMinor = oneIn(3)
    article.formerHashes = (0..<below(3)).map { _ in text() }
    return article
  }

  mutating func operation() -> StoreOperation {
    let value: RegisterValue =
      switch Int.random(in: 0..<4, using: &self) {
      case 0: .none
      case 1: .bool(Bool.random(using: &self))
      case 2: .integer(count())
      default: .string(text())
      }
    return switch Int.random(in: 0..<4, using: &self) {
    case 0: .feed(feed, key: text(), value: value)
    case 1: .set(key: text(), value: value, ids: (0...5).map(id))
    default: .article(article())
    }
  }
}

@Test(arguments: seeds(20))
func `whatever is written is read as it was`(seed: Int) throws {
  var dice = Dice(state: UInt64(seed))
  let lines = (0..<50)
    .map { _ in
      let by = dice.maybe { _ in "abcdefgh" }
      return PendingLine(at: dice.time(), operation: dice.operation(), writtenBy: by)
    }
  let (scanner, taken) = try scan(encode(lines))
  #expect(taken == (try encode(lines).count))
  #expect(scanner.damage.isEmpty)
  #expect(scanner.lines.map(\.event.operation) == lines.map(\.operation))
  #expect(scanner.lines.map(\.event.at) == lines.map(\.at))
  #expect(scanner.lines.map(\.isHandWritten).allSatisfy { !$0 })
}

@Test(arguments: seeds(20))
func `what an append returns is what reading would give`(seed: Int) throws {
  try withScratch { scratch in
    var dice = Dice(state: UInt64(seed))
    let store = try scratch.open()
    var lines: [String: [StoredLine]] = [:]
    var ends: [String: SegmentCursor] = [:]
    for _ in 0..<8 {
      let pending = (0..<Int.random(in: 1...20, using: &dice))
        .map { _ in
          let by = dice.maybe { _ in "abcdefgh" }
          return PendingLine(
            at: dice.time(),
            operation: dice.operation(),
            writtenBy: by,
            act: dice.maybe { $0.act() }
          )
        }
      for part in try store.append(pending, now: noon) {
        let name = part.cursor.name
        #expect(part.start == ends[name]?.offset ?? 0)
        lines[name, default: []] += part.lines
        ends[name] = part.cursor
      }
    }
    for segment in try store.segments() {
      let reading = try store.read(segment, after: nil)
      #expect(reading.lines == lines[segment.name])
      #expect(reading.cursor == ends[segment.name])
    }
  }
}

@Test func `an append that fills a segment goes on in the next, and returns both`() throws {
  try withScratch { scratch in
    let text = String(repeating: "words ", count: 200_000)
    let pending = (1...9)
      .map { number in
        var item = FeedItem()
        item.title = "\(number)"
        item.contentText = text
        let article = Article(
          feed: feed,
          keys: [id(number)],
          rule: .new,
          contentHash: "h",
          item: item
        )
        return PendingLine(at: noon, operation: .article(article))
      }
    let store = try scratch.open()
    let parts = try store.append(pending, now: noon)
    #expect(parts.map(\.start) == [0, 0, 0])
    #expect(try parts.flatMap(\.lines) == scratch.lines())
    let segments = try store.segments()
    #expect(parts.map(\.cursor.offset) == segments.map(\.sizeInBytes))
  }
}

@Test func `the longest line that is written is read, and a longer one is not written`() throws {
  func line(_ count: Int) -> PendingLine {
    let value = RegisterValue.string(String(repeating: "x", count: count))
    return PendingLine(at: noon, operation: .feed(feed, key: "title", value: value))
  }
  let frame = try encode([line(0)]).count
  // What `sum` and the line feed take comes after the check of the length.
  let most = LineEncoder.lineBytesMax - 64 - (frame - sumBytes - 1) - 1
  let (scanner, _) = try scan(encode([line(most)]))
  #expect(scanner.damage.isEmpty)
  #expect(scanner.lines.count == 1)
  #expect(throws: StoreError.lineTooLong(bytes: LineEncoder.lineBytesMax - 64)) {
    try encode([line(most + 1)])
  }
}
