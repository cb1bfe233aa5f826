import FeedModel

/// A moment as people say it, by the clocks of the place where they are.
struct LocalDate {
  private let date: CivilDate
  /// Days since 1970-01-01, there.
  let day: Int

  /// Takes a moment apart; the place is that of `TZ`.
  init(_ moment: Timestamp) {
    let local = localTime(moment)
    date = CivilDate(local)
    let milliseconds = local.milliseconds
    day = Int((milliseconds - (milliseconds % 86_400_000 + 86_400_000) % 86_400_000) / 86_400_000)
  }

  /// `Today`, `Yesterday`, `Friday 20 November`; with the year where it is another.
  func words(now: LocalDate) -> String {
    switch now.day - day {
    case 0: "Today"
    case 1: "Yesterday"
    default: now.date.year == date.year ? dayOfYear : fullDay
    }
  }

  /// `Friday 20 November 2026`.
  var fullDay: String { "\(dayOfYear) \(date.year)" }

  /// `10:03`.
  var time: String {
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
    return "\(two(date.hour)):\(two(date.minute))"
  }

  private var dayOfYear: String {
    "\(Self.weekdays[date.weekday]) \(date.day) \(Self.months[date.month - 1])"
  }

  private static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
}
