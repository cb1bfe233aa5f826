/// Text of header fields: one scalar from U+0000 to U+00FF for each byte, so that nothing is lost.
enum HTTPText {
  /// The text of a field's bytes without the white space around it, which is no part of it.
  static func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let bytes = bytes.drop(while: isSpace)
    guard let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
    return exactText(bytes[...last])
  }

  private static func exactText(_ bytes: some Collection<UInt8>) -> String {
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    return text
  }

  /// The text can be the value of a field, and is not empty; see `bytes`.
  static func isSendable(_ text: String) -> Bool {
    !text.isEmpty
      && (text.utf8.allSatisfy { $0 < 0x80 && $0 != 0x0D && $0 != 0x0A && $0 != 0 }
        || bytes(text) != nil)
  }

  /// The bytes of a field's text; nil when it holds what no field may hold.
  ///
  /// Line ends and NUL would let a value add lines to the request (RFC 9110 §5.5).
  static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard scalar.value <= 0xFF, ![0x00, 0x0A, 0x0D].contains(scalar.value) else { return nil }
      bytes.append(UInt8(scalar.value))
    }
    return bytes
  }
}
