extension DocumentGuard {
  /// Makes every reference in a run of text or in a value one that XML has.
  mutating func mendReferences(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while limit == nil {
      index = Bytes.find(UInt8(ascii: "&"), in: bytes, index..<range.upperBound)
      guard index < range.upperBound else { return }
      let reference = Reference(bytes, at: index, end: range.upperBound, entities: &entities)
      if let trouble = reference.trouble {
        note(trouble.kind, at: index, in: bytes, trouble.detail)
      }
      // After its first error libxml2 drops references by name from text, and keeps numbers.
      let isNumber = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "#")
      let isDropped = !liftsText && !isNumber
      if !reference.isXML || isDropped {
        replace(index..<reference.end, with: Self.escaped(reference.text), in: bytes)
      }
      index = reference.end
    }
  }

  /// A text as XML writes it, in content and in a value in any quotes.
  private static func escaped(_ text: [UInt8]) -> [UInt8] {
    text.flatMap { byte in
      switch byte {
      case UInt8(ascii: "&"): Array("&#38;".utf8)
      case UInt8(ascii: "<"): Array("&#60;".utf8)
      case UInt8(ascii: ">"): Array("&#62;".utf8)
      case UInt8(ascii: "\""): Array("&#34;".utf8)
      case UInt8(ascii: "'"): Array("&#39;".utf8)
      // As they are they would become a line feed or a space (XML 1.0 §2.11, §3.3.3).
      case 0x0D: Array("&#13;".utf8)
      case 0x0A: Array("&#10;".utf8)
      case 0x09: Array("&#9;".utf8)
      default: [byte]
      }
    }
  }
}
