import FeedModel
import Testing

private let now = Timestamp(seconds: 1_800_000_000)

/// A feed whose items have these dates, in seconds from now.
private func feed(_ seconds: [Int64?]) -> ParsedFeed {
  var feed = ParsedFeed(format: .rss20)
  for second in seconds {
    var item = FeedItem()
    item.published = second.map { now.adding(seconds: $0) }
    feed.items.append(item)
  }
  return feed
}

@Test func `a date more than a day from now is noted, and stays`() {
  var feed = feed([nil, -1, 86_400, 86_401, 100_000_000])
  feed.items[3].guid = "later"
  feed.issues = [ParseIssue(.doctype)]
  let items = feed.items
  feed.noteFutureDates(now: now)
  #expect(
    feed.issues == [
      ParseIssue(.doctype),
      ParseIssue(.futureDate, detail: "2027-01-16T08:00:01Z: later"),
      ParseIssue(.futureDate, detail: "2030-03-17T17:46:40Z: #5"),
    ]
  )
  #expect(feed.items == items)
}

@Test func `an item without a date of its own goes by its last change, and its link`() {
  var feed = feed([nil])
  feed.items[0].modified = now.adding(seconds: 90_000)
  feed.items[0].url = "https://e.example/1"
  feed.noteFutureDates(now: now)
  #expect(feed.issues.map(\.detail) == ["2027-01-16T09:00:00Z: https://e.example/1"])
}

@Test func `at the end of time nothing lies in the future`() {
  var feed = feed([])
  var item = FeedItem()
  item.published = .latest
  feed.items = [item]
  feed.noteFutureDates(now: .latest)
  #expect(feed.issues.isEmpty)
}

@Test func `the first twenty are noted`() {
  var feed = feed(Array(repeating: 200_000, count: 50))
  feed.noteFutureDates(now: now)
  #expect(feed.issues.count == 20)
  #expect(feed.issues.last?.detail?.hasSuffix("#20") == true)
}
