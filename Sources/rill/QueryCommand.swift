import ArgumentParser

/// `rill query`: how to ask, as a topic of the help.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "How to ask for articles; with a query, how it is read.",
    discussion: """
      list, search and mark --query ask in one language. What stands side by side
      has to hold together.

        harbour lights        both words, in title, text, authors or tags
        "harbour lights"      one behind the other
        harb*                 words that begin so
        harbour or lights     one of them
        -harbour              without the word
        (ship or boat) -race  parentheses hold together

        title:release         a word of the title
        author:smith          a word of the authors' names
        url:example.org       a part of the address
        feed:lwn              of feeds called so: an id, a URL, a part of a title
        tag:news              with this tag, or of feeds with it
        is:unread             also read, starred, changed, hidden
        since:2d before:12h   by age: 90m, 12h, 2d, 3w or a date
        received:1d           come since then, whenever it was published

      Case and accents do not count. In quotes nothing has a meaning of its own:
      "or", "feed:x". Between - and what it excludes is no space.

      A shell takes quotes, parentheses and stars for its own: put the query in
      single quotes. A word that begins with - stands inside such quotes, or
      behind --.

      Examples:
        rill list 'feed:lwn -title:sponsored since:2d'
        rill search '"plain files" (feed or rss)'
        rill mark read --query 'tag:jobs before:7d'
        rill rules add 'title:sponsored' --hide
        rill query 'a b or c'           prints how that is read
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(parsing: .allUnrecognized, help: "A query to look at; nothing is asked.")
  var query: [String] = []

  func run() throws {
    guard !query.isEmpty else {
      Output.standard.raw(Array((Self.helpMessage() + "\n").utf8))
      return
    }
    Output.standard.line("\(try typedQuery(query))")
  }
}
