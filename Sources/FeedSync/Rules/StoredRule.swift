public import FeedModel
import FeedStore

/// A rule, and the key under which it stands in the store.
public struct StoredRule: Hashable, Sendable {
  /// What it is called: the same for the same rule on every machine.
  public var key: ArticleID
  /// The value of the register.
  public var text: String
  /// When that was written.
  public var at: Timestamp
  /// What it says; nil for what only a newer version understands.
  public var rule: Rule?

  init(key: ArticleID, text: String, at: Timestamp) {
    self.key = key
    self.text = text
    self.at = at
    rule = Rule(text)
  }

  /// As few characters as tell rules apart for a person.
  public var shortName: String { String(key.description.prefix(6)) }

  /// The register of articles in which it is noted what the rule did.
  var note: String { "\(noteOfRule)\(key)" }
}

/// How the register begins in which it is noted what a rule did to an article; then comes the key
/// of the rule.
private let noteOfRule = "ruled:"

/// The key of the rule of which a register notes what it did, in writing; nil for other registers.
public func ruleNoted(in register: String) -> Substring? {
  register.hasPrefix(noteOfRule) ? register.dropFirst(noteOfRule.utf8.count) : nil
}

/// What a rule does to one article.
struct RuleDeed {
  var article: ArticleID
  /// What is set.
  var registers: [String]

  /// Nil where the article is that way already.
  init?(_ article: ArticleID, _ actions: [Rule.Action], unless holds: (Rule.Action) -> Bool) {
    self.article = article
    registers = actions.filter { !holds($0) }.map(\.register)
    if registers.isEmpty { return nil }
  }
}

/// Lines that do what a rule says, and note that it did.
///
/// All are of one moment: by that a mark is known to be the rule's.
///
/// - Parameters:
///   - deeds: What it does.
///   - note: The register of the note.
///   - at: When.
/// - Returns: A line for each register, and one for each value of the note.
func lines(of deeds: [RuleDeed], notedIn note: String, at: Timestamp) -> [PendingLine] {
  var sets: [(key: String, value: RegisterValue, ids: [ArticleID])] = []
  func add(_ key: String, _ value: RegisterValue, _ id: ArticleID) {
    if let place = sets.firstIndex(where: { $0.key == key && $0.value == value }) {
      sets[place].ids.append(id)
    } else {
      sets.append((key, value, [id]))
    }
  }
  for deed in deeds {
    for register in deed.registers { add(register, .bool(true), deed.article) }
  }
  for deed in deeds {
    add(note, .string(deed.registers.joined(separator: "\n")), deed.article)
  }
  return sets.map {
    PendingLine(at: at, operation: .set(key: $0.key, value: $0.value, ids: $0.ids))
  }
}

/// Rules as they are applied to new articles: feeds and times are looked up.
struct ActiveRules {
  private let rules: [(note: String, at: Timestamp, query: Query, actions: [Rule.Action])]

  var isEmpty: Bool { rules.isEmpty }

  init(_ stored: [StoredRule], united: [FeedID: FeedID] = [:], now: Timestamp) {
    rules = stored.compactMap { stored in
      guard let rule = stored.rule, rule.isActive(at: now) else { return nil }
      return (stored.note, stored.at, rule.query.asRule(now: now, united: united), rule.actions)
    }
  }

  /// Lines that do with new articles what rules say, and note which rule did what.
  ///
  /// They have the moment at which the rule was written. Another machine may have brought the
  /// article long before, and what a person did to it there since beats them, whether it is known
  /// here or not.
  ///
  /// - Parameters:
  ///   - articles: The articles with what may be asked of them.
  ///   - now: The time; no line is later.
  /// - Returns: Nothing where no rule applies. Each rule sees what older ones did, as when they are
  ///   run one after the other; what two of them say the older one does.
  func lines(
    for articles: [(id: ArticleID, subject: QuerySubject)],
    now: Timestamp
  ) -> [PendingLine] {
    var (lines, articles) = ([PendingLine](), articles)
    for (note, at, query, actions) in rules {
      var deeds: [RuleDeed] = []
      for place in articles.indices where query.matches(articles[place].subject) {
        let (id, subject) = articles[place]
        guard let deed = RuleDeed(id, actions, unless: { $0.holds(for: subject) }) else { continue }
        deeds.append(deed)
        for action in actions { action.act(on: &articles[place].subject) }
      }
      lines += FeedSync.lines(of: deeds, notedIn: note, at: min(at, now))
    }
    return lines
  }
}

extension Query {
  /// As a rule is asked: its feeds stand in it by their ids.
  ///
  /// A rule that asks for nothing but its feeds stays with them: else a publisher's redirect to
  /// another feed that is followed would hide all of that.
  ///
  /// - Parameters:
  ///   - now: The time.
  ///   - united: Into which feeds others went; a rule that asks for more follows them there.
  /// - Returns: The same query with feeds and moments.
  func asRule(now: Timestamp, united: [FeedID: FeedID]) -> Query {
    let asksMore = leaves.contains { if case .feed = $0 { false } else { true } }
    let united = asksMore ? united : [:]
    return resolved(now: now) { name in
      var feeds: [FeedID] = []
      var next = FeedID(name)
      while let feed = next, !feeds.contains(feed) {
        feeds.append(feed)
        next = united[feed]
      }
      return feeds
    }
  }
}

extension Rule.Action {
  fileprivate func holds(for subject: QuerySubject) -> Bool {
    switch self {
    case .markRead: subject.isRead
    case .star: subject.isStarred
    case .hide: subject.isHidden
    case .tag(let name): subject.ownTags.contains(name)
    }
  }

  fileprivate func act(on subject: inout QuerySubject) {
    switch self {
    case .markRead: subject.isRead = true
    case .star: subject.isStarred = true
    case .hide: subject.isHidden = true
    case .tag(let name): subject.ownTags.insert(name)
    }
  }
}
