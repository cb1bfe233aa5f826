import FeedJSON
import Foundation
import TestSupport
import Testing

private let readers =
  "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Readers"

extension ProgramTests {
  @Test func `newsboat's own files are taken over, and its marks with them`() throws {
    let machine = try Machine()
    let folder = readers + "/newsboat"
    let before = try Data(contentsOf: URL(fileURLWithPath: folder + "/cache.db"))
    let dry = try machine.rill("import", folder + "/urls", "--dry-run")
    #expect(
      dry.lines == [
        "http://slowkitchen.example/rss-2.0.xml\tKitchen\tfood, slow food",
        "http://tidepool.example/atom-1.0.xml\t\tsea",
      ]
    )
    #expect(dry.errors.hasSuffix("Nothing was written.\n"))
    #expect(try machine.rill("feeds").output.isEmpty)
    #expect(try machine.rill("import", folder + "/urls").status == 0)
    let taken = try machine.rill("import", folder + "/cache.db")
    #expect(taken.status == 0)
    #expect(taken.errors.contains("6 new articles; 3 read, 1 with stars"), "\(taken.errors)")
    #expect(
      try machine.rill("import", folder + "/read").errors.contains("3 of articles here") == false
    )
    let articles = try machine.rill("list", "--all", "--json").objects()
    #expect(articles.count == 6)
    #expect(articles.count { $0["read"] == .bool(true) } == 2)
    let feeds = try machine.rill("feeds", "--json").objects()
    #expect(Set(feeds.map { $0["title"] }) == [.string("Kitchen"), .string("Tide Pool Notes")])
    #expect(
      try machine.rill("import", folder + "/cache.db").errors.contains("Take it back") == false
    )
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/cache.db")) == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.sorted() == ["cache.db", "read", "urls"])
    #expect(try machine.shell("$RILL import - < \(folder)/cache.db").status == 64)
  }

  @Test func `OPML carries all that is set for a feed to an empty home`() throws {
    var dice = Dice(state: 7)
    let now = "2026-11-22T08:06:51Z"
    let texts = [
      "Plain", "a, b/c", "<b>bold</b> & more", "two  spaces ", "\"quotes\" 'and' \\", "雪 und Ü 👩‍👩‍👧",
      "x\u{FFFF}y", "https://ann:pw@a.example/", "]]> &amp; &#60;", "a\u{9B}b", "\u{202E}turned",
    ]
    for _ in 0..<6 {
      var lines: [String] = []
      for number in 0..<(1 + dice.below(12)) {
        let url = "https://\(number).example/feed?a=1&b='\(dice.below(9))'"
        var json = JSONWriter()
        json.beginObject()
        // The id is of the first address, which need not be that of today.
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        json.member("feed", String((0..<20).map { _ in letters[dice.below(32)] }))
        json.member("url", url)
        json.member("subscribed", true)
        // C1 controls are in no tag; in titles they may be.
        let tags = texts.filter { !$0.contains("\u{9B}") && dice.oneIn(4) }
        json.member("tags", tags)
        if dice.oneIn(2) { json.member("title", texts[dice.below(texts.count)]) }
        if dice.oneIn(2) { json.member("source.title", texts[dice.below(texts.count)]) }
        if dice.oneIn(3) { json.member("source.site", "https://\(number).example/?x=1&y=\"") }
        if dice.oneIn(3) { json.member("fetch.interval", 3600 * (1 + dice.below(9))) }
        if dice.oneIn(3) { json.member("fetch.user-agent", "me/\(number) (\"x\")") }
        if dice.oneIn(3) { json.member("fetch.http1", true) }
        if dice.oneIn(3) { json.member("keep.days", dice.below(90)) }
        if dice.oneIn(4) { json.member("move.refused", "https://old.example/\(number)") }
        if dice.oneIn(4) { json.member("newer.register", texts[dice.below(texts.count)]) }
        json.endObject()
        lines.append(String(decoding: json.bytes, as: UTF8.self))
      }
      let old = try Machine()
      #expect(
        try old.rill("import", "-", input: lines.joined(separator: "\n"), now: now).status == 0
      )
      let state = try old.rill("export", "state")
      let opml = try old.rill("export", "opml", now: now)
      #expect(opml.status == 0 && opml.errors.isEmpty)
      #expect(opml.output.contains("Sun, 22 Nov 2026 08:06:51 GMT"))
      let new = try Machine()
      let taken = try new.rill("import", try new.file("feeds.opml", opml.output), now: now)
      #expect(taken.status == 0, "\(taken.errors)")
      #expect(try new.rill("export", "state").output == state.output)
      #expect(try new.rill("export", "opml", now: now).output == opml.output)
      #expect(try new.rill("undo").status == 0)
      #expect(try new.rill("feeds").output.isEmpty)
    }
  }

  @Test func `a list adds to what is here and takes nothing away`() throws {
    let machine = try Machine()
    let url = "https://a.example/feed"
    _ = try machine.rill(
      "add",
      "--no-sync",
      url,
      "--title",
      "Mine",
      "--tag",
      "old",
      "--interval",
      "2h"
    )
    let opml = """
      <opml version='2.0'><body><outline text='News'><outline text='Daily'>
      <outline text='Theirs' xmlUrl='\(url)' htmlUrl='https://a.example/' category='/x/y,z'/>
      </outline></outline><outline text='B' xmlUrl='https://b.example/feed'/></body></opml>
      """
    let run = try machine.rill("import", "-", input: opml)
    #expect(run.errors.contains("Following 1 new feed; 1 was followed already."), "\(run.errors)")
    let feeds = try machine.rill("feeds", "--json").objects()
    let mine = try #require(feeds.first { $0["url"] == .string(url) })
    #expect(mine["title"] == .string("Mine"))
    let tags = ["Daily", "News", "old", "x", "y", "z"].map(JSONValue.string)
    #expect(mine["tags"] == .array(tags))
    #expect(try machine.rill("set", url).output.contains("2h"))
    #expect(feeds.contains { $0["title"] == .string("B") })
    let gone = try machine.rill("undo")
    #expect(gone.status == 0)
    #expect(
      try machine.rill("feeds", "--json").objects().map { $0["tags"] } == [.array([.string("old")])]
    )
  }

  @Test func `commands and files of a list are named, and passwords are nowhere but in one file`()
    throws
  {
    let machine = try Machine()
    let list = """
      https://ann:canary%21@a.example/feed news
      "exec:curl -u ann:canary https://b.example/"
      file:///etc/passwd
      """
    let run = try machine.rill("import", try machine.file("urls", list))
    #expect(run.status == 1)
    #expect(run.errors.contains("urls:2: left out: (exec): its address is a command."))
    #expect(run.errors.contains("urls:3: left out: (file): its address is a file."))
    #expect(run.errors.contains("credentials"))
    let outputs = try ["opml", "state", "atom", "jsonfeed"].map { try machine.rill("export", $0) }
    let seen = (outputs + [run, try machine.rill("feeds"), try machine.rill("undo", "--list")])
      .map { $0.output + $0.errors }.joined()
    #expect(!seen.contains("canary"))
    let found = try machine.shell("grep -rlF canary \(machine.home) | grep -v /urls")
    #expect(found.lines == [machine.home + "/config/credentials"])
    #expect(try machine.shell("stat -c %a \(machine.home)/config/credentials").output == "600\n")
    #expect(
      try machine.shell("grep -c 'canary!' \(machine.home)/config/credentials").output == "1\n"
    )
  }

  @Test func `a login in the address of an article's feed is kept as that of a list is`() throws {
    let machine = try Machine()
    let items = """
      {"items":[{"title":"A","id":"1","origin":{"streamId":"feed/https://ann:canary@a.example/f"}}]}
      """
    let run = try machine.rill("import", try machine.file("starred.json", items))
    #expect(run.errors.contains("only you can read") && !run.errors.contains("canary"))
    let found = try machine.shell("grep -rlF canary \(machine.home) | grep -v /starred.json")
    #expect(found.lines == [machine.home + "/config/credentials"])
  }

  @Test func `a list changes no login of a feed that is followed, and says so`() throws {
    let machine = try Machine()
    let feed = "https://a.example/feed"
    _ = try machine.rill("add", "--no-sync", feed)
    let list = try machine.file("urls", "https://ann:canary@a.example/feed\n")
    for dry in [["--dry-run"], []] {
      let run = try machine.run(["import", list, "--format", "urls"] + dry)
      #expect(run.status == 0)
      #expect(run.errors.contains("urls:1: \(feed): The user and the password in its address are"))
      #expect(run.errors.contains("rill set \(feed) --user NAME"))
      #expect(!FileManager.default.fileExists(atPath: machine.home + "/config/credentials"))
    }
    // A new one has its login, which stays beside an undo, and that is said.
    let new = try machine.file("new", "https://ann:canary@b.example/feed\n")
    #expect(try machine.rill("import", new).errors.contains("only you can read"))
    let again = try machine.rill("import", new).errors
    #expect(!again.contains("left out"))
    let undone = try machine.rill("undo").errors
    #expect(undone.contains("config/credentials and stay as they are."), "\(undone)")
    #expect(!undone.contains("canary"))
  }

  @Test func `a dry run of state names the faults that a real one does, and writes nothing`() throws
  {
    let lines = [
      #"{"feed":"aaaaaaaaaaaaaaaaaaaa","url":"file:///etc/passwd","subscribed":true}"#,
      #"{"feed":"aaaaaaaaaaaaaaaaaaab","url":"https://x.example/","subscribed":true,"tags":["\u0001"]}"#,
      #"{"feed":"aaaaaaaaaaaaaaaaaaac","url":"https://y.example/","subscribed":true}"#,
      #"{"article":"aaaaaaaaaaaaaaaaaaad"}"#, "no JSON",
    ]
    let machine = try Machine()
    let state = try machine.file("lines", lines.joined(separator: "\n"))
    let dry = try machine.rill("import", "--format", "state", state, "--dry-run")
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/store"))
    let real = try machine.rill("import", "--format", "state", state)
    func faults(_ run: Machine.Run) -> [Substring] {
      run.errors.split(separator: "\n").filter { $0.contains("passed over") }
    }
    #expect(faults(dry).count == 4)
    #expect(faults(dry) == faults(real))
    #expect((dry.status, real.status) == (1, 1))
    #expect(dry.errors.contains("1 line of 1 feed and 0 articles can be taken over."))
  }

  @Test func `an export of FreshRSS is taken over with all its files, in any order`() throws {
    let files = [
      "feeds_2026-11-22.opml.xml", "starred_2026-11-22.json", "feed_2026-11-22_1_3.json",
    ]
    let mixed = try Machine()
    let part = try mixed.run(["import", "/dev/null"] + files.map { readers + "/freshrss/" + $0 })
    #expect(part.status == 1 && part.errors.contains("/dev/null is empty."), "\(part.errors)")
    #expect(try mixed.rill("feeds", "--json").objects().count == 1)
    for files in [files, files.reversed()] {
      let machine = try Machine()
      let run = try machine.run(["import"] + files.map { readers + "/freshrss/" + $0 })
      #expect(run.status == 0, "\(run.errors)")
      for file in files { #expect(run.errors.contains("\(file):\n")) }
      let articles = try machine.rill("list", "--all", "--json").objects()
      #expect(Set(articles.map { $0["title"] }) == [.string("Soup & bread"), .string("Bread")])
      let soup = try #require(articles.first { $0["starred"] == .bool(true) })
      #expect(soup["tags"] == .array([.string("to cook")]))
      #expect(soup["read"] == .bool(true))
      let feeds = try machine.rill("feeds", "--json").objects()
      #expect(feeds.map { $0["tags"] } == [.array([.string("Food")])])
      // By these the publisher's own feed finds them again.
      let state = try machine.rill("export", "state").output
      #expect(state.contains("urn:kitchen:soup") && state.contains("urn:kitchen:bread"))
    }
  }

  @Test func `what is no list says where and what to do next`() throws {
    let machine = try Machine()
    let zip = try machine.file("export.zip", "PK\u{3}\u{4}\u{14}")
    for (input, status, words) in [
      (
        "ftp://a.example/feed\n", 1,
        "standard input:1: left out: (ftp): its address is neither http"
      ),
      ("[[[", 65, "standard input: Line 1 cannot be read: a value of the wrong type at byte 0."),
      ("{\"items\":\n[[}", 65, "Line 2 cannot be read: a value of the wrong type at byte 12."),
      ("{\"items\":" + String(repeating: "[", count: 9999), 65, "nesting that is too deep at byte"),
      ("{\"a\":1}", 65, "there is no list \"items\" in it"),
    ] {
      let run = try machine.rill("import", "-", input: input)
      #expect(run.status == status, "\(run.errors)")
      #expect(run.errors.contains(words), "\(run.errors)")
      if status == 65 { #expect(run.errors.contains("rill help import")) }
    }
    let run = try machine.rill("import", zip)
    #expect(run.status == 65)
    #expect(run.errors.contains("is compressed. Unpack it and import the files that were in it."))
  }

  @Test func `what cannot be told by its look is asked for, and wrong names are refused`() throws {
    let machine = try Machine()
    let pages = (1...30).map { "https://a.example/2026/\($0)" }.joined(separator: "\n")
    let run = try machine.rill("import", "-", input: pages)
    #expect(run.status == 65)
    #expect(run.errors.contains("--format urls") && run.errors.contains("--format read"))
    #expect(try machine.rill("import", "-", "--format", "nothing", input: pages).status == 64)
    let read = try machine.rill("import", "-", "--format", "read", input: pages)
    #expect(read.status == 1)
    #expect(read.errors.contains("left out: 30 names"))
    #expect(try machine.rill("import", "-", input: "").errors.contains("is empty"))
    #expect(try machine.rill("feeds").output.isEmpty)
  }

  @Test func `articles go out as Atom and as JSON Feed, which read back, and without scripts`()
    throws
  {
    let machine = try Machine()
    let feed = try machine.file(
      "feed.xml",
      """
      <?xml version="1.0"?><rss version="2.0"><channel><title>Exa &amp; mple</title>
      <item><guid isPermaLink="false">g1</guid><title>One &lt;two&gt; \u{9B}31m</title>
      <link>https://a.example/1</link><pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate>
      <category>x</category><author>Ann</author>
      <enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="7"/>
      <description>&lt;p onclick="alert(1)"&gt;Hello ]]&gt; &lt;script&gt;alert(2)&lt;/script&gt;&lt;a href="javascript:alert(3)"&gt;you&lt;/a&gt;&lt;/p&gt;</description></item>
      <item><guid isPermaLink="false">g2</guid><title>Two</title><pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate></item>
      </channel></rss>
      """
    )
    _ = try machine.rill("add", feed, now: "2026-11-22T09:00:00Z")
    _ = try machine.shell(
      "$RILL list --json | jq -r 'select(.title==\"Two\").id' | $RILL mark read -"
    )
    for kind in ["atom", "jsonfeed"] {
      let unread = try machine.rill("export", kind)
      #expect(unread.status == 0)
      #expect(!unread.output.contains("alert") && !unread.output.contains("\u{9B}"))
      let whole = try machine.rill("export", kind, "--all", "--title", "Mine & all")
      for (text, titles) in [
        (unread.output, ["One <two> ›31m"]), (whole.output, ["One <two> ›31m", "Two"]),
      ] {
        let parsed = try machine.rill("parse", "-", input: text)
        #expect(parsed.status == 0)
        let object = try #require(try parsed.objects().first)
        guard case .array(let items)? = object["items"] else { continue }
        let found = items.compactMap { item -> JSONValue? in
          guard case .object(let members) = item else { return nil }
          return members["title"]
        }
        #expect(found == titles.map { .string($0) })
        guard case .object(let ours)? = object["_rill"] else { continue }
        #expect(ours["issues"] == nil, "\(ours)")
      }
      #expect(whole.output.contains("Mine"))
      let none = try machine.rill("export", kind, "--tag", "nothing")
      #expect(try machine.rill("parse", "-", input: none.output).status == 0)
      #expect(try machine.rill("export", kind, "--limit", "-1").status == 64)
    }
    let left = try machine.rill("export", "opml")
    #expect(left.errors.contains("1 feed is a local file and is left out"))
  }

  @Test func `a list of feeds changes no settings of a feed that is followed`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", "https://a.example/feed")
    let feeds = try machine.rill("feeds", "--json").objects()
    guard case .string(let id)? = feeds.first?["id"] else { return #expect(Bool(false)) }
    let before = try machine.rill("export", "state").output
    for url in ["https://a.example/feed", "https://evil.example/feed"] {
      let state =
        #"{"feed":"\#(id)","url":"\#(url)","keep.days":1,"interval":60,"subscribed":true}"#
        .replacingOccurrences(of: "\"", with: "&quot;")
      let list = try machine.file(
        "list.opml",
        """
        <opml version="2.0" xmlns:rill="urn:x-rill:opml"><body>
        <outline text="A" xmlUrl="\(url)" rill:state="\(state)"/></body></opml>
        """
      )
      _ = try machine.rill("import", list)
    }
    let after = try machine.rill("export", "state").output
    #expect(after.contains(before.trimmingCharacters(in: .newlines)), "\(after)")
  }

  @Test func `an article of another reader without title and link is taken by its id`() throws {
    let machine = try Machine()
    let file = try machine.file(
      "starred.json",
      """
      {"items":[{"id":"y","published":1700000000,"origin":{"streamId":"feed/https://a.example/feed"},
      "categories":["user/1/state/com.google/starred"],"summary":{"content":"A note without a title."}}]}
      """
    )
    let run = try machine.rill("import", file)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try machine.rill("list", "--starred", "--json").objects().count == 1)
  }
}
