/// Turns HTML into one line of plain text.
///
/// Tags go, references become their characters, what no reader shows is left out, and white space
/// becomes single spaces.
///
/// - Parameters:
///   - html: HTML, well formed or not.
///   - keepingUnknownTags: Leaves what looks like a tag but is none of HTML's, such as `<int>`.
/// - Returns: The text.
func plainText(ofHTML html: [UInt8], keepingUnknownTags: Bool = false) -> String {
  let bytes = html.span
  let hasMarkup =
    Bytes.find(UInt8(ascii: "<"), in: bytes, 0..<bytes.count) < bytes.count
    || Bytes.find(UInt8(ascii: "&"), in: bytes, 0..<bytes.count) < bytes.count
  guard hasMarkup else { return collapsed(html) }
  var text: [UInt8] = []
  text.reserveCapacity(html.count)
  var tags = HTMLTags()
  var index = 0
  while index < bytes.count {
    let byte = bytes[index]
    if byte == UInt8(ascii: "<") {
      index = skipMarkup(
        bytes,
        at: index,
        tags: &tags,
        keepingUnknownTags: keepingUnknownTags,
        into: &text
      )
    } else if byte == UInt8(ascii: "&") {
      let (scalar, end) = characterReference(bytes, at: index)
      if let scalar {
        text.append(contentsOf: String(Character(scalar)).utf8)
      } else {
        text.append(byte)
      }
      index = end
    } else {
      text.append(byte)
      index += 1
    }
  }
  return collapsed(text)
}

/// Turns text into one line, white space into single spaces.
func collapsed(_ text: String) -> String {
  isCollapsed(text.utf8.span) ? text : collapsed(Array(text.utf8))
}

/// Turns text into one line, white space into single spaces.
func collapsed(_ bytes: [UInt8]) -> String {
  let source = bytes.span
  guard !isCollapsed(source) else { return String(validUTF8: source) }
  var text: [UInt8] = []
  text.reserveCapacity(source.count)
  var needsSpace = false
  var index = 0
  while index < source.count {
    let byte = source[index]
    index += 1
    if Bytes.isSpace(byte) {
      needsSpace = true
    } else if byte == 0xC2, index < source.count, source[index] == 0xA0 {
      // A no-break space at the edge of a title is still space.
      needsSpace = true
      index += 1
    } else {
      if needsSpace, !text.isEmpty { text.append(0x20) }
      needsSpace = false
      text.append(byte)
    }
  }
  return String(validUTF8: text)
}

/// Whether there is no white space in a text but single spaces between words.
private func isCollapsed(_ bytes: Span<UInt8>) -> Bool {
  var before: UInt8 = 0x20
  for index in bytes.indices {
    let byte = bytes[index]
    if byte <= 0x20, byte != 0x20 || before == 0x20 { return false }
    if byte == 0xC2 { return false }
    before = byte
  }
  return before != 0x20
}

/// Whether a text is HTML, where a format leaves that open.
///
/// - Parameters:
///   - html: The text, XML's own references replaced.
///   - isTitle: Asks for more: an end tag, a void element or a reference. `A <video> tag` is text.
/// - Returns: True when there is markup or a reference in it.
func looksLikeHTML(_ html: [UInt8], isTitle: Bool = false) -> Bool {
  let bytes = html.span
  var tags = HTMLTags()
  var index = 0
  while true {
    index = Bytes.find(UInt8(ascii: "<"), in: bytes, index..<bytes.count)
    guard index < bytes.count else { break }
    if let tag = tags.tag(bytes, at: index), HTMLNames.all.contains(tag.name),
      !isTitle || tag.isEnd || HTMLNames.void.contains(tag.name)
    {
      return true
    }
    if Bytes.hasPrefix("<!--", in: bytes, at: index) { return true }
    index += 1
  }
  index = 0
  while true {
    index = Bytes.find(UInt8(ascii: "&"), in: bytes, index..<bytes.count)
    guard index < bytes.count else { return false }
    if characterReference(bytes, at: index).scalar != nil { return true }
    index += 1
  }
}

/// Reads a reference of HTML; says where it ends, or where to go on when it is none.
func characterReference(
  _ bytes: Span<UInt8>,
  at start: Int
) -> (scalar: Unicode.Scalar?, end: Int) {
  if let (byte, end) = Reference.predefined(bytes, at: start, end: bytes.count) {
    return (Unicode.Scalar(byte), end)
  }
  var index = start + 1
  while index < bytes.count, index - start <= 32,
    Bytes.isLetter(bytes[index]) || Bytes.isDigit(bytes[index]) || bytes[index] == UInt8(ascii: "#")
  {
    index += 1
  }
  guard index < bytes.count, bytes[index] == UInt8(ascii: ";"), index > start + 1 else {
    return (nil, start + 1)
  }
  if bytes[start + 1] == UInt8(ascii: "#") {
    let scalar = numberedCharacter(bytes, start + 2..<index)
    return (scalar, scalar == nil ? start + 1 : index + 1)
  }
  let scalar = HTMLEntities.scalar(String(validUTF8: bytes.extracting(start + 1..<index)))
  return (scalar, scalar == nil ? start + 1 : index + 1)
}

/// The character of a number, `x` before hexadecimal ones; nil when it is no number.
private func numberedCharacter(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Unicode.Scalar? {
  guard let number = Reference.value(bytes, range) else { return nil }
  if (0x80..<0xA0).contains(number) { return windows1252(UInt8(number)) }
  // What cannot be is shown as such (HTML §13.2.5.84).
  guard number >= 0x20 || number == 0x09 || number == 0x0A else { return "\u{FFFD}" }
  return Unicode.Scalar(number) ?? "\u{FFFD}"
}

/// Passes over a tag or a comment, or takes the `<` for what it is.
private func skipMarkup(
  _ bytes: Span<UInt8>,
  at start: Int,
  tags: inout HTMLTags,
  keepingUnknownTags: Bool,
  into text: inout [UInt8]
) -> Int {
  let isDeclaration = start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "!")
  if isDeclaration, let end = endOfComment(bytes, at: start) { return end }
  if isDeclaration, Bytes.hasPrefix("<![CDATA[", in: bytes, at: start) {
    // A second CDATA frame, escaped into the first: its content counts.
    return start + 9
  }
  if start + 1 < bytes.count, Bytes.isOne(bytes[start + 1], of: "!?") {
    // A DOCTYPE or a processing instruction.
    if let end = tags.endOfDeclaration(bytes, from: start) { return end }
  }
  guard let tag = tags.tag(bytes, at: start),
    !keepingUnknownTags || HTMLNames.all.contains(tag.name)
  else {
    text.append(bytes[start])
    return start + 1
  }
  if HTMLNames.block.contains(tag.name) { text.append(0x20) }
  guard !tag.isEnd, HTMLNames.hidden.contains(tag.name) else { return tag.end }
  return tags.endOfElement(tag.name, bytes, from: tag.end)
}
