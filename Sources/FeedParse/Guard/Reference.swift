import FeedModel

/// A reference in a text or in a value (XML 1.0 §4.1), as it was meant.
struct Reference {
  /// What it stands for, in UTF-8; an ampersand that begins no reference stands for itself.
  var text: [UInt8]
  /// Behind it.
  var end: Int
  /// It is one that XML has: it may stay as it is written.
  var isXML = false
  /// What is wrong with it.
  var trouble: Trouble?

  /// What is wrong with a reference, as an issue names it.
  typealias Trouble = (kind: ParseIssue.Kind, detail: String)

  /// Reads the reference at an ampersand.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - start: Where the ampersand is.
  ///   - limit: Where the text ends.
  ///   - entities: What the DOCTYPE declared.
  init(_ bytes: Span<UInt8>, at start: Int, end limit: Int, entities: inout Entities) {
    if let (byte, end) = Self.predefined(bytes, at: start, end: limit) {
      self.init(text: [byte], end: end, isXML: true)
    } else if start + 1 < limit, bytes[start + 1] == UInt8(ascii: "#") {
      self.init(number: start, bytes, end: limit)
    } else {
      self.init(name: start, bytes, end: limit, entities: &entities)
    }
  }

  private init(
    text: [UInt8],
    end: Int,
    isXML: Bool = false,
    trouble: Trouble? = nil
  ) {
    self.text = text
    self.end = end
    self.isXML = isXML
    self.trouble = trouble
  }

  // Quirk: titles and links hold bare ampersands. Seen: many hand-written feeds. Fixture: quirks/bare-ampersand.xml
  private init(bareAmpersand start: Int) {
    self.init(
      text: [UInt8(ascii: "&")],
      end: start + 1,
      trouble: (.malformedXML, "an unescaped &")
    )
  }

  /// A reference by name.
  private init(name start: Int, _ bytes: Span<UInt8>, end limit: Int, entities: inout Entities) {
    var index = start + 1
    while index < limit, index - start <= 32, Self.isInName(bytes[index]) { index += 1 }
    guard index < limit, bytes[index] == UInt8(ascii: ";"), index > start + 1 else {
      self.init(bareAmpersand: start)
      return
    }
    var letters: [UInt8] = []
    letters.append(bytes, start + 1..<index)
    let name = String(validUTF8: letters)
    if let (text, isWithinLimit) = entities.use(name) {
      let trouble: Trouble? = isWithinLimit ? nil : (.limit, Limit.entityBytes.detail)
      self.init(text: text, end: index + 1, trouble: trouble)
      return
    }
    let trouble: Trouble = (.undeclaredEntity, "&\(name);")
    // Quirk: HTML's named characters stand outside CDATA, undeclared. Seen: hand-written feeds and old CMS. Fixture: quirks/undeclared-nbsp.xml
    if let scalar = HTMLEntities.scalar(name) {
      self.init(text: Self.bytes(of: scalar), end: index + 1, trouble: trouble)
    } else {
      self.init(text: Array(trouble.detail.utf8), end: index + 1, trouble: trouble)
    }
  }

  /// A reference by number: what XML forbids goes, what windows-1252 meant is read as it was meant.
  private init(number start: Int, _ bytes: Span<UInt8>, end limit: Int) {
    guard let number = Self.number(bytes, at: start, end: limit) else {
      self.init(bareAmpersand: start)
      return
    }
    switch number.value {
    case 0x80..<0xA0:
      // Quirk: numbers of windows-1252 in place of Unicode's. Seen: text pasted from old word processors. Fixture: quirks/windows-1252-numbers.xml
      self.init(text: Self.bytes(of: windows1252(UInt8(number.value))), end: number.end)
    case 0xD800..<0xDC00:
      if let low = Self.number(bytes, at: number.end, end: limit),
        (0xDC00..<0xE000).contains(low.value),
        let scalar = Unicode.Scalar(
          0x10000 + (number.value - 0xD800) << 10 + (low.value - 0xDC00)
        )
      {
        self.init(text: Self.bytes(of: scalar), end: low.end)
      } else {
        self.init(forbidden: number.value, end: number.end)
      }
    case 0x09, 0x0A, 0x0D, 0x20..<0x80, 0xA0..<0xD800, 0xE000..<0xFFFE, 0x10000..<0x110000:
      let isWhole = bytes[number.end - 1] == UInt8(ascii: ";")
      self.init(
        text: Unicode.Scalar(number.value).map(Self.bytes) ?? [],
        end: number.end,
        // XML has only the small x.
        isXML: isWhole && bytes[start + 2] != UInt8(ascii: "X"),
        trouble: isWhole ? nil : (.malformedXML, "a reference without its end")
      )
    default: self.init(forbidden: number.value, end: number.end)
    }
  }

  private init(forbidden value: UInt32, end: Int) {
    self.init(
      text: [],
      end: end,
      trouble: (.forbiddenCharacter, "U+" + String(value, radix: 16))
    )
  }

  private static func bytes(of scalar: Unicode.Scalar) -> [UInt8] {
    Array(String(Character(scalar)).utf8)
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    Bytes.isLetter(byte) || Bytes.isDigit(byte) || Bytes.isOne(byte, of: "._-:")
  }

  /// Reads a numeric reference, with or without its semicolon; nil when there are no digits.
  private static func number(
    _ bytes: Span<UInt8>,
    at start: Int,
    end: Int
  ) -> (value: UInt32, end: Int)? {
    guard start + 2 < end, bytes[start] == UInt8(ascii: "&"), bytes[start + 1] == UInt8(ascii: "#")
    else { return nil }
    let isHex = bytes[start + 2] | 0x20 == UInt8(ascii: "x")
    let first = isHex ? start + 3 : start + 2
    var index = first
    while index < end, digit(bytes[index], isHex: isHex) != nil { index += 1 }
    guard let value = value(bytes, start + 2..<index) else { return nil }
    if index < end, bytes[index] == UInt8(ascii: ";") { index += 1 }
    return (value, index)
  }

  /// The number in a numeric reference, `x` before hexadecimal ones; nil when it is none.
  ///
  /// Beyond Unicode all numbers are one.
  static func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
    guard !range.isEmpty else { return nil }
    let isHex = bytes[range.lowerBound] | 0x20 == UInt8(ascii: "x")
    let digits = range.dropFirst(isHex ? 1 : 0)
    guard !digits.isEmpty else { return nil }
    var value: UInt32 = 0
    for index in digits {
      guard let digit = digit(bytes[index], isHex: isHex) else { return nil }
      value = min(value * (isHex ? 16 : 10) + digit, 0x110000)
    }
    return value
  }

  private static func digit(_ byte: UInt8, isHex: Bool) -> UInt32? {
    if Bytes.isDigit(byte) { return UInt32(byte - UInt8(ascii: "0")) }
    guard isHex, Bytes.isLetter(byte), byte | 0x20 <= UInt8(ascii: "f") else { return nil }
    return UInt32((byte | 0x20) - UInt8(ascii: "a") + 10)
  }

  /// Reads one of the five names of XML (XML 1.0 §4.6); nil for anything else.
  @inline(__always)
  static func predefined(
    _ bytes: Span<UInt8>,
    at start: Int,
    end: Int
  ) -> (byte: UInt8, end: Int)? {
    guard start + 3 < end else { return nil }
    switch (bytes[start + 1], bytes[start + 2], bytes[start + 3]) {
    case (UInt8(ascii: "l"), UInt8(ascii: "t"), UInt8(ascii: ";")):
      return (UInt8(ascii: "<"), start + 4)
    case (UInt8(ascii: "g"), UInt8(ascii: "t"), UInt8(ascii: ";")):
      return (UInt8(ascii: ">"), start + 4)
    case (UInt8(ascii: "a"), UInt8(ascii: "m"), UInt8(ascii: "p")):
      guard start + 4 < end, bytes[start + 4] == UInt8(ascii: ";") else { return nil }
      return (UInt8(ascii: "&"), start + 5)
    case (UInt8(ascii: "q"), UInt8(ascii: "u"), UInt8(ascii: "o")):
      guard start + 5 < end, bytes[start + 4] == UInt8(ascii: "t"),
        bytes[start + 5] == UInt8(ascii: ";")
      else { return nil }
      return (UInt8(ascii: "\""), start + 6)
    case (UInt8(ascii: "a"), UInt8(ascii: "p"), UInt8(ascii: "o")):
      guard start + 5 < end, bytes[start + 4] == UInt8(ascii: "s"),
        bytes[start + 5] == UInt8(ascii: ";")
      else { return nil }
      return (UInt8(ascii: "'"), start + 6)
    default: return nil
    }
  }
}
