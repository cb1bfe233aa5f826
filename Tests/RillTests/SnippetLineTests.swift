import FeedModel
import Testing

@testable import rill

@Test func `on a narrow terminal a snippet begins with a whole word, and its match is seen`() throws
{
  let text = "Of all previous implementations of quantum circuits this one is the smallest by far"
  let listing = Listing(articles: [], prefixLengths: [:], now: Timestamp(seconds: 0))
  let snippet = Snippet(of: text, with: try Query(parsing: "quantum").wantedWords)
  for columns in 24...100 {
    let line = try #require(listing.line(of: snippet, indent: 6, columns: columns))
    let words = line.map(\.text).joined()
    #expect(words.contains("quantum") || columns < 32, "\(columns): \(words)")
    let first = words.split(separator: " ").first { $0 != "…" }
    #expect(first.map { text.split(separator: " ").contains($0) } == true, "\(columns): \(words)")
    #expect(words.count <= columns)
  }
}
