public import FeedModel
import Foundation
import GRDB

/// What an index says otherwise than another of the same lines.
public struct IndexDifferences: Hashable, Sendable {
  /// Articles that are not in it.
  public var missingArticles = 0
  /// Articles that are in it, and should not be.
  public var extraArticles = 0
  /// Articles that are in both, and not the same.
  public var differentArticles = 0
  /// Articles that are said to stand in a file which is not there, and do stand in another.
  public var lostPlaces = 0
  /// Feeds that are not in it, or not the same.
  public var differentFeeds = 0
  /// Registers of feeds and of articles that are not in it, or not the same.
  public var differentRegisters = 0
  /// Feeds of the articles that are in it alone.
  public var feedsOfExtraArticles: [FeedID] = []
  /// Feeds of articles whose newest revision is in it alone.
  public var feedsOfExtraRevisions: [FeedID] = []

  /// There are none.
  public var isEmpty: Bool {
    missingArticles + extraArticles + differentArticles + lostPlaces + differentFeeds
      + differentRegisters == 0
  }

  /// Nothing is missing, and nothing else than it should be but for what is there beyond.
  ///
  /// That is so where files went away: what was in them stays known until a rebuild.
  public var isOnlyAhead: Bool { missingArticles + lostPlaces == 0 }
}

/// A winning write to a register that an index knows and no line says any more.
public struct LostWrite: Hashable, Sendable {
  /// What the line said.
  public var operation: StoreOperation
  /// When.
  public var at: Timestamp
  /// Which device wrote it.
  public var device: String
}

extension FeedIndex {
  /// Whether a recount comes to other sums than the counts that are kept; it reads no rows.
  ///
  /// A count that is wrong for one feed and made good by another's is found by `differences`.
  public func hasWrongCounts() throws(IndexError) -> Bool {
    try translated {
      try database.read { database in
        let isRight = try Bool.fetchOne(
          database,
          sql: """
            SELECT (SELECT count(*) FROM article WHERE gone = 0 AND hidden = 0)
                = (SELECT total(total) FROM feed)
              AND (SELECT count(*) FROM article WHERE read = 0 AND gone = 0 AND hidden = 0)
                = (SELECT total(unread) FROM feed)
            """
        )
        return isRight != true
      }
    }
  }

  /// Holds this index against another one that was folded from the same lines.
  ///
  /// - Parameter path: The file of the other one, which no one has open.
  /// - Returns: In what this one differs.
  /// - Throws: What SQLite answers.
  public func differences(from path: String) throws(IndexError) -> IndexDifferences {
    try withOther(path) { database in
      var differences = IndexDifferences()
      func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
      differences.missingArticles = try count(
        """
        SELECT count(DISTINCT there.article) FROM other.article_key AS there
        LEFT JOIN main.article_key AS here USING (head, rest)
        LEFT JOIN main.article AS row ON row.number = here.article
        WHERE row.number IS NULL
        """
      )
      let extra = """
        FROM main.article_key AS here
        LEFT JOIN other.article_key AS there USING (head, rest)
        JOIN main.article AS row ON row.number = here.article
        WHERE there.article IS NULL
        """
      differences.extraArticles = try count("SELECT count(DISTINCT here.article) \(extra)")
      differences.feedsOfExtraArticles =
        try String.fetchAll(
          database,
          sql: "SELECT DISTINCT (SELECT id FROM main.feed WHERE number = row.feed) \(extra)"
        )
        .compactMap { FeedID($0) }
      differences.feedsOfExtraRevisions =
        try String.fetchAll(
          database,
          sql: """
            SELECT DISTINCT (SELECT id FROM main.feed WHERE number = a.feed)
            FROM other.article_key AS there
            JOIN main.article_key AS here USING (head, rest)
            JOIN other.article AS b ON b.number = there.article
            JOIN main.article AS a ON a.number = here.article
            WHERE coalesce(a.at, a.received) > coalesce(b.at, b.received)
            """
        )
        .compactMap { FeedID($0) }
      differences.differentArticles = try count(
        """
        SELECT count(DISTINCT here.article) FROM other.article_key AS there
        JOIN main.article_key AS here USING (head, rest)
        JOIN other.article AS b ON b.number = there.article
        JOIN main.article AS a ON a.number = here.article
        WHERE (\(Self.columns("a", "main"))) IS NOT (\(Self.columns("b", "other")))
        """
      )
      differences.lostPlaces = try count(
        """
        SELECT count(DISTINCT here.article) FROM other.article_key AS there
        JOIN main.article_key AS here USING (head, rest)
        JOIN main.article AS a ON a.number = here.article
        JOIN main.segment AS s ON s.number = a.segment
        WHERE s.missing = 1
        """
      )
      let feed = "url, title, source_title, source_site, subscribed, total, unread"
      differences.differentFeeds =
        try count(
          "SELECT count(*) FROM (SELECT id, \(feed) FROM main.feed EXCEPT SELECT id, \(feed) FROM other.feed)"
        )
        + count("SELECT count(*) FROM (SELECT id FROM other.feed EXCEPT SELECT id FROM main.feed)")
      for (table, keys) in [
        ("article_register", "head, rest, name"), ("feed_register", "feed, name"),
      ] {
        differences.differentRegisters += try count(
          """
          SELECT count(*) FROM other.\(table) AS b LEFT JOIN main.\(table) AS a USING (\(keys))
          WHERE (a.value, a.at, a.device, a.sum) IS NOT (b.value, b.at, b.device, b.sum)
          """
        )
        differences.differentRegisters += try count(
          """
          SELECT count(*) FROM main.\(table) AS a LEFT JOIN other.\(table) AS b USING (\(keys))
          WHERE b.at IS NULL
          """
        )
      }
      return differences
    }
  }

  /// What of an article has to be equal, whatever the numbers of its rows are.
  private static func columns(_ row: String, _ schema: String) -> String {
    let plain = [
      "keys", "hash", "title", "url", "authors", "published", "modified", "received", "moment",
      "read", "starred", "tags", "gone", "hidden", "changed", "major",
    ]
    return plain.map { "\(row).\($0)" }.joined(separator: ", ")
      + ", (SELECT id FROM \(schema).feed WHERE number = \(row).feed)"
  }

  /// The writes of some devices that this index knows and another one does not.
  ///
  /// - Parameters:
  ///   - devices: Whose writes; what others wrote is in their files.
  ///   - path: The file of the other one, which no one has open.
  /// - Returns: In no order.
  /// - Throws: What SQLite answers.
  public func lostWrites(
    of devices: Set<String>,
    beyond path: String
  ) throws(IndexError) -> [LostWrite] {
    try withOther(path) { database in
      try Self.writes(of: devices, database) { table, keys in
        """
        LEFT JOIN other.\(table) AS b USING (\(keys))
        WHERE (b.at IS NULL OR (a.at, a.device) > (b.at, b.device)
          -- A copy of a line that was taken over has another sum and is the same write.
          OR (a.at, a.device) = (b.at, b.device) AND a.value IS NOT b.value AND a.sum > b.sum) AND
        """
      }
    }
  }

  /// The writes that hold of all devices but some.
  ///
  /// - Parameter present: The devices that are left out.
  /// - Returns: In no order.
  /// - Throws: What SQLite answers.
  public func writes(ofAllBut present: Set<String>) throws(IndexError) -> [LostWrite] {
    let absent = try writers().subtracting(present)
    if absent.isEmpty { return [] }
    return try translated {
      try database.read { try Self.writes(of: absent, $0) { _, _ in "WHERE" } }
    }
  }

  /// All devices of which a write to a register holds.
  public func writers() throws(IndexError) -> Set<String> {
    try translated {
      try database.read { database in
        try Set(
          String.fetchAll(
            database,
            sql: "SELECT device FROM article_register UNION SELECT device FROM feed_register"
          )
        )
      }
    }
  }

  /// The index at a path as it stands.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - storeID: The store that it pictures.
  /// - Returns: Nil when there is none, or one that cannot be used.
  public static func standing(at path: String, storeID: String?) -> FeedIndex? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    // What cannot be opened knows nothing.
    return try? opened(path: path, storeID: storeID)
  }

  /// The index at a path, of an older version and of the same store, only to be read.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - storeID: The store that it pictures.
  /// - Returns: Nil when there is none.
  public static func outdated(at path: String, storeID: String?) -> FeedIndex? {
    guard FileManager.default.fileExists(atPath: path),
      // What cannot be opened knows nothing.
      let database = try? DatabaseQueue(path: path),
      let (version, owner) = try? database.read({ database in
        (
          try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
          try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        )
      }), version > 0, version < Schema.version, owner == applicationID(storeID)
    else { return nil }
    return FeedIndex(database, isPersistent: true)
  }

  private static func writes(
    of devices: Set<String>,
    _ database: Database,
    where condition: (_ table: String, _ keys: String) -> String
  ) throws -> [LostWrite] {
    var found: [LostWrite] = []
    for device in devices.sorted() {
      func rows(_ table: String, _ keys: String) throws -> [Row] {
        try Row.fetchAll(
          database,
          sql: """
            SELECT \(keys), a.value, a.at FROM main.\(table) AS a
            \(condition(table, keys)) a.device = ?
            """,
          arguments: [device]
        )
      }
      for row in try rows("article_register", "head, rest, name") {
        let id = ArticleID(HashID(head: row[0], rest: row[1]))
        let operation = StoreOperation.set(key: row[2], value: registerValue(row[3]), ids: [id])
        found.append(
          LostWrite(operation: operation, at: Timestamp(milliseconds: row[4]), device: device)
        )
      }
      for row in try rows("feed_register", "feed, name") {
        let name: String = row[1]
        guard let feed = FeedID(row[0] as String) else { continue }
        let operation = StoreOperation.feed(
          feed,
          key: name,
          value: registerValue(row[2], isFlag: isFlag(name))
        )
        found.append(
          LostWrite(operation: operation, at: Timestamp(milliseconds: row[3]), device: device)
        )
      }
    }
    return found
  }

  func withOther<Value>(
    _ path: String,
    _ body: (Database) throws -> Value
  ) throws(IndexError) -> Value {
    try translated {
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "ATTACH ? AS other", arguments: [path])
        // What it says is known by now; a file that stays attached harms nobody.
        defer { try? database.execute(sql: "DETACH other") }
        return try body(database)
      }
    }
  }
}

/// Registers of feeds that are flags: SQLite keeps those as the numbers 0 and 1.
private func isFlag(_ name: String) -> Bool {
  name == "sub" || name.hasPrefix("tag:") || name == "fetch.http1" || name == "fetch.led"
}

/// The value that a column holds; every register of an article is a flag.
private func registerValue(_ value: DatabaseValue, isFlag: Bool = true) -> RegisterValue {
  switch value.storage {
  case .int64(let number): isFlag ? .bool(number != 0) : .integer(number)
  case .string(let text): .string(text)
  default: .none
  }
}
