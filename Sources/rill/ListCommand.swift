import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync
import FeedText

/// `rill list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show unread articles, newest first.",
    discussion: """
      Examples:
        rill list --feed lwn --limit 20
        rill list 'title:release -beta'
        rill list is:starred tag:news since:4w
        rill list --since 2d --json | jq -r .title
        rill list --starred --tsv
        rill list --ungrouped --feed planet
        rill list --changed               what was edited; then: rill diff ID
        rill list --group similar --since 2d
        rill list --by day --since 3d
        rill list --format '{short} {day}: {title} ({feed})'

      A line has an id, of which the coloured part is enough, the age, flags (*
      starred, ~ edited, r read), feed and title. Days are those of TZ.
      Articles of different feeds that lead to one page are shown once, as "also
      in" says. With --group similar so are those that say nearly the same: the
      first time all texts are read.

      What a query may say: rill help query. Unread articles are meant where it
      says no is:.
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var choice: ArticleOptions
  @Flag(name: .customLong("all"), help: "Show read articles too.") var includesRead = false
  @Flag(help: "Show starred articles only, read or not.") var starred = false
  @Flag(help: "Show articles that were edited since they came; rill diff shows how.")
  var changed = false
  @Flag(help: "Show articles of several feeds that lead to one page one by one.")
  var ungrouped = false
  @Option(help: "similar: show articles that say nearly the same once.") var group: Grouping?
  @OptionGroup var form: ListForm

  func validate() throws {
    if ungrouped, group != nil { throw ValidationError("Choose one of --ungrouped and --group.") }
  }

  /// What is shown once, beside stories.
  enum Grouping: String, ExpressibleByArgument, CaseIterable {
    case similar
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    var (query, typed) = try choice.asked(of: library, now: now)
    if includesRead { query.includesRead = true }
    query.onlyStarred = starred
    query.onlyChanged = changed
    if group == .similar { try compareAll(library) }
    let progress = ReadingLine("Reading for words", unit: "articles")
    let articles = try failing { () throws(LibraryError) in
      if group == .similar { return try library.similarStories(query) }
      return try ungrouped
        ? library.articles(query, progress: progress.show)
        : library.stories(query, progress: progress.show)
    }
    progress.clear()
    if query.usesText { sayUnread(library) }
    if articles.isEmpty, !form.isForPrograms {
      try sayWhyEmpty(library, typed)
    } else {
      try show(articles, of: library, as: form, now: now)
    }
  }

  private func sayWhyEmpty(_ library: Library, _ typed: Query) throws {
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    if feeds.isEmpty {
      return Output.error.line("No feeds yet. Begin with: rill add https://example.org/")
    }
    let state =
      starred ? " starred" : changed ? " changed" : includesRead || typed.asksState ? "" : " unread"
    guard typed != .all else {
      return Output.error.line("Nothing\(state.isEmpty ? " here" : state).")
    }
    Output.error.line("Nothing\(state.isEmpty ? "" : state + " that is") like that.")
    // An id is no word that anybody looks for.
    if choice.query.count == 1, try isID(choice.query[0], library) {
      Output.error.line("To read the article with that id: rill show \(choice.query[0])")
    } else if state == " unread" {
      Output.error.line("Read articles are looked at as well with --all.")
    }
  }

  private func isID(_ word: String, _ library: Library) throws -> Bool {
    try failing { () throws(LibraryError) in
      if case .one = try library.article(withPrefix: word.lowercased()) { true } else { false }
    }
  }
}

/// Prints articles as a list does.
///
/// - Parameters:
///   - articles: In their order.
///   - snippets: What was looked for stands in these, by the article's id.
///   - library: What knows the shortest ids.
///   - form: What was asked for.
///   - now: The time.
/// - Throws: What the library throws.
func show(
  _ articles: [ArticleRow],
  _ snippets: [ArticleID: Snippet] = [:],
  of library: Library,
  as form: ListForm,
  now: Timestamp
) throws {
  form.view.apply(isPaged: !form.isForPrograms)
  func lengths() throws -> [ArticleID: Int] {
    try failing { () throws(LibraryError) in
      try library.prefixLengths(of: articles.flatMap { [$0.id] + $0.similar.map(\.id) })
    }
  }
  if form.json {
    for article in articles { Output.standard.raw(article.jsonLine(with: snippets[article.id])) }
  } else if form.tsv {
    for article in articles { Output.standard.raw(article.tabLine) }
  } else if let format = form.format {
    let lengths = format.needsPrefixes ? try lengths() : [:]
    for article in articles {
      let length = lengths[article.id] ?? HashID.length
      Output.standard.raw(format.line(of: article, prefixLength: length, now: now))
    }
  } else {
    let listing = Listing(
      articles: articles,
      prefixLengths: try lengths(),
      now: now,
      heading: form.by,
      snippets: snippets
    )
    let columns = Output.standard.isTerminal ? Output.standard.columns : nil
    listing.write(to: Output.standard, columns: columns)
  }
}

/// Reads `90m`, `12h`, `2d`, `3w`, a date or a moment.
func moment(_ text: String, before now: Timestamp) throws -> Timestamp {
  guard let time = QueryTime(text) else {
    throw Failure(.usage, "\(text) is no time. Write 90m, 12h, 2d, 3w or a date like 2026-11-22.")
  }
  return time.moment(now: now)
}

extension ArticleRow {
  /// The article as one line of JSON.
  func jsonLine(with snippet: Snippet? = nil) -> [UInt8] {
    var json = JSONWriter()
    write(to: &json, with: snippet)
    json.raw(0x0A)
    return json.bytes
  }

  /// Writes the article as an object.
  func write(to json: inout JSONWriter, with snippet: Snippet? = nil) {
    json.beginObject()
    json.member("id", id.description)
    json.feed(feed, title: feedTitle, url: feedURL)
    json.member("title", title)
    json.member("url", url)
    json.member("authors", authors)
    json.member("published", published?.description)
    json.member("received", received.rfc3339(milliseconds: false))
    json.member("read", isRead)
    json.member("starred", isStarred)
    json.member("hidden", isHidden ? true : nil)
    json.member("tags", tags)
    json.member("changed", hasChanged)
    json.member("story", page.map(storyName))
    json.copies(copies)
    json.member("snippet", snippet?.text)
    json.similar("similar", similar)
    json.endObject()
  }

  /// The article as one line of fields separated by tabs, each filtered.
  fileprivate var tabLine: [UInt8] {
    let date = moment.rfc3339(milliseconds: false)
    let fields = [id.description, date, feedTitle, title ?? "", url ?? ""]
    return Array(
      fields.map { capped(terminalSafe($0)) }.joined(separator: "\t").utf8
    ) + [0x0A]
  }
}

extension JSONWriter {
  /// Writes articles that are similar; nothing when there are none.
  mutating func similar(_ name: String, _ articles: [ArticleRow]) {
    members(name, articles) { article, json in
      json.beginObject()
      json.member("id", article.id.description)
      json.feed(article.feed, title: article.feedTitle, url: article.feedURL)
      json.member("title", article.title)
      json.endObject()
    }
  }

  /// The member `also`: what is one story with the article; absent where nothing is.
  mutating func copies(_ copies: [ArticleCopy]) {
    members("also", copies) { copy, json in
      json.beginObject()
      json.member("id", copy.id.description)
      json.feed(copy.feed, title: copy.feedTitle, url: copy.feedURL)
      json.endObject()
    }
  }

  /// The member `feed`.
  mutating func feed(_ id: FeedID, title: String, url: String) {
    key("feed")
    beginObject()
    member("id", id.description)
    member("title", title)
    member("url", url)
    endObject()
  }
}
