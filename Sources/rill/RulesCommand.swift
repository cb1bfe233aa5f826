import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync
import FeedText

/// `rill rules`.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Say what is done with new articles that are like something.",
    discussion: """
      A rule is a query (see: rill help query) and what is done with new articles
      of which it holds, in the sync that brings them. Rules are in the store, so
      every machine follows them. A rule that was removed leaves what it did, unless
      --undo is given.

      What is hidden stands in no list and no count; is:hidden finds it and
      rill mark unhide ID shows it again. rill why tells which rule acted on an
      article.

      Examples:
        rill rules test 'title:sponsored'
        rill rules add 'title:sponsored' --hide
        rill rules add security --feed lwn --star --tag work
        rill rules add 'author:smith' --mark-read --until 2027-01-01
        rill rules run k7m2zq            on articles that are here
        rill rules remove k7m2zq --undo  and what it did is taken back
      """,
    subcommands: [
      ListRules.self, AddRule.self, TestRule.self, RunRules.self, RemoveRules.self,
    ],
    defaultSubcommand: ListRules.self
  )
}

/// `rill rules list`.
struct ListRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show the rules, the oldest first.",
    discussion: """
      --json has id, query, actions, until, active; of a rule that this version
      cannot read id, text, active.

      Example: rill rules list --json
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Flag(help: "Print one JSON object a line.") var json = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let rules = try failing { () throws(LibraryError) in try library.rules() }
    if json {
      for stored in rules { Output.standard.raw(stored.jsonLine(now: now)) }
      return
    }
    if rules.isEmpty {
      Output.error.line("No rules yet. Add one with: rill rules add 'title:sponsored' --hide")
    }
    view.apply()
    let titles = try feedTitles(library)
    for stored in rules {
      let isOver = stored.rule?.isActive(at: now) == false
      Output.standard.line(
        [Piece(stored.shortName, .yellow), Piece("  \(stored.words(titles))", isOver ? .dim : nil)]
          + (isOver ? [Piece("  (over)", .dim)] : [])
      )
    }
    let unread = rules.count { $0.rule == nil }
    if unread > 0 {
      Output.error.line(
        "\(counted(unread, "rule")) cannot be read by this version and \(unread == 1 ? "does" : "do") "
          + "nothing here."
      )
    }
  }
}

/// What a rule is about, and what it does.
struct RuleOptions: ParsableArguments {
  @Argument(parsing: .allUnrecognized, help: "What it is about: see rill help query.")
  var query: [String] = []
  @Flag(help: "Mark them read.") var markRead = false
  @Flag(help: "Star them.") var star = false
  @Option(help: "Give them this tag.", completion: .tags) var tag: [String] = []
  @Flag(help: "Show them nowhere.") var hide = false
  @Option(help: "Only of this feed: an id, a URL or a part of its title.", completion: .feeds)
  var feed: String?
  @Option(help: "The date from which on it does nothing.") var until: String?

  func validate() throws {
    if tag.contains(where: { $0.isEmpty || $0.contains(where: \.isNewline) }) {
      throw ValidationError("--tag takes a name on one line.")
    }
  }

  /// It is said what it is about.
  var isChosen: Bool { feed != nil || query.contains { !$0.allSatisfy(\.isWhitespace) } }

  /// What is done, each thing once.
  var actions: [Rule.Action] {
    var seen: Set<Rule.Action> = []
    return
      ((markRead ? [.markRead] : []) + (star ? [.star] : []) + tag.map { .tag($0) }
      + (hide ? [.hide] : []))
      .filter { seen.insert($0).inserted }
  }

  /// The rule, with the feeds that its names mean today.
  func rule(_ library: Library, now: Timestamp) throws -> Rule {
    var typed = try library.named(try typedQuery(query))
    var end: Timestamp?
    if let until {
      guard case .at(let moment)? = QueryTime(until), moment > now else {
        throw Failure(.usage, "--until takes a date to come, such as 2027-01-01.")
      }
      end = moment
    }
    if let feed { typed = .feeds([try library.feed(named: feed).id]) && typed }
    return Rule(query: typed, actions: actions, until: end)
  }
}

/// `rill rules add`.
struct AddRule: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a rule; it acts on articles that come from now on.",
    discussion: """
      Feeds that the query names are looked up now: the rule is about those, whatever
      they are called later.

      Example: rill rules add 'title:sponsored' --mark-read --feed lwn
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var options: RuleOptions

  func validate() throws {
    guard options.isChosen else {
      throw ValidationError(
        "Say what it is about, such as: rill rules add 'title:sponsored' --hide"
      )
    }
    if options.actions.isEmpty {
      throw ValidationError("Say what is done: --mark-read, --star, --tag NAME or --hide.")
    }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let rule = try options.rule(library, now: now)
    guard Rule(rule.text) != nil else {
      throw Failure(.usage, "The query is too long for a rule. Name fewer feeds.")
    }
    let (stored, isNew) = try failing { () throws(LibraryError) in try library.add(rule, now: now) }
    sayTrouble(library)
    let words = stored.words(try feedTitles(library))
    guard isNew else {
      return Output.error.line("Rule \(stored.shortName) is there already: \(words)")
    }
    Output.error.line("Added rule \(stored.shortName): \(words)")
    Output.error.line("To do that with articles that are here: rill rules run \(stored.shortName)")
  }
}

/// `rill rules test`.
struct TestRule: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Say what a rule or a query is about, and change nothing.",
    discussion: """
      It takes a rule that is there, or what rill rules add takes.

      Examples:
        rill rules test 'title:sponsored'
        rill rules test 'title:sponsored' --hide --feed lwn
        rill rules test k7m2zq
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var options: RuleOptions

  func validate() throws {
    guard options.isChosen else {
      throw ValidationError("Name a rule or a query, such as: rill rules test 'title:sponsored'")
    }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let query = options.query
    let isPlain = query.count == 1 && options.actions.isEmpty && options.feed == nil
    let rules = try failing { () throws(LibraryError) in try library.rules() }
    let named = isPlain ? found(query[0], in: rules) : []
    let rule =
      try named.count == 1 ? named[0].understood : options.rule(library, now: now)
    let articles = try library.shownArticles(of: rule, now: now)
    let left = articles.filter { row in
      rule.actions.isEmpty || rule.actions.contains { !$0.holds(for: row) }
    }
    let already = articles.count - left.count
    let rest = already == 0 ? "" : " \(already) already \(already == 1 ? "is" : "are") that way."
    guard let first = left.first else {
      return Output.error.line(
        "Would \(rule.deed("no article"))\(articles.isEmpty ? ": there is none like that" : "").\(rest)"
      )
    }
    let title = fitted(terminalSafe(first.title ?? first.url ?? "(no title)"), toCells: 60)
    Output.error.line(
      "Would \(rule.deed(counted(left.count, "article"))), for example "
        + "\(first.id.description.prefix(8)) \"\(title)\".\(rest)"
    )
  }
}

/// `rill rules run`.
struct RunRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Do with articles that are here what rules say.",
    discussion: """
      Without names all rules that are not over are run.

      All of it is one act: rill undo takes it back.

      Example: rill rules run k7m2zq
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(
    help: ArgumentHelp("Rules, as the list names them.", valueName: "rule"),
    completion: .rules
  )
  var names: [String] = []

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let rules = try failing { () throws(LibraryError) in try library.rules() }
    let chosen =
      try names.isEmpty
      ? rules.filter { $0.rule?.isActive(at: now) == true }
      : names.map { try rule(named: $0, in: rules) }
    if chosen.isEmpty {
      return Output.error.line(
        rules.isEmpty
          ? "No rules yet. Add one with: rill rules add 'title:sponsored' --hide"
          : "No rule is to be followed now. See them with: rill rules list"
      )
    }
    let understood = try chosen.map { ($0, try $0.understood) }
    let act = Act()
    for (stored, rule) in understood {
      let articles = try library.shownArticles(of: rule, now: now)
      let count = try failing { () throws(LibraryError) in
        try library.run(stored, on: articles, in: act, now: now)
      }
      Output.error.line("Rule \(stored.shortName) changed \(counted(count, "article")).")
    }
    sayTrouble(library)
  }
}

/// `rill rules remove`.
struct RemoveRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove rules.",
    discussion: """
      What they did stays. With --undo it is taken back, but for what was changed
      since. Either way it is one act, and rill undo brings the rules back.

      Example: rill rules remove k7m2zq --undo
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(
    help: ArgumentHelp("Rules, as the list names them.", valueName: "rule"),
    completion: .rules
  )
  var names: [String]
  @Flag(name: .customLong("undo"), help: "Take back what they did to articles as well.")
  var takesBack = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let rules = try failing { () throws(LibraryError) in try library.rules() }
    var seen: Set<ArticleID> = []
    let chosen = try names.map { try rule(named: $0, in: rules) }
      .filter { seen.insert($0.key).inserted }
    let count = try failing { () throws(LibraryError) in
      try library.remove(chosen, takingBack: takesBack, now: now)
    }
    sayTrouble(library)
    let titles = try feedTitles(library)
    for stored in chosen {
      Output.error.line("Removed rule \(stored.shortName): \(stored.words(titles))")
    }
    if takesBack { Output.error.line("Taken back on \(counted(count, "article")).") }
  }
}

/// The rules whose names begin so.
private func found(_ name: String, in rules: [StoredRule]) -> [StoredRule] {
  guard name.utf8.count >= 4 else { return [] }
  return rules.filter { $0.key.description.hasPrefix(name.lowercased()) }
}

private func rule(named name: String, in rules: [StoredRule]) throws -> StoredRule {
  let found = found(name, in: rules)
  guard found.count == 1 else {
    throw Failure(
      .usage,
      "\(found.isEmpty ? "No rule" : "More than one rule") is called \(name.prefix(40)). "
        + "See them with: rill rules list"
    )
  }
  return found[0]
}

private func feedTitles(_ library: Library) throws -> [FeedID: String] {
  let feeds = try failing { () throws(LibraryError) in try library.feeds() }
  return Dictionary(feeds.map { ($0.id, $0.title) }) { first, _ in first }
}

extension Library {
  /// A query with the feeds that its names mean; times stay as they are.
  fileprivate func named(_ query: Query) throws -> Query {
    let feeds = try failing { () throws(LibraryError) in try self.feeds() }
    return try query.mapLeaves { leaf in
      guard case .feed(let name) = leaf else { return leaf }
      let found = FeedSync.feeds(meant: name, in: feeds)
      guard !found.isEmpty else { throw Failure(noFeed: name) }
      return .feeds(found.map(\.id))
    }
  }

  fileprivate func shownArticles(of rule: Rule, now: Timestamp) throws -> [ArticleRow] {
    let progress = ReadingLine("Reading for words", unit: "articles")
    defer { progress.clear() }
    return try failing { () throws(LibraryError) in
      try articles(of: rule, now: now, progress: progress.show)
    }
  }
}

extension StoredRule {
  fileprivate var understood: Rule {
    get throws {
      guard let rule else {
        throw Failure(.usage, "Rule \(shortName) is of a newer Rill. Install that on this machine.")
      }
      return rule
    }
  }

  /// What it does to what, as it would be typed, with the titles of feeds; safe for a terminal.
  fileprivate func words(_ titles: [FeedID: String]) -> String {
    guard let rule else { return "(cannot be read) \(capped(terminalSafe(text)))" }
    let actions = rule.actions.map { action in
      switch action {
      case .markRead: "--mark-read"
      case .star: "--star"
      case .hide: "--hide"
      case .tag(let name): "--tag \(quoted(name))"
      }
    }
    let query = rule.query.mapLeaves { leaf in
      guard case .feed(let name) = leaf, let title = FeedID(name).flatMap({ titles[$0] }),
        !title.contains("\"")
      else { return leaf }
      return .feed(title)
    }
    let until = rule.until.map { " --until \(shown($0))" } ?? ""
    return capped(terminalSafe("\(query) \(actions.joined(separator: " "))\(until)"))
  }

  fileprivate func jsonLine(now: Timestamp) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", key.description)
    if let rule {
      json.member("query", rule.query.description)
      json.key("actions")
      json.beginArray()
      for action in rule.actions { json.value(action.description) }
      json.endArray()
      json.member("until", rule.until?.description)
      json.member("active", rule.isActive(at: now))
    } else {
      json.member("text", text)
      json.member("active", false)
    }
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

extension Rule {
  /// What it does with articles: `hide 3 articles`.
  fileprivate func deed(_ articles: String) -> String {
    guard actions.count == 1 else { return "\(actions.isEmpty ? "mark" : "act on") \(articles)" }
    return switch actions[0] {
    case .markRead: "mark \(articles) read"
    case .star: "star \(articles)"
    case .hide: "hide \(articles)"
    case .tag(let name): "tag \(articles) \(terminalSafe(name))"
    }
  }
}
