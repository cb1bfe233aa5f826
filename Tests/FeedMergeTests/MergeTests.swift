import FeedModel
import TestSupport
import Testing

@testable import FeedMerge

func item(
  guid: String? = nil,
  url: String? = nil,
  title: String? = nil,
  text: String? = nil,
  day: Int? = nil
) -> FeedItem {
  var item = FeedItem()
  item.guid = guid
  item.url = url
  item.title = title
  item.contentHTML = text
  item.published = day.map { Timestamp(seconds: Int64($0) * 86_400) }
  return item
}

@Test func `a first document is all new and the same document again changes nothing`() {
  var history = History()
  let first = item(guid: "1", url: "https://blog.example/1", title: "One", text: "a", day: 1)
  let second = item(guid: "2", url: "https://blog.example/2", title: "Two", text: "b", day: 2)
  #expect(history.read(first, second).counts == [2, 0, 0, 0])
  #expect(history.read(first, second).counts == [0, 0, 0, 2])
  #expect(history.read(second, first).counts == [0, 0, 0, 2])
}

@Test func `an edited article is the same article with a new revision`() {
  var history = History()
  let plan = history.read(item(guid: "1", url: "https://blog.example/1", title: "One", text: "a"))
  let edited = history.read(item(guid: "1", url: "https://blog.example/1", title: "One", text: "b"))
  #expect(edited.counts == [0, 1, 0, 0])
  #expect(edited.steps[0].article.id == plan.steps[0].article.id)
}

@Test func `a date that changes at every fetch is no change`() {
  var history = History()
  _ = history.read(item(guid: "1", title: "One", text: "a", day: 1))
  #expect(history.read(item(guid: "1", title: "One", text: "a", day: 2)).counts == [0, 0, 0, 1])
}

@Test(arguments: [item(guid: "1", title: "One", text: "a", day: 1), item(title: "One", text: "a")])
func `comments that are counted and views that tick are no change`(item: FeedItem) {
  var history = History()
  _ = history.read(item)
  for count in 1...3 {
    var ticking = item
    var facts = ItemFacts()
    facts.commentsCount = count
    facts.rights = "© \(count)"
    var media = Media()
    media.views = Int64(count)
    facts.media = media
    ticking.facts = facts
    #expect(ticking != item)
    #expect(history.read(ticking).counts == [0, 0, 0, 1])
  }
}

@Test func `an item that stands twice with two counts of comments is one`() {
  var history = History()
  let one = item(guid: "1", title: "One", text: "a", day: 1)
  var other = one
  var facts = ItemFacts()
  facts.commentsCount = 1
  other.facts = facts
  #expect(history.read(one, other).counts == [1, 0, 0, 0])
}

@Test func `a guid that moves from http to https is the same article`() {
  var history = History()
  let old = item(
    guid: "http://blog.example/1",
    url: "http://blog.example/1",
    title: "One",
    text: "a",
    day: 1
  )
  let new = item(
    guid: "https://blog.example/1",
    url: "https://blog.example/1",
    title: "One",
    text: "a",
    day: 1
  )
  let id = history.read(old).steps[0].article.id
  let plan = history.read(new)
  #expect(plan.counts == [0, 0, 1, 0])
  #expect(plan.steps[0].article.id == id)
  #expect(plan.steps[0].article.rule == .link)
  #expect(history.read(new).counts == [0, 0, 0, 1])
}

@Test func `a site that moves to another domain keeps its articles by title, text and date`() {
  var history = History()
  let text = "<p>Some words that stay what they are.</p>"
  let id =
    history.read(item(guid: "a:1", url: "https://old.example/1", title: "One", text: text, day: 1))
    .steps[0].article.id
  let plan = history.read(
    item(guid: "b:1", url: "https://new.example/1", title: "One", text: text, day: 1)
  )
  #expect(plan.counts == [0, 0, 1, 0])
  #expect(plan.steps[0].article.id == id)
  #expect(plan.steps[0].article.rule == .text)
}

@Test func `a guid made anew at every fetch neither repeats nor grows the article for ever`() {
  var history = History()
  _ = history.read(item(guid: "0", url: "https://blog.example/1", title: "One", text: "a", day: 1))
  for fetch in 1...30 {
    let again = item(
      guid: "\(fetch)",
      url: "https://blog.example/1",
      title: "One",
      text: "a",
      day: 1
    )
    #expect(history.read(again).count(.new) == 0)
  }
  #expect(history.articles.count == 1)
  #expect(history.articles[0].keys.count == 8)
}

@Test func `one guid on all items is not used`() {
  var history = History()
  let first = item(guid: "x", url: "https://blog.example/1", title: "One", text: "a")
  let second = item(guid: "x", url: "https://blog.example/2", title: "Two", text: "b")
  #expect(history.read(first, second).counts == [2, 0, 0, 0])
  #expect(history.read(first, second).counts == [0, 0, 0, 2])
}

@Test func `one link on all items is not used`() {
  var history = History()
  let items = (1...5)
    .map { item(url: "https://blog.example/", title: "Post \($0)", text: "t\($0)") }
  #expect(history.read(items[0], items[1], items[2], items[3], items[4]).counts == [5, 0, 0, 0])
  #expect(history.read(items[4], items[3], items[2], items[1], items[0]).counts == [0, 0, 0, 5])
}

@Test func `five items without guid, with one link and dates that change, stay five`() {
  var history = History()
  for fetch in 0..<10 {
    func post(_ number: Int) -> FeedItem {
      item(url: "https://blog.example/", title: "Post \(number)", text: "t", day: fetch)
    }
    let plan = history.read(post(1), post(2), post(3), post(4), post(5))
    #expect(plan.count(.new) == (fetch == 0 ? 5 : 0))
  }
  #expect(history.articles.count == 5)
}

@Test func `a page that shows another thing every day gives another article every day`() {
  var history = History()
  for day in 1...3 {
    let plan = history.read(
      item(guid: "day-\(day)", url: "https://comic.example/today", title: "Comic", day: day)
    )
    #expect(plan.counts == [1, 0, 0, 0])
  }
}

@Test func `a weekly thread with one title and one text gives an article a week`() {
  var history = History()
  let text = "<p>Talk about anything that you like in here.</p>"
  for week in 1...3 {
    let thread = item(
      guid: "t\(week)",
      url: "https://forum.example/\(week)",
      title: "Open thread",
      text: text,
      day: week * 7
    )
    #expect(history.read(thread).counts == [1, 0, 0, 0])
  }
}

@Test func `items that differ by date alone are two`() {
  var history = History()
  let plan = history.read(
    item(title: "Status", text: "All well.", day: 1),
    item(title: "Status", text: "All well.", day: 2)
  )
  #expect(plan.counts == [2, 0, 0, 0])
}

@Test func `an item that stands twice in a document is one`() {
  var history = History()
  let one = item(guid: "1", url: "https://blog.example/1", title: "One", text: "a", day: 1)
  #expect(history.read(one, one).counts == [1, 0, 0, 0])
  let edited = item(guid: "1", url: "https://blog.example/1", title: "One", text: "b", day: 1)
  #expect(history.read(edited, one).counts == [0, 1, 0, 0])
}

@Test func `a link belongs to the article that had it first`() {
  var history = History()
  _ = history.read(item(guid: "1", url: "https://blog.example/a", title: "One", text: "a", day: 1))
  let plan = history.read(
    item(guid: "1", url: "https://blog.example/b", title: "One", text: "a", day: 1),
    item(guid: "2", url: "https://blog.example/a", title: "Two", text: "b", day: 2)
  )
  // That its link is another one now is kept, and is no news.
  #expect(plan.steps.map(\.kind) == [.minor, .new])
  #expect(plan.steps[1].article.keys.count == 1)
}

@Test func `a feed that drops its guids keeps its articles by their links`() {
  var history = History()
  let id =
    history.read(item(guid: "1", url: "https://blog.example/1", title: "One", text: "a", day: 1))
    .steps[0].article.id
  let plan = history.read(item(url: "https://blog.example/1", title: "One!", text: "a", day: 2))
  #expect(plan.count(.new) == 0)
  #expect(plan.steps[0].article.id == id)
}

@Test func `an article whose guid is still there is never taken for another by its link`() {
  var history = History()
  let one = item(guid: "1", url: "https://blog.example/", title: "Same", text: "a", day: 1)
  _ = history.read(one)
  let two = item(guid: "2", url: "https://blog.example/?utm_source=x", title: "Same", day: 1)
  #expect(history.read(two, one).counts == [1, 0, 0, 1])
}

@Test func `a guid that comes to stand on two items keeps the article that had it`() {
  var history = History()
  let one = item(guid: "G", url: "https://blog.example/1", title: "One", text: "a", day: 1)
  _ = history.read(one)
  let two = item(guid: "G", url: "https://blog.example/2", title: "Two", text: "b", day: 2)
  #expect(history.read(two, one).counts == [1, 0, 0, 1])
  #expect(history.read(two, one).counts == [0, 0, 0, 2])
}

@Test func `items that have only a shared guid, a shared link and a picture stay what they are`() {
  var history = History()
  func picture(_ number: Int) -> FeedItem {
    item(
      guid: "G",
      url: "https://blog.example/",
      text: "<img src='/\(number).png'>",
      day: number
    )
  }
  _ = history.read(picture(1))
  #expect(history.read(picture(2), picture(1)).count(.new) == 1)
  #expect(history.read(picture(2), picture(1)).counts == [0, 0, 0, 2])
}

@Test func `items without guids that share link, title and day are two when their texts differ`() {
  var history = History()
  let first = item(url: "https://app.example/", title: "New release", text: "alpha 1.0", day: 1)
  let second = item(url: "https://app.example/", title: "New release", text: "beta 2.0", day: 1)
  #expect(history.read(second, first).counts == [2, 0, 0, 0])
  #expect(history.read(second, first).counts == [0, 0, 0, 2])
}

@Test func `a page with another quote every day and no guids gives another article every day`() {
  var history = History()
  for day in 1...3 {
    let quote = item(url: "https://quotes.example/", title: "Q \(day)", text: "w\(day)", day: day)
    #expect(history.read(quote).counts == [1, 0, 0, 0])
    #expect(history.read(quote).counts == [0, 0, 0, 1])
  }
}

@Test func `a guid and a date that change together do not make an article new`() {
  var history = History()
  let url = "https://news.example/1"
  _ = history.read(item(guid: url + "#0", url: url, title: "One", text: "same", day: 1))
  let again = history.read(item(guid: url + "#1", url: url, title: "One", text: "same", day: 2))
  #expect(again.counts == [0, 0, 1, 0])
}

@Test func `of two versions of an Atom entry in one document the newer one is taken`() {
  var history = History()
  var old = item(guid: "tag:a", url: "https://blog.example/1", title: "Draft", text: "a", day: 1)
  old.modified = Timestamp(seconds: 100_000)
  var new = item(guid: "tag:a", url: "https://blog.example/1", title: "Final", text: "b", day: 1)
  new.modified = Timestamp(seconds: 200_000)
  #expect(history.read(old, format: .atom10).counts == [1, 0, 0, 0])
  let plan = history.read(old, new, format: .atom10)
  #expect(plan.counts == [0, 1, 0, 0])
  #expect(plan.steps[0].article.item.title == "Final")
  #expect(history.read(old, new, format: .atom10).counts == [0, 0, 0, 1])
}

@Test func `signatures and counters in addresses are no change, and another picture is one`() {
  var history = History()
  func post(_ source: String) -> FeedItem {
    item(
      guid: "1",
      url: "https://blog.example/1",
      title: "One",
      text: "<p>What? Yes.</p><img src=\"\(source)\" alt='x'>"
    )
  }
  _ = history.read(post("https://cdn.example/a.png?sig=1&t=2"))
  #expect(history.read(post("https://cdn.example/a.png?sig=9")).counts == [0, 0, 0, 1])
  #expect(history.read(post("https://cdn.example/b.png?sig=9")).counts == [0, 1, 0, 0])
}

@Test func `keys are frozen: each kind, worked out by another program`() throws {
  var history = History()
  let both = item(guid: "tag:x", url: "http://A.example/1/?utm_source=f", title: "T")
  let neither = item(title: "Hello, World", text: "<b>Some</b> words", day: 1)
  let plan = history.read(both, neither)
  #expect(
    plan.steps.map { $0.article.keys.map(\.description) } == [
      ["fis5arufob53drretes6", "opsdepf5mdq357w25bnk"], ["gfsglfp7nmv5tsl3fmvu"],
    ]
  )
}

@Test func `ids are those of the written definition`() {
  // The first 100 bits of SHA-256, worked out by another program.
  #expect(feedID(firstURL: "https://blog.example/feed.xml").description == "nun5ybxzlftakwjaolk7")
}

@Test(
  arguments: [
    ("http://A.example:80/x/", "https://a.example/x"),
    ("https://a.example/x?utm_source=feed&id=1", "https://a.example/x?id=1#top"),
    ("https://a.example/?fbclid=1", "https://a.example"),
  ]
)
func `links that lead to one page have one canonical form`(pair: (String, String)) {
  #expect(canonicalLink(pair.0) == canonicalLink(pair.1))
}

@Test(
  arguments: [
    ("https://a.example/x", "https://a.example/X"),
    ("https://a.example/?id=1", "https://a.example/?id=2"),
    ("https://a.example/#/one", "https://a.example/#/two"),
    ("https://a.example:8080/", "https://a.example/"),
  ]
)
func `links that may lead to different pages have different forms`(pair: (String, String)) {
  #expect(canonicalLink(pair.0) != canonicalLink(pair.1))
}

@Test func `a link has one canonical form, whether it is taken apart or not`() {
  for link in writtenAddresses() {
    #expect(canonicalLink(link) == takenApartLink(link), "\(link)")
  }
}

@Test func `an address that is no web address has no canonical form`() {
  #expect(canonicalLink("mailto:a@b.example") == nil)
  #expect(canonicalLink("not a link") == nil)
}

/// What `appendWithoutQueries` has to do, byte by byte.
private func withoutQueries(_ html: String) -> [UInt8] {
  var kept: [UInt8] = []
  var (isInTag, isInQuery) = (false, false)
  for byte in html.utf8 {
    switch byte {
    case UInt8(ascii: "<"): isInTag = true
    case UInt8(ascii: ">"): isInTag = false
    case UInt8(ascii: "?") where isInTag: isInQuery = true
    case UInt8(ascii: "\""), UInt8(ascii: "'"), 0x20, 0x09, 0x0A, 0x0D: isInQuery = false
    default: break
    }
    if !isInTag { isInQuery = false }
    if !isInQuery { kept.append(byte) }
  }
  return kept
}

@Test func `queries are left out within tags, wherever the question marks stand`() {
  var state: UInt64 = 7
  let pieces = [
    "<a href=\"", "?a=1", "\"", ">", "<", "?", "'", " ", "\n", "words", "\u{E9}", "a longer text",
  ]
  for _ in 0..<2000 {
    var html = ""
    for _ in 0..<12 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      html += pieces[Int(state >> 33) % pieces.count]
    }
    var bytes: [UInt8] = []
    appendWithoutQueries(html, to: &bytes)
    #expect(bytes == withoutQueries(html), "\(html)")
  }
}

@Test func `ids, keys and hashes are what they were`() throws {
  var full = item(
    guid: "tag:blog.example,2026:1",
    url: "https://blog.example/1/?utm_source=x&p=2",
    title: "Caf\u{E9} & more",
    text: "<p>Hi <img src=\"/a.png?sig=1\"> there?</p>",
    day: 20_000
  )
  full.authors = [Author(name: "Ann"), Author(url: "mailto:bob@blog.example")]
  full.tags = ["a", "b"]
  full.summary = "Hi"
  full.attachments = [Attachment(url: "https://blog.example/a.mp3?token=1")]
  var history = History()
  let articles = history.read(full, item(title: "No link", text: "b", day: 3)).steps
    .map(\.article)
  #expect(testFeed.description == "nun5ybxzlftakwjaolk7")
  #expect(
    articles.map { $0.keys.map(\.description) } == [
      ["go3nocovj5amr7qocar7", "zypvjko2twil6yds4ej6"], ["tx7yt3shjx24cgn5dz3c"],
    ]
  )
  #expect(articles.map(\.contentHash) == ["9bd02d728810", "483233cf7aab"])
}
