import FeedModel
import FeedText

extension FeedItem {
  /// All but the title that is looked for in: texts, authors, the publisher's tags.
  var searchedBody: String {
    [
      contentHTML.map(searchText(html:)), contentText, summary,
      authorNames.joined(separator: " "),
      tags.joined(separator: " "),
    ]
    .compactMap { $0 }.joined(separator: "\n")
  }

  /// What a query may ask of an article that has just come, as the index will answer it.
  func subject(of feed: FeedID, received: Timestamp) -> QuerySubject {
    var subject = QuerySubject(
      feed: feed,
      moment: min(published ?? modified ?? received, received),
      received: received,
      title: title
    ) { searchedBody }
    subject.authors = authorNames
    subject.url = url
    return subject
  }

  /// Authors by their names, or else by their addresses.
  private var authorNames: [String] { authors.compactMap { $0.name ?? $0.url } }

  /// A piece of it in which words stand; nil where they stand in the title alone.
  func snippet(with words: [QueryWords]) -> Snippet? {
    let texts: [String?] = [
      // A body that is longer than any article is not made a tree of for a line of it.
      contentHTML.map {
        $0.utf8.count > Snippet.textBytesMax ? searchText(html: $0) : plainText(html: $0)
      },
      contentText, summary, authorNames.joined(separator: ", "),
      tags.joined(separator: ", "),
    ]
    return texts.compactMap { $0 }.compactMap { Snippet(of: $0, with: words) }
      // The first of those with most.
      .reduce(nil as Snippet?) { best, next in
        (best?.matchCount ?? 0) < next.matchCount ? next : best
      }
  }
}
