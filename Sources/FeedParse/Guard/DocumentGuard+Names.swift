extension DocumentGuard {
  /// Whether a name may begin at a place (XML 1.0 §2.3, production 4).
  ///
  /// libxml2 ends the whole document at a tag whose name it cannot read.
  static func startsName(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard bytes[index] >= 0x80 else { return startsName(bytes[index]) }
    return character(bytes, at: index).map { isNameStart($0.value) } == true
  }

  /// Where the name ends that goes on at a place (XML 1.0 §2.3, production 4a).
  static func endOfName(_ bytes: Span<UInt8>, from start: Int, before end: Int) -> Int {
    var index = start
    while index < end {
      if bytes[index] < 0x80 {
        guard continuesName(bytes[index]) else { break }
        index += 1
      } else {
        guard let (value, length) = character(bytes, at: index), isInName(value) else { break }
        index += length
      }
    }
    return index
  }

  /// The character at a place and how many bytes it has; nil within one.
  private static func character(
    _ bytes: Span<UInt8>,
    at index: Int
  ) -> (value: UInt32, length: Int)? {
    let length = TextCheck.sequenceLength(bytes, at: index)
    guard length > 1 else { return nil }
    var value = UInt32(bytes[index]) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
    return (value, length)
  }

  private static func isNameStart(_ value: UInt32) -> Bool {
    switch value {
    case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D,
      0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
      0x10000...0xEFFFF:
      true
    default: false
    }
  }

  private static func isInName(_ value: UInt32) -> Bool {
    switch value {
    case 0xB7, 0x300...0x36F, 0x203F...0x2040: true
    default: isNameStart(value)
    }
  }
}
