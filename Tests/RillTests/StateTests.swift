import FeedJSON
import Foundation
import TestSupport
import Testing

private let url = "https://a.example/feed"

extension ProgramTests {
  @Test func `an export of state is taken over by another machine, byte for byte`() throws {
    let old = try Machine()
    let feed = try old.file(
      "feed.xml",
      """
      <?xml version="1.0"?><rss version="2.0"><channel><title>Example</title>
      <item><guid isPermaLink="false">g1</guid><title>One</title><description>a</description></item>
      <item><link>https://a.example/2</link><title>Two \u{9B}31m</title></item>
      </channel></rss>
      """
    )
    _ = try old.rill("add", feed, "--tag", "news", "--keep", "1")
    _ = try old.rill("add", "--no-sync", url, "--interval", "2h", "--title", "Mine")
    _ = try old.shell("$RILL list --json | jq -r .id | $RILL mark star -")
    let state = try old.rill("export", "state")
    #expect(state.status == 0)
    #expect(state.errors.isEmpty)
    #expect(state.lines.count == 4)
    #expect(!state.output.contains("\u{9B}"))
    let new = try Machine()
    let taken = try new.rill("import", "-", input: state.output)
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(taken.output.isEmpty)
    #expect(try new.rill("export", "state").output == state.output)
    let again = try new.rill("import", try new.file("state.jsonl", state.output))
    #expect(again.errors == "Nothing new in 4 lines.\n")
    // What was never typed on this machine is not read.
    let sync = try new.rill("sync", feed)
    #expect(sync.errors.contains("was not typed on this machine"), "\(sync.errors)")
    let feeds = try new.rill("feeds", "--verdict", "broken")
    #expect((feeds.output + feeds.errors).contains("rill add \(feed)"), "\(feeds)")
    #expect(try new.rill("undo").errors.contains("followed 2 feeds"))
  }

  @Test func `bad lines of an import are named, and the good ones are taken`() throws {
    let machine = try Machine()
    let good = #"{"feed":"kznrhnszydyoom5ueiqg","url":"\#(url)","subscribed":true}"#
    let bad = [
      "{", "[]", "{}", #"{"feed":"../../etc","url":"\#(url)"}"#,
      #"{"feed":"kznrhnszydyoom5ueiqg","url":"file:///etc/passwd","subscribed":true}"#,
      #"{"feed":"kznrhnszydyoom5ueiqg","feed":"kznrhnszydyoom5ueiqg"}"#,
      #"{"mark":"kznrhnszydyoom5ueiqg","read":"yes"}"#, "\u{1B}]0;x\u{7}",
      String(repeating: "[", count: 100_000),
    ]
    let text = ([good, ""] + bad).joined(separator: "\r\n")
    let path = try machine.file("state.jsonl", text)
    let run = try machine.rill("import", path)
    #expect(run.status == 1)
    for number in 3...11 { #expect(run.errors.contains("\(path):\(number): passed over: ")) }
    #expect(!run.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(try machine.rill("feeds", "--json").objects().map { $0["url"] } == [.string(url)])
    for words in ["<rss/>", "hello", "\u{0}\u{1}"] {
      let other = try machine.rill("import", try machine.file("other", words))
      #expect(other.status == 65, "\(words)")
    }
    #expect(try machine.rill("import", machine.home + "/nothing").status == 74)
  }
}
