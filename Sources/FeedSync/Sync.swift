public import FeedFetch
public import FeedIndex
public import FeedModel
import FeedStore

/// What brings documents: the fetcher, or in tests something that only seems to.
public protocol DocumentSource: Sendable {
  /// Brings one document; never throws, for what goes wrong is an outcome.
  func fetch(_ request: FetchRequest) async -> FetchOutcome
  /// How many documents are on their way from hosts that say nothing: so many more may be asked
  /// for.
  var asideCount: Int { get }
  /// Follows no redirect to these hosts any more.
  func leaveAlone(_ hosts: Set<String>)
}

extension DocumentSource {
  /// Nobody is waited for.
  public var asideCount: Int { 0 }
  /// Does nothing: for a source that follows no redirects.
  public func leaveAlone(_ hosts: Set<String>) {}
}

extension Fetcher: DocumentSource {}

/// How a sync is run.
public struct SyncOptions: Sendable {
  /// Why.
  public var reason: SyncReason
  /// How many feeds are worked on at once.
  public var jobs: Int
  /// The numbers of the schedule.
  public var schedule = ScheduleSettings()
  /// How a feed is asked, where that is special; called when it is its turn.
  ///
  /// A failure, such as a command that gives no password, is the feed's failure: it is not asked.
  public var fetchOptions: @Sendable (FeedRow) async -> Result<FetchOptions, FetchOptionsError> = {
    _ in .success(FetchOptions())
  }
  /// Tells the time.
  public var clock: @Sendable () -> Timestamp
  /// Called when it is a feed's turn to be asked.
  public var started: @Sendable (FeedRow) -> Void = { _ in }
  /// The articles that changed are named in the reports: see `Changes.articles`.
  public var namesArticles = false
  /// Asked several times a second; true ends the run early.
  ///
  /// What has come until then is written and reported, and the rest is as if it had not been asked.
  public var isStopping: (@Sendable () -> Bool)?

  /// Describes a run.
  public init(reason: SyncReason, jobs: Int, clock: @escaping @Sendable () -> Timestamp) {
    self.reason = reason
    self.jobs = max(1, jobs)
    self.clock = clock
  }
}

/// Why it cannot be said how a feed is asked.
public struct FetchOptionsError: Error, Hashable, Sendable {
  /// One sentence.
  public var reason: String

  /// Says why.
  public init(_ reason: String) { self.reason = reason }
}

/// When what was taken in is written: after so many bytes or feeds, and at every tick of a clock.
private enum CommitLimit {
  static let bytes = 4 << 20
  static let feeds = 256
  static let tick = Duration.milliseconds(300)
}

/// What wakes a sync.
private enum Wake: Sendable {
  case reading(Reading)
  case tick
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
    let (settings, devices) = (options.schedule, store.ownDevices)
    // A clock that was ahead has left pauses that no server asked for.
    let latest = start.adding(seconds: settings.longestRetry + clockStep)
    let hosts = try hosts().filter { $0.value.parkedUntil <= latest }
    source.leaveAlone(hosts.paused(settings: settings, now: start))
    var summary = SyncSummary()
    func tell(_ feed: FeedReport) {
      summary.add(feed)
      report(feed)
    }
    var intake = Intake(library: self, settings: settings, namesArticles: options.namesArticles)
    var due: [Asking] = []
    for feed in try uniteTwins(feeds, now: start) {
      var poll = polls[feed.id] ?? PollState()
      if let corrected = poll.forgettingOtherServer(than: feed.url) { poll = corrected }
      if let corrected = poll.rebased(to: start) {
        poll = corrected
        intake.correct(poll, of: feed.id)
      }
      let asking = Asking(feed: feed, poll: poll, devices: devices)
      // A local file costs nobody anything, so it is always due.
      let isLocal = feed.url.hasPrefix("/") && options.reason == .scheduled
      let reason = isLocal ? .named : options.reason
      switch turn(poll, reason, settings: settings, now: start) {
      case .ask(let isConditional):
        let pause = hosts.pause(of: asking.host, for: reason, settings: settings, now: start)
        if let until = pause {
          tell(FeedReport(feed: feed, result: .notDue(until: until, .host)))
        } else {
          due.append(asking.asked(conditionally: isConditional))
        }
      case .wait(let until, let reason):
        tell(FeedReport(feed: feed, result: .notDue(until: until, reason)))
      }
    }
    let refusals = HostLines.refusals(polls, feeds, now: start)
    do throws(LibraryError) {
      try indexing { () throws(IndexError) in try index.letLogGrow() }
    } catch .index(let error) {
      trouble.note(error)
    }
    let lines = HostLines(due, hosts: hosts, refusals: refusals, settings: settings)
    if let error = await run(lines, intake, source, options, report: tell) { throw error }
    do throws(LibraryError) {
      try indexing { () throws(IndexError) in try index.shrinkLog() }
    } catch .index(let error) {
      trouble.note(error)
    }
    return summary
  }

  /// Serves the lines, never more than `options.jobs` feeds at once; nil when all went well.
  private func run(
    _ lines: HostLines,
    _ intake: Intake,
    _ source: some DocumentSource,
    _ options: SyncOptions,
    report: (FeedReport) -> Void
  ) async -> LibraryError? {
    var (lines, intake) = (lines, intake)
    return await withTaskGroup(of: Wake.self) { group -> LibraryError? in
      var underWay = 0
      var isTicking = false
      do throws(LibraryError) {
        while options.isStopping?() != true {
          while underWay - source.asideCount < options.jobs, let asking = lines.next() {
            underWay += 1
            options.started(asking.feed)
            group.addTask { .reading(await asking.read(from: source, options)) }
          }
          if underWay == 0 { break }
          // What is done is not to wait for a host that is slow, nor is what comes next, nor a stop.
          if intake.pendingFeeds > 0 || underWay >= options.jobs || options.isStopping != nil,
            !isTicking
          {
            isTicking = true
            group.addTask {
              // Cancelled is as good as slept.
              try? await Task.sleep(for: CommitLimit.tick)
              return .tick
            }
          }
          switch await group.next() {
          case .reading(let reading):
            underWay -= 1
            let now = options.clock()
            try intake.take(reading, now: now)
            for (asking, until) in lines.finished(reading, now: now) {
              intake.postpone(asking, until: until)
            }
            intake.take(lines.takeNews())
          case .tick, nil:
            isTicking = false
            for feed in try intake.commit(now: options.clock()) { report(feed) }
          }
          if intake.pendingBytes >= CommitLimit.bytes || intake.pendingFeeds >= CommitLimit.feeds {
            for feed in try intake.commit(now: options.clock()) { report(feed) }
          }
        }
        group.cancelAll()
        for feed in try intake.commit(now: options.clock()) { report(feed) }
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
  ///   - settings: The numbers of the schedule.
  ///   - now: When it came.
  /// - Returns: What became of it.
  /// - Throws: What the store or the index answers; then nothing was taken in.
  public func take(
    _ outcome: FetchOutcome,
    for feed: FeedRow,
    settings: ScheduleSettings = ScheduleSettings(),
    now: Timestamp
  ) throws(LibraryError) -> FeedReport? {
    let poll = try polls()[feed.id] ?? PollState()
    var intake = Intake(library: self, settings: settings)
    let reading = Reading(
      feed: feed,
      host: hostName(of: feed.url),
      poll: poll,
      outcome: outcome,
      skipsSameBytes: false,
      settings: settings,
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
struct Asking: Sendable {
  let feed: FeedRow
  let poll: PollState
  let host: String
  /// It may name a private address, or a file.
  let isTrusted: Bool
  private var isConditional = true

  /// Lines a feed up.
  ///
  /// A path is read only where this very machine wrote it into the store: another one, which
  /// shares the folder, may not make us read our own files. What an import brought was typed by
  /// nobody, and does not lead to a private address either.
  init(feed: FeedRow, poll: PollState, devices: Set<String>) {
    self.feed = feed
    self.poll = poll
    isTrusted =
      feed.url.hasPrefix("/")
      ? feed.urlDevice.map(devices.contains) ?? false
      : !feed.settings.isLed && feed.urlDevice != FeedRow.importer
    host = hostName(of: feed.url)
  }

  func asked(conditionally isConditional: Bool) -> Asking {
    var copy = self
    copy.isConditional = isConditional
    return copy
  }

  func read(from source: some DocumentSource, _ options: SyncOptions) async -> Reading {
    var poll = poll
    let outcome: FetchOutcome
    switch await options.fetchOptions(feed) {
    case .failure(let error):
      var reading = reading(.failed(.cancelled, nil), poll, options)
      reading.content = .failed(.options(error.reason), nil)
      return reading
    case .success(var how):
      how.userAgent = how.userAgent ?? feed.settings.userAgent
      how.isHTTP1Only = how.isHTTP1Only || feed.settings.isHTTP1Only
      outcome = await source.fetch(
        FetchRequest(
          url: feed.url,
          validators: isConditional ? poll.validators : nil,
          isTyped: isTrusted,
          options: how,
          now: options.clock()
        )
      )
    }
    if !isConditional, poll.validators != nil { poll.lastForced = options.clock() }
    return reading(outcome, poll, options)
  }

  private func reading(
    _ outcome: FetchOutcome,
    _ poll: PollState,
    _ options: SyncOptions
  ) -> Reading {
    Reading(
      feed: feed,
      host: host,
      poll: poll,
      outcome: outcome,
      skipsSameBytes: isConditional,
      settings: options.schedule,
      now: options.clock()
    )
  }
}
