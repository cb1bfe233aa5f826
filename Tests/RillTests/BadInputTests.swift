import FeedJSON
import Foundation
import LoopbackServer
import TestSupport
import Testing

private let feed = """
  <rss version="2.0"><channel><title>Good</title>\
  <item><guid>1</guid><title>One</title></item></channel></rss>
  """

/// What a person types that cannot be followed, what the server answers, and how it must end.
private let unfollowable: [(name: String, answer: Answer, status: Int32, says: String)] = [
  ("a page without a feed", .response(text: "<!doctype html><p>Hello</p>"), 65, "names no feed"),
  ("plain text", .response(text: "hello"), 65, "no feed"),
  ("an empty body", .response(text: ""), 65, "The document is empty."),
  ("JSON of another kind", .response(text: #"{"a":1}"#), 65, "not a JSON Feed"),
  ("other XML", .response(text: "<svg xmlns='x'/>"), 65, "not a feed"),
  ("404", .response(404, text: "<h1>Nothing here</h1>"), 69, "404 and said: \"Nothing here\"."),
  ("500", .response(500, text: ""), 69, "500"),
  (
    "429", .response(429, [("Retry-After", "60")], text: "slow down"), 69,
    "429 and said: \"slow down\"."
  ),
  ("410", .response(410, text: ""), 69, "gone for good"),
  ("a redirect to a file", .redirect(301, to: "file:///etc/passwd"), 69, "file:///etc/passwd"),
  ("half a response", .response(text: feed, framing: .claimed(9999)), 69, "broke off"),
]

extension ProgramTests {
  @Test(arguments: unfollowable.indices)
  func `what cannot be followed is not added, with a reason and the next step`(index: Int) throws {
    let (name, answer, status, says) = unfollowable[index]
    let server = try LoopbackServer { _ in answer }
    let machine = try Machine()
    let run = try machine.rill("add", server.url("/feed"))
    #expect(run.status == status, "\(name): \(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(says), "\(name): \(run.errors)")
    #expect(run.errors.contains("Nothing was added."), "\(name)")
    #expect(run.errors.contains(server.url("/feed")), "\(name)")
    #expect(try machine.rill("feeds", "--json").output.isEmpty)
  }

  @Test func `a host that does not listen and a name without an address are told apart`() throws {
    let server = try LoopbackServer { _ in .silence }
    let url = server.url("/feed")
    server.stop()
    let machine = try Machine()
    let refused = try machine.rill("add", url)
    #expect(refused.status == 69)
    #expect(refused.errors.contains("No connection to 127.0.0.1"))
  }

  @Test func `a host that never answers is given up after the time that is set`() throws {
    let server = try LoopbackServer { _ in .silence }
    let machine = try Machine()
    let run = try machine.rill(
      "add",
      server.url("/feed"),
      environment: ["RILL_FETCH_TIMEOUT_SECONDS": "1"]
    )
    #expect(run.status == 69)
    #expect(run.errors.contains("within 1 s"))
  }

  @Test func `a document cut in the middle gives its whole items and says so`() throws {
    let cut = String(feed.dropLast(20)) + "<item><guid>2</guid><ti"
    let server = try LoopbackServer { _ in .response(text: cut) }
    let machine = try Machine()
    let run = try machine.rill("add", server.url("/feed"))
    #expect(run.status == 0)
    #expect(run.errors.contains("cut off"))
    #expect(try machine.rill("list", "--json").lines.count == 1)
  }

  @Test func `a sync in which some feeds fail ends with 1, and with 69 when all do`() throws {
    let server = try LoopbackServer { request in
      request.path == "/good" ? .response(text: feed) : .response(503, text: "busy")
    }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/good"), server.url("/bad"))
    let some = try machine.rill("sync")
    #expect(some.status == 1)
    #expect(some.errors.contains(server.url("/bad")))
    #expect(some.output.contains("1 failed"))
    #expect(try machine.rill("list", "--json").lines.count == 1)
    let other = try Machine()
    _ = try other.rill("add", "--no-sync", server.url("/bad"))
    #expect(try other.rill("sync").status == 69)
    // It waits now, as the server asked; waiting is no failure.
    #expect(try other.rill("sync").status == 0)
  }

  @Test(
    arguments: [
      ["mark", "read", "aaaa"], ["show", "zzzzzz"], ["mark", "read", "ab"],
      ["mark", "eat", "aaaa"],
      ["mark", "read"], ["remove", "nothing"], ["sync", "nothing"], ["list", "--since", "soon"],
      ["list", "--limit", "-1"], ["add", "ftp://a.example/"], ["frobnicate"], ["add"],
    ]
  )
  func `wrong words end with 64 and a sentence, and change nothing`(arguments: [String]) throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    let run = try machine.shell("$RILL " + arguments.joined(separator: " "))
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(!run.errors.isEmpty)
    #expect(try machine.rill("list", "--json").lines.count == 1)
  }

  @Test func `an ambiguous beginning of an id names what it may mean`() throws {
    let machine = try Machine()
    let items = (1...8000).map { "<item><guid>\($0)</guid><title>N \($0)</title></item>" }.joined()
    let path = try machine.file("feed.xml", "<rss version='2.0'><channel>\(items)</channel></rss>")
    _ = try machine.rill("add", path)
    let ids = try machine.rill("list", "--tsv").lines.map { String($0.prefix(20)) }
    let prefixes = Dictionary(grouping: ids) { $0.prefix(4) }
    let shared = try #require(prefixes.first { $0.value.count > 1 })
    let run = try machine.rill("mark", "read", String(shared.key))
    #expect(run.status == 64)
    for id in shared.value { #expect(run.errors.contains(id)) }
  }

  @Test func `a store that is not there any more is refused and not begun anew`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    try FileManager.default.moveItem(
      atPath: machine.home + "/store",
      toPath: machine.home + "/away"
    )
    for arguments in ["list", "sync", "add --no-sync https://a.example/f"] {
      let run = try machine.shell("$RILL " + arguments)
      #expect(run.status == 66)
      #expect(run.errors.contains(machine.home + "/store"))
    }
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/store"))
    try FileManager.default.moveItem(
      atPath: machine.home + "/away",
      toPath: machine.home + "/store"
    )
    #expect(try machine.rill("list", "--json").lines.count == 1)
  }

  @Test func `a full disk ends with 74, and all is well when there is space again`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    let id = String(try machine.rill("list", "--tsv").output.prefix(20))
    // A limit on the size of files gives the writes of a full disk: short ones first, then none.
    let full = try machine.shell(
      """
      said=$( (ulimit -f 0; exec $RILL mark read \(id)) 2>&1 )
      status=$?; echo "$said" >&2; exit $status
      """
    )
    #expect(full.status == 74)
    #expect(full.errors.contains("Free some space"))
    #expect(try machine.rill("list", "--json").lines.count == 1)
    #expect(try machine.rill("mark", "read", id).status == 0)
    #expect(try machine.rill("list", "--json").lines.isEmpty)
  }

  @Test func `a store that cannot be written is still read, and a mark ends with 77`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    let id = String(try machine.rill("list", "--tsv").output.prefix(20))
    // Modes do not bind root, so the marks are made as somebody else where that is possible.
    let run = try machine.shell(
      """
      chmod -R a-w,a+rX "$RILL_HOME"; say() { "$@"; }
      [ "$(id -u)" != 0 ] || say() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
      say $RILL list --json; say $RILL mark read \(id); status=$?
      chmod -R u+w "$RILL_HOME"; exit $status
      """
    )
    #expect(run.status == 77, "\(run.errors)")
    #expect(run.lines.count == 1)
    #expect(run.errors.contains("Nothing was changed"))
    #expect(try machine.rill("list", "--json").lines.count == 1)
  }

  @Test func `a page may not name a feed in the reader's own network`() throws {
    let trap = try LoopbackServer { _ in .response(text: feed) }
    let page = "<link rel=alternate type='application/rss+xml' href='\(trap.url("/f"))'>"
    let server = try LoopbackServer { _ in .response(text: "<!doctype html><title>x</title>" + page)
    }
    let machine = try Machine()
    let place = "page.test:\(server.port)"
    let run = try machine.rill("add", "http://\(place)/", "--resolve", "\(place):127.0.0.1")
    #expect(run.status == 69)
    #expect(run.errors.contains("127.0.0.1"))
    #expect(trap.requests.isEmpty)
  }

  @Test func `a password in an address is taken out of it and shows nowhere`() throws {
    let machine = try Machine()
    let run = try machine.rill("add", "--no-sync", "https://ann:canary@a.example/f")
    #expect(run.status == 0)
    #expect(!run.errors.contains("canary"))
    #expect(run.errors.contains("which only you can read"))
    #expect(
      try machine.rill("feeds", "--json").objects()[0]["url"] == .string("https://a.example/f")
    )
    let files = try machine.shell(
      "grep -rl canary $RILL_HOME; stat -c %a $RILL_HOME/config/credentials"
    )
    #expect(files.lines == [machine.home + "/config/credentials", "600"])
  }

  @Test(
    arguments: [
      ["sync", "https://ann:canary@a.example/f"],
      ["list", "--feed", "https://ann:canary@b.example/"],
      ["log", "https://a.example/f?token=canary"],
      ["remove", "https://a.example/?api_key=canary#x"],
      ["parse", "https://ann:canary@a.example/f"], ["feeds"], ["doctor"], ["log", "a.example"],
      ["set", "a.example"], ["add", "--no-sync", "https://a.example/f?auth=canary"],
    ]
  )
  func `a secret in an address is not printed back`(arguments: [String]) async throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", "https://a.example/f?auth=canary")
    let run = try await machine.run(arguments)
    #expect(!run.output.contains("canary"), "\(run.output)")
    #expect(!run.errors.contains("canary"), "\(run.errors)")
    #expect(try machine.rill("feeds", "--json").output.contains("auth=canary"))
  }

  @Test func `a lost standard error changes neither what is done nor the status`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    let run = try machine.shell(
      "$RILL add /nothing \(path) 2>&-; echo $?; $RILL list --json | wc -l"
    )
    #expect(run.lines == ["1", "1"])
  }

  @Test func `one file is one feed, however its path is written`() throws {
    let machine = try Machine()
    _ = try machine.file("feed.xml", feed)
    let run = try machine.shell(
      "cd $RILL_HOME && mkdir -p a/b && $RILL add feed.xml && cd a/b && $RILL add ../.././feed.xml"
    )
    #expect(run.errors.contains("Already following"))
    #expect(try machine.rill("feeds", "--json").lines.count == 1)
  }

  @Test func `an index that cannot be written undoes nothing and ends well`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    let id = String(try machine.rill("list", "--tsv").output.prefix(20))
    try FileManager.default.removeItem(atPath: machine.home + "/cache")
    _ = try machine.file("cache", "no directory")
    let run = try machine.rill("mark", "read", id)
    #expect(run.status == 0)
    #expect(run.errors.contains("cannot be written"))
    try FileManager.default.removeItem(atPath: machine.home + "/cache")
    #expect(try machine.rill("list", "--json").lines.isEmpty)
  }

  @Test func `a search is answered where its words cannot be kept`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", try machine.file("feed.xml", feed))
    let run = try machine.shell(
      "said=$( (ulimit -f 0; exec $RILL search one) 2>&1 ); echo \"$said\""
    )
    #expect(run.output.contains("One"), "\(run.errors)")
    #expect(try machine.rill("search", "one").output.contains("One"))
  }

  @Test func `articles that cannot be stored leave a feed that is followed, and it says so`() throws
  {
    let machine = try Machine()
    let path = try machine.file(
      "feed.xml",
      feed.replacingOccurrences(of: "One", with: String(repeating: "One ", count: 2000))
    )
    let full = try machine.shell(
      """
      said=$( (ulimit -f 6; exec $RILL add \(path)) 2>&1 )
      status=$?; echo "$said" >&2; exit $status
      """
    )
    #expect(full.status == 74)
    #expect(full.errors.contains("is followed, but its articles were not stored"), "\(full.errors)")
    #expect(try machine.rill("sync").output.contains("1 new article"))
  }

  @Test func `what was typed is filtered where it is shown as a mistake`() throws {
    let run = try Machine().rill("mark", "tag:x\ny\u{1B}[31m", "abcd")
    #expect(run.status == 64)
    #expect(run.errors.contains("y"))
    #expect(!run.errors.contains("\u{1B}"))
  }

  @Test func `a feed that is cut later is a failure that says so, and gives its whole items`()
    throws
  {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    let cut = feed.replacingOccurrences(of: "</channel></rss>", with: "")
    _ = try machine.file("feed.xml", cut + "<item><guid>2</guid><title>Two</title></item><item><ti")
    let run = try machine.rill("sync")
    #expect(run.status == 1)
    #expect(run.output.contains("1 new article"))
    #expect(run.errors.contains("cut off"))
    let json = try machine.rill("sync", "--force", "--json")
    #expect(json.output.contains(#""failed":1"#))
    #expect(json.output.contains("cut off"))
  }

  @Test func `an empty name is nobody's name`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    for arguments in [
      "remove ''", "mark read --feed ''", "list --tag ''", "sync ''", "list --home ''",
      "add --title '' \(path)",
    ] {
      #expect(try machine.shell("$RILL " + arguments).status == 64, "\(arguments)")
    }
    #expect(try machine.rill("list", "--json").lines.count == 1)
  }

  @Test(arguments: 0..<24)
  func `a page of the index that is zeroed is drawn anew, with the same output`(page: Int) throws {
    let machine = try Machine()
    let items = (1...60).map { "<item><guid>\($0)</guid><title>N \($0)</title></item>" }.joined()
    let path = try machine.file("feed.xml", "<rss version='2.0'><channel>\(items)</channel></rss>")
    _ = try machine.rill("add", path)
    let before = try machine.rill("list", "--json").output
    let index = machine.home + "/cache/index.sqlite"
    let handle = try #require(FileHandle(forUpdatingAtPath: index))
    guard try handle.seekToEnd() >= UInt64(page + 1) * 4096 else { return }
    try handle.seek(toOffset: UInt64(page) * 4096)
    try handle.write(contentsOf: Data(repeating: 0, count: 4096))
    try handle.close()
    let after = try machine.rill("list", "--json")
    #expect(after.status == 0, "\(after.errors)")
    // An index page that a query does not need may lie damaged for a while; what is shown is whole.
    #expect(after.output == before)
  }

  @Test(
    arguments: [
      ["--resolve", "a:1:notip"], ["--resolve", "nonsense"], ["--jobs", "0"],
    ]
  )
  func `an option that cannot be used is a mistake in use`(arguments: [String]) throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", "https://a.example/f")
    let run = try machine.shell("$RILL sync " + arguments.joined(separator: " "))
    #expect(run.status == 64, "\(run.errors)")
  }

  @Test func `a feed that a page names is not asked again when it is followed already`() throws {
    let server = try LoopbackServer { request in
      request.path == "/"
        ? .response(text: "<html><link rel=alternate type='application/rss+xml' href='/f'></html>")
        : .response(text: feed)
    }
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/"))
    let again = try machine.rill("add", server.url("/"))
    #expect(again.status == 0)
    #expect(again.errors.contains("Already following"))
    #expect(server.requests.map(\.path) == ["/", "/f", "/"])
  }

  @Test func `a server that asked for a pause is not asked by adding its feed again`() throws {
    let server = try LoopbackServer { _ in .response(429, [("Retry-After", "86400")], text: "") }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/f"))
    _ = try machine.rill("sync")
    _ = try machine.rill("remove", server.url("/f"))
    let again = try machine.rill("add", server.url("/f"))
    #expect(again.status == 0)
    #expect(again.errors.contains("asks to be left alone"))
    #expect(server.requests.count == 1)
    #expect(try machine.rill("feeds", "--json").lines.count == 1)
  }

  @Test func `a host that asked for a pause is not asked for a page either`() throws {
    let server = try LoopbackServer { _ in .response(429, [("Retry-After", "86400")], text: "") }
    let machine = try Machine()
    let place = "busy.test:\(server.port)"
    let resolve = "\(place):127.0.0.1"
    _ = try machine.rill("add", "--no-sync", "http://\(place)/f")
    _ = try machine.rill("sync", "--resolve", resolve)
    let page = try machine.rill("add", "http://\(place)/", "--resolve", resolve)
    #expect(page.status == 69)
    #expect(page.errors.contains("Nothing was added."))
    #expect(server.requests.count == 1)
    #expect(try machine.rill("feeds", "--json").lines.count == 1)
    // What is set on how long a pause is believed holds here too.
    let less = ["RILL_FETCH_MAX_RETRY_AFTER_SECONDS": "3600"]
    _ = try machine.rill("add", "http://\(place)/", "--resolve", resolve, environment: less)
    #expect(server.requests.count == 2)
  }

  @Test func `few files that may be open mean fewer feeds at once and no failure`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    let names = (1...60).map { "h\($0).test:\(server.port)" }
    let urls = names.map { "http://\($0)/f" }.joined(separator: " ")
    let resolve = names.map { "--resolve \($0):127.0.0.1" }.joined(separator: " ")
    let run = try machine.shell(
      "$RILL add --no-sync \(urls) 2>/dev/null; ulimit -n 48; exec $RILL sync \(resolve)"
    )
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("60 new articles."))
  }

  @Test func `a second sync does not wait for the first one`() throws {
    let machine = try Machine()
    let path = try machine.file("feed.xml", feed)
    _ = try machine.rill("add", path)
    let run = try machine.shell(
      """
      $RILL sync --quiet
      exec 9>>"$(echo "$RILL_HOME"/state/*/sync.lock)"
      flock -n 9 && exec $RILL sync
      """
    )
    #expect(run.status == 75)
    #expect(run.errors.contains("Another sync is running"))
  }

  @Test func `a reader that goes away ends the program quietly`() throws {
    let machine = try Machine()
    let items = (1...3000).map { "<item><guid>\($0)</guid><title>N \($0)</title></item>" }.joined()
    let path = try machine.file("feed.xml", "<rss version='2.0'><channel>\(items)</channel></rss>")
    _ = try machine.rill("add", path)
    let run = try machine.shell("$RILL list --json | head -n 1")
    #expect(run.lines.count == 1)
    #expect(run.errors.isEmpty)
  }

  @Test func `what is no feed and what is no file have different statuses`() throws {
    let machine = try Machine()
    let run = try machine.rill("parse", "-", input: "hello")
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    #expect(try machine.rill("parse", machine.home + "/nothing.xml").status == 74)
  }

  @Test(
    arguments: [
      ("RILL_NOW", "yesterday", "RFC 3339"), ("RILL_FETCH_JOBS", "many", "whole number"),
      ("RILL_FETCH_JOBS", "0", "1 to 1024"),
      ("RILL_FETCH_PRIVATE_ADDRESSES", "yes", "typed or deny"),
    ]
  )
  func `a setting that cannot be read is named`(name: String, value: String, says: String) throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", "https://a.example/f")
    let run = try machine.rill("sync", environment: [name: value])
    #expect(run.status == 64)
    #expect(run.errors.contains(says))
    #expect(run.errors.contains(value))
  }

  @Test func `the config file sets what the environment leaves open`() throws {
    let machine = try Machine()
    let server = try LoopbackServer { _ in .response(text: feed) }
    try FileManager.default.createDirectory(
      atPath: machine.home + "/config",
      withIntermediateDirectories: true
    )
    _ = try machine.file("config/config.json", #"{"fetch": {"max-body-bytes": 10}}"#)
    let limited = try machine.rill("add", server.url("/feed"))
    #expect(limited.errors.contains("limit of 10 bytes"))
    let free = try machine.rill(
      "add",
      server.url("/feed"),
      environment: ["RILL_FETCH_MAX_BODY_BYTES": "100000"]
    )
    #expect(free.status == 0)
    _ = try machine.file("config/config.json", "{")
    let broken = try machine.rill("sync")
    #expect(broken.status == 64)
    #expect(broken.errors.contains("config.json"))
  }
}
