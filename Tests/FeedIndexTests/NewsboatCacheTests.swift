import FeedModel
import Foundation
import GRDB
import Testing

@testable import FeedIndex

/// Writes a cache of one feed whose articles are so long.
private func withCache(
  _ lengths: [Int],
  _ body: (NewsboatCache) throws -> Void
) throws {
  let path = FileManager.default.temporaryDirectory.path + "/rill-cache-\(UUID().uuidString).db"
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: path) }
  let database = try DatabaseQueue(path: path)
  try database.write { database in
    try database.execute(
      sql: """
        CREATE TABLE rss_feed (rssurl TEXT, url TEXT, title TEXT);
        CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid TEXT, title TEXT, author TEXT, url TEXT,
          feedurl TEXT, pubDate INTEGER, content TEXT, unread INTEGER);
        INSERT INTO rss_feed VALUES ('https://a.example/feed', '', 'A');
        """
    )
    for (number, length) in lengths.enumerated() {
      try database.execute(
        sql: """
          INSERT INTO rss_item VALUES (NULL, ?, 'T', '', '', 'https://a.example/feed', 0,
            zeroblob(?), 1)
          """,
        arguments: ["g\(number)", length]
      )
    }
  }
  try database.close()
  try body(NewsboatCache(path: path))
}

@Test func `a page of newsboat's articles is bounded by bytes, and none is left out`() throws {
  try withCache([Int](repeating: 3 << 20, count: 20) + [10, 10, 10]) { cache in
    var start: Int64?
    var pages: [Int] = []
    var guids: [String?] = []
    repeat {
      let page = try cache.articles(of: "https://a.example/feed", before: start, limit: 2000)
      pages.append(page.items.count)
      guids += page.items.map(\.item.guid)
      start = page.last
    } while start != nil
    #expect(pages == [9, 6, 6, 2])
    #expect(Set(guids).count == 23 && guids.count == 23)
  }
}

@Test func `an article longer than any is no reason to hold it in memory`() throws {
  try withCache([10, 129 << 20]) { cache in
    let feeds = try cache.feeds()
    #expect(feeds.count == 1)
    #expect(throws: IndexError.self) {
      _ = try cache.articles(of: "https://a.example/feed", before: nil, limit: 2000)
    }
  }
}
