import FeedModel
import FeedSync
import FeedText

extension ActSummary {
  /// What it did: `marked 12 articles read: Title, Title, Title, …`.
  var words: String {
    let done = deeds.joined(separator: "; ")
    guard let undoesShortName else { return done }
    return (isRedo ? "did again what \(undoesShortName) undid: " : "undid \(undoesShortName): ")
      + done
  }

  private var deeds: [String] {
    var deeds: [String] = []
    let feeds = changes.filter { $0.subject == .feeds }
    if let followed = feeds.first(where: { $0.register == "sub" && $0.isSet == true }) {
      deeds.append("followed \(followed.named("feed"))")
    } else {
      if let left = feeds.first(where: { $0.register == "sub" }) {
        deeds.append("stopped following \(left.named("feed"))")
      }
      // What was followed for the first time has no address any more: that goes without saying.
      let isTakenBack = undoes != nil && feeds.contains { $0.register == "sub" }
      let settings =
        isTakenBack ? [] : feeds.compactMap { change in change.setting.map { ($0, change) } }
      if let first = settings.first?.1 {
        let names = settings.map(\.0)
        let widest = settings.map(\.1).max { $0.count < $1.count } ?? first
        // Each register once, in the order in which they were written.
        let list = names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }
        deeds.append(
          "set \(list.map(\.element).joined(separator: ", ")) of \(widest.named("feed"))"
        )
      }
    }
    let marks = changes.filter { $0.subject == .articles }
    let notes = marks.filter { $0.ruleOfNote != nil }
    // What a rule did says so itself; the note of it is told only where nothing else is.
    deeds += (notes.count == marks.count ? marks : marks.filter { !notes.contains($0) }).map(\.mark)
    let rules = notes.filter { $0.isSet == nil }.compactMap(\.ruleOfNote)
    if undoes == nil, !rules.isEmpty {
      let list = rules.joined(separator: ", ")
      deeds.append("as rule\(rules.count == 1 ? "" : "s") \(list) said")
    }
    if unknownLines > 0 {
      deeds.append("wrote \(counted(unknownLines, "line")) that only a newer Rill understands")
    }
    return deeds.isEmpty ? ["wrote what only a newer Rill understands"] : deeds
  }
}

extension ActSummary.Change {
  /// What it did to articles.
  fileprivate var mark: String {
    switch (register, isSet) {
    case ("part", nil): return "took an article apart: " + titles
    case ("part", _): return "put together what was taken apart: " + titles
    case ("join", nil): return "joined two articles: " + titles
    case ("story", nil): return "took an article out of a story, or put one into it: " + titles
    case ("story", _): return "took back what was said of the story of: " + titles
    case ("join", _): return "took apart what was joined: " + titles
    case ("rule", nil): return "added \(rules)"
    case ("rule", _): return "removed \(rules)"
    default: break
    }
    let articles = counted(count, "article")
    let deed =
      switch (register, isSet) {
      case ("read", true): "marked \(articles) read"
      case ("read", false): "marked \(articles) unread"
      case ("star", true): "starred \(articles)"
      case ("star", false): "unstarred \(articles)"
      case ("gone", true): "purged \(articles)"
      case ("gone", false): "brought \(articles) back"
      case ("hidden", true): "hid \(articles)"
      case ("hidden", false): "showed \(articles) again"
      case (let name, true) where name.hasPrefix("tag:"): "tagged \(articles) \(name.dropFirst(4))"
      case (let name, false) where name.hasPrefix("tag:"):
        "took tag \(name.dropFirst(4)) from \(articles)"
      default:
        ruleOfNote.map { "noted what rule \($0) did to \(articles)" }
          ?? "set \(register) of \(articles)"
      }
    return deed + ": " + titles
  }

  /// Rules are called by their keys.
  private var rules: String {
    let names = examples.map { String($0.prefix(6)) }.joined(separator: ", ")
    return count == 1
      ? "rule \(names)" : "\(count) rules: \(names)\(count > examples.count ? ", …" : "")"
  }

  /// The rule in the note of which this was written; nil where it is no note.
  fileprivate var ruleOfNote: String? { ruleNoted(in: register).map { String($0.prefix(6)) } }

  /// A feed by its name, several by their number and the names of a few.
  fileprivate func named(_ noun: String) -> String {
    count == 1 && !examples.isEmpty ? titles : "\(counted(count, noun)): \(titles)"
  }

  /// How a person calls a setting of a feed; nil for what goes with another one.
  fileprivate var setting: String? {
    switch register {
    case "sub", "fetch.led", "move.from", "move.into", "move.refused": nil
    case "url": "address"
    case "fetch.interval": "interval"
    case "fetch.user-agent": "user agent"
    case "fetch.http1": "HTTP version"
    case let name where name.hasPrefix("tag:"): "tag \(name.dropFirst(4))"
    default: register
    }
  }

  private var titles: String {
    var names = examples.map { fitted(terminalSafe($0), toCells: 50) }
    if ["part", "join", "story"].contains(register) {
      // Several keys are one article.
      names = names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }
        .map(\.element)
      return names.joined(separator: ", ")
    }
    return names.joined(separator: ", ") + (count > examples.count ? ", …" : "")
  }
}
