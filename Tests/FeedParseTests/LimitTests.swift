import FeedModel
import FeedParse
import Testing

private func feed(_ document: String) throws(ParseError) -> ParsedFeed {
  try parse(Array(document.utf8), baseURL: nil, contentType: nil)
}

/// A feed with one whole item before something else.
private func feed(then rest: String) throws(ParseError) -> ParsedFeed {
  try feed("<rss><channel><item><title>Kept</title></item>\(rest)</channel></rss>")
}

private func isCut(_ feed: ParsedFeed, by name: String) -> Bool {
  feed.items.first?.title == "Kept" && !feed.isTruncated
    && feed.issues.contains { $0.kind == .limit && $0.detail?.hasPrefix(name) == true }
}

@Test func `a document beyond 32 MB is refused by name`() {
  let document = [UInt8](repeating: 0x20, count: 32 << 20 + 1)
  #expect(throws: ParseError.limit(name: "document bytes", value: 32 << 20)) {
    try parse(document, baseURL: nil, contentType: nil)
  }
}

@Test func `elements nested a million deep end the document, not the program`() throws {
  let deep = String(repeating: "<a>", count: 1_000_000)
  let cut = try feed(then: "<item>" + deep)
  #expect(isCut(cut, by: "depth"))
  #expect(cut.items.count == 1)
  #expect(throws: ParseError.limit(name: "depth", value: 256)) {
    try feed("<rss><channel>" + deep)
  }
}

@Test func `200,000 attributes on one element are not looked at`() throws {
  let attributes = (0..<200_000).map { "a\($0)=''" }.joined(separator: " ")
  #expect(isCut(try feed(then: "<item \(attributes)/>"), by: "attributes"))
}

@Test func `a start tag beyond 1 MB ends the document`() throws {
  let value = String(repeating: "x", count: 1 << 20 + 1)
  #expect(isCut(try feed(then: "<item><link href=\"\(value)\"/></item>"), by: "start tag bytes"))
}

@Test func `the item after 20,000 is left out and named`() throws {
  let items = String(repeating: "<item><title>Kept</title></item>", count: 20_001)
  let feed = try feed("<rss><channel>\(items)</channel></rss>")
  #expect(feed.items.count == 20_000)
  #expect(isCut(feed, by: "items"))
}

@Test(arguments: [("<![CDATA[", "]]>"), ("", "")])
func `an article beyond 8 MB is cut, and the next one is whole`(open: String, close: String) throws
{
  let text = String(repeating: "é", count: 6 << 20)
  let feed = try feed(
    then: "<item><description>\(open)\(text)\(close)</description><title>Late</title></item>"
      + "<item><title>Next</title></item>"
  )
  #expect(feed.items.count == 3)
  #expect(feed.items[1].contentText?.utf8.count == 8 << 20)
  #expect(feed.items[2].title == "Next")
  #expect(!feed.isTruncated)
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "article bytes 8388608" })
}

@Test func `a comment of 11 MB says nothing and breaks nothing`() throws {
  let comment = "<!--" + String(repeating: "x", count: 11 << 20) + "-->"
  let feed = try feed(then: comment + "<item><title>Next</title></item>")
  #expect(feed.items.map(\.title) == ["Kept", "Next"])
}

@Test func `an entity of 100 KB used 50,000 times is not expanded`() throws {
  let value = String(repeating: "x", count: 100_000)
  let uses = String(repeating: "&a;", count: 50_000)
  let document =
    "<!DOCTYPE rss [<!ENTITY a \"\(value)\">]><rss><channel><item><description>\(uses)"
    + "</description></item></channel></rss>"
  #expect(try feed(document).items[0].contentText == uses)
}

@Test func `small entities expand to 1 MB in all, and no further`() throws {
  let value = String(repeating: "x", count: 4096)
  let uses = String(repeating: "&a;", count: 5000)
  let document =
    "<!DOCTYPE rss [<!ENTITY a \"\(value)\">]><rss><channel><item><description>\(uses)"
    + "</description></item></channel></rss>"
  let feed = try feed(document)
  #expect(feed.items[0].contentText?.utf8.count == 1 << 20)
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "entity bytes 1048576" })
}

@Test func `300,000 entity declarations and attribute defaults are passed over`() throws {
  let entities = (0..<300_000).map { "<!ENTITY e\($0) 'v'>" }.joined()
  let defaults = "<!ATTLIST item " + (0..<3000).map { "a\($0) CDATA 'v' " }.joined() + ">"
  let items = String(repeating: "<item><title>T</title></item>", count: 2000)
  let feed = try feed(
    "<!DOCTYPE rss [\(entities)\(defaults)]><rss><channel>\(items)</channel></rss>"
  )
  #expect(feed.items.count == 2000)
}

@Test func `100,000 bare ampersands are a few issues`() throws {
  let text = String(repeating: "& ", count: 100_000)
  let feed = try feed(then: "<item><description>\(text)</description></item>")
  #expect(feed.items[1].contentText?.utf8.count == 199_999)
  #expect(feed.issues.count == 20)
}

@Test(arguments: ["<", "</y>", "<y a=1/>", "<!---->"])
func `a document that is nothing but mistakes ends where mending it costs too much`(
  mistake: String
) throws {
  let text = String(repeating: mistake, count: 300_000)
  #expect(isCut(try feed(then: "<item><description>\(text)</description></item>"), by: "repairs"))
}

@Test(arguments: ["&", "&nbsp;", "]]>"])
func `a text that is nothing but mistakes is mended whole`(mistake: String) throws {
  let text = String(repeating: mistake, count: 300_000)
  let feed = try feed(then: "<item><description>-\(text)-</description></item>")
  let meant = mistake == "&nbsp;" ? "\u{A0}" : mistake
  #expect(feed.items[1].contentText == "-" + String(repeating: meant, count: 300_000) + "-")
  #expect(feed.issues.count <= 20)
}

@Test func `a million elements that say nothing end the document`() throws {
  let elements = String(repeating: "<a/>", count: 1_000_001)
  #expect(isCut(try feed(then: "<item>\(elements)</item>"), by: "elements"))
}

@Test func `names that are all different end the document before libxml2 slows down`() throws {
  let names = (0..<20_000).map { "<n\($0)/>" }.joined()
  #expect(isCut(try feed(then: "<item>\(names)</item>"), by: "names"))
  let attributes = (0..<20_000).map { "<n a\($0)=''/>" }.joined()
  #expect(isCut(try feed(then: "<item>\(attributes)</item>"), by: "names"))
  let declarations = (0..<1000)
    .map { row in "<n " + (0..<250).map { "xmlns:p\(row)-\($0)='u'" }.joined(separator: " ") + "/>"
    }
    .joined()
  #expect(isCut(try feed(then: "<item>\(declarations)</item>"), by: "namespace declarations"))
}

@Test func `an item keeps 256 tags, files and authors`() throws {
  let many = (0..<1000)
    .map {
      "<category>c\($0)</category><enclosure url='http://x.example/\($0)'/><author>a\($0)</author>"
    }
    .joined()
  let item = try feed(then: "<item>\(many)</item>").items[1]
  #expect(item.tags.count == 256)
  #expect(item.attachments.count == 256)
  #expect(item.authors.count == 256)
}

@Test(arguments: ["<a b=\"", "<script>", "<p><!--", "</p", "<a b='c\"", "&#", "<b a=\">"])
func `half a tag of HTML again and again is read once`(mistake: String) throws {
  let text = String(repeating: mistake, count: 100_000)
  let feed = try feed(
    then: "<item><title><![CDATA[<p>x</p>\(text)]]></title><description><![CDATA[\(text)]]>"
      + "</description></item>"
  )
  #expect(feed.items.count == 2)
  #expect(feed.items[1].title?.hasPrefix("x") == true)
}

@Test func `a million opening brackets of each kind are no trouble`() throws {
  for mark in ["<", "<!", "<!--", "<![CDATA[", "<?", "</", "&#", "<a ", "<a b='", "]]>"] {
    let marks = String(repeating: mark, count: 100_000)
    // Whatever comes of it, it comes soon.
    let feed = try? feed(then: "<item><title>\(marks)</title></item>")
    #expect(feed?.items.first?.title == "Kept")
  }
}

@Test func `JSON nested a million deep keeps the items before it`() throws {
  let deep = String(repeating: "[", count: 1_000_000)
  let feed = try feed(
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\","
      + "\"items\":[{\"id\":\"1\",\"content_text\":\"x\"},{\"x\":\(deep)"
  )
  #expect(feed.items.count == 1)
  #expect(!feed.isTruncated)
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "depth 256" })
}

@Test func `a document cut off in the middle is truncated, one that passes a cap is not`() throws {
  let cut = try feed("<rss><channel><item><title>Kept</title></item><item><title>")
  #expect(cut.isTruncated)
  #expect(cut.issues.map(\.kind) == [.truncated])
  let items = (0...20_000).map { "{\"id\":\"\($0)\"}" }.joined(separator: ",")
  let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":["
  let long = try feed(json + items + "]}")
  #expect(long.items.count == 20_000)
  #expect(!long.isTruncated)
  #expect(long.issues.map(\.detail) == ["items 20000"])
  #expect(try feed(json + "{\"id\":\"1\"},{\"id\"").isTruncated)
}

@Test(arguments: [
  "-1", "0", "525601", "5256000", "150000000000000000", "9223372036854775807", "1e9", "soon",
  "99999999999999999999999999",
])
func `a ttl or a frequency that cannot be meant is nothing`(number: String) throws {
  let feed = try feed(
    "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><ttl>\(number)</ttl>"
      + "<sy:updatePeriod>hourly</sy:updatePeriod>"
      + "<sy:updateFrequency>\(number)</sy:updateFrequency></channel></rss>"
  )
  #expect(feed.schedule.ttlMinutes == nil)
  #expect(feed.schedule.updateSeconds == 3600)
  #expect(feed.issues.map(\.kind) == [.badValue, .badValue])
}

@Test func `the largest ttl is a year, the shortest period a second`() throws {
  let feed = try feed(
    "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><ttl>525600</ttl>"
      + "<sy:updatePeriod>hourly</sy:updatePeriod>"
      + "<sy:updateFrequency>100000</sy:updateFrequency></channel></rss>"
  )
  #expect(feed.schedule.ttlMinutes == 525_600)
  #expect(feed.schedule.updateSeconds == 1)
  #expect(feed.issues.isEmpty)
}

@Test(arguments: ["9223372036854775807", "9007199254740992", "-1", "99999999999999999999", "big"])
func `a size or a duration that cannot be meant is an issue`(number: String) throws {
  let whole = try feed(
    then: "<item><enclosure url='http://x.example/1' length='\(number)'/>"
      + "<itunes:duration>\(number)</itunes:duration></item>"
  )
  #expect(whole.items[1].attachments == [Attachment(url: "http://x.example/1")])
  #expect(whole.issues.count { $0.kind == .badValue } == 2)
  let json = try feed(
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":["
      + "{\"attachments\":[{\"url\":\"http://x.example/1\",\"size_in_bytes\":\"\(number)\"}]}]}"
  )
  #expect(json.items[0].attachments == [Attachment(url: "http://x.example/1")])
  #expect(json.issues.map(\.kind) == [.badValue])
}

@Test func `documents parsed side by side are the same as one by one`() async throws {
  let documents = (0..<64)
    .map { "<rss><channel><item><title>T\($0)&#38;</title></item></channel></rss>" }
  let titles = await withTaskGroup(of: (Int, String?).self) { group in
    for (index, document) in documents.enumerated() {
      // An error shows as a title that is missing.
      group.addTask { (index, (try? feed(document))?.items.first?.title) }
    }
    var titles = [String?](repeating: nil, count: documents.count)
    for await (index, title) in group { titles[index] = title }
    return titles
  }
  #expect(titles == (0..<64).map { "T\($0)&" })
}

@Test(
  .timeLimit(.minutes(5)),
  arguments: ["{\"item\":", "[", "{\"rss\":", "{\"title\":", "{\"@attributes\":"]
)
func `RSS-in-JSON nested a hundred thousand deep keeps the items before it`(open: String) throws {
  let deep = String(repeating: open, count: 100_000)
  let feed = try feed("{\"rss\":{\"channel\":{\"item\":[{\"title\":\"Kept\"},{\"x\":\(deep)")
  #expect(feed.items.map(\.title) == ["Kept"])
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "depth 256" })
}

@Test(.timeLimit(.minutes(5)))
func `RSS-in-JSON has the caps of RSS`() throws {
  func document(_ items: String) -> String { "{\"rss\":{\"channel\":{\"item\":[\(items)]}}}" }
  let items = (0...20_000).map { "{\"title\":\"Kept\",\"guid\":\"\($0)\"}" }
  let many = try feed(document(items.joined(separator: ",")))
  #expect(many.items.count == 20_000)
  #expect(isCut(many, by: "items"))
  let members = (0..<12_000).map { "\"a\($0)\":\"\($0)\"" }.joined(separator: ",")
  let wide = try feed(document("{\"title\":\"Kept\"},{\"enclosure\":{\(members)}}"))
  #expect(isCut(wide, by: "names"))
  let long = String(repeating: "x", count: 9 << 20)
  let large = try feed(document("{\"title\":\"Kept\",\"description\":\"\(long)\"}"))
  #expect(large.items[0].contentText?.utf8.count == 8 << 20 - 4)
  let values = (0..<200).map { "\"a\($0)\":\"\(String(repeating: "&", count: 8192))\"" }
  let tags = try feed(
    document("{\"title\":\"Kept\"},{\"enclosure\":{\(values.joined(separator: ","))}}")
  )
  #expect(tags.items.first?.title == "Kept")
}

@Test func `controls are dropped from every text of a JSON Feed`() throws {
  let document =
    #"{"version":"https://jsonfeed.org/version/1.1","title":"a\u0000b","home_page_url":"https://e\u0000/","#
    + #""items":[{"id":"1\u0001","url":"https://e\u0000x/","tags":["\u0000","t\u0008"],"content_html":"a\u0000"}]}"#
  let feed = try parse(Array(document.utf8), baseURL: nil, contentType: nil)
  #expect(feed.title == "ab")
  #expect(feed.homePageURL == "https://e/")
  #expect(feed.items.map(\.guid) == ["1"])
  #expect(feed.items.map(\.url) == ["https://ex/"])
  #expect(feed.items.map(\.tags) == [["t"]])
  #expect(feed.items.map(\.contentHTML) == ["a"])
  #expect(feed.issues.contains { $0.kind == .forbiddenCharacter })
}
