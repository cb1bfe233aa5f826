import FeedModel

/// Looks through journals for acts, and remembers a bounded number of them: the newest.
///
/// Beside these only undos are remembered, a name or two of each.
struct ActScan {
  /// What is remembered of one act.
  struct Record {
    var id: ActID
    var at: Timestamp
    var undoes: ActID?
    var changes: [Change] = []
    var unknownLines = 0
    /// Its lines stand in a journal, and not only in what a journal was compacted to.
    var isInJournal = false
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
  private(set) var records: [ActID: Record] = [:]
  /// Every device that has an act.
  private(set) var devices: Set<String> = []
  /// The addresses that were written for the first few feeds of acts: one whose addition was undone
  /// has no other name.
  private(set) var feedNames: [HashID: String] = [:]
  /// Older acts were forgotten.
  private(set) var isCut = false

  private let capacity: Int
  private let isWanted: (ActID) -> Bool
  /// Acts from before this are not remembered any more.
  private var floor = Timestamp.earliest

  /// - Parameters:
  ///   - capacity: How many acts to remember at least.
  ///   - isWanted: Which acts to remember.
  init(capacity: Int, isWanted: @escaping (ActID) -> Bool = { _ in true }) {
    self.capacity = capacity
    self.isWanted = isWanted
  }

  /// Takes note of a line.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - isInJournal: It stands in a journal.
  mutating func take(_ line: StoredLine, isInJournal: Bool) {
    guard let act = line.event.act else { return }
    devices.insert(act.id.device)
    history.note(act, line.event.stamp)
    guard isWanted(act.id) else { return }
    if records[act.id] == nil {
      guard line.event.at >= floor else {
        isCut = true
        return
      }
      records[act.id] = Record(id: act.id, at: line.event.at, undoes: act.undoes)
    }
    records[act.id]?.add(line, isInJournal: isInJournal)
    if case .feed(let feed, "url", .string(let url)) = line.event.operation,
      records[act.id]?.changes.contains(where: { $0.examples.contains(feed.hash) }) == true
    {
      feedNames[feed.hash] = url
    }
    if records.count > 2 * capacity { cut() }
  }

  /// The acts that can be undone, newest first.
  var newestFirst: [Record] {
    records.values.filter(\.isInJournal)
      .sorted { ($0.at, $0.id.device, $0.id.number) > ($1.at, $1.id.device, $1.id.number) }
  }

  private mutating func cut() {
    let newest = records.values.sorted { $0.at > $1.at }.prefix(capacity)
    floor = newest.last?.at ?? floor
    records = Dictionary(uniqueKeysWithValues: newest.map { ($0.id, $0) })
    let shown = Set(newest.flatMap(\.changes).flatMap(\.examples))
    feedNames = feedNames.filter { shown.contains($0.key) }
    isCut = true
  }
}

extension ActScan.Record {
  fileprivate mutating func add(_ line: StoredLine, isInJournal: Bool) {
    if isInJournal { self.isInJournal = true }
    let name = ActScan.LineName(number: line.event.number, sum: line.event.sum)
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
