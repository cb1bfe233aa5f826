import ArgumentParser
import FeedIndex
import FeedModel
import FeedStore
import FeedSync

/// Which articles are printed as a feed.
struct ArticleChoice: ParsableArguments {
  @OptionGroup var articles: ArticleOptions
  @Flag(name: .customLong("all"), help: "Read articles too.") var includesRead = false
  @Flag(help: "Starred articles only, read or not.") var starred = false
  @Option(help: "What the feed is called.") var title: String?

  func validate() throws {
    if title?.isEmpty == true { throw ValidationError("A title is not empty.") }
  }

  /// The articles that are meant.
  func query(_ library: Library, now: Timestamp) throws -> ArticleQuery {
    var query = try articles.asked(of: library, limit: 100, now: now).query
    if includesRead { query.includesRead = true }
    query.onlyStarred = starred
    return query
  }

  /// What is printed, for the help of each form.
  static let words = """
    The unread ones, newest first and 100 at most, unless a query or options say
    otherwise. Texts are without scripts and whatever else rill show --html leaves
    out. Each article has its own id of Rill, the same on every machine, and says
    which feed it comes from.
    """

  /// What the feed is called: its own title, or what was asked for.
  var name: String {
    if let title { return title }
    let asked = articles.query.joined(separator: " ")
    let parts = [
      asked.isEmpty ? nil : asked,
      starred ? "starred" : includesRead ? "all" : asked.isEmpty ? "unread" : nil,
      articles.feed.map { "of \($0)" },
      articles.tag.map { "tagged \($0)" }, articles.since.map { "since \($0)" },
    ]
    return "Rill: " + parts.compactMap(\.self).joined(separator: ", ")
  }
}

/// `rill export jsonfeed`.
struct ExportJSONFeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jsonfeed",
    abstract: "Print articles as one JSON Feed 1.1.",
    discussion: """
      \(ArticleChoice.words)

      Examples:
        rill export jsonfeed --starred --limit 0 > best.json
        rill export jsonfeed 'title:release -beta' --all
        rill export jsonfeed --tag news --since 2d | jq -r '.items[].title'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var choice: ArticleChoice

  func run() throws { try export(choice, common) { JSONFeedDocument(title: $0) } }
}

/// `rill export atom`.
struct ExportAtomCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atom",
    abstract: "Print articles as one Atom feed.",
    discussion: """
      \(ArticleChoice.words)

      Examples:
        rill export atom --starred --limit 0 > best.xml
        rill export atom 'is:starred tag:news' > news.xml
        rill export atom --feed lwn --all | rill parse -
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var choice: ArticleChoice

  func run() throws { try export(choice, common) { AtomDocument(title: $0) } }
}

/// A feed that is written article by article.
protocol FeedDocument {
  /// Writes what stands before the articles.
  mutating func begin(updated: Timestamp)
  /// Writes an article.
  mutating func write(_ item: FeedItem, _ row: ArticleRow)
  /// Writes what stands behind them.
  mutating func end()
  /// Hands over what was written so far.
  mutating func handOver(to take: ([UInt8]) -> Void)
}

private func export<Document: FeedDocument>(
  _ choice: ArticleChoice,
  _ common: CommonOptions,
  _ begun: (String) -> Document
) throws {
  let surroundings = try Surroundings(common)
  let library = try surroundings.library()
  let now = surroundings.clock()
  let query = try choice.query(library, now: now)
  var text = begun(choice.name)
  var hasBegun = false
  var lost = 0
  try failing { () throws(LibraryError) in
    try library.eachPage(of: query) { rows throws(LibraryError) in
      if !hasBegun, let first = rows.first { text.begin(updated: first.moment) }
      hasBegun = true
      for row in rows {
        do throws(LibraryError) {
          guard let article = try library.article(at: row) else { continue }
          text.write(exported(article.item, row), row)
        } catch {
          guard case .store(.gone) = error else { throw error }
          lost += 1
        }
        text.handOver { Output.standard.raw($0) }
      }
    }
  }
  if !hasBegun { text.begin(updated: now) }
  text.end()
  text.handOver { Output.standard.raw($0) }
  guard lost > 0 else { return }
  Output.standard.finish()
  Output.error.line(
    "rill: \(counted(lost, "article")) cannot be read and \(lost == 1 ? "is" : "are") left out. "
      + "See: rill doctor"
  )
  leave(.someFailed)
}
