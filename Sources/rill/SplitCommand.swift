import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync

/// `rill split`.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Take an article apart that is two.",
    discussion: """
      Rill knows an article again by its guid, its link, or its title and text,
      and now and then a publisher gives two articles one of these. What made
      them one last is taken back: a match, or a join of yours. Any key of an
      article is an id: with the key of one item, as rill why prints it, that item
      is taken out.

      Both parts are read, starred and tagged as the whole was, so that nothing you
      have read turns unread. It holds for good, on every machine that shares the
      store: no sync makes them one again. rill undo takes it back.

      All that came under one guid, or under one link without a guid, cannot be
      told apart. An article that is one alone is taken out of the story that it is
      in with articles of other feeds.

      --json has a line for each article: id, title, read, starred, tags.

      Examples:
        rill why k7m2
        rill split k7m2
        rill split 25fg --dry-run
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The id of an article, or the key of the item that is to go.",
    completion: .articles
  ) var id: String
  @Flag(name: .customLong("dry-run"), help: "Say what would be done and change nothing.")
  var isDryRun = false
  @Flag(help: "Print one JSON object a line.") var json = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let article = try library.article(named: id)
    let named = try failing { () throws(LibraryError) in
      try library.keys(of: article).first { $0.description.hasPrefix(id.lowercased()) }
    }
    let outcome = try failing { () throws(LibraryError) in
      try library.split(
        article,
        naming: named ?? article.id,
        isDryRun: isDryRun,
        now: surroundings.clock()
      )
    }
    guard let outcome else {
      if try leaveStory(article, library, surroundings.clock()) { return }
      throw Failure(
        .usage,
        "There is nothing to take apart: all that is known of \(article.id) came under one key. "
          + "See: rill why \(article.id)"
      )
    }
    sayTrouble(library)
    outcome.print(json: json)
    let count = outcome.articles.count
    if isDryRun {
      Output.error.line("Would make \(counted(count, "article")) of it.")
    } else {
      Output.error.line(
        "It is \(counted(count, "article")) now, for good.\(outcome.wayBack)"
      )
    }
  }
}

extension SplitCommand {
  /// Takes the article out of the story that its page makes; false when it is in none.
  private func leaveStory(
    _ article: ArticleRow,
    _ library: Library,
    _ now: Timestamp
  ) throws -> Bool {
    let row = try failing { () throws(LibraryError) in try library.withCopies([article])[0] }
    guard !row.copies.isEmpty else { return false }
    let outcome = try failing { () throws(LibraryError) in
      try library.leaveStory(row, isDryRun: isDryRun, now: now)
    }
    sayTrouble(library)
    outcome.print(json: json)
    let others = row.copies.map(\.feedTitle).joined(separator: ", ")
    Output.error.line(
      isDryRun
        ? "Would take it out of the story that it is in with \(others)."
        : "It is no longer one story with what \(others) has.\(outcome.wayBack)"
    )
    return true
  }
}

extension ApartOutcome {
  /// A line for each article.
  func print(json isJSON: Bool) {
    for article in articles {
      if isJSON {
        Output.standard.raw(article.jsonLine)
      } else {
        Output.standard.line([Piece("\(article.id)", .yellow), Piece("  " + article.words)])
      }
    }
  }

  /// How it is taken back.
  var wayBack: String { act.map { " To take that back: rill undo \($0)" } ?? "" }
}
