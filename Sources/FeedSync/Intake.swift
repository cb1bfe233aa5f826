import FeedIndex
import FeedMerge
import FeedModel
import FeedParse
import FeedStore
import FeedText

/// A feed's answer after everything that needs neither store nor index was done with it.
struct Reading: Sendable {
  /// What came, parsed where there was something to parse.
  enum Content: Sendable {
    case parsed(ParsedFeed, DocumentKeys, bodyHash: String, Validators, ResponseFacts)
    /// The very bytes that were merged last time.
    case same(Validators, ResponseFacts)
    case notModified(Validators, ResponseFacts)
    case failed(SyncFailure, ResponseFacts?)
  }

  var feed: FeedRow
  var poll: PollState
  var content: Content

  /// The host that was asked first; empty for a local file.
  var host: String

  /// What the answer said apart from its body; nil when there was none.
  var facts: ResponseFacts? {
    switch content {
    case .parsed(_, _, _, _, let facts), .same(_, let facts), .notModified(_, let facts): facts
    case .failed(_, let facts): facts
    }
  }

  /// No whole feed came, and no word that the last one still holds.
  var isFailure: Bool {
    switch content {
    case .parsed(let parsed, _, _, _, _): parsed.isTruncated
    case .same, .notModified: false
    case .failed: true
    }
  }

  /// Nobody answered: no address, no connection, or no answer in time.
  var foundNobody: Bool {
    switch content {
    case .failed(.fetch(.nameNotFound), _), .failed(.fetch(.connection), _),
      .failed(.fetch(.tls), _), .failed(.fetch(.timeout), _):
      true
    default: false
    }
  }

  /// Parses what came.
  ///
  /// - Parameters:
  ///   - feed: The feed that was asked.
  ///   - host: The host of its URL; empty for a local file.
  ///   - poll: What was remembered of it.
  ///   - outcome: What came.
  ///   - skipsSameBytes: The bytes of last time need not be parsed again.
  ///   - settings: The numbers of the schedule.
  ///   - now: When it came.
  init(
    feed: FeedRow,
    host: String,
    poll: PollState,
    outcome: FetchOutcome,
    skipsSameBytes: Bool,
    settings: ScheduleSettings,
    now: Timestamp
  ) {
    self.feed = feed
    self.host = host
    self.poll = poll
    switch outcome {
    case .fetched(let body, let contentType, let validators, let facts):
      let bodyHash = documentHash(body)
      if skipsSameBytes, bodyHash == poll.bodyHash {
        content = .same(validators, facts)
        return
      }
      do {
        let parsed = try parse(body, baseURL: facts.url, contentType: contentType)
        let keys = DocumentKeys(feed: feed.id, parsed: parsed)
        content = .parsed(parsed, keys, bodyHash: bodyHash, validators, facts)
      } catch .htmlPage {
        content = .failed(.page(pageKind(body)), facts)
      } catch {
        content = .failed(.parse(error), facts)
      }
    case .notModified(let validators, let facts):
      content = .notModified(validators, facts)
    case .gone(let facts):
      content = .failed(.gone, facts)
    case .retryLater(let facts, let message):
      // The schedule works out until when; the report says the same.
      let answer = Answer.later(facts, reason: "")
      let state = next(poll, after: answer, feed: feed.id, settings: settings, now: now)
      let until = state.retryAfter ?? state.nextDue ?? now
      content = .failed(.later(status: facts.status, until: until, message: message), facts)
    case .failed(let failure, let facts):
      content = .failed(.fetch(failure), facts)
    }
  }
}

/// Gathers what several feeds brought and writes it in one durable step.
///
/// Nothing is reported before it is on disk: articles first, then, in one index transaction, their
/// effects, the validators and the next due times.
struct Intake {
  let library: Library
  let settings: ScheduleSettings
  private var lines: [PendingLine] = []
  private var effects = PollEffects()
  private var reports: [FeedReport] = []
  /// About how many bytes of text wait to be written.
  private(set) var pendingBytes = 0

  init(library: Library, settings: ScheduleSettings = ScheduleSettings()) {
    self.library = library
    self.settings = settings
  }

  /// How many feeds wait to be written.
  var pendingFeeds: Int { reports.count }

  /// Takes one feed's answer in; nothing is written yet.
  mutating func take(_ reading: Reading, now: Timestamp) throws(LibraryError) {
    let feed = reading.feed
    let answer: Answer
    let result: FeedResult
    switch reading.content {
    case .parsed(let parsed, let keys, let bodyHash, let validators, let facts):
      let changes = try merge(parsed, keys, into: feed, now: now)
      result = .fetched(changes)
      if parsed.isTruncated {
        answer = .unusable(facts, reason: truncation)
      } else if facts.isDelta {
        answer = .unchanged(facts, validators)
      } else {
        let dates = parsed.items.compactMap { $0.published ?? $0.modified }
        answer = .read(facts, validators, bodyHash: bodyHash, dates: dates, parsed.schedule)
      }
    case .same(let validators, let facts):
      result = .notModified
      answer = .repeated(facts, validators)
    case .notModified(let validators, let facts):
      result = .notModified
      answer = .unchanged(facts, validators)
    case .failed(let failure, let facts):
      result = .failed(failure)
      answer = Self.answer(to: failure, facts)
    }
    var poll = next(
      reading.poll,
      after: answer,
      feed: feed.id,
      interval: feed.settings.intervalSeconds,
      settings: settings,
      now: now
    )
    if case .parsed(let parsed, _, _, _, let facts) = reading.content {
      poll.hub = facts.hubs.first ?? parsed.hubs.first
      poll.topic = facts.selfURL ?? parsed.feedURL
    }
    var report = FeedReport(feed: feed, result: result)
    report.movedTo = try move(reading, &poll, now: now)
    log(report, reading.facts, &poll, now: now)
    effects.polls[feed.id] = poll
    reports.append(report)
  }

  /// Notes that a feed is not asked before a moment; nothing is written yet.
  mutating func postpone(_ asking: Asking, until: Timestamp) {
    var poll = asking.poll
    if until > poll.nextDue ?? .earliest {
      poll.nextDue = until
      poll.wait = .host
    }
    effects.polls[asking.feed.id] = poll
    reports.append(FeedReport(feed: asking.feed, result: .notDue(until: until, .host)))
  }

  /// Corrects what is remembered of a feed that is not asked; nothing is written yet.
  mutating func correct(_ poll: PollState, of feed: FeedID) { effects.polls[feed] = poll }

  /// Takes note of what was learned of hosts; nothing is written yet.
  mutating func take(_ hosts: [String: HostState?]) {
    effects.hosts.merge(hosts) { $1 }
  }

  /// Writes what was taken in.
  ///
  /// - Parameter now: The time of the write.
  /// - Returns: What may now be reported.
  /// - Throws: What the store or the index answers; then nothing of it may be reported.
  mutating func commit(now: Timestamp) throws(LibraryError) -> [FeedReport] {
    guard !reports.isEmpty || !effects.isEmpty else { return [] }
    try library.append(lines, now: now, effects)
    let done = reports
    self = Intake(library: library, settings: settings)
    for report in done {
      guard let target = report.movedTo else { continue }
      try library.unite(report.feed, withFeedAt: target, now: now)
    }
    return done
  }

  /// Believes a permanent redirect, when it is time to.
  ///
  /// - Returns: The new URL.
  private mutating func move(
    _ reading: Reading,
    _ poll: inout PollState,
    now: Timestamp
  ) throws(LibraryError) -> String? {
    let feed = reading.feed
    guard reading.isFailure else {
      guard let facts = reading.facts, !feed.url.hasPrefix("/") else { return nil }
      poll.move = PermanentMove.seen(
        poll.move,
        in: facts,
        refused: feed.settings.refusedMove,
        now: now
      )
      guard let move = poll.move, move.isBelieved(from: feed.url, settings: settings, now: now)
      else { return nil }
      poll.move = nil
      lines += try library.lines(
        of: feed.id,
        [("url", .string(move.target)), ("move.from", .string(feed.url))],
        now: now
      )
      return move.target
    }
    // A page, an error or half a document in the place of the feed says that nothing has moved
    // there.
    if reading.facts != nil { poll.move = nil }
    return nil
  }

  /// Counts an answer that is like the last, and begins a new line of the log for another.
  private mutating func log(
    _ report: FeedReport,
    _ facts: ResponseFacts?,
    _ poll: inout PollState,
    now: Timestamp
  ) {
    var streak = PollStreak(
      at: now,
      status: facts?.status,
      words: report.words,
      wireBytes: facts?.wireBytes ?? 0,
      elapsedMilliseconds: facts?.elapsedMilliseconds ?? 0
    )
    if let last = poll.streak {
      if last.words == streak.words, last.status == streak.status {
        streak.since = min(last.since, now)
        streak.count = last.count + 1
      } else {
        effects.log.append(LoggedStreak(feed: report.feed.id, streak: last))
      }
    }
    poll.streak = streak
  }

  private mutating func merge(
    _ parsed: ParsedFeed,
    _ keys: DocumentKeys,
    into feed: FeedRow,
    now: Timestamp
  ) throws(LibraryError) -> Changes {
    let known = try library.known(keys, of: feed.id)
    let plan = FeedMerge.merge(keys, known: known)
    for step in plan.steps {
      let at = library.moment(now, after: step.after)
      lines.append(PendingLine(at: at, operation: .article(step.article)))
      let item = step.article.item
      pendingBytes += (item.contentHTML ?? item.contentText ?? "").utf8.count + 500
    }
    var registers: [(String, RegisterValue)] = []
    if let title = parsed.title, title != feed.sourceTitle {
      registers.append(("source.title", .string(title)))
    }
    if let site = parsed.homePageURL, site != feed.site {
      registers.append(("source.site", .string(site)))
    }
    lines += try library.lines(of: feed.id, registers, now: now)
    return Changes(
      new: plan.count(.new),
      updated: plan.count(.updated),
      merged: plan.count(.merged),
      isTruncated: parsed.isTruncated
    )
  }

  private static func answer(to failure: SyncFailure, _ facts: ResponseFacts?) -> Answer {
    let (reason, trouble) = (failure.description, failure.trouble)
    guard let facts else { return .failed(nil, reason: reason, trouble: trouble) }
    return switch failure {
    case .later: .later(facts, reason: reason)
    case .gone: .gone(facts)
    case .parse, .page: .unusable(facts, reason: reason, trouble: trouble)
    case .fetch, .options: .failed(facts, reason: reason, trouble: trouble)
    }
  }
}

extension SyncFailure {
  /// What kind of thing it is.
  var trouble: Trouble {
    switch self {
    case .later: .rateLimited
    case .gone: .gone
    case .page(.login), .page(.challenge), .page(.consent): .blocked
    // Nobody of the site has answered.
    case .page(.captivePortal): .unreachable
    case .page(.notFound): .notFound
    case .page(.parked), .page(nil): .broken
    case .parse, .options: .broken
    case .fetch(let failure): failure.trouble
    }
  }
}

extension FetchFailure {
  fileprivate var trouble: Trouble {
    switch self {
    case .nameNotFound, .connection, .timeout, .cutOff, .transfer, .cancelled: .unreachable
    case .tls: .certificate
    case .challenge, .status(401, _), .status(403, _), .status(451, _): .blocked
    case .status(404, _): .notFound
    case .badURL, .scheme, .tooLarge, .redirects, .badRedirect, .refusedAddress, .refusedFile,
      .status, .badEncoding, .empty, .file:
      .broken
    }
  }
}

extension FeedReport {
  /// What came of it, in a few words for the log.
  fileprivate var words: String {
    let words =
      switch result {
      case .notModified: "not modified"
      case .notDue: "not asked"
      case .failed(let failure): failure.description
      case .fetched(let changes): changes.words
      }
    return movedTo.map { "\(words); moved to \($0)" } ?? words
  }
}

extension Changes {
  fileprivate var words: String {
    let counts = [(new, "new"), (updated, "updated"), (merged, "merged")].filter { $0.0 > 0 }
    let words = counts.map { "\($0) \($1)" }.joined(separator: ", ")
    return (words.isEmpty ? "nothing new" : words) + (isTruncated ? ", cut off" : "")
  }
}
