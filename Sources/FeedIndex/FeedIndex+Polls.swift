public import FeedModel
import GRDB

/// Answers of one feed that were alike, and are over.
public struct LoggedStreak: Hashable, Sendable {
  /// The feed.
  public var feed: FeedID
  /// The answers.
  public var streak: PollStreak

  /// Names the feed of a streak.
  public init(feed: FeedID, streak: PollStreak) {
    self.feed = feed
    self.streak = streak
  }
}

/// What became of polling feeds, on this machine.
public struct PollEffects: Sendable {
  /// What to remember of feeds.
  public var polls: [FeedID: PollState] = [:]
  /// Answers that were alike and are followed by another now.
  public var log: [LoggedStreak] = []
  /// Hosts that are left alone; nil for those that no longer are.
  public var hosts: [String: HostState?] = [:]

  /// Nothing was polled.
  public init() {}

  /// There is nothing to write.
  public var isEmpty: Bool { polls.isEmpty && log.isEmpty && hosts.isEmpty }
}

extension FeedIndex {
  /// How many streaks of one feed are kept beside the last.
  static let logMax = 50

  /// What is remembered about polling, by feed.
  public func polls() throws(IndexError) -> [FeedID: PollState] {
    try translated {
      try database.read { database in
        let rows = try RawStatement(database, "SELECT \(pollColumns) FROM poll")
        var polls: [FeedID: PollState] = [:]
        while try rows.step() {
          if let text = rows.text(0), let feed = FeedID(text) { polls[feed] = PollState(rows) }
        }
        return polls
      }
    }
  }

  /// The hosts that are left alone, or were until a short while ago, by name.
  public func hosts() throws(IndexError) -> [String: HostState] {
    try translated {
      try database.read { database in
        let rows = try Row.fetchAll(
          database,
          sql: """
            SELECT name, parked_until, reason, silences, binding, feeds_per_run FROM host
            """
        )
        return rows.reduce(into: [:]) { hosts, row in
          hosts[row[0]] = HostState(
            parkedUntil: Timestamp(milliseconds: row[1]),
            reason: row[2],
            silences: row[3],
            isBinding: row[4],
            feedsPerRun: row[5]
          )
        }
      }
    }
  }

  /// What a feed answered before its last streak, newest first.
  public func pollLog(of feed: FeedID) throws(IndexError) -> [PollStreak] {
    try translated {
      try database.read { database in
        let rows = try RawStatement(
          database,
          """
          SELECT since, until, count, status, words, wire_bytes, elapsed FROM poll_log
          WHERE feed = ? ORDER BY since DESC
          """
        )
        rows.add(feed.description)
        var streaks: [PollStreak] = []
        while try rows.step() {
          if let streak = PollStreak(rows, at: 0) { streaks.append(streak) }
        }
        return streaks
      }
    }
  }
}

/// The columns of `poll` in the order in which they are read and written.
private let pollColumns = """
  feed, url, etag, last_modified, next_due, wait, retry_after, last_attempt, last_success,
  last_document, last_forced, last_status, last_error, trouble, failures, failing_since, note,
  cadence_seconds, gap_seconds, newest_article, skip_hours, skip_days, body_hash,
  move_target, move_since, move_polls, hub, topic, asked_url,
  since, until, count, status, words, wire_bytes, elapsed
  """

extension Database {
  /// Writes what became of polling.
  func write(_ effects: PollEffects) throws {
    try write(effects.polls)
    for entry in effects.log { try write(entry) }
    for (name, host) in effects.hosts {
      guard let host else {
        try execute(sql: "DELETE FROM host WHERE name = ?", arguments: [name])
        continue
      }
      try execute(
        sql: "INSERT OR REPLACE INTO host VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          name, host.parkedUntil.milliseconds, host.reason, host.silences, host.isBinding,
          host.feedsPerRun,
        ]
      )
    }
  }

  private func write(_ entry: LoggedStreak) throws {
    let feed = entry.feed.description
    let insert = try RawStatement(
      self,
      "INSERT OR REPLACE INTO poll_log VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    insert.add(feed)
    entry.streak.add(to: insert)
    try insert.run()
    let delete = try RawStatement(
      self,
      """
      DELETE FROM poll_log WHERE feed = ?1 AND since <= (
        SELECT since FROM poll_log WHERE feed = ?1 ORDER BY since DESC LIMIT 1 OFFSET ?2)
      """
    )
    delete.add(feed)
    delete.add(FeedIndex.logMax)
    try delete.run()
  }

  private func write(_ polls: [FeedID: PollState]) throws {
    guard !polls.isEmpty else { return }
    let statement = try RawStatement(
      self,
      """
      INSERT OR REPLACE INTO poll (\(pollColumns)) VALUES (
        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?, ?, ?, ?, ?)
      """
    )
    for (feed, poll) in polls {
      statement.add(feed.description)
      poll.add(to: statement)
      try statement.run()
    }
  }
}

extension PollState {
  /// Adds all columns but the feed.
  fileprivate func add(to statement: RawStatement) {
    statement.add(validators?.url)
    statement.add(validators?.etag)
    statement.add(validators?.lastModified)
    statement.add(nextDue)
    statement.add(wait?.rawValue)
    statement.add(retryAfter)
    statement.add(lastAttempt)
    statement.add(lastSuccess)
    statement.add(lastDocument)
    statement.add(lastForced)
    statement.add(lastStatus)
    statement.add(lastError)
    statement.add(trouble?.rawValue)
    statement.add(failures)
    statement.add(failingSince)
    statement.add(note)
    statement.add(cadenceSeconds)
    statement.add(gapSeconds)
    statement.add(newestArticle)
    statement.add(bits(skipHours))
    statement.add(bits(skipDays))
    statement.add(bodyHash)
    statement.add(move?.target)
    statement.add(move?.since)
    statement.add(move?.polls)
    statement.add(hub)
    statement.add(topic)
    statement.add(url)
    if let streak {
      streak.add(to: statement)
    } else {
      for _ in 0..<7 { statement.add(nil as Int64?) }
    }
  }

  fileprivate init(_ row: RawStatement) {
    self.init()
    if let url = row.text(1) {
      validators = Validators(etag: row.text(2), lastModified: row.text(3), url: url)
    }
    nextDue = row.moment(4)
    wait = row.text(5).flatMap(WaitReason.init)
    retryAfter = row.moment(6)
    lastAttempt = row.moment(7)
    lastSuccess = row.moment(8)
    lastDocument = row.moment(9)
    lastForced = row.moment(10)
    lastStatus = row.optionalInteger(11).map(Int.init)
    lastError = row.text(12)
    trouble = row.text(13).flatMap(Trouble.init)
    failures = Int(row.integer(14))
    failingSince = row.moment(15)
    note = row.text(16)
    cadenceSeconds = row.optionalInteger(17)
    gapSeconds = row.optionalInteger(18)
    newestArticle = row.moment(19)
    skipHours = numbers(bits: row.integer(20))
    skipDays = numbers(bits: row.integer(21))
    bodyHash = row.text(22)
    if let target = row.text(23), let since = row.moment(24) {
      move = PermanentMove(
        target: target,
        since: since,
        polls: row.optionalInteger(25).map(Int.init) ?? 1
      )
    }
    hub = row.text(26)
    topic = row.text(27)
    url = row.text(28)
    streak = PollStreak(row, at: 29)
  }
}

extension PollStreak {
  /// Adds seven columns.
  fileprivate func add(to statement: RawStatement) {
    statement.add(since)
    statement.add(until)
    statement.add(count)
    statement.add(status)
    statement.add(words)
    statement.add(wireBytes)
    statement.add(elapsedMilliseconds)
  }

  /// Reads seven columns from `first` on; nil when there is none.
  fileprivate init?(_ row: RawStatement, at first: Int32) {
    guard let since = row.moment(first), let until = row.moment(first + 1),
      let words = row.text(first + 4)
    else { return nil }
    self.init(
      at: since,
      status: row.optionalInteger(first + 3).map(Int.init),
      words: words,
      wireBytes: Int(row.integer(first + 5)),
      elapsedMilliseconds: Int(row.integer(first + 6))
    )
    self.until = until
    count = Int(row.integer(first + 2))
  }
}

/// A set of small numbers as one number; see `numbers(bits:)`.
private func bits(_ numbers: [Int]) -> Int64 {
  numbers.reduce(0) { bits, number in (0..<32).contains(number) ? bits | 1 << number : bits }
}

/// The small numbers of a set that is written as one number.
private func numbers(bits: Int64) -> [Int] {
  bits == 0 ? [] : (0..<32).filter { bits >> $0 & 1 == 1 }
}
