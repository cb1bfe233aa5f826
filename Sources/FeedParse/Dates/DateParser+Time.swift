/// The time of day and its zone.
extension DateParser {
  /// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.fff`, or the same without colons.
  mutating func parseTime(separator: UInt8 = UInt8(ascii: ":")) -> Bool {
    let digits = digitCount(from: index)
    if digits == 4 || digits == 6 {
      guard let hour = number(width: 2), let minute = number(width: 2) else { return false }
      return finishTime(hour, minute, digits == 6 ? number(width: 2) ?? 0 : 0)
    }
    guard (1...2).contains(digits), let hour = number(width: digits) else { return false }
    guard byte(index) == separator else {
      // W3C-DTF has no hour alone, but it is plain.
      time = (hour, 0, 0, 0)
      return true
    }
    index += 1
    guard let minute = twoDigits() else { return false }
    guard byte(index) == separator, separator != UInt8(ascii: ".") || isDigit(index + 1) else {
      time = (hour, minute, 0, 0)
      return true
    }
    index += 1
    guard let second = twoDigits() else { return false }
    return finishTime(hour, minute, second)
  }

  /// `11h30` or `11h`, as French writes it.
  mutating func parseFrenchTime() -> Bool {
    guard let hour = twoDigits() else { return false }
    index += 1
    time = (hour, isDigit(index) ? twoDigits() ?? 0 : 0, 0, 0)
    return true
  }

  private mutating func finishTime(_ hour: Int, _ minute: Int, _ second: Int) -> Bool {
    var millisecond = 0
    if byte(index).map({ Bytes.isOne($0, of: ".,") }) == true, isDigit(index + 1) {
      index += 1
      var weight = 100
      while let digit = number(width: 1) {
        millisecond += digit * weight
        weight /= 10
      }
    }
    time = (hour, minute, second, millisecond)
    return true
  }

  private mutating func twoDigits() -> Int? {
    let digits = digitCount(from: index)
    return (1...2).contains(digits) ? number(width: digits) : nil
  }

  func isDigit(_ place: Int) -> Bool { byte(place).map(Bytes.isDigit) == true }

  /// `+hhmm`, `+hh:mm`, `+hh` or `+hmm`.
  mutating func parseOffset() -> Bool {
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
}
