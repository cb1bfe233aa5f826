import FeedModel

/// Why a sync asks for feeds.
public enum SyncReason: Hashable, Sendable {
  /// Time has come: only what is due is asked.
  case scheduled
  /// A person named the feed: it is asked now, conditionally.
  case named
  /// A person wants everything anew: asked now and, once a day, without validators.
  case forced
}

/// Whether a feed may be asked now.
enum Turn: Hashable {
  /// Yes; conditionally when there is something to ask with.
  case ask(isConditional: Bool)
  /// Not before this moment.
  case wait(until: Timestamp)
}

/// What a feed's answer means for its next poll.
enum Answer: Hashable {
  /// A document that was merged whole.
  case read(ResponseFacts, Validators, bodyHash: String, dates: [Timestamp], PublisherSchedule)
  /// 304.
  case unchanged(ResponseFacts, Validators)
  /// The very bytes of last time, perhaps under other validators.
  case repeated(ResponseFacts, Validators)
  /// A document that may not be concluded from: the next request repeats the last one.
  case unusable(ResponseFacts, reason: String)
  /// 410.
  case gone(ResponseFacts)
  /// 429 or 503.
  case later(ResponseFacts, reason: String)
  /// No document.
  case failed(ResponseFacts?, reason: String)
}

/// Seconds, named.
private enum Span {
  static let hour: Int64 = 3600
  static let day: Int64 = 24 * hour
  /// No feed is asked more often.
  static let floor = hour
  /// The longest own cadence: with the jitter on top it stays below a day, so that a daily run
  /// asks every feed daily.
  static let slowest = 20 * hour
  /// For a feed whose articles have no dates.
  static let undated = 4 * hour
  /// For a feed that gives nothing to ask conditionally with.
  static let withoutValidators = 2 * hour
  /// What is made of a max-age beyond a day, and of failures without end: with the jitter it is
  /// still within the day.
  static let clipped = day - clockStep
  /// The most that is believed of a server's Retry-After.
  static let longestRetry = 7 * day
  /// 429 or 503 without Retry-After.
  static let bareRetry = 4 * hour
  /// Clocks are set right by less than this without anybody noticing.
  static let clockStep: Int64 = 600
  /// 401 and 403 first wait so long.
  static let forbidden = 4 * hour
}

/// Whether a feed may be asked now.
///
/// A server's `Retry-After` binds a person as well. When the last attempt lies in the future the
/// clock was wrong then or is wrong now; waiting for it could take years.
func turn(_ poll: PollState, _ reason: SyncReason, now: Timestamp) -> Turn {
  let isClockBehind = poll.lastAttempt.map { $0 > now.adding(seconds: Span.clockStep) } ?? false
  if let until = poll.retryAfter, until > now, until <= now.adding(seconds: Span.longestRetry) {
    return .wait(until: until)
  }
  if reason == .scheduled, !isClockBehind {
    let due = max(poll.nextDue ?? now, now)
    let until = poll.outsideQuietTime(due, since: poll.nextDue ?? now)
    if until > now { return .wait(until: until) }
  }
  guard reason == .forced, let last = poll.lastForced, !isClockBehind else {
    return .ask(isConditional: reason != .forced)
  }
  return .ask(isConditional: now < last.adding(seconds: Span.day))
}

/// What to remember of a feed after it answered.
///
/// Pure. Validators are replaced as a pair by a document that was merged whole, completed by a
/// 304, and kept through everything else.
///
/// - Parameters:
///   - poll: What was remembered before.
///   - answer: What came.
///   - feed: Spreads feeds of equal cadence: the same feed always gets the same jitter.
///   - now: When the response ended.
/// - Returns: The new state.
func next(_ poll: PollState, after answer: Answer, feed: FeedID, now: Timestamp) -> PollState {
  var next = poll
  next.lastAttempt = now
  next.retryAfter = nil
  next.lastError = nil
  switch answer {
  case .read(let facts, let validators, let bodyHash, let dates, let schedule):
    next.validators = validators.isEmpty ? nil : validators
    next.bodyHash = bodyHash
    next.cadenceSeconds = max(cadence(dates), ttl(schedule))
    next.skipHours = schedule.skipHours
    next.skipDays = schedule.skipDays
    next.succeed(facts, feed, now)
  case .unchanged(let facts, let validators):
    next.validators?.complete(with: validators)
    next.succeed(facts, feed, now)
  case .repeated(let facts, let validators):
    next.validators = validators.isEmpty ? nil : validators
    next.succeed(facts, feed, now)
  case .unusable(let facts, let reason):
    next.lastStatus = facts.status
    next.fail(reason, wait: backoff(poll.failures, from: Span.hour), facts, feed, now)
  case .failed(let facts, let reason):
    next.lastStatus = facts?.status
    let isForbidden = facts?.status == 401 || facts?.status == 403
    let first = isForbidden ? Span.forbidden : Span.hour
    next.fail(reason, wait: backoff(poll.failures, from: first), facts, feed, now)
  case .later(let facts, let reason):
    next.lastStatus = facts.status
    let asked = facts.retryAfterSeconds.map { min($0, Span.longestRetry) } ?? Span.bareRetry
    let wait = max(asked, min(facts.freshForSeconds ?? 0, Span.longestRetry))
    next.fail(reason, wait: max(wait, Span.floor), nil, feed, now)
    next.retryAfter = now.adding(seconds: wait)
  case .gone(let facts):
    next.lastStatus = facts.status
    next.lastError = SyncFailure.gone.description
    next.failures += 1
    next.nextDue = .latest
  }
  return next
}

extension PollState {
  fileprivate mutating func succeed(_ facts: ResponseFacts, _ feed: FeedID, _ now: Timestamp) {
    lastStatus = facts.status
    lastSuccess = now
    failures = 0
    let least = validators == nil ? Span.withoutValidators : Span.floor
    let wait = max(cadenceSeconds ?? Span.undated, fresh(facts), least)
    let due = now.adding(seconds: wait + jitter(feed, wait))
    nextDue = outsideQuietTime(due, since: due)
  }

  /// The first moment from `moment` on that is in no hour and no day that the publisher wants left
  /// out, looked for until a day after `start`.
  ///
  /// A feed that leaves out every hour or every day means something else, and is not believed.
  fileprivate func outsideQuietTime(_ moment: Timestamp, since start: Timestamp) -> Timestamp {
    let hours = Set(skipHours).count < 24 ? skipHours : []
    let days = Set(skipDays).count < 7 ? skipDays : []
    let last = start.adding(seconds: Span.day)
    var found = moment
    while found < last {
      let date = CivilDate(found)
      guard hours.contains(date.hour) || days.contains(date.weekday) else { return found }
      found = found.adding(seconds: Span.hour - found.seconds % Span.hour)
    }
    return max(moment, min(found, last))
  }

  fileprivate mutating func fail(
    _ reason: String,
    wait: Int64,
    _ facts: ResponseFacts?,
    _ feed: FeedID,
    _ now: Timestamp
  ) {
    lastError = reason
    failures += 1
    let wait = max(wait, fresh(facts))
    nextDue = now.adding(seconds: wait + jitter(feed, wait))
  }
}

extension Validators {
  /// A 304 may renew a field and may leave it out (RFC 9110 §15.4.5).
  fileprivate mutating func complete(with renewed: Validators) {
    guard renewed.url == url else { return }
    etag = renewed.etag ?? etag
    lastModified = renewed.lastModified ?? lastModified
  }
}

/// What RSS `<ttl>` asks for, as far as it is believed.
private func ttl(_ schedule: PublisherSchedule) -> Int64 {
  min(Int64(max(0, schedule.ttlMinutes ?? 0)), Span.day / 60) * 60
}

/// Half the median gap between the newest 20 articles, within the floor and the slowest.
private func cadence(_ dates: [Timestamp]) -> Int64 {
  let newest = dates.sorted(by: >).prefix(20).map(\.seconds)
  guard newest.count > 1 else { return Span.undated }
  let gaps = zip(newest, newest.dropFirst()).map { $0 - $1 }.sorted()
  return min(max(gaps[gaps.count / 2] / 2, Span.floor), Span.slowest)
}

/// For how long a server says that its answer stays fresh, as far as it is believed.
private func fresh(_ facts: ResponseFacts?) -> Int64 {
  let seconds = facts?.freshForSeconds ?? 0
  return seconds > Span.day ? Span.clipped : max(0, seconds)
}

/// Doubles with every failure in a row, up to a day.
private func backoff(_ failures: Int, from first: Int64) -> Int64 {
  min(first << Int64(min(failures, 8)), Span.clipped)
}

/// Up to a tenth of the wait, never early.
///
/// A wait of less than a day stays within the day, so that a daily run asks the feed daily, and a
/// longer one is lengthened by minutes at most.
private func jitter(_ feed: FeedID, _ wait: Int64) -> Int64 {
  let hash = feed.hash.utf8.reduce(UInt64(0)) { ($0 &* 31) &+ UInt64($1) }
  let most = min(wait / 10, max(Span.day - wait, Span.clockStep))
  return most * Int64(hash % 1000) / 1000
}
