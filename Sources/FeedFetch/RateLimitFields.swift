import FeedModel

extension RateLimit {
  /// Reads `x-ratelimit-remaining` and `x-ratelimit-reset`, or the same without `x-`; nil when one
  /// is missing or unreadable.
  ///
  /// The reset is written in many ways. A number below a thousand million is of seconds from now
  /// (Reddit), a larger one a moment since 1970 in seconds (GitHub) or milliseconds, and Mastodon
  /// writes a date. A moment is measured by the response's own `Date`.
  init?(_ fields: ResponseFields) {
    guard let remaining = fields.last(.rateLimitRemaining).flatMap({ Double($0) }),
      remaining.isFinite, let reset = fields.last(.rateLimitReset)
    else { return nil }
    let seconds: Double
    if let number = Double(reset), number.isFinite {
      switch number {
      case ..<1e9: seconds = number
      case ..<1e11: seconds = Self.seconds(until: number, fields)
      default: seconds = Self.seconds(until: number / 1000, fields)
      }
    } else if let moment = Timestamp(rfc3339: reset) {
      seconds = Self.seconds(until: Double(moment.milliseconds) / 1000, fields)
    } else {
      return nil
    }
    guard seconds.isFinite else { return nil }
    let limited = min(max(seconds, 0), Double(CacheFields.retryAfterSecondsMax))
    self.init(remaining: max(remaining, 0), resetSeconds: Int64(limited.rounded(.up)))
  }

  /// Not finite when the response does not say what time it is.
  private static func seconds(until moment: Double, _ fields: ResponseFields) -> Double {
    guard let date = fields.last(.date).flatMap(readHTTPDate) else { return .nan }
    return moment - Double(date.seconds)
  }
}
