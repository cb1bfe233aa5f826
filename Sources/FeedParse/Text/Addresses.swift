import FeedModel

/// A URL with a scheme as it was written, unless there is something in it that no URL holds.
func absoluteURL(_ text: String) -> String {
  // What cannot be read as a URL stays as it is.
  isCleanURL(text.utf8.span) || text.utf8.count > Limit.urlBytes.value
    ? text : WebURL(text)?.text ?? text
}

private func isCleanURL(_ text: Span<UInt8>) -> Bool {
  for index in text.indices {
    let byte = text[index]
    guard byte > 0x20, byte < 0x7F, byte != 0x22, byte != 0x3C, byte != 0x3E else { return false }
  }
  return true
}

/// Whether a part of a text begins with a scheme (RFC 3986 §3.1), white space aside;
/// `javascript:` and `data:` included.
func hasScheme(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
  var index = range.lowerBound
  while index < range.upperBound, Bytes.isSpace(bytes[index]) { index += 1 }
  guard index < range.upperBound, Bytes.isLetter(bytes[index]) else { return false }
  while index < range.upperBound {
    let byte = bytes[index]
    if byte == UInt8(ascii: ":") { return true }
    guard Bytes.isInScheme(byte) else { return false }
    index += 1
  }
  return false
}

/// Whether a reference begins with a scheme.
func hasScheme(_ reference: String) -> Bool {
  let bytes = reference.utf8.span
  return hasScheme(bytes, 0..<bytes.count)
}

extension String {
  /// The text with `&amp;` as the character, as in the value of an attribute.
  func replacingAmpersandReferences() -> String {
    guard holds("&") else { return self }
    return split(separator: "&amp;", omittingEmptySubsequences: false).joined(separator: "&")
  }
}
