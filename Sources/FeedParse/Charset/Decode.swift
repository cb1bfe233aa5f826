import FeedModel

/// Turns a document into UTF-8 without characters that XML forbids.
///
/// The encoding is the first of these: a byte order mark; UTF-8, if the whole document is valid
/// UTF-8, whatever is claimed; the `charset` of the content type; the XML declaration; windows-1252
/// (RFC 7303 §3, with the order that the web needs). JSON is always UTF-8 (RFC 8259 §8.1). A
/// document that is UTF-8 already is not copied.
///
/// - Parameters:
///   - bytes: The document.
///   - contentType: The value of the `Content-Type` field; nil when there is none.
///   - issues: Where what was wrong is noted.
/// - Returns: The document, and where it starts behind a byte order mark.
/// - Throws: When it is longer than the cap, as it is or as UTF-8.
func decode(
  _ bytes: [UInt8],
  contentType: String?,
  issues: inout IssueLog
) throws(ParseError) -> (text: [UInt8], start: Int) {
  try checkLength(bytes)
  let sources = EncodingSources(bytes, contentType: contentType, issues: &issues)
  if let wide = sources.wide {
    var text = try decodeWide(bytes.span, from: sources.start, wide)
    dropForbidden(from: &text, issues: &issues)
    return (text, 0)
  }
  let check = TextCheck(bytes.span, from: sources.start)
  let claimed = sources.claims.first?.encoding
  if check.isUTF8, claimed?.hidesInASCII != true || sources.start > 0 {
    if let claim = sources.claims.first(where: { $0.encoding != .utf8 }), !check.isASCII {
      issues.note(.wrongEncoding, detail: "\(claim.label) is claimed, and the text is UTF-8")
    }
    guard check.hasForbidden else { return (bytes, sources.start) }
    return (try mended(bytes.span, from: sources.start, issues: &issues), 0)
  }
  let encoding = sources.start > 0 ? .utf8 : sources.claims.first { $0.encoding != .utf8 }?.encoding
  switch encoding {
  case .iconv(let name):
    let room = Limit.documentBytes.value
    if let converted = convertToUTF8(bytes[...], from: name, byteMax: room) {
      var text = converted.text
      try checkLength(text)
      if !converted.isClean { issues.note(.wrongEncoding, detail: "bytes that are not \(name)") }
      dropForbidden(from: &text, issues: &issues)
      return (text, 0)
    }
    issues.note(.unknownEncoding, detail: name)
  case .windows1252: return (try mended(bytes.span, from: 0, isUTF8: false, issues: &issues), 0)
  case .utf8, .wide, nil: break
  }
  issues.note(.wrongEncoding, detail: "bytes that are not UTF-8, read as windows-1252")
  return (try mended(bytes.span, from: sources.start, issues: &issues), 0)
}

/// Copies a text without characters that XML forbids.
///
/// - Parameters:
///   - bytes: The text.
///   - start: Where it starts.
///   - isUTF8: False reads every byte as windows-1252; true only those that are not UTF-8, because
///     pages are pasted together from parts in different encodings.
///   - issues: Where what was wrong is noted.
/// - Returns: The text in UTF-8.
/// - Throws: When it becomes longer than the cap.
private func mended(
  _ bytes: Span<UInt8>,
  from start: Int,
  isUTF8: Bool = true,
  issues: inout IssueLog
) throws(ParseError) -> [UInt8] {
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count + bytes.count / 8)
  var index = start
  var lines = ForbiddenLines()
  var isConvertedTwice = false
  defer {
    if isConvertedTwice {
      issues.note(.wrongEncoding, detail: "windows-1252 that was read as ISO-8859-1")
    }
  }
  while index < bytes.count {
    try checkLength(text)
    let length = isUTF8 || bytes[index] < 0x80 ? TextCheck.sequenceLength(bytes, at: index) : 0
    if length == 0 {
      index += appendStray(bytes, at: index, isUTF8: isUTF8, to: &text)
      continue
    }
    if length == 2, bytes[index] == 0xC2, bytes[index + 1] < 0xA0 {
      // Quirk: windows-1252 was turned into UTF-8 as if it were ISO-8859-1. Seen: old databases behind new pages. Fixture: quirks/charset-windows-1252-twice.xml
      text.append(contentsOf: String(Character(windows1252(bytes[index + 1]))).utf8)
      isConvertedTwice = true
    } else if !lines.drop(bytes, at: index, length: length, issues: &issues) {
      text.append(bytes, index..<index + length)
    }
    index += length
  }
  return text
}

/// Takes the characters that XML forbids out of a text in UTF-8, in its place: a second copy of a
/// document at the cap would be dear.
private func dropForbidden(from text: inout [UInt8], issues: inout IssueLog) {
  guard TextCheck(text.span, from: 0).hasForbidden else { return }
  var lines = ForbiddenLines()
  var kept = 0
  var index = 0
  while index < text.count {
    let length = max(1, TextCheck.sequenceLength(text.span, at: index))
    if !lines.drop(text.span, at: index, length: length, issues: &issues) {
      for offset in 0..<length { text[kept + offset] = text[index + offset] }
      kept += length
    }
    index += length
  }
  text.removeSubrange(kept...)
}

/// Finds the characters that XML forbids (XML 1.0 §2.2), and notes them by line while that is of use.
private struct ForbiddenLines {
  private var line = 1
  private var wantsMore = true

  /// Whether a character is forbidden; it is noted then.
  mutating func drop(
    _ bytes: Span<UInt8>,
    at index: Int,
    length: Int,
    issues: inout IssueLog
  ) -> Bool {
    let byte = bytes[index]
    if byte == 0x0A { line += 1 }
    let isControl = byte < 0x20 && (!Bytes.isSpace(byte) || byte == 0x0C)
    let isNoCharacter =
      length == 3 && byte == 0xEF && bytes[index + 1] == 0xBF && bytes[index + 2] >= 0xBE
    guard isControl || isNoCharacter else { return false }
    if wantsMore {
      let name =
        isControl ? "U+00\(hexadecimal(byte))" : "U+FF\(hexadecimal(bytes[index + 2] | 0xC0))"
      issues.note(.forbiddenCharacter, line: line, detail: name)
      wantsMore = issues.wants(.forbiddenCharacter)
    }
    return true
  }
}

/// Appends what a byte that is not UTF-8 stands for; says how many bytes it took.
private func appendStray(
  _ bytes: Span<UInt8>,
  at index: Int,
  isUTF8: Bool,
  to text: inout [UInt8]
) -> Int {
  let byte = bytes[index]
  let next = index + 1 < bytes.count ? bytes[index + 1] : 0
  if isUTF8, next & 0xC0 == 0x80 {
    // Overlong forms and encoded surrogates are no windows-1252: nobody writes À or í before them.
    if byte == 0xC0 || byte == 0xC1 {
      text.append(contentsOf: [0xEF, 0xBF, 0xBD])
      return 2
    }
    if byte == 0xED, next >= 0xA0, index + 2 < bytes.count, bytes[index + 2] & 0xC0 == 0x80 {
      text.append(contentsOf: [0xEF, 0xBF, 0xBD])
      return 3
    }
  }
  text.append(contentsOf: String(Character(windows1252(byte))).utf8)
  return 1
}

/// The character of a byte in windows-1252, as the WHATWG Encoding standard has it.
func windows1252(_ byte: UInt8) -> Unicode.Scalar {
  guard (0x80..<0xA0).contains(byte) else { return Unicode.Scalar(byte) }
  let high: [Unicode.Scalar] = [
    "€", "\u{81}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{8D}", "Ž", "\u{8F}",
    "\u{90}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{9D}", "ž", "Ÿ",
  ]
  return high[Int(byte - 0x80)]
}

/// Reads UTF-16 or UTF-32; halves of pairs become U+FFFD.
private func decodeWide(
  _ bytes: Span<UInt8>,
  from start: Int,
  _ form: (unitBytes: Int, isBigEndian: Bool)
) throws(ParseError) -> [UInt8] {
  var text: [UInt8] = []
  text.reserveCapacity(min(bytes.count, Limit.documentBytes.value))
  func append(_ value: UInt32) {
    if let bytes = UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}") {
      text.append(contentsOf: bytes)
    }
  }
  /// The first half of a pair.
  var high: UInt32?
  var index = start
  while index + form.unitBytes <= bytes.count {
    var unit: UInt32 = 0
    for offset in 0..<form.unitBytes {
      let place = form.isBigEndian ? index + offset : index + form.unitBytes - 1 - offset
      unit = unit << 8 | UInt32(bytes[place])
    }
    index += form.unitBytes
    if let first = high {
      high = nil
      if (0xDC00..<0xE000).contains(unit) {
        append(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00))
        continue
      }
      append(first)
    }
    if form.unitBytes == 2, (0xD800..<0xDC00).contains(unit) {
      high = unit
    } else {
      append(unit)
    }
    try checkLength(text)
  }
  if let high { append(high) }
  return text
}

private func checkLength(_ text: [UInt8]) throws(ParseError) {
  guard text.count <= Limit.documentBytes.value else {
    throw .limit(name: Limit.documentBytes.name, value: Limit.documentBytes.value)
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.count == 1 ? "0" + digits : digits
}
