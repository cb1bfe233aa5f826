import FeedModel
import GRDB

extension FeedIndex {
  /// Articles, newest first, each story and each group of similar ones once: as the newest of its
  /// articles that is asked for.
  ///
  /// What was not compared yet is similar to nothing: see `similarBacklog()`.
  public func similarStories(_ query: ArticleQuery) throws(IndexError) -> [ArticleRow] {
    try thinned(query, oneOf: 2) { wider throws(IndexError) in
      let rows = try stories(wider)
      return (rows.count, onePerGroup(try withSimilar(rows)))
    }
  }

  /// The same rows, each with the articles that are similar to it, the newest first.
  ///
  /// What is similar to a similar one counts as well. Copies that a row names already are left out,
  /// and articles of feeds that are not followed any more.
  public func withSimilar(_ rows: [ArticleRow]) throws(IndexError) -> [ArticleRow] {
    try reading { database in
      let number = try RawStatement(
        database,
        "SELECT article FROM article_key WHERE head = ? AND rest = ?"
      )
      let others = try RawStatement(database, "SELECT other FROM similar WHERE article = ?")
      var rows = rows
      for index in rows.indices {
        number.add(rows[index].id.hash)
        guard try number.step() else { continue }
        let start = number.integer(0)
        number.reset()
        let group = try Self.group(of: start, others)
        guard !group.isEmpty else { continue }
        let known = Set(rows[index].copies.map(\.id) + [rows[index].id])
        rows[index].similar = try Self.articles(group, database).filter { !known.contains($0.id) }
      }
      return rows
    }
  }

  /// What can be reached from an article by pairs that are similar, without it.
  private static func group(of start: Int64, _ others: RawStatement) throws -> [Int64] {
    var group = [start]
    var seen: Set<Int64> = [start]
    var next = 0
    while next < group.count, group.count < groupMax {
      others.add(group[next])
      next += 1
      while try others.step() {
        let other = others.integer(0)
        if seen.insert(other).inserted { group.append(other) }
      }
    }
    return Array(group.dropFirst().prefix(groupMax))
  }

  private static func articles(
    _ numbers: [Int64],
    _ database: Database
  ) throws -> [ArticleRow] {
    let marks = numbers.map { _ in "?" }.joined(separator: ", ")
    let sql = """
      \(columns) FROM article a JOIN feed f ON f.number = a.feed
      JOIN segment s ON s.number = a.segment
      WHERE a.number IN (\(marks)) AND a.gone = 0 AND a.hidden = 0 AND f.subscribed = 1
      ORDER BY moment DESC, origin, line
      """
    return try Row.fetchAll(database, sql: sql, arguments: StatementArguments(numbers))
      .compactMap(ArticleRow.init)
  }

  /// So many articles are a group at most.
  private static let groupMax = 128
}

/// The rows without those that are similar to one that stands before them.
private func onePerGroup(_ rows: [ArticleRow]) -> [ArticleRow] {
  var seen: Set<ArticleID> = []
  return rows.filter { row in
    if seen.contains(row.id) || row.copies.contains(where: { seen.contains($0.id) }) {
      return false
    }
    seen.formUnion(row.similar.map(\.id))
    return true
  }
}
