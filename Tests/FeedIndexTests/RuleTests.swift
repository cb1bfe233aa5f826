import FeedIndex
import FeedModel
import TestSupport
import Testing

/// What is seen of an index.
private struct Picture: Equatable {
  var shown: [ArticleRow]
  var hidden: [ArticleRow]
  var counts: [[Int]]
  var rules: [String]
  var marks: [String]

  init(_ lines: [StoredLine]) throws {
    let index = try batchedIndex(lines)
    var query = ArticleQuery()
    let unread = try index.articles(query)
    query.includesRead = true
    shown = try index.articles(query)
    query.filter = .is(.hidden)
    hidden = try index.articles(query)
    counts = try index.feeds().map { [$0.unread, $0.total] }
    rules = try index.rules().map { "\($0.key) \($0.text)" }
    marks = try index.marks(notedIn: "ruled:a").map { "\($0.key) \($0.registers)" }
    #expect(counts == [[unread.count, shown.count]])
    #expect(!shown.contains(where: \.isHidden) && hidden.allSatisfy(\.isHidden))
  }
}

@Test(arguments: seeds(60))
func `what is hidden, rules and what they did are one in every order of lines`(seed: Int) throws {
  var random = Dice(state: UInt64(seed))
  var lines = subscribingLines
  for number in 3..<50 {
    let first = Int.random(in: 1...6, using: &random)
    let second = Int.random(in: 1...6, using: &random)
    let value = RegisterValue.bool(Bool.random(using: &random))
    let operation =
      switch Int.random(in: 0..<8, using: &random) {
      case 0: first == second ? keyedArticle(first) : keyedArticle(first, second)
      case 1: keyedArticle(first)
      case 2: write("read", value, first, second)
      case 3:
        write("rule", value == .bool(true) ? .string("do read\nif \(second)") : .none, first + 9)
      case 4: write("ruled:a", value == .bool(true) ? .string("read\nhidden") : .none, first)
      case 5: write("gone", value, first)
      default: write("hidden", value, first)
      }
    lines.append(numberedLine(number, operation, at: Int64.random(in: 1...12, using: &random)))
  }
  let expected = try Picture(lines)
  for lines in reordered(lines, &random) { #expect(try Picture(lines) == expected) }
}

@Test func `a hidden article is found by its id and by is:hidden, and is in no list and no count`()
  throws
{
  let index = try batchedIndex(
    subscribingLines + [
      numberedLine(3, keyedArticle(1, 2), at: 3), numberedLine(4, keyedArticle(3), at: 4),
      numberedLine(5, write("hidden", .bool(true), 2), at: 5),
      numberedLine(6, write("star", .bool(true), 2), at: 6),
    ]
  )
  for name in ["all", "starred", "feed"] {
    var query = ArticleQuery()
    query.includesRead = name != "starred"
    query.onlyStarred = name == "starred"
    query.feeds = name == "feed" ? [oneFeed] : nil
    #expect(try index.articles(query).map(\.title) == (name == "starred" ? [] : ["3"]))
    query.filter = .is(.hidden)
    #expect(try index.articles(query).map(\.title) == ["1"])
  }
  #expect(
    try index.articles(withPrefix: numberedKey(1).description, limit: 2).map(\.isHidden) == [true]
  )
  #expect(try index.feeds().map { [$0.unread, $0.total] } == [[1, 1]])
}

@Test func `a mark is a rule's as long as nobody writes it anew`() throws {
  let lines =
    subscribingLines + [
      numberedLine(4, keyedArticle(1, 2), at: 3),
      numberedLine(6, write("read", .bool(true), 1), at: 5),
      numberedLine(8, write("hidden", .bool(true), 1), at: 5),
      numberedLine(10, write("ruled:a", .string("read\nhidden"), 1), at: 5),
    ]
  #expect(
    try batchedIndex(lines).marks(notedIn: "ruled:a").map(\.registers) == [["read", "hidden"]]
  )
  #expect(try batchedIndex(lines).marks(notedIn: "ruled:b").isEmpty)
  // Under another key of the article, and by another machine at the same moment.
  for (number, seconds) in [(12, 6), (13, 5)] as [(Int, Int64)] {
    let after = lines + [numberedLine(number, write("read", .bool(true), 2), at: seconds)]
    #expect(try batchedIndex(after).marks(notedIn: "ruled:a").map(\.registers) == [["hidden"]])
  }
}

@Test func `a rule that was never a text is handed on, and one that was taken back is not`() throws
{
  let index = try batchedIndex(
    subscribingLines + [
      numberedLine(3, write("rule", .integer(7), 11), at: 5),
      numberedLine(4, write("rule", .string("new words"), 12), at: 4),
      numberedLine(5, write("rule", .string("do read\nif a"), 13), at: 4),
      numberedLine(6, write("rule", .none, 13), at: 5),
    ]
  )
  #expect(try index.rules().map(\.text) == ["new words", "7"])
}
