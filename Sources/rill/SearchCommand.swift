import ArgumentParser
import FeedIndex
import FeedModel
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
        harbour or lights   one of them
        harb*               words that begin so
        title:harbour       in the title

      Below a title stands a piece of the text with the words; in --json it is the
      member snippet.

      There is more: feed:, tag:, author:, url:, is:, since:, before:, received:
      and parentheses, as in lists. See: rill help query

      With --best the articles come first in which the words stand in the title
      or often, and rare words count for more; of very many hits the newest
      \(FeedIndex.rankedMax) are looked at. 50 are shown where --limit says nothing.

      The first search reads all articles; a later one only what has come since.

      Examples:
        rill search harbour lights
        rill search 'title:release -beta' --since 30d
        rill search --best sqlite index
        rill search --unread --json climate | jq -r .id | rill mark read -
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var choice: ArticleOptions
  @Flag(help: "Only unread articles.") var unread = false
  @Flag(help: "The best first, not the newest.") var best = false
  @Flag(help: "Also of feeds that are no longer followed.") var unsubscribed = false
  @OptionGroup var form: ListForm

  func validate() throws {
    if choice.feed != nil, unsubscribed {
      throw ValidationError("Choose one of --feed and --unsubscribed.")
    }
    if choice.query.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
      throw ValidationError("Say at least one word to look for, such as: rill search harbour")
    }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    var query = try choice.asked(of: library, limit: 50, now: now).query
    query.readsText = true
    query.includesRead = !unread
    query.includesUnsubscribed = unsubscribed
    query.isBest = best
    if best, !query.isRanked {
      throw Failure(.usage, "--best needs a word that has to be there: rill search --best harbour")
    }
    let progress = ReadingLine("Reading for words", unit: "articles")
    let articles = try failing { () throws(LibraryError) in
      try library.articles(query, progress: progress.show)
    }
    progress.clear()
    if let error = library.indexTrouble {
      Output.error.line("rill: warning: \(error) Until it can be written every search is slow.")
    }
    sayUnread(library)
    if articles.isEmpty, !form.isForPrograms {
      Output.error.line("Nothing found.")
    } else {
      let isShown = !form.tsv && form.format == nil
      let snippets = isShown ? library.snippets(of: articles, for: query.filter) : [:]
      try show(articles, snippets, of: library, as: form, now: now)
    }
  }
}

/// Says how many articles the last question for words could not look into.
func sayUnread(_ library: Library) {
  let unreadable = library.unreadTexts
  guard unreadable > 0 else { return }
  Output.error.line(
    "rill: warning: \(counted(unreadable, "article")) could not be read and can be found by the title alone. See: rill doctor"
  )
}
