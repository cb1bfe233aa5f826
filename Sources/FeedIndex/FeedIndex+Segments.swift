import FeedModel
import GRDB

extension FeedIndex {
  /// Takes note of which segments are there.
  ///
  /// What came from a segment that has vanished stays: it was compacted, its device was removed,
  /// or a disk is not mounted. Where an article is in none of the others any more, those of the
  /// same device are to be read again, for one of them may be the snapshot that holds it.
  ///
  /// - Parameter names: All segments of the store.
  /// - Throws: What SQLite answers.
  public func note(present names: Set<String>) throws(IndexError) {
    let (vanished, returned) = try changes(to: names)
    guard !vanished.isEmpty || !returned.isEmpty else { return }
    try translated {
      try database.write { database in
        let update = try RawStatement(database, "UPDATE segment SET missing = ? WHERE name = ?")
        for (isMissing, changed) in [(true, vanished), (false, returned)] {
          for name in changed {
            update.add(isMissing)
            update.add(name)
            try update.run()
          }
        }
        guard !vanished.isEmpty else { return }
        try readAgain(directoriesOfLostPlaces(in: vanished, database), database)
      }
    }
  }

  /// Segments that were there and are not, and those that are there again.
  private func changes(
    to names: Set<String>
  ) throws(IndexError) -> (vanished: Set<String>, returned: Set<String>) {
    try reading { database in
      let select = try RawStatement(database, "SELECT name, missing FROM segment")
      var (vanished, returned): (Set<String>, Set<String>) = ([], [])
      while try select.step() {
        guard let name = select.text(0), names.contains(name) == select.flag(1) else { continue }
        if select.flag(1) { returned.insert(name) } else { vanished.insert(name) }
      }
      return (vanished, returned)
    }
  }

  /// Where the segments stood that hold an article: a purged one too, for a purge can be taken back.
  private func directoriesOfLostPlaces(
    in vanished: Set<String>,
    _ database: Database
  ) throws -> Set<Substring> {
    let select = try RawStatement(
      database,
      """
      SELECT name FROM segment WHERE missing = 1
        AND number IN (SELECT DISTINCT segment FROM article)
      """
    )
    var directories: Set<Substring> = []
    while try select.step() {
      guard let name = select.text(0), vanished.contains(name) else { continue }
      directories.insert(name[..<(name.lastIndex(of: "/") ?? name.startIndex)])
    }
    return directories
  }

  private func readAgain(_ directories: Set<Substring>, _ database: Database) throws {
    guard !directories.isEmpty else { return }
    let select = try RawStatement(database, "SELECT name FROM segment WHERE missing = 0")
    var names: [String] = []
    while try select.step() {
      guard let name = select.text(0), let slash = name.lastIndex(of: "/"),
        directories.contains(name[..<slash]), !name[slash...].hasPrefix("/j-")
      else { continue }
      names.append(name)
    }
    let reset = try RawStatement(
      database,
      "UPDATE segment SET position = 0, tail = x'' WHERE name = ?"
    )
    for name in names {
      reset.add(name)
      try reset.run()
    }
  }
}
