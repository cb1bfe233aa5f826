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
let clockStep: Int64 = 600

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
  if reason == .scheduled, poll.mayWait(settings, now) {
    let due = max(poll.nextDue ?? now, now)
    let until =
      poll.hasWaitedLongEnough ? due : poll.outsideQuietTime(due, since: poll.nextDue ?? now)
    if until > now { return .wait(until: until, until > due ? .quietTime : poll.wait) }
  }
  guard reason == .forced, let last = poll.lastForced else {
    return .ask(isConditional: reason != .forced)
  }
  return .ask(isConditional: now < last.adding(seconds: settings.forceInterval))
}

extension PollState {
  /// It lies no farther off than any rule would put it.
  ///
  /// A clock that was ahead has written moments that are years away, and not only into feeds that
  /// were asked then.
  fileprivate func mayWait(_ settings: ScheduleSettings, _ now: Timestamp) -> Bool {
    guard let nextDue, nextDue != .latest else { return true }
    let longest =
      wait == .host
      ? settings.longestRetry
      : max(
        settings.notFound,
        settings.longestRetry,
        settings.longestBackoffLater,
        cadenceSeconds ?? 0
      )
    // The person's own interval may be any.
    return wait == .interval || nextDue <= now.adding(seconds: longest + 2 * 86_400)
  }

  /// It was moved out of hours and days that its publisher wants left out, and there was no other
  /// within a day.
  fileprivate var hasWaitedLongEnough: Bool {
    guard wait == .quietTime, let nextDue else { return false }
    return outsideQuietTime(nextDue, since: nextDue) != nextDue
  }

  /// What is remembered, where it was learned of another URL: another machine, or the person, has
  /// moved the feed.
  func forgettingOtherServer(than current: String) -> PollState? {
    guard let url, url != current else { return nil }
    return forgettingServer(hostName(of: url) == hostName(of: current))
  }

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
    poll.move?.since = min(move?.since ?? now, now)
    return poll
  }
}
