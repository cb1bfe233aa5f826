import Foundation
import GRDB

extension FeedIndex {
  /// Begins an index in a file of its own beside `path`: see `finishBuilding(at:)` and
  /// `finishBuilding(in:)`.
  ///
  /// Nothing is trusted of a file that is not finished, so it is written without a journal and in
  /// one transaction, and has no table that says of which version it is. Whoever reads or builds
  /// at the same time is in nobody's way.
  ///
  /// - Parameters:
  ///   - path: Where the index will be, or is.
  ///   - isNew: Nothing stands there now.
  /// - Returns: An index that is only to be folded into.
  /// - Throws: What SQLite answers.
  public static func building(
    beside path: String,
    isNew: Bool = true
  ) throws(IndexError) -> FeedIndex {
    removeUnfinished(beside: path)
    // A log that outlived its file would be taken for one of the new file.
    if isNew { remove(path: path) }
    var configuration = Configuration()
    configuration.label = "new index"
    configuration.foreignKeysEnabled = false
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { database in
      // Keys come in no order. 40 MiB hold nearly all of theirs.
      try database.execute(
        sql: """
          PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
          PRAGMA cache_size = -40960; PRAGMA temp_store = FILE
          """
      )
    }
    let file = path + unfinished + UUID().uuidString
    return try translated {
      let database = try DatabaseQueue(path: file, configuration: configuration)
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN IMMEDIATE")
        try database.execute(sql: Schema.sql)
      }
      return FeedIndex(database, isPersistent: true, isBeingBuilt: true)
    }
  }

  /// Makes what was built the index at `path`; another that came to stand there first stays.
  ///
  /// - Parameters:
  ///   - path: Where the index will be.
  ///   - storeID: The store that it pictures.
  /// - Throws: What SQLite or the file system answers.
  public func finishBuilding(at path: String, storeID: String?) throws(IndexError) {
    try translated {
      try database.writeWithoutTransaction { database in
        try Self.complete(database, storeID: storeID)
        // The file itself says that it is written with a log. It is locked until it is read again.
        try database.execute(
          sql: "PRAGMA locking_mode = NORMAL; SELECT 1 FROM segment; PRAGMA journal_mode = WAL"
        )
      }
      try database.close()
      let file = URL(fileURLWithPath: database.path)
      // It has a name only when all of it is on the disk.
      let handle = try FileHandle(forUpdating: file)
      try handle.synchronize()
      try handle.close()
      // Unlike a renamed file a linked one takes no other's place.
      try? FileManager.default.linkItem(atPath: database.path, toPath: path)
      try FileManager.default.removeItem(at: file)
    }
  }

  /// Makes what was built the content of another index, which may be open elsewhere.
  ///
  /// That takes one transaction of the other index, which goes through its log: whoever reads sees
  /// what was there before or what was built, and so does who comes after a crash. A file that took
  /// the place of the old one would stand beside a log that is not its own. What the other index
  /// knows about polling stays; nobody may write that meanwhile.
  ///
  /// - Parameters:
  ///   - index: The other index, of this version.
  ///   - storeID: The store that it pictures.
  /// - Throws: What SQLite answers; the other index is as it was then.
  public func finishBuilding(in index: FeedIndex, storeID: String?) throws(IndexError) {
    try translated {
      try database.writeWithoutTransaction { new in
        for table in Schema.polledTables {
          let rows = try index.database.read { try Row.fetchAll($0, sql: "SELECT * FROM \(table)") }
          for row in rows {
            let marks = row.map { _ in "?" }.joined(separator: ", ")
            try new.execute(
              sql: "INSERT INTO \(table) VALUES (\(marks))",
              arguments: StatementArguments(row.databaseValues)
            )
          }
        }
        try Self.complete(new, storeID: storeID)
      }
      try database.backup(to: index.database)
    }
    try index.shrinkLog()
    abandonBuilding()
  }

  /// Does what was left for the end, and commits.
  private static func complete(_ database: Database, storeID: String?) throws {
    try Fold(database).refreshAll()
    // Sorting takes as much memory as the cache has.
    database.releaseMemory()
    try database.execute(sql: "PRAGMA cache_size = -16384; PRAGMA shrink_memory")
    try database.execute(sql: Schema.indexes)
    try sign(database, storeID: storeID)
    try database.execute(sql: "COMMIT")
  }

  /// Closes and deletes what is not needed any more.
  public func abandonBuilding() {
    // What cannot be deleted now is deleted before the next index is built.
    try? database.close()
    try? FileManager.default.removeItem(atPath: database.path)
  }

  /// Deletes what processes left that ended before they had finished.
  ///
  /// Whoever is building writes many times a minute.
  private static func removeUnfinished(beside path: String) {
    let directory = (path as NSString).deletingLastPathComponent
    let start = (path as NSString).lastPathComponent + unfinished
    // A directory that cannot be read will say so when something is written there.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name.hasPrefix(start) {
      let file = directory + "/" + name
      let facts = try? FileManager.default.attributesOfItem(atPath: file)
      guard let date = facts?[.modificationDate] as? Date, -date.timeIntervalSinceNow > 600 else {
        continue
      }
      try? FileManager.default.removeItem(atPath: file)
    }
  }

  private static var unfinished: String { ".new-" }
}
