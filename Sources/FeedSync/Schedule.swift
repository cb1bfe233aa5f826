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
  case wait(until: Timestamp, WaitReason?)
}

/// What a feed's answer means for its next poll.
enum Answer: Hashable {
  /// A document that was merged whole.
  case read(ResponseFacts, Validators, bodyHash: String, dates: [Timestamp], PublisherSchedule)
  /// 304, or a document of which only what is new was sent.
  case unchanged(ResponseFacts, Validators)
  /// The very bytes of last time, perhaps under other validators.
  case repeated(ResponseFacts, Validators)
  /// A document that may not be concluded from: the next request repeats the last one.
  case unusable(ResponseFacts, reason: String, trouble: Trouble = .broken)
  /// 410.
  case gone(ResponseFacts)
  /// 429 or 503.
  case later(ResponseFacts, reason: String)
  /// No document.
  case failed(ResponseFacts?, reason: String, trouble: Trouble = .broken)
}

/// Clocks are set right by less than this, in seconds, without anybody noticing.
private let clockStep: Int64 = 600

/// Whether a feed may be asked now.
///
/// A server's `Retry-After` binds a person as well.
func turn(
  _ poll: PollState,
  _ reason: SyncReason,
  settings: ScheduleSettings = ScheduleSettings(),
  now: Timestamp
) -> Turn {
  if let until = poll.retryAfter, until > now, until <= now.adding(seconds: settings.longestRetry) {
    return .wait(until: until, .retryAfter)
  }
  if reason == .scheduled {
    let due = max(poll.nextDue ?? now, now)
    let until = poll.outsideQuietTime(due, since: poll.nextDue ?? now)
    if until > now { return .wait(until: until, until > due ? .quietTime : poll.wait) }
  }
  guard reason == .forced, let last = poll.lastForced else {
    return .ask(isConditional: reason != .forced)
  }
  return .ask(isConditional: now < last.adding(seconds: settings.forceInterval))
}

extension PollState {
  /// What is remembered, told in the time of a clock that was set back.
  ///
  /// When the last attempt lies in the future the clock was wrong then or is wrong now. Waiting
  /// for it could take years, and asking at once could be asking twice: so all is moved back by as
  /// much, and the feed waits as long as it would have.
  ///
  /// - Parameter now: The time of the clock.
  /// - Returns: Nil when the clock was not set back.
  func rebased(to now: Timestamp) -> PollState? {
    guard let last = lastAttempt, last > now.adding(seconds: clockStep) else { return nil }
    let shift = now.milliseconds - last.milliseconds
    func moved(_ moment: Timestamp?) -> Timestamp? {
      moment.map { $0 == .latest ? $0 : $0.adding(milliseconds: shift) }
    }
    var poll = self
    poll.lastAttempt = now
    poll.nextDue = moved(nextDue)
    poll.retryAfter = moved(retryAfter)
    poll.lastForced = moved(lastForced)
    poll.lastSuccess = lastSuccess.map { min($0, now) }
    poll.lastDocument = lastDocument.map { min($0, now) }
    poll.failingSince = failingSince.map { min($0, now) }
    return poll
  }
}
