import GRDB

/// What a fold asks of the database.
enum FoldStatement: Int, CaseIterable {
  case segmentPosition, segmentNumber, segmentFacts, addSegment, moveSegment
  case feedNumber, addFeed, writeFeedRegister, countArticles
  case lastArticle, articleOfKey, addKey, moveKey
  case addArticle, readArticle, writeArticle, removeArticle
  case hasRegisters, writeRegister, registersOfKey, readMarks, writeMarks, markedArticles
  case hasTies, isTied, readTie, writeTie, removeTie, allTies
  case keepLine, lineOfPlace, replaceLine, keepLineKey, linesOfKey, keptLine
  case want, isWanted, stopWanting, removeKey
  case addStaleText, removeStaleText, removeWaitingText, releaseText, countOldText
  case addStaleSimilar

  /// Its text; parameters are in the order in which they are added.
  var sql: String {
    switch self {
    case .segmentPosition: "SELECT position FROM segment WHERE name = ?"
    case .segmentFacts: "SELECT name, missing FROM segment WHERE number = ?"
    case .segmentNumber: "SELECT number FROM segment WHERE name = ?"
    case .addSegment:
      "INSERT INTO segment (name, position, tail) VALUES (?, 0, x'') RETURNING number"
    case .moveSegment:
      """
      INSERT INTO segment (name, position, tail, last) VALUES (?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET position = excluded.position, tail = excluded.tail,
        last = max(last, excluded.last), missing = 0
      """
    case .feedNumber: "SELECT number FROM feed WHERE id = ?"
    case .addFeed: "INSERT INTO feed (id) VALUES (?) RETURNING number"
    case .writeFeedRegister:
      """
      INSERT INTO feed_register (feed, name, value, at, device, sum) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (feed, name) DO UPDATE SET
        value = excluded.value, at = excluded.at, device = excluded.device, sum = excluded.sum
      WHERE (excluded.at, excluded.device, excluded.sum) > (at, device, sum)
      """
    case .countArticles:
      "UPDATE feed SET total = total + ?, unread = unread + ? WHERE number = ?"
    case .lastArticle:
      // A number whose text is there already is given to no other article.
      """
      SELECT max(coalesce((SELECT max(number) FROM article), 0), (SELECT article FROM words_end),
        (SELECT article FROM similar_end))
      """
    case .articleOfKey: "SELECT article FROM article_key WHERE head = ? AND rest = ?"
    case .addKey: "INSERT OR IGNORE INTO article_key (head, rest, article) VALUES (?, ?, ?)"
    case .moveKey: "UPDATE article_key SET article = ? WHERE head = ? AND rest = ?"
    case .addArticle:
      "INSERT INTO article (\(ArticleRecord.columns), number) VALUES (\(ArticleRecord.marks), ?)"
    case .readArticle: "SELECT \(ArticleRecord.columns) FROM article WHERE number = ?"
    case .writeArticle:
      "UPDATE article SET (\(ArticleRecord.columns)) = (\(ArticleRecord.marks)) WHERE number = ?"
    case .removeArticle:
      "DELETE FROM article WHERE number = ? RETURNING read, NOT gone AND NOT hidden"
    case .hasRegisters: "SELECT EXISTS (SELECT 1 FROM article_register)"
    case .writeRegister:
      """
      INSERT INTO article_register (head, rest, name, value, at, device, sum)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (head, rest, name) DO UPDATE SET
        value = excluded.value, at = excluded.at, device = excluded.device, sum = excluded.sum
      WHERE (excluded.at, excluded.device, excluded.sum) > (at, device, sum)
      """
    case .registersOfKey: MarkWrites.ofKey
    case .readMarks:
      "SELECT keys, feed, read, starred, tags, gone, hidden FROM article WHERE number = ?"
    case .hasTies:
      """
      SELECT EXISTS (SELECT 1 FROM tie) OR EXISTS (SELECT 1 FROM tied_key)
        OR EXISTS (SELECT 1 FROM tied_wanted)
      """
    case .isTied:
      """
      SELECT EXISTS (SELECT 1 FROM tied_key WHERE head = ?1 AND rest = ?2)
        OR EXISTS (SELECT 1 FROM tie WHERE head = ?1 AND rest = ?2)
        OR EXISTS (SELECT 1 FROM tie WHERE other_head = ?1 AND other_rest = ?2)
        OR EXISTS (SELECT 1 FROM tied_wanted WHERE head = ?1 AND rest = ?2)
      """
    case .readTie: "SELECT part, other_head, other_rest FROM tie WHERE head = ? AND rest = ?"
    case .writeTie:
      "INSERT OR REPLACE INTO tie (head, rest, part, other_head, other_rest) VALUES (?, ?, ?, ?, ?)"
    case .removeTie: "DELETE FROM tie WHERE head = ? AND rest = ?"
    case .allTies: Ties.all
    case .keepLine:
      """
      INSERT INTO tied_line (\(ArticleRecord.columns), own) VALUES (\(ArticleRecord.marks), ?)
      RETURNING number
      """
    case .lineOfPlace:
      // A file that was written anew has its lines elsewhere.
      """
      SELECT number FROM tied_line WHERE segment = ? AND sum = ? AND received = ? AND origin = ?
        AND hash = ? AND keys = ? AND (sum <> 0 OR position = ?)
      """
    case .replaceLine:
      "UPDATE tied_line SET (\(ArticleRecord.columns), own) = (\(ArticleRecord.marks), ?) WHERE number = ?"
    case .keepLineKey: "INSERT OR IGNORE INTO tied_key (head, rest, line) VALUES (?, ?, ?)"
    case .linesOfKey: "SELECT line FROM tied_key WHERE head = ? AND rest = ?"
    case .keptLine: "SELECT \(ArticleRecord.columns), own FROM tied_line WHERE number = ?"
    case .want: "INSERT OR IGNORE INTO tied_wanted (head, rest) VALUES (?, ?)"
    case .isWanted: "SELECT 1 FROM tied_wanted WHERE head = ? AND rest = ?"
    case .stopWanting: "DELETE FROM tied_wanted WHERE head = ? AND rest = ?"
    case .removeKey: "DELETE FROM article_key WHERE head = ? AND rest = ?"
    case .addStaleText: "INSERT OR IGNORE INTO words_stale (article) VALUES (?)"
    case .removeStaleText: "DELETE FROM words_stale WHERE article = ?"
    case .removeWaitingText: "DELETE FROM words_waiting WHERE article = ?"
    case .releaseText: "UPDATE words_row SET article = NULL WHERE article = ?"
    case .countOldText: "UPDATE words_end SET old = old + 1"
    case .addStaleSimilar:
      """
      INSERT OR IGNORE INTO similar_stale (article)
      SELECT ?1 WHERE ?1 <= (SELECT article FROM similar_end)
      """
    case .markedArticles:
      """
      SELECT DISTINCT k.article FROM article_register r CROSS JOIN article_key k
      ON k.head = r.head AND k.rest = r.rest ORDER BY k.article
      """
    case .writeMarks:
      "UPDATE article SET read = ?, starred = ?, tags = ?, gone = ?, hidden = ? WHERE number = ?"
    }
  }
}

/// The statements of a fold, each prepared when it is first needed.
final class FoldStatements {
  private let database: Database
  private var prepared = [RawStatement?](repeating: nil, count: FoldStatement.allCases.count)

  init(_ database: Database) { self.database = database }

  /// The statement, without values.
  func callAsFunction(_ statement: FoldStatement) throws -> RawStatement {
    if let known = prepared[statement.rawValue] { return known }
    let new = try RawStatement(database, statement.sql)
    prepared[statement.rawValue] = new
    return new
  }

  /// The statement that writes one column of a feed.
  func update(feedColumn column: String) throws -> RawStatement {
    try RawStatement(database, "UPDATE feed SET \(column) = ? WHERE number = ?")
  }
}
