/// The bytes from the start of `range` that stand for themselves within a JSON string.
///
/// The run ends before a quote, a backslash or a control character, or with the range. Eight bytes
/// are looked at together: bodies of articles are long, and this is where their time goes.
///
/// - Parameters:
///   - bytes: The text.
///   - range: The part to look at; it must lie within the text.
/// - Returns: Where the run ends, and whether all of it is ASCII.
func plainRun(_ bytes: [UInt8], in range: Range<Int>) -> (end: Int, isASCII: Bool) {
  precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "A part of the bytes.")
  return unsafe bytes.withUnsafeBytes { bytes in
    // Safe: every index lies within the range, which was checked.
    var index = range.lowerBound
    var highBits: UInt64 = 0
    while range.upperBound - index >= 8 {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      // In each of the eight bytes the high bit is set where the byte is zero, or below 0x20. A
      // borrow can only spoil what comes after the first hit, and only the first one counts.
      let quotes = word ^ 0x2222_2222_2222_2222
      let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
      let hits =
        (quotes &- 0x0101_0101_0101_0101) & ~quotes
        | (backslashes &- 0x0101_0101_0101_0101) & ~backslashes
        | (word &- 0x2020_2020_2020_2020) & ~word
      let first = hits & 0x8080_8080_8080_8080
      if first != 0 {
        let count = first.trailingZeroBitCount / 8
        highBits |= word & ((1 << UInt64(count * 8)) &- 1)
        return (index + count, highBits & 0x8080_8080_8080_8080 == 0)
      }
      highBits |= word
      index += 8
    }
    while index < range.upperBound {
      let byte = unsafe bytes[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      highBits |= UInt64(byte)
      index += 1
    }
    return (index, highBits & 0x8080_8080_8080_8080 == 0)
  }
}
