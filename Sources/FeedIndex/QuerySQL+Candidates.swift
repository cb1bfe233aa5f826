import FeedModel
import GRDB

// Articles that are few are looked up one by one, and not looked for among all.
extension QuerySQL {
  /// Asks for the numbers of all articles that can be meant, and maybe of others.
  ///
  /// What few articles are has an index of its own. Words of titles and authors are looked for in the
  /// full text as far as it is there, and what it does not have yet can be meant too: it is used,
  /// and never made for this. Of addresses there is nothing but the rows: an index of all their
  /// parts would be larger than they are, for a question that is seldom asked.
  ///
  /// - Parameters:
  ///   - query: What is asked.
  ///   - scans: Titles, authors and addresses are looked for in all rows as they stand in the table,
  ///     which takes half as long as to do so in the order of lists.
  /// - Returns: Nil where only the order of lists is left.
  mutating func candidates(_ query: Query, scans: Bool = false) -> String? {
    switch query {
    case .is(.starred): return "SELECT number FROM article WHERE starred = 1"
    case .is(.changed): return "SELECT number FROM article WHERE changed = 1"
    case .is(.hidden): return "SELECT number FROM article WHERE hidden = 1"
    case .tag(let name):
      guard let (own, ofFeed) = tags(name) else { return nil }
      return """
        SELECT number FROM article
        WHERE tags IS NOT NULL AND instr(char(10) || tags || char(10), \(own)) > 0
        UNION ALL SELECT a.number FROM feed_register r CROSS JOIN feed f ON f.id = r.feed
        CROSS JOIN article a ON a.feed = f.number WHERE r.name = \(ofFeed) AND r.value IS 1
        """
    case .title where scans, .author where scans, .url where scans:
      return "SELECT a.number FROM article a NOT INDEXED WHERE \(condition(query))"
    case .title(let words): return string(words).map { inText("title : \($0)") }
    // Authors are a part of what is searched beside the title.
    case .author(let words): return string(words).map { inText("body : \($0)") }
    case .and(let parts):
      for part in parts {
        // What was added for a part of which nothing came is forgotten.
        var sql = self
        guard let found = sql.candidates(part, scans: scans) else { continue }
        self = sql
        return found
      }
      return nil
    case .or(let parts):
      let found = parts.compactMap { candidates($0, scans: scans) }
      return found.count == parts.count ? found.joined(separator: " UNION ALL ") : nil
    default: return nil
    }
  }

  private mutating func inText(_ expression: String) -> String {
    """
    SELECT t.article FROM words w CROSS JOIN words_row t ON t.row = w.rowid
    WHERE words MATCH \(mark(expression)) AND t.article IS NOT NULL
    UNION ALL SELECT number FROM article WHERE number > (SELECT article FROM words_end)
    UNION ALL SELECT article FROM words_stale
    """
  }
}

extension ArticleQuery {
  /// The numbers of the articles that can be meant, as a list of JSON; nil where they are not few,
  /// for of many the newest are found soon in the order of lists.
  func few(_ database: Database) throws -> String? {
    // Those of few feeds are found by the feed.
    guard feeds == nil else { return nil }
    let parts =
      (onlyStarred ? [.is(.starred)] : []) + (onlyChanged ? [.is(.changed)] : [])
      + (tag.map { [.tag($0)] } ?? []) + filter.conjuncts
    // Unread articles are mostly far fewer than all, and stand together in the order of lists; and
    // where only the newest are wanted that order may come to its end soon.
    for scans in isRead == false || limit != nil ? [false] : [false, true] {
      for part in parts {
        var sql = QuerySQL(usesText: false)
        guard let candidates = sql.candidates(part, scans: scans) else { continue }
        let numbers = try Int64.fetchAll(
          database,
          sql: "\(candidates) LIMIT \(Self.fewMax + 1)",
          arguments: StatementArguments(sql.arguments)
        )
        guard numbers.count <= Self.fewMax else { continue }
        return "[\(numbers.map(String.init).joined(separator: ","))]"
      }
    }
    return nil
  }

  /// So many articles are looked up one by one in some tens of milliseconds.
  private static let fewMax = 20_000
}
