import FeedJSON
import Foundation
import TestSupport
import Testing

/// A feed in a file beside the home, whose items can be changed.
private struct SampleFeed {
  let path: String

  init(_ machine: Machine, _ items: String) throws {
    path = machine.home + "/feed.xml"
    try write(items)
  }

  func write(_ items: String) throws {
    let text = """
      <rss version="2.0"><channel><title>Signal Box News</title>\(items)</channel></rss>
      """
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }
}

private func item(guid: String, title: String, text: String, page: String = "one") -> String {
  """
  <item><guid isPermaLink="false">\(guid)</guid><link>https://box.example/\(page)</link>
  <title>\(title)</title><pubDate>Tue, 03 Nov 2026 17:15:00 GMT</pubDate>
  <description>\(text)</description></item>
  """
}

private let (eight, nine, ten) = (
  "2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"
)

/// The output with what differs from machine to machine replaced by words.
private func plain(_ run: Machine.Run, _ machine: Machine) throws -> [String] {
  let devices = try FileManager.default.contentsOfDirectory(atPath: machine.home + "/store/dev")
  let device = try #require(devices.first)
  let name = try #require(run.lines.last?.prefix { $0 != " " })
  return run.output.replacing(machine.home, with: "HOME")
    .replacing(device.prefix(3) + "-", with: "act-")
    .replacing("Z \(name) ", with: "Z HOST ").replacing("by \(name)", with: "by HOST")
    .replacing("What \(name) ", with: "What HOST ").replacing("on \(name) ", with: "on HOST ")
    .replacing("\n\(name) is \(device)", with: "\nHOST is DEVICE")
    .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}

extension ProgramTests {
  @Test func `why hides what is secret in the links that an article is known by`() throws {
    let machine = try Machine()
    let secret = item(
      guid: "1",
      title: "New rope",
      text: "It pulls.",
      page: "one?token=abc&amp;p=2"
    )
    let feed = try SampleFeed(machine, secret)
    _ = try machine.rill("add", feed.path, now: eight)
    let id = try #require(try machine.rill("list", "--tsv").output.split(separator: "\t").first)
    let run = try machine.rill("why", String(id), now: nine)
    #expect(
      run.output.contains("its link \"box.example/one?token=***&p=2\""),
      "\(run.output)"
    )
    #expect(!run.output.contains("abc"))
  }

  @Test func `why tells what came, by which rule, what was done and what holds`() throws {
    let machine = try Machine()
    let feed = try SampleFeed(
      machine,
      item(guid: "http://box.example/?p=1", title: "New rope", text: "It pulls like a horse.")
    )
    _ = try machine.rill("add", feed.path, now: eight)
    let id = try #require(try machine.rill("list", "--tsv").output.split(separator: "\t").first)
    _ = try machine.rill("mark", "read", String(id), now: nine)
    _ = try machine.rill("undo", now: "2026-11-22T09:30:00Z")
    try feed.write(
      item(guid: "https://box.example/?p=1", title: "New rope", text: "It pulls like a horse.")
    )
    _ = try machine.rill("sync", "--force", now: ten)
    try feed.write(
      item(guid: "https://box.example/?p=1", title: "Old rope", text: "It pulls like two mules.")
    )
    _ = try machine.rill("sync", "--force", now: "2026-11-22T12:00:00Z")
    _ = try machine.rill("mark", "star", String(id), now: "2026-11-22T13:00:00Z")
    let run = try machine.rill("why", String(id))
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    let lines = try plain(run, machine)
    let expected = """
      Old rope
      ID · Signal Box News

      2026-11-22T08:00:00Z HOST fetched it from Signal Box News <HOME/feed.xml>.
          New: no article of the feed was known by its guid, its link or its text.
          Known by its guid <http://box.example/?p=1>: key ID.
          Known by its link "box.example/one": key KEY.
      2026-11-22T09:00:00Z HOST marked it read.
          act-N was undone by act-N.
      2026-11-22T09:30:00Z HOST marked it unread, undoing act-N.
          This holds. To take it back: rill undo act-N
      2026-11-22T10:00:00Z HOST met it again in Signal Box News.
          The same article by its link as in the line of 2026-11-22T08:00:00Z: \
      <https://box.example/one>, for its old guid has left the document. The guid differs by http \
      and https alone: <https://box.example/?p=1>. The same in both: title, text, date.
          Known from now on also by its guid <https://box.example/?p=1>: key KEY.
          What a reader sees is the same.
      2026-11-22T12:00:00Z HOST fetched it again, changed, from Signal Box News.
          The same article by its guid as in the line of 2026-11-22T10:00:00Z: \
      <https://box.example/?p=1>.
          Title: "New rope" became "Old rope".
          Text: 2 words more, 2 fewer; 5 now.
          It stays read or unread as it was: an edit changes no marks.
      2026-11-22T13:00:00Z HOST starred it.
          This holds. To take it back: rill undo act-N

      Now: Unread since 2026-11-22T09:30:00Z, by HOST, who undid act-N. Starred. 2 revisions. \
      Its text is here. It is known by 3 keys.
      HOST is DEVICE, this machine.

      """
    let whole = lines.joined(separator: "\n").replacing(id, with: "ID")
      .replacing(#/key [a-z2-7]{20}/#, with: "key KEY").replacing(#/act-\d+/#, with: "act-N")
    #expect(whole == expected)
    #expect(try machine.rill("why", String(id.prefix(6)).uppercased()).output == run.output)
  }

  @Test func `every event is an object, and the last is what holds now`() throws {
    let machine = try Machine()
    let feed = try SampleFeed(machine, item(guid: "a", title: "One", text: "x"))
    _ = try machine.rill("add", feed.path, now: eight)
    let id = try #require(try machine.rill("list", "--json").objects().first?["id"])
    guard case .string(let id) = id else { return }
    _ = try machine.rill("mark", "read", id, now: nine)
    let events = try machine.rill("why", id, "--json").objects()
    #expect(
      events.map { $0["event"] } == [.string("revision"), .string("mark"), .string("now")]
    )
    #expect(events.allSatisfy { $0["id"] == .string(id) })
    #expect(events[0]["rule"] == .string("new"))
    #expect(events[1]["register"] == .string("read"))
    #expect(events[1]["value"] == .bool(true))
    #expect(events[1]["holds"] == .bool(true))
    #expect(events[2]["read"] == .bool(true))
    let place = try machine.rill("why", id, "--verbose").lines.first { $0.contains("/a-000001") }
    #expect(place?.contains(".jsonl:") == true)
  }

  @Test func `of two articles it is said why they are not one`() throws {
    let machine = try Machine()
    let feed = try SampleFeed(
      machine,
      item(guid: "a", title: "Thread", text: "x", page: "1")
        + item(guid: "b", title: "Thread", text: "y", page: "2")
    )
    _ = try machine.rill("add", feed.path)
    let ids = try machine.rill("list", "--tsv").lines
      .compactMap { $0.split(separator: "\t").first.map(String.init) }
    #expect(ids.count == 2)
    let run = try machine.run(["why"] + ids)
    let apart = try #require(run.lines.first { $0.hasPrefix("Not one with the article before:") })
    #expect(apart.contains("Guids differ: \"a\" and \"b\"."))
    #expect(apart.contains("Texts differ. The same: title, date."))
    // The same twice is told once.
    #expect(try machine.rill("why", ids[0], ids[0]).output == machine.rill("why", ids[0]).output)
  }

  @Test func `a feed says who followed it and what was set, and secrets are hidden`() throws {
    let machine = try Machine()
    let url = "https://a.example/feed?token=canary"
    _ = try machine.rill("add", "--no-sync", url, now: eight)
    _ = try machine.rill("set", url, "--title", "Mine", now: nine)
    _ = try machine.rill("remove", "Mine", now: ten)
    let run = try machine.rill("why", "mine")
    #expect(run.status == 0)
    #expect(run.output.contains("called it \"Mine\"."))
    #expect(run.output.contains("gave it the address <https://a.example/feed?token=***>."))
    #expect(run.output.contains("stopped following it."))
    #expect(run.output.contains("Now: Not followed."))
    #expect(!run.output.contains("canary"))
  }

  @Test func `what nobody knows is said, and nothing steers the terminal`() throws {
    let machine = try Machine()
    let feed = try SampleFeed(
      machine,
      item(guid: "a\u{202E}b", title: "Evil &#x202E;title", text: "x")
    )
    _ = try machine.rill("add", feed.path)
    for words in ["zzzz", "nothing-like-this", "", "\u{1B}[31m"] {
      let run = try machine.rill("why", "--", words)
      #expect(run.status == 64, "\(words)")
      #expect(!run.errors.contains("\u{1B}"))
    }
    #expect(try machine.rill("why").status == 64)
    let id = try #require(try machine.rill("list", "--tsv").output.split(separator: "\t").first)
    let run = try machine.rill("why", String(id))
    #expect(run.status == 0)
    #expect(!run.output.contains("\u{202E}"))
  }

  @Test func `a line written by hand, one of the future and a purge are told as what they are`()
    throws
  {
    let machine = try Machine()
    let feed = try SampleFeed(machine, item(guid: "a", title: "One", text: "x"))
    _ = try machine.rill("add", feed.path, now: eight)
    let id = try #require(try machine.rill("list", "--tsv").output.split(separator: "\t").first)
    _ = try machine.rill("mark", "read", String(id), now: nine)
    let directory = machine.home + "/store/dev/handmade"
    try FileManager.default.createDirectory(
      atPath: directory,
      withIntermediateDirectories: false
    )
    try """
    {"n":1,"at":"2026-11-22T11:00:00.000Z","op":"set","key":"tag:later","val":true,"ids":["\(id)"]}
    {"n":2,"at":"2026-11-22T11:00:01.000Z","op":"split","ids":["\(id)"]}

    """
    .write(toFile: directory + "/j-000001.jsonl", atomically: false, encoding: .utf8)
    _ = try machine.rill("gc", "--older-than", "1d", now: "2027-03-01T00:00:00Z")
    let run = try machine.rill("why", String(id))
    #expect(run.output.contains("device handmade tagged it later."))
    #expect(run.output.contains("it was written by hand"))
    // Without a sum nobody can say that a newer version wrote it.
    #expect(run.output.contains("is damaged: not understood."))
  }
}
