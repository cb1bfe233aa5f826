import FeedModel

/// Reads a date in any of the forms that feeds write.
///
/// RFC 822 and RFC 1123 with their wild variants, RFC 3339 and W3C-DTF with their partial forms,
/// the other forms of ISO 8601, asctime, seconds since 1970, and what people write with the names
/// of months in their language. What can mean two days means none: no guess is made, and never
/// "now". A date without a zone is in UTC.
struct DateParser {
  let bytes: [UInt8]
  var index = 0
  var year: Int?
  var month: Int?
  var day: Int?
  var time: (hour: Int, minute: Int, second: Int, millisecond: Int)?
  var zoneMinutes: Int?
  var isAfternoon: Bool?
  /// The month was given by its name.
  var isMonthNamed = false
  /// The month's name is that of a weekday as well.
  var isMonthDoubtful = false
  /// A word said that a month follows.
  var expectsMonth = false
  /// A full stop follows the number of the day.
  var isDayDotted = false

  /// How much of a text is looked at.
  private static let bytesMax = 100

  /// Where the year 2 begins.
  private static let yearTwo = Timestamp(seconds: -62_104_060_800)

  /// Reads a date; nil when there is none, or no such day.
  static func timestamp(_ text: String) -> Timestamp? {
    guard let moment = plainTimestamp(text.utf8.span) ?? anyTimestamp(text) else { return nil }
    // Quirk: what has no date is given the zero of a clock, 1970 or the year 1 or before. Seen: pages of Hugo without a date, Go, .NET and PHP programs. Fixture: quirks/zero-date.xml
    return moment.milliseconds == 0 || moment < yearTwo ? nil : moment
  }

  private static func anyTimestamp(_ text: String) -> Timestamp? {
    let bytes = Array(Array(text.utf8).trimmed.prefix(bytesMax))
    let isASCII = bytes.allSatisfy { $0 < 0x80 }
    var parser = DateParser(isASCII ? bytes : Array(plainly(bytes).trimmed))
    return parser.parse()
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func parse() -> Timestamp? {
    let digits = digitCount(from: 0)
    if let moment = sinceEpoch(digits) { return moment }
    let isISO = startsISO(digits)
    if isISO, parseISO(digits) { return moment() }
    self = DateParser(bytes)
    // Quirk: a date in the order of ISO 8601 names its month. Seen: generators set to Hungarian. Test: DateTests, `2026-november-2`
    guard parseWords(), month != nil, !isISO || isMonthNamed else { return nil }
    return moment()
  }

  /// Seconds since 1970, or milliseconds when there are 13 digits.
  private func sinceEpoch(_ digits: Int) -> Timestamp? {
    guard [9, 10, 11, 13].contains(digits), isNumber(from: digits),
      let number = Int64(String(decoding: bytes[..<digits], as: UTF8.self))
    else { return nil }
    return digits < 12 ? Timestamp(seconds: number) : Timestamp(milliseconds: number)
  }

  /// Nothing, or a fraction, to the end.
  private func isNumber(from start: Int) -> Bool {
    guard start < bytes.count else { return true }
    return bytes[start] == UInt8(ascii: ".") && digitCount(from: start + 1) > 0
      && digitCount(from: start + 1) == bytes.count - start - 1
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

  func byte(_ place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

  func digitCount(from start: Int) -> Int {
    var end = start
    while end < bytes.count, Bytes.isDigit(bytes[end]) { end += 1 }
    return max(0, end - start)
  }

  mutating func number(width: Int) -> Int? {
    guard width > 0, width <= 9, digitCount(from: index) >= width else { return nil }
    var value = 0
    for byte in bytes[index..<index + width] { value = value * 10 + Int(byte - UInt8(ascii: "0")) }
    index += width
    return value
  }

  mutating func skip(_ characters: StaticString) -> Bool {
    guard let byte = byte(index), Bytes.isOne(byte, of: characters) else { return false }
    index += 1
    return true
  }

  @discardableResult
  mutating func skipSpace() -> Bool {
    let start = index
    while let byte = byte(index), Bytes.isSpace(byte) { index += 1 }
    return index > start
  }

  /// Whether a text stands at a place, byte for byte.
  func hasPrefix(_ text: String, at place: Int) -> Bool {
    guard place + text.utf8.count <= bytes.count else { return false }
    return bytes[place...].starts(with: text.utf8)
  }

  /// The bytes with the spaces, hyphens and wide forms of Unicode as plain ones.
  private static func plainly(_ bytes: [UInt8]) -> [UInt8] {
    var plain: [UInt8] = []
    // A character that the cap cut in two becomes U+FFFD, which is part of no name.
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0xA0, 0x2000...0x200F, 0x2018...0x201F, 0x2028...0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF:
        plain.append(0x20)
      case 0x2010...0x2015, 0x2212: plain.append(UInt8(ascii: "-"))
      case 0xFF01...0xFF5E: plain.append(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0))
      default: plain.append(contentsOf: UTF8.encode(scalar) ?? .init(repeating: 0x20, count: 1))
      }
    }
    return plain
  }
}
