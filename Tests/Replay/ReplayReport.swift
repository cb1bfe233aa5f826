/// What Rill did wrong, each kind by itself.
public enum ReplayFault: String, Hashable, Sendable, CaseIterable {
  /// An article that was here came as a new one.
  case shownTwice = "shown as new twice"
  /// An article was taken for another one.
  case neverShown = "never shown"
  /// It was marked read, and is unread.
  case readLost = "read mark lost"
  /// It was starred, and is not.
  case starLost = "star lost"
  /// Nobody marked it, and it is read or starred.
  case markFromNowhere = "mark from nowhere"
  /// A reader would see no change.
  case updatedInVain = "updated without a change"
  /// It is listed as changed, and never was.
  case changedInVain = "changed without a change"
  /// An edit that stood in a document is not here.
  case editLost = "edit lost"
  /// The same bytes brought something the second time.
  case notIdempotent = "second sync not 0/0"
}

/// One fault, and how to see it again.
public struct ReplayFailure: Hashable, Sendable {
  /// What is wrong.
  public var fault: ReplayFault
  /// The seed of the year.
  public var seed: Int
  /// Which of its feeds.
  public var feed: Int
  /// Which fetch.
  public var fetch: Int
  /// What the feed did then, and is like.
  public var habits: Set<Habit>
  /// What was there, and what came.
  public var details: String

  /// One line.
  public var description: String {
    let names = Habit.allCases.filter(habits.contains).map(\.rawValue).joined(separator: "; ")
    return "seed \(seed) feed \(feed) fetch \(fetch): \(fault.rawValue) (\(names)) \(details)"
  }
}

/// What a year came to.
public struct ReplayReport: Sendable {
  /// Documents that were asked for.
  public var fetches = 0
  /// Items that stood in those that could be read.
  public var items = 0
  /// True articles that were seen.
  public var articles = 0
  /// Edits that were seen.
  public var edits = 0
  /// Marks that were made.
  public var marks = 0
  /// Documents that were merged again.
  public var repeats = 0
  /// What went wrong.
  public var failures: [ReplayFailure] = []
  /// How often each habit was met.
  public var met: [Habit: Int] = [:]

  /// Nothing was replayed yet.
  public init() {}

  /// How many faults of a kind there are.
  public func count(_ fault: ReplayFault) -> Int { failures.count { $0.fault == fault } }

  /// Adds another year.
  public mutating func add(_ other: ReplayReport) {
    fetches += other.fetches
    items += other.items
    articles += other.articles
    edits += other.edits
    marks += other.marks
    repeats += other.repeats
    failures += other.failures
    met.merge(other.met) { $0 + $1 }
  }

  /// The habits with how often each was met and what went wrong where it was, in columns.
  public var table: [String] {
    let faults = ReplayFault.allCases
    var lines = faults.enumerated().map { "\($0.offset + 1): \($0.element.rawValue)" }
    lines += ["", row("", ["met"] + faults.indices.map { String($0 + 1) })]
    for habit in Habit.allCases {
      let own = failures.filter { $0.habits.contains(habit) }
      let counts = faults.map { fault in own.count { $0.fault == fault } }
      lines.append(row(habit.rawValue, ([met[habit] ?? 0] + counts).map(String.init)))
    }
    return lines
  }

  private func row(_ name: String, _ cells: [String]) -> String {
    let cells = cells.map { String(repeating: " ", count: max(0, 7 - $0.count)) + $0 }
    return name + String(repeating: " ", count: max(0, 44 - name.count)) + cells.joined()
  }
}

/// The replay itself is wrong: it would judge by what nobody could see.
public struct ReplayError: Error, Hashable, Sendable {
  /// One sentence.
  public var reason: String

  init(_ reason: String) { self.reason = reason }
}
