import FeedJSON
import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

private func item(_ guid: String, _ link: String, _ title: String) -> String {
  "<item><guid isPermaLink=\"false\">\(guid)</guid><link>https://a.example/\(link)</link>"
    + "<title>\(title)</title><description>What is said of \(title).</description>"
    + "<pubDate>Mon, 02 Nov 2026 12:00:00 GMT</pubDate></item>"
}

private func document(_ items: [String]) -> String {
  "<rss version=\"2.0\"><channel><title>Daily</title>\(items.joined())</channel></rss>"
}

/// A server whose document can be exchanged.
private final class Site: Sendable {
  let items = Mutex<[String]>([])

  func answer() -> Answer { .response(text: document(items.withLock { $0 })) }
}

/// Each machine gets what the other wrote, as a shared folder would bring it.
private func exchange(_ left: Machine, _ right: Machine) throws {
  for (from, to) in [(left, right), (right, left)] {
    // What is longer is newer: a file has one writer, who only adds to it.
    let run = try to.shell(
      """
      cd \(from.home)/store && find . -type f | while read -r f; do
        t="\(to.home)/store/$f"; mkdir -p "$(dirname "$t")"
        if [ ! -e "$t" ] || [ "$(stat -c %s "$f")" -gt "$(stat -c %s "$t")" ]; then
          cp "$f" "$t.tmp" && mv "$t.tmp" "$t"
        fi
      done
      """
    )
    try #require(run.status == 0, "\(run.errors)")
  }
}

private func id(_ title: String, _ machine: Machine) throws -> String {
  let article = try machine.rill("list", "--all", "--json").objects()
    .first { $0["title"] == .string(title) }
  guard case .string(let id)? = article?["id"] else {
    Issue.record("\(title) is not listed.")
    return ""
  }
  return id
}

extension ProgramTests {
  @Test func `a split on one machine and a join on the other hold on both, at every sync`() throws {
    let site = Site()
    let server = try LoopbackServer { _ in site.answer() }
    let (left, right) = (try Machine(), try Machine())
    site.items.withLock {
      $0 = [item("g1", "day", "One"), item("x", "x", "Old"), item("y", "y", "Other")]
    }
    #expect(try left.rill("add", server.url("/feed"), now: "2026-11-03T12:00:00Z").status == 0)
    _ = try left.rill("mark", "read", id("One", left), now: "2026-11-03T12:01:00Z")
    _ = try left.rill("mark", "star", id("Old", left), now: "2026-11-03T12:02:00Z")
    site.items.withLock { $0[0] = item("g2", "day", "Two") }
    let merged = try left.rill("sync", "--json", now: "2026-11-04T12:00:00Z").objects()
    #expect(merged.last?["merged"] == .number("1"))
    try exchange(left, right)
    #expect(try right.rill("list", "--all", "--json").lines.count == 3)

    let split = try left.rill("split", id("Two", left), "--json", now: "2026-11-04T13:00:00Z")
    #expect(split.status == 0)
    #expect(try split.objects().map { $0["read"] } == [.bool(true), .bool(true)])
    let ids = [try id("Old", right), try id("Other", right)]
    let join = try right.rill("join", ids[0], ids[1], "--json", now: "2026-11-04T13:00:00Z")
    #expect(join.status == 0)
    #expect(try join.objects().map { $0["starred"] } == [.bool(true)])

    func expectEqual(_ step: String) throws {
      try exchange(left, right)
      try exchange(left, right)
      let states = try [left, right].map { try $0.rill("export", "state").output }
      #expect(states[0] == states[1], "\(step)")
      #expect(try left.rill("list", "--all", "--json").lines.count == 3, "\(step)")
    }
    try expectEqual("exchanged")
    // Both halves of both stand in the document, in any order, and one at a time.
    let all = [
      item("g1", "day", "One"), item("g2", "day", "Two"), item("x", "x", "Old"),
      item("y", "y", "Other"),
    ]
    let documents = [all, all.reversed(), [all[1], all[3]], [all[0], all[2]], all]
    for (day, items) in documents.enumerated() {
      site.items.withLock { $0 = items }
      for machine in [left, right] {
        for _ in 0..<2 {
          let now = "2026-11-1\(day)T12:00:00Z"
          let run = try machine.rill("sync", "--force", "--json", now: now).objects()
          #expect(run.last?["new"] == .number("0"), "day \(day)")
          #expect(run.last?["updated"] == .number("0"), "day \(day)")
        }
      }
      try expectEqual("day \(day)")
    }
    for machine in [left, right] {
      let before = try machine.rill("export", "state").output
      #expect(try machine.rill("rebuild").status == 0)
      #expect(try machine.rill("export", "state").output == before)
      #expect(try machine.rill("doctor").status == 0)
    }
    // Each is taken back where it was not done.
    let acts = try right.rill("undo", "--list").lines
    #expect(acts.contains { $0.contains("took an article apart: Two") })
    for _ in 0..<2 {
      #expect(try right.rill("undo", now: "2026-11-20T12:00:00Z").status == 0)
    }
    try exchange(left, right)
    #expect(
      try left.rill("list", "--all", "--json").objects().compactMap { $0["title"] }.count == 3
    )
    let why = try left.rill("why", id("Two", left)).output
    #expect(why.contains("took it apart: key"))
    #expect(why.contains("put together again"))
  }

  @Test func `what cannot be split or joined is said, and nothing is changed`() throws {
    let machine = try Machine()
    let path = try machine.file("f.xml", document([item("a", "a", "A"), item("b", "b", "B")]))
    let other = try machine.file("g.xml", document([item("c", "c", "C")]))
    _ = try machine.rill("add", path, other)
    let (a, b, c) = (try id("A", machine), try id("B", machine), try id("C", machine))
    let before = try machine.rill("export", "state").output
    for (arguments, words) in [
      (["split", a], "nothing to take apart"), (["split", "zzzz"], "No article has the id zzzz"),
      (["split", "a"], "too short"), (["join", a, a], "one article already"),
      (["join", a, "zzzzzzzz"], "No article has the id"),
      (["join", a], "Name two articles"), (["join", a, b, c], "Name two articles"),
    ] {
      let run = try machine.run(arguments)
      #expect(run.status == 64, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
      #expect(run.output.isEmpty)
    }
    for (others, words) in [([a, b], "Would make one article"), ([a, c], "Would make one story")] {
      let dry = try machine.run(["join"] + others + ["--dry-run"])
      #expect(dry.status == 0)
      #expect(dry.errors.contains(words))
    }
    #expect(try machine.rill("export", "state").output == before)
    // And what is said of stories is said once.
    #expect(try machine.rill("join", a, c).errors.contains("one story now"))
    #expect(try machine.rill("join", c, a).errors.contains("one story already"))
    #expect(try machine.rill("list", "--json").objects().count == 2)
    #expect(try machine.rill("why", a).output.contains("One story with what leads to its page"))
    #expect(try machine.rill("split", c).errors.contains("no longer one story"))
    #expect(try machine.rill("list", "--json").objects().count == 3)
  }
}
