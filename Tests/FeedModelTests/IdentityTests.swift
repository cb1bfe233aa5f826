import FeedModel
import Testing

@Test func `an id survives writing and reading`() {
  let digest = (0..<32).map { UInt8($0 * 7 & 255) }
  let id = HashID(digest: digest)
  #expect(HashID(id.description) == id)
  #expect(id.description.utf8.count == 20)
}

@Test func `the first hundred bits count and no more`() {
  var digest = [UInt8](repeating: 0xFF, count: 32)
  let id = HashID(digest: digest)
  #expect(id.description == String(repeating: "7", count: 20))
  digest[12] = 0xF0
  #expect(HashID(digest: digest) == id)
  digest[12] = 0xE0
  #expect(HashID(digest: digest) != id)
}

@Test(
  arguments: ["", "abc", "ABCDEFGHIJKLMNOPQRST", "aaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaaaa"]
)
func `what is not 20 characters of lower-case base32 is no id`(text: String) {
  #expect(HashID(text) == nil)
}

@Test(arguments: [0x00, 0x01, 0x5A, 0x80, 0xFE, 0xFF] as [UInt8])
func `an id is the same after it was two numbers, 13 bytes or a text`(byte: UInt8) {
  for place in 0..<13 {
    var digest = (0..<13).map { UInt8(truncatingIfNeeded: $0 * 37) }
    digest[place] = byte
    let id = HashID(digest: digest)
    #expect(HashID(head: id.head, rest: id.rest) == id)
    #expect(id.head >= 0)
    var bytes: [UInt8] = []
    id.appendDigest(to: &bytes)
    #expect(bytes.count == 13)
    #expect(bytes == digest.dropLast() + [digest[12] & 0xF0])
    #expect(HashID(digest: bytes) == id)
  }
}

@Test func `ids are ordered as their numbers are`() {
  let ids = (0...255)
    .map { number in
      HashID(digest: (0..<13).map { UInt8(truncatingIfNeeded: (number * 89) << $0) })
    }
  for (left, right) in zip(ids, ids.dropFirst()) {
    #expect((left < right) == ((left.head, left.rest) < (right.head, right.rest)))
  }
}

@Test func `the ids of a prefix are those that begin with it`() throws {
  let ids = (0...255)
    .map { number in
      HashID(digest: (0..<13).map { UInt8(truncatingIfNeeded: (number * 89) >> ($0 & 3)) })
    }
  for id in ids.prefix(20) {
    for length in [0, 1, 4, 12, 13, 19, 20] {
      let prefix = String(id.description.prefix(length))
      let range = try #require(HashID.range(ofPrefix: prefix))
      for other in ids {
        #expect(range.contains(other) == other.description.hasPrefix(prefix))
      }
    }
  }
  #expect(HashID.range(ofPrefix: "A") == nil)
  #expect(HashID.range(ofPrefix: String(repeating: "a", count: 21)) == nil)
}
