import FeedIndex
import FeedMerge
import FeedModel
import FeedParse
import FeedStore

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
  var host: String { hostName(of: feed.url) }

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
  ///   - poll: What was remembered of it.
  ///   - outcome: What came.
  ///   - skipsSameBytes: The bytes of last time need not be parsed again.
  ///   - now: When it came.
  init(
    feed: FeedRow,
    poll: PollState,
    outcome: FetchOutcome,
    skipsSameBytes: Bool,
    now: Timestamp
  ) {
    self.feed = feed
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
      let until = next(poll, after: answer, feed: feed.id, now: now).retryAfter ?? now
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
  private var lines: [PendingLine] = []
  private var polls: [FeedID: PollState] = [:]
  private var reports: [FeedReport] = []
  /// About how many bytes of text wait to be written.
  private(set) var pendingBytes = 0

  init(library: Library) { self.library = library }

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
    polls[feed.id] = next(reading.poll, after: answer, feed: feed.id, now: now)
    reports.append(FeedReport(feed: feed, result: result))
  }

  /// Notes that a feed is not asked before a moment; nothing is written yet.
  mutating func postpone(_ asking: Asking, until: Timestamp) {
    var poll = asking.poll
    poll.nextDue = max(poll.nextDue ?? until, until)
    polls[asking.feed.id] = poll
    reports.append(FeedReport(feed: asking.feed, result: .notDue(until: until, .host)))
  }

  /// Writes what was taken in.
  ///
  /// - Parameter now: The time of the write.
  /// - Returns: What may now be reported.
  /// - Throws: What the store or the index answers; then nothing of it may be reported.
  mutating func commit(now: Timestamp) throws(LibraryError) -> [FeedReport] {
    guard !reports.isEmpty else { return [] }
    try library.append(lines, now: now, polls: polls)
    let done = reports
    self = Intake(library: library)
    return done
  }

  private mutating func merge(
    _ parsed: ParsedFeed,
    _ keys: DocumentKeys,
    into feed: FeedRow,
    now: Timestamp
  ) throws(LibraryError) -> Changes {
    let known = try indexing { () throws(IndexError) in
      try library.index.knownArticles(
        of: feed.id,
        keys: keys.lookupKeys,
        fingerprints: keys.lookupFingerprints,
        titles: keys.lookupTitles
      )
    }
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
    switch failure {
    case .later:
      facts.map { .later($0, reason: failure.description) }
        ?? .failed(nil, reason: failure.description)
    case .gone: facts.map { .gone($0) } ?? .failed(nil, reason: failure.description)
    case .options: .failed(nil, reason: failure.description)
    case .parse, .page:
      facts.map { .unusable($0, reason: failure.description) }
        ?? .failed(nil, reason: failure.description)
    case .fetch: .failed(facts, reason: failure.description)
    }
  }
}
