import FeedJSON
import Foundation
import LoopbackServer
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"
private let later = "2026-11-23T08:00:00Z"

/// A feed that writes each payload wherever a publisher can write something.
private func feed(edited: Bool = false) -> String {
  var json = JSONWriter()
  json.beginObject()
  json.member("version", "https://jsonfeed.org/version/1.1")
  json.member("title", "Feed " + terminalPayloads.joined(separator: " "))
  json.member("home_page_url", "https://soup.example/")
  json.key("items")
  json.beginArray()
  for (number, payload) in terminalPayloads.enumerated() {
    let words = "before \(payload) after"
    let references = payload.unicodeScalars.map { "&#\($0.value);" }.joined()
    json.beginObject()
    json.member("id", "item \(number) \(payload)")
    json.member("url", "https://soup.example/\(number)/\(payload)")
    json.member("title", "Soup \(number) \(words)")
    json.member(
      "content_html",
      """
      <p>\(edited ? "edited" : "first") \(words) <b>\(references)</b> <em>z\(payload)</em></p>
      <pre>\(references)</pre><a href="https://soup.example/\(references)">soup \(references)</a>
      <img src="https://soup.example/i.png" alt="\(references)" title="\(references)">
      <abbr title="\(references)">A</abbr><table><tr><th>\(references)<td>2</table>
      <p>soup<b>\u{301}\u{302}\u{303}\u{304}\u{305}</b><i>\u{301}\u{302}\u{303}\u{304}\u{305}</i></p>
      """
    )
    json.member("date_published", "2026-11-21T10:03:00Z")
    json.member("external_url", "https://soup.example/x/\(payload)")
    json.key("authors")
    json.beginArray()
    json.beginObject()
    json.member("name", words)
    json.endObject()
    json.endArray()
    json.member("tags", [words])
    json.key("attachments")
    json.beginArray()
    json.beginObject()
    json.member("url", "https://soup.example/\(payload).mp3")
    json.member("mime_type", "audio/\(payload)")
    json.member("title", words)
    json.endObject()
    json.endArray()
    json.endObject()
  }
  json.endArray()
  json.endObject()
  return String(decoding: json.bytes, as: UTF8.self)
}

extension ProgramTests {
  @Test func `nothing that steers a terminal comes out of any command, into a pipe or a terminal`()
    throws
  {
    #expect(terminalPayloads.count >= 85)
    let machine = try Machine()
    let server = try LoopbackServer { request in
      request.path == "/refused"
        ? .response(403, text: "<p>No: \(terminalPayloads.joined(separator: " "))</p>")
        : .response(404, text: terminalPayloads.joined(separator: "\n"))
    }
    let file = try machine.file("feed \u{1B}]0;x\u{07}\u{9B}5m.json", feed())
    let added = try machine.rill("add", file, now: now)
    #expect(added.status == 0)
    #expect(forbidden(in: added.output + added.errors, isTerminal: false) == [])
    _ = try machine.file("feed \u{1B}]0;x\u{07}\u{9B}5m.json", feed(edited: true))
    for path in ["/refused", "/missing"] {
      let run = try machine.rill("add", server.url(path), now: now)
      #expect(forbidden(in: run.output + run.errors, isTerminal: false) == [])
      _ = try machine.rill("add", "--no-sync", server.url(path), now: now)
    }
    let sync = try machine.rill("sync", now: later)
    #expect(forbidden(in: sync.output + sync.errors, isTerminal: false) == [])

    let objects = try machine.rill("list", "--json", "--all", now: later).objects()
    let ids = objects.compactMap { if case .string(let id)? = $0["id"] { id } else { nil } }
    #expect(ids.count == terminalPayloads.count)
    let all = ids.joined(separator: " ")
    let lines = [
      "list --all", "list --all --by day", "list --all --by feed", "list --all --tsv",
      "list --all --format '{id}\\t{title} {feed} {authors} {tags} {url}'", "list --all --json",
      "show \(all)", "show --html \(all)", "show --json \(all)", "search soup",
      "search --color always soup", "feeds", "feeds --json", "why \(all)", "diff \(all)",
      "diff --all --json \(all)", "log", "log refused", "log --json", "doctor", "undo --list",
    ]
    for line in lines {
      let isJSON = line.contains("--json")
      let hasTabs = line.contains("--tsv") || line.contains("--format")
      let isColoured = line.contains("always")
      func faults(_ text: String, isTerminal: Bool) -> [String] {
        let faults = forbidden(
          in: text,
          isTerminal: isTerminal,
          isJSON: isJSON,
          hasTabs: hasTabs
        )
        return Array(faults.prefix(3))
      }
      let name = line.prefix(30)
      let piped = try machine.shell("$RILL \(line)", now: later)
      #expect(faults(piped.output, isTerminal: isColoured) == [], "\(name) in a pipe")
      #expect(faults(piped.errors, isTerminal: false) == [], "\(name), errors")
      #expect(piped.output.count > 20 || line.hasPrefix("undo"), "\(name) prints something")
      for width in [40, 100] {
        let shown = try machine.shell(onTerminal(line, width: width), now: later)
        #expect(faults(shown.output, isTerminal: true) == [], "\(name) on \(width) columns")
      }
    }
    let linked = try machine.shell(onTerminal("show \(ids[0])", width: 80), now: later)
    #expect(linked.output.contains("\u{1B}]8;;https://soup.example/"))
  }

  @Test func `what was typed is filtered in every mistake, into a pipe and on a terminal`() throws {
    let machine = try Machine()
    _ = try machine.rill("add", machine.file("feed.json", feed()), now: now)
    for payload in terminalPayloads where !payload.unicodeScalars.contains("\u{0}") {
      _ = try machine.file("typed", payload)
      for command in ["show", "mark read", "search", "add", "log", "why", "list --feed"] {
        let line = "\(command) \"$(cat \"$RILL_HOME/typed\")\""
        let piped = try machine.shell("$RILL \(line)", now: now)
        #expect(forbidden(in: piped.output + piped.errors, isTerminal: false) == [], "\(line)")
      }
    }
  }
}

/// A line of shell that runs the program on a terminal of its own.
func onTerminal(_ line: String, width: Int, rows: Int = 24, pager: String = "cat") -> String {
  let command = "stty cols \(width) rows \(rows); exec \"$RILL\" \(line)"
  return "PAGER='\(pager)' TERM=xterm-256color SHELL=/bin/sh script -qec "
    + "'\(command.replacing("'", with: "'\\''"))' /dev/null"
}
