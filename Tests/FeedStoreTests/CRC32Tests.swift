import Testing

@testable import FeedStore

@Test(
  arguments: [
    ("", 0x0000_0000), ("a", 0xE8B7_BE43), ("abc", 0x3524_41C2), ("123456789", 0xCBF4_3926),
    ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
  ] as [(String, UInt32)]
)
func `the sum is that of zlib`(text: String, sum: UInt32) {
  let bytes = Array(text.utf8)
  #expect(CRC32.sum(of: bytes, in: 0..<bytes.count) == sum)
}

@Test func `the sum of a part does not depend on where the part stands or how it is cut`() {
  let part = (0..<100).map { UInt8(truncatingIfNeeded: $0 * 37) }
  let sum = CRC32.sum(of: part, in: 0..<part.count)
  for before in 0..<9 {
    let bytes = [UInt8](repeating: 0xAA, count: before) + part + [1, 2, 3]
    #expect(CRC32.sum(of: bytes, in: before..<before + part.count) == sum)
    for cut in 0...part.count {
      var crc = CRC32()
      crc.add(bytes, in: before..<before + cut)
      crc.add(bytes, in: before + cut..<before + part.count)
      #expect(crc.value == sum)
    }
  }
}

@Test func `every bit of a block changes its sum`() {
  var bytes = [UInt8](repeating: 0x55, count: 33)
  let sum = CRC32.sum(of: bytes, in: 0..<33)
  for index in bytes.indices {
    for bit in 0..<8 {
      bytes[index] ^= 1 << UInt8(bit)
      #expect(CRC32.sum(of: bytes, in: 0..<33) != sum)
      bytes[index] ^= 1 << UInt8(bit)
    }
  }
}
