import Foundation
import TestSupport
import Testing

@testable import rill

private let now = "2026-11-22T20:00:00Z"

/// Three articles of two feeds, on three days.
private func library() throws -> Machine {
  let machine = try Machine()
  func feed(_ title: String, _ items: [(String, String)]) -> String {
    let list = items.map { title, date in
      #"{"id":"\#(title)","title":"\#(title)","date_published":"\#(date)","content_text":"soup"}"#
    }
    return #"{"version":"https://jsonfeed.org/version/1.1","title":"\#(title)","items":["#
      + list.joined(separator: ",") + "]}"
  }
  let first = feed(
    "日本 Küche",
    [("味噌ラーメン 🍜 and more", "2026-11-22T18:30:00Z"), ("Old", "2025-03-04T00:00:00Z")]
  )
  let second = feed("Other", [("Yesterday's", "2026-11-21T23:30:00Z")])
  _ = try machine.rill("add", machine.file("a.json", first), now: now)
  _ = try machine.rill("add", machine.file("b.json", second), now: now)
  return machine
}

extension ProgramTests {
  @Test func `a list by day says days as people do, in the time zone of TZ`() throws {
    let machine = try library()
    let days = try machine.rill("list", "--by", "day", now: now).lines
    #expect(days.filter { !$0.contains("  ") } == ["Today", "Yesterday", "Tuesday 4 March 2025"])
    #expect(days[1].contains("  18:30   日本 Küche  味噌ラーメン 🍜 and more"))
    let tokyo = ["TZ": "Asia/Tokyo"]
    let there = try machine.rill("list", "--by", "day", now: now, environment: tokyo).lines
    #expect(there.filter { !$0.contains("  ") } == ["Today", "Yesterday", "Tuesday 4 March 2025"])
    #expect(there[1].contains("  03:30   "))
    let chatham = ["TZ": "Pacific/Chatham"]
    let later = try machine.rill("list", "--by", "day", now: now, environment: chatham).lines
    #expect(later.contains { $0.contains("  08:15   ") })
  }

  @Test func `a list by feed has the feed with the newest first and names it once`() throws {
    let machine = try library()
    let lines = try machine.rill("list", "--by", "feed", now: now).lines
    #expect(lines.count == 5)
    #expect(lines[0] == "日本 Küche")
    #expect(lines[3] == "Other")
    #expect(lines[1].hasSuffix("  1h   味噌ラーメン 🍜 and more"))
    #expect(try machine.rill("list", "--by", "feed", "--json", now: now).status == 64)
  }

  @Test func `a format prints fields and signs, and an unknown field is named with all others`()
    throws
  {
    let machine = try library()
    let lines =
      try machine.rill(
        "list",
        "--format",
        #"{{{short}}}\t{title}\\{day} {time}, {feed}{flags}"#,
        now: now
      )
      .lines
    #expect(lines.count == 3)
    #expect(
      lines[0].hasSuffix("}\t味噌ラーメン 🍜 and more\\Sunday 22 November 2026 18:30, 日本 Küche")
    )
    #expect(lines[0].hasPrefix("{"))
    for (format, words) in [
      ("{titel}", "\"titel\" is no field. There are: id, short, title,"), ("{id", "not closed"),
      ("id}", "has no {"), (#"\x"#, #"\x means nothing here"#), (#"\"#, "means nothing"),
    ] {
      let run = try machine.rill("list", "--format", format, now: now)
      #expect(run.status == 64)
      #expect(run.errors.contains(words), "\(run.errors)")
    }
  }

  @Test func `no line of a list is wider than the terminal, and ids have their unique part marked`()
    throws
  {
    let machine = try library()
    for width in [12, 24, 40, 60, 80, 200] {
      let run = try machine.shell(onTerminal("list --by day", width: width), now: now)
      let lines = run.output.replacing("\r\n", with: "\n").split(separator: "\n")
      #expect(lines.count == 6)
      #expect(lines.contains { $0.hasPrefix("\u{1B}[33m") })
      for line in lines {
        let plain = line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
        #expect(cells(String(plain)) <= width, "\(plain)")
      }
    }
  }

  @Test func `no row of feeds, of the log or of what was done is wider than a narrow terminal`()
    throws
  {
    let machine = try library()
    for line in ["feeds", "log", "undo --list", "devices", ""] {
      let run = try machine.shell(onTerminal(line, width: 24), now: now)
      let lines = run.output.replacing("\r\n", with: "\n").split(separator: "\n")
      #expect(lines.count > 0)
      for line in lines {
        let plain = line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
        #expect(cells(String(plain)) <= 24, "\(plain)")
      }
    }
  }

  @Test func `where a title has no room beside its feed the feed is left out`() throws {
    let machine = try library()
    func lines(_ width: Int) throws -> String {
      try machine.shell(onTerminal("list --color never", width: width), now: now).output
    }
    #expect(try lines(40).contains("日本"))
    #expect(try !lines(36).contains("日本"))
    #expect(try lines(36).contains("味噌ラーメン"))
  }

  @Test func `a terminal that can do nothing has no pager, whatever PAGER says`() throws {
    let machine = try library()
    let line = onTerminal("list --by day", width: 80, rows: 3, pager: "false")
    let dumb = line.replacing("TERM=xterm-256color", with: "TERM=dumb")
    #expect(try machine.shell(dumb, now: now).output.contains("Old"))
    #expect(try !machine.shell(line, now: now).output.contains("Old"))
  }

  @Test
  func `where output cannot be written a sentence says why, and nothing is written elsewhere`()
    throws
  {
    let machine = try library()
    for (line, words) in [
      ("$RILL list >&-", "Standard output is closed."),
      ("$RILL list >/dev/full", "Standard output cannot be written: No space left on device."),
    ] {
      let run = try machine.shell(line, now: now)
      #expect(run.status == 74)
      #expect(run.errors == "rill: \(words)\n")
    }
    // A file of the store takes no number of a stream that is closed.
    let file = machine.home + "/c.json"
    let feed = #"{"version":"https://jsonfeed.org/version/1.1","title":"C","items":[{"id":"1"}]}"#
    _ = try machine.file("c.json", feed)
    #expect(try machine.shell("$RILL add \(file) >&- 2>&-", now: now).status == 0)
    #expect(try machine.shell("$RILL mark read --all >&- 2>&- <&-", now: now).status == 0)
    #expect(try machine.rill("doctor", "--full", now: now).output.isEmpty)
  }

  @Test func `the home may be named before the command`() throws {
    let machine = try library()
    let other = try Machine()
    let list = try machine.rill("list", now: now).output
    let rules = try machine.rill("rules", "list", now: now).errors
    #expect(try other.rill("--home", machine.home, "list", now: now).output == list)
    #expect(try other.rill("--home=\(machine.home)", "list", now: now).output == list)
    #expect(try other.rill("--home", machine.home, "rules", "list", now: now).errors == rules)
    let wrong = try other.rill("--home", machine.home, "lst", now: now)
    #expect(wrong.errors == "rill: There is no command lst. Did you mean: rill list\n")
  }

  @Test func `a feed is found by its title as it is seen`() throws {
    let machine = try Machine()
    let title = "So\u{AD}ft\u{200B}ly \u{202E}\u{A0} Cafe\u{301}"
    let feed = #"{"version":"https://jsonfeed.org/version/1.1","title":"\#(title)","items":[]}"#
    _ = try machine.rill("add", machine.file("a.json", feed), now: now)
    for words in ["softly café", "Softly", title, "feed:softly"] {
      let run =
        words.hasPrefix("feed:")
        ? try machine.rill("list", words, now: now) : try machine.rill("log", words, now: now)
      #expect(run.status == 0, "\(words): \(run.errors)")
    }
    #expect(try machine.rill("log", "\u{200B}", now: now).status == 64)
  }

  @Test func `colour is there when it is asked for and not when it is not`() throws {
    let machine = try library()
    func has(_ line: String) throws -> Bool {
      try machine.shell(line, now: now).output.contains("\u{1B}[")
    }
    #expect(try !has("$RILL list"))
    #expect(try has("$RILL list --color always"))
    #expect(try has("NO_COLOR=1 $RILL list --color always"))
    #expect(try has(onTerminal("list", width: 80)))
    #expect(try !has(onTerminal("list --color never", width: 80)))
    #expect(try !has("NO_COLOR=1 " + onTerminal("list", width: 80)))
    #expect(
      try !has(onTerminal("list", width: 80).replacing("TERM=xterm-256color", with: "TERM=dumb"))
    )
  }

  @Test func `long output goes through the pager, and the status is that of the work`() throws {
    let machine = try library()
    let script = try machine.file(
      "pager.sh",
      "echo paged $LESSSECURE$LESSOPEN $#; if [ -n \"$1\" ]; then head -n 1; else cat; fi"
    )
    func run(_ line: String, rows: Int, pager: String) throws -> Machine.Run {
      try machine.shell(
        "LESSOPEN='|evil %s' " + onTerminal(line, width: 80, rows: rows, pager: pager),
        now: now
      )
    }
    let long = try run("list --by day", rows: 5, pager: "sh \(script)")
    #expect(long.output.hasPrefix("paged 1 0"))
    #expect(long.output.contains("Old"))
    #expect(long.status == 0)
    let short = try run("list --by day", rows: 40, pager: "sh \(script)")
    #expect(!short.output.contains("paged"))
    #expect(short.output.contains("Old"))
    let early = try run("list --by day", rows: 5, pager: "sh \(script) $(touch${IFS}X)")
    #expect(early.output.contains("paged 1 1"))
    #expect(!early.output.contains("Old"))
    #expect(early.status == 0)
    for pager in ["cat", "", "no-such-program"] {
      let run = try run("list --by day", rows: 5, pager: pager)
      #expect(run.output.contains("Old"), "\(pager)")
      #expect(run.status == 0)
    }
    let off = try run("list --by day --no-pager", rows: 5, pager: "sh \(script)")
    #expect(!off.output.contains("paged"))
    let help = try run("help list", rows: 5, pager: "sh \(script)")
    #expect(help.output.hasPrefix("paged 1 0"))
    #expect(help.output.contains("--by"))
    let failing = try run("show zzzz", rows: 5, pager: "sh \(script)")
    #expect(failing.status == 64)
  }

  @Test func `rill alone says what to do first, and then how much is unread`() throws {
    let empty = try Machine().rill(now: now)
    #expect(empty.status == 0)
    #expect(empty.lines.count == 3)
    #expect(empty.lines[0].hasPrefix("rill add https://"))
    let machine = try library()
    let some = try machine.rill(now: now)
    #expect(
      some.lines.prefix(3) == ["2  日本 Küche", "1  Other", "3  unread"],
      "\(some.output)"
    )
    #expect(some.lines.count == 6)
    #expect(try machine.rill("overview", now: now).output == some.output)
    #expect(try machine.rill("--home", machine.home, now: now).output == some.output)
    _ = try machine.rill("mark", "read", "--all", now: now)
    #expect(try machine.rill(now: now).output.hasPrefix("Nothing unread in 2 feeds. "))
  }

  @Test func `a command that there is not is told, wherever it is named, and the nearest one`()
    throws
  {
    let machine = try Machine()
    for (typed, words) in [
      ("lst", "lst. Did you mean: rill list"), ("help lst", "lst. Did you mean: rill list"),
      ("export opm", "export opm. Did you mean: rill export opml"),
      ("rules qqqqqq", "rules qqqqqq. See all with: rill help rules"),
      ("help rules lst", "rules lst. Did you mean: rill rules list"),
    ] {
      let run = try machine.run(typed.split(separator: " ").map(String.init))
      #expect(run.status == 64)
      #expect(run.errors == "rill: There is no command \(words)\n")
    }
    #expect(try machine.rill("help", "rules", "add").status == 0)
    let usage = try machine.rill("mark", "read").errors.split(separator: "\n")
    #expect(usage.contains { $0.hasPrefix("Usage: rill mark") })
    #expect(usage.dropFirst().allSatisfy { $0.count <= 80 }, "\(usage)")
  }

  @Test func `help fills the lines of a narrow terminal`() throws {
    let run = try Machine().shell(onTerminal("help sync", width: 60))
    let lines = run.output.replacing("\r\n", with: "\n").split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 60 })
    #expect(lines.contains("server that asks to be left alone is left alone, whatever is"))
    #expect(lines.contains("    [--resolve <host:port:address> ...] [<feeds> ...]"))
    #expect(lines.contains("  rill sync lwn --force"))
  }

  @Test func `every command has an example in its help, no line of which is too wide`() throws {
    let machine = try Machine()
    var waiting: [[String]] = [[]]
    var count = 0
    while let words = waiting.popLast() {
      let help = try machine.run(["help"] + words).output
      let parts = help.components(separatedBy: "SUBCOMMANDS:\n")
      let names = (parts.count > 1 ? parts[1] : "").components(separatedBy: "\n\n")[0]
        .split(separator: "\n")
        .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
        .compactMap { $0.split(separator: " ").first.map(String.init) }
        .filter { $0 != "help" }
      waiting += names.map { words + [$0] }
      count += 1
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(words): \(line)") }
      // What is written wider is broken in the middle of its lines.
      let wide =
        try machine.shell(
          "COLUMNS=200 $RILL help \(words.joined(separator: " "))"
        )
        .output
      for line in wide.components(separatedBy: "USAGE: ")[0].split(separator: "\n") {
        #expect(line.count <= 80, "\(words): \(line)")
      }
      // What only parts a command into others says nothing itself.
      guard names.isEmpty else { continue }
      let name = (["rill"] + words).joined(separator: " ")
      #expect(help.contains("Example"), "\(name)")
      #expect(help.components(separatedBy: name).count > 2, "\(name) in its own example")
    }
    #expect(count > 25)
  }
}

/// Cells of a terminal, counted as `wcwidth` does for the texts of these tests.
private func cells(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
}
