public import FeedFetch
public import FeedIndex
public import FeedModel
import FeedStore

/// What brings documents: the fetcher, or in tests something that only seems to.
public protocol DocumentSource: Sendable {
  /// Brings one document; never throws, for what goes wrong is an outcome.
  func fetch(_ request: FetchRequest) async -> FetchOutcome
}

extension Fetcher: DocumentSource {}

/// How a sync is run.
public struct SyncOptions: Sendable {
  /// Why.
  public var reason: SyncReason
  /// How many feeds are worked on at once.
  public var jobs: Int
  /// Tells the time.
  public var clock: @Sendable () -> Timestamp

  /// Describes a run.
  public init(reason: SyncReason, jobs: Int, clock: @escaping @Sendable () -> Timestamp) {
    self.reason = reason
    self.jobs = max(1, jobs)
    self.clock = clock
  }
}

/// When what was taken in is written: after so many bytes, feeds or milliseconds.
private enum CommitLimit {
  static let bytes = 2 << 20
  static let feeds = 128
  static let milliseconds: Int64 = 300
}

extension Library {
  /// Asks feeds and merges what they bring.
  ///
  /// One feed's failure never stops another's. What is reported is on disk.
  ///
  /// - Parameters:
  ///   - feeds: The feeds to look at.
  ///   - source: Brings the documents.
  ///   - options: How to run.
  ///   - report: Called once for each feed, in the order in which they are done.
  /// - Returns: What it came to.
  /// - Throws: What the store or the index answers; what was reported until then stays.
  public func sync(
    _ feeds: [FeedRow],
    from source: some DocumentSource,
    _ options: SyncOptions,
    report: (FeedReport) -> Void
  ) async throws(LibraryError) -> SyncSummary {
    let polls = try polls()
    let start = options.clock()
    var summary = SyncSummary()
    var due: [Asking] = []
    for feed in feeds {
      let poll = polls[feed.id] ?? PollState()
      switch turn(poll, options.reason, now: start) {
      case .ask(let isConditional):
        due.append(Asking(feed: feed, poll: poll, isConditional: isConditional))
      case .wait(let until):
        let waiting = FeedReport(feed: feed, result: .notDue(until: until))
        summary.add(waiting)
        report(waiting)
      }
    }
    let result = await run(due, source, options) { done in
      for feed in done {
        summary.add(feed)
        report(feed)
      }
    }
    if let error = result { throw error }
    return summary
  }

  /// Works on `tasks`, never more than `options.jobs` at once; nil when all went well.
  private func run(
    _ tasks: [Asking],
    _ source: some DocumentSource,
    _ options: SyncOptions,
    done: ([FeedReport]) -> Void
  ) async -> LibraryError? {
    var intake = Intake(library: self)
    return await withTaskGroup(of: Reading.self) { group -> LibraryError? in
      var waiting = tasks.makeIterator()
      for _ in 0..<options.jobs {
        guard let task = waiting.next() else { break }
        group.addTask { await task.read(from: source, options.clock) }
      }
      var lastCommit = options.clock()
      do throws(LibraryError) {
        while let reading = await group.next() {
          if let task = waiting.next() {
            group.addTask { await task.read(from: source, options.clock) }
          }
          let now = options.clock()
          try intake.take(reading, now: now)
          if intake.pendingBytes >= CommitLimit.bytes || intake.pendingFeeds >= CommitLimit.feeds
            || now >= lastCommit.adding(milliseconds: CommitLimit.milliseconds)
          {
            done(try intake.commit(now: now))
            lastCommit = now
          }
        }
        done(try intake.commit(now: options.clock()))
        return nil
      } catch {
        group.cancelAll()
        return error
      }
    }
  }

  /// Merges a document that was fetched already, such as the one that told a page from a feed.
  ///
  /// - Parameters:
  ///   - outcome: What came.
  ///   - feed: The feed that it belongs to, subscribed to already.
  ///   - now: When it came.
  /// - Returns: What became of it.
  /// - Throws: What the store or the index answers; then nothing was taken in.
  public func take(
    _ outcome: FetchOutcome,
    for feed: FeedRow,
    now: Timestamp
  ) throws(LibraryError) -> FeedReport? {
    let poll = try polls()[feed.id] ?? PollState()
    var intake = Intake(library: self)
    let reading = Reading(
      feed: feed,
      poll: poll,
      outcome: outcome,
      skipsSameBytes: false,
      now: now
    )
    try intake.take(reading, now: now)
    return try intake.commit(now: now).first
  }

  /// Keeps other syncs out while `body` runs.
  ///
  /// - Parameter body: Works while the lock is held.
  /// - Returns: What `body` returns.
  /// - Throws: `.store(.syncIsRunning)` when another process holds the lock, or what `body` throws.
  public func whileSyncing<Value: Sendable>(
    _ body: () async throws(LibraryError) -> Value
  ) async throws(LibraryError) -> Value {
    let lock = try storing { () throws(StoreError) in try store.lockForSync() }
    let value = try await body()
    lock.release()
    return value
  }
}

/// One feed that is to be asked.
private struct Asking: Sendable {
  var feed: FeedRow
  var poll: PollState
  var isConditional: Bool

  func read(
    from source: some DocumentSource,
    _ clock: @Sendable () -> Timestamp
  ) async -> Reading {
    let validators = isConditional ? poll.validators : nil
    let outcome = await source.fetch(FetchRequest(url: feed.url, validators: validators))
    var poll = poll
    let now = clock()
    if !isConditional, poll.validators != nil { poll.lastForced = now }
    return Reading(
      feed: feed,
      poll: poll,
      outcome: outcome,
      skipsSameBytes: isConditional,
      now: now
    )
  }
}
