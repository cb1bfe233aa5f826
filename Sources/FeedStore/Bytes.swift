import FeedModel
import Glibc

extension [UInt8] {
  /// Where `byte` first stands in a part of this array; nil when it does not.
  ///
  /// The corresponding C function is `memchr`.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "A part of the bytes.")
    return unsafe withUnsafeBytes { bytes -> Int? in
      guard let start = bytes.baseAddress,
        let found = unsafe memchr(start + range.lowerBound, Int32(byte), range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - start
    }
  }

  /// Whether other bytes stand anywhere in these.
  func contains(bytes other: [UInt8]) -> Bool {
    guard let first = other.first else { return true }
    var start = 0
    while let found = firstIndex(of: first, in: start..<count), found + other.count <= count {
      if self[found..<found + other.count] == other[...] { return true }
      start = found + 1
    }
    return false
  }

  /// Whether these bytes stand at `index`.
  func holds(_ text: StaticString, at index: Int) -> Bool {
    guard index >= 0, count - index >= text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { text in
      var offset = 0
      while offset < text.count {
        if unsafe self[index + offset] != text[offset] { return false }
        offset += 1
      }
      return true
    }
  }
}

/// A stable hash of bytes (FNV-1a, 64 bits), as 16 hexadecimal digits.
///
/// It makes file names of the local state. Nothing secret and nothing shared depends on these
/// names, so a hash that needs no library is enough.
func nameHash(_ parts: [String]) -> String {
  // A zero byte ends each part.
  let hash = FNV1a(parts.flatMap { Array($0.utf8) + [0] })
  return hexadecimal(hash.value, digits: 16)
}

/// Lower-case hexadecimal digits with leading zeros.
func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
}
