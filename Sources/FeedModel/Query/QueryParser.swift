/// Reads queries.
///
/// ```
/// query  = [ either ]
/// either = all { "or" all }
/// all    = one { one }
/// one    = [ "-" ] ( "(" either ")" | [ field ":" ] value )
/// value  = word [ "*" ] | '"' text '"' [ "*" ]
/// ```
///
/// A word ends before a space, a quote or a parenthesis. A word of signs alone says nothing and is
/// left out where something else is asked for.
struct QueryParser {
  private var rest: Substring.UnicodeScalarView
  private let count: Int
  private var leaves = 0
  /// The first word that was left out.
  private var signs: (word: String, place: Int)?

  init(_ text: String) {
    rest = text[...].unicodeScalars
    count = rest.count
  }

  /// How many scalars were read.
  private var place: Int { count - rest.count }

  mutating func parse() throws(QueryError) -> Query {
    skipSpace()
    guard !rest.isEmpty else { return .all }
    let query = try either(depth: 0)
    if let first = rest.first, first == ")" { throw QueryError(.strayParenthesis, at: place) }
    guard let query else {
      throw QueryError(.noWord(signs?.word ?? ""), at: signs?.place ?? 0)
    }
    return query
  }

  /// Nil when nothing but signs stood there.
  private mutating func either(depth: Int) throws(QueryError) -> Query? {
    guard depth <= Query.depthMax else { throw QueryError(.tooDeep, at: place) }
    var parts: [Query] = []
    var operatorPlace: Int?
    while true {
      let part = try all(depth: depth)
      if let part {
        if case .or(let inner) = part { parts += inner } else { parts.append(part) }
      } else if let place = operatorPlace {
        throw QueryError(.nothingBesideOr, at: place)
      }
      guard startsWithOr else { break }
      operatorPlace = place
      if part == nil { throw QueryError(.nothingBesideOr, at: place) }
      rest.removeFirst(2)
      skipSpace()
    }
    return parts.count < 2 ? parts.first : .or(parts)
  }

  /// Nil when nothing but signs stood there.
  private mutating func all(depth: Int) throws(QueryError) -> Query? {
    var parts: [Query] = []
    skipSpace()
    while let first = rest.first, first != ")", !startsWithOr {
      if let part = try one(depth: depth) { parts += part.conjuncts }
      skipSpace()
    }
    return parts.count < 2 ? parts.first : .and(parts)
  }

  /// Nil for a word of signs alone.
  private mutating func one(depth: Int) throws(QueryError) -> Query? {
    let start = place
    guard rest.first == "-" else { return try plain(depth: depth) }
    if rest.dropFirst().first == "-" {
      let word = String(Substring(rest.prefix { !Self.endsWord($0) }))
      // Dashes between words are signs like others.
      guard word.contains(where: { $0 != "-" }) else { return try plain(depth: depth) }
      throw QueryError(.option(word), at: start)
    }
    rest.removeFirst()
    guard let next = rest.first, !next.properties.isWhitespace, next != ")" else {
      if rest.isEmpty || rest.first == ")" { throw QueryError(.nothingToExclude, at: start) }
      signs = signs ?? ("-", start)
      return nil
    }
    return try plain(depth: depth).map { .not($0) }
  }

  private mutating func plain(depth: Int) throws(QueryError) -> Query? {
    let start = place
    if rest.first == "(" {
      rest.removeFirst()
      let query = try either(depth: depth + 1)
      guard rest.first == ")" else { throw QueryError(.openParenthesis, at: start) }
      rest.removeFirst()
      guard let query else { throw QueryError(.emptyParentheses, at: start) }
      return query
    }
    leaves += 1
    guard leaves <= Query.leavesMax else { throw QueryError(.tooMany, at: start) }
    guard let name = Self.fieldName(rest) else {
      return try words(isField: false).map { .text($0) }
    }
    let field = name.lowercased()
    guard Query.fieldNames.contains(field) else {
      throw QueryError(
        .unknownField(name, nearest: nearestName(to: field, of: Query.fieldNames)),
        at: start
      )
    }
    rest.removeFirst(name.unicodeScalars.count + 1)
    return try value(of: field, start)
  }

  private mutating func value(of field: String, _ start: Int) throws(QueryError) -> Query {
    let valuePlace = place
    switch field {
    case "title", "author":
      guard let words = try words(isField: true) else {
        throw rest.count == count - valuePlace
          ? QueryError(.emptyField(field), at: start)
          : QueryError(.noWord(signs?.word ?? ""), at: valuePlace)
      }
      return field == "title" ? .title(words) : .author(words)
    default: break
    }
    let text = try text()
    guard !text.isEmpty else { throw QueryError(.emptyField(field), at: start) }
    switch field {
    case "feed": return .feed(text)
    case "tag": return .tag(text)
    case "url": return .url(text)
    case "is":
      guard let state = Query.State(rawValue: text.lowercased()) else {
        let names = Query.State.allCases.map(\.rawValue)
        throw QueryError(
          .unknownState(text, nearest: nearestName(to: text.lowercased(), of: names)),
          at: valuePlace
        )
      }
      return .is(state)
    default:
      guard let time = QueryTime(text) else { throw QueryError(.badTime(text), at: valuePlace) }
      return switch field {
      case "since": .since(time)
      case "received": .received(time)
      default: .before(time)
      }
    }
  }

  /// A word or a phrase, and whether it may go on; nil when it has no letter or digit.
  private mutating func words(isField: Bool) throws(QueryError) -> QueryWords? {
    let start = place
    let isQuoted = rest.first == "\""
    var text = try text()
    var isPrefix = false
    if isQuoted {
      isPrefix = rest.first == "*"
      if isPrefix { rest.removeFirst() }
    } else if text.hasSuffix("*") {
      isPrefix = true
      text = String(text.unicodeScalars.dropLast())
    }
    let words = QueryWords(text, isPrefix: isPrefix)
    guard words.words.isEmpty else { return words }
    if signs == nil || isField {
      signs = (isQuoted ? "\"\(text)\"" : text + (isPrefix ? "*" : ""), start)
    }
    // A picture is something that was wanted, unlike the sign between two words.
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .otherSymbol }) {
      throw QueryError(.noWord(text), at: start)
    }
    return nil
  }

  /// A word or what stands in quotes.
  private mutating func text() throws(QueryError) -> String {
    guard rest.first == "\"" else {
      let word = rest.prefix { !Self.endsWord($0) }
      rest.removeFirst(word.count)
      return String(Substring(word))
    }
    let start = place
    rest.removeFirst()
    let phrase = rest.prefix { $0 != "\"" }
    rest.removeFirst(phrase.count)
    guard !rest.isEmpty else { throw QueryError(.openQuote, at: start) }
    rest.removeFirst()
    return String(Substring(phrase))
  }

  private mutating func skipSpace() {
    while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
  }

  /// `or` as a word of its own, in any case.
  private var startsWithOr: Bool {
    let word = rest.prefix(3)
    guard word.count >= 2, String(Substring(word.prefix(2))).lowercased() == "or" else {
      return false
    }
    return word.dropFirst(2).first.map(Self.endsWord) ?? true
  }

  /// A bare word ends before this.
  static func endsWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\"" || scalar == "(" || scalar == ")" || scalar.properties.isWhitespace
  }

  /// The letters before a colon that a text begins with; nil when it does not begin so.
  static func fieldName(_ text: Substring.UnicodeScalarView) -> String? {
    let name = text.prefix { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
    guard !name.isEmpty, text.dropFirst(name.count).first == ":" else { return nil }
    return String(Substring(name))
  }
}

extension Query {
  /// Reads a query.
  ///
  /// - Parameter text: What was typed.
  /// - Throws: What is wrong, and where. No text is too strange to be answered.
  public init(parsing text: String) throws(QueryError) {
    guard text.utf8.count <= Self.bytesMax else {
      throw QueryError(.tooLong, at: text.unicodeScalars.count)
    }
    var parser = QueryParser(text)
    self = try parser.parse()
  }
}
