/// Dates whose numbers say themselves what they are, as in Chinese, Japanese and Korean.
extension DateParser {
  private enum Sign {
    case year, month, day, hour, minute, second, morning, afternoon, nothing
  }

  private static let signs: [(text: String, sign: Sign)] = [
    ("年", .year), ("년", .year), ("月", .month), ("월", .month), ("日", .day),
    ("号", .day), ("號", .day), ("일", .day), ("時", .hour), ("时", .hour), ("点", .hour),
    ("點", .hour), ("시", .hour), ("分", .minute), ("분", .minute), ("秒", .second),
    ("초", .second), ("上午", .morning), ("下午", .afternoon), ("午前", .morning),
    ("午後", .afternoon), ("오전", .morning), ("오후", .afternoon),
  ]

  /// A sign that no number stands before: a half of the day, or nothing.
  mutating func parseSign() -> Bool {
    guard let (text, sign) = sign(at: index) else { return false }
    index += text.utf8.count
    switch sign {
    case .morning: isAfternoon = false
    case .afternoon: isAfternoon = true
    default: break
    }
    noteKorean(text)
    return true
  }

  /// Takes a number for what the sign behind it says; nil when there is none.
  mutating func takeSigned(_ value: Int, _ digits: Int) -> Bool? {
    var place = index
    while let byte = byte(place), Bytes.isSpace(byte) { place += 1 }
    guard let (text, sign) = sign(at: place) else { return nil }
    var (hour, minute, second, _) = time ?? (0, 0, 0, 0)
    switch sign {
    case .year where digits == 4: year = value
    case .month where digits <= 2:
      month = value
      isMonthNamed = true
    case .day where digits <= 2: day = value
    case .hour where digits <= 2: hour = value
    case .minute where digits <= 2: minute = value
    case .second where digits <= 2: second = value
    default: return nil
    }
    if [.hour, .minute, .second].contains(sign) { time = (hour, minute, second, 0) }
    index = place + text.utf8.count
    noteKorean(text)
    return true
  }

  private func sign(at place: Int) -> (text: String, sign: Sign)? {
    guard let byte = byte(place), byte >= 0x80 else { return nil }
    return Self.signs.first { hasPrefix($0.text, at: place) && !isWeekday($0.text, at: place) }
  }

  /// The signs of the month and the day are those of Monday and Sunday as well.
  private func isWeekday(_ text: String, at place: Int) -> Bool {
    let behind = place + text.utf8.count
    return hasPrefix("曜", at: behind) || hasPrefix("요일", at: behind)
  }

  // Quirk: Korean dates give no zone, and mean the only one there is. Seen: Korean blog hosts. Test: DateTests, `2026년 11월 2일`
  private mutating func noteKorean(_ text: String) {
    let isHangul = text.unicodeScalars.allSatisfy { (0xAC00...0xD7A3).contains($0.value) }
    if isHangul, zoneMinutes == nil { zoneMinutes = 540 }
  }
}
