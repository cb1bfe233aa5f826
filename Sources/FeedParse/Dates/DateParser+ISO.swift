import FeedModel

/// ISO 8601, and RFC 3339 and W3C-DTF, which are parts of it.
extension DateParser {
  /// Whether a text begins as a date of ISO 8601 does.
  ///
  /// In any other text a number of four digits is a year as well: `Mon Nov 2 10:00:00 2026`.
  func startsISO(_ digits: Int) -> Bool {
    switch digits {
    case 4: byte(4).map { Bytes.isOne($0, of: "-/.TtW") } ?? true
    case 7: bytes.count == digits
    case 8, 12, 14: true
    default: false
    }
  }

  mutating func parseISO(_ digits: Int) -> Bool {
    year = number(width: 4)
    if digits == 7 { return parseOrdinal() }
    if digits >= 8 {
      month = number(width: 2)
      day = number(width: 2)
      if digits > 8 { return parseTime() && parseRest() }
    } else if byte(index) == UInt8(ascii: "W") || skip("-/.") {
      if bytes[index - 1] == UInt8(ascii: ".") { skipSpace() }
      guard parseISODay() else { return false }
    }
    guard skip("Tt") || skipSpace() else { return parseRest() }
    skipSpace()
    guard index < bytes.count else { return true }
    // The words for the halves of the day stand before the time.
    if bytes[index] >= 0x80 { return parseWords() }
    return parseTime() && parseRest()
  }

  /// `MM`, `MM-DD`, `DDD`, `Www` or `Www-D` behind the year.
  private mutating func parseISODay() -> Bool {
    if skip("Ww") {
      guard let week = number(width: 2) else { return false }
      _ = skip("-")
      return setWeek(week, weekday: number(width: 1) ?? 1)
    }
    if digitCount(from: index) == 3 { return parseOrdinal() }
    month = number(width: digitCount(from: index) == 1 ? 1 : 2)
    guard month != nil else { return false }
    guard skip("-/.") else { return true }
    let isDotted = bytes[index - 1] == UInt8(ascii: ".")
    if isDotted { skipSpace() }
    day = number(width: digitCount(from: index) == 1 ? 1 : 2)
    if isDotted { _ = skip(".") }
    return day != nil
  }

  /// The day of the year, from 1 (ISO 8601 §5.2.2).
  private mutating func parseOrdinal() -> Bool {
    guard let year, let ordinal = number(width: 3),
      let first = CivilDate.days(year: year, month: 1, day: 1)
    else { return false }
    return setDay(first + ordinal - 1) && self.year == year
  }

  /// ISO 8601 §5.2.3: week 1 holds January 4th, and weeks begin on Monday.
  private mutating func setWeek(_ week: Int, weekday: Int) -> Bool {
    guard let year, (1...53).contains(week), (1...7).contains(weekday),
      let fourth = CivilDate.days(year: year, month: 1, day: 4)
    else { return false }
    let monday = fourth - ((fourth + 3) % 7 + 7) % 7
    return setDay(monday + (week - 1) * 7 + weekday - 1)
  }

  private mutating func setDay(_ days: Int) -> Bool {
    let date = CivilDate(Timestamp(seconds: Int64(days) * 86_400))
    (year, month, day) = (date.year, date.month, date.day)
    return true
  }

  /// What stands behind the day or the time: the zone, and words.
  private mutating func parseRest() -> Bool {
    skipSpace()
    guard let byte = byte(index) else { return true }
    if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
      // Behind it may stand the name of the zone once more.
      return parseOffset() && !bytes[index...].contains(where: Bytes.isDigit)
    }
    if skip("Zz"), index == bytes.count {
      zoneMinutes = 0
      return true
    }
    // A date alone ends here.
    return time != nil && parseWords()
  }
}
