import FeedModel

/// The two forms that nearly every date has, read without looking any further.
///
/// What is not exactly one of them is read the long way, which gives the same for these.
extension DateParser {
  /// Reads `Mon, 23 Nov 2026 10:00:00 +0100` (RFC 1123) or `2026-11-23T10:00:00.5+01:00`
  /// (RFC 3339), with `GMT` or `Z` as well; nil for any other form, and for what is no date.
  static func plainTimestamp(_ bytes: Span<UInt8>) -> Timestamp? {
    guard bytes.count >= 20 else { return nil }
    return Bytes.isDigit(bytes[0]) ? internetTimestamp(bytes) : mailTimestamp(bytes)
  }

  private static func internetTimestamp(_ bytes: Span<UInt8>) -> Timestamp? {
    guard let century = number(bytes, 0), let years = number(bytes, 2), isOne("-", bytes, 4),
      let month = number(bytes, 5), isOne("-", bytes, 7), let day = number(bytes, 8),
      isOne("T", bytes, 10), let time = time(bytes, 11)
    else { return nil }
    var index = 19
    var millisecond = 0
    if isOne(".", bytes, index) {
      var weight = 100
      index += 1
      while index < bytes.count, Bytes.isDigit(bytes[index]), index < 32 {
        millisecond += Int(bytes[index] - 0x30) * weight
        weight /= 10
        index += 1
      }
      guard index > 20 else { return nil }
    }
    var offset = 0
    if isOne("Z", bytes, index) {
      index += 1
    } else if isOne("+", bytes, index) || isOne("-", bytes, index) {
      guard let hours = number(bytes, index + 1), isOne(":", bytes, index + 3),
        let minutes = number(bytes, index + 4), hours < 24, minutes < 60
      else { return nil }
      offset = seconds(bytes[index], hours, minutes)
      index += 6
    } else {
      return nil
    }
    guard index == bytes.count else { return nil }
    return moment(century * 100 + years, month, day, time - offset, millisecond)
  }

  private static func mailTimestamp(_ bytes: Span<UInt8>) -> Timestamp? {
    guard Bytes.isLetter(bytes[0]), Bytes.isLetter(bytes[1]), Bytes.isLetter(bytes[2]),
      isOne(",", bytes, 3), isOne(" ", bytes, 4), bytes.count >= 29, let day = number(bytes, 5),
      isOne(" ", bytes, 7), let month = month(bytes, 8), isOne(" ", bytes, 11),
      let century = number(bytes, 12), let years = number(bytes, 14), isOne(" ", bytes, 16),
      let time = time(bytes, 17), isOne(" ", bytes, 25)
    else { return nil }
    var offset = 0
    if bytes.count == 29 {
      guard isOne("G", bytes, 26), isOne("M", bytes, 27), isOne("T", bytes, 28) else { return nil }
    } else {
      guard bytes.count == 31, isOne("+", bytes, 26) || isOne("-", bytes, 26),
        let hours = number(bytes, 27), let minutes = number(bytes, 29), hours < 24, minutes < 60
      else { return nil }
      offset = seconds(bytes[26], hours, minutes)
    }
    return moment(century * 100 + years, month, day, time - offset, 0)
  }

  private static func moment(
    _ year: Int,
    _ month: Int,
    _ day: Int,
    _ seconds: Int,
    _ millisecond: Int
  ) -> Timestamp? {
    guard year > 0, let days = CivilDate.days(year: year, month: month, day: day) else {
      return nil
    }
    return Timestamp(milliseconds: Int64(days * 86_400 + seconds) * 1000 + Int64(millisecond))
  }

  /// `hh:mm:ss` as seconds; nil where the long way has to look.
  private static func time(_ bytes: Span<UInt8>, _ index: Int) -> Int? {
    guard let hour = number(bytes, index), isOne(":", bytes, index + 2),
      let minute = number(bytes, index + 3), isOne(":", bytes, index + 5),
      let second = number(bytes, index + 6), hour < 24, minute < 60, second < 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  private static func seconds(_ sign: UInt8, _ hours: Int, _ minutes: Int) -> Int {
    (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
  }

  /// Three letters of English.
  private static func month(_ bytes: Span<UInt8>, _ index: Int) -> Int? {
    let names: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
    for month in 0..<12 {
      let name = unsafe names.utf8Start + month * 3
      if unsafe bytes[index] == name[0] && bytes[index + 1] == name[1]
        && bytes[index + 2] == name[2]
      {
        return month + 1
      }
    }
    return nil
  }

  /// Two digits; nil when they are not there.
  private static func number(_ bytes: Span<UInt8>, _ index: Int) -> Int? {
    guard index + 1 < bytes.count, Bytes.isDigit(bytes[index]), Bytes.isDigit(bytes[index + 1])
    else { return nil }
    return Int(bytes[index] - 0x30) * 10 + Int(bytes[index + 1] - 0x30)
  }

  private static func isOne(
    _ character: Unicode.Scalar,
    _ bytes: Span<UInt8>,
    _ index: Int
  )
    -> Bool
  {
    index < bytes.count && bytes[index] == UInt8(ascii: character)
  }
}
