import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync

/// `rill mark`.
struct MarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mark",
    abstract: "Mark articles read, unread, starred or tagged.",
    discussion: """
      All that is named is marked in one step, or nothing is. When this ends well
      it is on disk.

      Examples:
        rill mark read k7m2 zq4d
        rill mark star k7m2
        rill mark read --feed lwn --before 7d
        rill mark read --query 'title:sponsored or tag:jobs' --dry-run
        rill list --json --tag news | jq -r .id | rill mark read -
        rill mark read k7m2 --story

      What is named, by id or by feed, is marked in every feed that leads to the
      same page, as a list shows it once; with --before where that is as old.
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "read, unread, star, unstar, hide, unhide, tag:NAME or untag:NAME.",
    completion: .list(["read", "unread", "star", "unstar", "hide", "unhide"])
  ) var action: String
  @Argument(
    help: "Ids or unique beginnings of ids; - reads them from standard input.",
    completion: .articles
  )
  var ids: [String] = []
  @Option(
    parsing: .unconditional,
    help: "All articles that are like this: see rill help query."
  )
  var query: String?
  @Option(help: "All articles of this feed.", completion: .feeds) var feed: String?
  @Option(help: "All articles older than this: 12h, 7d, 3w or a date.") var before: String?
  @Flag(help: "All articles of all feeds.") var all = false
  @Flag(help: "Only what is named, and not what leads to the same page in other feeds.")
  var ungrouped = false
  @Flag(help: "Also articles that say nearly the same: see rill list --group similar.")
  var story = false
  @Flag(name: .customLong("dry-run"), help: "Say what would be marked and change nothing.")
  var isDryRun = false

  func validate() throws {
    _ = try mark()
    let selects = query != nil || feed != nil || before != nil || all
    if ids.isEmpty, !selects {
      throw ValidationError(
        "Name articles by id, or choose them with --query, --feed, --before or --all."
      )
    }
    if query?.allSatisfy(\.isWhitespace) == true {
      throw ValidationError("--query is empty. All articles are marked with --all.")
    }
    if !ids.isEmpty, selects {
      throw ValidationError("Name articles by id or choose them with options, not both.")
    }
    if story, ids.isEmpty { throw ValidationError("--story goes with ids.") }
    if story, ungrouped { throw ValidationError("Choose one of --story and --ungrouped.") }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let mark = try mark()
    let articles = try ids.isEmpty ? chosen(library, now) : named(library)
    let copies = try copies(of: articles, library, now).filter { !mark.holds(for: $0) }
    let similar = try similar(to: articles, besides: copies, library, now)
      .filter { !mark.holds(for: $0) }
    let count = articles.count { !mark.holds(for: $0) }
    let also =
      (copies.isEmpty ? "" : ", and \(counted(copies.count, "copy", "copies")) elsewhere")
      + (similar.isEmpty ? "" : ", and \(similar.count) similar")
    if isDryRun {
      Output.error.line("Would mark \(counted(count, "article")) \(words(mark))\(also).")
      return
    }
    _ = try failing { () throws(LibraryError) in
      try library.mark(articles + copies + similar, mark, now: now)
    }
    sayTrouble(library)
    let rest = articles.count - count
    Output.error.line(
      "Marked \(counted(count, "article")) \(words(mark))\(also)."
        + (rest > 0 ? " \(rest) already \(rest == 1 ? "was" : "were")." : "")
    )
  }

  /// What leads to the same pages in other feeds; who chooses from all feeds has chosen.
  private func copies(
    of articles: [ArticleRow],
    _ library: Library,
    _ now: Timestamp
  ) throws -> [ArticleRow] {
    guard !ungrouped, !ids.isEmpty || feed != nil else { return [] }
    let before = try before.map { try moment($0, before: now) }
    return try failing { () throws(LibraryError) in
      try library.copies(of: articles, before: before)
    }
  }

  /// What says nearly the same, and its copies.
  private func similar(
    to articles: [ArticleRow],
    besides copies: [ArticleRow],
    _ library: Library,
    _ now: Timestamp
  ) throws -> [ArticleRow] {
    guard story else { return [] }
    try compareAll(library)
    let similar = try failing { () throws(LibraryError) in
      try library.withSimilar(articles + copies).flatMap(\.similar)
    }
    var seen = Set((articles + copies).map(\.id))
    return try (similar + self.copies(of: similar, library, now))
      .filter { seen.insert($0.id).inserted }
  }

  private func mark() throws -> Mark {
    switch action {
    case "read": return .read(true)
    case "unread": return .read(false)
    case "star": return .star(true)
    case "unstar": return .star(false)
    case "hide": return .hide(true)
    case "unhide": return .hide(false)
    default:
      for (prefix, value) in [("tag:", true), ("untag:", false)] where action.hasPrefix(prefix) {
        let name = action.dropFirst(prefix.count)
        if !name.isEmpty, !name.contains(where: \.isNewline) { return .tag(String(name), value) }
      }
      throw ValidationError(
        "\(action) is no mark. Use read, unread, star, unstar, hide, unhide, tag:NAME or untag:NAME."
      )
    }
  }

  private func chosen(_ library: Library, _ now: Timestamp) throws -> [ArticleRow] {
    var query = ArticleQuery()
    query.includesRead = true
    query.before = try before.map { try moment($0, before: now) }
    if let feed { query.feeds = [try library.feed(named: feed).id] }
    query.filter = try library.resolved(try typedQuery([self.query ?? ""]), now: now)
    let progress = ReadingLine("Reading for words", unit: "articles")
    defer { progress.clear() }
    return try failing { () throws(LibraryError) in
      try library.articles(query, progress: progress.show)
    }
  }

  private func named(_ library: Library) throws -> [ArticleRow] {
    var seen: Set<ArticleID> = []
    return try typedIDs(ids).map { try library.article(named: $0) }
      .filter { seen.insert($0.id).inserted }
  }

  private func words(_ mark: Mark) -> String {
    switch mark {
    case .read(let value): value ? "read" : "unread"
    case .star(let value): value ? "starred" : "not starred"
    case .hide(let value): value ? "hidden" : "shown"
    case .tag(let name, let value): value ? "with tag \(name)" : "without tag \(name)"
    }
  }
}

/// `1 article`, `2 articles`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
