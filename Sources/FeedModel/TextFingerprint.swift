extension FeedItem {
  /// A hash of the letters and digits of the body, or of the summary when there is no body.
  ///
  /// Markup, character references, white space, punctuation and the case of ASCII letters do not
  /// count, so that a template that is re-indented or a link that gains a parameter changes
  /// nothing. Nil when there is not one letter or digit. FNV-1a, 64 bits: it tells edits apart and
  /// is no protection against somebody who looks for a collision.
  public var textFingerprint: UInt64? {
    if let contentHTML { return fingerprint(of: contentHTML, isHTML: true) }
    guard let plain = contentText ?? summary else { return nil }
    return fingerprint(of: plain, isHTML: false)
  }
}

/// Folds a title for comparison (frozen, as it goes into keys): letters and digits, ASCII in lower
/// case, words joined by one space.
///
/// - Parameter title: A title as plain text.
/// - Returns: Nil when nothing is left.
public func normalisedTitle(_ title: String?) -> String? {
  guard let title else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(title.utf8.count)
  eachNormalised(title) { bytes.append($0) }
  return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
}

/// The bytes of `normalisedTitle`, one after the other.
@inline(__always)
func eachNormalised(_ title: String, _ body: (UInt8) -> Void) {
  let bytes = title.utf8.span
  let letters = significantLetters.span
  var (isGap, isBegun) = (false, false)
  for index in 0..<bytes.count {
    let letter = letters[Int(bytes[index])]
    guard letter != 0 else {
      isGap = true
      continue
    }
    if isGap, isBegun { body(0x20) }
    (isGap, isBegun) = (false, true)
    body(letter)
  }
}

private func fingerprint(of text: String, isHTML: Bool) -> UInt64? {
  let bytes = text.utf8.span
  let letters = significantLetters.span
  var hash = FNV1a()
  var index = 0
  while index < bytes.count {
    let byte = bytes[index]
    index += 1
    let letter = letters[Int(byte)]
    if letter != 0 {
      hash.add(UInt64(letter))
    } else if isHTML, byte == UInt8(ascii: "<") {
      index = bytes.firstIndex(of: UInt8(ascii: ">"), from: index)
    } else if isHTML, byte == UInt8(ascii: "&") {
      let limit = min(index + 10, bytes.count)
      var end = index
      while end < limit, bytes[end] != UInt8(ascii: ";") { end += 1 }
      if end < limit { index = end + 1 }
    }
  }
  return hash == FNV1a() ? nil : hash.value
}

/// What `significant` makes of each byte; 0 for nil.
private let significantLetters: [UInt8] = (0...255).map { significant($0) ?? 0 }

/// A letter in lower case, a digit, or a byte of a character beyond ASCII; nil for the rest.
private func significant(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
  default: nil
  }
}
