import FeedJSON
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"

private func feed(_ title: String, _ titles: String...) -> String {
  """
  <rss version="2.0"><channel><title>\(title)</title>\
  \(titles.map { "<item><guid>\($0)</guid><title>\($0)</title><link>https://\(title).example/\($0.count)</link><description>The harbour of \(title)</description></item>" }.joined())</channel></rss>
  """
}

/// A machine that has read two feeds.
private func machine() throws -> Machine {
  let machine = try Machine()
  _ = try machine.rill(
    "add",
    machine.file("gulls.xml", feed("gulls", "Release of the terns", "Sponsored: bread")),
    machine.file("waders.xml", feed("waders", "Ruffs", "Knots are back", "Café 東京")),
    now: now
  )
  return machine
}

extension ProgramTests {
  @Test(arguments: [
    ("title:ruffs", 1), ("feed:gull", 2), ("-feed:gulls", 3), ("feed:gulls or title:knots", 3),
    ("harbour", 5), ("harbour -feed:gulls", 3), ("(knots or feed:gulls) -sponsored", 2),
    ("is:read", 0), ("title:cafe", 1), ("東京", 1), ("since:2d", 5), ("before:2d", 0),
    ("url:GULLS.example", 2), ("tag:none", 0), ("title:spons*", 1), ("\"of the terns\"", 1),
  ])
  func `a query chooses what is listed, searched and marked`(query: String, count: Int) throws {
    let machine = try machine()
    for command in ["list", "search"] {
      let run = try machine.rill(command, query, "--json", now: now)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.lines.count == count, "\(command) \(query)")
    }
    let dry = try machine.rill("mark", "read", "--query", query, "--dry-run", now: now)
    #expect(dry.errors == "Would mark \(count == 1 ? "1 article" : "\(count) articles") read.\n")
    let marked = try machine.rill("mark", "read", "--query", query, now: now)
    #expect(marked.status == 0)
    #expect(try machine.rill("list", "--json", now: now).lines.count == 5 - count)
  }

  @Test func `words that begin with a dash are told from options`() throws {
    let machine = try machine()
    for command in ["list", "search"] {
      for words in [
        ["harbour", "-sponsored", "--limit", "9"], ["--limit", "9", "--", "-sponsored"],
        ["-sponsored"], ["-harbours", "-sponsored"], ["-sponsored", "--json"],
      ] {
        let run = try machine.run([command] + words, now: now)
        #expect(run.status == 0, "\(command) \(words) \(run.errors)")
        // Below what was found stands where the word is.
        let isTwoLines = command == "search" && words.contains("harbour")
        #expect(run.lines.count == (isTwoLines ? 8 : 4), "\(command) \(words)")
      }
      let run = try machine.rill(command, "harbour", "--unraed", now: now)
      #expect(run.status == 64)
      #expect(run.errors.contains("There is no option --unraed"), "\(run.errors)")
    }
  }

  @Test func `a search shows what the words stand in, and the best come first when asked`() throws {
    let machine = try machine()
    let run = try machine.rill("search", "harbour waders", now: now)
    #expect(run.lines.count == 6)
    #expect(run.lines[1].hasSuffix("The harbour of waders"), "\(run.output)")
    let objects = try machine.rill("search", "harbour", "--json", now: now).objects()
    #expect(objects.count == 5)
    #expect(objects.allSatisfy { $0["snippet"] != nil })
    #expect(try machine.rill("search", "knots", "--json", now: now).objects()[0]["snippet"] == nil)
    #expect(try machine.rill("search", "knots", "--tsv", now: now).lines.count == 1)
    let best = try machine.rill("search", "--best", "gulls or terns", "--json", now: now).objects()
    #expect(best.first?["title"] == .string("Release of the terns"))
    let refused = try machine.rill("search", "--best", "-harbour", now: now)
    #expect(refused.status == 64)
    #expect(refused.errors.contains("--best needs a word"), "\(refused.errors)")
  }

  @Test func `the place of an error is shown below the query, in cells`() throws {
    let machine = try machine()
    let run = try machine.rill("list", "東京", "fed:x", now: now)
    #expect(run.status == 64)
    #expect(
      run.errors == """
          東京 fed:x
               ^
        rill: There is no field fed:. Write feed: instead. See: rill help query

        """
    )
    let long = try machine.rill(
      "list",
      String(repeating: "a ", count: 90) + "\u{1B}[31m (",
      now: now
    )
    #expect(long.errors.contains("…"))
    #expect(!long.errors.contains("\u{1B}"))
    for line in long.errors.split(separator: "\n").prefix(2) { #expect(line.count <= 80) }
    let feed = try machine.rill("list", "feed:none", now: now)
    #expect(feed.status == 64)
    #expect(feed.errors.contains("rill feeds"))
  }

  @Test func `an id where a query is wanted leads to rill show`() throws {
    let machine = try machine()
    let listed = try machine.rill("list", "--json", now: now).objects()
    guard case .string(let id)? = listed.first?["id"] else { throw Missing() }
    let run = try machine.rill("list", String(id.prefix(8)), now: now)
    #expect(run.errors.contains("rill show \(id.prefix(8))"), "\(run.errors)")
    #expect(try machine.rill("list", "is:starred", now: now).errors == "Nothing like that.\n")
  }

  @Test func `the query language is a topic of the help`() throws {
    let machine = try machine()
    for words in [["help", "query"], ["query", "--help"], ["query"]] {
      let run = try machine.run(words, now: now)
      #expect(run.status == 0)
      #expect(run.output.contains("harbour or lights"))
    }
    #expect(try machine.rill("query", "a b or (c)", now: now).output == "a b or c\n")
  }
}

private struct Missing: Error {}
