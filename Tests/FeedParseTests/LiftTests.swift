import FeedModel
import FeedParse
import Testing

/// What a document says, read with its texts lifted out of libxml2's way, and without.
///
/// Its issues may differ: a mistake in a text that nothing is made of is only met when libxml2 has
/// to read it.
private func bothWays(_ document: String) throws -> ParsedFeed {
  let bytes = Array(document.utf8)
  var lifted = try parse(bytes, baseURL: nil, contentType: nil, liftsText: true)
  var whole = try parse(bytes, baseURL: nil, contentType: nil, liftsText: false)
  lifted.issues = []
  whole.issues = []
  #expect(lifted == whole)
  return lifted
}

private func items(_ text: String) throws -> [FeedItem] {
  try bothWays("<rss><channel>\(text)<item><title>Last</title></item></channel></rss>").items
}

@Test(arguments: ["½", "\u{2028}x", "a½b", "ab\u{7F}c", "\u{1F600}", "x:½"])
func `what is no name makes no tag, and texts stay in their elements`(name: String) throws {
  let text = "<item><title>One <\(name)>two</\(name)></title><guid>1</guid></item>"
  let found = try items(text + "<item \(name)=\"a\" b\(name)='>'><title>Three</title></item>")
  #expect(found.map(\.guid) == ["1", nil, nil])
  #expect(found.dropFirst().map(\.title) == ["Three", "Last"])
  #expect(found[0].title?.hasPrefix("One ") == true)
}

@Test func `names of other scripts are names`() throws {
  let found = try items("<item><title>One</title><статья 属性='a'>x</статья><guid>1</guid></item>")
  #expect(found.map(\.title) == ["One", "Last"])
  #expect(found[0].guid == "1")
}

@Test func `what stands for a text may stand in a value as well`() throws {
  let found = try items(
    "<item><title>One</title><enclosure url='http://e.example/\u{7F}' type='\u{7F}/b'/></item>"
  )
  #expect(found.map(\.title) == ["One", "Last"])
  #expect(found[0].attachments.map(\.mimeType) == ["\u{7F}/b"])
}

@Test(arguments: ["<br ", "<br a", "<br a=b ", "<br a='b'", "<br/", "<img src=x "])
func `an element without content and without its end is closed`(tag: String) throws {
  let found = try items("<item><description>One \(tag)<b>two</b></description></item>")
  #expect(found.count == 2)
  #expect(found[0].contentHTML?.hasSuffix("<b>two</b>") == true)
}

@Test func `after a mistake in a tag references are still references`() throws {
  let found = try items("<item><a b='1' b='2'/><title>1 &lt; 2 &amp;amp; 3 &#62; 2</title></item>")
  #expect(found.map(\.title) == ["1 < 2 & 3 > 2", "Last"])
}

@Test func `an entity is declared before the root or not at all`() throws {
  let found = try items("<item><title>&e;</title></item><!DOCTYPE x [<!ENTITY e 'entity'>]>")
  #expect(found.map(\.title) == ["&e;", "Last"])
}

@Test func `references that only the web has are read in texts and in values`() throws {
  let found = try items(
    "<item><title>a&#X62;c&#xE9 d</title><guid>a&#xD b</guid><category term='x' domain='&#X41;'>t"
      + "</category><enclosure url='http://e.example/&#X41;&#9' type='a/b'/></item>"
  )
  #expect(found[0].title == "abcé d")
  #expect(found[0].guid == "a\r b")
  #expect(found[0].attachments.map(\.url) == ["http://e.example/A"])
}

@Test(arguments: ["&", "<", "<a", "<a b", "<a b='", "&#", "&#x", "</", "<![CDATA[", "]]>", "<!--"])
func `a document may end anywhere`(end: String) throws {
  let feed = try bothWays(
    "<rss><channel><item><guid>1</guid></item><item><title>a\(end)"
  )
  #expect(feed.items.first?.guid == "1")
  #expect(feed.isTruncated)
}

@Test func `a section that begins in small letters is a section`() throws {
  let found = try items("<item><title><![CDAtA[One & <two>]]></title></item>")
  #expect(found.map(\.title) == ["One & <two>", "Last"])
}
