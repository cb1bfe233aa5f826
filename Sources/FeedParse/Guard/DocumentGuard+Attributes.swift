import FeedModel

extension DocumentGuard {
  /// Passes over the attributes of a start tag and its `>`.
  ///
  /// - Returns: Where the tag ends and whether it closes its element as well; nil when the document
  ///   ends within it, or is ended there by a cap.
  mutating func scanAttributes(
    _ bytes: Span<UInt8>,
    tag: Int,
    from start: Int
  ) -> (end: Int, isEmpty: Bool)? {
    let end = min(bytes.count, tag + Limit.startTagBytes.value)
    var index = start
    var count = 0
    while true {
      while index < end, Bytes.isSpace(bytes[index]) { index += 1 }
      guard index < end else { return endless(bytes, tag: tag, end: end) }
      switch bytes[index] {
      case UInt8(ascii: ">"): return (index + 1, false)
      case UInt8(ascii: "/"):
        if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: ">") {
          return (index + 2, true)
        }
        replace(index..<index + 1, with: " ".utf8, in: bytes)
        index += 1
      case UInt8(ascii: "<"):
        note(.malformedXML, at: index, in: bytes, "a start tag without its end")
        replace(index..<index, with: ">".utf8, in: bytes)
        return (index, false)
      case _ where Self.startsName(bytes, at: index):
        count += 1
        guard count <= Limit.attributes.value else {
          stop(.attributes, at: tag, in: bytes)
          return nil
        }
        guard let next = scanAttribute(bytes, at: index, end: end) else {
          return endless(bytes, tag: tag, end: end)
        }
        index = next
      default:
        note(.malformedXML, at: index, in: bytes, "a stray character in a start tag")
        replace(index..<index + 1, with: " ".utf8, in: bytes)
        index += 1
      }
    }
  }

  /// The tag does not end: the document is cut here, or the tag passes its cap.
  private mutating func endless(
    _ bytes: Span<UInt8>,
    tag: Int,
    end: Int
  ) -> (end: Int, isEmpty: Bool)? {
    if end < bytes.count { stop(.startTagBytes, at: tag, in: bytes) }
    return nil
  }

  /// Passes over one attribute, giving it the quotes that XML asks for; nil when it does not end.
  private mutating func scanAttribute(_ bytes: Span<UInt8>, at start: Int, end: Int) -> Int? {
    let nameEnd = Self.endOfName(bytes, from: start, before: end)
    var index = nameEnd
    while index < end, Bytes.isSpace(bytes[index]) { index += 1 }
    guard index < end else { return nil }
    guard bytes[index] == UInt8(ascii: "=") else {
      note(.malformedXML, at: start, in: bytes, "an attribute without a value")
      replace(nameEnd..<nameEnd, with: "=\"\"".utf8, in: bytes)
      return nameEnd
    }
    index += 1
    while index < end, Bytes.isSpace(bytes[index]) { index += 1 }
    guard index < end else { return nil }
    let quote = bytes[index]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return scanBareValue(bytes, at: index, end: end)
    }
    let close = Bytes.find(quote, in: bytes, index + 1..<end)
    guard close < end else { return nil }
    if let tagEnd = endOfTag(bytes, index + 1..<close) {
      // Quirk: the quote behind a value is missing. Seen: hand-written feeds. Fixture: quirks/missing-quote.xml
      note(.malformedXML, at: start, in: bytes, "a value without its closing quote")
      mendValue(bytes, index + 1..<tagEnd)
      replace(tagEnd..<tagEnd, with: [quote], in: bytes)
      return tagEnd
    }
    mendValue(bytes, index + 1..<close)
    if close + 1 < end, Self.startsName(bytes, at: close + 1) {
      note(.malformedXML, at: close, in: bytes, "no space between attributes")
      replace(close + 1..<close + 1, with: " ".utf8, in: bytes)
    }
    return close + 1
  }

  /// Where a tag ends within what looks like a value; nil when the value is one.
  ///
  /// A quote that is missing makes the next one look like the end of the value: then there is a `>`
  /// in it, and what follows it is no attribute.
  private func endOfTag(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Int? {
    let next = value.upperBound + 1
    guard next < bytes.count, !Bytes.isSpace(bytes[next]), !Bytes.isOne(bytes[next], of: ">/?")
    else { return nil }
    let close = Bytes.find(UInt8(ascii: ">"), in: bytes, value)
    guard close < value.upperBound else { return nil }
    // A name and an equals sign: only the space before the next attribute is missing.
    let nameEnd = Self.endOfName(bytes, from: next, before: bytes.count)
    if nameEnd > next, nameEnd < bytes.count, bytes[nameEnd] == UInt8(ascii: "=") { return nil }
    let isEmpty = close > value.lowerBound && bytes[close - 1] == UInt8(ascii: "/")
    return isEmpty ? close - 1 : close
  }

  /// Passes over a value without quotes.
  private mutating func scanBareValue(_ bytes: Span<UInt8>, at start: Int, end: Int) -> Int? {
    note(.malformedXML, at: start, in: bytes, "an attribute without quotes")
    var index = start
    while index < end, !Bytes.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") {
      index += 1
    }
    guard index < end else { return nil }
    if index > start, bytes[index] == UInt8(ascii: ">"), bytes[index - 1] == UInt8(ascii: "/") {
      index -= 1
    }
    replace(start..<start, with: "\"".utf8, in: bytes)
    for place in start..<index where bytes[place] == UInt8(ascii: "\"") {
      replace(place..<place + 1, with: " ".utf8, in: bytes)
    }
    mendValue(bytes, max(start, copied)..<max(index, copied))
    replace(index..<index, with: "\"".utf8, in: bytes)
    return index
  }

  /// Escapes `<` in a value and mends its references.
  private mutating func mendValue(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let opening = Bytes.find(UInt8(ascii: "<"), in: bytes, index..<range.upperBound)
      mendReferences(bytes, index..<opening)
      guard opening < range.upperBound else { return }
      note(.malformedXML, at: opening, in: bytes, "an unescaped < in an attribute")
      replace(opening..<opening + 1, with: "&lt;".utf8, in: bytes)
      index = opening + 1
    }
  }
}
