import FeedModel
import FeedStore

/// Writes a store that compaction can do something for, on the first day.
func fill(_ store: Store) throws(StoreError) {
  let all = (0..<2000).map(id)
  // A little more than two segments, so that two are sealed.
  for round in 0..<200 {
    let at = moment.adding(milliseconds: Int64(round))
    let mark = StoreOperation.set(key: "read", value: .bool(round % 2 == 0), ids: all)
    try store.append([PendingLine(at: at, operation: mark)], now: at)
  }
  for batch in 0..<50 {
    try store.append((0..<40).map { article(batch * 40 + $0, bytes: 5000) }, now: moment)
  }
}

/// Compacts some days after the first; the bodies of two of three articles are not wanted.
func compact(_ store: Store, day: Int) throws(StoreError) {
  let now = moment.adding(seconds: Int64(day) * 86_400)
  let report = try store.compact(now: now) { line in
    guard case .article(let article) = line.event.operation, isPurged(article) else {
      return .kept
    }
    return .dropped(since: moment)
  }
  say("wrote \(report.snapshots.count), removed \(report.removed.count)")
}

private func isPurged(_ article: Article) -> Bool { (article.item.guid?.utf8.last ?? 0) % 3 != 0 }

/// Prints all that a store says, in an order of its own.
func state(_ store: Store) throws(StoreError) {
  var stamps: [String: RegisterStamp] = [:]
  var facts: [String: String] = [:]
  for segment in try store.segments() {
    var cursor: SegmentCursor?
    while true {
      let reading = try store.read(segment, after: cursor)
      for line in reading.lines {
        switch line.event.operation {
        case .set(let key, let value, let ids):
          for id in ids {
            let register = "\(id) \(key)"
            if let known = stamps[register], line.event.stamp <= known { continue }
            stamps[register] = line.event.stamp
            facts[register] = "\(value) \(line.event.at)"
          }
        case .article(let article):
          let body = isPurged(article) ? "" : article.item.contentHTML ?? ""
          let known = facts["\(article.id) article"] ?? ""
          let text = "\(article.keys) \(article.contentHash) \(line.event.at) \(body.utf8.count)"
          facts["\(article.id) article"] = max(known, text)
        case .feed, .open, .unknown: break
        }
      }
      guard reading.hasMore else { break }
      cursor = reading.cursor
    }
  }
  for fact in facts.sorted(by: { $0.key < $1.key }) { say("\(fact.key): \(fact.value)") }
}
