import FeedModel
import TestSupport
import Testing

@Test func `a page has the hash of its canonical form, however it is written`() {
  for address in writtenAddresses() {
    let hash = canonicalPage(address).map { FNV1a($0.utf8).value }
    #expect(pageHash(address) == hash, "\(address)")
  }
}

@Test func `most addresses need not be taken apart`() {
  let plain = writtenAddresses().filter { PlainLink($0.utf8.span) != nil }
  #expect(plain.count > 1000)
}

@Test(arguments: [
  nil, "", " ", "-", "A title", "  Two,  words! ", "caf\u{E9} \u{201C}x\u{201D}", "\u{A0}",
])
func `a title has the hash of its normalised form`(title: String?) {
  let hash = normalisedTitle(title).map { UInt32(truncatingIfNeeded: FNV1a($0.utf8).value) }
  #expect(titleHash(title) == hash)
}
