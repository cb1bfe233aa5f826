import FeedModel
import Testing

@testable import FeedParse

@Test func `libxml2 is found with every function that is called`() throws {
  try checkXMLReader()
  let feed = try parse(
    Array("<rss><channel><item><title>One</title></item></channel></rss>".utf8),
    baseURL: nil,
    contentType: nil
  )
  #expect(feed.items.count == 1)
}

@Test func `a library that is missing or is not libxml2 is not taken`() {
  #expect(XMLLibrary(name: "libxml2-none.so.2") == nil)
  #expect(XMLLibrary(name: "libc.so.6") == nil)
}

@Test func `without libxml2 it is said what to install`() {
  let error = ParseError.libraryMissing(name: "libxml2.so.2")
  #expect("\(error)" == "libxml2.so.2 is missing: install libxml2.")
}
