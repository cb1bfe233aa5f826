/// Undoes percent-encoding once (RFC 3986 §2.1).
///
/// - Parameter text: A part of a URL.
/// - Returns: The text; what is no escape stays as it is, and bytes that are not UTF-8 become U+FFFD.
public func percentDecoded(_ text: some StringProtocol) -> String {
  guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%"), rest.count >= 2,
      let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
    {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// Writes bytes as their escapes (RFC 3986 §2.1).
///
/// - Parameters:
///   - text: Any text.
///   - isKept: Says of a printable byte of ASCII whether it stands for itself.
/// - Returns: Printable ASCII without spaces.
public func percentEncoded(_ text: some StringProtocol, keeping isKept: (UInt8) -> Bool) -> String {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count)
  for byte in text.utf8 {
    if (0x21...0x7E).contains(byte), isKept(byte) {
      bytes.append(byte)
    } else {
      let digits = String(byte, radix: 16, uppercase: true)
      bytes += ("%" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
