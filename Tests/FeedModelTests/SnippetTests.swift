import FeedModel
import Testing

/// The snippet with its matches in brackets.
private func marked(_ text: String, _ query: String) throws -> String? {
  try Snippet(of: text, with: Query(parsing: query).wantedWords)
    .map { $0.pieces.map { $0.isMatch ? "[\($0.text)]" : $0.text }.joined() }
}

@Test(
  arguments: [
    ("At the Harbour.", "harbour", "At the [Harbour]."),
    ("Le café, olé", "CAFE", "Le [café], olé"),
    ("one harbour two harbours", "harb*", "one [harbour] two [harbours]"),
    ("the harbour lights", "\"harbour lights\"", "the [harbour lights]"),
    ("東京で新しい本を読む", "新しい本", "東京で[新しい本]を読む"),
    ("a  b\n\n c", "b", "a [b] c"), ("cafe\u{301}s here", "cafes", "[cafe\u{301}s] here"),
    ("x harbour y", "harbour or boat -z", "x [harbour] y"), ("x y", "x x", "[x] y"),
    ("図書館。", "図書館", "[図書館]。"), ("“so wonderful”", "wonderful", "“so [wonderful]”"),
    ("a wonderland…", "wonderland", "a [wonderland]…"),
    ("<b>harbour</b>\u{1B}[31m", "harbour", "<b>[harbour]</b>\u{1B}[31m"),
  ]
)
func `a snippet marks what was looked for`(text: String, query: String, expected: String) throws {
  #expect(try marked(text, query) == expected)
}

@Test func `what stands nowhere has no snippet`() throws {
  #expect(try marked("the boat", "harbour") == nil)
  #expect(try marked("the boat", "-boat") == nil)
  #expect(try marked("the boat", "feed:boat") == nil)
  #expect(try marked("", "boat") == nil)
}

@Test func `of a long text the piece with most of the words is taken, and its ends are marked`()
  throws
{
  let filler = String(repeating: "many other words stand here ", count: 40)
  let text = "harbour \(filler) the harbour has lights \(filler) lights"
  let snippet = try #require(try marked(text, "harbour lights"))
  #expect(snippet.contains("the [harbour] has [lights] many"))
  #expect(snippet.hasPrefix("… ") && snippet.hasSuffix(" …"))
  #expect(snippet.utf8.count <= Snippet.bytesMax + 20)
  let first = try #require(try marked(text, "harbour"))
  #expect(first.hasPrefix("[harbour] many"))
}

@Test func `a snippet is made of any text, however long and broken`() throws {
  let query = try Query(parsing: "a \"b c\"* 京").wantedWords
  let texts = [
    String(repeating: "a", count: 1 << 20), String(repeating: "a ", count: 1 << 18),
    String(repeating: "京", count: 1 << 18), String(repeating: "\u{301}", count: 4000) + "a",
    String(repeating: "b c", count: 1000),
  ]
  for text in texts {
    guard let snippet = Snippet(of: text, with: query) else { continue }
    #expect(snippet.text.utf8.count <= 2 * Snippet.bytesMax + 8)
  }
}
