/// RFC 822, RFC 1123, asctime, and what people write.
extension DateParser {
  mutating func parseWords() -> Bool {
    while index < bytes.count {
      let byte = bytes[index]
      if Bytes.isDigit(byte) {
        guard parseNumber() else { return false }
      } else if byte >= 0x80, parseSign() {
        continue
      } else if Bytes.isLetter(byte) || byte >= 0x80 {
        guard parseWord() else { return false }
      } else if byte == UInt8(ascii: "(") {
        // A comment (RFC 5322 §3.2.2): the name of the zone once more, or that of the day.
        guard time == nil else { return true }
        index = bytes[index...].firstIndex(of: UInt8(ascii: ")")) ?? bytes.count
      } else if startsOffset() {
        guard parseOffset() else { return false }
      } else {
        index += 1
      }
    }
    return true
  }

  /// A sign with digits behind it, where a zone may stand.
  private func startsOffset() -> Bool {
    guard byte(index) == UInt8(ascii: "+") || byte(index) == UInt8(ascii: "-"), time != nil,
      zoneMinutes == nil || zoneMinutes == 0
    else { return false }
    // `GMT+1`; elsewhere a single digit is no offset.
    let isBehindName = index > 0 && Bytes.isLetter(bytes[index - 1])
    return digitCount(from: index + 1) >= (isBehindName ? 1 : 2)
  }

  // MARK: Numbers

  /// A day, a month, a year or a time of day, by what stands around it.
  private mutating func parseNumber() -> Bool {
    let digits = digitCount(from: index)
    let next = byte(index + digits)
    if next == UInt8(ascii: ":"), time == nil, digits <= 2 { return parseTime() }
    if digits <= 2, time == nil, next.map({ $0 | 0x20 }) == UInt8(ascii: "h"),
      byte(index + digits + 1).map(Bytes.isLetter) != true
    {
      return parseFrenchTime()
    }
    if month == nil, day == nil, isNumericDate(digits) { return parseNumericDate() }
    if next == UInt8(ascii: "."), time == nil, year != nil, day != nil, digits <= 2,
      digitCount(from: index + digits + 1) == 2
    {
      return parseTime(separator: UInt8(ascii: "."))
    }
    guard digits <= 4, let value = number(width: digits) else { return false }
    if let isTaken = takeSigned(value, digits) { return isTaken }
    if expectsMonth, digits <= 2 {
      month = value
      (expectsMonth, isMonthNamed) = (false, true)
    } else if digits <= 2, day == nil {
      guard (1...31).contains(value) else { return false }
      day = value
      isDayDotted = next == UInt8(ascii: ".")
      skipOrdinalEnding()
    } else if year == nil {
      return takeYear(value, digits)
    } else if time == nil, digits == 4, month != nil, day != nil, let year, year > 1900 {
      // A time without its colon behind all the rest.
      time = (value / 100, value % 100, 0, 0)
    } else {
      return false
    }
    return true
  }

  /// RFC 5322 §4.3.
  private mutating func takeYear(_ value: Int, _ digits: Int) -> Bool {
    switch digits {
    case 4: year = value
    case 3 where day != nil: year = 1900 + value
    case 2: year = value < 50 ? 2000 + value : 1900 + value
    default: return false
    }
    return true
  }

  /// `2nd`, `3rd`, `4th`.
  private mutating func skipOrdinalEnding() {
    guard index + 1 < bytes.count, byte(index + 2).map(Bytes.isLetter) != true else { return }
    let ending = String(decoding: bytes[index...index + 1], as: UTF8.self).lowercased()
    if ["st", "nd", "rd", "th"].contains(ending) { index += 2 }
  }

  /// Whether three numbers with the same separator stand here, one of them with four digits.
  private func isNumericDate(_ digits: Int) -> Bool {
    guard let separator = byte(index + digits), Bytes.isOne(separator, of: "/-."),
      index == 0 || !Bytes.isOne(bytes[index - 1], of: "+-")
    else { return false }
    let second = index + digits + 1
    let third = second + digitCount(from: second) + 1
    guard second < third - 1, third - second <= 3, byte(third - 1) == separator else {
      return false
    }
    let thirdDigits = digitCount(from: third)
    return digits == 4 ? (1...2).contains(thirdDigits) : digits <= 2 && thirdDigits == 4
  }

  /// `2026/11/22`; `11/22/2026` and `22/11/2026`, where only one of the two readings is a date.
  private mutating func parseNumericDate() -> Bool {
    guard let first = number(width: digitCount(from: index)) else { return false }
    let isDotted = byte(index) == UInt8(ascii: ".")
    index += 1
    guard let second = number(width: digitCount(from: index)) else { return false }
    index += 1
    guard let third = number(width: digitCount(from: index)) else { return false }
    if first > 99 {
      (year, month, day) = (first, second, third)
      return true
    }
    // Nobody puts the month first between full stops.
    guard isDotted || first == second || first > 12 || second > 12 else { return false }
    year = third
    (day, month) = isDotted || first > 12 ? (first, second) : (second, first)
    return true
  }

  // MARK: Words

  private mutating func parseWord() -> Bool {
    let start = index
    while index < bytes.count, Bytes.isLetter(bytes[index]) || bytes[index] >= 0x80 { index += 1 }
    let word = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
    if expectsMonth, let number = MonthNames.vietnameseNumbers[word] {
      // Eleven and twelve are ten and one, ten and two.
      month = (month == 10 ? 10 : 0) + number
      expectsMonth = number == 10
      isMonthNamed = true
      return true
    }
    expectsMonth = MonthNames.vietnamese.contains(word)
    if time != nil, word == "am" || word == "pm" {
      isAfternoon = word == "pm"
    } else if time != nil, word == "a" || word == "p",
      hasPrefix(".m", at: index) || hasPrefix(". m", at: index)
    {
      isAfternoon = word == "p"
      index += 3
    } else if month == nil || isMonthDoubtful, let number = MonthNames.month(word) {
      return takeMonth(number, word)
    } else if time != nil, let minutes = ZoneNames.minutes[word] {
      zoneMinutes = minutes
    }
    // Names of days, wrong or right, and words such as "at" say nothing.
    return true
  }

  private mutating func takeMonth(_ number: Int, _ word: String) -> Bool {
    guard !isDayDotted || !MonthNames.doubtfulBehindDot.contains(word) else { return false }
    isMonthDoubtful = day == nil && MonthNames.weekdays.contains(word)
    month = number
    isMonthNamed = true
    return true
  }
}
