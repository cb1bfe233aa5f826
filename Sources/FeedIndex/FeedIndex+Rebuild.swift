import FeedModel
import Foundation
import GRDB

extension FeedIndex {
  /// Forgets all that follows from the lines of the store, in one transaction.
  ///
  /// What is known about polling stays. Whoever reads at the same time sees what was there before,
  /// or nothing; another process that folds meanwhile does no harm, since folding again changes
  /// nothing.
  public func reset() throws(IndexError) {
    try translated {
      try database.write { database in
        for table in Schema.foldedTables { try database.execute(sql: "DELETE FROM \(table)") }
        try database.execute(sql: Schema.forgetTexts)
        try database.execute(sql: Schema.forgetSimilar)
      }
    }
  }

  /// Writes everything into the file and closes it; nothing may be asked afterwards.
  public func close() throws(IndexError) { try translated { try database.close() } }

  /// All that is known about polling; what cannot be read is left out.
  public func polled() -> PollEffects {
    var effects = PollEffects()
    // A damaged index may have good pages; what it does not give is asked again.
    effects.polls = (try? polls()) ?? [:]
    effects.hosts = ((try? hosts()) ?? [:]).mapValues { $0 }
    for feed in effects.polls.keys {
      let streaks = (try? pollLog(of: feed)) ?? []
      // The newest is that of the feed's own row.
      effects.log += streaks.map { LoggedStreak(feed: feed, streak: $0) }
    }
    return effects
  }

  /// What an index at a path knows about polling, whatever its state is.
  ///
  /// - Parameter path: The file, of this version.
  /// - Returns: Nothing when there is no such file, or when it cannot be read.
  public static func polled(at path: String) -> PollEffects {
    guard FileManager.default.fileExists(atPath: path),
      let database = try? DatabaseQueue(path: path),
      // Another version may have other columns.
      (try? database.read { try Int64.fetchOne($0, sql: "PRAGMA user_version") }) == Schema.version
    else { return PollEffects() }
    return FeedIndex(database, isPersistent: true).polled()
  }
}

extension FeedIndex {
  /// Runs any statement: for tests that harm an index.
  func execute(_ sql: String) throws { try database.write { try $0.execute(sql: sql) } }
}
