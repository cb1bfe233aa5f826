import FeedIndex
import FeedModel
import TestSupport
import Testing

/// What is seen of an index.
private struct Picture: Equatable {
  var rows: [ArticleRow]
  var unread: [ArticleRow]
  var counts: [[Int]]

  init(_ lines: [StoredLine]) throws {
    let index = try batchedIndex(lines)
    var query = ArticleQuery()
    unread = try index.articles(query)
    query.includesRead = true
    rows = try index.articles(query)
    query.feeds = [oneFeed]
    #expect(try index.articles(query) == rows)
    counts = try index.feeds().map { [$0.unread, $0.total] }
    #expect(counts == [[unread.count, rows.count]])
  }
}

@Test func `a purged article is in no list, under no id and in no count, and its keys stay known`()
  throws
{
  let index = try FeedIndex.open(path: nil, storeID: "s")
  var batch = IndexBatch()
  batch.lines =
    subscribingLines + [
      numberedLine(3, keyedArticle(1, 2)), numberedLine(4, keyedArticle(3)),
      numberedLine(5, write("gone", true, 2)),
    ]
  try index.apply(batch)
  for name in ["all", "starred", "feed"] {
    var query = ArticleQuery()
    query.includesRead = name != "starred"
    query.onlyStarred = name == "starred"
    query.feeds = name == "feed" ? [oneFeed] : nil
    #expect(try index.articles(query).map(\.title) == (name == "starred" ? [] : ["3"]))
  }
  #expect(try index.articles(withPrefix: numberedKey(1).description, limit: 2).isEmpty)
  #expect(try index.feeds().map { [$0.unread, $0.total] } == [[1, 1]])
  let known = try index.knownArticles(of: oneFeed, keys: [numberedKey(2)])
  #expect(known.map(\.keys) == [[numberedKey(1), numberedKey(2)]])
  #expect(known.map(\.isGone) == [true])
  #expect(try index.hasArticles(of: oneFeed))
}

@Test(arguments: [(3, 4, true), (4, 3, false), (3, 3, true)])
func `a star that is later than the purge beats it, and one that is earlier does not`(
  gone: Int64,
  star: Int64,
  isShown: Bool
) throws {
  let lines =
    subscribingLines + [
      numberedLine(3, keyedArticle(1)), numberedLine(4, write("gone", true, 1), at: gone),
      numberedLine(5, write("star", true, 1), at: star),
    ]
  for lines in [lines, lines.reversed()] {
    #expect(try Picture(lines).rows.map(\.isStarred) == (isShown ? [true] : []))
  }
}

@Test func `a purge that is taken back shows the article as it was`() throws {
  let before =
    subscribingLines + [numberedLine(3, keyedArticle(1)), numberedLine(4, write("read", true, 1))]
  let after =
    before + [numberedLine(5, write("gone", true, 1)), numberedLine(6, write("gone", false, 1))]
  #expect(try Picture(after) == Picture(before))
  #expect(try Picture(after.reversed()) == Picture(before))
}

@Test func `taking the star away again purges the article again`() throws {
  let lines =
    subscribingLines + [
      numberedLine(3, keyedArticle(1)), numberedLine(4, write("gone", true, 1)),
      numberedLine(5, write("star", true, 1)),
      numberedLine(6, write("star", false, 1)),
    ]
  #expect(try Picture(lines).rows.isEmpty)
}

@Test(arguments: seeds(60))
func `purges, marks and articles give one state in every order`(seed: Int) throws {
  var random = Dice(state: UInt64(seed))
  var lines = subscribingLines
  for number in 3..<40 {
    let first = Int.random(in: 1...6, using: &random)
    let second = Int.random(in: 1...6, using: &random)
    let value = Bool.random(using: &random)
    let operation =
      switch Int.random(in: 0..<6, using: &random) {
      case 0: first == second ? keyedArticle(first) : keyedArticle(first, second)
      case 1: keyedArticle(first)
      case 2: write("read", value, first, second)
      case 3: write("star", value, first)
      default: write("gone", value, first)
      }
    lines.append(numberedLine(number, operation, at: Int64.random(in: 1...20, using: &random)))
  }
  let expected = try Picture(lines)
  for lines in reordered(lines, &random) { #expect(try Picture(lines) == expected) }
}
