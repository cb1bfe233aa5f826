/// What a person set for one feed, on all machines that share the store.
///
/// What is secret, or would weaken a machine that another one wrote for, is not here: credentials,
/// added fields, proxies and certificates belong to one machine.
public struct FeedSettings: Hashable, Sendable {
  /// Who asks, in place of Rill's own `User-Agent`; register `fetch.user-agent`.
  public var userAgent: String?
  /// HTTP/2 is not offered; register `fetch.http1`.
  public var isHTTP1Only = false
  /// Seconds between polls, in place of the feed's own cadence; register `fetch.interval`.
  ///
  /// The only way to less than the floor.
  public var intervalSeconds: Int64?
  /// For how many days its articles are kept; 0 for ever; register `keep.days`.
  public var keepDays: Int64?
  /// How many of its articles are kept; 0 for all; register `keep.articles`.
  public var keepArticles: Int64?
  /// Its URL came from the network and was never typed; register `fetch.led`.
  ///
  /// So it may not lead to a private address, whatever its name means by now.
  public var isLed = false
  /// Where the feed was before it was moved by a permanent redirect; register `move.from`.
  public var movedFrom: String?
  /// Where it is not to be moved again; register `move.refused`.
  public var refusedMove: String?

  /// Nothing is set.
  public init() {}
}
