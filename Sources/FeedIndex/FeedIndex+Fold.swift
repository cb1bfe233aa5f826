public import FeedModel
import Foundation
import GRDB

/// What is written to the index in one transaction.
public struct IndexBatch: Sendable {
  /// Lines of the store, in any order.
  public var lines: [StoredLine] = []
  /// How far the segments are read with these lines.
  public var cursors: [SegmentCursor] = []
  /// What became of polling feeds.
  public var effects = PollEffects()

  /// A batch with nothing in it.
  public init() {}

  /// There is nothing to write.
  public var isEmpty: Bool { lines.isEmpty && cursors.isEmpty && effects.isEmpty }
}

extension FeedIndex {
  /// How far each segment has been folded, by the segment's name.
  public func cursors() throws(IndexError) -> [String: SegmentCursor] {
    try translated {
      try database.read { database in
        let rows = try Row.fetchCursor(database, sql: "SELECT name, position, tail FROM segment")
        var cursors: [String: SegmentCursor] = [:]
        while let row = try rows.next() {
          let name: String = row[0]
          let tail = row[2] as Data? ?? Data()
          cursors[name] = SegmentCursor(name: name, offset: row[1], tail: Array(tail))
        }
        return cursors
      }
    }
  }

  /// Folds lines, cursors and poll states in one transaction.
  public func apply(_ batch: IndexBatch) throws(IndexError) {
    guard !batch.isEmpty else { return }
    try translated {
      try database.write { database in
        for line in batch.lines { try Fold(database: database).apply(line) }
        for cursor in batch.cursors {
          let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO segment (name, position, tail) VALUES (?, ?, ?)"
          )
          try statement.execute(arguments: [cursor.name, cursor.offset, Data(cursor.tail)])
        }
        try database.write(batch.effects)
      }
    }
  }
}

/// The effects of one line on the tables.
private struct Fold {
  let database: Database

  func apply(_ line: StoredLine) throws {
    let event = line.event
    switch event.operation {
    case .feed(let feed, let key, let value):
      try write(value, to: key, of: feed, event.stamp)
    case .set(let key, let value, let ids):
      for id in ids { try write(value, to: key, of: id, event.stamp) }
    case .article(let article):
      try write(article, event, at: line.place)
    case .open, .unknown:
      break
    }
  }

  /// One register: a row of a table, by the column of its owner and by its name.
  private struct Register {
    var table: String
    var owner: String
    var id: String
    var name: String
  }

  /// Writes a register; false when what stands there was written later, and so holds.
  private func win(
    _ register: Register,
    _ value: RegisterValue,
    _ stamp: RegisterStamp
  ) throws -> Bool {
    let (table, owner) = (register.table, register.owner)
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO \(table) (\(owner), name, value, at, device, sum) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (\(owner), name) DO UPDATE SET
          value = excluded.value, at = excluded.at, device = excluded.device, sum = excluded.sum
        WHERE (excluded.at, excluded.device, excluded.sum) > (at, device, sum)
        """
    )
    try statement.execute(
      arguments: [
        register.id, register.name, value.databaseValue, stamp.at.milliseconds, stamp.device,
        Int64(stamp.sum),
      ]
    )
    return database.changesCount > 0
  }

  private func write(
    _ value: RegisterValue,
    to name: String,
    of feed: FeedID,
    _ stamp: RegisterStamp
  ) throws {
    let register = Register(table: "feed_register", owner: "feed", id: feed.description, name: name)
    guard try win(register, value, stamp), let column = Self.feedColumns[name] else { return }
    let number = try self.number(of: feed)
    let update = try database.cachedStatement(
      sql: "UPDATE feed SET \(column) = ? WHERE number = ?"
    )
    let stored = column == "subscribed" ? (value == .bool(true)).databaseValue : value.databaseValue
    try update.execute(arguments: [stored, number])
  }

  /// The registers of a feed that have a column of their own.
  private static let feedColumns = [
    "url": "url", "sub": "subscribed", "title": "title", "source.title": "source_title",
    "source.site": "source_site",
  ]

  private func number(of feed: FeedID) throws -> Int64 {
    let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO feed (id) VALUES (?)")
    let select = try database.cachedStatement(sql: "SELECT number FROM feed WHERE id = ?")
    if let number = try Int64.fetchOne(select, arguments: [feed.description]) { return number }
    try insert.execute(arguments: [feed.description])
    return database.lastInsertedRowID
  }

  private func write(
    _ value: RegisterValue,
    to name: String,
    of id: ArticleID,
    _ stamp: RegisterStamp
  ) throws {
    let register = Register(table: "article_register", owner: "key", id: id.description, name: name)
    guard try win(register, value, stamp), let number = try number(of: id) else { return }
    try refresh(name, of: number)
  }

  private func number(of id: ArticleID) throws -> Int64? {
    let select = try database.cachedStatement(sql: "SELECT article FROM article_key WHERE key = ?")
    return try Int64.fetchOne(select, arguments: [id.description])
  }

  /// Brings what the row says of a register in line with the greatest write under any of its keys.
  private func refresh(_ name: String, of number: Int64) throws {
    if name.hasPrefix("tag:") { return try refreshTags(of: number) }
    guard let column = ["read": "read", "star": "starred"][name] else { return }
    let select = try database.cachedStatement(
      sql: """
        SELECT r.value IS 1 FROM article_key k JOIN article_register r ON r.key = k.key AND r.name = ?
        WHERE k.article = ? ORDER BY r.at DESC, r.device DESC, r.sum DESC LIMIT 1
        """
    )
    let isSet = try Bool.fetchOne(select, arguments: [name, number]) ?? false
    let update = try database.cachedStatement(
      sql: "UPDATE article SET \(column) = ?1 WHERE number = ?2 AND \(column) <> ?1"
    )
    try update.execute(arguments: [isSet, number])
  }

  private func refreshTags(of number: Int64) throws {
    let select = try database.cachedStatement(
      sql: """
        SELECT r.name, r.value IS 1 FROM article_key k JOIN article_register r ON r.key = k.key
        WHERE k.article = ? AND r.name >= 'tag:' AND r.name < 'tag;'
        ORDER BY r.name, r.at DESC, r.device DESC, r.sum DESC
        """
    )
    var tags: [String] = []
    var last: String?
    for row in try Row.fetchAll(select, arguments: [number]) {
      let name: String = row[0]
      if name != last, row[1] { tags.append(String(name.dropFirst(4))) }
      last = name
    }
    let update = try database.cachedStatement(sql: "UPDATE article SET tags = ? WHERE number = ?")
    try update.execute(arguments: [joined(tags), number])
  }

  private func write(_ article: Article, _ event: StoreEvent, at place: LinePlace) throws {
    let received = event.at.milliseconds
    let published = article.item.published?.milliseconds
    let modified = article.item.modified?.milliseconds
    let feed = try number(of: article.feed)
    var found: [Int64] = []
    for key in article.keys {
      if let number = try self.number(of: key), !found.contains(number) { found.append(number) }
    }
    let insert = try database.cachedStatement(
      sql: """
        INSERT INTO article (id, feed, hash, title, url, authors, published, modified, received, moment,
          fingerprint, origin, line, at, device, sum, segment, position, length)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    )
    // A revision stands as an article of its own until it is united with the others.
    let isAlone = found.isEmpty
    try insert.execute(
      arguments: [
        isAlone ? article.id.description : "+" + article.id.description, feed,
        article.contentHash, article.item.title, article.item.url,
        joined(article.item.authors.compactMap { $0.name ?? $0.url }), published, modified,
        received,
        min(published ?? modified ?? received, received),
        article.item.textFingerprint.map { Int64(bitPattern: $0) }, event.device, event.number,
        received, event.device, Int64(event.sum), place.segment, place.offset, place.length,
      ]
    )
    let inserted = database.lastInsertedRowID
    let number = found.first ?? inserted
    if !isAlone {
      try unite(inserted, with: number, id: article.id.description)
      for other in found.dropFirst() { try unite(other, with: number, id: nil) }
    }
    try add(article.keys, to: number)
    if found.count > 1 { try refreshAll(of: number) }
  }

  /// Makes two rows of one article into one, and so in any order comes to the same: the newest
  /// revision shows; the oldest says when the article was received, and its id.
  ///
  /// `other` is the row that goes, and `number` the one that stays. `id` is what `other` stands
  /// for, when that is not the id in the row.
  private func unite(_ other: Int64, with number: Int64, id: String?) throws {
    func run(_ sql: String, _ arguments: StatementArguments) throws {
      try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
    let row = try Row.fetchOne(
      database.cachedStatement(
        sql: "SELECT id, received, origin, line, hash, changed FROM article WHERE number = ?"
      ),
      arguments: [other]
    )
    guard let row else { return }
    let otherID: String = id ?? row[0]
    try run(
      "UPDATE article SET changed = 1 WHERE number = ?1 AND changed = 0 AND (?2 OR hash <> ?3)",
      [number, row[5] as Bool, row[4] as String]
    )
    let content =
      "hash, title, url, authors, published, modified, fingerprint, at, device, sum, segment, "
      + "position, length"
    try run(
      """
      UPDATE article SET (\(content)) = (SELECT \(content) FROM article WHERE number = ?1)
      WHERE number = ?2 AND (SELECT at, device, sum FROM article WHERE number = ?1)
        > (at, device, sum)
      """,
      [other, number]
    )
    try run("UPDATE article_key SET article = ?2 WHERE article = ?1", [other, number])
    try run("DELETE FROM article WHERE number = ?", [other])
    try run(
      """
      UPDATE article SET id = ?1, received = ?2, origin = ?3, line = ?4
      WHERE number = ?5 AND (?2, ?3, ?4) < (received, origin, line)
      """,
      [otherID, row[1] as Int64, row[2] as String, row[3] as Int64, number]
    )
    try run(
      "UPDATE article SET moment = min(coalesce(published, modified, received), received) WHERE number = ?",
      [number]
    )
  }

  /// Brings all marks of a row in line with what was written under its keys.
  private func refreshAll(of number: Int64) throws {
    for name in ["read", "star", "tag:"] { try refresh(name, of: number) }
  }

  private func add(_ keys: [ArticleID], to number: Int64) throws {
    let insert = try database.cachedStatement(
      sql: "INSERT OR IGNORE INTO article_key (key, article) VALUES (?, ?)"
    )
    let select = try database.cachedStatement(
      sql: "SELECT name FROM article_register WHERE key = ?"
    )
    for key in keys {
      try insert.execute(arguments: [key.description, number])
      guard database.changesCount > 0 else { continue }
      // Marks may have come before the article that they are about.
      for name in try String.fetchAll(select, arguments: [key.description]) {
        try refresh(name, of: number)
      }
    }
  }
}

extension RegisterValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .none: .null
    case .bool(let flag): flag.databaseValue
    case .integer(let number): number.databaseValue
    case .string(let text): text.databaseValue
    }
  }
}

/// Lists stand in one column, one element a line; a line feed within becomes a space.
private func joined(_ texts: [String]) -> String? {
  guard !texts.isEmpty else { return nil }
  return texts.map { $0.split(separator: "\n").joined(separator: " ") }.joined(separator: "\n")
}
