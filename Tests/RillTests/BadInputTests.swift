import Foundation
import LoopbackServer
import Testing

private let feed = """
  <rss version="2.0"><channel><title>Good</title>\
  <item><guid>1</guid><title>One</title></item></channel></rss>
  """

/// What a person types that cannot be followed, what the server answers, and how it must end.
private let unfollowable: [(name: String, answer: Answer, status: Int32, says: String)] = [
  ("a page without a feed", .response(text: "<!doctype html><p>Hello</p>"), 65, "names no feed"),
  ("plain text", .response(text: "hello"), 65, "no feed"),
  ("an empty body", .response(text: ""), 65, "empty body"),
  ("JSON of another kind", .response(text: #"{"a":1}"#), 65, "not a JSON Feed"),
  ("other XML", .response(text: "<svg xmlns='x'/>"), 65, "not a feed"),
  ("404", .response(404, text: "<h1>Nothing here</h1>"), 69, "404: Nothing here"),
  ("500", .response(500, text: ""), 69, "500"),
  ("429", .response(429, [("Retry-After", "60")], text: "slow down"), 69, "429: slow down"),
  ("410", .response(410, text: ""), 69, "gone for good"),
  ("a redirect to a file", .redirect(301, to: "file:///etc/passwd"), 69, "file:///etc/passwd"),
  ("half a response", .response(text: feed, framing: .claimed(9999)), 69, "broke off"),
]

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
    ["mark", "read", "aaaa"], ["show", "zzzzzz"], ["mark", "read", "ab"], ["mark", "eat", "aaaa"],
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
  let items = (1...3000).map { "<item><guid>\($0)</guid><title>N \($0)</title></item>" }.joined()
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
  try FileManager.default.moveItem(atPath: machine.home + "/store", toPath: machine.home + "/away")
  for arguments in ["list", "sync", "add --no-sync https://a.example/f"] {
    let run = try machine.shell("$RILL " + arguments)
    #expect(run.status == 66)
    #expect(run.errors.contains(machine.home + "/store"))
  }
  #expect(!FileManager.default.fileExists(atPath: machine.home + "/store"))
  try FileManager.default.moveItem(atPath: machine.home + "/away", toPath: machine.home + "/store")
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
    ("RILL_FETCH_JOBS", "0", "1 to 1024"), ("RILL_FETCH_PRIVATE_ADDRESSES", "yes", "typed or deny"),
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
