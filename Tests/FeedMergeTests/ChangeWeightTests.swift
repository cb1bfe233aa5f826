import FeedModel
import Testing

@testable import FeedMerge

private func weight(_ old: String, _ new: String) -> ChangeWeight {
  changeWeight(from: item(title: "T", text: old), to: item(title: "T", text: new))
}

private let ticks = [
  (
    "<p>Words.</p><p>Points: 12</p><p># Comments: 4</p>",
    "<p>Words.</p><p>Points: 91</p><p># Comments: 37</p>"
  ),
  ("<p>Words.</p><p>3 hours ago</p>", "<p>Words.</p><p>1 day ago</p>"),
  ("<p>Words.</p><p>Posted just now by Ann</p>", "<p>Words.</p><p>Posted 5 minutes ago by Ann</p>"),
  ("<p>Words.</p><a href='/c'>1 comment</a>", "<p>Words.</p><a href='/c'>12 comments</a>"),
  (
    "<p>12 points by ann 3 hours ago | 4 comments</p>",
    "<p>13 points by ann 4 hours ago | 5 comments</p>"
  ),
  ("<p>Words.</p><small>1.2k views</small>", "<p>Words.</p><small>1.3k views</small>"),
  ("<p>Worte.</p><p>3 Kommentare</p>", "<p>Worte.</p><p>14 Kommentare</p>"),
]

@Test(arguments: ticks)
func `a counter that ticks is no change`(pair: (String, String)) {
  #expect(weight(pair.0, pair.1) == .ticking)
  var history = History()
  _ = history.read(item(guid: "1", title: "T", text: pair.0))
  #expect(history.read(item(guid: "1", title: "T", text: pair.1)).counts == [0, 0, 0, 1])
}

private let corrections = [
  ("<p>The bridge is 41 metres long.</p>", "<p>The bridge is 42 metres long.</p>"),
  ("<p>It costs 1.5 million.</p>", "<p>It costs 15 million.</p>"),
  (
    "<p>The team from the north won the game with 12 points in the end.</p>",
    "<p>The team from the north won the game with 13 points in the end.</p>"
  ),
  ("<p>Sweden: 12 points</p>", "<p>Sweden: 10 points</p>"),
  (
    "<p>That was more than 3 years ago, when nobody had heard of it.</p>",
    "<p>That was more than 4 years ago, when nobody had heard of it.</p>"
  ),
  (
    "<p>Words.</p><p>He posted 3 comments before the attack.</p>",
    "<p>Words.</p><p>He posted 30 comments before the attack.</p>"
  ),
  ("<p>The clip had 3 views.</p>", "<p>The clip had 3000000 views.</p>"),
  (
    "<p>The court counted 5 likes as incitement</p>",
    "<p>The court counted 15 likes as incitement</p>"
  ),
  ("<p>The bomb went off 3 hours ago.</p>", "<p>The bomb went off 5 hours ago.</p>"),
  ("<p>Let us eat, Ann.</p>", "<p>Let us eat Ann.</p>"),
  ("<p>Not guilty.</p>", "<p><del>Not</del> guilty.</p>"),
  ("<p>A picture.</p><img src='/a.png'>", "<p>A picture.</p><img src='/b.png'>"),
  ("<p>Version 2.1 is out.</p>", "<p>Version 2.2 is out.</p>"),
  ("<p>one</p>", "<p>one</p><p>Update: two.</p>"),
]

@Test(arguments: corrections)
func `a correction is a change, be it of one digit`(pair: (String, String)) {
  #expect(weight(pair.0, pair.1) == .real)
  var history = History()
  _ = history.read(item(guid: "1", title: "T", text: pair.0))
  let plan = history.read(item(guid: "1", title: "T", text: pair.1))
  #expect(plan.counts == [0, 1, 0, 0])
  #expect(!plan.steps[0].article.isMinor)
}

private let forms = [
  ("<p>One two.</p>", "<div>One\n  two.</div>"),
  ("<p>Caf&eacute; &amp; bar</p>", "<p>Café &#38; <b>bar</b></p>"),
  ("<p>See <a href='/a'>this</a>.</p>", "<p>See <a href='/b'>this</a>.</p>"),
  ("<p>One</p><p>two</p>", "One<br>two"),
]

@Test(arguments: forms)
func `markup and where a link leads are a minor change`(
  pair: (String, String)
) {
  #expect(weight(pair.0, pair.1) == .minor)
  var history = History()
  _ = history.read(item(guid: "1", title: "T", text: pair.0))
  let plan = history.read(item(guid: "1", title: "T", text: pair.1))
  #expect(plan.steps.map(\.kind) == [.minor])
  #expect(plan.steps.map(\.article.isMinor) == [true])
  #expect(history.read(item(guid: "1", title: "T", text: pair.1)).steps.isEmpty)
}

@Test func `white space, typography and attributes that nobody sees are nothing at all`() {
  #expect(weight("<p>Say \"no\" - it's fine...</p>", "<p>Say “no” – it’s\n fine…</p>") == .unseen)
  #expect(
    weight("<p class='a' id='x1'>One <b>two</b></p>", "<p data-n=7>One <b style='x'>two</b></p>")
      == .unseen
  )
  #expect(weight("<p>A<script>one()</script></p>", "<p>A<script>two()</script></p>") == .unseen)
  #expect(weight("<p>A<!-- 1 --></p>", "<p>A<!-- 2 --></p>") == .unseen)
}

@Test func `one digit of a title is a change, and a counter in brackets behind it is none`() {
  let titled = { (title: String) in item(title: title, text: "a") }
  #expect(changeWeight(from: titled("Room 101"), to: titled("Room 102")) == .real)
  #expect(changeWeight(from: titled("12 comments on it"), to: titled("13 comments on it")) == .real)
  #expect(changeWeight(from: titled("It (2 comments)"), to: titled("It (9 comments)")) == .ticking)
  #expect(changeWeight(from: titled("It’s  here"), to: titled("It's here")) == .unseen)
}

@Test func `authors, files and pages that an item talks about are real, hosts and order are not`() {
  var old = item(title: "T", text: "a")
  old.authors = [Author(name: "Ann")]
  old.tags = ["a", "b"]
  old.attachments = [Attachment(url: "https://one.example/a.mp3?x=1")]
  var new = old
  new.tags = ["b", "a"]
  new.attachments = [Attachment(url: "https://two.example/redirect/a.mp3?x=2")]
  #expect(changeWeight(from: old, to: new) == .minor)
  new.attachments = [Attachment(url: "https://one.example/b.mp3")]
  #expect(changeWeight(from: old, to: new) == .real)
  new = old
  new.authors = [Author(name: "Bea")]
  #expect(changeWeight(from: old, to: new) == .real)
}

@Test func `texts are alike by their runs of words, also where words have no spaces`() {
  let long = TextRuns(item(text: essay(1)))
  #expect(Likeness(long, TextRuns(item(text: essay(1)))).resemblance == 1)
  #expect(Likeness(long, TextRuns(item(text: essay(2)))).resemblance < 0.05)
  let excerpt = TextRuns(item(text: String(essay(1).prefix(250))))
  #expect(Likeness(long, excerpt).containment > 0.9)
  #expect(Likeness(long, excerpt).resemblance < 0.7)
  let chinese = "今天天气很好我们一起去公园散步看到了很多美丽的花朵和小鸟"
  let first = TextRuns(item(text: chinese))
  #expect(Likeness(first, TextRuns(item(text: chinese + "还有树"))).resemblance > 0.6)
  #expect(Likeness(first, TextRuns(item(text: String(chinese.reversed())))).resemblance < 0.1)
}
