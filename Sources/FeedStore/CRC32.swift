/// The CRC-32 of zlib and PNG (ISO 3309), eight bytes at a time.
///
/// It finds damage, not malice.
struct CRC32: Hashable {
  private var state: UInt32 = 0xFFFF_FFFF

  /// The sum of what was added.
  var value: UInt32 { ~state }

  /// The sum of a part of `bytes`.
  static func sum(of bytes: [UInt8], in range: Range<Int>) -> UInt32 {
    var crc = CRC32()
    crc.add(bytes, in: range)
    return crc.value
  }

  /// Adds a part of `bytes`.
  mutating func add(_ bytes: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "A part of the bytes.")
    state = unsafe bytes.withUnsafeBytes { bytes in
      unsafe Self.tables.withUnsafeBufferPointer { tables in
        // Safe: the range was checked, and every index is below 2048.
        var crc = state
        var index = range.lowerBound
        while range.upperBound - index >= 8 {
          let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
          let low = UInt32(truncatingIfNeeded: word) ^ crc
          let high = UInt32(truncatingIfNeeded: word >> 32)
          let first =
            unsafe tables[Int(0x700 | low & 0xFF)] ^ tables[Int(0x600 | low >> 8 & 0xFF)]
            ^ tables[Int(0x500 | low >> 16 & 0xFF)] ^ tables[Int(0x400 | low >> 24)]
          let second =
            unsafe tables[Int(0x300 | high & 0xFF)] ^ tables[Int(0x200 | high >> 8 & 0xFF)]
            ^ tables[Int(0x100 | high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
          crc = first ^ second
          index += 8
        }
        while index < range.upperBound {
          crc = unsafe tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ crc >> 8
          index += 1
        }
        return crc
      }
    }
  }

  /// Table k gives what a byte does to the sum when k more bytes follow it.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      tables[byte] = crc
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = tables[Int(before & 0xFF)] ^ before >> 8
    }
    return tables
  }()
}
