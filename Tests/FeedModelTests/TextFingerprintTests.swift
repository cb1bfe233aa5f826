import FeedModel
import Testing

private func fingerprint(_ html: String) -> UInt64? {
  var item = FeedItem()
  item.contentHTML = html
  return item.textFingerprint
}

@Test func `markup, entities, white space and punctuation do not change a fingerprint`() {
  let plain = fingerprint("Hello world again")
  #expect(plain != nil)
  #expect(fingerprint("<p class=\"x\">Hello,\n&nbsp;<b>World</b> again!</p>") == plain)
  #expect(fingerprint("Hello world once more") != plain)
}

@Test func `a body without a letter or digit has no fingerprint`() {
  #expect(fingerprint("<img src=\"https://a.example/1.png\"/> x ") != nil)
  #expect(fingerprint("<img src=\"https://a.example/1.png\"/> - ") == nil)
  #expect(FeedItem().textFingerprint == nil)
}

@Test func `titles that differ by case, spaces and punctuation are one`() {
  #expect(normalisedTitle(" Hello,  World! ") == "hello world")
  #expect(normalisedTitle("hello world") == "hello world")
  #expect(normalisedTitle("helloworld") != "hello world")
  #expect(normalisedTitle(" - ") == nil)
  #expect(normalisedTitle(nil) == nil)
}
