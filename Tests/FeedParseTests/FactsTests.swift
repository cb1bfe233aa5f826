import FeedJSON
import FeedModel
import FeedParse
import Testing

private func feed(_ document: String) throws(ParseError) -> ParsedFeed {
  try parse(Array(document.utf8), baseURL: "https://e.example/", contentType: nil)
}

private func repeated(_ text: String, _ count: Int = 400) -> String {
  String(repeating: text, count: count)
}

/// The entries of all lists together.
private func entries(_ item: FeedItem) -> Int {
  guard let facts = item.facts else { return 0 }
  let media = facts.media ?? Media()
  let episode = facts.episode ?? Episode()
  return media.files.count + media.thumbnails.count + media.credits.count + episode.chapters.count
    + episode.people.count + episode.soundbites.count + episode.transcripts.count
    + facts.inReplyTo.count + facts.contributors.count
}

@Test(
  .timeLimit(.minutes(5)),
  arguments: [
    "<media:content url='x'/>", "<media:thumbnail url='x'/>", "<media:credit>x</media:credit>",
    "<psc:chapter start='1'/>", "<podcast:person>x</podcast:person>",
    "<podcast:soundbite startTime='1' duration='1'/>", "<podcast:transcript url='x'/>",
    "<thr:in-reply-to ref='x'/>", "<dc:contributor>x</dc:contributor>",
  ]
)
func `a list of facts ends at 256 entries`(entry: String) throws {
  let feed = try feed(
    "<rss><channel><item>\(repeated(entry, 2000))</item><item>\(entry)</item></channel></rss>"
  )
  #expect(feed.items.map(entries) == [256, 1])
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "list entries 256" })
}

@Test(.timeLimit(.minutes(5)))
func `lists of the feed end at 256 entries and are not searched from their start`() throws {
  let numbers = 0..<400
  let feed = try feed(
    "<rss><channel>" + numbers.map { "<category>c\($0)</category>" }.joined()
      + numbers.map { "<cc:license>https://e.example/\($0)</cc:license>" }.joined()
      + repeated("<category>c1</category>", 20_000)
      + repeated("<cc:license>https://e.example/1</cc:license>", 20_000)
      + repeated("<itunes:category text='a'><itunes:category text='b'/></itunes:category>")
      + "<itunes:category text='a'>\(repeated("<itunes:category text='b'/>"))</itunes:category>"
      + repeated("<podcast:funding url='x'>Give</podcast:funding>") + "</channel></rss>"
  )
  #expect(feed.facts.tags.count == 256)
  #expect(feed.facts.licenses.count == 256)
  #expect(feed.facts.podcast?.categories.count == 256)
  #expect(feed.facts.podcast?.categories.last?.subcategories.count == 256)
  #expect(feed.facts.podcast?.funding.count == 256)
  #expect(feed.facts.podcast?.funding.last?.title == "Give")
}

@Test(.timeLimit(.minutes(5)))
func `a line of too many positions is left out, as a part of it would be another line`() throws {
  func line(_ count: Int) -> String {
    "<item><georss:line>\(repeated("1 2 ", count))</georss:line></item>"
  }
  let feed = try feed("<rss><channel>\(line(256))\(line(257))\(line(1_000_000))</channel></rss>")
  #expect(feed.items.map { $0.facts?.place?.positions.count } == [256, nil, nil])
  #expect(feed.issues.contains { $0.kind == .limit && $0.detail == "list entries 256" })
}

@Test func `text of attributes counts as text of the article`() throws {
  let title = repeated("x", 1_000_000)
  let chapters = repeated("<psc:chapter start='1' title='\(title)'/>", 12)
  let feed = try feed(
    "<rss><channel><item>\(chapters)<title>\(title)</title></item></channel></rss>"
  )
  let item = feed.items[0]
  let titles = (item.facts?.episode?.chapters ?? []).compactMap(\.title)
  #expect(titles.count == 8)
  #expect(titles.reduce(item.title?.utf8.count ?? 0) { $0 + $1.utf8.count } <= 8 << 20)
}

@Test(.timeLimit(.minutes(5)), arguments: ["1", "1e", ".", "-", "9999999999"])
func `a number of a million digits is looked at once and refused`(digits: String) throws {
  let number = repeated(digits, 1_000_000 / digits.utf8.count)
  let facts = try feed(
    "<rss><channel><item><title>T</title><itunes:episode>\(number)</itunes:episode>"
      + "<itunes:season>\(number)</itunes:season><geo:lat>\(number)</geo:lat>"
      + "<georss:point>\(number) \(number)</georss:point><slash:comments>\(number)</slash:comments>"
      + "<psc:chapter start='\(number)'/></item></channel></rss>"
  )
  #expect(facts.items[0].facts == nil)
  #expect(facts.issues.count { $0.kind == .badValue } == 6)
}

@Test func `what one item says is not said of the next`() throws {
  let feed = try feed(
    "<rss><channel><dc:rights>Feed</dc:rights><item><media:group><media:content url='a'/>"
      + "</media:group><dc:rights>One</dc:rights><geo:lat>1</geo:lat></item>"
      + "<item><title>Two</title></item><item><geo:long>2</geo:long><media:content url='b'/></item>"
      + "<georss:point>1 2</georss:point></channel></rss>"
  )
  #expect(feed.items.map { $0.facts?.rights } == ["One", nil, nil])
  #expect(feed.items[1].facts == nil)
  #expect(feed.items[2].facts?.place == nil)
  #expect(feed.items[2].facts?.media?.files.map(\.group) == [nil])
  #expect(feed.facts.rights == "Feed")
  #expect(feed.facts.place?.shape == .point)
}

@Test(arguments: Fixture.all)
func `what is read from a document survives writing and reading`(fixture: Fixture) throws {
  let document = try fixture.read(fixture.document)
  // What is no feed has no items.
  for item in (try? parse(document, baseURL: nil, contentType: nil))?.items ?? [] {
    var wanted = item
    wanted.guid = item.guid ?? "none"
    var writer = JSONWriter()
    item.write(to: &writer, fallbackID: "none")
    var reader = JSONReader(writer.bytes)
    #expect(try FeedItem(from: &reader) == wanted)
  }
}

@Test func `a value that is empty is an issue without words`() throws {
  let document = """
    <rss xmlns:psc="http://podlove.org/simple-chapters"><channel><item><title>T</title>
    <psc:chapters><psc:chapter start="" title="A"/></psc:chapters></item></channel></rss>
    """
  let feed = try parse(Array(document.utf8), baseURL: nil, contentType: nil)
  #expect(feed.issues.map(\.kind) == [.badValue])
  #expect(feed.issues.map(\.detail) == [nil])
}
