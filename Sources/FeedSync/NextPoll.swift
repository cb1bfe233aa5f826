import FeedModel

/// What to remember of a feed after it answered.
///
/// Pure. Validators are replaced as a pair by a document that was merged whole, completed by a
/// 304, and kept through everything else.
///
/// - Parameters:
///   - poll: What was remembered before.
///   - answer: What came.
///   - feed: Spreads feeds of equal cadence: the same feed always gets the same jitter.
///   - interval: Seconds between polls that the person set for the feed.
///   - settings: The numbers of the schedule.
///   - now: When the response ended.
/// - Returns: The new state.
func next(
  _ poll: PollState,
  after answer: Answer,
  feed: FeedID,
  interval: Int64? = nil,
  settings: ScheduleSettings = ScheduleSettings(),
  now: Timestamp
) -> PollState {
  var next = NextPoll(poll, feed, interval, settings, now)
  next.take(answer)
  return next.poll
}

/// A poll's state while an answer is worked in.
private struct NextPoll {
  var poll: PollState
  private let feed: FeedID
  private let interval: Int64?
  private let settings: ScheduleSettings
  private let now: Timestamp

  init(
    _ poll: PollState,
    _ feed: FeedID,
    _ interval: Int64?,
    _ settings: ScheduleSettings,
    _ now: Timestamp
  ) {
    self.poll = poll
    self.feed = feed
    // Another machine may have written any number.
    self.interval = interval.map { min(max($0, leastInterval), longestInterval) }
    self.settings = settings
    self.now = now
  }

  mutating func take(_ answer: Answer) {
    poll.lastAttempt = now
    poll.retryAfter = nil
    poll.lastError = nil
    poll.note = nil
    switch answer {
    case .read(let facts, let validators, let bodyHash, let dates, let schedule):
      poll.validators = validators.isEmpty ? nil : validators
      poll.bodyHash = bodyHash
      poll.lastDocument = now
      poll.skipHours = schedule.skipHours
      poll.skipDays = schedule.skipDays
      measure(dates, schedule)
      succeed(facts)
    case .unchanged(let facts, let validators):
      if let known = poll.validators, known.url == validators.url {
        poll.validators = known.renewed(by: validators)
      }
      succeed(facts)
    case .repeated(let facts, let validators):
      poll.validators = validators.isEmpty ? nil : validators
      poll.lastDocument = now
      succeed(facts)
    case .unusable(let facts, let reason, let trouble): fail(facts, reason, trouble)
    case .failed(let facts, let reason, let trouble): fail(facts, reason, trouble)
    case .later(let facts, let reason): pause(facts, reason)
    case .gone(let facts):
      note(.gone, SyncFailure.gone.description, facts)
      poll.nextDue = .latest
      poll.wait = .gone
    }
  }

  // MARK: Success

  /// How often the feed brings news, and how often its publisher wants it asked.
  private mutating func measure(_ dates: [Timestamp], _ schedule: PublisherSchedule) {
    let newest = dates.map { min($0, now) }.sorted(by: >).prefix(20)
    let gaps = zip(newest, newest.dropFirst()).map { $0.seconds - $1.seconds }.sorted()
    poll.gapSeconds = gaps.isEmpty ? nil : gaps[gaps.count / 2]
    poll.newestArticle = newest.first
    // A feed that is over is asked now and then all the same: its publisher may think again.
    poll.cadenceSeconds =
      schedule.isOver ? settings.slowest : max(ownCadence, ttl(schedule))
  }

  /// Half the median gap between the newest 20 articles, within the floor and the slowest.
  private var ownCadence: Int64 {
    guard let gap = poll.gapSeconds else { return settings.undated }
    return min(max(gap / 2, settings.floor), settings.slowest)
  }

  /// What RSS `<ttl>` asks for, as far as it is believed.
  private func ttl(_ schedule: PublisherSchedule) -> Int64 {
    let most = settings.longestFreshness / 60
    return min(Int64(max(0, schedule.ttlMinutes ?? 0)), most) * 60
  }

  private mutating func succeed(_ facts: ResponseFacts) {
    poll.lastStatus = facts.status
    poll.lastSuccess = now
    poll.failures = 0
    poll.failingSince = nil
    poll.trouble = nil
    let cadence = poll.cadenceSeconds ?? settings.undated
    var wait = cadence
    poll.wait = cadence > ownCadence && cadence != settings.slowest ? .ttl : .cadence
    if let interval {
      // The person's word beats the feed's own habit, and not the server's.
      wait = interval
      poll.wait = .interval
    } else {
      wait = max(wait, settings.floor, poll.validators == nil ? settings.withoutValidators : 0)
    }
    let fresh = fresh(facts)
    if fresh > wait {
      wait = fresh
      poll.wait = .freshness
    }
    let due = now.adding(seconds: wait + jitter(wait))
    poll.nextDue = poll.outsideQuietTime(due, since: due)
    if poll.nextDue != due { poll.wait = .quietTime }
  }

  /// For how long a server says that its answer stays fresh, as far as it is believed.
  private mutating func fresh(_ facts: ResponseFacts?) -> Int64 {
    let seconds = facts?.freshForSeconds ?? 0
    guard seconds > settings.longestFreshness else { return max(0, seconds) }
    poll.note =
      "The server calls its answer fresh for \(span(seconds)); "
      + "no more than \(span(settings.longestFreshness)) of it is believed."
    // With the jitter it is still within the time that is believed.
    return settings.longestFreshness - min(clockStep, settings.longestFreshness / 10)
  }

  // MARK: Failure

  /// Counts a failure.
  private mutating func note(_ trouble: Trouble, _ reason: String, _ facts: ResponseFacts?) {
    let wasNotFound = wasNotFound
    poll.lastStatus = facts?.status
    poll.lastError = reason
    // How long, and how often, a feed was not found is not counted from some other trouble on.
    if poll.failures == 0 || wasNotFound != (trouble == .notFound) {
      poll.failingSince = now
      poll.failures = 0
    }
    poll.trouble = trouble
    poll.failures += 1
  }

  /// The polls before this one said 404.
  private var wasNotFound: Bool {
    poll.trouble == .notFound || poll.trouble == .gone && poll.lastStatus == 404
  }

  private mutating func fail(_ facts: ResponseFacts?, _ reason: String, _ trouble: Trouble) {
    note(trouble, reason, facts)
    let before = poll.failures - 1
    let failing = now.seconds - (poll.failingSince ?? now).seconds
    poll.wait = .backoff
    var wait: Int64
    if trouble == .notFound, failing >= settings.notFound, before + 1 >= settings.notFoundPolls {
      wait = settings.notFound
      poll.wait = .notFound
      poll.trouble = .gone
    } else if trouble == .blocked {
      wait = backoff(before, from: settings.forbidden, most: settings.longestRetry)
    } else {
      let isOld = failing >= 7 * 86_400 && mayWaitForDays(trouble, facts)
      let most = isOld ? settings.longestBackoffLater : settings.longestBackoff
      wait = backoff(before, from: max(settings.floor, 60), most: most - clockStep)
    }
    let fresh = fresh(facts)
    if fresh > wait {
      wait = fresh
      poll.wait = .freshness
    }
    // Some say it with 403 or 500.
    if let said = facts?.retryAfterSeconds.map({ min($0, settings.longestRetry) }) {
      poll.retryAfter = now.adding(seconds: said)
      if said > wait {
        wait = said
        poll.wait = .retryAfter
      }
    }
    poll.nextDue = now.adding(seconds: wait + jitter(wait))
  }

  /// An error of a server passes; a name, a page or a certificate that was wrong for a week is
  /// likely to stay so.
  private func mayWaitForDays(_ trouble: Trouble, _ facts: ResponseFacts?) -> Bool {
    switch trouble {
    case .notFound, .unreachable, .certificate: true
    case .broken: facts.map { (200..<300).contains($0.status) } ?? false
    case .blocked, .rateLimited, .gone: false
    }
  }

  /// 429 and 503.
  private mutating func pause(_ facts: ResponseFacts, _ reason: String) {
    note(.rateLimited, reason, facts)
    let said = facts.askedSeconds
    let wait = facts.pauseSeconds(settings)
    // A bare 503 is no word about when to come back: a person may try.
    if facts.status == 429 || said != nil || wait > settings.bareRetry {
      poll.retryAfter = now.adding(seconds: wait)
    }
    if let said, said >= settings.longestRetry {
      poll.note =
        "The server wants to be left alone for \(span(settings.longestRetry)) or longer; "
        + "no more of it is believed."
    }
    poll.wait = .retryAfter
    let least = max(wait, settings.floor)
    poll.nextDue = now.adding(seconds: least + jitter(least))
  }

  /// Doubles with every failure in a row.
  private func backoff(_ failures: Int, from first: Int64, most: Int64) -> Int64 {
    min(first << Int64(min(failures, 12)), max(most, first))
  }

  /// Up to a tenth of the wait, never early.
  ///
  /// A wait of less than a day stays within the day, so that a daily run asks the feed daily, and
  /// a longer one is lengthened by minutes at most.
  private func jitter(_ wait: Int64) -> Int64 {
    let hash = feed.hash.utf8.reduce(UInt64(0)) { ($0 &* 31) &+ UInt64($1) }
    let most = min(wait / 10, max(86_400 - wait, clockStep))
    return most * Int64(hash % 1000) / 1000
  }
}

extension ResponseFacts {
  /// After how many seconds the server wants to be asked again, by its own word.
  var askedSeconds: Int64? { retryAfterSeconds ?? rateLimit?.resetSeconds }

  /// How many seconds a server that says 429 or 503 is left alone.
  func pauseSeconds(_ settings: ScheduleSettings) -> Int64 {
    let asked = max(askedSeconds ?? settings.bareRetry, freshForSeconds ?? 0)
    return min(asked, settings.longestRetry)
  }
}

/// No person may have a feed asked more often than this, in seconds.
let leastInterval: Int64 = 60

/// A year, in seconds: who wants a feed asked less often wants it not at all.
private let longestInterval: Int64 = 366 * 86_400

/// A length of time in words, in its largest unit.
private func span(_ seconds: Int64) -> String {
  let units: [(Int64, String)] = [
    (365 * 86_400, "year"), (86_400, "day"), (3600, "hour"), (60, "minute"),
  ]
  // A day is said in hours, and two days in days.
  let (unit, name) = units.first { seconds >= 2 * $0.0 } ?? (1, "second")
  return "\(seconds / unit) \(name)s"
}
