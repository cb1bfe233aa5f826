import TestSupport
import Testing

@testable import FeedModel

@Test(
  arguments: [
    ("", ""), ("  ", ""), ("harbour", "harbour"), ("harbour lights", "harbour lights"),
    ("\"harbour lights\"", "\"harbour lights\""), ("\"harbour\"", "harbour"),
    ("harb*", "harb*"), ("\"harbour li\"*", "\"harbour li\"*"), ("-a b", "-a b"),
    ("a OR b", "a or b"), ("a b or c", "a b or c"), ("(a or b) c", "(a or b) c"),
    ("((a) b) c", "a b c"), ("a or (b or c)", "a or b or c"), ("-(a b)", "-(a b)"),
    ("-(-a)", "-(-a)"), ("title:Release", "title:Release"), ("TITLE:x", "title:x"),
    ("title:\"plain files\"*", "title:\"plain files\"*"), ("author:smith", "author:smith"),
    ("url:example.org/a", "url:example.org/a"), ("feed:\"Planet X\"", "feed:\"Planet X\""),
    ("tag:x", "tag:x"), ("is:Unread -is:starred", "is:unread -is:starred"),
    ("since:2d before:12h", "since:2d before:12h"),
    ("since:2026-11-22", "since:2026-11-22T00:00:00Z"),
    ("\"or\" \"feed:x\" \"-a\"", "\"or\" \"feed:x\" \"-a\""), ("rock & roll", "rock roll"),
    ("a - b", "a b"), ("a -- b", "a b"), ("well-known", "well-known"), ("12:30", "12:30"),
    ("c++", "c++"), ("a\"b c\"d", "a \"b c\" d"), ("東京 -本", "東京 -本"), ("oral", "oral"),
    ("title:or", "title:or"), ("\"(\" a", "a"),
  ] as [(String, String)]
)
func `a query is read, and written as it may be typed`(typed: String, written: String) throws {
  let query = try Query(parsing: typed)
  #expect(query.description == written)
  #expect(try Query(parsing: written) == query)
}

@Test(
  arguments: [
    ("fed:lwn", 0, .unknownField("fed", nearest: "feed")),
    ("a tilte:b", 2, .unknownField("tilte", nearest: "title")),
    ("https://x.example/", 0, .unknownField("https", nearest: nil)),
    ("a is:unred", 5, .unknownState("unred", nearest: "unread")),
    ("is:x", 3, .unknownState("x", nearest: nil)),
    ("since:yesterday", 6, .badTime("yesterday")), ("since:-2d", 6, .badTime("-2d")),
    ("a feed:", 2, .emptyField("feed")), ("title: x", 0, .emptyField("title")),
    ("title:\"\"", 6, .noWord("\"\"")), ("title:+", 6, .noWord("+")),
    ("a \"b c", 2, .openQuote), ("a (b c", 2, .openParenthesis), ("a) b", 1, .strayParenthesis),
    ("a () b", 2, .emptyParentheses), ("(+)", 0, .emptyParentheses),
    ("or a", 0, .nothingBesideOr), ("a or", 2, .nothingBesideOr),
    ("a or or b", 2, .nothingBesideOr),
    ("(a or) b", 3, .nothingBesideOr), ("a -", 2, .nothingToExclude), ("+ &", 0, .noWord("+")),
    ("🚀", 0, .noWord("🚀")), ("東京 fed:x", 3, .unknownField("fed", nearest: "feed")),
    ("a --unraed", 2, .option("--unraed")),
  ] as [(String, Int, QueryError.Reason)]
)
func `what cannot be read is told with its place`(
  typed: String,
  place: Int,
  reason: QueryError.Reason
) {
  #expect(throws: QueryError(reason, at: place)) { try Query(parsing: typed) }
  #expect(QueryError(reason, at: place).description.hasSuffix("."))
}

@Test(
  arguments: [
    "soft\u{AD}hyphen", "soft\u{200B}hyphen", "\u{FEFF}soft\u{2060}hyphen",
    "so\u{202E}fthyphen\u{200F}",
  ]
)
func `what nobody sees is no part of a word and parts none`(text: String) {
  #expect(WordScan(text).map(\.folded) == ["softhyphen"])
  #expect(parted(text) == "softhyphen")
  #expect(parted("“curly” – " + text).hasSuffix("softhyphen"))
}

@Test func `a query has its limits`() throws {
  let deep =
    String(repeating: "(", count: Query.depthMax) + "a"
    + String(repeating: ")", count: Query.depthMax)
  #expect(try Query(parsing: deep) == .text(QueryWords("a")))
  #expect(throws: QueryError.self) { try Query(parsing: "(\(deep))") }
  let many = Array(repeating: "a", count: Query.leavesMax).joined(separator: " ")
  #expect(try Query(parsing: many).leaves.count == Query.leavesMax)
  #expect(throws: QueryError.self) { try Query(parsing: many + " a") }
  #expect(throws: QueryError.self) { try Query(parsing: String(repeating: "a", count: 5000)) }
}

@Test func `whatever is typed is read or refused, and what was written is read as the same`() {
  var dice = Dice(state: 7)
  let pieces = [
    "a", "or", "OR", "-", "--", "(", ")", "\"", "*", ":", " ", "\n", "feed:", "title:", "is:unread",
    "is:", "since:2d", "before:2026-11-22", "tag:x", "url:", "author:", "Smith", "東京", "e\u{301}",
    "\u{301}", "🚀", "+", "\0", "\u{202E}", "'", "NEAR(", "x:y", "\u{200B}",
  ]
  var read = 0
  for _ in 0..<20_000 {
    let typed =
      if dice.oneIn(4) {
        String(decoding: (0..<dice.below(24)).map { _ in UInt8(dice.below(256)) }, as: UTF8.self)
      } else {
        (0..<dice.below(12)).map { _ in pieces[dice.below(pieces.count)] }.joined()
      }
    do throws(QueryError) {
      let query = try Query(parsing: typed)
      read += 1
      let again = try? Query(parsing: query.description)
      #expect(again == query, "\(typed.debugDescription) → \(query.description.debugDescription)")
    } catch {
      #expect((0...typed.unicodeScalars.count).contains(error.place), "\(typed.debugDescription)")
      #expect(!error.description.isEmpty)
    }
  }
  #expect(read > 3000)
}

@Test func `times count back from when the query is asked, and names become feeds then`() throws {
  let now = Timestamp(seconds: 1_795_348_800)
  let feed = try #require(FeedID("aaaaaaaaaaaaaaaaaaaa"))
  let query = try Query(parsing: "since:2d (feed:x or before:90m)")
    .resolved(now: now) { _ in [feed] }
  let ago = { (seconds: Int64) in QueryTime.at(now.adding(seconds: -seconds)) }
  #expect(
    query == .and([.since(ago(172_800)), .or([.feeds([feed]), .before(ago(5400))])])
  )
  #expect(QueryTime("99999999999999999w")?.moment(now: now) == .earliest)
}

@Test(
  arguments: [
    ("Caf\u{E9} OLÉ", ["cafe", "ole"]), ("cafe\u{301}s", ["cafes"]),
    ("Ёж й и\u{306}", ["еж", "и", "и"]),
    ("Ελλάδα", ["ελλαδα"]), ("東京x", ["東", "京", "x"]), ("a_b-c'd", ["a", "b", "c", "d"]),
    ("\u{301} a", ["a"]), ("¿Qué?", ["que"]), ("🚀2", ["2"]),
  ]
)
func `the words of a text have neither case nor accents`(text: String, words: [String]) {
  let found = Array(WordScan(text))
  #expect(found.map(\.folded) == words)
  for word in found {
    let bytes = Array(text.utf8)[word.range]
    #expect(Array(WordScan(String(decoding: bytes, as: UTF8.self))).map(\.folded) == [word.folded])
  }
}

@Test func `an article is asked what the query says`() throws {
  let feed = try #require(FeedID("aaaaaaaaaaaaaaaaaaaa"))
  let other = try #require(FeedID("bbbbbbbbbbbbbbbbbbbb"))
  let noon = Timestamp(seconds: 1_795_348_800)
  var subject = QuerySubject(
    feed: feed,
    moment: noon,
    received: noon.adding(seconds: 3 * 86_400),
    title: "Café lights"
  ) {
    "At the harbour of Ülm, 東京で"
  }
  subject.ownTags = ["news"]
  subject.feedTags = ["two words"]
  subject.authors = ["Ann Smith", "Bob"]
  subject.url = "https://Example.org/A"
  subject.isStarred = true
  let holds = [
    "cafe", "harb*", "\"the harbour\"", "title:caf*", "author:smith", "author:\"smith bob\"",
    "url:example.ORG/a", "feed:a", "tag:news", "tag:\"two words\"", "is:unread", "is:starred",
    "since:2026-11-22", "-x", "x or lights", "(x or ulm) -y", "東京", "", "-is:hidden",
    "received:2026-11-25", "-received:2026-11-26",
  ]
  let fails = [
    "caf", "\"harbour the\"", "title:harbour", "author:smi", "url:example.net", "feed:b", "tag:new",
    "is:read", "is:changed", "before:2026-11-22", "-lights", "x or y", "京東", "lights x",
  ]
  for (queries, expected) in [(holds, true), (fails, false)] {
    for typed in queries {
      let query = try Query(parsing: typed)
        .resolved(now: noon) { $0 == "a" ? [feed] : [other] }
      #expect(query.matches(subject) == expected, "\(typed)")
    }
  }
}

@Test func `a beginning of a word may end between a letter and the signs on it`() {
  let words = Array(WordScan("\u{915}\u{94D}\u{937}\u{924}\u{94D}\u{930}"))
  #expect(QueryWords("\u{915}\u{94D}", isPrefix: true).stand(in: words))
  #expect(!QueryWords("\u{937}", isPrefix: true).stand(in: words))
}
