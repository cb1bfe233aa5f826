import GRDB

/// What SQLite refused to do.
///
/// The index can always be thrown away and built anew.
public struct IndexError: Error, Hashable, Sendable, CustomStringConvertible {
  /// SQLite's primary result code (https://www.sqlite.org/rescode.html); 0 when it was not SQLite.
  public var code: Int32
  /// SQLite's sentence.
  public var message: String

  /// Describes an answer of SQLite.
  public init(code: Int32, message: String) {
    self.code = code
    self.message = message
  }

  /// The file is no database, or a damaged one.
  ///
  /// Our statements never change, so one that a table or a column does not fit is damage as well.
  public var isDamage: Bool {
    [ResultCode.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains { $0.rawValue == code }
  }

  /// One sentence.
  public var description: String { "The index answers: \(message) (SQLite code \(code))." }
}

/// Runs something of GRDB and turns what it throws into `IndexError`.
func translated<Value>(_ body: () throws -> Value) throws(IndexError) -> Value {
  do {
    return try body()
  } catch let error as DatabaseError {
    throw IndexError(
      code: error.resultCode.rawValue,
      message: error.message ?? error.resultCode.description
    )
  } catch {
    throw IndexError(code: 0, message: String(describing: error))
  }
}
