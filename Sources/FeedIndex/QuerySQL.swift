import FeedModel
import GRDB

/// Makes SQL of a query.
///
/// Whatever was typed becomes a parameter.
/// Every condition is true or false and never null, so that `NOT` turns it round.
struct QuerySQL {
  /// What stands for `?1`, `?2` and so on.
  private(set) var arguments: [(any DatabaseValueConvertible)?] = []
  /// The words of titles are looked for in the full text as well, not in the rows of articles.
  let usesText: Bool
  /// What says the row of an article in the full text.
  var row = Self.rowOfArticle

  /// Where articles are gone through and not the full text; no text has the row 0.
  static let rowOfArticle =
    "coalesce((SELECT row FROM words_row WHERE article = a.number), 0)"

  init(usesText: Bool) { self.usesText = usesText }

  /// Adds a value, and says what stands for it.
  mutating func mark(_ value: any DatabaseValueConvertible) -> String {
    arguments += [value]
    return "?\(arguments.count)"
  }

  /// What rows of articles (`a`) and feeds (`f`) have to be like.
  mutating func condition(_ query: Query) -> String {
    if let expression = expression(query) {
      return "\(row) IN (SELECT rowid FROM words WHERE words MATCH \(mark(expression)))"
    }
    switch query {
    case .not(let query): return "NOT (\(condition(query)))"
    case .and(let parts):
      return parts.isEmpty
        ? "1" : "(" + parts.map { condition($0) }.joined(separator: " AND ") + ")"
    case .or(let parts):
      return "(" + parts.map { condition($0) }.joined(separator: " OR ") + ")"
    // Without a full text there is nothing to find in it.
    case .text: return "0"
    case .title(let words): return stand(words, in: "a.title")
    case .author(let words): return stand(words, in: "a.authors")
    case .url(let text):
      // LIKE takes letters of ASCII for the same in any case, and makes no copy of each address.
      let address = text.unicodeScalars
        .map { "\\%_".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }.joined()
      return "coalesce(a.url, '') LIKE \(mark("%\(address)%")) ESCAPE '\\'"
    case .feeds(let feeds):
      return "f.id IN (\(feeds.map { mark($0.description) }.joined(separator: ", ")))"
    case .tag(let name): return tag(name)
    case .is(.unread): return "a.read = 0"
    case .is(.read): return "a.read = 1"
    case .is(.starred): return "a.starred = 1"
    case .is(.changed): return "a.changed = 1"
    case .is(.hidden): return "a.hidden = 1"
    case .since(.at(let moment)): return "a.moment >= \(mark(moment.milliseconds))"
    case .before(.at(let moment)): return "a.moment < \(mark(moment.milliseconds))"
    case .received(.at(let moment)): return "a.received >= \(mark(moment.milliseconds))"
    // These are looked up before.
    case .feed, .since(.ago), .before(.ago), .received(.ago): return "0"
    }
  }

  /// An article or its feed has a tag.
  mutating func tag(_ name: String) -> String {
    guard let (own, ofFeed) = tags(name) else { return "0" }
    return """
      (instr(char(10) || coalesce(a.tags, '') || char(10), \(own)) > 0
      OR EXISTS (SELECT 1 FROM feed_register r
        WHERE r.feed = f.id AND r.name = \(ofFeed) AND r.value IS 1))
      """
  }

  /// What stands for a tag among those of an article, and as a register of its feed.
  mutating func tags(_ name: String) -> (own: String, ofFeed: String)? {
    // Tags are kept one a line.
    guard !name.isEmpty, !name.contains(where: \.isNewline) else { return nil }
    let mark = mark(name)
    return ("char(10) || \(mark) || char(10)", "'tag:' || \(mark)")
  }

  /// The question as FTS5 reads it (https://www.sqlite.org/fts5.html §3); nil for what the full text
  /// alone cannot answer.
  ///
  /// It can only take away from what is there, so something has to be asked for.
  func expression(_ query: Query) -> String? {
    switch query {
    case .text(let words): return usesText ? string(words) : nil
    case .title(let words): return usesText ? string(words).map { "title : \($0)" } : nil
    case .or(let parts):
      let expressions = parts.compactMap(expression)
      return expressions.count == parts.count
        ? "(\(expressions.joined(separator: " OR ")))" : nil
    case .and(let parts):
      let (wanted, unwanted) = texts(parts)
      guard wanted.count + unwanted.count == parts.count else { return nil }
      return Self.expression(wanted, unwanted)
    default: return nil
    }
  }

  /// Which of some questions the full text alone can answer, those that ask for something first.
  func texts(_ parts: [Query]) -> (wanted: [String], unwanted: [String]) {
    var wanted: [String] = []
    var unwanted: [String] = []
    for part in parts {
      if let expression = expression(part) {
        wanted.append(expression)
      } else if case .not(let query) = part, let expression = expression(query) {
        unwanted.append(expression)
      }
    }
    return (wanted, unwanted)
  }

  /// The full text alone cannot answer it.
  func isForArticles(_ part: Query) -> Bool {
    let (wanted, unwanted) = texts([part])
    return wanted.isEmpty && unwanted.isEmpty
  }

  /// All of these and none of those; nil when nothing is wanted.
  static func expression(_ wanted: [String], _ unwanted: [String]) -> String? {
    guard !wanted.isEmpty else { return nil }
    let all = "(\(wanted.joined(separator: " AND ")))"
    return unwanted.isEmpty ? all : "(\(all) NOT (\(unwanted.joined(separator: " OR "))))"
  }

  /// Always a string of FTS5, so that nothing that was typed is taken for its syntax; nil when it
  /// has no word.
  func string(_ words: QueryWords) -> String? {
    let folded = words.words
    return folded.isEmpty
      ? nil : "\"\(folded.joined(separator: " "))\"\(words.isPrefix ? " *" : "")"
  }

  /// Words stand in a column.
  ///
  /// To go through the letters of each title is dear: where the first word does not even stand among
  /// others nobody does it. What folding makes ASCII was not always, so other titles are looked at.
  private mutating func stand(_ words: QueryWords, in column: String) -> String {
    let folded = words.words
    guard let first = folded.first else { return "0" }
    let other = "length(CAST(\(column) AS BLOB)) <> length(\(column))"
    let like = first.utf8.allSatisfy { $0 < 0x80 } ? "\(column) LIKE \(mark("%\(first)%")) OR " : ""
    return """
      CASE WHEN \(like)\(other)
      THEN words_stand(\(column), \(mark(words.text)), \(mark(words.isPrefix))) ELSE 0 END
      """
  }

  /// Says whether words stand in a text, as the full text would.
  static let wordsStand = DatabaseFunction("words_stand", argumentCount: 3, pure: true) { values in
    guard let text = String.fromDatabaseValue(values[0]),
      let words = String.fromDatabaseValue(values[1]),
      let isPrefix = Bool.fromDatabaseValue(values[2])
    else { return false }
    return QueryWords(words, isPrefix: isPrefix).stand(in: text)
  }
}

extension ArticleQuery {
  /// The same question, where what the filter asks has members of its own.
  ///
  /// Only so are the indexes used for it.
  var lifted: ArticleQuery {
    var query = self
    var rest: [Query] = []
    for part in filter.conjuncts {
      switch part {
      case .since(.at(let moment)): query.since = max(query.since ?? moment, moment)
      case .before(.at(let moment)): query.before = min(query.before ?? moment, moment)
      case .feeds(let feeds):
        query.feeds = query.feeds.map { known in known.filter(feeds.contains) } ?? feeds
      case .is(.unread) where query.isRead == nil: query.isRead = false
      case .is(.read) where query.isRead == nil: query.isRead = true
      default: rest.append(part)
      }
    }
    if isUnreadOnly, query.isRead == nil { query.isRead = false }
    query.filter = rest.count == 1 ? rest[0] : .and(rest)
    return query
  }
}
