import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// `rill` alone.
struct OverviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overview",
    abstract: "Show how much is unread, and the newest few. So does rill alone.",
    discussion: """
      Feeds with the most unread articles come first. All of them: rill feeds.

      Examples:
        rill
        rill overview --home ~/other
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions

  /// More feeds than this are counted.
  private static let feedsMax = 10
  private static let articlesMax = 5

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    view.apply(isPaged: false)
    let output = Output.standard
    guard !feeds.isEmpty else {
      for (command, words) in [
        ("rill add https://example.org/", "find and follow its feed"),
        ("rill list", "see what is unread"), ("rill help", "see everything else"),
      ] {
        output.line([Piece(padded(command, toCells: 31), .bold), Piece(words)])
      }
      return
    }
    let unread = feeds.filter { $0.unread > 0 }.sorted { $0.unread > $1.unread }
    if unread.isEmpty {
      output.line("Nothing unread in \(counted(feeds.count, "feed")). Look for news: rill sync")
      return
    }
    let columns = output.isTerminal ? output.columns : nil
    for line in lines(unread, columns: columns) { output.row(line) }
    output.line("")
    var query = ArticleQuery()
    query.limit = Self.articlesMax
    let articles = try failing { () throws(LibraryError) in try library.stories(query) }
    let lengths = try failing { () throws(LibraryError) in
      try library.prefixLengths(of: articles.map(\.id))
    }
    let listing = Listing(
      articles: articles,
      prefixLengths: lengths,
      now: surroundings.clock(),
      heading: nil
    )
    listing.write(to: output, columns: columns)
    if let first = articles.first, output.isTerminal {
      let id = first.id.description.prefix(lengths[first.id] ?? HashID.length)
      output.row([Piece("Read one: rill show \(id)   All: rill list", .dim)])
    }
  }

  /// How many are unread, by feed, and in all.
  private func lines(_ unread: [FeedRow], columns: Int?) -> [[Piece]] {
    let total = unread.reduce(0) { $0 + $1.unread }
    let cells = "\(total)".count
    var lines: [[Piece]] = unread.prefix(Self.feedsMax)
      .map { feed in
        let title = terminalSafe(feed.title)
        return [
          Piece(padded("\(feed.unread)", toCells: cells, alignedRight: true), .yellow),
          Piece("  " + (columns.map { fitted(title, toCells: $0 - cells - 2) } ?? capped(title))),
        ]
      }
    let rest = unread.count - Self.feedsMax
    if rest > 0 {
      let count = unread.dropFirst(Self.feedsMax).reduce(0) { $0 + $1.unread }
      lines.append([
        Piece(padded("\(count)", toCells: cells, alignedRight: true), .yellow),
        Piece("  in \(counted(rest, "more feed")): rill feeds", .dim),
      ])
    }
    if unread.count > 1 { lines.append([Piece("\(total)", .bold), Piece("  unread", .bold)]) }
    return lines
  }
}
