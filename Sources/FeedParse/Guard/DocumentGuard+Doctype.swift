import FeedModel

extension DocumentGuard {
  /// Passes over a `<!…>` declaration, its quotes, brackets and comments respected (XML 1.0 §2.8).
  ///
  /// Of an internal subset only literal entities are honoured: those whose value has no `<` and no
  /// `&` but that of one numeric reference. Nothing external is ever looked at.
  ///
  /// - Returns: Where it ends; the end of the document when it does not.
  mutating func scanDoctype(_ bytes: Span<UInt8>, at start: Int) -> Int {
    var index = start + 2
    var depth = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        index = Bytes.find(bytes[index], in: bytes, index + 1..<bytes.count)
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"): depth = max(0, depth - 1)
      case UInt8(ascii: ">"):
        if depth == 0 { return index + 1 }
      case UInt8(ascii: "<"):
        if Bytes.hasPrefix("<!--", in: bytes, at: index) {
          guard let end = Bytes.find("-->", in: bytes, index + 4..<bytes.count) else {
            return bytes.count
          }
          index = end + 2
        } else if Bytes.hasPrefix("<!ENTITY", in: bytes, at: index) {
          index = scanEntity(bytes, at: index)
        } else if depth == 0 {
          // Its end was forgotten: the next tag begins.
          return index
        }
      default: break
      }
      index += 1
    }
    return bytes.count
  }

  /// Reads `<!ENTITY name "value">`; says where its last byte is.
  private mutating func scanEntity(_ bytes: Span<UInt8>, at start: Int) -> Int {
    func skipSpace(_ from: Int) -> Int {
      var index = from
      while index < bytes.count, Bytes.isSpace(bytes[index]) { index += 1 }
      return index
    }
    let nameStart = skipSpace(start + 8)
    var nameEnd = nameStart
    while nameEnd < bytes.count, Self.continuesName(bytes[nameEnd]) { nameEnd += 1 }
    let quote = skipSpace(nameEnd)
    guard quote < bytes.count, nameEnd > nameStart, nameEnd - nameStart <= 32,
      bytes[quote] == UInt8(ascii: "\"") || bytes[quote] == UInt8(ascii: "'")
    else { return start }
    let close = Bytes.find(bytes[quote], in: bytes, quote + 1..<bytes.count)
    guard close < bytes.count else { return bytes.count }
    let value = quote + 1..<close
    if let text = literal(bytes, value) {
      var name: [UInt8] = []
      name.append(bytes, nameStart..<nameEnd)
      entities.declare(String(decoding: name, as: UTF8.self), text)
    }
    return close
  }

  /// The value of an entity, if it can stand for nothing but characters.
  ///
  /// `&#38;` and `&#60;` in a declaration are an escaped reference: they stand for `&` and `<`.
  private func literal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    guard range.count <= Limit.entityValueBytes.value else { return nil }
    var text: [UInt8] = []
    text.append(bytes, range)
    guard !text.contains(UInt8(ascii: "<")) else { return nil }
    text.removeAll { $0 == 0x0D }
    guard let ampersand = text.firstIndex(of: UInt8(ascii: "&")) else { return text }
    guard let end = text[ampersand...].firstIndex(of: UInt8(ascii: ";")), end - ampersand <= 12,
      let character = characterReference(text.span, at: ampersand).scalar,
      text[ampersand + 1] == UInt8(ascii: "#"), !text[end...].contains(UInt8(ascii: "&"))
    else { return nil }
    text.replaceSubrange(ampersand...end, with: String(Character(character)).utf8)
    return text
  }
}
