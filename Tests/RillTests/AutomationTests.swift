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
    let done = try #require(events.first { $0["event"] == .string("feed-done") })
    guard case .object(let called)? = done["feed"] else { return #expect(Bool(false), "no feed") }
    #expect(called["title"] == .string("A"))
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

  @Test(arguments: [("sync", "TERM", 143), ("sync", "HUP", 129), ("watch --quiet", "TERM", 143)])
  func `what ends a sync ends the command for new articles with it, and all that it started`(
    command: String,
    signal: String,
    status: Int32
  ) async throws {
    let (machine, _) = try machine()
    // The end of the pipe is held by the command and by its child.
    try hook(machine, "exec 5>\"$HOME/held\"; echo started >&5; sleep 50; echo went on >&5\n")
    let run = try await machine.shell(
      """
      cd "$HOME" && mkfifo held
      "$RILL" \(command) >/dev/null & rill=$!
      exec 3<held; read -r line <&3; echo "$line"
      kill -\(signal) $rill; wait $rill; echo "status $?"
      cat <&3
      """
    )
    #expect(run.output == "started\nstatus \(status)\n", "\(run.errors)")
    #expect(run.errors.isEmpty, "\(run.errors)")
  }

  @Test func `a signal that was ignored when a sync began ends no command`() async throws {
    let (machine, _) = try machine()
    try hook(
      machine,
      "exec 5>\"$HOME/held\"; echo started >&5; read -r line <\"$HOME/go\"; echo went on >&5\n"
    )
    let run = try await machine.shell(
      """
      cd "$HOME" && mkfifo held go
      (trap '' HUP; exec "$RILL" sync) & rill=$!
      exec 3<held; read -r line <&3
      kill -HUP $rill; echo >go; wait $rill; echo "status $?"
      cat <&3
      """
    )
    #expect(
      run.output == "2 new articles. 1 feed: 1 fetched.\nstatus 0\nwent on\n",
      "\(run.errors)"
    )
  }

  @Test
  func `a reader that goes away ends sync and watch as a closed pipe does, after the command`()
    async throws
  {
    for command in ["sync --events", "watch --events", "list"] {
      let (machine, _) = try machine()
      try hook(machine, "echo \"$RILL_NEW\" >> \"$HOME/log\"\n")
      let run = try await machine.shell(
        """
        cd "$HOME" && mkfifo closed
        exec 3<>closed 4>closed 3<&-
        "$RILL" \(command) >&4; echo "status $?"
        """
      )
      #expect(run.output == (command == "list" ? "status 0\n" : "status 141\n"), "\(run.errors)")
      #expect(text(machine, "log") == (command == "list" ? "" : "2\n"))
    }
  }

  @Test func `a setting is judged alone, whatever the environment and the file say of others`()
    throws
  {
    let machine = try Machine()
    let path = machine.home + "/config/config.json"
    _ = try machine.rill("config", "set", "fetch.jobs", "5")
    _ = try machine.file(
      "config/config.json",
      #"{"fetch":{"jobs":"many","proxy":"bad proxy","max-redirects":true},"hooks":{"on-new":["a"]}}"#
    )
    let environment = ["RILL_FETCH_JOBS": "7", "RILL_FETCH_STALL_BYTES": "zzz"]
    let list = try machine.rill("config", "list", environment: environment)
    #expect(list.status == 64)
    #expect(
      list.errors.split(separator: "\n") == [
        "rill: \(path): fetch.max-redirects is true, and sets nothing. It takes a whole number.",
        "rill: \(path): hooks.on-new is [\"a\"], and sets nothing. It takes one text in quotes.",
        "rill: \(path): fetch.jobs is many. It takes a whole number.",
        "rill: \(path): fetch.proxy is bad proxy. It takes a URL such as http://proxy.example:3128",
        "rill: RILL_FETCH_STALL_BYTES: fetch.stall-bytes is zzz. It takes a whole number.",
      ]
    )
    for (words, isTaken) in [
      (["fetch.jobs", "5"], true), (["fetch.jobs", "0"], false),
      (["fetch.max-redirects", "3"], true), (["open.command", "a 'b"], false),
      (["open.command", "'' b"], false), (["download.dir", path], false),
      (["fetch.ca-file", "/nothing/here"], false), (["fetch.allow-addresses", "no port"], false),
      (["hooks.on-new", "sh", "-c", "true"], true), (["fetch.proxy", "http://p.example:1"], true),
    ] {
      let before = FileManager.default.contents(atPath: path)
      let run = try machine.run(
        ["config", "set"] + words,
        environment: environment
      )
      #expect(run.status == (isTaken ? 0 : 64), "\(words): \(run.errors)")
      #expect(!run.errors.contains(".new-"))
      #expect((FileManager.default.contents(atPath: path) == before) == !isTaken)
    }
    #expect(try machine.rill("config", "list").status == 0)
    let odd = try machine.rill("config", "set", "hooks.on-new", "no-such-program", "x")
    #expect(odd.status == 0 && odd.errors.contains("no program no-such-program may be run here"))
  }

  @Test func `what sets nothing is said where it would hold`() throws {
    let (machine, _) = try machine()
    _ = try machine.rill("config", "set", "fetch.jobs", "5")
    _ = try machine.file("config/config.json", #"{"hooks":{"on-new":["notify-send"]}}"#)
    let run = try machine.rill("sync")
    #expect(run.status == 0)
    #expect(run.errors.contains("config.json: hooks.on-new is [\"notify-send\"], and sets nothing"))
    #expect(try machine.rill("doctor").output.contains("rill config unset hooks.on-new"))
  }

  @Test func `the daily mail has what came since the last one, whenever it was published`() throws {
    let machine = try Machine()
    _ = try machine.rill(
      "add",
      try machine.file("feed.xml", document(1...2)),
      now: "2026-01-02T08:00:00Z"
    )
    let old =
      "<item><guid>late</guid><title>Late</title><pubDate>Mon, 05 Jan 2026 08:00:00 GMT</pubDate></item>"
    _ = try machine.file(
      "feed.xml",
      document(1...2).replacingOccurrences(of: "</channel>", with: old + "</channel>")
    )
    let sender = try machine.file("sender", "#!/bin/sh\ncat >> \"$HOME/mail\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sender)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation/daily-mail").path
    let line = """
      rill() { "$RILL" "$@"; }; SENDMAIL="$HOME/sender"
      sleep() { :; }; date() { command date -d '+1 second' "$@"; }
      set -- ann@example.org; . '\(script)'
      """
    for _ in 1...2 {
      let run = try machine.shell(line)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    }
    let mail = text(machine, "mail")
    #expect(mail.split(separator: "\n").filter { $0.hasPrefix("A: ") } == ["A: Late"])
    #expect(mail.split(separator: "\n").filter { $0.hasPrefix("To: ") }.count == 1)
    _ = try machine.file("feed.xml", "no feed")
    #expect(try machine.shell(line).status == 0)
    #expect(text(machine, "mail").contains("Some feeds failed"))
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
