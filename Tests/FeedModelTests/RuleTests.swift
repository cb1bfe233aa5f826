import FeedModel
import Testing

@Test func `a rule is read as it was written`() throws {
  let end = Timestamp(seconds: 1_795_348_800)
  let rules = [
    Rule(query: try Query(parsing: "title:sponsored"), actions: [.hide]),
    Rule(query: try Query(parsing: "a or \"b\nc\""), actions: [.markRead, .star], until: end),
    Rule(query: .all, actions: [.tag("two words"), .tag("do")]),
  ]
  for rule in rules { #expect(Rule(rule.text) == rule) }
}

@Test(
  arguments: [
    "", "if a", "do read", "do fly\nif a", "do read\nif (", "until x\nif a", "do tag:\nif a",
    "new thing\ndo read\nif a", "do read\nif fed:x",
    "do read\nif feed:lwn", "do read\nif -feed:lwn",
  ]
)
func `what only another version understands is no rule`(text: String) {
  #expect(Rule(text) == nil)
}
