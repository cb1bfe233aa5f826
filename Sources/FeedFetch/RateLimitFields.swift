import FeedModel

extension RateLimit {
  /// Reads `x-ratelimit-remaining` and `x-ratelimit-reset`, or the same without `x-`; nil when one
  /// is missing or unreadable.
  ///
  /// The reset is written in many ways. A number below a thousand million is of seconds from now
  /// (Reddit), a larger one a moment since 1970 in seconds (GitHub) or milliseconds, and Mastodon
  /// writes a date. A moment is measured by the response's own `Date`, or else by
  /// `now`.
  init?(_ fields: ResponseFields, now: Timestamp?) {
    guard let remaining = fields.last(.rateLimitRemaining).flatMap({ Double($0) }),
      remaining.isFinite, let reset = fields.last(.rateLimitReset)
    else { return nil }
    /// Not finite when nobody says what time it is.
    func seconds(until moment: Double) -> Double {
      guard let start = fields.last(.date).flatMap(readHTTPDate) ?? now else { return .nan }
      return moment - Double(start.seconds)
    }
    let wait: Double
    if let number = Double(reset), number.isFinite {
      switch number {
      case ..<1e9: wait = number
      case ..<1e11: wait = seconds(until: number)
      default: wait = seconds(until: number / 1000)
      }
    } else if let moment = Timestamp(rfc3339: reset) {
      wait = seconds(until: Double(moment.milliseconds) / 1000)
    } else {
      return nil
    }
    guard wait.isFinite else { return nil }
    let limited = min(max(wait, 0), Double(CacheFields.secondsMax))
    self.init(remaining: max(remaining, 0), resetSeconds: Int64(limited.rounded(.up)))
  }
}
