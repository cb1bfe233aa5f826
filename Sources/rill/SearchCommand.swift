import ArgumentParser
import FeedIndex
import FeedSync

/// `rill search`.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find articles by their words, newest first.",
    discussion: """
      All words have to stand in the title, the text, the authors or the
      publisher's tags; case and accents do not count. Read and unread articles
      are found.

        harbour lights      both words
        '"harbour lights"'  one behind the other
        harbour -lights     the one and not the other
        harb*               words that begin so
        title:harbour       in the title

      A word that begins with - follows -- or another word. The first search
      reads all articles; a later one only what has come since.

      Examples:
        rill search harbour lights
        rill search 'title:release -beta' --since 30d
        rill search --unread --json climate | jq -r .id | rill mark read -
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(parsing: .remaining, help: "What to look for.") var words: [String] = []
  @Flag(help: "Only unread articles.") var unread = false
  @Option(help: "Only of this feed: an id, a URL or a part of its title.") var feed: String?
  @Option(help: "Only with this tag, or of feeds with it.") var tag: String?
  @Option(help: "Only as new as this: 90m, 12h, 2d, 3w or a date.") var since: String?
  @Option(help: "Only the newest so many; 0 for all.") var limit = 50
  @Flag(help: "Also of feeds that are no longer followed.") var unsubscribed = false
  @Flag(help: "Print one JSON object a line.") var json = false
  @Flag(help: "Print id, date, feed, title and URL, separated by tabs.") var tsv = false

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit takes a number from 0 up.") }
    if tag?.isEmpty == true { throw ValidationError("--tag is empty.") }
    if json, tsv { throw ValidationError("Choose one of --json and --tsv.") }
    if feed != nil, unsubscribed {
      throw ValidationError("Choose one of --feed and --unsubscribed.")
    }
    _ = try searchWords()
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    var query = ArticleQuery()
    query.includesRead = !unread
    query.tag = tag
    query.limit = limit == 0 ? nil : limit
    query.since = try since.map { try moment($0, before: now) }
    if let feed { query.feeds = [try library.feed(named: feed).id] }
    let words = try searchWords()
    let progress = ReadingLine("Reading for words", unit: "articles")
    let articles = try failing { () throws(LibraryError) in
      try library.articles(
        with: words,
        query,
        includesUnsubscribed: unsubscribed,
        progress: progress.show
      )
    }
    progress.clear()
    if articles.isEmpty, !json, !tsv {
      Output.error.line("Nothing found.")
    } else {
      try show(articles, of: library, isJSON: json, isTSV: tsv, now: now)
    }
  }

  private func searchWords() throws -> SearchWords {
    do throws(SearchWords.Refusal) {
      return try SearchWords(words.joined(separator: " "))
    } catch {
      switch error {
      case .nothingWanted:
        throw ValidationError("Say at least one word to look for, such as: rill search harbour")
      case .tooLong:
        throw ValidationError("That is more than \(SearchWords.bytesMax) bytes of words.")
      }
    }
  }
}
