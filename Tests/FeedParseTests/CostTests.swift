import FeedModel
import FeedParse
import Testing

/// Documents that are dear to read where a program looks at the same bytes again and again.
///
/// Each takes minutes, or gigabytes, in a program that does; the limit of time is far from both.
private func feed(_ document: String) throws(ParseError) -> ParsedFeed {
  try parse(Array(document.utf8), baseURL: "http://e.example/", contentType: nil)
}

private func feed(item: String) throws(ParseError) -> ParsedFeed {
  try feed("<rss><channel><item><guid>1</guid>\(item)</item></channel></rss>")
}

private func repeated(_ text: String, _ count: Int) -> String {
  String(repeating: text, count: count)
}

@Test(.timeLimit(.minutes(5)), arguments: ["", ">"])
func `700,000 end tags without their ends are read once`(end: String) {
  #expect(throws: ParseError.limit(name: "repairs", value: 200_000)) {
    try feed("<rss><channel>" + repeated("</a", 700_000) + end)
  }
}

@Test(.timeLimit(.minutes(5)))
func `what only begins like the root of a feed is searched once`() throws {
  #expect(throws: ParseError.notAFeed(root: "rssx")) { try feed(repeated("<rssx><feedx>", 40_000)) }
  let found = try feed(
    repeated("<x><?xml ?>", 40_000) + "<rss><channel><item><title>T</title></item></channel></rss>"
  )
  #expect(found.items.map(\.title) == ["T"])
}

@Test(
  .timeLimit(.minutes(5)),
  arguments: ["<x ", "<x a=\"", "<a ", "<!", "</b", "<script>", "<script></b", "<script></script"],
  ["", ">"]
)
func `markup that does not end is read once`(mark: String, end: String) throws {
  let text = "<![CDATA[</i>" + repeated(mark, 150_000) + end + "]]>"
  let feed = try feed(item: "<title>\(text)</title><description>\(text)</description>")
  #expect(feed.items.count == 1)
}

@Test(.timeLimit(.minutes(5)))
func `lists of an item are not searched from their start for each entry`() throws {
  let numbers = 0..<255
  let feed = try feed(
    item: numbers.map { "<category>c\($0)</category><author>a\($0)</author>" }.joined()
      + repeated("<category>c254</category>", 100_000)
      + repeated("<author>a254</author>", 100_000)
      + "<category>last</category><category>none</category><author>last</author>"
  )
  #expect(feed.items[0].tags == numbers.map { "c\($0)" } + ["last"])
  #expect(feed.items[0].authors.map(\.name) == numbers.map { "a\($0)" } + ["last"])
  #expect(feed.issues.map(\.detail) == ["list entries 256"])
}

@Test(.timeLimit(.minutes(5)))
func `lists of a JSON Feed end at 256 entries`() throws {
  let tags = (0..<100_000).map { "\"t\($0)\"" }.joined(separator: ",")
  let authors = (0..<100_000).map { "{\"name\":\"a\($0)\"}" }.joined(separator: ",")
  let feed = try feed(
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\","
      + "\"items\":[{\"id\":\"1\",\"tags\":[\(tags)],\"authors\":[\(authors)]},{\"id\":\"2\"}]}"
  )
  #expect(feed.items.map(\.tags.count) == [256, 0])
  #expect(feed.items.map(\.authors.count) == [256, 0])
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "list entries 256" })
}

@Test(.timeLimit(.minutes(5)))
func `long names that match nothing are compared with an end in sight`() throws {
  let name = repeated("n", 1000)
  let open = (0..<250).map { "<\(name)\(1000 + $0)>" }.joined()
  let close = (0..<10_000).map { "</\(name)\(2000 + $0 % 1000)>" }.joined()
  let feed = try feed("<rss><channel><item><title>Kept</title></item>\(open)\(close)")
  #expect(feed.items.map(\.title) == ["Kept"])
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "compared bytes 67108864" })
}

@Test(.timeLimit(.minutes(5)), arguments: ["<", "<<link>}q/", "<x a='&&&&'>"])
func `what comes after the last repair is not read at all`(mistake: String) throws {
  let text = repeated(mistake, 600_000)
  let feed = try feed(
    "<rss><channel><item><title>Kept</title></item><item>\(text)]]></item></channel></rss>"
  )
  #expect(feed.items.map(\.title) == ["Kept"])
  #expect(feed.issues.contains { $0.kind == .limit })
}

// MARK: What a base makes of short references

private let longBase = "http://a.example/" + repeated("p", 100_000) + "/"
private let base = "http://a.example/" + repeated("p/", 900)

@Test func `a base beyond 2 KB is passed over and named`() throws {
  let entries = (0..<5000).map { "<entry><id>\($0)</id><link href='x\($0)'/></entry>" }.joined()
  let whole = try feed("<feed xml:base='\(longBase)'><title>T</title>\(entries)</feed>")
  #expect(whole.items.map(\.url) == (0..<5000).map { "http://e.example/x\($0)" })
  #expect(whole.issues.map(\.detail) == ["base URL bytes 2048"])
  let nested = try feed(
    "<feed xml:base='\(base)'><entry xml:base='\(repeated("q", 1000))/'><link href='x'/></entry>"
      + "</feed>"
  )
  #expect(nested.items[0].url == base + "x")
  #expect(nested.issues.map(\.detail) == ["base URL bytes 2048"])
  let given = try parse(
    Array("<rss><channel><item><link>x</link></item></channel></rss>".utf8),
    baseURL: longBase,
    contentType: nil
  )
  #expect(given.items[0].url == "x")
  #expect(given.issues.map(\.detail) == ["base URL bytes 2048"])
}

@Test func `a reference beyond 8 KB stays as it is`() throws {
  let reference = repeated("r", 9000)
  let feed = try feed(
    item: "<link>\(reference)</link><description>&lt;a href=/\(reference)&gt;</description>"
  )
  #expect(feed.items[0].url == reference)
  #expect(feed.items[0].contentHTML == "<a href=/\(reference)>")
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "URL bytes 8192" })
}

@Test(
  .timeLimit(.minutes(5)),
  arguments: [
    ("<content type='html'><![CDATA[", "<a href=x>", "]]></content>"),
    ("<content type='xhtml'><div>", "<a href='x'/>", "</div></content>"),
    ("", "<link rel='enclosure' href='x'/>", ""),
    ("", "<link rel='related' href='./x'/>", ""),
  ]
)
func `short references and a long base do not make a long document`(
  open: String,
  reference: String,
  close: String
) throws {
  let text = open + repeated(reference, 100_000) + close
  let feed = try feed("<feed xml:base='\(base)'><entry><id>1</id>\(text)</entry></feed>")
  #expect((feed.items[0].contentHTML?.utf8.count ?? 0) < 20_000_000)
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "resolved bytes 16777216" })
}

@Test(.timeLimit(.minutes(5)))
func `a JSON text that is cut where marks stand on marks is cut once`() throws {
  let text = repeated("a", (8 << 20) - 100_000) + repeated("\u{301}", 200_000)
  let feed = try feed(
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{\"id\":\"1\",\"content_text\":\"\(text)\"}]}"
  )
  let length = try #require(feed.items.first?.contentText?.utf8.count)
  #expect(length <= 8 << 20 && length > (8 << 20) - 4)
}

@Test(.timeLimit(.minutes(5)))
func `a base with a long query is counted for each fragment that it makes long`() throws {
  let base = "http://a.example/?q=" + repeated("q", 1900)
  let feed = try feed(
    item: "<description xml:base='\(base)'>" + repeated("&lt;a href=#&gt;", 60_000)
      + "</description>"
  )
  #expect(feed.items[0].contentHTML?.utf8.count ?? 0 < 24 << 20)
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "resolved bytes 16777216" })
}

@Test(.timeLimit(.minutes(5)))
func `markup that is longer when it is written out is counted as it is written`() throws {
  let tag = "<b title='" + repeated("&quot;", 1000) + "'/>"
  let document =
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><content type='xhtml'><div>"
    + repeated(tag, 4000) + "</div></content><title>Kept</title></entry></feed>"
  let feed = try feed(document)
  #expect(feed.items[0].contentHTML?.utf8.count ?? 0 < 9 << 20)
  #expect(feed.items[0].title == "Kept")
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "article bytes 8388608" })
}

@Test(.timeLimit(.minutes(5)))
func `names in JSON do not grow beyond a document`() throws {
  let name = repeated("n", 64)
  let feed = try feed(
    "{\"rss\":{\"channel\":{\"title\":\"T\",\"item\":[{\"title\":\"Kept\"}],\"\(name)\":["
      + repeated("0,", 400_000) + "0]}}}"
  )
  #expect(feed.items.map(\.title) == ["Kept"])
}
