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
