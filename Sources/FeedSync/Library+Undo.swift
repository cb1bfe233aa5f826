import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore

extension Library {
  /// What was done, newest first, undos too.
  ///
  /// Acts are found in the journals of all devices. What was written before there were acts, and
  /// what a sync writes by itself, is in none.
  ///
  /// A device's own acts stand in the order in which it did them, whatever its clock said, and those
  /// of several devices by time.
  ///
  /// - Parameters:
  ///   - limit: At most so many.
  ///   - now: The time of the call: nothing is newer.
  /// - Returns: The acts.
  /// - Throws: What the store answers.
  public func acts(limit: Int, now: Timestamp = .latest) throws(LibraryError) -> [ActSummary] {
    let (found, scan) = try newest(limit, now) { _, _ in true }
    return try summaries(found, scan)
  }

  /// The newest acts as `acts(limit:now:)` has them, and how many there are in all.
  public func countedActs(
    limit: Int,
    now: Timestamp
  ) throws(LibraryError) -> (newest: [ActSummary], count: Int) {
    let (found, scan) = try newest(.max, now) { _, _ in true }
    return (try summaries(Array(found.prefix(limit)), scan), found.count)
  }

  /// The newest act that holds and is no undo; nil when there is none.
  ///
  /// - Parameter now: The time of the call: nothing is newer.
  /// - Returns: The act.
  /// - Throws: What the store answers.
  public func lastAct(now: Timestamp = .latest) throws(LibraryError) -> ActSummary? {
    let (found, scan) = try newest(1, now) { record, history in
      record.undoes == nil && !history.isUndone(record.id)
    }
    return try summaries(found, scan).first
  }

  /// The newest undo that holds; nil when there is none.
  ///
  /// - Parameter now: The time of the call: nothing is newer.
  /// - Returns: The undo.
  /// - Throws: What the store answers.
  public func lastUndo(now: Timestamp = .latest) throws(LibraryError) -> ActSummary? {
    let (found, scan) = try newest(1, now) { record, history in
      !history.root(of: record.id).steps.isMultiple(of: 2) && !history.isUndone(record.id)
    }
    return try summaries(found, scan).first
  }

  /// The act that a person means.
  ///
  /// - Parameter words: Its name, `k7m2q9xw-118`, with as little of the device as tells it from
  ///   others: `k7-118`, or `118`.
  /// - Returns: An exact name wins.
  /// - Throws: What the store answers.
  public func act(named words: String) throws(LibraryError) -> Finding<ActSummary> {
    let parts = words.lowercased().split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let number = parts.last.flatMap({ Int($0) }) else {
      return .none
    }
    let device = parts.count == 2 ? String(parts[0]) : ""
    let scan = try scan(capacity: 64) { $0.number == number && $0.device.hasPrefix(device) }
    let acts = scan.newestFirst(own: store.device, now: .latest)
    let found = acts.filter { $0.id.device == device }
    let all = try summaries(found.isEmpty ? Array(acts.prefix(6)) : found, scan)
    return all.count < 2 ? all.first.map(Finding.one) ?? .none : .many(all)
  }

  /// Takes back what an act wrote, or does it again where the act is an undo.
  ///
  /// What was changed since is left as it is, and counted. What is written is an act of its own,
  /// in one durable step, of ordinary lines: so every reader understands it.
  ///
  /// - Parameters:
  ///   - act: The act.
  ///   - now: The time of the undo.
  /// - Returns: What came of it; nil when not all of its lines are in a journal any more.
  /// - Throws: What the store answers; then nothing is changed.
  @discardableResult
  public func undo(_ act: ActID, now: Timestamp) throws(LibraryError) -> UndoOutcome? {
    var scan = try scan(capacity: 8) { $0 == act }
    guard let record = scan.record(of: act), record.isInJournal else { return nil }
    let summary = try summaries([record], scan)[0]
    var history = scan.history
    let (root, steps) = history.root(of: act)
    var outcome = UndoOutcome(
      act: summary,
      root: summary,
      isRedo: !steps.isMultiple(of: 2),
      wasUndone: false
    )
    guard !summary.isUndone else {
      outcome.wasUndone = true
      return outcome
    }
    if root != act { scan = try self.scan(capacity: 8) { $0 == root } }
    guard let rootRecord = scan.record(of: root), rootRecord.isInJournal else { return nil }
    if root != act { outcome.root = try summaries([rootRecord], scan)[0] }
    history = scan.history
    let undo = Act(undoes: act)
    // What is one article and what is not comes first: which writes are about an article follows.
    let ties = try registers(of: root, rootRecord).of(ties: true)
    if !ties.all.isEmpty {
      let keys = ties.all.compactMap(\.tiedKey)
      let before = try states(relatedTo: keys)
      // What was marked since is of all that it was one with.
      let later = try marks(of: before, since: summary.at.adding(milliseconds: 1))
      try write(ties, root, in: undo, &history, &outcome, now: now)
      try carry(before, keys, .united, in: undo, now: now)
      try carry(later, keys, .marks, in: undo, now: now)
    }
    let others = try registers(of: root, rootRecord).of(ties: false)
    try write(others, root, in: undo, &history, &outcome, now: now)
    guard undo.id == nil else { return outcome }
    // An undo leaves a trace also where nothing of the act is left to undo: what holds is written
    // once more, or else it would stand in the way of what was done before.
    try writeTrace(of: ties.all.isEmpty ? others : ties, root, in: undo, &history, now: now)
    outcome.undo = undo.id
    return outcome
  }
}

// Finding acts.
extension Library {
  /// Hands on every line of the journals of all devices.
  private func eachJournalLine(
    _ body: (StoredLine, Segment) -> Void
  ) throws(LibraryError) {
    let segments = try storing { () throws(StoreError) in try store.segments() }
    for segment in segments where segment.kind.isOfJournal {
      try storing { () throws(StoreError) in
        try store.eachReading(of: segment) { reading in
          for line in reading.lines { body(line, segment) }
        }
      }
    }
  }

  private func scan(
    capacity: Int,
    _ isWanted: @escaping (ActID) -> Bool
  ) throws(LibraryError) -> ActScan {
    var scan = ActScan(capacity: capacity, isWanted: isWanted)
    try eachJournalLine { line, segment in
      scan.take(line, of: segment.device, isInJournal: segment.kind == .journal)
    }
    return scan
  }

  /// The newest acts that are wanted; more is remembered where too few of the newest are.
  private func newest(
    _ limit: Int,
    _ now: Timestamp,
    where isWanted: (ActScan.Record, inout ActHistory) -> Bool
  ) throws(LibraryError) -> ([ActScan.Record], ActScan) {
    var capacity = min(limit, 1 << 30) + 64
    while true {
      let scan = try scan(capacity: capacity) { _ in true }
      var history = scan.history
      let found = scan.newestFirst(own: store.device, now: now)
        .filter { isWanted($0, &history) }
      if found.count >= limit || !scan.isCut { return (Array(found.prefix(limit)), scan) }
      capacity *= 8
    }
  }

  private func summaries(
    _ records: [ActScan.Record],
    _ scan: ActScan
  ) throws(LibraryError) -> [ActSummary] {
    var history = scan.history
    var summaries: [ActSummary] = []
    var deviceNames: [String: String?] = [:]
    let own = store.device
    let feedNames = scan.feedNames
    for record in records {
      var changes: [ActSummary.Change] = []
      for change in record.changes {
        var examples: [String] = []
        for id in change.examples {
          examples.append(try name(of: id, change.subject) ?? feedNames[id] ?? id.description)
        }
        changes.append(
          ActSummary.Change(
            subject: change.subject,
            register: change.register,
            isSet: change.isSet,
            count: change.count,
            examples: examples
          )
        )
      }
      let device = record.id.device
      let deviceName = deviceNames[device] ?? store.name(ofDevice: device)
      deviceNames[device] = .some(deviceName)
      summaries.append(
        ActSummary(
          id: record.id,
          shortName: shortName(of: record.id, among: scan.devices),
          deviceName: deviceName,
          isOwn: device == own,
          at: record.at,
          undoes: record.undoes,
          undoesShortName: record.undoes.map { shortName(of: $0, among: scan.devices) },
          isRedo: record.undoes != nil && history.root(of: record.id).steps.isMultiple(of: 2),
          isUndone: history.isUndone(record.id),
          changes: changes,
          unknownLines: record.unknownLines
        )
      )
    }
    return summaries
  }

  private func name(
    of id: HashID,
    _ subject: ActSummary.Change.Subject
  ) throws(LibraryError) -> String? {
    try indexing { () throws(IndexError) -> String? in
      switch subject {
      case .feeds: try index.feeds(.id(FeedID(id))).first?.title
      case .articles:
        try index.articles(withPrefix: id.description, limit: 1).first
          .flatMap { $0.title ?? $0.url }
      }
    }
  }
}

/// The name of an act with as little of its device as tells it from the others.
///
/// - Parameters:
///   - id: The act.
///   - devices: All devices that have acts.
/// - Returns: Three characters of the device or more, and the number.
func shortName(of id: ActID, among devices: Set<String>) -> String {
  let lengths = devices.lazy.filter { $0 != id.device }
    .map { device in zip(device.utf8, id.device.utf8).prefix { $0 == $1 }.count + 1 }
  return "\(id.device.prefix(max(3, lengths.max() ?? 0)))-\(id.number)"
}

/// A register of a feed or an article.
private enum Register: Hashable {
  case feed(FeedID, String)
  /// A mark, which is of the whole article.
  case article(ArticleID, String)
  /// What says which keys are one article, which is of one key.
  case tie(ArticleID, String)

  /// The key of a tie.
  var tiedKey: ArticleID? { if case .tie(let key, _) = self { key } else { nil } }

  /// The register of a key that a line names.
  ///
  /// - Parameters:
  ///   - id: The key.
  ///   - name: The key by which its article is called; nil where nothing is asked of that.
  ///   - register: What is written.
  init?(_ id: ArticleID, of name: ArticleID?, _ register: String) {
    if TieWrite.Register(rawValue: register) != nil {
      self = .tie(id, register)
    } else if let name {
      self = .article(name, register)
    } else {
      return nil
    }
  }
}

// Undoing.
extension Library {
  /// The registers that an act wrote, in its order, each once, and the other keys of its articles.
  private struct Registers {
    var all: [Register] = []
    /// For each key of each article, the one that the act names.
    var names: [ArticleID: ArticleID] = [:]

    /// Only those that say which keys are one article, or only the others.
    func of(ties areTies: Bool) -> Registers {
      var some = self
      some.all = all.filter { ($0.tiedKey != nil) == areTies }
      return some
    }
  }

  private func registers(
    of act: ActID,
    _ record: ActScan.Record
  ) throws(LibraryError) -> Registers {
    var registers = Registers()
    var seen: Set<Register> = []
    let lines = record.lines.sorted { ($0.key.number, $0.key.sum) < ($1.key.number, $1.key.sum) }
    for (_, place) in lines {
      let event = try storing { () throws(StoreError) in try store.event(at: place) }
      // What stands there now may be another line, where a file was put in the place of another.
      guard event.act?.id == act else { continue }
      switch event.operation {
      case .feed(let feed, let key, _):
        if seen.insert(.feed(feed, key)).inserted { registers.all.append(.feed(feed, key)) }
      case .set(let key, _, let ids):
        for id in ids {
          if registers.names[id] == nil {
            let keys = try indexing { () throws(IndexError) in try index.keys(of: id) }
            for other in [id] + keys { registers.names[other] = id }
          }
          let register = Register(id, of: registers.names[id] ?? id, key)
          if let register, seen.insert(register).inserted { registers.all.append(register) }
        }
      case .open, .article, .unknown: break
      }
    }
    return registers
  }

  /// All writes to some registers, by whomever and whenever.
  private func writes(to registers: Registers) throws(LibraryError) -> [Register: [RegisterWrite]] {
    var writes = Dictionary(uniqueKeysWithValues: registers.all.map { ($0, [RegisterWrite]()) })
    try eachJournalLine { line, segment in
      let event = line.event
      let isTakenOver = (event.act?.id.device ?? event.device) != segment.device
      func add(_ value: RegisterValue, to register: Register) {
        var write = RegisterWrite(stamp: event.stamp, value: value, act: event.act)
        write.isCompacted = isTakenOver || segment.kind != .journal
        writes[register]?.append(write)
      }
      switch event.operation {
      case .feed(let feed, let key, let value): add(value, to: .feed(feed, key))
      case .set(let key, let value, let ids):
        for id in ids {
          if let register = Register(id, of: registers.names[id], key) { add(value, to: register) }
        }
      case .open, .article, .unknown: break
      }
    }
    // For a while lines stand in a journal and in what it was compacted to.
    for (register, all) in writes where all.contains(where: \.isCompacted) {
      let inJournal = Set(all.lazy.filter { !$0.isCompacted }.map(\.stamp))
      writes[register] = all.filter { !$0.isCompacted || !inJournal.contains($0.stamp) }
    }
    return writes
  }

  private func write(
    _ registers: Registers,
    _ root: ActID,
    in undo: Act,
    _ history: inout ActHistory,
    _ outcome: inout UndoOutcome,
    now: Timestamp
  ) throws(LibraryError) {
    let writes = try self.writes(to: registers)
    let device = store.device
    let lastWord = history.lastWord(on: root)
    var draft = UndoDraft()
    for register in registers.all {
      let all = writes[register] ?? []
      guard let last = all.max(by: { $0.stamp < $1.stamp }) else { continue }
      let at = moment(now, after: max(last.stamp.at, lastWord ?? .earliest))
      switch restoration(of: root, isRedone: outcome.isRedo, in: all, &history) {
      case .changedSince: outcome.left += 1
      case .same: break
      case .write(let value, _) where value != .bool(true) && isEmptied(register):
        outcome.emptied += 1
      case .write(let value, let origin):
        draft.add(register, value, from: origin, at: at, device: device)
      }
    }
    guard !draft.isEmpty else { return }
    var effects = PollEffects()
    for (feed, registers) in draft.feeds {
      outcome.feeds.insert(feed)
      if registers.contains(where: { $0.0 == "url" && $0.1 != .none }) {
        outcome.movedFeeds.insert(feed)
      }
      let row = try indexing { () throws(IndexError) in try index.feeds(.id(feed)).first }
      guard let row else { continue }
      effects.polls.merge(try pollEffects(of: registers, on: row).polls) { $1 }
    }
    let articles = Set(draft.articles.map { registers.names[$0] ?? $0 })
    outcome.articles = max(outcome.articles, articles.count)
    outcome.rules += draft.rules.count
    try append(draft.lines, in: undo, now: now, effects)
    outcome.undo = undo.id
  }

  private func writeTrace(
    of registers: Registers,
    _ root: ActID,
    in undo: Act,
    _ history: inout ActHistory,
    now: Timestamp
  ) throws(LibraryError) {
    let writes = try self.writes(to: registers)
    for register in registers.all {
      guard let last = writes[register]?.max(by: { $0.stamp < $1.stamp }) else { continue }
      let at = moment(now, after: max(last.stamp.at, history.lastWord(on: root) ?? .earliest))
      var draft = UndoDraft()
      draft.add(register, last.value, from: last.stamp.device, at: at, device: store.device)
      return try append(draft.lines, in: undo, now: now)
    }
  }

  /// Whether an article was purged whose text is dropped by now: there is nothing to bring back.
  private func isEmptied(_ register: Register) -> Bool {
    guard case .article(let id, "gone") = register,
      // What the index cannot say is no reason not to undo.
      let place = try? index.articleState(of: id)?.place
    else { return false }
    do throws(StoreError) {
      guard case .article(let article) = try store.event(at: place).operation else { return false }
      let item = article.item
      // Of one that came purged with an import nothing is known that could be shown.
      return isPurged(article) || item.title == nil && item.url == nil && item == item.withoutBody
    } catch .gone {
      // Of our own files none is away for a while: this one was removed with what it held. That of
      // another device may still arrive.
      return store.device.map { place.segment.hasPrefix("dev/\($0)/") } ?? false
    } catch {
      return false
    }
  }

  /// The lines of an undo.
  private struct UndoDraft {
    var feeds: [FeedID: [(String, RegisterValue)]] = [:]
    var articles: Set<ArticleID> = []
    /// The keys of rules, which no article has.
    var rules: Set<ArticleID> = []
    private var feedLines: [PendingLine] = []
    private var sets: [SetLine] = []
    private var places: [SetLine.Name: Int] = [:]

    private struct SetLine {
      struct Name: Hashable {
        var at: Timestamp
        var key: String
        var value: RegisterValue
      }
      var name: Name
      var ids: [ArticleID]
    }

    var isEmpty: Bool { feedLines.isEmpty && sets.isEmpty }

    /// Those of one value are one line.
    var lines: [PendingLine] {
      feedLines
        + sets.map { set in
          let operation = StoreOperation.set(key: set.name.key, value: set.name.value, ids: set.ids)
          return PendingLine(at: set.name.at, operation: operation)
        }
    }

    mutating func add(
      _ register: Register,
      _ value: RegisterValue,
      from origin: String?,
      at: Timestamp,
      device: String?
    ) {
      switch register {
      case .feed(let feed, let key):
        var line = PendingLine(at: at, operation: .feed(feed, key: key, value: value))
        // Who wrote an address decides whether it is trusted, and an undo makes it no better.
        if key == "url", let origin, origin != device { line.writtenBy = origin }
        feedLines.append(line)
        feeds[feed, default: []].append((key, value))
      case .article(let id, let key), .tie(let id, let key):
        if key == "rule" { rules.insert(id) } else { articles.insert(id) }
        let name = SetLine.Name(at: at, key: key, value: value)
        if let place = places[name] {
          sets[place].ids.append(id)
        } else {
          places[name] = sets.count
          sets.append(SetLine(name: name, ids: [id]))
        }
      }
    }
  }
}
