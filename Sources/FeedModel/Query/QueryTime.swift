/// A time in a query: a moment, or how long ago.
public enum QueryTime: Hashable, Sendable {
  /// What lengths of time are counted in.
  public enum Unit: Int64, Hashable, Sendable, CaseIterable {
    /// `s`
    case seconds = 1
    /// `m`
    case minutes = 60
    /// `h`
    case hours = 3600
    /// `d`
    case days = 86_400
    /// `w`
    case weeks = 604_800

    /// The letter that stands for it.
    public var letter: Character {
      switch self {
      case .seconds: "s"
      case .minutes: "m"
      case .hours: "h"
      case .days: "d"
      case .weeks: "w"
      }
    }
  }

  /// So long before the query is asked.
  case ago(Int64, Unit)
  /// A moment.
  case at(Timestamp)

  /// Reads `90s`, `90m`, `12h`, `2d`, `3w`, a date, which begins in UTC, or a moment (RFC 3339).
  ///
  /// Nil for anything else.
  public init?(_ text: String) {
    if let moment = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00:00Z") {
      self = .at(moment)
      return
    }
    guard let unit = Unit.allCases.first(where: { $0.letter == text.last }),
      text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int64(text.dropLast())
    else { return nil }
    self = .ago(count, unit)
  }

  /// How many seconds ago; nil for a moment, and for more seconds than can be counted.
  public var seconds: Int64? {
    guard case .ago(let count, let unit) = self else { return nil }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: unit.rawValue)
    return overflow ? nil : seconds
  }

  /// The moment that is meant; the earliest of all where that is before it.
  public func moment(now: Timestamp) -> Timestamp {
    if case .at(let moment) = self { return moment }
    return seconds.map { now.adding(seconds: -$0) } ?? .earliest
  }
}

extension QueryTime: CustomStringConvertible {
  /// As it is typed.
  public var description: String {
    switch self {
    case .at(let moment): moment.description
    case .ago(let count, let unit): "\(count)\(unit.letter)"
    }
  }
}
