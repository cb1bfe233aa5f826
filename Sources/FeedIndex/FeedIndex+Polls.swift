public import FeedModel
import Foundation
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
        let rows = try Row.fetchCursor(database, sql: "SELECT \(pollColumns) FROM poll")
        var polls: [FeedID: PollState] = [:]
        while let row = try rows.next() {
          if let feed = FeedID(row[0] as String) { polls[feed] = PollState(row) }
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
        try Row.fetchAll(
          database,
          sql: """
            SELECT since, until, count, status, words, wire_bytes, elapsed FROM poll_log
            WHERE feed = ? ORDER BY since DESC
            """,
          arguments: [feed.description]
        )
        .map { PollStreak($0, at: 0) }
      }
    }
  }
}

/// The columns of `poll` in the order in which they are read and written.
private let pollColumns = """
  feed, url, etag, last_modified, next_due, wait, retry_after, last_attempt, last_success,
  last_document, last_forced, last_status, last_error, trouble, failures, failing_since, note,
  cadence_seconds, gap_seconds, newest_article, skip_hours, skip_days, body_hash,
  move_target, move_since, move_polls, hub, topic,
  since, until, count, status, words, wire_bytes, elapsed
  """

extension Database {
  /// Writes what became of polling.
  func write(_ effects: PollEffects) throws {
    for (feed, poll) in effects.polls { try write(poll, of: feed) }
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
    let (feed, streak) = (entry.feed.description, entry.streak)
    try cachedStatement(sql: "INSERT OR REPLACE INTO poll_log VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(
        arguments: [
          feed, streak.since.milliseconds, streak.until.milliseconds, streak.count, streak.status,
          streak.words, streak.wireBytes, streak.elapsedMilliseconds,
        ]
      )
    try cachedStatement(
      sql: """
        DELETE FROM poll_log WHERE feed = ?1 AND since <= (
          SELECT since FROM poll_log WHERE feed = ?1 ORDER BY since DESC LIMIT 1 OFFSET ?2)
        """
    )
    .execute(arguments: [feed, FeedIndex.logMax])
  }

  private func write(_ poll: PollState, of feed: FeedID) throws {
    let statement = try cachedStatement(
      sql: """
        INSERT OR REPLACE INTO poll (\(pollColumns)) VALUES (
          ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
          ?, ?, ?, ?, ?, ?, ?)
        """
    )
    let schedule: StatementArguments = [
      feed.description, poll.validators?.url, poll.validators?.etag,
      poll.validators?.lastModified, poll.nextDue?.milliseconds, poll.wait?.rawValue,
      poll.retryAfter?.milliseconds, poll.lastAttempt?.milliseconds,
      poll.lastSuccess?.milliseconds, poll.lastDocument?.milliseconds,
      poll.lastForced?.milliseconds,
    ]
    let answer: StatementArguments = [
      poll.lastStatus, poll.lastError, poll.trouble?.rawValue, poll.failures,
      poll.failingSince?.milliseconds, poll.note, poll.cadenceSeconds, poll.gapSeconds,
      poll.newestArticle?.milliseconds, bits(poll.skipHours), bits(poll.skipDays), poll.bodyHash,
      poll.move?.target, poll.move?.since.milliseconds, poll.move?.polls, poll.hub, poll.topic,
    ]
    let streak: StatementArguments = [
      poll.streak?.since.milliseconds, poll.streak?.until.milliseconds, poll.streak?.count,
      poll.streak?.status, poll.streak?.words, poll.streak?.wireBytes,
      poll.streak?.elapsedMilliseconds,
    ]
    try statement.execute(arguments: schedule + answer + streak)
  }
}

extension PollState {
  fileprivate init(_ row: Row) {
    self.init()
    func moment(_ column: Int) -> Timestamp? {
      (row[column] as Int64?).map(Timestamp.init(milliseconds:))
    }
    if let url = row[1] as String? {
      validators = Validators(etag: row[2], lastModified: row[3], url: url)
    }
    nextDue = moment(4)
    wait = (row[5] as String?).flatMap(WaitReason.init)
    retryAfter = moment(6)
    lastAttempt = moment(7)
    lastSuccess = moment(8)
    lastDocument = moment(9)
    lastForced = moment(10)
    lastStatus = row[11]
    lastError = row[12]
    trouble = (row[13] as String?).flatMap(Trouble.init)
    failures = row[14]
    failingSince = moment(15)
    note = row[16]
    cadenceSeconds = row[17]
    gapSeconds = row[18]
    newestArticle = moment(19)
    skipHours = numbers(bits: row[20])
    skipDays = numbers(bits: row[21])
    bodyHash = row[22]
    if let target = row[23] as String?, let since = moment(24) {
      move = PermanentMove(target: target, since: since, polls: row[25] ?? 1)
    }
    hub = row[26]
    topic = row[27]
    if row[28] as Int64? != nil { streak = PollStreak(row, at: 28) }
  }
}

extension PollStreak {
  /// Reads seven columns from `first` on.
  fileprivate init(_ row: Row, at first: Int) {
    self.init(
      at: Timestamp(milliseconds: row[first]),
      status: row[first + 3],
      words: row[first + 4],
      wireBytes: row[first + 5],
      elapsedMilliseconds: row[first + 6]
    )
    until = Timestamp(milliseconds: row[first + 1])
    count = row[first + 2]
  }
}

/// A set of small numbers as one number; see `numbers(bits:)`.
private func bits(_ numbers: [Int]) -> Int64 {
  numbers.reduce(0) { bits, number in (0..<32).contains(number) ? bits | 1 << number : bits }
}

/// The small numbers of a set that is written as one number.
private func numbers(bits: Int64) -> [Int] { (0..<32).filter { bits >> $0 & 1 == 1 } }
