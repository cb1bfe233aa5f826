/// What is looked for in the full text.
///
/// Words and phrases that all have to be there, and such that may not: `feed reader "plain files"
/// -server archiv* title:release`. Case and diacritics do not count.
public struct SearchWords: Hashable, Sendable {
  /// Why nothing can be looked for.
  public enum Refusal: Error, Hashable, Sendable {
    /// There is no letter or digit that has to be there.
    case nothingWanted
    /// It is longer than any question.
    case tooLong
  }

  /// A word or a phrase.
  struct Term: Hashable, Sendable {
    /// Words as they stand in the index, parted by spaces.
    var text: String
    /// The last word may go on.
    var isPrefix = false
    /// It stands in the title.
    var isInTitle = false
  }

  /// How many bytes may be asked for.
  public static let bytesMax = 4096

  var wanted: [Term] = []
  var unwanted: [Term] = []

  /// Reads what was typed.
  ///
  /// Whatever has no meaning of its own parts words; a phrase that is not closed goes on to the end.
  ///
  /// - Parameter typed: Words.
  /// - Throws: `Refusal` when there is nothing to look for.
  public init(_ typed: String) throws(Refusal) {
    guard typed.utf8.count <= Self.bytesMax else { throw .tooLong }
    var rest = typed.unicodeScalars[...]
    while let first = rest.first {
      if first.properties.isWhitespace {
        rest.removeFirst()
        continue
      }
      let isUnwanted = first == "-"
      if isUnwanted { rest.removeFirst() }
      var term = Term(text: "")
      if String(rest.prefix(6)).lowercased() == "title:" {
        term.isInTitle = true
        rest.removeFirst(6)
      }
      if rest.first == "\"" {
        rest.removeFirst()
        let phrase = rest.prefix { $0 != "\"" }
        rest = rest.dropFirst(phrase.count + 1)
        term.text = parted(String(phrase))
        if rest.first == "*" {
          term.isPrefix = true
          rest.removeFirst()
        }
      } else {
        let word = rest.prefix { !$0.properties.isWhitespace && $0 != "\"" }
        rest = rest.dropFirst(word.count)
        term.isPrefix = word.last == "*"
        term.text = parted(String(word))
      }
      guard term.text.unicodeScalars.contains(where: isWordScalar) else { continue }
      if isUnwanted { unwanted.append(term) } else { wanted.append(term) }
    }
    guard !wanted.isEmpty else { throw .nothingWanted }
  }

  /// The question as FTS5 reads it (https://www.sqlite.org/fts5.html §3).
  var expression: String {
    let all = wanted.map(\.expression).joined(separator: " AND ")
    guard !unwanted.isEmpty else { return all }
    return "(\(all)) NOT (\(unwanted.map(\.expression).joined(separator: " OR ")))"
  }
}

extension SearchWords.Term {
  /// Always a string of FTS5, so that nothing that was typed is taken for its syntax.
  fileprivate var expression: String {
    let scalars = text.unicodeScalars.map { isWordScalar($0) ? $0 : " " }
    let string = "\"\(String(String.UnicodeScalarView(scalars)))\"\(isPrefix ? " *" : "")"
    return isInTitle ? "title : \(string)" : string
  }
}

/// The index takes it for a part of a word.
private func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark,
    .privateUse:
    true
  default: false
  }
}
