import FeedJSON
import LoopbackServer
import Synchronization
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"

/// A feed to which one item is added at each request.
private func growing(_ titles: [String]) throws -> LoopbackServer {
  let asked = Asked()
  return try LoopbackServer { _ in
    let items = titles.prefix(asked.next())
      .map {
        "<item><guid>\($0)</guid><title>\($0)</title><description>About bread</description></item>"
      }
    return .response(
      text: "<rss version=\"2.0\"><channel><title>gulls</title>\(items.joined())</channel></rss>"
    )
  }
}

extension ProgramTests {
  @Test
  func `a rule acts on new articles in the sync that brings them, and why and undo know of it`()
    throws
  {
    let server = try growing(["One", "Sponsored: bread", "Two"])
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), now: now)
    let rule = ["rules", "add", "title:sponsored bread", "--hide", "--tag", "ads"]
    let added = try machine.run(rule, now: now)
    #expect(added.errors.contains("Added rule"), "\(added.errors)")
    let again = try machine.run(rule, now: now)
    #expect(again.errors.contains("is there"), "\(again.errors)")
    #expect(try machine.rill("rules", "list", "--json", now: now).lines.count == 1)
    _ = try machine.rill("sync", "--force", now: "2026-11-22T09:00:00Z")
    let later = "2026-11-22T10:00:00Z"
    #expect(try machine.rill("list", "--all", "--json", now: later).lines.count == 1)
    let hidden = try machine.rill("list", "is:hidden", "--json", now: later).objects()
    #expect(hidden.map { $0["title"] } == [.string("Sponsored: bread")])
    #expect(hidden.first?["tags"] == .array([.string("ads")]))
    guard case .string(let id)? = hidden.first?["id"] else { throw Missing() }
    #expect(try machine.rill("show", id, now: later).output.contains("Sponsored"))
    let feeds = try machine.rill("feeds", "--json", now: later).objects()
    #expect(feeds.first?["unread"] == .number("1"))
    let why = try machine.rill("why", id, now: later).output
    #expect(why.contains("hid it by rule ") && why.contains("rill rules remove "), "\(why)")
    #expect(try machine.rill("search", "bread", "--json", now: later).lines.count == 1)
    #expect(try machine.rill("mark", "unhide", id, now: later).status == 0)
    #expect(
      try machine.rill("feeds", "--json", now: later).objects().first?["unread"] == .number("2")
    )
    #expect(try machine.rill("undo", now: later).status == 0)
    #expect(
      try machine.rill("feeds", "--json", now: later).objects().first?["unread"] == .number("1")
    )
    #expect(try machine.rill("doctor", now: later).output.contains("count") == false)
  }

  @Test func `a rule is tested, run on what is here, removed, and each of that is undone`() throws {
    let machine = try Machine()
    let document = """
      <rss version="2.0"><channel><title>gulls</title><item><guid>1</guid><title>Tern</title></item>\
      <item><guid>2</guid><title>Gull</title></item></channel></rss>
      """
    _ = try machine.rill("add", machine.file("gulls.xml", document), now: now)
    let test = try machine.rill("rules", "test", "title:tern", now: now)
    #expect(test.errors.hasPrefix("Would mark 1 article, for example "), "\(test.errors)")
    _ = try machine.rill("rules", "add", "title:tern", "--mark-read", "--feed", "gulls", now: now)
    let rules = try machine.rill("rules", "--json", now: now).objects()
    guard case .string(let id)? = rules.first?["id"] else { throw Missing() }
    #expect(
      try machine.rill("rules", now: now).output.contains("feed:gulls title:tern --mark-read")
    )
    #expect(try machine.rill("rules", "test", id, now: now).errors.contains("mark 1 article read,"))
    #expect(try machine.rill("list", "--json", now: now).lines.count == 2)
    let run = try machine.rill("rules", "run", now: now)
    #expect(run.errors.contains("changed 1 article."), "\(run.errors)")
    #expect(try machine.rill("list", "--json", now: now).lines.count == 1)
    #expect(
      try machine.rill("undo", "--list", now: now).output
        .contains("marked 1 article read: Tern; as rule \(id.prefix(6)) said")
    )
    #expect(try machine.rill("rules", "run", id, now: now).errors.contains("changed 0 articles"))
    #expect(try machine.rill("undo", now: now).status == 0)
    #expect(try machine.rill("list", "--json", now: now).lines.count == 2)
    #expect(try machine.rill("rules", "remove", id, now: now).status == 0)
    #expect(try machine.rill("rules", "list", "--json", now: now).lines.isEmpty)
    let undo = try machine.rill("undo", now: now)
    #expect(undo.errors.contains("removed rule \(id.prefix(6))"), "\(undo.errors)")
    #expect(undo.errors.contains("1 rule is as before."), "\(undo.errors)")
    #expect(try machine.rill("rules", "list", "--json", now: now).lines.count == 1)
    for words in [
      ["add", "x"], ["add", "--hide"], ["run", "none"], ["add", "x", "--tag", ""],
      ["add", "(", "--hide"], ["remove", "none"], ["add", "x", "--hide", "--until", "2d"],
      ["add", "fed:x", "--hide"], ["add", "feed:nothing", "--hide"], ["test"],
    ] {
      #expect(try machine.run(["rules"] + words, now: now).status == 64, "\(words)")
    }
    let state = try machine.rill("export", "state", now: now).output
    #expect(state.contains("\"rule\":\"do read\\nif feed:"), "\(state)")
    let other = try Machine()
    _ = try other.rill("import", machine.file("state.jsonl", state), now: now)
    #expect(try other.rill("rules", "list", "--json", now: now).lines.count == 1)
    #expect(try other.rill("export", "state", now: now).output == state)
    _ = try machine.rill("rules", "add", "x", "--star", "--until", "2026-11-23", now: now)
    #expect(try machine.rill("rules", now: "2026-11-24T08:00:00Z").output.contains("over"))
  }
}

extension ProgramTests {
  @Test func `a rule is removed with what it did, but for what a person changed since`() throws {
    let items = (1...4)
      .map { "<item><guid>\($0)</guid><title>Sponsored \($0)</title></item>" }
    let document = "<rss version=\"2.0\"><channel>\(items.joined())</channel></rss>"
    let machine = try Machine()
    let file = try machine.file("gulls.xml", document)
    _ = try machine.rill("rules", "add", "sponsored", "--mark-read", "--tag", "ads", now: now)
    _ = try machine.rill("rules", "add", "title:sponsored", "--mark-read", "--star", now: now)
    _ = try machine.rill("add", file, now: now)
    let all = try machine.rill("list", "--all", "--json", now: now).objects()
    #expect(all.count == 4)
    #expect(all.allSatisfy { $0["read"] == .bool(true) && $0["starred"] == .bool(true) })
    let rules = try machine.rill("rules", "--json", now: now).objects().compactMap { $0["id"] }
    guard case .string(let first)? = rules.first, case .string(let second)? = rules.last,
      case .string(let unread)? = all[0]["id"], case .string(let again)? = all[1]["id"]
    else { throw Missing() }
    let later = "2026-11-22T09:00:00Z"
    _ = try machine.rill("mark", "unread", unread, again, now: later)
    _ = try machine.rill("mark", "read", again, now: later)
    // The tags are all its own, of the marks a person wrote two anew.
    let before = try machine.rill("export", "state", now: later).output
    let removed = try machine.rill("rules", "remove", first, "--undo", now: later)
    #expect(removed.errors.contains("Taken back on 4 articles."), "\(removed.errors)")
    let after = try machine.rill("list", "--all", "--json", now: later).objects()
    #expect(after.allSatisfy { $0["tags"] == nil && $0["starred"] == .bool(true) })
    #expect(after.filter { $0["read"] == .bool(true) }.map { $0["id"] } == [.string(again)])
    #expect(try machine.rill("undo", now: later).status == 0)
    #expect(try machine.rill("export", "state", now: later).output == before)
    // What came back with an undo is the rule's again.
    _ = try machine.rill("rules", "remove", first, second, "--undo", now: later)
    let none = try machine.rill("list", "--all", "--json", now: later).objects()
    #expect(none.allSatisfy { $0["tags"] == nil && $0["starred"] == .bool(false) })
    #expect(try machine.rill("rules", "--json", now: later).lines.isEmpty)
    let why = try machine.rill("why", unread, now: later).output
    #expect(why.contains("marked it read by rule \(first.prefix(6))"), "\(why)")
    #expect(try machine.rill("doctor", now: later).output.isEmpty)
  }

  @Test
  func
    `a hidden article is told to no command for new articles and stands in no event and no feed`()
    throws
  {
    let machine = try Machine()
    let document = """
      <rss version="2.0"><channel><title>gulls</title><item><guid>1</guid><title>Tern</title></item>\
      <item><guid>2</guid><title>Gull</title></item></channel></rss>
      """
    let script = try machine.file("hook", "#!/bin/sh\ncat > \"$0.out\"\n")
    _ = try machine.shell("chmod 755 \(script)")
    _ = try machine.rill("config", "set", "hooks.on-new", script, now: now)
    _ = try machine.rill("rules", "add", "tern", "--hide", now: now)
    _ = try machine.rill("add", "--no-sync", machine.file("gulls.xml", document), now: now)
    let sync = try machine.rill("sync", "--events", now: now)
    #expect(sync.status == 0, "\(sync.errors)")
    #expect(sync.output.contains("Gull") && !sync.output.contains("Tern"), "\(sync.output)")
    #expect(try sync.objects().compactMap { $0["new"] } == [.number("1"), .number("1")])
    let told = try machine.shell("cat \(script).out").output
    #expect(told.contains("Gull") && !told.contains("Tern"), "\(told)")
    for words in [
      ["export", "atom", "--all"], ["export", "jsonfeed", "--all"], ["list", "--all"], [],
    ] {
      let run = try machine.run(words, now: now)
      #expect(run.output.contains("Gull") && !run.output.contains("Tern"), "\(words)")
    }
    let found = try machine.rill("export", "atom", "is:hidden", now: now)
    #expect(found.output.contains("Tern") && !found.output.contains("Gull"), "\(found.errors)")
    #expect(try machine.rill("search", "tern", "--json", now: now).lines.isEmpty)
    #expect(try machine.rill("search", "tern is:hidden", "--json", now: now).lines.count == 1)
  }

  @Test func `a rule that a newer version wrote does nothing and is named`() throws {
    let (newer, machine) = (try Machine(), try Machine())
    _ = try newer.rill("rules", "add", "a", "--hide", now: now)
    let run = try machine.shell(
      """
      mkdir -p \(machine.home) && cp -r \(newer.home)/store \(machine.home)/ &&
        sed -i 's/do hide\\(.*\\),"sum".*/do melt\\1}/' \(machine.home)/store/dev/*/j-*.jsonl
      """
    )
    #expect(run.status == 0, "\(run.errors)")
    let list = try machine.rill("rules", now: now)
    #expect(list.output.contains("(cannot be read)"), "\(list.output)")
    #expect(list.errors.contains("1 rule cannot be read by this version"), "\(list.errors)")
    let document = "<rss version=\"2.0\"><channel><item><title>a</title></item></channel></rss>"
    _ = try machine.rill("add", machine.file("a.xml", document), now: now)
    #expect(try machine.rill("list", "--json", now: now).lines.count == 1)
    let name = String(list.output.prefix(6))
    #expect(try machine.rill("rules", "run", name, now: now).status == 64)
    #expect(try machine.rill("rules", "run", now: now).status == 0)
    #expect(try machine.rill("rules", "remove", name, now: now).status == 0)
    #expect(try machine.rill("rules", now: now).output.isEmpty)
  }
}

private final class Asked: Sendable {
  private let count = Mutex(0)

  /// How many requests there were with this one.
  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

private struct Missing: Error {}
