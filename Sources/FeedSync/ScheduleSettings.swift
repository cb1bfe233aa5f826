/// The numbers of the schedule, each in seconds unless it says otherwise.
///
/// The defaults are those of `Documentation/Fetching.md`.
public struct ScheduleSettings: Hashable, Sendable {
  /// No feed is asked more often, unless the person set an interval for it.
  public var floor: Int64 = 3600
  /// The longest own cadence of a feed.
  ///
  /// With the jitter on top it stays below a day, so that a daily run asks every feed daily.
  public var slowest: Int64 = 20 * 3600
  /// For a feed whose articles have no dates.
  public var undated: Int64 = 4 * 3600
  /// For a feed that gives nothing to ask conditionally with.
  public var withoutValidators: Int64 = 2 * 3600
  /// The most that is believed of max-age, Expires and ttl.
  public var longestFreshness: Int64 = 86_400
  /// The most that is believed of Retry-After, and of max-age on 429 and 503.
  public var longestRetry: Int64 = 7 * 86_400
  /// 429 or 503 without Retry-After.
  public var bareRetry: Int64 = 4 * 3600
  /// 401 and 403 first wait so long.
  public var forbidden: Int64 = 4 * 3600
  /// The longest wait after failures; after a week of them, see `longestBackoffLater`.
  public var longestBackoff: Int64 = 86_400
  /// The longest wait of a feed that was not found, or found nobody, or was no feed, for a week.
  public var longestBackoffLater: Int64 = 7 * 86_400
  /// A feed that answers 404 for so long, and so many times, is asked only once in that time.
  public var notFound: Int64 = 30 * 86_400
  /// See `notFound`; a number of polls.
  public var notFoundPolls = 10
  /// Without validators a feed is asked at most once in this time.
  public var forceInterval: Int64 = 86_400
  /// A permanent redirect is believed after it was seen for so long, and so many times.
  public var moveTime: Int64 = 48 * 3600
  /// See `moveTime`; a number of polls.
  public var movePolls = 3
  /// After so many feeds in a row found nobody at a host it is left alone; a number of feeds.
  public var hostSilences = 3

  /// The defaults.
  public init() {}
}
