import FeedJSON
import Foundation
import TestSupport
import Testing

@testable import rill

/// A document with articles of these numbers.
private func document(_ numbers: ClosedRange<Int>) -> String {
  let items = numbers.map { number in
    """
    <item><guid>g\(number)</guid><title>Article \(number)</title>
    <link>https://a.example/\(number)</link>
    <description>Words of number \(number).</description></item>
    """
  }
  return "<rss version='2.0'><channel><title>A</title>\(items.joined())</channel></rss>"
}

/// A machine that follows one local feed of two articles, which was not asked yet.
private func machine() throws -> (Machine, feed: String) {
  let machine = try Machine()
  let feed = try machine.file("feed.xml", document(1...2))
  _ = try machine.rill("add", "--no-sync", feed)
  return (machine, feed)
}

/// Sets the command for new articles: a script of these lines.
private func hook(_ machine: Machine, _ lines: String, _ words: String...) throws {
  let script = try machine.file("hook", "#!/bin/sh\n" + lines)
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
  _ = try machine.run(["config", "set", "hooks.on-new", script] + words)
}

/// The text of a file below the home; empty when there is none.
private func text(_ machine: Machine, _ name: String) -> String {
  String(
    decoding: FileManager.default.contents(atPath: machine.home + "/" + name) ?? Data(),
    as: UTF8.self
  )
}

extension ProgramTests {
  @Test func `events tell each feed and each article as it goes, and end with the summary`() throws
  {
    let (machine, feed) = try machine()
    let missing = machine.home + "/missing.xml"
    _ = try machine.rill("add", "--no-sync", missing)
    let run = try machine.rill("sync", "--events")
    #expect(run.status == 1)
    let events = try run.objects()
    #expect(events.allSatisfy { $0["at"] != nil })
    let names = events.compactMap { event -> String? in
      if case .string(let name) = event["event"] { name } else { nil }
    }
    #expect(
      names.sorted() == ["done", "failed", "feed-done", "feed-start", "feed-start", "new", "new"]
    )
    #expect(names.last == "done")
    #expect(events.last?["new"] == .number("2"))
    guard
      case .object(let article) = events.first(where: { $0["event"] == .string("new") })?["article"]
    else { return #expect(Bool(false), "no article") }
    let listed = try machine.rill("list", "--json").objects()
    #expect(listed.contains(article))

    _ = try machine.file(
      "feed.xml",
      document(2...3).replacingOccurrences(of: "of number 2", with: "of two")
    )
    let second = try machine.rill("sync", feed, "--events").objects()
    let kinds = second.map { $0["event"] ?? .null }
    for name in ["new", "updated", "feed-done", "done"] { #expect(kinds.contains(.string(name))) }
  }

  @Test func `a feed that is not asked is an event with the reason`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", "https://nobody.invalid/feed")
    _ = try machine.rill("sync", now: "2026-11-22T08:00:00Z")
    let events = try machine.rill("sync", "--events", now: "2026-11-22T08:10:00Z").objects()
    #expect(events.first?["event"] == .string("skipped"))
    #expect(events.first?["reason"] == .string("backoff"))
    #expect(events.first?["until"] != nil)
  }

  @Test
  func `the command for new articles gets them once, as lines, and no word of them as argument`()
    throws
  {
    let (machine, _) = try machine()
    try hook(
      machine,
      "echo \"$RILL_NEW|$*|$0\" >> \"$HOME/log\"; cat >> \"$HOME/lines\"\n",
      "a b",
      "$(id)"
    )
    let run = try machine.rill("sync")
    #expect(run.status == 0)
    #expect(text(machine, "log") == "2|a b $(id)|\(machine.home)/hook\n")
    #expect(text(machine, "lines") == (try machine.rill("list", "--json").output))
    _ = try machine.rill("sync", "--force")
    #expect(text(machine, "log").split(separator: "\n").count == 1)
  }

  @Test func `a command that fails, is missing, hangs or reads nothing harms no sync`() throws {
    for (lines, words) in [
      ("exit 3\n", "ended with 3"), ("exec sleep 60\n", "took longer than 1 s"), ("exit 0\n", ""),
    ] {
      let (machine, _) = try machine()
      try hook(machine, lines)
      // More than a pipe holds, so that who does not read it is noticed.
      _ = try machine.file("feed.xml", document(1...2000))
      let run = try machine.rill("sync", environment: ["RILL_HOOKS_SECONDS": "1"])
      #expect(run.status == 0)
      #expect(words.isEmpty ? run.errors.isEmpty : run.errors.contains(words), "\(run.errors)")
      #expect(run.output.hasPrefix("2000 new articles."))
    }
    let (machine, _) = try machine()
    let run = try machine.rill("sync", environment: ["RILL_HOOKS_ON_NEW": "no-such-program 'a b'"])
    #expect(run.status == 0)
    #expect(run.errors.contains("no-such-program, was not found"))
  }

  @Test func `what was read in another feed is not told to the command`() throws {
    let (machine, _) = try machine()
    try hook(machine, "cat >> \"$HOME/lines\"\n")
    _ = try machine.rill("sync")
    _ = try machine.rill("mark", "read", "--all")
    let copy = try machine.file("copy.xml", document(1...3))
    _ = try machine.rill("add", "--no-sync", copy)
    _ = try machine.rill("sync")
    #expect(text(machine, "lines").split(separator: "\n").count == 3)
  }

  @Test func `watch asks again on HUP and ends by TERM, with all on the disk`() async throws {
    let (machine, _) = try machine()
    let second = try machine.file("second.xml", document(5...7))
    let run = try await machine.shell(
      """
      cd "$HOME" && mkfifo events && "$RILL" watch --events >events & watch=$!
      cd "$HOME"; while [ ! -p events ]; do :; done
      exec 3<events
      rounds=0
      while read -r line <&3; do
        case $line in *'"event":"done"'*)
          rounds=$((rounds + 1))
          [ $rounds = 2 ] && break
          "$RILL" add --no-sync \(second) 2>/dev/null
          kill -HUP $watch
        esac
      done
      kill -TERM $watch
      wait $watch
      echo "status $?"
      "$RILL" list --json | wc -l
      """
    )
    #expect(run.output == "status 143\n5\n", "\(run.errors)")
  }

  @Test func `config shows, sets and takes back, and refuses what cannot be`() throws {
    let machine = try Machine()
    let path = machine.home + "/config/config.json"
    #expect(try machine.rill("config", "path").output == path + "\n")
    #expect(try machine.rill("config", "get", "fetch.jobs").output == "64\n")
    #expect(try machine.rill("config", "get", "fetch.proxy").output.isEmpty)
    #expect(try machine.rill("config", "set", "fetch.jobs", "16").status == 0)
    #expect(try machine.rill("config", "set", "hooks.on-new", "notify", "-t", "a b").status == 0)
    #expect(try machine.rill("config", "get", "fetch.jobs").output == "16\n")
    #expect(
      try machine.rill("config", "get", "hooks.on-new").output == "notify -t 'a b'\n"
    )
    let changed = try machine.rill("config", "list", "--changed", "--json").objects()
    let fromFile = changed.filter { $0["source"] == .string("file") }.map { $0["key"] ?? .null }
    #expect(fromFile == [.string("fetch.jobs"), .string("hooks.on-new")])
    let before = FileManager.default.contents(atPath: path)
    for (words, reason) in [
      (["fetch.jbos", "3"], "Did you mean fetch.jobs?"),
      (["fetch.jobs", "0"], "from 1 to 1024"),
      (["fetch.jobs", "many"], "whole number"),
      (["fetch.jobs", "1", "2"], "takes one value"),
      (["fetch.private-addresses", "maybe"], "typed or deny"),
      (["fetch.proxy", "bad proxy"], "such as http://proxy.example:3128"),
      (["hooks.on-new"], "Missing expected argument"),
    ] {
      let run = try machine.run(["config", "set"] + words)
      #expect(run.status == 64 && run.errors.contains(reason), "\(words): \(run.errors)")
    }
    #expect(FileManager.default.contents(atPath: path) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: machine.home + "/config") == [
        "config.json"
      ]
    )
    #expect(try machine.rill("config", "unset", "fetch.jobs").status == 0)
    #expect(try machine.rill("config", "get", "fetch.jobs").output == "64\n")
    let run = try machine.rill(
      "config",
      "set",
      "fetch.jobs",
      "8",
      environment: ["RILL_FETCH_JOBS": "3"]
    )
    #expect(run.errors.contains("RILL_FETCH_JOBS is set in the environment, and wins."))
  }

  @Test func `what is no setting is said, and stays where it is`() throws {
    let machine = try Machine()
    _ = try machine.rill("config", "set", "fetch.jobs", "16")
    _ = try machine.file("config/config.json", #"{"fetch": {"jbos": 3}, "mine": {"a": [1, 2]}}"#)
    let feed = try machine.file("feed.xml", document(1...2))
    let run = try machine.rill("add", feed)
    #expect(run.status == 0)
    #expect(run.errors.contains("fetch.jbos is no setting. Did you mean fetch.jobs?"))
    _ = try machine.rill("config", "set", "fetch.jobs", "8")
    #expect(
      text(machine, "config/config.json")
        == """
        {
          "fetch": {
            "jbos": 3,
            "jobs": 8
          },
          "mine": {
            "a": [1,2]
          }
        }

        """
    )
  }

  @Test func `a setting that stands in the file with its dot is set and taken back all the same`()
    throws
  {
    let machine = try Machine()
    _ = try machine.rill("config", "set", "fetch.jobs", "5")
    _ = try machine.file("config/config.json", #"{"fetch.jobs": 9}"#)
    _ = try machine.rill("config", "set", "fetch.jobs", "3")
    #expect(try machine.rill("config", "get", "fetch.jobs").output == "3\n")
    _ = try machine.rill("config", "unset", "fetch.jobs")
    #expect(try machine.rill("config", "get", "fetch.jobs").output == "64\n")
  }

  @Test func `a command that there is not is refused with the one that was meant`() throws {
    let machine = try Machine()
    for (typed, words) in [
      ("lst", "Did you mean: rill list"), ("zzzzzz", "See all with: rill help"),
    ] {
      let run = try machine.rill(typed)
      #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
    }
  }

  @Test func `ids come from standard input as words or as lines of a list`() throws {
    let (machine, _) = try machine()
    _ = try machine.rill("sync")
    let list = try machine.rill("list", "--json").output
    #expect(
      try machine.rill("mark", "read", "-", input: list).errors == "Marked 2 articles read.\n"
    )
    let ids = try machine.rill("list", "--all", "--format", "{id}").output
    #expect(
      try machine.rill("mark", "unread", "-", input: ids).errors == "Marked 2 articles unread.\n"
    )
  }
}
