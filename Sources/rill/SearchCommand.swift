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

      Feeds, tags and times are options: --feed, --tag, --since, --unread. Put a
      word in quotes where it is to be looked for as it stands: '"feed:x"'.

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
  @Option(help: "Only of this feed: an id, a URL or a part of its title.", completion: .feeds)
  var feed: String?
  @Option(help: "Only with this tag, or of feeds with it.", completion: .tags) var tag: String?
  @Option(help: "Only as new as this: 90m, 12h, 2d, 3w or a date.") var since: String?
  @Option(help: "Only the newest so many; 0 for all.") var limit = 50
  @Flag(help: "Also of feeds that are no longer followed.") var unsubscribed = false
  @OptionGroup var form: ListForm

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit takes a number from 0 up.") }
    if tag?.isEmpty == true { throw ValidationError("--tag is empty.") }
    if feed != nil, unsubscribed {
      throw ValidationError("Choose one of --feed and --unsubscribed.")
    }
    if let refusal = misunderstood(words.joined(separator: " ")) {
      throw ValidationError(refusal)
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
    if let error = library.indexTrouble {
      Output.error.line("rill: warning: \(error) Until it can be written every search is slow.")
    }
    let unreadable = library.unreadTexts
    if unreadable > 0 {
      Output.error.line(
        "rill: warning: \(counted(unreadable, "article")) could not be read and can be found by the title alone. See: rill doctor"
      )
    }
    if articles.isEmpty, !form.isForPrograms {
      Output.error.line("Nothing found.")
      if let hint = hintOnChoice(self.words.joined(separator: " ")) { Output.error.line(hint) }
    } else {
      try show(articles, of: library, as: form, now: now)
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

/// What is wrong with words that other programs take for a filter; nil when there are none.
///
/// - Parameter typed: All that was typed; what is in quotes is looked for as it stands.
/// - Returns: Words for a person, with the option to use.
private func misunderstood(_ typed: String) -> String? {
  for word in unquoted(typed) {
    let plain = word.hasPrefix("-") ? word.dropFirst() : word
    guard let colon = plain.firstIndex(of: ":") else { continue }
    let value = String(plain[plain.index(after: colon)...])
    let name = plain[..<colon].lowercased()
    let step: String
    switch name {
    case "is" where value.lowercased() == "unread": step = "Say --unread."
    case "is": step = "Only --unread chooses by marks here; rill list has more."
    case "feed", "tag", "since":
      step = "Say --\(name) \(value.isEmpty ? "and what" : quoted(value))."
    default: continue
    }
    return "\(quoted(String(word))) is not understood among the words. \(step)"
  }
  return nil
}

/// What to say beside an empty answer where somebody meant one word or the other.
private func hintOnChoice(_ typed: String) -> String? {
  guard unquoted(typed).contains(where: { $0.lowercased() == "or" }) else { return nil }
  return "\"or\" was looked for as a word: all words have to be there. Search for each by itself."
}

/// The words that do not stand in quotes.
private func unquoted(_ typed: String) -> [Substring] {
  typed.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
    .filter { $0.offset.isMultiple(of: 2) }
    .flatMap { $0.element.split(whereSeparator: \.isWhitespace) }
}
