import FeedModel

/// Reads a date in any of the forms that feeds write.
///
/// RFC 822 and RFC 1123 with their wild variants, RFC 3339 and W3C-DTF with their partial forms,
/// asctime, and seconds since 1970. What can mean two days means none: no guess is made, and never
/// "now". A date without a zone is in UTC.
struct DateParser {
  private let bytes: [UInt8]
  private var index = 0
  private var year: Int?
  private var month: Int?
  private var day: Int?
  private var time: (hour: Int, minute: Int, second: Int, millisecond: Int)?
  private var zoneMinutes: Int?
  private var isAfternoon: Bool?

  /// Reads a date; nil when there is none, or no such day.
  static func timestamp(_ text: some StringProtocol) -> Timestamp? {
    var parser = DateParser(Array(text.utf8))
    return parser.parse()
  }

  private init(_ bytes: [UInt8]) { self.bytes = Array(bytes.trimmed.prefix(100)) }

  private mutating func parse() -> Timestamp? {
    let digits = digitCount(from: 0)
    if digits == bytes.count, digits != 8, digits != 4, digits != 14 { return sinceEpoch() }
    // In any other text a number of four digits is a year as well: `Mon Nov 2 10:00:00 2026`.
    let isISO =
      digits == 8 || digits == 14
      || (digits == 4 && (bytes.count == 4 || byte(4).map { "-/.T".utf8.contains($0) } == true))
    guard isISO ? parseISO(digits) : parseWords() else { return nil }
    return moment()
  }

  /// Seconds since 1970, or milliseconds when there are 12 digits and more.
  private func sinceEpoch() -> Timestamp? {
    guard (9...14).contains(bytes.count),
      let number = Int64(String(decoding: bytes, as: UTF8.self))
    else { return nil }
    return bytes.count < 12 ? Timestamp(seconds: number) : Timestamp(milliseconds: number)
  }

  // MARK: ISO 8601, RFC 3339, W3C-DTF

  private mutating func parseISO(_ digits: Int) -> Bool {
    year = number(width: 4)
    if digits >= 8 {
      month = number(width: 2)
      day = number(width: 2)
      if digits == 14 { return parseBareTime() }
    } else if skip("-/.") {
      guard parseISODay() else { return false }
    }
    guard skip("Tt") || skipSpace() else { return index == bytes.count }
    skipSpace()
    guard index < bytes.count else { return true }
    return parseTime() && parseRest()
  }

  /// `MM`, `MM-DD`, `DDD`, `Www` or `Www-D` behind the year.
  private mutating func parseISODay() -> Bool {
    if skip("Ww") {
      guard let week = number(width: 2) else { return false }
      _ = skip("-")
      return setWeek(week, weekday: number(width: 1) ?? 1)
    }
    if digitCount(from: index) == 3 {
      guard let year, let ordinal = number(width: 3),
        let first = CivilDate.days(year: year, month: 1, day: 1)
      else { return false }
      return setDay(first + ordinal - 1) && self.year == year
    }
    month = number(width: digitCount(from: index) == 1 ? 1 : 2)
    guard month != nil else { return false }
    if skip("-/.") {
      day = number(width: digitCount(from: index) == 1 ? 1 : 2)
      return day != nil
    }
    return true
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

  /// `hhmmss` without separators.
  private mutating func parseBareTime() -> Bool {
    guard let hour = number(width: 2), let minute = number(width: 2), let second = number(width: 2)
    else { return false }
    time = (hour, minute, second, 0)
    return parseRest()
  }

  // MARK: RFC 822, RFC 1123, asctime, and what people write

  private mutating func parseWords() -> Bool {
    while index < bytes.count {
      let byte = bytes[index]
      if Bytes.isDigit(byte) {
        guard parseNumber() else { return false }
      } else if Bytes.isLetter(byte) {
        guard parseWord() else { return false }
      } else if byte == UInt8(ascii: "("), year != nil {
        // A comment (RFC 5322 §3.2.2): the name of the zone once more.
        return true
      } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), time != nil,
        digitCount(from: index + 1) >= 2, zoneMinutes == nil || zoneMinutes == 0
      {
        guard parseOffset() else { return false }
      } else {
        index += 1
      }
    }
    return true
  }

  /// A day, a year or a time of day, by what stands around it.
  private mutating func parseNumber() -> Bool {
    let digits = digitCount(from: index)
    let next = byte(index + digits)
    if next == UInt8(ascii: ":"), time == nil { return parseTime() }
    if next == UInt8(ascii: "/"), month == nil { return parseSlashes() }
    guard digits <= 4, let value = number(width: digits) else { return false }
    if digits <= 2, day == nil, value >= 1, value <= 31 {
      day = value
      // `2nd`, `3rd`, `4th`.
      while index < bytes.count, Bytes.isLetter(bytes[index]), month == nil || time == nil,
        isOrdinalEnding()
      { index += 2 }
    } else if year == nil {
      // RFC 5322 §4.3.
      switch digits {
      case 4: year = value
      case 3: year = 1900 + value
      case 2: year = value < 50 ? 2000 + value : 1900 + value
      default: return false
      }
    } else if time == nil, digits == 4, value / 100 < 24 {
      time = (value / 100, value % 100, 0, 0)
    } else {
      return false
    }
    return true
  }

  private func isOrdinalEnding() -> Bool {
    guard index + 1 < bytes.count else { return false }
    let ending = String(decoding: bytes[index...index + 1], as: UTF8.self).lowercased()
    return ["st", "nd", "rd", "th"].contains(ending)
      && (byte(index + 2).map { !Bytes.isLetter($0) } ?? true)
  }

  /// `11/22/2026` and `22/11/2026`, where only one of the two readings is a date.
  private mutating func parseSlashes() -> Bool {
    guard let first = number(width: digitCount(from: index)), skip("/"),
      let second = number(width: digitCount(from: index)), skip("/"),
      digitCount(from: index) == 4, let last = number(width: 4)
    else { return false }
    guard first == second || first > 12 || second > 12 else { return false }
    year = last
    (day, month) = first > 12 ? (first, second) : (second, first)
    return true
  }

  private mutating func parseWord() -> Bool {
    let start = index
    while index < bytes.count, Bytes.isLetter(bytes[index]) { index += 1 }
    let word = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
    if time != nil, word == "am" || word == "pm" {
      isAfternoon = word == "pm"
    } else if word.count >= 3, month == nil,
      let place = Self.months.firstIndex(where: { word.hasPrefix($0) })
    {
      month = place + 1
    } else if time != nil, let minutes = Self.zones[word] {
      zoneMinutes = minutes
    } else if word == "t", day != nil {
      return true
    }
    // Names of days, wrong or right, and words such as "at" say nothing.
    return true
  }

  // MARK: Time of day and zone

  /// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff`.
  private mutating func parseTime() -> Bool {
    guard (1...2).contains(digitCount(from: index)),
      let hour = number(width: digitCount(from: index))
    else { return false }
    guard skip(":") else {
      // W3C-DTF has no hour alone, but it is plain.
      if byte(index).map(Bytes.isDigit) == true { return false }
      time = (hour, 0, 0, 0)
      return true
    }
    guard (1...2).contains(digitCount(from: index)),
      let minute = number(width: digitCount(from: index))
    else { return false }
    var second = 0
    var millisecond = 0
    if skip(":") {
      guard (1...2).contains(digitCount(from: index)),
        let value = number(width: digitCount(from: index))
      else { return false }
      second = value
      if byte(index).map({ ".,".utf8.contains($0) }) == true, digitCount(from: index + 1) > 0 {
        index += 1
        var weight = 100
        while let digit = number(width: 1) {
          millisecond += digit * weight
          weight /= 10
        }
      }
    }
    time = (hour, minute, second, millisecond)
    return true
  }

  /// The zone behind an ISO time.
  private mutating func parseRest() -> Bool {
    skipSpace()
    guard let byte = byte(index) else { return true }
    if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
      // Behind it may stand the name of the zone once more.
      return parseOffset() && !bytes[index...].contains(where: Bytes.isDigit)
    }
    return parseWords()
  }

  /// `+hhmm`, `+hh:mm`, `+hh` or `+hmm`.
  private mutating func parseOffset() -> Bool {
    let isWest = bytes[index] == UInt8(ascii: "-")
    index += 1
    let digits = digitCount(from: index)
    guard (1...4).contains(digits), var value = number(width: digits) else { return false }
    if digits <= 2 {
      value *= 100
      if skip(":") { value += number(width: digitCount(from: index)) ?? 0 }
    }
    let minutes = value / 100 * 60 + value % 100
    guard minutes < 24 * 60 else { return false }
    zoneMinutes = isWest ? -minutes : minutes
    return true
  }

  private func moment() -> Timestamp? {
    guard let year, year > 0,
      let days = CivilDate.days(year: year, month: month ?? 1, day: day ?? 1),
      month != nil || day == nil
    else { return nil }
    var (hour, minute, second, millisecond) = time ?? (0, 0, 0, 0)
    if let isAfternoon, (1...12).contains(hour) { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    // 24:00 is the end of the day, :60 the following second.
    guard hour < 24 || (hour == 24 && minute == 0 && second == 0), minute < 60, second <= 60 else {
      return nil
    }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - (zoneMinutes ?? 0) * 60
    return Timestamp(milliseconds: Int64(seconds) * 1000 + Int64(millisecond))
  }

  // MARK: Bytes

  private func byte(_ place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

  private func digitCount(from start: Int) -> Int {
    var end = start
    while end < bytes.count, Bytes.isDigit(bytes[end]) { end += 1 }
    return max(0, end - start)
  }

  private mutating func number(width: Int) -> Int? {
    guard width > 0, width <= 9, digitCount(from: index) >= width else { return nil }
    var value = 0
    for byte in bytes[index..<index + width] { value = value * 10 + Int(byte - UInt8(ascii: "0")) }
    index += width
    return value
  }

  private mutating func skip(_ characters: StaticString) -> Bool {
    guard let byte = byte(index), characters.description.utf8.contains(byte) else { return false }
    index += 1
    return true
  }

  @discardableResult
  private mutating func skipSpace() -> Bool {
    let start = index
    while let byte = byte(index), Bytes.isSpace(byte) { index += 1 }
    return index > start
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Minutes east of Greenwich.
  ///
  /// RFC 822 §5 has the American ones; the letters of the military are useless since RFC 822 got
  /// their signs wrong (RFC 5322 §4.3). A name that is not here counts as UTC.
  private static let zones: [String: Int] = [
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "met": 60, "mest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180,
    "msd": 240, "est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "ct": -360,
    "mst": -420, "mdt": -360, "mt": -420, "pst": -480, "pdt": -420, "pt": -480, "akst": -540,
    "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "at": -240, "nst": -210, "ndt": -150,
    "brt": -180, "art": -180, "ist": 330, "pkt": 300, "sgt": 480, "hkt": 480, "jst": 540,
    "kst": 540, "awst": 480, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720,
    "nzdt": 780, "sast": 120, "cat": 120, "eat": 180, "wib": 420, "ict": 420, "pht": 480,
  ]
}
