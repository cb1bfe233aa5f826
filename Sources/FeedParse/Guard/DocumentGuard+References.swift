import FeedModel

extension DocumentGuard {
  /// Makes every reference in a run of text or in a value one that XML has.
  mutating func mendReferences(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while limit == nil {
      index = Bytes.find(UInt8(ascii: "&"), in: bytes, index..<range.upperBound)
      guard index < range.upperBound else { return }
      index = mendReference(bytes, at: index, end: range.upperBound)
    }
  }

  private mutating func mendReference(_ bytes: Span<UInt8>, at start: Int, end: Int) -> Int {
    if Self.isPredefined(bytes, at: start + 1) { return start + 3 }
    guard start + 1 < end else { return escapeAmpersand(bytes, at: start) }
    if bytes[start + 1] == UInt8(ascii: "#") { return mendNumber(bytes, at: start, end: end) }
    var index = start + 1
    while index < end, index - start <= 32,
      Bytes.isLetter(bytes[index]) || Bytes.isDigit(bytes[index])
        || "._-:".utf8.contains(bytes[index])
    {
      index += 1
    }
    guard index < end, bytes[index] == UInt8(ascii: ";"), index > start + 1 else {
      return escapeAmpersand(bytes, at: start)
    }
    var letters: [UInt8] = []
    letters.append(bytes, start + 1..<index)
    let name = String(decoding: letters, as: UTF8.self)
    if let value = entities[name] {
      entityBytes += value.count
      guard entityBytes <= Limit.entityBytes.value else {
        note(.limit, at: start, in: bytes, Limit.entityBytes.detail)
        cut(start..<index + 1, in: bytes)
        return index + 1
      }
      replace(start..<index + 1, with: value, in: bytes)
      return index + 1
    }
    note(.undeclaredEntity, at: start, in: bytes, "&\(name);")
    if let scalar = HTMLEntities.scalar(name) {
      // Quirk: HTML's named characters stand outside CDATA, undeclared. Seen: hand-written feeds and old CMS. Fixture: quirks/undeclared-nbsp.xml
      replace(start..<index + 1, with: String(Character(scalar)).utf8, in: bytes)
      return index + 1
    }
    replace(start..<start + 1, with: "&amp;".utf8, in: bytes)
    return index + 1
  }

  // Quirk: titles and links hold bare ampersands. Seen: many hand-written feeds. Fixture: quirks/bare-ampersand.xml
  private mutating func escapeAmpersand(_ bytes: Span<UInt8>, at start: Int) -> Int {
    note(.malformedXML, at: start, in: bytes, "an unescaped &")
    replace(start..<start + 1, with: "&amp;".utf8, in: bytes)
    return start + 1
  }

  /// `&#…;` and `&#x…;`: what XML forbids goes, what windows-1252 meant is read as it was meant.
  private mutating func mendNumber(_ bytes: Span<UInt8>, at start: Int, end: Int) -> Int {
    guard let number = Self.number(bytes, at: start, end: end) else {
      return escapeAmpersand(bytes, at: start)
    }
    let range = start..<number.end
    switch number.value {
    case 0x80..<0xA0:
      // Quirk: numbers of windows-1252 in place of Unicode's. Seen: text pasted from old word processors. Fixture: quirks/windows-1252-numbers.xml
      let scalar = windows1252(UInt8(number.value))
      replace(range, with: String(Character(scalar)).utf8, in: bytes)
    case 0xD800..<0xDC00:
      if let low = Self.number(bytes, at: number.end, end: end),
        (0xDC00..<0xE000).contains(low.value),
        let scalar = Unicode.Scalar(
          0x10000 + (number.value - 0xD800) << 10 + (low.value - 0xDC00)
        )
      {
        replace(start..<low.end, with: String(Character(scalar)).utf8, in: bytes)
        return low.end
      }
      drop(range, number.value, in: bytes)
    case 0x09, 0x0A, 0x0D, 0x20..<0x80, 0xA0..<0xD800, 0xE000..<0xFFFE, 0x10000..<0x110000:
      if bytes[number.end - 1] != UInt8(ascii: ";") {
        note(.malformedXML, at: start, in: bytes, "a reference without its end")
        replace(number.end..<number.end, with: ";".utf8, in: bytes)
      }
    default: drop(range, number.value, in: bytes)
    }
    return number.end
  }

  private mutating func drop(_ range: Range<Int>, _ value: UInt32, in bytes: Span<UInt8>) {
    note(.forbiddenCharacter, at: range.lowerBound, in: bytes, "U+" + String(value, radix: 16))
    cut(range, in: bytes)
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
    var index = isHex ? start + 3 : start + 2
    let first = index
    var value: UInt32 = 0
    while index < end, let digit = Self.digit(bytes[index], isHex: isHex) {
      // Beyond Unicode it only has to stay there.
      value = min(value * (isHex ? 16 : 10) + digit, 0x110000)
      index += 1
    }
    guard index > first else { return nil }
    if index < end, bytes[index] == UInt8(ascii: ";") { index += 1 }
    return (value, index)
  }

  private static func digit(_ byte: UInt8, isHex: Bool) -> UInt32? {
    if Bytes.isDigit(byte) { return UInt32(byte - UInt8(ascii: "0")) }
    guard isHex, Bytes.isLetter(byte), byte | 0x20 <= UInt8(ascii: "f") else { return nil }
    return UInt32((byte | 0x20) - UInt8(ascii: "a") + 10)
  }

  /// One of the five names of XML, with its semicolon.
  @inline(__always)
  private static func isPredefined(_ bytes: Span<UInt8>, at start: Int) -> Bool {
    guard start + 2 < bytes.count else { return false }
    let (first, second, third) = (bytes[start], bytes[start + 1], bytes[start + 2])
    switch (first, second) {
    case (UInt8(ascii: "l"), UInt8(ascii: "t")), (UInt8(ascii: "g"), UInt8(ascii: "t")):
      return third == UInt8(ascii: ";")
    case (UInt8(ascii: "a"), UInt8(ascii: "m")):
      return third == UInt8(ascii: "p") && start + 3 < bytes.count
        && bytes[start + 3] == UInt8(ascii: ";")
    case (UInt8(ascii: "q"), UInt8(ascii: "u")): return follows("ot;", bytes, at: start + 2)
    case (UInt8(ascii: "a"), UInt8(ascii: "p")): return follows("os;", bytes, at: start + 2)
    default: return false
    }
  }

  private static func follows(_ word: StaticString, _ bytes: Span<UInt8>, at start: Int) -> Bool {
    guard start + word.utf8CodeUnitCount <= bytes.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount {
      let wanted = unsafe word.utf8Start[offset]
      guard bytes[start + offset] == wanted else { return false }
    }
    return true
  }
}
