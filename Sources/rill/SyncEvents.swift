import FeedIndex
import FeedJSON
import FeedModel
import FeedSync

/// A sync as lines of JSON while it goes: what `rill sync --events` prints.
///
/// Each object has `event` and `at`. What is printed is on disk, but for `feed-start`.
struct SyncEvents: Sendable {
  let library: Library
  let clock: @Sendable () -> Timestamp

  /// `feed-start`: a feed is asked now.
  func started(_ feed: FeedRow) { print("feed-start") { $0.feed(feed) } }

  /// What became of a feed: `new`, `updated` and `merged` with each article as a list prints it,
  /// `moved`; then `feed-done`, `skipped` or `failed`.
  ///
  /// The feed is called as it is now: what came may have brought its title, or its address.
  func done(_ report: FeedReport) throws(LibraryError) {
    var (report, address) = (report, report.feed.url)
    let isFetched = if case .fetched = report.result { true } else { false }
    if isFetched || report.movedTo != nil {
      report.feed = try library.feed(report.feed.id) ?? report.feed
    }
    if let target = report.movedTo {
      print("moved") { json in
        json.feed(report.feed)
        json.member("from", address)
        json.member("to", target)
      }
    }
    switch report.result {
    case .notDue(let until, let reason):
      print("skipped") { json in
        json.feed(report.feed)
        json.member("reason", reason?.rawValue)
        if until < .latest { json.member("until", shown(until)) }
      }
    case .failed: fail(report)
    case .notModified:
      print("feed-done") { json in
        json.feed(report.feed)
        json.member("modified", false)
      }
    case .fetched(let changes):
      try tell(changes.articles)
      if changes.isTruncated { fail(report) }
      print("feed-done") { json in
        json.feed(report.feed)
        json.member("modified", true)
        json.member("new", changes.new)
        json.member("updated", changes.updated)
        json.member("merged", changes.merged)
      }
    }
    // Who reads along is not to wait until a page is full.
    Output.standard.finish()
  }

  /// `done`: the members of `rill sync --json`.
  func finished(_ summary: SyncSummary, _ tally: SyncTally, seconds: Double) {
    print("done") { summary.write(to: &$0, tally, seconds: seconds) }
    Output.standard.finish()
  }

  private func tell(_ articles: [ChangedArticle]) throws(LibraryError) {
    let rows = try library.articles(articles.map(\.id))
    let kinds = Dictionary(articles.map { ($0.id, $0.kind) }) { first, _ in first }
    for row in rows where !row.isHidden {
      guard let kind = kinds[row.id] else { continue }
      print(kind.rawValue) { json in
        json.key("article")
        row.write(to: &json)
      }
    }
  }

  private func fail(_ report: FeedReport) {
    print("failed") { json in
      json.feed(report.feed)
      json.member("reason", report.reason)
    }
  }

  private func print(_ event: String, _ members: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    json.beginObject()
    json.member("event", event)
    json.member("at", clock().description)
    members(&json)
    json.endObject()
    json.raw(0x0A)
    Output.standard.raw(json.bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func feed(_ feed: FeedRow) {
    self.feed(feed.id, title: feed.title, url: feed.url)
  }
}
