import FeedModel
import GRDB
import Testing

@testable import FeedIndex

/// How SQLite would find the articles that a query may mean; nil where all are gone through.
private func plan(_ query: Query) throws -> String? {
  let index = try batchedIndex(subscribingLines)
  var sql = QuerySQL(usesText: false)
  guard let candidates = sql.candidates(query) else { return nil }
  return try index.database.read { database in
    try Row.fetchAll(
      database,
      sql: "EXPLAIN QUERY PLAN \(candidates)",
      arguments: StatementArguments(sql.arguments)
    )
    .map { $0["detail"] as String }.joined(separator: "\n")
  }
}

@Test
func `what few articles are is looked up in an index, alone, with others and as one of several`()
  throws
{
  let questions: [(Query, [String])] = [
    (.is(.starred), ["article_starred"]), (.is(.changed), ["article_changed"]),
    (.is(.hidden), ["article_hidden"]), (.tag("x"), ["article_tagged", "(feed=?)"]),
    (.url("x") && .is(.starred), ["article_starred"]),
    (.or([.tag("x"), .url("y")]) && .is(.starred), ["article_starred"]),
    (.or([.is(.changed), .is(.starred)]), ["article_changed", "article_starred"]),
  ]
  for (query, indexes) in questions {
    let plan = try #require(try plan(query))
    for index in indexes { #expect(plan.contains(index), "\(query): \(plan)") }
    #expect(!plan.contains("SCAN article\n") && !plan.contains("SCAN a\n"), "\(query): \(plan)")
  }
  for query: Query in [.all, .is(.unread), .not(.is(.starred)), .or([.tag("x"), .url("y")])] {
    #expect(try plan(query) == nil, "\(query)")
  }
}

@Test func `articles with a tag of their own or of their feed are found in the order of lists`()
  throws
{
  let lines =
    subscribingLines + (3..<9).map { numberedLine($0, keyedArticle($0)) } + [
      numberedLine(10, write("tag:x", true, 4)), numberedLine(11, write("tag:xy", true, 5)),
      numberedLine(12, write("tag:x", true, 7)), numberedLine(13, write("star", true, 3)),
      numberedLine(14, write("read", true, 7)),
    ]
  func titles(_ query: Query, _ lines: [StoredLine], unread: Bool = false) throws -> [String?] {
    var asked = ArticleQuery()
    asked.includesRead = !unread
    asked.filter = query
    return try batchedIndex(lines).articles(asked).map(\.title)
  }
  #expect(try titles(.tag("x"), lines) == ["7", "4"])
  #expect(try titles(.tag("x"), lines, unread: true) == ["4"])
  #expect(try titles(.or([.is(.starred), .tag("x")]), lines) == ["7", "4", "3"])
  #expect(try titles(.tag("x") && .not(.is(.read)), lines) == ["4"])
  let tagged = lines + [numberedLine(15, .feed(oneFeed, key: "tag:x", value: .bool(true)))]
  #expect(try titles(.tag("x"), tagged) == ["8", "7", "6", "5", "4", "3"])
  let untagged = tagged + [numberedLine(16, .feed(oneFeed, key: "tag:x", value: .bool(false)))]
  #expect(try titles(.tag("x"), untagged) == ["7", "4"])
}
