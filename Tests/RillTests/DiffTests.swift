import FeedJSON
import Foundation
import TestSupport
import Testing

private let (eight, nine, ten) = (
  "2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"
)

private func document(_ title: String, _ text: String, tags: [String] = []) -> String {
  """
  <rss version="2.0"><channel><title>Signal Box News</title>
  <item><guid isPermaLink="false">1</guid><link>https://box.example/one</link>
  <title>\(title)</title>\(tags.map { "<category>\($0)</category>" }.joined())
  <description>\(text)</description></item></channel></rss>
  """
}

/// A machine that met one article in these forms, at eight, nine and so on.
private func machine(_ documents: String...) throws -> (machine: Machine, id: String) {
  let machine = try Machine()
  let feed = try machine.file("feed.xml", documents[0])
  _ = try machine.rill("add", feed, now: eight)
  for (document, now) in zip(documents.dropFirst(), [nine, ten]) {
    _ = try machine.file("feed.xml", document)
    _ = try machine.rill("sync", "--force", now: now)
  }
  let list = try machine.rill("list", "--all", "--tsv").output
  return (machine, String(try #require(list.split(separator: "\t").first)))
}

extension ProgramTests {
  @Test func `diff shows the words of the newest edit, and with all those of each`() throws {
    let (machine, id) = try machine(
      document("New rope", "<p>It pulls like a horse.</p>", tags: ["rope"]),
      document("Old rope", "<p>It pulls like a horse.</p>", tags: ["rope", "age"]),
      document("Old rope", "<p>It pulls like two mules.</p><p>Nobody knows why.</p>")
    )
    let run = try machine.rill("diff", id)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.lines.first == "Old rope")
    #expect(
      run.lines.contains(
        "Text: It pulls like [-a horse.-] {+two mules. Nobody knows why.+}"
      ),
      "\(run.output)"
    )
    #expect(run.lines.contains("Tags: [-rope, age-]"), "\(run.output)")
    #expect(!run.output.contains("Title:"))
    #expect(run.output.contains("\(ten), met by "))
    #expect(run.output.contains("beside what was there since \(nine)"))
    #expect(run.lines.last?.hasSuffix("--all") == true)
    let all = try machine.rill("diff", id, "--all")
    #expect(all.lines.contains("Title: [-New-] {+Old+} rope"), "\(all.output)")
    #expect(all.lines.contains("Tags: rope {+age+}"), "\(all.output)")
    #expect(all.output.contains("two mules"))
    let title = try #require(all.output.range(of: "Title:"))
    let text = try #require(all.output.range(of: "two mules"))
    #expect(title.lowerBound < text.lowerBound)
  }

  @Test func `diff of what was not edited says so, and that is no error`() throws {
    let (machine, id) = try machine(document("New rope", "It pulls."))
    let run = try machine.rill("diff", id)
    #expect(run.status == 0)
    #expect(run.lines.last == "It was not edited since it came.")
    let json = try machine.rill("diff", id, "--json")
    #expect((json.status, json.output, json.errors) == (0, "", ""))
  }

  @Test func `diff gives each edit as an object`() throws {
    let (machine, id) = try machine(
      document("New rope", "One two three."),
      document("New rope", "One 2 three.")
    )
    let run = try machine.rill("diff", id, "--json")
    let object = try #require(try run.objects().first)
    #expect(object["id"] == .string(id))
    #expect(object["at"] == .string("2026-11-22T09:00:00.000Z"))
    #expect(
      run.output.contains(
        #""runs":[{"kind":"same","text":"One"},{"kind":"removed","text":"two"},"#
          + #"{"kind":"added","text":"2"},{"kind":"same","text":"three."}]"#
      ),
      "\(run.output)"
    )
  }

  @Test func `diff cuts what did not change, and lets nothing of a feed reach the terminal`() throws
  {
    let filler = (1...60).map { "word\($0)" }.joined(separator: " ")
    let (machine, id) = try machine(
      document("Rope", "\(filler) old \(filler)"),
      document("Rope", "\(filler) new&#x9b;31m \(filler)")
    )
    let run = try machine.rill("diff", id)
    #expect(
      run.output.contains(
        "Text: … word53 word54 word55 word56 word57 word58 word59 word60 [-old-]"
      ),
      "\(run.output)"
    )
    #expect(!run.output.contains("word20"))
    #expect(!run.output.unicodeScalars.contains("\u{9B}"))
    let wrong = try machine.rill("diff", "zzzz")
    #expect(wrong.status == 64)
  }

  @Test func `diff and list name each other`() throws {
    let machine = try Machine()
    #expect(try machine.rill("list", "--help").output.contains("rill diff"))
    #expect(try machine.rill("diff", "--help").output.contains("rill list --changed"))
  }
}
