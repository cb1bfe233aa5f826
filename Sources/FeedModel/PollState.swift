/// What is remembered about polling one feed, on this machine alone.
///
/// Losing it costs one unconditional request, nothing more.
public struct PollState: Hashable, Sendable {
  /// Where the feed was when all this was learned; nil when it was never asked.
  public var url: String?
  /// What to ask with next time; nil asks unconditionally.
  public var validators: Validators?
  /// Not before this moment; nil means now.
  public var nextDue: Timestamp?
  /// What `nextDue` follows from; nil when the feed was never asked.
  public var wait: WaitReason?
  /// A server's own word that forbids any request before this moment, a forced one too.
  public var retryAfter: Timestamp?
  /// When the feed was last asked.
  public var lastAttempt: Timestamp?
  /// When it last answered with a feed or with 304.
  public var lastSuccess: Timestamp?
  /// When it last brought a whole document, new or not.
  public var lastDocument: Timestamp?
  /// When it was last asked without validators although there were some.
  public var lastForced: Timestamp?
  /// The status of the last answer; nil when there was none.
  public var lastStatus: Int?
  /// One sentence on what went wrong last; nil after a success.
  public var lastError: String?
  /// What kind of thing went wrong last; nil after a success.
  public var trouble: Trouble?
  /// How many times in a row it failed.
  public var failures = 0
  /// When the first of these failures was; nil after a success.
  public var failingSince: Timestamp?
  /// Something to know about the last answer that is no failure, in one sentence.
  public var note: String?
  /// Seconds between polls by the feed's own cadence; nil before the first success.
  public var cadenceSeconds: Int64?
  /// The median of the gaps between its newest articles, in seconds; nil when they have no dates.
  public var gapSeconds: Int64?
  /// The date of its newest article, never later than the moment at which it was seen.
  public var newestArticle: Timestamp?
  /// Hours of the day, UTC, in which the publisher wants no poll: RSS `<skipHours>`.
  public var skipHours: [Int] = []
  /// Days of the week, UTC, 0 is Sunday, likewise: RSS `<skipDays>`.
  public var skipDays: [Int] = []
  /// A hash of the last body that was merged whole.
  public var bodyHash: String?
  /// A permanent redirect that was seen and is not believed yet.
  public var move: PermanentMove?
  /// WebSub: where a server may subscribe to the feed.
  public var hub: String?
  /// WebSub: what the hub calls the feed.
  public var topic: String?
  /// The last answers, as far as they were alike.
  public var streak: PollStreak?

  /// A feed that was never asked.
  public init() {}
}

/// What the time of the next poll follows from.
public enum WaitReason: String, Hashable, Sendable, CaseIterable {
  /// How often the feed brings news.
  case cadence
  /// What the person set for it.
  case interval
  /// `Cache-Control: max-age` or `Expires`.
  case freshness = "max-age"
  /// RSS `<ttl>`.
  case ttl
  /// RSS `<skipHours>` or `<skipDays>`.
  case quietTime = "skip"
  /// `Retry-After`, or 429 or 503 without one.
  case retryAfter = "retry-after"
  /// Failures in a row.
  case backoff
  /// What its host said to another feed.
  case host
  /// It is not asked by itself any more: 410.
  case gone
  /// It was not found for so long that it is asked only now and then.
  case notFound = "not-found"
}

/// What kind of thing went wrong with a feed.
public enum Trouble: String, Hashable, Sendable, CaseIterable {
  /// No address, no connection, no answer in time, or a connection that broke.
  case unreachable
  /// A certificate or a handshake that was refused.
  case certificate
  /// 401, 403, 451, a challenge or a login page.
  case blocked
  /// 429 or 503.
  case rateLimited = "rate-limited"
  /// 410, or 404 for very long.
  case gone
  /// 404.
  case notFound = "not-found"
  /// Any other answer that brings no feed: an error, a page, a document that cannot be read.
  case broken
}

/// A permanent redirect of a feed, and how often it was met.
public struct PermanentMove: Hashable, Sendable {
  /// Where it leads: the end of the redirects that are all permanent.
  public var target: String
  /// When it was first seen.
  public var since: Timestamp
  /// How many polls in a row saw it.
  public var polls: Int

  /// Describes a move.
  public init(target: String, since: Timestamp, polls: Int) {
    self.target = target
    self.since = since
    self.polls = polls
  }
}

/// Answers in a row that were alike.
public struct PollStreak: Hashable, Sendable {
  /// When the first of them came.
  public var since: Timestamp
  /// When the last of them came.
  public var until: Timestamp
  /// How many there were.
  public var count: Int
  /// The status; nil when there was no answer.
  public var status: Int?
  /// What came of it, in a few words.
  public var words: String
  /// Bytes over the wire of the last of them.
  public var wireBytes: Int
  /// How long the last of them took.
  public var elapsedMilliseconds: Int

  /// Describes one answer.
  public init(
    at moment: Timestamp,
    status: Int?,
    words: String,
    wireBytes: Int = 0,
    elapsedMilliseconds: Int = 0
  ) {
    since = moment
    until = moment
    count = 1
    self.status = status
    self.words = words
    self.wireBytes = wireBytes
    self.elapsedMilliseconds = elapsedMilliseconds
  }
}

/// What is remembered about one host name, on this machine alone.
public struct HostState: Hashable, Sendable {
  /// Nobody asks it before this moment.
  public var parkedUntil: Timestamp
  /// Why, in one sentence.
  public var reason: String
  /// How many times in a row it was parked because nobody was found there.
  public var silences: Int
  /// Its own word parked it (429, a used-up limit): a person may not ask either.
  public var isBinding: Bool
  /// How many feeds of it are asked in one run, learned from a 429 that followed so many answers;
  /// nil where nothing was learned.
  public var feedsPerRun: Int?

  /// Describes a host that is left alone.
  public init(
    parkedUntil: Timestamp,
    reason: String,
    silences: Int = 0,
    isBinding: Bool,
    feedsPerRun: Int? = nil
  ) {
    self.parkedUntil = parkedUntil
    self.reason = reason
    self.silences = silences
    self.isBinding = isBinding
    self.feedsPerRun = feedsPerRun
  }
}
