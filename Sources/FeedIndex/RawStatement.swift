import FeedModel
import GRDB
import GRDBSQLite

/// A prepared statement that is bound and stepped through SQLite's own functions.
///
/// GRDB makes a list of values for each execution, which costs more than SQLite's work where a sync
/// reads and writes by the hundred thousand. GRDB still prepares the statement and keeps it for the
/// next time. Used within one access to the database, and never beside another value of the same
/// text. Values are added in the order of the parameters and read by column, from 0.
@safe final class RawStatement {
  private let database: Database
  /// Keeps what `pointer` points to.
  private let statement: Statement
  private let pointer: OpaquePointer
  private var bound: Int32 = 0

  /// Prepares a statement, or takes it from the cache.
  init(_ database: Database, _ sql: String) throws {
    self.database = database
    statement = try database.cachedStatement(sql: sql)
    guard let pointer = unsafe statement.sqliteStatement as OpaquePointer? else {
      throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "no statement")
    }
    unsafe self.pointer = pointer
    // Whoever used it last may have been interrupted by an error.
    reset()
  }

  deinit { reset() }

  /// Adds a number; null when there is none.
  ///
  /// The corresponding C functions are `sqlite3_bind_int64` and `sqlite3_bind_null`.
  func add(_ number: Int64?) {
    bound += 1
    // A wrong number of parameters shows when the statement is stepped.
    if let number {
      _ = unsafe sqlite3_bind_int64(pointer, bound, number)
    } else {
      _ = unsafe sqlite3_bind_null(pointer, bound)
    }
  }

  /// Adds a number; null when there is none.
  func add(_ number: Int?) { add(number.map(Int64.init)) }

  /// Adds a flag.
  func add(_ flag: Bool) { add(flag ? 1 : 0 as Int64) }

  /// Adds a moment; null when there is none.
  func add(_ moment: Timestamp?) { add(moment?.milliseconds) }

  /// Adds an id, which takes two parameters.
  func add(_ id: HashID) {
    add(id.head)
    add(id.rest)
  }

  /// Adds a text; null when there is none.
  ///
  /// The corresponding C function is `sqlite3_bind_text`, which copies the text.
  func add(_ text: String?) {
    guard let text else { return add(nil as Int64?) }
    bound += 1
    unsafe text.utf8.span.withUnsafeBufferPointer { bytes in
      // Without an address it would be null.
      let count = Int32(clamping: bytes.count)
      unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
        if let start = characters.baseAddress {
          _ = unsafe sqlite3_bind_text(pointer, bound, start, count, copied)
        } else {
          _ = unsafe sqlite3_bind_text(pointer, bound, "", 0, copied)
        }
      }
    }
  }

  /// Adds bytes.
  ///
  /// The corresponding C functions are `sqlite3_bind_blob` and `sqlite3_bind_zeroblob`.
  func add(_ bytes: [UInt8]) {
    bound += 1
    unsafe bytes.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress {
        let count = Int32(clamping: bytes.count)
        _ = unsafe sqlite3_bind_blob(pointer, bound, start, count, copied)
      } else {
        _ = unsafe sqlite3_bind_zeroblob(pointer, bound, 0)
      }
    }
  }

  /// Adds the value of a register.
  func add(_ value: RegisterValue) {
    switch value {
    case .none: add(nil as Int64?)
    case .bool(let flag): add(flag)
    case .integer(let number): add(number)
    case .string(let text): add(text)
    }
  }

  /// Goes to the next row; false when there is none, and then it is ready for the next execution.
  ///
  /// The corresponding C function is `sqlite3_step`.
  func step() throws -> Bool {
    let code = unsafe sqlite3_step(pointer)
    if code == SQLITE_ROW { return true }
    // The message has to be read first.
    let message = code == SQLITE_DONE ? nil : database.lastErrorMessage
    reset()
    guard code == SQLITE_DONE else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
    return false
  }

  /// Carries it out, whatever it returns, and says how many rows changed.
  @discardableResult
  func run() throws -> Int {
    while try step() {}
    return database.changesCount
  }

  /// Makes it ready for the next execution before its last row was read.
  ///
  /// The corresponding C function is `sqlite3_reset`.
  func reset() {
    // What it returns is what the last step returned.
    _ = unsafe sqlite3_reset(pointer)
    bound = 0
  }

  /// The number in a column; 0 for null.
  ///
  /// The corresponding C function is `sqlite3_column_int64`.
  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(pointer, column) }

  /// The number in a column; nil for null.
  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  /// The flag in a column.
  func flag(_ column: Int32) -> Bool { integer(column) != 0 }

  /// The moment in a column; nil for null.
  func moment(_ column: Int32) -> Timestamp? {
    optionalInteger(column).map(Timestamp.init(milliseconds:))
  }

  /// The id in two columns.
  func id(_ column: Int32) -> HashID { HashID(head: integer(column), rest: integer(column + 1)) }

  /// Null stands in a column.
  ///
  /// The corresponding C function is `sqlite3_column_type`.
  func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(pointer, column) == SQLITE_NULL
  }

  /// The text in a column; nil for null.
  ///
  /// The corresponding C functions are `sqlite3_column_text` and `sqlite3_column_bytes`.
  func text(_ column: Int32) -> String? {
    guard let start = unsafe sqlite3_column_text(pointer, column) else { return nil }
    let count = Int(unsafe sqlite3_column_bytes(pointer, column))
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  /// The value in a column; flags are the numbers 0 and 1 there.
  ///
  /// The corresponding C function is `sqlite3_column_type`.
  func value(_ column: Int32) -> RegisterValue {
    switch unsafe sqlite3_column_type(pointer, column) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_TEXT: .string(text(column) ?? "")
    default: .none
    }
  }

  /// The place of a line that stands in three columns: the name of its segment, position and length.
  func place(_ column: Int32) -> LinePlace {
    LinePlace(
      segment: text(column) ?? "",
      offset: Int(integer(column + 1)),
      length: Int(integer(column + 2))
    )
  }

  /// The bytes in a column; none for null.
  ///
  /// The corresponding C functions are `sqlite3_column_blob` and `sqlite3_column_bytes`.
  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = unsafe sqlite3_column_blob(pointer, column) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(pointer, column))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}

/// Makes SQLite copy what it is given (`SQLITE_TRANSIENT`).
private var copied: sqlite3_destructor_type {
  unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

/// Has statements fail that meet a longer value (`sqlite3_limit`).
func refuseValues(longerThan bytes: Int32, in database: Database) {
  _ = unsafe sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_LENGTH, bytes)
}
