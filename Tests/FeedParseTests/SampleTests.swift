import FeedModel
import FeedParse
import FoundationEssentials
import Testing

private let folder: String = {
  let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return "/" + here + "/Feeds/samples/"
}()

private func sample(_ name: String) throws -> ParsedFeed {
  let bytes = try Array(Data(contentsOf: URL(filePath: folder + name)))
  return try parse(bytes, baseURL: "https://samples.example/" + name, contentType: nil)
}

@Test(arguments: [
  ("rss-0.91.xml", FeedFormat.rss091), ("rss-1.0.rdf", .rss10), ("rss-2.0.xml", .rss20),
  ("atom-0.3.xml", .atom03), ("atom-1.0.xml", .atom10), ("feed.json", .jsonFeed11),
  ("podcast.xml", .rss20), ("blogger.xml", .atom10), ("broken.xml", .rss20),
])
func `a sample shows its format, and has items that say something`(
  name: String,
  format: FeedFormat
) throws {
  let feed = try sample(name)
  #expect(feed.format == format)
  #expect(feed.title != nil && feed.homePageURL != nil && feed.description != nil)
  #expect((3...6).contains(feed.items.count))
  for item in feed.items {
    #expect(item.title != nil && item.url?.hasPrefix("http") == true)
    #expect(item.contentHTML != nil || item.contentText != nil)
    #expect(format == .rss091 || name == "broken.xml" || item.published != nil)
  }
  #expect(!feed.isTruncated)
  #expect(name == "broken.xml" || feed.issues.allSatisfy { $0.kind == .doctype })
}

@Test func `everything in the broken sample is named and mended`() throws {
  let feed = try sample("broken.xml")
  let kinds = Set(feed.issues.map(\.kind))
  #expect(kinds == [.leadingBytes, .malformedXML, .undeclaredEntity, .badDate])
  #expect(feed.items.map(\.title)[1] == "Never oil a clock twice")
}

@Test func `the page of the sample blog is a page`() {
  #expect(throws: ParseError.htmlPage) { try sample("blogger.html") }
}
