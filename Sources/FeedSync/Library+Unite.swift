import FeedIndex
import FeedMerge
import FeedModel
import FeedStore

extension Library {
  /// Moves feeds whose permanent redirects are believed.
  ///
  /// What the redirects brought is on the disk already. A feed that is stopped in the middle of its
  /// move is moved when it is next asked: that it is to be moved is forgotten last.
  ///
  /// - Parameters:
  ///   - reports: What became of feeds; those without a new URL are left alone.
  ///   - polls: What is remembered of them.
  ///   - now: The time of the act.
  /// - Throws: What the store or the index answers.
  func move(
    _ reports: [FeedReport],
    _ polls: [FeedID: PollState],
    now: Timestamp
  ) throws(LibraryError) {
    let moves = reports.compactMap { report in report.movedTo.map { (report.feed, $0) } }
    guard !moves.isEmpty else { return }
    let feeds = try feeds()
    var byURL = Dictionary(feeds.map { ($0.url, $0) }) { first, _ in first }
    let byID = Dictionary(feeds.map { ($0.id, $0) }) { first, _ in first }
    var lines: [PendingLine] = []
    var effects = PollEffects()
    for (before, target) in moves {
      // The person may have given it another address, or removed it, in the meantime.
      guard let feed = byID[before.id], feed.url == before.url else { continue }
      if let other = byURL[target], other.id != feed.id {
        try unite(feed, with: other, now: now)
        continue
      }
      var registers: [(String, RegisterValue)] = [
        ("url", .string(target)), ("move.from", .string(feed.url)),
      ]
      if hostName(of: target) != hostName(of: feed.url) || feed.urlDevice == FeedRow.importer {
        registers.append(("fetch.led", .bool(true)))
      }
      lines += try self.lines(of: feed.id, registers, now: now)
      byURL[target] = feed
      guard var poll = polls[feed.id] else { continue }
      (poll.move, poll.url) = (nil, target)
      effects.polls[feed.id] = poll
    }
    try append(lines, now: now, effects)
  }

  /// Makes one of each two feeds that are asked at one URL: two machines may have moved them there.
  ///
  /// - Parameters:
  ///   - feeds: The feeds to look at.
  ///   - now: The time of the act.
  /// - Returns: Those that stay, in their order. Of two it is the one that was there first, and so
  ///   the same on every machine.
  /// - Throws: What the store or the index answers.
  func uniteTwins(_ feeds: [FeedRow], now: Timestamp) throws(LibraryError) -> [FeedRow] {
    let groups = Dictionary(grouping: feeds, by: \.url)
    guard groups.count < feeds.count else { return feeds }
    var stays: Set<FeedID> = []
    for (url, twins) in groups {
      let first = feedID(firstURL: url)
      let kept =
        twins.first { $0.id == first } ?? twins.min { $0.id.description < $1.id.description }
      guard let kept else { continue }
      stays.insert(kept.id)
      for twin in twins where twin.id != kept.id { try unite(twin, with: kept, now: now) }
    }
    return feeds.filter { stays.contains($0.id) }
  }

  /// Makes one subscription of two, when a feed has moved to where another one is.
  ///
  /// The articles of the one that goes are merged into the other like a document that it brought,
  /// and what the person did to them and to the feed comes with them. Each step can be repeated.
  private func unite(
    _ feed: FeedRow,
    with other: FeedRow,
    now: Timestamp
  ) throws(LibraryError) {
    var query = ArticleQuery()
    query.includesRead = true
    query.includesHidden = true
    query.feeds = [feed.id]
    var parsed = ParsedFeed(format: .rss20)
    var rows: [ArticleRow] = []
    // The oldest first, as they came.
    for row in try articles(query).reversed() {
      guard let article = try article(at: row) else { continue }
      parsed.items.append(article.item)
      rows.append(row)
    }
    let keys = DocumentKeys(feed: other.id, parsed: parsed)
    // What the other feed has already is not overwritten with an older version of it.
    let steps = try merging(keys, of: other.id).plan(now: now).steps
      .filter { $0.kind == .new }
    let lines = steps.map { step in
      PendingLine(at: moment(now, after: step.after), operation: .article(step.article))
    }
    try append(lines, now: now)
    try carryMarks(of: rows, keys, now: now)
    try append(
      self.lines(of: other.id, registers(of: feed, for: other), now: now)
        + self.lines(
          of: feed.id,
          [("move.into", .string(other.id.description)), ("sub", .bool(false))],
          now: now
        ),
      now: now
    )
  }

  /// Marks the articles of another feed like those that they are equal to.
  ///
  /// - Parameters:
  ///   - rows: The articles, in the order of the document that was made of them.
  ///   - keys: That document, as one of the other feed.
  ///   - now: The time of the act.
  /// - Throws: What the store or the index answers.
  private func carryMarks(
    of rows: [ArticleRow],
    _ keys: DocumentKeys,
    now: Timestamp
  ) throws(LibraryError) {
    var marks: [Mark: [ArticleRow]] = [:]
    for (place, id) in try merging(keys, of: keys.feed).matches {
      let row = rows[place]
      guard row.isRead || row.isStarred || row.isHidden || !row.tags.isEmpty else { continue }
      let found = try indexing { () throws(IndexError) in
        try index.articles(withPrefix: id.description, limit: 1).first
      }
      guard let found else { continue }
      if row.isRead { marks[.read(true), default: []].append(found) }
      if row.isStarred { marks[.star(true), default: []].append(found) }
      if row.isHidden { marks[.hide(true), default: []].append(found) }
      for tag in row.tags { marks[.tag(tag, true), default: []].append(found) }
    }
    for (mark, rows) in marks { try self.mark(rows, mark, in: nil, now: now) }
  }

  /// What the person set for a feed and not for the other one.
  private func registers(of feed: FeedRow, for other: FeedRow) -> [(String, RegisterValue)] {
    var registers: [(String, RegisterValue)] = []
    for tag in feed.tags where !other.tags.contains(tag) {
      registers.append(("tag:\(tag)", .bool(true)))
    }
    if let title = feed.ownTitle, other.ownTitle == nil {
      registers.append(("title", .string(title)))
    }
    if let agent = feed.settings.userAgent, other.settings.userAgent == nil {
      registers.append(("fetch.user-agent", .string(agent)))
    }
    if let seconds = feed.settings.intervalSeconds, other.settings.intervalSeconds == nil {
      registers.append(("fetch.interval", .integer(seconds)))
    }
    return registers
  }
}
