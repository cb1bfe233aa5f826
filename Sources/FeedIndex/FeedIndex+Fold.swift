public import FeedModel
import GRDB

/// What is written to the index in one transaction.
public struct IndexBatch: Sendable {
  /// Lines of the store, in any order.
  public var lines: [StoredLine] = []
  /// How far the segments are read with these lines.
  public var cursors: [SegmentCursor] = []
  /// How far segments have to be read for these lines to be the next of them, by name.
  public var starts: [String: Int] = [:]
  /// Which key of a line is that of its own item.
  public var ownKey: @Sendable (Article) -> ArticleID = { $0.id }
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
        let rows = try RawStatement(database, "SELECT name, position, tail FROM segment")
        var cursors: [String: SegmentCursor] = [:]
        while try rows.step() {
          guard let name = rows.text(0) else { continue }
          cursors[name] = SegmentCursor(
            name: name,
            offset: Int(rows.integer(1)),
            tail: rows.bytes(2)
          )
        }
        return cursors
      }
    }
  }

  /// The greatest number that a line of each segment ever had, by the segment's name.
  public func lastNumbers() throws(IndexError) -> [String: Int] {
    try translated {
      try database.read { database in
        let rows = try RawStatement(database, "SELECT name, last FROM segment WHERE last > 0")
        var numbers: [String: Int] = [:]
        while try rows.step() { numbers[rows.text(0) ?? ""] = Int(rows.integer(1)) }
        return numbers
      }
    }
  }

  /// Folds lines, cursors and poll states in one transaction.
  ///
  /// - Parameter batch: What to write.
  /// - Returns: False when a segment is not read as far as `starts` says: nothing was written then.
  /// - Throws: What SQLite answers.
  @discardableResult
  public func apply(_ batch: IndexBatch) throws(IndexError) -> Bool {
    guard !batch.isEmpty else { return true }
    return try translated {
      if isBeingBuilt {
        return try database.writeWithoutTransaction { try write(batch, to: $0) }
      }
      return try database.write { try write(batch, to: $0) }
    }
  }

  private func write(_ batch: IndexBatch, to database: Database) throws -> Bool {
    let fold = Fold(database, isBuilding: isBeingBuilt, ownKey: batch.ownKey)
    for (name, start) in batch.starts where try fold.position(of: name) != start {
      return false
    }
    for line in batch.lines { try fold.apply(line) }
    for cursor in batch.cursors { try fold.move(to: cursor) }
    try fold.finish()
    try database.write(batch.effects)
    return true
  }
}
