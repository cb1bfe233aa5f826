/// Adds a body without what follows a question mark within a tag, up to a quote, white space or the
/// end of the tag.
///
/// Most bodies hold no question mark at all, and the others few: what stands between them is copied
/// in one piece.
///
/// - Parameters:
///   - html: The body.
///   - bytes: Where it is added.
func appendWithoutQueries(_ html: String, to bytes: inout [UInt8]) {
  unsafe html.utf8.span.withUnsafeBufferPointer { text in
    // Safe: every index is below the count.
    var index = 0
    var isInTag = false
    while index < text.count {
      let mark = unsafe firstQuestionMark(in: text, from: index)
      unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<mark]))
      guard mark < text.count else { return }
      if let last = unsafe text[index..<mark].last(where: { $0 == lessThan || $0 == greaterThan }) {
        isInTag = last == lessThan
      }
      index = mark
      guard isInTag else {
        bytes.append(questionMark)
        index += 1
        continue
      }
      while index < text.count, unsafe !endsQuery(text[index]) { index += 1 }
    }
  }
}

private let lessThan = UInt8(ascii: "<")
private let greaterThan = UInt8(ascii: ">")
private let questionMark = UInt8(ascii: "?")

private func endsQuery(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "\""), UInt8(ascii: "'"), 0x20, 0x09, 0x0A, 0x0D, greaterThan: true
  default: false
  }
}

/// Where the next question mark stands, or the end; eight bytes are looked at together.
private func firstQuestionMark(
  in text: UnsafeBufferPointer<UInt8>,
  from start: Int
) -> Int {
  var index = start
  let raw = UnsafeRawBufferPointer(text)
  while text.count - index >= 8 {
    let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    let difference = word ^ 0x3F3F_3F3F_3F3F_3F3F
    // The high bit of a byte is set where the byte is zero. What follows the first hit may be set
    // as well, so the bytes are looked at one by one.
    if (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0 { break }
    index += 8
  }
  while index < text.count, unsafe text[index] != questionMark { index += 1 }
  return index
}
