import Foundation
import GRDB

/// A picture of the store in SQLite, which may be thrown away at any time.
///
/// Invariants:
/// 1. Every row but those of `poll`, `poll_log` and `host` follows from the lines of the store; `poll` is of this machine.
/// 2. How far each segment has been folded stands in the same transaction as the effects.
/// 3. Folding lines again, or in another order, changes nothing: the greatest stamp holds.
/// 4. Bodies stay in the store; a row says where.
public final class FeedIndex: Sendable {
  let database: DatabaseQueue

  /// The index is on disk; when not, it lasts as long as the process.
  public let isPersistent: Bool

  /// It is being built beside the one that is used, in one transaction: see `building(beside:)`.
  public let isBeingBuilt: Bool

  /// Opens the index at `path`, creating it when it is not there.
  ///
  /// A file of another version, a damaged one, or one that was made from another store is
  /// deleted and begun anew. Where no file can be opened now, because there is no space, no
  /// permission, or another process holds it for long, the index stays in memory.
  ///
  /// - Parameters:
  ///   - path: The database file; nil for memory alone.
  ///   - storeID: The store that it pictures; nil when there is none yet: see `bind(to:)`.
  /// - Returns: An index that may be empty and has to catch up.
  /// - Throws: What SQLite answers when not even memory serves.
  public static func open(path: String?, storeID: String?) throws(IndexError) -> FeedIndex {
    if let path {
      for _ in 0..<2 {
        do throws(IndexError) {
          if let index = try opened(path: path, storeID: storeID) { return index }
        } catch {
          guard error.isDamage else { break }
        }
        remove(path: path)
      }
    }
    let database = try translated { try DatabaseQueue() }
    try translated { try database.write { try prepare($0, storeID: storeID) } }
    return FeedIndex(database, isPersistent: false)
  }

  /// Opens the index at `path` where there is one of this version and of this store.
  ///
  /// - Parameters:
  ///   - path: The database file.
  ///   - storeID: The store that it pictures.
  ///   - farewell: Called before one of another version or store is deleted.
  /// - Returns: Nil when there is none; one that is of no use has been deleted.
  /// - Throws: What SQLite answers, but for damage.
  public static func existing(
    path: String,
    storeID: String?,
    beforeDeleting farewell: () -> Void = {}
  ) throws(IndexError) -> FeedIndex? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do throws(IndexError) {
      if let index = try opened(path: path, storeID: storeID) { return index }
      farewell()
    } catch {
      guard error.isDamage else { throw error }
    }
    remove(path: path)
    return nil
  }

  /// Says which store it pictures, once that store has come to be.
  public func bind(to storeID: String) throws(IndexError) {
    let owner = Self.applicationID(storeID)
    try translated {
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA application_id = \(owner)")
      }
    }
  }

  /// Reads with `RawStatement`s.
  ///
  /// GRDB's `read` begins a transaction and turns a pragma on and off around it, after which SQLite
  /// prepares every statement anew; a sync reads for each feed.
  func reading<Value>(_ body: (Database) throws -> Value) throws(IndexError) -> Value {
    try translated { try database.unsafeRead(body) }
  }

  /// Goes over the log less often, until the index is closed; `shrinkLog()` is called in the end.
  ///
  /// What writes much meets pages all over the file, and many of them again.
  public func letLogGrow() throws(IndexError) {
    try translated {
      try database.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
      }
    }
  }

  /// Writes the log into the file and empties it, where it has grown.
  ///
  /// It would stay as large as it once was until the last process closes the index. Where another
  /// process reads or writes just now it stays as it is.
  public func shrinkLog() throws(IndexError) {
    guard isPersistent else { return }
    let path = database.path + "-wal"
    // A log whose size cannot be told is left alone.
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    guard let size, size > Self.logBytesMax else { return }
    try translated {
      try database.writeWithoutTransaction { database in
        do {
          _ = try database.checkpoint(.truncate)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
          return
        }
      }
    }
  }

  private static let logBytesMax = 2 << 20

  /// Deletes the files of an index that is not open.
  public static func remove(path: String) {
    for suffix in ["", "-wal", "-shm"] {
      // What cannot be removed is met again when the file is opened, and memory serves then.
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  init(_ database: DatabaseQueue, isPersistent: Bool, isBeingBuilt: Bool = false) {
    self.database = database
    self.isPersistent = isPersistent
    self.isBeingBuilt = isBeingBuilt
    database.inDatabase { $0.add(function: QuerySQL.wordsStand) }
  }

  /// Nil when the file pictures something else.
  static func opened(
    path: String,
    storeID: String?
  ) throws(IndexError) -> FeedIndex? {
    var configuration = Configuration()
    configuration.label = "index"
    configuration.busyMode = .timeout(10)
    // The lines say what belongs together.
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      // A lost transaction is folded again from the store, so the log needs no fsync of its own.
      // Keys come in no order, so a sync meets pages all over the file: it keeps 24 MiB of them.
      // Whoever opens the index first reads the whole log, which is to stay near 1 MiB. Debian's
      // SQLite writes zeros over what is deleted, which is dear where FTS5 makes one of many, and of
      // no use beside a store with the same text.
      try database.execute(
        sql: """
          PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF;
          PRAGMA cache_size = -24576; PRAGMA wal_autocheckpoint = 256
          """
      )
    }
    return try translated {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let (version, owner) = try database.read { database in
        (
          try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
          try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        )
      }
      if version == 0 {
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try database.write { try prepare($0, storeID: storeID) }
      } else if version != Schema.version || owner != applicationID(storeID) {
        try database.close()
        return nil
      }
      return FeedIndex(database, isPersistent: true)
    }
  }

  private static func prepare(_ database: Database, storeID: String?) throws {
    // Another process may have prepared it since we looked.
    guard try !database.tableExists("segment") else { return }
    try database.execute(sql: Schema.sql)
    try database.execute(sql: Schema.indexes)
    try sign(database, storeID: storeID)
  }

  /// Writes down of which version it is, and of which store: from now on it may be used.
  static func sign(_ database: Database, storeID: String?) throws {
    try database.execute(sql: "PRAGMA user_version = \(Schema.version)")
    try database.execute(sql: "PRAGMA application_id = \(applicationID(storeID))")
  }

  /// SQLite keeps 31 bits for the file's owner: a hash of the store's id tells stores apart.
  static func applicationID(_ storeID: String?) -> Int64 {
    guard let storeID else { return 0 }
    let hash = storeID.utf8.reduce(into: UInt32(2_166_136_261)) { hash, byte in
      hash = (hash ^ UInt32(byte)) &* 16_777_619
    }
    return Int64(hash & 0x7FFF_FFFF) | 1
  }
}
