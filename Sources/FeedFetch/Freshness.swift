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
  /// `Retry-After`.
  var retryAfter: String?

  /// The longest wait that is taken from `Retry-After`: seven days, in seconds.
  static let retryAfterSecondsMax: Int64 = 7 * 86_400

  /// How long the response is fresh, in seconds (RFC 9111 §4.2); nil when it does not say.
  ///
  /// `max-age` less `Age`, or else `Expires` less `Date`: the server's clock is measured by itself.
  /// An `Expires` that is no date has passed (RFC 9111 §5.3).
  var freshForSeconds: Int64? {
    let directives = Self.directives(cacheControl ?? "")
    if let maxAge = directives["max-age"].flatMap(Self.seconds) {
      return max(0, maxAge - (age.flatMap(Self.seconds) ?? 0))
    }
    if directives["no-cache"] != nil || directives["no-store"] != nil { return 0 }
    guard let expires else { return nil }
    guard let end = readHTTPDate(expires) else { return 0 }
    guard let start = date.flatMap(readHTTPDate) else { return nil }
    return max(0, end.seconds - start.seconds)
  }

  /// `Retry-After` in seconds (RFC 9110 §10.2.3); nil when absent, past or unreadable.
  var retryAfterSeconds: Int64? {
    guard let retryAfter else { return nil }
    if let seconds = Self.seconds(retryAfter) { return min(seconds, Self.retryAfterSecondsMax) }
    guard let end = readHTTPDate(retryAfter), let start = date.flatMap(readHTTPDate),
      end >= start
    else { return nil }
    return min(end.seconds - start.seconds, Self.retryAfterSecondsMax)
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
  private static let secondsMax: Int64 = 100 * 365 * 86_400

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
  init(_ fields: ResponseFields) {
    self.init(
      cacheControl: fields.joined(.cacheControl),
      age: fields.last(.age),
      expires: fields.last(.expires),
      date: fields.last(.date),
      retryAfter: fields.last(.retryAfter)
    )
  }
}
