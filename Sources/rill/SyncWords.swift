import FeedIndex
import FeedJSON
import FeedModel
import FeedSync

/// What a sync came to beside its sums: who was not asked, and why; who has moved.
struct SyncTally {
  /// The feeds that were not asked for one reason.
  private struct Waits {
    var count = 0
    /// The first of them that may be asked; nil when none is asked by itself.
    var first: Timestamp?
  }

  /// Feeds that were not asked, in the order in which that was told; only where they are wanted.
  private(set) var skipped: [FeedReport] = []
  /// Feeds whose URL was changed.
  private(set) var moved: [FeedReport] = []
  /// Articles that were never seen, where they are named.
  private(set) var new: [ArticleID] = []
  private var waits: [WaitReason?: Waits] = [:]
  private let keepsSkipped: Bool

  /// Begins with no feed.
  ///
  /// - Parameter keepsSkipped: Each feed that is not asked is to be told.
  init(keepsSkipped: Bool) { self.keepsSkipped = keepsSkipped }

  /// Takes note of one feed.
  mutating func add(_ report: FeedReport) {
    if report.movedTo != nil { moved.append(report) }
    if case .fetched(let changes) = report.result {
      new += changes.articles.filter { $0.kind == .new }.map(\.id)
    }
    guard case .notDue(let until, let reason) = report.result else { return }
    if keepsSkipped { skipped.append(report) }
    var entry = waits[reason] ?? Waits()
    entry.count += 1
    if until < .latest { entry.first = min(entry.first ?? until, until) }
    waits[reason] = entry
  }

  /// How many were not asked, and why: the most frequent reason first; nil when all were.
  var words: String? {
    let total = waits.values.reduce(0) { $0 + $1.count }
    guard total > 0 else { return nil }
    let order = waits.sorted { left, right in
      (right.value.count, left.key?.rawValue ?? "") < (left.value.count, right.key?.rawValue ?? "")
    }
    let parts = order.compactMap { reason, entry -> String? in
      guard let reason else { return nil }
      let clause = clause(reason, isOne: entry.count == 1, until: entry.first)
      return total == entry.count && total == 1 ? clause : "\(entry.count) \(clause)"
    }
    let next = waits.values.compactMap(\.first).min()
    return "\(total) not due" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
      + (next.map { ", next at \(shown($0))" } ?? "")
  }

  /// Why feeds wait, to stand after their number.
  private func clause(_ reason: WaitReason, isOne: Bool, until: Timestamp?) -> String {
    let their = isOne ? "its" : "their"
    let end = until.map { isOne ? " until \(shown($0))" : ", the first until \(shown($0))" } ?? ""
    return switch reason {
    case .cadence: "by \(their) own cadence"
    case .interval: "by the interval that you set"
    case .freshness: "because \(their) server\(isOne ? "" : "s") said for how long nothing is new"
    case .ttl: "because \(isOne ? "it asks" : "they ask") for it (ttl)"
    case .quietTime: "because \(isOne ? "it asks" : "they ask") to be left alone at this time"
    case .retryAfter: "because \(their) server\(isOne ? "" : "s") asked for a pause\(end)"
    case .backoff: "after failures"
    case .host: "because \(their) host is left alone\(end)"
    case .gone: "because \(isOne ? "it is" : "they are") gone"
    case .notFound: "because \(isOne ? "it was" : "they were") not found for very long"
    }
  }
}

/// A moment as a person reads it: `2026-11-22T08:00:00Z`.
func shown(_ moment: Timestamp) -> String { moment.rfc3339(milliseconds: false) }

/// Why a feed that somebody wanted is not asked, and until when.
///
/// - Parameters:
///   - report: The feed; it was not asked.
///   - isForced: `--force` was typed.
/// - Returns: A sentence or two; nil for a feed that was asked.
func waitSentence(_ report: FeedReport, isForced: Bool) -> String? {
  guard case .notDue(let until, let reason) = report.result else { return nil }
  let end = until < .latest ? " until \(shown(until))" : ""
  return "\(report.feed.title) is not asked\(end): \(because(reason ?? .cadence))."
    + (isForced && (reason == .retryAfter || reason == .host)
      ? " --force does not go against that." : "")
}

/// What became of a feed that has moved, and how to undo it.
///
/// - Parameters:
///   - report: The feed, as it was before.
///   - followed: The ids of the feeds that are followed now.
/// - Returns: Nil for a feed that has not moved.
func moveSentence(_ report: FeedReport, followed: Set<FeedID>) -> String? {
  guard let target = report.movedTo else { return nil }
  let feed = report.feed
  guard followed.contains(feed.id) else {
    return "\(feed.title) has moved to \(target), which you follow already: they are one feed now."
  }
  return "\(feed.title) has moved to \(target); undo with: "
    + "rill set \(feed.id.description.prefix(8)) --url \(quoted(feed.url))"
}

extension SyncSummary {
  /// The summary in words.
  func sentence(_ tally: SyncTally) -> String {
    var parts = [counted(new, "new article")]
    if new == 0 { parts = ["0 new"] }
    if updated > 0 { parts.append("\(updated) updated") }
    if merged > 0 { parts.append("\(merged) merged") }
    var asked: [String] = []
    if fetched > 0 { asked.append("\(fetched) fetched") }
    if notModified > 0 { asked.append("\(notModified) not modified") }
    if !failures.isEmpty { asked.append("\(failures.count) failed") }
    if let words = tally.words { asked.append(words) }
    let feeds = counted(feeds, "feed") + (asked.isEmpty ? "" : ": " + asked.joined(separator: ", "))
    return parts.joined(separator: ", ") + ". " + feeds + "."
  }

  /// The summary as one line of JSON.
  func jsonLine(_ tally: SyncTally, seconds: Double) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    write(to: &json, tally, seconds: seconds)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }

  /// Writes the members of that object.
  func write(to json: inout JSONWriter, _ tally: SyncTally, seconds: Double) {
    json.member("feeds", feeds)
    json.member("fetched", fetched)
    json.member("not_modified", notModified)
    json.member("not_due", notDue)
    json.member("failed", failures.count)
    json.member("new", new)
    json.member("updated", updated)
    json.member("merged", merged)
    json.key("errors")
    json.beginArray()
    for report in failures {
      json.beginObject()
      json.member("feed", report.feed.id.description)
      json.member("url", report.feed.url)
      json.member("reason", report.reason)
      json.endObject()
    }
    json.endArray()
    json.members("skipped", tally.skipped) { report, json in
      guard case .notDue(let until, let reason) = report.result else { return }
      json.beginObject()
      json.member("feed", report.feed.id.description)
      json.member("url", report.feed.url)
      if until < .latest { json.member("until", shown(until)) }
      json.member("reason", reason?.rawValue)
      json.endObject()
    }
    json.members("moved", tally.moved) { report, json in
      json.beginObject()
      json.member("feed", report.feed.id.description)
      json.member("from", report.feed.url)
      json.member("to", report.movedTo)
      json.endObject()
    }
    json.key("seconds")
    json.value((seconds * 1000).rounded() / 1000)
  }
}

/// Why one feed waits, to stand after a colon.
func because(_ reason: WaitReason) -> String {
  switch reason {
  case .cadence: "that is its own cadence"
  case .interval: "that is the interval that you set"
  case .freshness: "its server said for how long nothing is new"
  case .ttl: "it asks for it (ttl)"
  case .quietTime: "it asks to be left alone at some times"
  case .retryAfter: "its server asked for a pause"
  case .backoff: "it failed"
  case .host: "its host is left alone"
  case .gone: "its publisher says that it is gone"
  case .notFound: "it was not found for very long"
  }
}
