import FeedIndex
import FeedMerge
import FeedModel

/// A line that may say something of an article or a feed, and in whose directory it stands.
struct WhyLine: Hashable {
  var line: StoredLine
  var directory: String
  /// It says that this machine wrote it, which was not believed.
  var isClaim = false
  /// It stands in what an older file was compacted to.
  var isCompacted = false
}

/// What lines alone do not say.
struct WhyNames {
  /// What each device calls itself.
  var devices: [String: String] = [:]
  /// This machine.
  var own: String?
  /// What is known of feeds.
  var feeds: [FeedID: FeedRow] = [:]

  func device(_ id: String) -> ExplainedDevice {
    let name = devices[id]
    return ExplainedDevice(
      id: id,
      name: name,
      isOwn: id == own,
      isNamedLikeAnother: name != nil && devices.count { $0.value == name } > 1
    )
  }
}

/// Says what each line did, and what became of it.
///
/// Pure: the same lines in any order, also more than once, give the same events.
///
/// - Parameters:
///   - subject: What is asked about.
///   - lines: Every line that names it, and every line that is a part of an undo; others do no harm.
///   - names: What devices and feeds are called.
///   - relatives: Keys of which it also counts with which others they are one article.
/// - Returns: The events, the oldest first.
func explained(
  _ subject: Explanation.Subject,
  by lines: [WhyLine],
  _ names: WhyNames,
  relatives: Set<ArticleID> = []
) -> [ExplainedEvent] {
  var history = ActHistory()
  for line in lines {
    if let act = line.line.event.act { history.note(act, line.line.event.stamp) }
  }
  let own = withoutCopies(
    lines.filter { line in
      let operation = line.line.event.operation
      return subject.isNamed(in: operation) || operation.ties(relatives)
    }
  )
  .sorted { $0.order < $1.order }
  var devices = Set(names.devices.keys)
  for line in lines { if let act = line.line.event.act { devices.insert(act.id.device) } }
  var registers = Registers(names: names, devices: devices)
  for line in own { registers.note(line) }
  var revisions = Revisions(names: names)
  return own.map { line in
    let event = line.line.event
    let deed: ExplainedEvent.Deed =
      switch event.operation {
      case .article(let article): .revision(revisions.take(article, event, subject))
      case .set(let key, let value, let ids):
        .write(registers.write(key, value, ids, event, &history))
      case .feed(_, let key, let value): .write(registers.write(key, value, [], event, &history))
      case .unknown(let name): .notUnderstood(name)
      case .open: .notUnderstood("open")
      }
    return ExplainedEvent(
      at: event.at,
      device: names.device(event.device),
      place: line.line.place,
      isByHand: line.line.isHandWritten,
      takenOverBy: event.device == line.directory ? nil : names.device(line.directory),
      isClaim: line.isClaim,
      deed: deed
    )
  }
}

extension Explanation.Subject {
  /// A key is one of its own, and of no article that was taken apart from it.
  fileprivate func has(_ key: ArticleID) -> Bool {
    if case .article(let keys) = self { keys.contains(key) } else { false }
  }

  /// Whether a line is about it.
  ///
  /// What a newer version wrote may be about anything that it names.
  func isNamed(in operation: StoreOperation) -> Bool {
    switch (self, operation) {
    case (.article(let keys), .article(let article)): article.keys.contains(where: keys.contains)
    case (.article(let keys), .set(_, _, let ids)): ids.contains(where: keys.contains)
    case (.feed(let feed), .feed(let other, _, _)): feed == other
    case (_, .unknown): true
    default: false
    }
  }
}

extension StoreOperation {
  /// Says of any of these keys with which others it is one article, or with which not.
  func ties(_ keys: Set<ArticleID>) -> Bool {
    guard case .set(let register, let value, let ids) = self, isTie(register) else { return false }
    if ids.contains(where: keys.contains) { return true }
    guard register == "join", case .string(let text) = value else { return false }
    return ArticleID(text).map(keys.contains) ?? false
  }
}

/// It is no mark, and each key has its own.
private func isTie(_ register: String) -> Bool { TieWrite.Register(rawValue: register) != nil }

extension WhyLine {
  /// The order in which events are told.
  fileprivate var order: (Timestamp, String, Int, UInt32) {
    (line.event.at, line.event.device, line.event.number, line.event.sum)
  }

  /// What two copies of a line have in common.
  fileprivate struct Name: Hashable {
    var at: Timestamp
    var device: String
    var key: String?
    var value: RegisterValue?
    var keys: [ArticleID]
    var hash: String?
    var sum: UInt32?
  }

  fileprivate var name: Name {
    let event = line.event
    var name = Name(at: event.at, device: event.device, keys: [])
    switch event.operation {
    case .article(let article): (name.keys, name.hash) = (article.keys, article.contentHash)
    case .set(let key, let value, _), .feed(_, let key, let value):
      (name.key, name.value) = (key, value)
    case .unknown, .open: name.sum = event.sum
    }
    return name
  }

  /// Of two copies the one that says more, and then the one that was there first.
  fileprivate func isBetter(than other: WhyLine) -> Bool {
    rank < other.rank
  }

  private var rank: (Int, Int, Int, String) {
    (
      isEmptied ? 1 : 0, line.event.device == directory ? 0 : 1, isCompacted ? 1 : 0,
      "\(line.place.segment):\(line.place.offset)"
    )
  }

  private var isEmptied: Bool {
    if case .article(let article) = line.event.operation { return isPurged(article) }
    return false
  }
}

private func withoutCopies(_ lines: [WhyLine]) -> [WhyLine] {
  var best: [WhyLine.Name: WhyLine] = [:]
  for line in lines {
    if let known = best[line.name], !line.isBetter(than: known) { continue }
    best[line.name] = line
  }
  return Array(best.values)
}

/// The registers of one article or feed.
private struct Registers {
  private let names: WhyNames
  private let devices: Set<String>
  private var last: [String: RegisterStamp] = [:]
  private var values: [String: RegisterValue] = [:]

  init(names: WhyNames, devices: Set<String>) {
    self.names = names
    self.devices = devices
  }

  /// Takes note of all writes, before any of them is explained.
  mutating func note(_ line: WhyLine) {
    let event = line.line.event
    switch event.operation {
    case .set(let key, _, let ids):
      for name in names(of: key, ids) { last[name] = max(event.stamp, last[name] ?? event.stamp) }
    case .feed(_, let key, _): last[key] = max(event.stamp, last[key] ?? event.stamp)
    case .article, .open, .unknown: break
    }
  }

  mutating func write(
    _ register: String,
    _ value: RegisterValue,
    _ ids: [ArticleID],
    _ event: StoreEvent,
    _ history: inout ActHistory
  ) -> ExplainedWrite {
    let winners = names(of: register, ids).map { last[$0] ?? event.stamp }
    let winner = winners.max() ?? event.stamp
    // A line and its copy under another device's name may have two sums.
    let holds = winners.contains { winner in
      (winner.at, winner.device) == (event.at, event.device) && winner.sum == event.sum
    }
    defer { values[register] = value }
    return ExplainedWrite(
      register: register,
      value: value,
      before: values[register],
      count: isTie(register) ? 1 : max(1, ids.count),
      keys: isTie(register) ? ids : [],
      act: event.act.map { name($0.id) },
      undoes: event.act?.undoes.map(name),
      isRedo: event.act.map { $0.undoes != nil && history.root(of: $0.id).steps.isMultiple(of: 2) }
        ?? false,
      undoneBy: event.act.flatMap { history.undo(of: $0.id) }.map(name),
      holds: holds,
      beatenAt: holds ? nil : winner.at,
      beatenBy: holds ? nil : names.device(winner.device)
    )
  }

  /// What tells a register from others: a mark is of the whole article, and a tie of one key.
  private func names(of register: String, _ ids: [ArticleID]) -> [String] {
    isTie(register) ? ids.map { "\(register) \($0)" } : [register]
  }

  private func name(_ act: ActID) -> ExplainedWrite.ActName {
    ExplainedWrite.ActName(id: act, short: shortName(of: act, among: devices))
  }
}

/// The revisions of one article so far.
private struct Revisions {
  private let names: WhyNames
  private var all: [(article: Article, event: StoreEvent)] = []
  private var keys: Set<ArticleID> = []

  init(names: WhyNames) { self.names = names }

  mutating func take(
    _ article: Article,
    _ event: StoreEvent,
    _ subject: Explanation.Subject
  ) -> ExplainedRevision {
    let own = ownKey(of: article)
    let isForeign = !subject.has(own)
    let related = all.last { $0.article.keys.contains(where: article.keys.contains) } ?? all.last
    let before = all.last?.article
    let isChanged = before.map { $0.contentHash != article.contentHash } ?? false
    let changes = before.flatMap { before -> [ContentChange]? in
      guard isChanged, !isPurged(article), !isPurged(before) else { return nil }
      return contentChanges(from: before.item, to: article.item)
    }
    let same = all.dropLast().last { $0.article.contentHash == article.contentHash }
    defer {
      // What is no longer a part of it is nothing that it changed from.
      if !isForeign { all.append((article, event)) }
      keys.formUnion(article.keys)
    }
    return ExplainedRevision(
      article: article,
      feed: article.feed,
      feedRow: names.feeds[article.feed],
      rule: article.rule,
      keys: article.keys,
      newKeys: article.keys.filter { !keys.contains($0) && subject.has($0) },
      isFirst: all.isEmpty,
      isApart: !all.isEmpty && !article.keys.contains(where: keys.contains),
      evidence: related.map { matchEvidence(article, $0.article) },
      earlier: related?.event.at,
      earlierDevice: related.map { names.device($0.event.device) },
      hash: article.contentHash,
      isChanged: isChanged,
      isMinor: article.isMinor,
      returnsTo: isChanged ? same?.event.at : nil,
      changes: changes ?? [],
      isPurged: isPurged(article),
      title: article.item.title,
      url: article.item.url,
      other: isForeign ? own : nil
    )
  }
}

/// `FeedMerge.evidence(of:beside:)`, where a member has the same name.
func matchEvidence(_ later: Article, _ earlier: Article) -> MatchEvidence {
  evidence(of: later, beside: earlier)
}
