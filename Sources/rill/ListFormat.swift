import FeedIndex
import FeedModel
import FeedText

/// A line of a list as a person wrote it down: text, and the fields of an article in braces.
struct ListFormat: Hashable {
  private var parts: [Part] = []

  private enum Part: Hashable {
    case text(String)
    case field(Field)
  }

  /// What can be said of an article.
  enum Field: String, CaseIterable {
    case id, short, title, url, feed
    case feedID = "feed-id"
    case feedURL = "feed-url"
    case authors, date, received, age, day, time, flags, read, starred, changed, tags, also, story
  }

  /// All names, for a person.
  static let fieldList = Field.allCases.map(\.rawValue).joined(separator: ", ")

  /// Why a text is no format.
  struct Mistake: Error, Hashable, CustomStringConvertible {
    var description: String
  }

  /// Takes a text apart.
  init(_ text: String) throws(Mistake) {
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "\\":
        switch rest.popFirst() {
        case "t": literal += "\t"
        case "n": literal += "\n"
        case "\\": literal += "\\"
        case let other:
          throw Mistake(
            description:
              "\\\(other.map(String.init) ?? "") means nothing here. There are \\t, \\n and \\\\."
          )
        }
      case "{" where rest.first == "{", "}" where rest.first == "}":
        literal.append(rest.removeFirst())
      case "{":
        guard let end = rest.firstIndex(of: "}") else {
          throw Mistake(description: "A { is not closed. Write {{ for the brace itself.")
        }
        let name = String(rest[..<end])
        guard let field = Field(rawValue: name) else {
          throw Mistake(
            description: "\"\(name.prefix(40))\" is no field. There are: \(Self.fieldList)."
          )
        }
        rest = rest[rest.index(after: end)...]
        if !literal.isEmpty { parts.append(.text(literal)) }
        literal = ""
        parts.append(.field(field))
      case "}":
        throw Mistake(description: "A } has no {. Write }} for the brace itself.")
      default: literal.append(character)
      }
    }
    if !literal.isEmpty { parts.append(.text(literal)) }
  }

  /// The shortest unique ids are asked for, which have to be looked up.
  var needsPrefixes: Bool { parts.contains(.field(.short)) }

  /// The line of an article with its end; what comes from outside is filtered.
  func line(of article: ArticleRow, prefixLength: Int, now: Timestamp) -> [UInt8] {
    var line = ""
    for part in parts {
      switch part {
      case .text(let text): line += text
      case .field(let field):
        line += capped(terminalSafe(value(field, article, prefixLength, now)))
      }
    }
    return Array((line + "\n").utf8)
  }

  private func value(
    _ field: Field,
    _ article: ArticleRow,
    _ prefixLength: Int,
    _ now: Timestamp
  ) -> String {
    switch field {
    case .id: article.id.description
    case .short: String(article.id.description.prefix(prefixLength))
    case .title: article.title ?? ""
    case .url: article.url ?? ""
    case .feed: article.feedTitle
    case .feedID: article.feed.description
    case .feedURL: article.feedURL
    case .authors: article.authors.joined(separator: ", ")
    case .date: article.moment.rfc3339(milliseconds: false)
    case .received: article.received.rfc3339(milliseconds: false)
    case .age: age(seconds: now.seconds - article.moment.seconds)
    case .day: LocalDate(article.moment).fullDay
    case .time: LocalDate(article.moment).time
    case .flags: article.flags
    case .read: article.isRead ? "read" : "unread"
    case .starred: article.isStarred ? "starred" : ""
    case .changed: article.hasChanged ? "changed" : ""
    case .tags: article.tags.joined(separator: ", ")
    case .also: article.copies.map(\.feedTitle).joined(separator: ", ")
    case .story: article.page.map(storyName) ?? ""
    }
  }
}

extension ArticleRow {
  /// One letter for each thing that a list marks: `*` starred, `~` edited, `r` read.
  var flags: String {
    (isStarred ? "*" : "") + (hasChanged ? "~" : "") + (isRead ? "r" : "")
  }
}
