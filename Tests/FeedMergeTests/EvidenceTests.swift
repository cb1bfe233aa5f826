import FeedModel
import Testing

@testable import FeedMerge

private let feed = feedID(firstURL: "https://blog.example/feed.xml")

private func article(
  guid: String? = nil,
  url: String? = nil,
  title: String? = nil,
  text: String? = nil,
  day: Int? = nil
) -> Article {
  let item = item(guid: guid, url: url, title: title, text: text, day: day)
  return Article(
    feed: feed,
    keys: Array(keySources(of: item, in: feed).keys),
    rule: .new,
    contentHash: contentHash(of: item),
    item: item
  )
}

private let guids: [(String?, String?, MatchEvidence.Comparison)] = [
  ("http://a.example/1", "https://a.example/1", .scheme),
  ("https://a.example/1", "http://a.example/1", .scheme),
  ("http://a.example/1", "https://b.example/1", .different),
  ("a", "a", .same), ("a", nil, .left), (nil, "a", .came), (nil, nil, .absent),
]

@Test(arguments: guids)
func `guids are compared, and http beside https is named`(
  earlier: String?,
  later: String?,
  comparison: MatchEvidence.Comparison
) {
  let evidence = evidence(of: article(guid: later), beside: article(guid: earlier))
  #expect(evidence.fact(.guid)?.comparison == comparison)
  #expect(evidence.fact(.guid)?.earlier == earlier)
  #expect(evidence.fact(.guid)?.later == later)
}

@Test func `links and titles are compared as the ladder compares them`() {
  let old = article(url: "http://a.example/1/?utm_source=x", title: "One, two", text: "a b", day: 1)
  let new = article(url: "https://a.example/1", title: "one two", text: "<b>A</b> b!", day: 2)
  let evidence = evidence(of: new, beside: old)
  #expect(evidence.facts.map(\.kind) == MatchEvidence.Kind.allCases)
  #expect(evidence.isSame(.link) && evidence.isSame(.title) && evidence.isSame(.text))
  #expect(evidence.fact(.date)?.comparison == .different)
  #expect(!evidence.isSame(.guid))
}

@Test func `of a purged text nobody says whether it is the same`() {
  let whole = article(guid: "1", title: "One", text: "a b c")
  let emptied = Article(
    feed: feed,
    keys: whole.keys,
    rule: .new,
    contentHash: whole.contentHash,
    item: whole.item.withoutBody
  )
  #expect(isPurged(emptied))
  #expect(!isPurged(whole))
  #expect(!isPurged(article(guid: "1", title: "One")))
  #expect(evidence(of: whole, beside: emptied).fact(.text)?.comparison == .unknown)
}

@Test func `the keys that a merge gives are those whose sources are told`() throws {
  var parsed = ParsedFeed(format: .rss20)
  parsed.items = [
    article(guid: "1", url: "https://a.example/1", title: "One", text: "a").item,
    article(title: "Two", text: "b", day: 3).item,
  ]
  let plan = merge(DocumentKeys(feed: feed, parsed: parsed), known: [])
  #expect(plan.steps.count == 2)
  for step in plan.steps {
    let sources = keySources(of: step.article.item, in: feed)
    #expect(step.article.keys.allSatisfy { sources[$0] != nil })
  }
  let first = plan.steps[0].article
  let sources = keySources(of: first.item, in: feed)
  let expected = [KeySource(.guid, "1"), KeySource(.link, "a.example/1")]
  #expect(first.keys.map { sources[$0] } == expected)
  let second = plan.steps[1].article
  #expect(keySources(of: second.item, in: feed)[second.id] == KeySource(.text))
}
