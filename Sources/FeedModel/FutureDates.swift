extension ParsedFeed {
  /// Notes each item whose date lies more than a day after `now`, as an issue `future-date`.
  ///
  /// The dates stay as they are: a feed may announce something, and its clock or ours may be wrong.
  /// A day is what time zones that were left out or mistaken come to. As of any other kind of
  /// trouble, the first 20 are noted.
  public mutating func noteFutureDates(now: Timestamp) {
    let latest = now.adding(seconds: 86_400)
    var count = 0
    for (index, item) in items.enumerated() where count < 20 {
      guard let date = item.published ?? item.modified, date > latest else { continue }
      let id = item.guid ?? item.url ?? "#\(index + 1)"
      issues.append(ParseIssue(.futureDate, detail: "\(date): \(id)"))
      count += 1
    }
  }
}
