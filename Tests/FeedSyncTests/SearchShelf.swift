import FeedModel
import FeedStore
import Foundation

@testable import FeedIndex
@testable import FeedSync

let shelfNoon = Timestamp(seconds: 1_795_348_800)

/// A library in a directory of its own, and what is written to it.
final class SearchShelf {
  let library: Library
  let places: Library.Places
  let feed = Subscription(url: "https://a.example/f")
  let other = Subscription(url: "https://b.example/f")
  private let root: String
  private var count: UInt8 = 0

  init() throws {
    root = FileManager.default.temporaryDirectory.path + "/rill-search-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: root + "/cache",
      withIntermediateDirectories: true
    )
    places = Library.Places(
      store: root + "/store",
      state: root + "/state",
      index: root + "/cache/index.sqlite"
    )
    library = try Library.open(places)
    try library.subscribe(to: [feed, other], now: shelfNoon)
  }

  deinit {
    // Cleaning up is all that is left; a failure harms nobody.
    try? FileManager.default.removeItem(atPath: root)
  }

  @discardableResult
  func add(
    _ title: String,
    _ html: String = "",
    id: ArticleID? = nil,
    of feed: Subscription? = nil,
    at seconds: Int64 = 0,
    published: Timestamp? = nil,
    authors: [String] = [],
    url: String? = nil
  ) throws -> ArticleID {
    count += 1
    let id = id ?? ArticleID(HashID(digest: [UInt8](repeating: count, count: 13)))
    var item = FeedItem()
    item.title = title
    item.contentHTML = html
    item.authors = authors.map { Author(name: $0) }
    item.url = url
    item.published = published
    let article = Article(
      feed: (feed ?? self.feed).id,
      keys: [id],
      rule: .new,
      contentHash: "\(count)",
      item: item
    )
    let now = shelfNoon.adding(seconds: seconds)
    try library.append([PendingLine(at: now, operation: .article(article))], now: now)
    return id
  }

  func titles(
    _ words: String,
    in library: Library? = nil,
    _ change: (inout ArticleQuery) -> Void = { _ in }
  ) throws -> [String] {
    var query = ArticleQuery()
    query.includesRead = true
    change(&query)
    query.filter = try Query(parsing: words)
    query.readsText = true
    return try (library ?? self.library).articles(query)
      .compactMap(\.title)
  }
}
