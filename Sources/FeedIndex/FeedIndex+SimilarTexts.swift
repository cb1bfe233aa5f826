import FeedModel
import GRDB

// What is similar follows the articles, in transactions of its own, when somebody asks for it: first
// articles that have changed, then new ones. Rows of articles that are no more stay: their numbers
// are given to no other, and whoever reads meets no article.
extension FeedIndex {
  /// The next articles that were not compared yet: those that have changed first, then new ones.
  ///
  /// - Returns: Nothing when all were.
  /// - Throws: What SQLite answers.
  public func similarBacklog() throws(IndexError) -> SimilarBacklog {
    try reading { database in
      let end = try Self.similarEnd(database)
      let select = try RawStatement(
        database,
        """
        \(Self.similarColumns) WHERE a.number IN (SELECT w.article FROM similar_stale w
        CROSS JOIN article b ON b.number = w.article ORDER BY w.article LIMIT ?)
        """
      )
      select.add(SimilarBacklog.textsMax)
      let changed = try Self.similarTexts(select)
      guard changed.isEmpty else { return SimilarBacklog(start: end, end: end, texts: changed) }
      return try Self.newSimilar(after: end, database)
    }
  }

  /// The new articles behind those of another backlog.
  public func similarBacklog(after start: Int64) throws(IndexError) -> SimilarBacklog {
    try reading { database in try Self.newSimilar(after: start, database) }
  }

  /// How many articles were not compared yet, roughly.
  public func similarBacklogCount() throws(IndexError) -> Int {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT coalesce((SELECT max(number) FROM article), 0) - e.article
          + (SELECT count(*) FROM similar_stale w CROSS JOIN article a ON a.number = w.article)
        FROM similar_end e
        """
      )
      defer { select.reset() }
      return try select.step() ? max(0, Int(select.integer(0))) : 0
    }
  }

  /// Notes the sketches of articles, by which others find them from now on.
  ///
  /// - Parameter sketches: Articles of a backlog and the hashes of their texts.
  /// - Throws: What SQLite answers.
  public func addSketches(
    _ sketches: [(text: SimilarText, hashes: [UInt32])]
  ) throws(IndexError) {
    try translated {
      try database.write { database in
        let add = try RawStatement(
          database,
          """
          INSERT OR IGNORE INTO similar_mark (mark, article) SELECT ?1, ?2
          WHERE (SELECT count(*) FROM (SELECT 1 FROM similar_mark WHERE mark = ?1
            LIMIT \(SimilarMark.articlesMax))) < \(SimilarMark.articlesMax)
          """
        )
        // In the order of the table, so that each page of it is met once.
        let rows = sketches.flatMap { text, hashes in
          hashes.map { (SimilarMark.mark(of: $0, at: text.moment), text.number) }
        }
        for (mark, article) in rows.sorted(by: <) {
          add.add(mark)
          add.add(article)
          try add.run()
        }
      }
    }
  }

  /// For each text the articles that share most with it, at most eight.
  ///
  /// A hash counts for the less the more articles have it, and two of them are wanted.
  ///
  /// - Parameter sketches: Articles and the hashes of their texts.
  /// - Returns: Numbers of articles, which may be no more, or too far away.
  /// - Throws: What SQLite answers.
  public func likelySimilar(
    to sketches: [(text: SimilarText, hashes: [UInt32])]
  ) throws(IndexError) -> [[Int64]] {
    try reading { database in
      let select = try RawStatement(database, "SELECT article FROM similar_mark WHERE mark = ?")
      return try sketches.map { text, hashes in
        var votes: [Int64: (count: Int, weight: Double)] = [:]
        for hash in hashes {
          var articles: [Int64] = []
          for mark in SimilarMark.marks(of: hash, around: text.moment) {
            select.add(mark)
            while try select.step() { articles.append(select.integer(0)) }
          }
          for article in articles where article != text.number {
            let vote = votes[article, default: (0, 0)]
            votes[article] = (vote.count + 1, vote.weight + 1 / Double(articles.count))
          }
        }
        return votes.filter { $0.value.count > 1 }
          .sorted { ($1.value.weight, $0.key) < ($0.value.weight, $1.key) }
          .prefix(8).map(\.key)
      }
    }
  }

  /// The articles with these numbers that are here and not purged.
  public func similarTexts(_ numbers: [Int64]) throws(IndexError) -> [SimilarText] {
    try reading { database in
      let select = try RawStatement(
        database,
        "\(Self.similarColumns) WHERE a.number = ? AND a.gone = 0"
      )
      return try numbers.flatMap { number in
        select.add(number)
        return try Self.similarTexts(select)
      }
    }
  }

  /// Notes what is similar, in one transaction.
  ///
  /// - Parameters:
  ///   - pairs: Numbers of two articles each; with one of the backlog that is all it is similar to.
  ///   - backlog: What was compared.
  /// - Returns: False when another process was faster; nothing was written then.
  /// - Throws: What SQLite answers.
  public func addSimilar(
    _ pairs: [(Int64, Int64)],
    of backlog: SimilarBacklog
  ) throws(IndexError) -> Bool {
    try translated {
      try database.write { database in
        guard try Self.similarEnd(database) == backlog.start else { return false }
        if backlog.start == backlog.end { try Self.forgetSimilar(backlog.texts, database) }
        let add = try RawStatement(
          database,
          "INSERT OR IGNORE INTO similar (article, other) VALUES (?, ?)"
        )
        for (one, other) in pairs {
          for (article, other) in [(one, other), (other, one)] {
            add.add(article)
            add.add(other)
            try add.run()
          }
        }
        // What has changed meanwhile is compared again.
        let keep = try RawStatement(
          database,
          """
          INSERT OR IGNORE INTO similar_stale (article)
          SELECT number FROM article WHERE number = ? AND hash <> ?
          """
        )
        for text in backlog.texts {
          keep.add(text.number)
          keep.add(text.hash)
          try keep.run()
        }
        let move = try RawStatement(database, "UPDATE similar_end SET article = max(article, ?)")
        move.add(backlog.end)
        try move.run()
        return true
      }
    }
  }

  /// Forgets what articles were similar to before they changed.
  private static func forgetSimilar(_ texts: [SimilarText], _ database: Database) throws {
    for sql in [
      """
      DELETE FROM similar WHERE (article, other) IN
      (SELECT other, article FROM similar WHERE article = ?)
      """,
      "DELETE FROM similar WHERE article = ?", "DELETE FROM similar_stale WHERE article = ?",
    ] {
      let delete = try RawStatement(database, sql)
      for text in texts {
        delete.add(text.number)
        try delete.run()
      }
    }
  }

  private static func newSimilar(
    after start: Int64,
    _ database: Database
  ) throws -> SimilarBacklog {
    let select = try RawStatement(
      database,
      "\(similarColumns) WHERE a.number > ? ORDER BY a.number LIMIT ?"
    )
    select.add(start)
    select.add(SimilarBacklog.textsMax)
    let texts = try similarTexts(select)
    return SimilarBacklog(start: start, end: texts.last?.number ?? start, texts: texts)
  }

  private static func similarEnd(_ database: Database) throws -> Int64 {
    let select = try RawStatement(database, "SELECT article FROM similar_end")
    defer { select.reset() }
    return try select.step() ? select.integer(0) : 0
  }

  private static let similarColumns = """
    SELECT a.number, a.feed, a.moment, s.name, a.position, a.length, a.hash
    FROM article a JOIN segment s ON s.number = a.segment
    """

  private static func similarTexts(_ select: RawStatement) throws -> [SimilarText] {
    defer { select.reset() }
    var texts: [SimilarText] = []
    var bytes = 0
    while bytes < SimilarBacklog.bytesMax, try select.step() {
      let place = select.place(3)
      bytes += place.length
      texts.append(
        SimilarText(
          number: select.integer(0),
          feed: select.integer(1),
          moment: Timestamp(milliseconds: select.integer(2)),
          place: place,
          hash: select.text(6) ?? ""
        )
      )
    }
    return texts
  }
}
