import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync
import FeedText

/// `rill join`.
struct JoinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Make one article of two, or one story of articles of two feeds.",
    discussion: """
      For an article that came twice, since the publisher gave it another guid and
      another link. It is shown under the id of the older one, and says what the
      newest revision says. It is read if either was, starred if either was, and
      has the tags of both.

      It holds for good, on every machine that shares the store: where both stand
      in the feed neither comes as new. rill undo takes it back, and so does rill
      split, any time later.

      Articles of two feeds stay two, and are one story from then on: listed once
      and marked together.

      --json has one line for each article: id, title, read, starred, tags.

      Examples:
        rill join k7m2 zq4d
        rill join k7m2 zq4d --dry-run
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The ids of two articles, or unique beginnings of them.",
    completion: .articles
  )
  var ids: [String]
  @Flag(name: .customLong("dry-run"), help: "Say what would be done and change nothing.")
  var isDryRun = false
  @Flag(help: "Print one JSON object a line.") var json = false

  func validate() throws {
    if ids.count != 2 { throw ValidationError("Name two articles.") }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let articles = try ids.map { try library.article(named: $0) }
    guard articles[0].id != articles[1].id else {
      throw Failure(
        .usage,
        "\(ids[0]) and \(ids[1]) are one article already. See: rill why \(ids[0])"
      )
    }
    guard articles[0].feed == articles[1].feed else {
      return try joinStories(articles[0], articles[1], library, surroundings.clock())
    }
    let outcome = try failing { () throws(LibraryError) in
      try library.join(
        articles[0],
        articles[1],
        isDryRun: isDryRun,
        now: surroundings.clock()
      )
    }
    sayTrouble(library)
    outcome.print(json: json)
    let id = outcome.articles.first?.id ?? articles[0].id
    Output.error.line(
      isDryRun
        ? "Would make one article of them, under the id of the older: \(id)."
        : "They are one article now, under the id of the older.\(outcome.wayBack)"
    )
  }

  private func joinStories(
    _ first: ArticleRow,
    _ second: ArticleRow,
    _ library: Library,
    _ now: Timestamp
  ) throws {
    let outcome = try failing { () throws(LibraryError) in
      try library.joinStories(first, second, isDryRun: isDryRun, now: now)
    }
    guard let outcome else {
      throw Failure(.usage, "They are one story already. See: rill show \(ids[0])")
    }
    sayTrouble(library)
    outcome.print(json: json)
    Output.error.line(
      isDryRun
        ? "Would make one story of them."
        : "They are one story now, listed once and marked together.\(outcome.wayBack)"
    )
  }
}

extension ApartArticle {
  /// Its title and what the person did to it.
  var words: String {
    var words = title.map { capped(terminalSafe($0)) } ?? "(no title)"
    guard let marks else { return words }
    var said = [marks.isRead == true ? "read" : "unread"]
    if marks.isStarred == true { said.append("starred") }
    if marks.isHidden == true { said.append("hidden") }
    said += (marks.tags ?? []).map { terminalSafe($0) }
    words += " (\(said.joined(separator: ", ")))"
    return words
  }

  /// As one line of JSON; what is not written yet is left out.
  var jsonLine: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", id.description)
    json.member("title", title)
    if let marks {
      json.member("read", marks.isRead ?? false)
      json.member("starred", marks.isStarred ?? false)
      json.member("hidden", marks.isHidden == true ? true : nil)
      json.member("tags", marks.tags ?? [])
    }
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}
