public import FeedModel
import GRDB

extension FeedIndex {
  /// The values of the register `rule`, by the key under which each stands and with the moment of the
  /// write, the oldest first.
  ///
  /// What was never a text is handed on as one: only a newer version can have written it.
  public func rules() throws(IndexError) -> [(key: ArticleID, text: String, at: Timestamp)] {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT head, rest, value, at FROM article_register WHERE name = 'rule' AND value IS NOT NULL
        ORDER BY at, head, rest
        """
      )
      var rules: [(key: ArticleID, text: String, at: Timestamp)] = []
      while try select.step() {
        guard let at = select.moment(3) else { continue }
        rules.append((ArticleID(select.id(0)), select.text(2) ?? "", at))
      }
      return rules
    }
  }

  /// Into which feeds others went, when their permanent redirects led there, and were not followed
  /// again since.
  public func unitedFeeds() throws(IndexError) -> [FeedID: FeedID] {
    try reading { database in
      let select = try RawStatement(
        database,
        """
        SELECT r.feed, r.value FROM feed_register r JOIN feed f ON f.id = r.feed
        WHERE r.name = 'move.into' AND f.subscribed = 0
        """
      )
      var feeds: [FeedID: FeedID] = [:]
      while try select.step() {
        guard let from = select.text(0).flatMap({ FeedID($0) }) else { continue }
        feeds[from] = select.text(1).flatMap { FeedID($0) }
      }
      return feeds
    }
  }

  /// What a rule wrote to articles and still holds, by the key under which it wrote.
  ///
  /// A mark is of the rule where it was written with the note that the rule acted, and nothing was
  /// written to it since under any key of its article.
  ///
  /// - Parameter note: The register of that note; its value is the registers, each on a line.
  /// - Returns: The key and the registers, which may be none.
  /// - Throws: What SQLite answers.
  public func marks(
    notedIn note: String
  ) throws(IndexError) -> [(key: ArticleID, registers: [String])] {
    try reading { database in
      let select = try RawStatement(
        database,
        "SELECT head, rest, value, at, device FROM article_register WHERE name = ? ORDER BY head, rest"
      )
      select.add(note)
      var notes: [(key: ArticleID, registers: [String], at: Timestamp, device: String)] = []
      while try select.step() {
        guard case .string(let text) = select.value(2), let at = select.moment(3),
          let device = select.text(4)
        else { continue }
        notes.append(
          (ArticleID(select.id(0)), text.split(separator: "\n").map(String.init), at, device)
        )
      }
      return try notes.map { note in
        let writes = try markWrites(under: note.key, database)
        return (
          note.key, note.registers.filter { writes.isSet($0, at: note.at, by: note.device) }
        )
      }
    }
  }
}
