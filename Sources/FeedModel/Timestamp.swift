/// A moment: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Always between the years 0001 and 9999, so that its written form is a valid RFC 3339 date.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  /// The earliest moment, 0001-01-01T00:00:00Z.
  public static let earliest = Timestamp(milliseconds: -62_135_596_800_000)
  /// The latest moment, 9999-12-31T23:59:59.999Z.
  public static let latest = Timestamp(milliseconds: 253_402_300_799_999)

  /// Clamps to the years 0001 to 9999.
  public init(milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
  }

  /// Clamps to the years 0001 to 9999.
  public init(seconds: Int64) {
    let clamped = min(max(seconds, -62_135_596_800), 253_402_300_799)
    self.init(milliseconds: clamped * 1000)
  }

  /// Whole seconds since 1970, rounded towards the past.
  public var seconds: Int64 {
    milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
  }

  /// This moment moved by whole seconds, clamped.
  public func adding(seconds: Int64) -> Timestamp {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return seconds < 0 ? .earliest : .latest }
    return adding(milliseconds: product)
  }

  /// This moment moved by milliseconds, clamped.
  public func adding(milliseconds delta: Int64) -> Timestamp {
    let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
    guard !overflow else { return delta < 0 ? .earliest : .latest }
    return Timestamp(milliseconds: sum)
  }

  /// The earlier moment comes first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, with milliseconds only when there are any: `2026-11-22T08:06:51Z`.
  public var description: String { rfc3339(milliseconds: milliseconds % 1000 != 0) }

  /// RFC 3339 in UTC.
  ///
  /// With milliseconds it is always 24 characters, and comparing the bytes compares the moments.
  public func rfc3339(milliseconds withMilliseconds: Bool) -> String {
    let date = CivilDate(self)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    func put(_ value: Int, _ width: Int, _ separator: Unicode.Scalar?) {
      var divisor = 1
      for _ in 1..<width { divisor *= 10 }
      while divisor > 0 {
        text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
        divisor /= 10
      }
      if let separator { text.append(UInt8(ascii: separator)) }
    }
    put(date.year, 4, "-")
    put(date.month, 2, "-")
    put(date.day, 2, "T")
    put(date.hour, 2, ":")
    put(date.minute, 2, ":")
    put(date.second, 2, withMilliseconds ? "." : nil)
    if withMilliseconds { put(date.millisecond, 3, nil) }
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads an RFC 3339 date-time (§5.6); nil for anything else.
  ///
  /// Fractions beyond milliseconds are cut; `:60` is read as the following second. Inlinable, since
  /// every line of a store has one.
  @inlinable public init?(rfc3339 text: some StringProtocol) {
    var bytes = Array(text.utf8)[...]
    func number(_ width: Int) -> Int? {
      guard bytes.count >= width else { return nil }
      var value = 0
      for byte in bytes.prefix(width) {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      bytes = bytes.dropFirst(width)
      return value
    }
    func skip(_ characters: String) -> Bool {
      guard let byte = bytes.first, characters.utf8.contains(byte) else { return false }
      bytes = bytes.dropFirst()
      return true
    }
    guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
      skip("Tt "), let hour = number(2), skip(":"), let minute = number(2), skip(":"),
      let second = number(2)
    else { return nil }
    var fraction = 0
    if skip(".") {
      var digits = 0
      while let digit = number(1) {
        if digits < 3 { fraction = fraction * 10 + digit }
        digits += 1
      }
      guard digits > 0 else { return nil }
      for _ in 0..<max(0, 3 - digits) { fraction *= 10 }
    }
    var offsetMinutes = 0
    if !skip("Zz") {
      let isWest = bytes.first == UInt8(ascii: "-")
      guard skip("+-"), let hours = number(2), skip(":"), let minutes = number(2), hours < 24,
        minutes < 60
      else { return nil }
      offsetMinutes = (hours * 60 + minutes) * (isWest ? -1 : 1)
    }
    guard bytes.isEmpty, hour < 24, minute < 60, second <= 60,
      let days = CivilDate.days(year: year, month: month, day: day)
    else { return nil }
    let secondsOfDay = hour * 3600 + minute * 60 + second - offsetMinutes * 60
    self.init(milliseconds: Int64(days * 86_400 + secondsOfDay) * 1000 + Int64(fraction))
  }
}
