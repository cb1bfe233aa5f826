import FeedModel

/// The header fields that say when to come back.
struct CacheFields: Hashable, Sendable {
  /// All `Cache-Control` fields, joined by commas.
  var cacheControl: String?
  /// `Age`, in seconds.
  var age: String?
  /// `Expires`.
  var expires: String?
  /// `Date`.
  var date: String?
  /// All `Retry-After` fields, joined by commas.
  var retryAfter: String?
  /// What time it is by our own clock; nil when nobody says.
  var now: Timestamp?

  /// When the response was made: by the server's clock, or else by ours (RFC 9110 §6.6.1).
  var moment: Timestamp? { date.flatMap(readHTTPDate) ?? now }

  /// How long the response is fresh, in seconds (RFC 9111 §4.2); nil when it does not say.
  ///
  /// `max-age` less `Age`, or else `Expires` less `Date`: the server's clock is measured by itself,
  /// and by ours only where it does not tell the time.
  /// An `Expires` that is no date has passed (RFC 9111 §5.3).
  var freshForSeconds: Int64? {
    let directives = Self.directives(cacheControl ?? "")
    if let maxAge = directives["max-age"].flatMap(Self.seconds) {
      return max(0, maxAge - (age.flatMap(Self.seconds) ?? 0))
    }
    if directives["no-cache"] != nil || directives["no-store"] != nil { return 0 }
    guard let expires else { return nil }
    guard let end = readHTTPDate(expires) else { return 0 }
    guard let moment else { return nil }
    return max(0, end.seconds - moment.seconds)
  }

  /// `Retry-After` in seconds (RFC 9110 §10.2.3); nil when absent, past or unreadable.
  ///
  /// There should be one value. Of several, as a proxy may add one, the longest wait counts.
  var retryAfterSeconds: Int64? {
    guard let retryAfter else { return nil }
    var longest: Int64?
    // A date may have a comma after the name of its day.
    var day: Substring?
    for part in retryAfter.split(separator: ",") {
      let wait =
        Self.seconds(String(part)) ?? secondsUntil(part) ?? day.flatMap { secondsUntil($0 + part) }
      if let wait { longest = max(longest ?? 0, wait) }
      day = part + ","
    }
    return longest
  }

  private func secondsUntil(_ date: Substring) -> Int64? {
    guard let end = readHTTPDate(String(date)), let moment, end >= moment else { return nil }
    return min(end.seconds - moment.seconds, Self.secondsMax)
  }

  /// A number of seconds without sign or fraction; what is too large is clipped, not refused.
  private static func seconds(_ text: String) -> Int64? {
    let digits = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
    let end = digits.lastIndex { $0 != 0x20 && $0 != 0x09 }
    guard let end else { return nil }
    var value: Int64 = 0
    for byte in digits[...end] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = min(value * 10 + Int64(byte - UInt8(ascii: "0")), secondsMax)
    }
    return value
  }

  /// A hundred years: far enough that nobody waits for it, and sums of it do not overflow.
  static let secondsMax: Int64 = 100 * 365 * 86_400

  /// The directives by their lower-case names (RFC 9111 §5.2); of two alike the first counts.
  private static func directives(_ field: String) -> [String: String] {
    var directives: [String: String] = [:]
    for part in field.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard let first = pair.first else { continue }
      let name = first.filter { !$0.isWhitespace }.lowercased()
      let value = pair.count > 1 ? pair[1].filter { !$0.isWhitespace && $0 != "\"" } : ""
      if directives[name] == nil { directives[name] = value }
    }
    return directives
  }
}

extension CacheFields {
  /// Takes the fields out of a response.
  init(_ fields: ResponseFields, now: Timestamp?) {
    self.init(
      cacheControl: fields.joined(.cacheControl),
      age: fields.last(.age),
      expires: fields.last(.expires),
      date: fields.last(.date),
      retryAfter: fields.joined(.retryAfter),
      now: now
    )
  }
}
