/// The CRC-32 of zlib and PNG (ISO 3309), sixteen bytes at a time.
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
        // Safe: the range was checked, and every index is below 4096.
        var crc = state
        var index = range.lowerBound
        while range.upperBound - index >= 16 {
          let low = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
          let high = unsafe bytes.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self)
            .littleEndian
          // What does not wait for the sum of the bytes before.
          let later = unsafe part(of: high, tables, 0x700)
          crc = unsafe later ^ part(of: low ^ UInt64(crc), tables, 0xF00)
          index += 16
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
    var tables = [UInt32](repeating: 0, count: 16 * 256)
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

/// What eight bytes do to the sum; `table` is where the table of the first of them begins.
@inline(__always)
private func part(
  of word: UInt64,
  _ tables: UnsafeBufferPointer<UInt32>,
  _ table: Int
) -> UInt32 {
  // Safe: the table of the last of eight bytes begins 0x700 before, and a byte is below 0x100.
  let first =
    unsafe tables[table | Int(word & 0xFF)] ^ tables[table - 0x100 | Int(word >> 8 & 0xFF)]
    ^ tables[table - 0x200 | Int(word >> 16 & 0xFF)]
    ^ tables[table - 0x300 | Int(word >> 24 & 0xFF)]
  let second =
    unsafe tables[table - 0x400 | Int(word >> 32 & 0xFF)]
    ^ tables[table - 0x500 | Int(word >> 40 & 0xFF)]
    ^ tables[table - 0x600 | Int(word >> 48 & 0xFF)] ^ tables[table - 0x700 | Int(word >> 56)]
  return first ^ second
}
