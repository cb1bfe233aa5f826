import Glibc

/// Searching and copying of bytes by the C library, which does it many at a time.
enum Bytes {
  /// Where a byte stands first in a range; the end of the range when it is nowhere.
  ///
  /// The corresponding C function is `memchr`.
  @inline(__always)
  static func find(_ byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    guard !range.isEmpty else { return range.upperBound }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return range.upperBound }
      let start = unsafe base + range.lowerBound
      guard let hit = unsafe memchr(start, Int32(byte), range.count) else {
        return range.upperBound
      }
      return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }

  /// Whether two texts are the same.
  ///
  /// The corresponding C function is `memcmp`.
  static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe first.withUnsafeBytes { first in
      unsafe second.withUnsafeBytes { second in
        guard let left = first.baseAddress, let right = second.baseAddress else { return true }
        return unsafe memcmp(left, right, first.count) == 0
      }
    }
  }

  /// Where a word stands first in a range, letter case aside; nil when it is nowhere.
  ///
  /// It looks for the first byte of the word, so that should be a rare one, and no letter.
  static func find(_ word: StaticString, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let first = unsafe word.utf8Start[0]
    let length = word.utf8CodeUnitCount
    var index = range.lowerBound
    while true {
      index = find(first, in: bytes, index..<range.upperBound)
      guard index + length <= range.upperBound else { return nil }
      if hasPrefix(word, in: bytes, at: index) { return index }
      index += 1
    }
  }

  /// Whether a word stands at a place, letter case aside.
  static func hasPrefix(_ word: StaticString, in bytes: Span<UInt8>, at start: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard start + length <= bytes.count else { return false }
    for offset in 0..<length {
      let wanted = unsafe word.utf8Start[offset]
      let found = bytes[start + offset]
      guard found == wanted || (isLetter(wanted) && found | 0x20 == wanted | 0x20) else {
        return false
      }
    }
    return true
  }

  /// Whether eight characters of ASCII stand at a place.
  @inline(__always)
  static func isWord(_ word: StaticString, in bytes: Span<UInt8>, at index: Int) -> Bool {
    precondition(word.utf8CodeUnitCount == 8)
    guard index >= 0, index + 8 <= bytes.count else { return false }
    let wanted = unsafe UnsafeRawPointer(word.utf8Start).loadUnaligned(as: UInt64.self)
    let found = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: index,
      as: UInt64.self
    )
    return found == wanted
  }

  /// Whether a byte is one of a few characters of ASCII.
  @inline(__always)
  static func isOne(_ byte: UInt8, of characters: StaticString) -> Bool {
    for offset in 0..<characters.utf8CodeUnitCount where unsafe characters.utf8Start[offset] == byte
    {
      return true
    }
    return false
  }

  /// White space of XML, and of HTML with the form feed.
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D && byte != 0x0B)
  }

  /// An ASCII letter.
  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }

  /// What a scheme is written in (RFC 3986 §3.1).
  @inline(__always)
  static func isInScheme(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }

  /// An ASCII digit.
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}

extension OutputSpan<UInt8> {
  /// Appends a part of a span, as far as there is room.
  ///
  /// The corresponding C function is `memcpy`.
  @inline(__always)
  mutating func append(_ span: Span<UInt8>, _ range: Range<Int>) {
    let part = span.extracting(range)
    precondition(part.count <= freeCapacity)
    unsafe part.withUnsafeBytes { source in
      unsafe withUnsafeMutableBufferPointer { buffer, count in
        guard let from = source.baseAddress, let to = buffer.baseAddress else {
          return
        }
        unsafe memcpy(to + count, from, source.count)
        count += source.count
      }
    }
  }
}

extension Array<UInt8> {
  /// Appends what a span holds.
  mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends a part of a span.
  mutating func append(_ span: Span<UInt8>, _ range: Range<Int>) {
    append(span.extracting(range))
  }

  /// The bytes without white space at both ends.
  var trimmed: ArraySlice<UInt8> {
    guard let first = firstIndex(where: { !Bytes.isSpace($0) }),
      let last = lastIndex(where: { !Bytes.isSpace($0) })
    else { return [] }
    return self[first...last]
  }
}

extension String {
  /// Whether a character of ASCII stands in the text.
  ///
  /// The corresponding C function is `memchr`: text is asked this for every address.
  func holds(_ character: Unicode.Scalar) -> Bool {
    let bytes = utf8.span
    return Bytes.find(UInt8(ascii: character), in: bytes, 0..<bytes.count) < bytes.count
  }

  /// Makes a text of bytes that are known to be UTF-8: the charset step has looked at every byte of
  /// the document, and a text is only ever cut between characters.
  init(validUTF8 bytes: Span<UInt8>) {
    var text = unsafe UTF8Span(unchecked: bytes, isKnownASCII: false)
    _ = text.checkForASCII()
    self.init(copying: text)
  }

  /// Makes a text of bytes that are known to be UTF-8.
  init(validUTF8 bytes: [UInt8]) { self.init(validUTF8: bytes.span) }
}
