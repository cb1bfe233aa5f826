extension Span<UInt8> {
  /// The first place of a byte from `start` on; `count` when there is none.
  ///
  /// Eight bytes at a time: bodies are looked through for each article.
  package func firstIndex(of byte: UInt8, from start: Int) -> Int {
    let (ones, tops) = (UInt64(0x0101_0101_0101_0101), UInt64(0x8080_8080_8080_8080))
    let pattern = ones &* UInt64(byte)
    var index = start
    while count - index >= 8 {
      // Safe: eight bytes are left, and any eight bytes are a number.
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let difference = word.littleEndian ^ pattern
      let zeros = (difference &- ones) & ~difference & tops
      if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < count, self[index] != byte { index += 1 }
    return index
  }
}
