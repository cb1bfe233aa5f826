/// Why a query cannot be read, and where.
public struct QueryError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// It has more than `Query.bytesMax` bytes.
    case tooLong
    /// Parentheses stand in more than `Query.depthMax` others.
    case tooDeep
    /// It asks more than `Query.leavesMax` things.
    case tooMany
    /// A quote is not closed.
    case openQuote
    /// A parenthesis is not closed.
    case openParenthesis
    /// A parenthesis closes nothing.
    case strayParenthesis
    /// There is nothing in parentheses.
    case emptyParentheses
    /// There is nothing on one side of an `or`.
    case nothingBesideOr
    /// There is nothing behind a `-`.
    case nothingToExclude
    /// There is no letter or digit to look for.
    case noWord(String)
    /// It looks like an option, and there is none of that name.
    case option(String)
    /// There is no such field; the one that is nearest, where one is near.
    case unknownField(String, nearest: String?)
    /// Nothing stands behind a field.
    case emptyField(String)
    /// There is no such state; the one that is nearest, where one is near.
    case unknownState(String, nearest: String?)
    /// This is no time.
    case badTime(String)
  }

  /// What is wrong.
  public var reason: Reason
  /// How many Unicode scalars of the query stand before what is wrong.
  public var place: Int

  /// Describes an error.
  public init(_ reason: Reason, at place: Int) {
    self.reason = reason
    self.place = place
  }
}

extension QueryError: CustomStringConvertible {
  /// What is wrong and what to write instead, as sentences.
  public var description: String {
    switch reason {
    case .tooLong: "The query is longer than \(Query.bytesMax) bytes."
    case .tooDeep: "More than \(Query.depthMax) parentheses stand in each other."
    case .tooMany: "The query asks for more than \(Query.leavesMax) things."
    case .openQuote: "This quote is not closed. Write \" behind the last word of the phrase."
    case .openParenthesis: "This parenthesis is not closed. Write ) behind it."
    case .strayParenthesis: "This parenthesis closes none. Put it in quotes to look for it."
    case .emptyParentheses: "Nothing is asked for in these parentheses."
    case .nothingBesideOr:
      "Something has to stand on both sides of or. To look for the word write \"or\"."
    case .nothingToExclude: "Something has to stand behind -, such as -harbour or -feed:lwn."
    case .noWord(let word):
      "\(word) has no letter or digit, and nothing else can be looked for."
    case .option(let word):
      "There is no option \(word). To leave out what has a word write -word with one -."
    case .unknownField(let name, let nearest?):
      "There is no field \(name):. Write \(nearest): instead."
    case .unknownField(let name, nil):
      "There is no field \(name):. There are \(Query.fieldNames.map { $0 + ":" }.joined(separator: ", "))"
        + ". Put it in quotes to look for it as it stands."
    case .emptyField(let name):
      "Nothing stands behind \(name):. Write \(Query.example(of: name)) without a space."
    case .unknownState(let word, let nearest):
      "No article is \"\(word)\". Write "
        + (nearest.map { "is:\($0)." }
          ?? Query.State.allCases.map { "is:\($0)" }.joined(separator: ", ") + ".")
    case .badTime(let text):
      "\"\(text)\" is no time. Write 90m, 12h, 2d, 3w or a date like 2026-11-22."
    }
  }
}

extension Query {
  /// How long a query may be.
  public static let bytesMax = 4096
  /// How deep parentheses may stand in each other.
  public static let depthMax = 32
  /// How many things may be asked for.
  public static let leavesMax = 200
  /// The names of the fields.
  public static let fieldNames = [
    "feed", "tag", "title", "author", "url", "is", "since", "before", "received",
  ]

  fileprivate static func example(of field: String) -> String {
    switch field {
    case "is": "is:unread"
    case "since", "before", "received": "\(field):2d"
    case "url": "url:example.org"
    case "feed": "feed:lwn"
    case "author": "author:smith"
    default: "\(field):harbour"
    }
  }
}
