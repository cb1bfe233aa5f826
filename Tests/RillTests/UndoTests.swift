import FeedJSON
import Foundation
import TestSupport
import Testing

private let url = "https://a.example/feed"

extension ProgramTests {
  @Test func `undo takes back the last thing that was done, and says so`() throws {
    let machine = try Machine()
    let none = try machine.rill("undo")
    #expect(none.status == 0)
    #expect(none.errors == "There is nothing to undo.\n")
    _ = try machine.rill("add", "--no-sync", url, "--tag", "news", "--interval", "2h")
    _ = try machine.rill("set", url, "--title", "Mine")
    let first = try machine.rill("undo")
    #expect(first.status == 0)
    #expect(first.output.isEmpty)
    #expect(first.errors.contains("which set title of Mine."))
    #expect(try machine.rill("feeds", "--json").objects().map { $0["title"] } == [.string(url)])
    let second = try machine.rill("undo")
    #expect(second.errors.contains("which followed \(url)."))
    #expect(try machine.rill("feeds", "--json").lines.isEmpty)
    let left = try machine.rill("undo").errors
    #expect(left.hasPrefix("There is nothing to undo. The newest undo is "), "\(left)")
    #expect(left.contains(": stopped following \(url). To do that again: rill undo "))
  }

  @Test func `an undo says when what it takes back was done, and a redo what holds again`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", url, now: "2026-11-20T08:00:00Z")
    // A command that fails writes nothing, and is no act.
    #expect(try machine.rill("mark", "read", "nosuchid", now: "2026-11-22T08:00:00Z").status == 64)
    let undone = try machine.rill("undo", now: "2026-11-22T08:01:00Z")
    #expect(undone.errors.hasPrefix("Undone: "))
    #expect(undone.errors.contains(" of 2026-11-20 08:00, 2d ago, which followed \(url)."))
    let none = try machine.rill("undo", now: "2026-11-22T08:01:30Z").errors
    let name = try #require(
      none.split(separator: "\n").first?.split(separator: " ").last.map(String.init)
    )
    #expect(none.contains("The newest undo is \(name) of 2026-11-22 08:01, just now"), "\(none)")
    let redone = try machine.rill("undo", name, now: "2026-11-22T08:02:00Z").errors
    #expect(redone.hasPrefix("Done again: "))
    #expect(redone.contains(" of 2026-11-20 08:00, 2d ago, which followed \(url)."), "\(redone)")
    #expect(!redone.contains("stopped"))
    let again = try machine.rill("undo", now: "2026-11-22T08:03:00Z").errors
    #expect(again.hasPrefix("Undone: ") && again.contains("which followed \(url)."), "\(again)")
  }

  @Test func `one command is one act, and the list names it so that it can be typed`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", url, "https://b.example/", "--interval", "2h")
    _ = try machine.rill("remove", url, "https://b.example/")
    let acts = try machine.rill("undo", "--list", "--json").objects()
    #expect(acts.count == 2)
    #expect(acts.map { $0["undone"] } == [.bool(false), .bool(false)])
    #expect(
      acts[0]["words"]
        == .string("stopped following 2 feeds: \(url), https://b.example/")
    )
    guard case .string(let short)? = acts[1]["short"], case .string(let act)? = acts[1]["act"]
    else {
      Issue.record("An act has names.")
      return
    }
    #expect(try machine.rill("undo", "--list").lines.last?.hasPrefix(short + "  ") == true)
    // The older act: what was changed since is left.
    let early = try machine.rill("undo", short)
    #expect(early.errors.contains("2 changes were made since and left."))
    let again = try machine.rill("undo", act)
    #expect(again.status == 0)
    #expect(again.errors.contains("is undone already"))
    #expect(try machine.rill("undo", "--list", "--limit", "1").lines.count == 1)
  }

  @Test func `what cannot be an act is said, and nothing is changed`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", url)
    for words in ["x", "99", "k7m2q9xw-1", "\u{1B}[31m", "-2x", ""] {
      let run = try machine.rill("undo", "--", words)
      #expect(run.status == 64, "\(words): \(run.errors)")
      #expect(!run.errors.contains("\u{1B}"))
    }
    for arguments in [
      ["--list", "3"], ["--json"], ["--limit", "2"], ["--list", "--limit=-1"],
      ["--list", "--limit", "-1"],
    ] {
      let run = try machine.shell("$RILL undo " + arguments.joined(separator: " "))
      #expect(run.status == 64)
      #expect(!run.errors.contains("Missing value"))
    }
    #expect(try machine.rill("undo", "--list").lines.count == 1)
  }

  @Test func `an undo names the file where a login stays as it is`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", url)
    _ = try machine.rill("set", url, "--header", "X-Api-Key: canary")
    _ = try machine.rill("set", url, "--url", "https://b.example/feed")
    let run = try machine.rill("undo")
    #expect(run.errors.contains(machine.home + "/config/credentials and stay as they are"))
    #expect(!run.errors.contains("canary"))
    #expect(try machine.rill("feeds", "--json").objects()[0]["url"] == .string(url))
  }

  @Test func `a journal from before there were acts is history without undo`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", url)
    let devices = machine.home + "/store/dev"
    let device = try #require(try FileManager.default.contentsOfDirectory(atPath: devices).first)
    let path = devices + "/" + device + "/j-000001.jsonl"
    let old = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { line in
        // A line without sum counts as well.
        line.replacing(#/"act":\d+,/#, with: "").replacing(#/,"sum":"[0-9a-f]+"/#, with: "")
      }
    try old.joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.removeItem(atPath: machine.home + "/cache")
    #expect(try machine.rill("feeds", "--json").objects().count == 1)
    let list = try machine.rill("undo", "--list")
    #expect(list.output.isEmpty)
    #expect(list.errors.contains("Nothing was done yet, or nothing since Rill writes down acts."))
    #expect(try machine.rill("undo").errors == "There is nothing to undo.\n")
  }

  @Test func `the list of acts is short, says how many more there are, and 0 is all`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", url)
    for number in 1...22 { _ = try machine.rill("set", url, "--title", "T\(number)") }
    let short = try machine.rill("undo", "--list")
    #expect(short.lines.count == 20)
    #expect(short.errors == "3 more: rill undo --list --limit 0\n")
    for arguments in ["--limit 0", "--json", "--limit 0 --json"] {
      let all = try machine.shell("$RILL undo --list " + arguments)
      #expect(all.lines.count == 23)
      #expect(all.errors.isEmpty)
    }
  }
}
