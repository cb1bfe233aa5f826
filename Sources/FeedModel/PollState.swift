/// What is remembered about polling one feed, on this machine alone.
///
/// Losing it costs one unconditional request, nothing more.
public struct PollState: Hashable, Sendable {
  /// What to ask with next time; nil asks unconditionally.
  public var validators: Validators?
  /// Not before this moment; nil means now.
  public var nextDue: Timestamp?
  /// A server's own word that forbids any request before this moment, a forced one too.
  public var retryAfter: Timestamp?
  /// When the feed was last asked.
  public var lastAttempt: Timestamp?
  /// When it last answered with a feed or with 304.
  public var lastSuccess: Timestamp?
  /// When it was last asked without validators although there were some.
  public var lastForced: Timestamp?
  /// The status of the last answer; nil when there was none.
  public var lastStatus: Int?
  /// One sentence on what went wrong last; nil after a success.
  public var lastError: String?
  /// How many times in a row it failed.
  public var failures = 0
  /// Seconds between polls by the feed's own cadence; nil before the first success.
  public var cadenceSeconds: Int64?
  /// Hours of the day, UTC, in which the publisher wants no poll: RSS `<skipHours>`.
  public var skipHours: [Int] = []
  /// Days of the week, UTC, 0 is Sunday, likewise: RSS `<skipDays>`.
  public var skipDays: [Int] = []
  /// A hash of the last body that was merged whole.
  public var bodyHash: String?

  /// A feed that was never asked.
  public init() {}
}
