import FeedModel
import GRDB

/// The effects of lines on the tables, within one transaction.
///
/// Folding lines again, or in another order, comes to the same. Long, and in one piece: articles,
/// marks and counts share what is gathered and not written yet, which is private to this file.
final class Fold {
  let statements: FoldStatements
  private var segments: [String: Int64] = [:]
  private var segmentFacts: [Int64: SegmentFacts] = [:]
  private var feeds: [FeedID: Int64] = [:]
  /// How many articles feeds gained, and how many unread ones, by the feed's number.
  private var counts: [Int64: (total: Int64, unread: Int64)] = [:]
  /// The greatest number that an article has; nil until it is needed.
  private var lastArticle: Int64?
  /// There is any mark at all; nil until it is needed.
  private var hasRegisters: Bool?
  /// The greatest write to each register of articles among the lines so far.
  ///
  /// One act is often followed by another on the same articles, and what is overwritten within the
  /// lines need not be written.
  private var marks: [MarkKey: Mark] = [:]
  /// The numbers that stand for the names of registers in `marks`.
  private var registers: [String: Int] = [:]
  /// The marks of articles are brought in line by `refreshAll()`, at the very end.
  private let isBuilding: Bool
  /// Which key of a line is that of its own item; asked only of articles that somebody took apart
  /// or joined.
  let ownKey: (Article) -> ArticleID
  /// Somebody took articles apart or joined some; nil until it is needed.
  var hasTies: Bool?
  /// Keys whose articles are to be worked out anew from their lines.
  var touched: Set<ArticleID> = []

  /// The greatest number of a line of each segment among the lines so far.
  private var lastNumbers: [String: Int] = [:]
  /// Of the segment whose lines come.
  private var last = (segment: "", number: 0)

  init(
    _ database: Database,
    isBuilding: Bool = false,
    ownKey: @escaping (Article) -> ArticleID = { $0.id }
  ) {
    statements = FoldStatements(database)
    self.isBuilding = isBuilding
    self.ownKey = ownKey
  }

  func apply(_ line: StoredLine) throws {
    let event = line.event
    note(event.number, of: line)
    switch event.operation {
    case .feed(let feed, let key, let value):
      try write(value, to: key, of: feed, event.stamp)
    case .set(let key, let value, let ids):
      note(value, to: key, of: ids, event.stamp)
    case .article(let article):
      try write(article, event, at: line.place)
    case .open, .unknown:
      break
    }
  }

  private func note(_ number: Int, of line: StoredLine) {
    if line.place.segment != last.segment {
      last = (line.place.segment, lastNumbers[line.place.segment] ?? 0)
    }
    // A number that somebody typed is none.
    guard number > last.number, number < 1 << 50, !line.isHandWritten else { return }
    last.number = number
    lastNumbers[last.segment] = number
  }

  /// How far a segment is read; 0 when nothing of it was.
  func position(of segment: String) throws -> Int {
    let select = try statements(.segmentPosition)
    select.add(segment)
    defer { select.reset() }
    return try select.step() ? Int(select.integer(0)) : 0
  }

  /// Notes how far a segment is read.
  func move(to cursor: SegmentCursor) throws {
    let upsert = try statements(.moveSegment)
    upsert.add(cursor.name)
    upsert.add(cursor.offset)
    upsert.add(cursor.tail)
    upsert.add(lastNumbers[cursor.name] ?? 0)
    try upsert.run()
  }

  /// Writes marks and what was counted; nothing may be applied afterwards.
  func finish() throws {
    try writeMarks()
    try workOutTouched()
    for (feed, count) in counts where count != (0, 0) {
      let update = try statements(.countArticles)
      update.add(count.total)
      update.add(count.unread)
      update.add(feed)
      try update.run()
    }
    counts = [:]
  }

  func count(_ total: Int64, unread: Int64, of feed: Int64) {
    let count = counts[feed] ?? (0, 0)
    counts[feed] = (count.total + total, count.unread + unread)
  }
}

// Feeds.
extension Fold {
  private func write(
    _ value: RegisterValue,
    to name: String,
    of feed: FeedID,
    _ stamp: RegisterStamp
  ) throws {
    let upsert = try statements(.writeFeedRegister)
    upsert.add(feed.description)
    upsert.add(name)
    upsert.add(value)
    upsert.add(stamp)
    guard try upsert.run() > 0, let column = Self.feedColumns[name] else { return }
    let number = try self.number(of: feed)
    let update = try statements.update(feedColumn: column)
    if column == "subscribed" { update.add(value == .bool(true)) } else { update.add(value) }
    update.add(number)
    try update.run()
  }

  /// The registers of a feed that have a column of their own.
  private static let feedColumns = [
    "url": "url", "sub": "subscribed", "title": "title", "source.title": "source_title",
    "source.site": "source_site",
  ]

  private func number(of feed: FeedID) throws -> Int64 {
    if let known = feeds[feed] { return known }
    let number = try number(of: feed.description, .feedNumber, orNew: .addFeed)
    feeds[feed] = number
    return number
  }

  private func number(ofSegment name: String) throws -> Int64 {
    if let known = segments[name] { return known }
    let number = try number(of: name, .segmentNumber, orNew: .addSegment)
    segments[name] = number
    return number
  }

  private func number(
    of name: String,
    _ find: FoldStatement,
    orNew add: FoldStatement
  ) throws -> Int64 {
    for statement in [find, add] {
      let select = try statements(statement)
      select.add(name)
      defer { select.reset() }
      if try select.step() {
        let number = select.integer(0)
        // An insertion is carried out only when it is stepped to its end.
        while try select.step() {}
        return number
      }
    }
    throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no number for \(name)")
  }
}

// Articles.
extension Fold {
  private func write(_ article: Article, _ event: StoreEvent, at place: LinePlace) throws {
    var record = try self.record(of: article, event, at: place)
    if try haveTies(), try isTied(record.keys) { return try keep(record, own: ownKey(article)) }
    // Most lines bring an article whose keys are all new, and then looking them up and adding them
    // is one.
    let new = try nextArticle()
    var added: [ArticleID] = []
    for key in record.keys where try add(key, to: new) { added.append(key) }
    var number = new
    if added.count == record.keys.count {
      _ = try insert(record)
    } else {
      let known = try articles(of: article.keys, but: new)
      guard let first = known.first else {
        throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a key without an article")
      }
      number = first
      try unite(&record, known)
      for key in added { try move(key, to: first) }
      if known.count > 1 { return try refresh(first) }
    }
    // Marks may have come before the article that they are about.
    if !isBuilding, try haveRegisters(added) { try refresh(number) }
  }

  /// The article of one line.
  func record(
    of article: Article,
    _ event: StoreEvent,
    at place: LinePlace
  ) throws -> ArticleRecord {
    ArticleRecord(
      article,
      event,
      feed: try number(of: article.feed),
      segment: try number(ofSegment: place.segment),
      place
    )
  }

  /// Makes one article of some that are known and of one that comes; the first of them stays.
  private func unite(_ record: inout ArticleRecord, _ known: [Int64]) throws {
    guard var united = try self.record(known[0]) else { return }
    let before = united
    try united.unite(with: record, isBetter: isBetterPlace)
    for number in known.dropFirst() {
      guard let other = try self.record(number) else { continue }
      try united.unite(with: other, isBetter: isBetterPlace)
      try remove(number, of: other.feed)
      for key in other.keys { try move(key, to: known[0]) }
    }
    record = united
    try replace(before, with: united, known[0], isUnited: known.count > 1)
  }

  /// Takes an article away, but for its keys.
  func remove(_ number: Int64, of feed: Int64) throws {
    let delete = try statements(.removeArticle)
    delete.add(number)
    var (wasRead, wasListed) = (true, false)
    while try delete.step() { (wasRead, wasListed) = (delete.flag(0), delete.flag(1)) }
    if wasListed { count(-1, unread: wasRead ? 0 : -1, of: feed) }
    try removeText(number)
  }

  /// Writes what has become of an article, but for its keys.
  ///
  /// - Parameters:
  ///   - before: What it was.
  ///   - record: What it is.
  ///   - number: Its number.
  ///   - isUnited: It was several, or is no longer all that it was.
  /// - Throws: What SQLite answers.
  func replace(
    _ before: ArticleRecord,
    with record: ArticleRecord,
    _ number: Int64,
    isUnited: Bool
  ) throws {
    guard record != before else { return }
    try save(record, as: .writeArticle, number)
    let hasMoved =
      record.revision.segment != before.revision.segment
      || record.revision.position != before.revision.position
    if try !record.hasText(of: before) || hasMoved && stopWaiting(number) {
      try run(.addStaleText, number)
    }
    if !record.hasText(of: before) || isUnited { try run(.addStaleSimilar, number) }
    if record.feed != before.feed { try count(number, from: before.feed, to: record.feed) }
  }

  /// Adds an article, but for its keys.
  func insert(_ record: ArticleRecord) throws -> Int64 {
    let number = try nextArticle()
    try save(record, as: .addArticle, number)
    lastArticle = number
    count(1, unread: 1, of: record.feed)
    return number
  }

  /// Forgets the text of an article that is no more.
  private func removeText(_ number: Int64) throws {
    try run(.removeStaleText, number)
    try run(.removeWaitingText, number)
    if try run(.releaseText, number) > 0 { try statements(.countOldText).run() }
  }

  /// Its text could not be read where it stood; it does not wait for that place any more.
  private func stopWaiting(_ number: Int64) throws -> Bool {
    try run(.removeWaitingText, number) > 0
  }

  @discardableResult
  func run(_ statement: FoldStatement, _ number: Int64) throws -> Int {
    let statement = try statements(statement)
    statement.add(number)
    return try statement.run()
  }

  /// Counts an article for another feed than before.
  private func count(_ number: Int64, from old: Int64, to new: Int64) throws {
    let select = try statements(.readMarks)
    select.add(number)
    defer { select.reset() }
    guard try select.step(), !select.flag(5), !select.flag(6) else { return }
    let unread: Int64 = select.flag(2) ? 0 : 1
    count(-1, unread: -unread, of: old)
    count(1, unread: unread, of: new)
  }

  /// Whether the second of two places of one line is to be remembered.
  ///
  /// First one that is there, then one with the body, then one that stays: old segments are removed
  /// some time after their snapshot, and the directory of a device when that is forgotten.
  func isBetterPlace(
    _ known: ArticleRecord.Revision,
    _ new: ArticleRecord.Revision
  ) throws -> Bool {
    if known.segment == new.segment {
      // The file was written anew, and where the line stood before is no place any more.
      let isAgain = known.stamp.sum == new.stamp.sum
      return isAgain || (known.fingerprint == nil) != (new.fingerprint == nil) || known < new
    }
    let (first, second) = (try facts(ofSegment: known.segment), try facts(ofSegment: new.segment))
    if first.isMissing != second.isMissing { return first.isMissing }
    if (known.fingerprint == nil) != (new.fingerprint == nil) { return known.fingerprint == nil }
    let (left, right) = (
      first.permanence(writtenBy: known.stamp.device),
      second.permanence(writtenBy: new.stamp.device)
    )
    return left == right ? first.name < second.name : left < right
  }

  func facts(ofSegment number: Int64) throws -> SegmentFacts {
    if let known = segmentFacts[number] { return known }
    let select = try statements(.segmentFacts)
    select.add(number)
    defer { select.reset() }
    var facts = SegmentFacts(name: "", isMissing: true)
    if try select.step() {
      facts = SegmentFacts(name: select.text(0) ?? "", isMissing: select.flag(1))
    }
    segmentFacts[number] = facts
    return facts
  }

  private func save(
    _ record: ArticleRecord,
    as statement: FoldStatement,
    _ number: Int64
  ) throws {
    let write = try statements(statement)
    record.add(to: write)
    write.add(number)
    try write.run()
  }

  func record(_ number: Int64) throws -> ArticleRecord? {
    let select = try statements(.readArticle)
    select.add(number)
    defer { select.reset() }
    return try select.step() ? ArticleRecord(select) : nil
  }

  private func nextArticle() throws -> Int64 {
    if let lastArticle { return lastArticle + 1 }
    let select = try statements(.lastArticle)
    defer { select.reset() }
    let last = try select.step() ? select.integer(0) : 0
    lastArticle = last
    return last + 1
  }

  /// Gives a key to an article; false when the key has one already.
  func add(_ key: ArticleID, to number: Int64) throws -> Bool {
    let insert = try statements(.addKey)
    insert.add(key.hash)
    insert.add(number)
    return try insert.run() > 0
  }

  private func move(_ key: ArticleID, to number: Int64) throws {
    let update = try statements(.moveKey)
    update.add(number)
    update.add(key.hash)
    try update.run()
  }

  /// The articles that carry any of the keys, each once, in the order of the keys.
  private func articles(of keys: [ArticleID], but new: Int64) throws -> [Int64] {
    var found: [Int64] = []
    for key in keys {
      if let number = try number(of: key), number != new, !found.contains(number) {
        found.append(number)
      }
    }
    return found
  }

  func number(of key: ArticleID) throws -> Int64? {
    let select = try statements(.articleOfKey)
    select.add(key.hash)
    defer { select.reset() }
    return try select.step() ? select.integer(0) : nil
  }
}

// Marks.
extension Fold {
  private struct MarkKey: Hashable {
    var id: ArticleID
    var register: Int
  }

  private struct Mark {
    var value: RegisterValue
    var stamp: RegisterStamp
  }

  private func note(
    _ value: RegisterValue,
    to name: String,
    of ids: [ArticleID],
    _ stamp: RegisterStamp
  ) {
    let register = registers[name] ?? registers.count
    registers[name] = register
    let mark = Mark(value: value, stamp: stamp)
    for id in ids {
      let key = MarkKey(id: id, register: register)
      if let known = marks[key], known.stamp > stamp { continue }
      marks[key] = mark
    }
  }

  private func writeMarks() throws {
    guard !marks.isEmpty else { return }
    let names = registers.sorted { $0.value < $1.value }.map(\.key)
    var numbers: Set<Int64> = []
    // In the order of the table, so that neighbours are written together.
    for (key, mark) in marks.sorted(by: { $0.key.id < $1.key.id }) {
      let upsert = try statements(.writeRegister)
      upsert.add(key.id.hash)
      upsert.add(names[key.register])
      upsert.add(mark.value)
      upsert.add(mark.stamp)
      // What stands there was written later, and so holds.
      guard try upsert.run() > 0 else { continue }
      hasRegisters = true
      let name = names[key.register]
      if name == "part" || name == "join" { try tie(key.id, name, mark.value) }
      if !isBuilding, let number = try number(of: key.id) { numbers.insert(number) }
    }
    marks = [:]
    for number in numbers.sorted() { try refresh(number) }
  }

  /// Brings what the rows say of marks in line with all writes, where nothing was until now.
  func refreshAll() throws {
    let select = try statements(.markedArticles)
    var numbers: [Int64] = []
    while try select.step() { numbers.append(select.integer(0)) }
    for number in numbers { try refresh(number) }
    try finish()
  }

  private func haveRegisters(_ keys: [ArticleID]) throws -> Bool {
    if hasRegisters == nil {
      let select = try statements(.hasRegisters)
      defer { select.reset() }
      hasRegisters = try select.step() && select.flag(0)
    }
    guard hasRegisters == true else { return false }
    return try keys.contains { key in
      let select = try statements(.registersOfKey)
      select.add(key.hash)
      defer { select.reset() }
      return try select.step()
    }
  }

  /// Brings what the row says of marks in line with the greatest writes under any of its keys.
  func refresh(_ number: Int64) throws {
    let select = try statements(.readMarks)
    select.add(number)
    guard try select.step() else { return }
    let keys = articleKeys(select.bytes(0))
    let feed = select.integer(1)
    let before = Marks(
      isRead: select.flag(2),
      isStarred: select.flag(3),
      tags: select.text(4),
      isGone: select.flag(5),
      isHidden: select.flag(6)
    )
    select.reset()
    let marks = Marks(try writes(to: keys))
    guard marks != before else { return }
    let update = try statements(.writeMarks)
    update.add(marks.isRead)
    update.add(marks.isStarred)
    update.add(marks.tags)
    update.add(marks.isGone)
    update.add(marks.isHidden)
    update.add(number)
    try update.run()
    count(marks.listed - before.listed, unread: marks.unread - before.unread, of: feed)
  }

  /// The greatest write to each register under any of these keys.
  private func writes(to keys: [ArticleID]) throws -> MarkWrites {
    var writes = MarkWrites()
    let select = try statements(.registersOfKey)
    for key in keys {
      select.add(key.hash)
      while try select.step() { writes.add(select, at: 0) }
    }
    return writes
  }

  /// The columns of an article that marks write.
  private struct Marks: Equatable {
    var isRead: Bool
    var isStarred: Bool
    var tags: String?
    /// It was purged, and not starred since.
    var isGone: Bool
    /// A rule hid it.
    var isHidden: Bool

    /// What it adds to its feed's articles.
    var listed: Int64 { isGone || isHidden ? 0 : 1 }
    /// What it adds to its feed's unread articles.
    var unread: Int64 { isGone || isRead || isHidden ? 0 : 1 }

    init(isRead: Bool, isStarred: Bool, tags: String?, isGone: Bool, isHidden: Bool) {
      self.isRead = isRead
      self.isStarred = isStarred
      self.tags = tags
      self.isGone = isGone
      self.isHidden = isHidden
    }

    init(_ writes: MarkWrites) {
      isRead = writes.isSet("read")
      isStarred = writes.isSet("star")
      tags = joined(writes.tags)
      isGone = writes.isGone
      isHidden = writes.isSet("hidden")
    }
  }
}

extension RawStatement {
  /// Adds a stamp, which takes three parameters.
  func add(_ stamp: RegisterStamp) {
    add(stamp.at)
    add(stamp.device)
    add(Int64(stamp.sum))
  }
}
