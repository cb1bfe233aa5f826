import FeedModel

/// Looks through journals for acts, and remembers a bounded number of them: the newest.
///
/// Beside these only undos are remembered, a name or two of each.
struct ActScan {
  /// What is remembered of one act.
  struct Record {
    var id: ActID
    /// When its first line was written.
    var at: Timestamp
    var undoes: ActID?
    var changes: [Change] = []
    var unknownLines = 0
    /// Every line of it that is known stands in a journal, and not only in what a journal was
    /// compacted to: else what held before some of them may be forgotten.
    var isInJournal: Bool { !inJournal.isEmpty && compacted.isSubset(of: inJournal) }
    fileprivate var inJournal: Set<LineName> = []
    fileprivate var compacted: Set<LineName> = []
    /// Where its lines stand, each once, however many copies of a file there are.
    var lines: [LineName: LinePlace] = [:]
  }

  struct LineName: Hashable {
    var number: Int
    var sum: UInt32
  }

  /// One thing that an act did.
  struct Change {
    var subject: ActSummary.Change.Subject
    var register: String
    var isSet: Bool?
    var count = 0
    var examples: [HashID] = []
  }

  private(set) var history = ActHistory()
  /// For each device, by the number of the act.
  private var kept: [String: [Int: Record]] = [:]
  /// Every device that has an act.
  private(set) var devices: Set<String> = []
  /// The addresses that were written for the first few feeds of acts: one whose addition was undone
  /// has no other name.
  private(set) var feedNames: [HashID: String] = [:]
  /// Older acts were forgotten.
  private(set) var isCut = false

  private let capacity: Int
  private let isWanted: (ActID) -> Bool
  /// Acts of a device up to these are not remembered any more.
  private var floors: [String: Int] = [:]

  /// - Parameters:
  ///   - capacity: How many acts of each device to remember at least.
  ///   - isWanted: Which acts to remember.
  init(capacity: Int, isWanted: @escaping (ActID) -> Bool = { _ in true }) {
    self.capacity = capacity
    self.isWanted = isWanted
  }

  /// Takes note of a line.
  ///
  /// What was taken over from a forgotten device tells what was undone, and is else no part of the
  /// act: its lines are not all there.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - device: In whose directory it stands.
  ///   - isInJournal: It stands in a journal, and not in what one was compacted to.
  mutating func take(_ line: StoredLine, of device: String, isInJournal: Bool) {
    guard let act = line.event.act else { return }
    history.note(act, line.event.stamp)
    guard act.id.device == device else { return }
    devices.insert(device)
    guard isWanted(act.id) else { return }
    let number = act.id.number
    guard number > floors[device] ?? .min else { return }
    kept[device, default: [:]][
      number,
      default: Record(id: act.id, at: line.event.at, undoes: act.undoes)
    ]
    .add(line, isInJournal: isInJournal)
    if case .feed(let feed, "url", .string(let url)) = line.event.operation,
      kept[device]?[number]?.changes.contains(where: { $0.examples.contains(feed.hash) }) == true
    {
      feedNames[feed.hash] = url
    }
    if kept[device, default: [:]].count > 2 * capacity { cut(device) }
  }

  /// What is remembered of an act.
  func record(of act: ActID) -> Record? { kept[act.device]?[act.number] }

  /// The acts that can be undone, newest first.
  ///
  /// Numbers order what one device did, whatever its clock said: no act is later than the next one
  /// of its device, nor later than now. By these times the acts of several devices are one list.
  ///
  /// - Parameters:
  ///   - own: The device of this machine, which comes first of those with one time.
  ///   - now: The time of the call.
  /// - Returns: The acts.
  func newestFirst(own: String?, now: Timestamp) -> [Record] {
    var all: [(time: Timestamp, record: Record)] = []
    for records in kept.values {
      var time = now
      for record in records.values.sorted(by: { $0.id.number > $1.id.number }) {
        time = min(time, record.at)
        if record.isInJournal { all.append((time, record)) }
      }
    }
    return
      all.sorted { left, right in
        if left.time != right.time { return left.time > right.time }
        let (left, right) = (left.record.id, right.record.id)
        if left.device == right.device { return left.number > right.number }
        return left.device == own || right.device != own && left.device > right.device
      }
      .map(\.record)
  }

  private mutating func cut(_ device: String) {
    guard let records = kept[device] else { return }
    let numbers = records.keys.sorted(by: >)
    floors[device] = numbers[capacity]
    kept[device] = records.filter { $0.key > numbers[capacity] }
    let shown = Set(kept.values.lazy.flatMap(\.values).flatMap(\.changes).flatMap(\.examples))
    feedNames = feedNames.filter { shown.contains($0.key) }
    isCut = true
  }
}

extension ActScan.Record {
  fileprivate mutating func add(_ line: StoredLine, isInJournal: Bool) {
    let name = ActScan.LineName(number: line.event.number, sum: line.event.sum)
    if isInJournal { inJournal.insert(name) } else { compacted.insert(name) }
    guard lines.updateValue(line.place, forKey: name) == nil else { return }
    at = min(at, line.event.at)
    switch line.event.operation {
    case .feed(let feed, let key, let value): add(.feeds, key, value, [feed.hash])
    case .set(let key, let value, let ids): add(.articles, key, value, ids.lazy.map(\.hash))
    case .unknown: unknownLines += 1
    case .open, .article: break
    }
  }

  private mutating func add(
    _ subject: ActSummary.Change.Subject,
    _ register: String,
    _ value: RegisterValue,
    _ ids: some Collection<HashID>
  ) {
    let isSet: Bool? =
      switch value {
      case .bool(let flag): flag
      case .none where subject == .articles || register == "sub" || register.hasPrefix("tag:"):
        false
      case .none, .integer, .string: nil
      }
    let known = changes.firstIndex {
      $0.subject == subject && $0.register == register && $0.isSet == isSet
    }
    // No command writes so many registers; another device's lines may hold anything.
    guard known != nil || changes.count < 64 else { return }
    if known == nil {
      changes.append(ActScan.Change(subject: subject, register: register, isSet: isSet))
    }
    let index = known ?? changes.count - 1
    changes[index].count += ids.count
    changes[index].examples += ids.prefix(max(0, 3 - changes[index].examples.count))
  }
}
