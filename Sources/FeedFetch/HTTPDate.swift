import FeedModel

/// Reads a date of HTTP (RFC 9110 §5.6.7); nil for anything else.
///
/// All three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
/// `Sun Nov  6 08:49:37 1994`. The name of the day is not checked. Two-digit years before 70 belong
/// to this century, because the rule of the RFC would need a clock.
func readHTTPDate(_ text: String) -> Timestamp? {
  let words = text.split { $0 == " " || $0 == "\t" || $0 == "," }
  let zone = words.last?.lowercased()
  let isZoned = zone == "gmt" || zone == "utc"
  let day: Substring
  let month: Substring
  let year: Substring
  let time: Substring
  switch words.count {
  case 4 where isZoned:
    let date = words[1].split(separator: "-", omittingEmptySubsequences: false)
    guard date.count == 3 else { return nil }
    (day, month, year, time) = (date[0], date[1], date[2], words[2])
  case 5: (month, day, time, year) = (words[1], words[2], words[3], words[4])
  case 6 where isZoned: (day, month, year, time) = (words[1], words[2], words[3], words[4])
  default: return nil
  }
  let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(digits)
  guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
    hour < 24, minute < 60, second <= 60, let day = digits(day), var number = digits(year),
    let month = monthNames.firstIndex(of: month.lowercased())
  else { return nil }
  if year.utf8.count == 2 { number += number < 70 ? 2000 : 1900 }
  guard let days = CivilDate.days(year: number, month: month + 1, day: day) else { return nil }
  return Timestamp(seconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second))
}

private let monthNames = [
  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
]

/// A number of at most four digits and nothing else.
private func digits(_ text: Substring) -> Int? {
  guard (1...4).contains(text.utf8.count),
    text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
  else { return nil }
  return Int(text)
}
