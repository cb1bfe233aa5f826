import FeedModel
import Testing

@testable import FeedMerge

// What publishers do to their feeds, and what must not be mistaken for it: Documentation/Identity.md.

/// A post of a blog.
private func post(
  _ number: Int,
  guid: (Int) -> String? = { "https://blog.example/?p=\($0)" },
  url: (Int) -> String? = { "https://blog.example/\($0)-a-post-of-mine" },
  title: (Int) -> String? = { "The post of number \($0)" },
  text: (Int) -> String? = { essay($0) },
  hours: Int? = 0
) -> FeedItem {
  var item = FeedItem()
  item.guid = guid(number)
  item.url = url(number)
  item.title = title(number)
  item.contentHTML = text(number)
  // In the morning of every third day, and not at the full hour.
  item.published = hours.map {
    Timestamp(seconds: Int64(number) * 3 * 86_400 + 8 * 3600 + 1234 + Int64($0) * 3600)
  }
  return item
}

private let six = (1...6).map { post($0) }

// Guids.

@Test func `a guid that changes from http to https keeps its article, also beside an edit`() {
  let old = (1...3).map { post($0, guid: { "http://blog.example/?p=\($0)" }) }
  let new = (1...3)
    .map { post($0, url: { _ in nil }, text: { essay($0 + 50) }, hours: 30) }
  #expect(follow(old, six.prefix(3) + []).new == [3, 0])
  #expect(follow(old, new).new == [3, 0])
}

@Test func `a guid that gains www or a slash keeps its article`() {
  let spelt = (1...3)
    .map { post($0, guid: { "https://www.blog.example/?p=\($0)" }, title: { "Other \($0)" }) }
  #expect(follow(Array(six.prefix(3)), spelt).new == [3, 0])
}

@Test func `a guid made from the title follows an edited title`() {
  func named(_ number: Int, _ words: String) -> FeedItem {
    let slug = words.lowercased().split(separator: " ").joined(separator: "-")
    return post(
      number,
      guid: { _ in "https://blog.example/\(slug)" },
      url: { _ in "https://blog.example/\(slug)" },
      title: { _ in words }
    )
  }
  let before = [named(1, "A tale of too cities"), named(2, "Something else")]
  let after = [named(1, "A tale of two cities"), named(2, "Something else")]
  #expect(follow(before, after, before).new == [2, 0, 0])
}

@Test func `a guid made from a date that changes keeps its article by link and text`() {
  func dated(_ hours: Int) -> [FeedItem] {
    (1...4).map { post($0, guid: { "\($0)@\(hours)" }, hours: hours) }
  }
  let followed = follow(dated(0), dated(5), dated(30))
  #expect(followed.new == [4, 0, 0])
  #expect(followed.updated == 0)
}

@Test func `a guid that is random at every fetch keeps its article for ever`() {
  var history = History()
  for fetch in 0..<40 {
    let items = (1...5).map { post($0, guid: { "\($0)-\(fetch &* 7919)" }) }
    #expect(history.read(items).count(.new) == (fetch == 0 ? 5 : 0))
    #expect(history.read(items).steps.isEmpty)
  }
  #expect(history.articles.count == 5)
}

@Test func `a random guid without a link and a date keeps its article by title and text`() {
  func fetch(_ number: Int) -> [FeedItem] {
    (1...3).map { post($0, guid: { "\($0)-\(number)" }, url: { _ in nil }, hours: nil) }
  }
  #expect(follow(fetch(1), fetch(2), fetch(3)).new == [3, 0, 0])
}

@Test func `where guids are random an edited article with a new date is known by its link`() {
  func fetch(_ number: Int, edited: Int?) -> [FeedItem] {
    (1...6)
      .map { place in
        post(
          place,
          guid: { "\($0)-\(number)" },
          title: { $0 == edited ? "Rewritten from start to end" : "The post of number \($0)" },
          text: { essay($0 == edited ? 90 : $0) },
          hours: place == edited ? 50 : 0
        )
      }
  }
  let followed = follow(fetch(1, edited: nil), fetch(2, edited: 3), fetch(3, edited: 3))
  #expect(followed.new == [6, 0, 0])
  #expect(followed.updated + followed.rules.count { $0 == .link } > 0)
}

@Test func `one guid on all items is none`() {
  func all(_ numbers: ClosedRange<Int>) -> [FeedItem] {
    numbers.map { post($0, guid: { _ in "https://blog.example/" }) }
  }
  #expect(follow(all(1...4), all(3...6), all(1...4)).new == [4, 2, 0])
}

@Test func `one guid that the only item of each document has brings an article each time`() {
  func alone(_ number: Int) -> [FeedItem] {
    let titles = ["", "Rivers of the north", "Why bread rises", "A day without clocks"]
    return [post(number, guid: { _ in "item" }, title: { titles[$0] })]
  }
  #expect(follow(alone(1), alone(2), alone(3), alone(2)).new == [1, 1, 1, 0])
}

@Test func `an article that is rewritten under its guid is the same article`() {
  let best = { (year: Int) in
    [
      post(
        year,
        guid: { _ in "https://blog.example/?p=7" },
        url: { "https://blog.example/the-best-lamps-of-\($0)" },
        title: { "The best lamps of \($0)" },
        text: { essay(1, words: 60) + essay($0, words: 20) }
      )
    ]
  }
  #expect(follow(best(2025), best(2026)).new == [1, 0])
}

@Test func `items without guids are known by their links`() {
  let plain = (1...4).map { post($0, guid: { _ in nil }) }
  let edited = (1...4)
    .map { post($0, guid: { _ in nil }, title: { "The number \($0) of my posts" }, hours: 20) }
  let followed = follow(plain, edited)
  #expect(followed.new == [4, 0])
  #expect(followed.updated == 4)
}

@Test func `items without links are known by their guids, whatever is edited`() {
  let plain = (1...4).map { post($0, url: { _ in nil }) }
  let edited = (1...4)
    .map { post($0, url: { _ in nil }, title: { "New \($0)" }, text: { essay($0 + 9) }, hours: 9) }
  #expect(follow(plain, edited).new == [4, 0])
}

@Test func `items with neither guid nor link are known by their words, also when they are edited`()
{
  func bare(_ text: @escaping (Int) -> String) -> [FeedItem] {
    (1...3).map { post($0, guid: { _ in nil }, url: { _ in nil }, text: text) }
  }
  let followed = follow(
    bare { essay($0) },
    bare { essay($0) + ($0 == 2 ? "<p>One more sentence.</p>" : "") }
  )
  #expect(followed.new == [3, 0])
}

@Test func `items without dates are known by guid and link`() {
  let plain = (1...4).map { post($0, hours: nil) }
  let renamed = (1...4).map { post($0, guid: { "new:\($0)" }, hours: nil) }
  #expect(follow(plain, renamed).new == [4, 0])
}

// Sites that move.

@Test func `a site that moves to another domain keeps its articles, also edited ones`() {
  let moved = (1...6)
    .map {
      post(
        $0,
        guid: { "https://new.example/?p=\($0)" },
        url: { "https://new.example/\($0)-a-post-of-mine" },
        text: { essay($0) + "<p>We are new.example now.</p>" }
      )
    }
  #expect(follow(six, moved).new == [6, 0])
  #expect(follow([six[0]], [moved[0]]).new == [1, 0])
}

@Test func `a site that moves and loses its dates keeps its articles by path, title and text`() {
  let moved = [
    post(
      1,
      guid: { "new:\($0)" },
      url: { "https://new.example/\($0)-a-post-of-mine" },
      text: { essay($0) + "<p>A footer.</p>" },
      hours: nil
    )
  ]
  #expect(follow([six[0]], moved).new == [1, 0])
}

@Test func `another content management system with other addresses keeps the articles`() {
  let old = (1...6).map { post($0, url: { "https://blog.example/?p=\($0)" }) }
  let new = (1...6)
    .map {
      post(
        $0,
        guid: { "https://blog.example/2026/\($0)/post" },
        url: { "https://blog.example/2026/\($0)/post" },
        text: { "<div class='entry'>" + essay($0) + "</div><p>Share this on your wall</p>" }
      )
    }
  #expect(follow(old, new).new == [6, 0])
  #expect(follow([old[3]], [new[3]]).new == [1, 0])
}

@Test func `another system that forgets the time zone and gives excerpts keeps the articles`() {
  let new = (1...6)
    .map {
      post(
        $0,
        guid: { "urn:post:\($0)" },
        url: { "https://blog.example/notes/\($0)" },
        text: { String(essay($0).prefix(150)) + " …</p>" },
        hours: -2
      )
    }
  let followed = follow(six, new)
  #expect(followed.new == [6, 0])
  #expect(followed.rules.suffix(6).allSatisfy { $0 == .migration })
}

@Test func `among items that moved one of few words moved too`() {
  func old(_ number: Int) -> FeedItem {
    post(number, text: { $0 == 4 ? "<p>Ha!</p>" : essay($0) })
  }
  func new(_ number: Int) -> FeedItem {
    post(
      number,
      guid: { "urn:post:\($0)" },
      url: { "https://blog.example/notes/\($0)" },
      text: { ($0 == 4 ? "<p>Ha!</p>" : essay($0)) + "<p>Share this.</p>" }
    )
  }
  #expect(follow((1...6).map(old), (1...6).map(new)).new == [6, 0])
}

@Test func `Atom and RSS of one site may be exchanged under one subscription`() {
  let rss = six
  let atom = (1...6)
    .map {
      post(
        $0,
        guid: { "tag:blog.example,2026:post-\($0)" },
        text: { "<div>" + essay($0).replacing("<p>", with: "<p class=\"x\">") + "</div>" }
      )
    }
  let followed = follow(rss, atom, rss, atom)
  #expect(followed.new == [6, 0, 0, 0])
  #expect(followed.updated == 0)
}

// Links, titles and texts.

@Test func `tracking parameters, www and an index page do not make another article`() {
  func tracked(_ parameters: String, guid: String) -> [FeedItem] {
    (1...3)
      .map { number in
        post(
          number,
          guid: { "\(guid)\($0)" },
          url: { "https://www.blog.example/\($0)-a-post-of-mine/index.html\(parameters)" },
          title: { "An edited title \($0)" }
        )
      }
  }
  #expect(
    follow(Array(six.prefix(3)), tracked("?utm_source=rss&fbclid=9", guid: "x")).new == [3, 0]
  )
}

@Test func `an edited title or text is a revision of the same article`() {
  let titled = [post(1, title: { _ in "Corrected" })] + six.dropFirst()
  let texted =
    [post(1, title: { _ in "Corrected" }, text: { essay($0) + "More." })] + six.dropFirst()
  let followed = follow(six, titled, texted)
  #expect(followed.new == [6, 0, 0])
  #expect(followed.updated == 2)
}

@Test func `the order of items says nothing`() {
  #expect(
    follow(six, six.reversed(), [six[2], six[5], six[0], six[1], six[4], six[3]]).new == [6, 0, 0]
  )
}

@Test func `a feed that goes to and fro between two sets of items shows each once`() {
  let (first, second) = (Array(six.prefix(3)), Array(six.suffix(3)))
  #expect(follow(first, second, first, second).new == [3, 3, 0, 0])
}

@Test func `items that come back after months are not new`() {
  let others = (10...15).map { post($0) }
  let later = (20...25).map { post($0) }
  #expect(follow(six, others, later, six).new == [6, 6, 6, 0])
}

@Test func `a text that goes to and fro between two versions comes to rest`() {
  var history = History()
  var updated = 0
  for fetch in 0..<40 {
    history.now = Timestamp(seconds: Int64(fetch) * 3600)
    let version = fetch.isMultiple(of: 2) ? "One" : "Two"
    updated += history.read(post(1, title: { _ in version })).count(.updated)
  }
  #expect(updated == 2)
  // Where it stays with one of them that is taken over, and is no news.
  history.now = Timestamp(seconds: 30 * 86_400)
  let last = history.articles[0].title == "One" ? "Two" : "One"
  let plan = history.read(post(1, title: { _ in last }))
  #expect(plan.count(.updated) == 0)
  #expect(plan.count(.minor) == 1)
  #expect(history.articles[0].title == last)
}

@Test func `an older copy from a cache does not take an edit back`() {
  var history = History()
  var old = post(1)
  old.modified = Timestamp(seconds: 100)
  var new = post(1, text: { essay($0 + 1) })
  new.modified = Timestamp(seconds: 200)
  #expect(history.read(old).counts == [1, 0, 0, 0])
  #expect(history.read(new).counts == [0, 1, 0, 0])
  for _ in 0..<3 { #expect(history.read(old).counts == [0, 0, 0, 1]) }
  #expect(history.read(new).counts == [0, 0, 0, 1])
}

@Test func `an item whose every key is taken is new once, also when its date is that of the fetch`()
{
  var history = History()
  _ = history.read(item(guid: "g", url: "https://blog.example/a-b-c", title: "One", text: essay(1)))
  for fetch in 1...5 {
    let plan = history.read(
      item(guid: "g", url: "https://blog.example/d-e-f", title: "One", text: essay(1)),
      item(url: "https://blog.example/a-b-c", title: "Two", text: essay(2), day: fetch)
    )
    #expect(plan.count(.new) == (fetch == 1 ? 1 : 0))
  }
}

@Test func `an unchanged document asks for no old text`() {
  var history = History()
  _ = history.read(six)
  _ = history.read(six)
  #expect(history.wanted == 0)
  // A new item beside them asks for none either.
  _ = history.read(six + [post(9)])
  #expect(history.wanted == 0)
}

// What is never one.

/// Documents of one item each, of which every one is an article of its own.
private func expectApart(_ items: [FeedItem], sourceLocation: SourceLocation = #_sourceLocation) {
  var history = History()
  for item in items {
    #expect(history.read(item).counts == [1, 0, 0, 0], sourceLocation: sourceLocation)
    #expect(history.read(item).counts == [0, 0, 0, 1], sourceLocation: sourceLocation)
  }
  // The window of a feed holds several of them.
  var window = History()
  for end in 1...items.count {
    let plan = window.read(items[max(0, end - 3)..<end].reversed())
    #expect(
      plan.counts[0] == 1 && plan.counts[1] + plan.counts[2] == 0,
      sourceLocation: sourceLocation
    )
  }
}

@Test func `weekly threads of one title are each an article`() {
  expectApart(
    (1...5)
      .map { week in
        post(week, title: { _ in "Open thread" }, text: { essay($0) })
      }
  )
}

@Test func `open threads of one title and one text are each an article, with dates and without`() {
  for hours in [0, nil] {
    expectApart(
      (1...5)
        .map { week in
          post(week, title: { _ in "Open thread" }, text: { _ in essay(7) }, hours: hours)
        }
    )
  }
}

@Test func `weekly digests under repeating titles and one frame are each an article`() {
  expectApart(
    (1...5)
      .map { week in
        post(week, title: { _ in "The week in links" }, text: { essay(7) + essay($0, words: 12) })
      }
  )
}

@Test func `several weekly series that all move on at once are no migration`() {
  func week(_ number: Int) -> [FeedItem] {
    ["Monday notes", "Wednesday links", "Friday thread", "Sunday reading"].enumerated()
      .map { day, title in
        post(
          number * 7 + day,
          title: { _ in title },
          text: { _ in essay(day) + essay(number * 10 + day, words: 10) }
        )
      }
  }
  #expect(follow(week(1), week(2), week(3)).new == [4, 4, 4])
}

@Test func `changelogs with one link are each an article, with dates and without`() {
  for hours in [0, nil] {
    expectApart(
      (1...5)
        .map { version in
          post(
            version,
            guid: { "v1.\($0)" },
            url: { _ in "https://app.example/changelog" },
            title: { _ in "New release" },
            text: { essay($0, words: 30) },
            hours: hours
          )
        }
    )
  }
}

@Test func `changelogs of one day and one link are each an article`() {
  let first = item(guid: "a", url: "https://a.example/log", title: "1.1", text: essay(1), day: 9)
  let second = item(guid: "b", url: "https://a.example/log", title: "1.2", text: essay(2), day: 9)
  expectApart([first, second])
}

@Test func `comics with titles of one word are each an article`() {
  expectApart(
    (1...5)
      .map { number in
        post(
          number,
          url: { "https://comic.example/\($0)" },
          title: { _ in "Comic" },
          text: { "<img src=\"/\($0).png\">" }
        )
      }
  )
}

@Test func `a comic at one address without dates is an article a day`() {
  expectApart(
    (1...5)
      .map { number in
        post(
          number,
          url: { _ in "https://comic.example/today" },
          title: { _ in "Comic" },
          text: { "<img src=\"/\($0).png\">" },
          hours: nil
        )
      }
  )
}

@Test func `episodes with one description are each an article`() {
  expectApart(
    (1...5)
      .map { number in
        post(number, title: { "Episode \($0)" }, text: { _ in essay(3) })
      }
  )
}

@Test func `items that differ by date alone are each an article`() {
  expectApart(
    (1...5)
      .map { number in
        post(number, title: { _ in "Status" }, text: { _ in "All well." })
      }
  )
  // Without guid and link as well, where the one before is still there.
  let bare = (1...5)
    .map { number in
      post(
        number,
        guid: { _ in nil },
        url: { _ in nil },
        title: { _ in "Status" },
        text: { _ in "All well." }
      )
    }
  #expect(follow([bare[0]], [bare[1], bare[0]], [bare[2], bare[1]]).new == [1, 1, 1])
}

@Test func `what has nothing but words is no other article because its date is that of the fetch`()
{
  let words = (0..<4)
    .map { fetch in
      (1...2)
        .map { number in
          post(number, guid: { _ in nil }, url: { _ in nil }, hours: fetch)
        }
    }
  #expect(follow(words[0], words[1], words[2], words[3]).new == [2, 0, 0, 0])
}

@Test func `a status page under one address is an article a day`() {
  expectApart(
    (1...5)
      .map { number in
        post(
          number,
          url: { _ in "https://app.example/status" },
          title: { _ in "Status" },
          text: { essay($0, words: 9) }
        )
      }
  )
}

@Test func `the weather of several cities at constant addresses is new every day`() {
  func day(_ number: Int, hours: Int = 0) -> [FeedItem] {
    ["Bergen", "Turku", "Lund", "Oulu"].enumerated()
      .map { place, city in
        post(
          number,
          guid: { "\(city)-\($0)-\(hours)" },
          url: { _ in "https://weather.example/\(city.lowercased())" },
          title: { _ in "Weather for \(city)" },
          text: { _ in
            "<p>\(city): \(number + place + hours) degrees, wind \(number * 3 % 17) from the west, "
              + "\(number * 7 % 100) percent chance of rain, sunrise 7:\(10 + number).</p>"
          },
          hours: hours
        )
      }
  }
  #expect(follow(day(1), day(2), day(3)).new == [4, 4, 4])
  // Twice a day as well.
  #expect(follow(day(1), day(1, hours: 12), day(2), day(2, hours: 12)).new == [4, 4, 4, 4])
}

@Test func `a page of the day without guids is an article a day`() {
  let days = (1...5)
    .map { number in
      post(
        number,
        guid: { _ in nil },
        url: { _ in "https://pictures.example/today" },
        title: { _ in "Picture of the day" },
        text: { essay($0) }
      )
    }
  var history = History()
  for day in days {
    #expect(history.read(day).counts == [1, 0, 0, 0])
    #expect(history.read(day).counts == [0, 0, 0, 1])
  }
}

@Test func `what comes daily or twice a day under one title is new each time`() {
  for step in [12, 24] {
    expectApart(
      (1...6)
        .map { number in
          post(
            1,
            guid: { _ in "brief-\(number)" },
            url: { _ in "https://news.example/brief/\(number)" },
            title: { _ in "Morning briefing" },
            text: { _ in essay(1, words: 40) + essay(number + 5, words: 20) },
            hours: number * step
          )
        }
    )
  }
}

@Test func `what a person joined is neither new nor changed when both stand in a document`() {
  var history = History()
  let (one, two) = (post(1), post(2))
  let ids = history.read(one, two).steps.map(\.article.id)
  history.join(ids[0], with: ids[1])
  for _ in 0..<3 { #expect(history.read(one, two).count(.new) == 0) }
}

// Counters where the words are all there is to go by.

/// A text whose last line counts.
private func counting(_ number: Int, _ fetch: Int) -> String {
  essay(number) + "<p>\(fetch * 7 + number) views, \(fetch) comments</p>"
}

@Test func `a counter makes no new article of what has neither guid nor link`() {
  for (title, hours) in [
    ({ (number: Int) -> String? in "Post \(number)" }, 0 as Int?),
    ({ number in "Post \(number)" }, nil), ({ _ in nil }, 0),
  ] {
    var history = History()
    for fetch in 0..<20 {
      let items = (1...4)
        .map { number in
          post(
            number,
            guid: { _ in nil },
            url: { _ in nil },
            title: title,
            text: { counting($0, fetch) },
            hours: hours
          )
        }
      #expect(history.read(items).count(.new) == (fetch == 0 ? 4 : 0))
      #expect(history.read(items).count(.new) == 0)
    }
    #expect(history.articles.count == 4)
  }
}

@Test func `where guids are random and dates those of the fetch a counter makes nothing new`() {
  var history = History()
  for fetch in 0..<10 {
    let items = (1...4)
      .map { post($0, guid: { "\($0)/\(fetch)" }, text: { counting($0, fetch) }, hours: fetch) }
    #expect(history.read(items).count(.new) == (fetch == 0 ? 4 : 0))
  }
}

@Test func `threads of one title and one text keep their articles by their dates when they move`() {
  func threads(_ host: String) -> [FeedItem] {
    (1...20)
      .map { number in
        post(
          number,
          guid: { "https://\(host)/?p=\($0)" },
          url: { "https://\(host)/\($0)" },
          title: { _ in "Open thread" },
          text: { _ in essay(1) }
        )
      }
  }
  #expect(follow(threads("old.example"), threads("new.example")).new == [20, 0])
}

@Test func `a session in the link makes nothing new`() {
  func fetch(_ number: Int) -> [FeedItem] {
    (1...3)
      .map { post($0, guid: { _ in nil }, url: { link(of: $0, number) }, hours: nil) }
  }
  func link(of number: Int, _ fetch: Int) -> String {
    "https://blog.example/t.php?id=\(number)&sid=5c754ab3902ad08\(fetch)"
  }
  #expect(follow(fetch(1), fetch(2), fetch(3)).new == [3, 0, 0])
}

@Test func `an item that has a body at one fetch and none at the next comes to rest`() {
  var history = History()
  var written = 0
  for fetch in 0..<12 {
    history.now = Timestamp(seconds: Int64(fetch) * 3600)
    let items = [post(1, text: { fetch.isMultiple(of: 2) ? essay($0) : nil }), post(2)]
    written += history.read(items).steps.count
  }
  #expect(written <= 6)
}

@Test func `a text without spaces in which a digit is added is alike`() {
  let old =
    String(repeating: "沼地の鳥は朝早く飛び立った。", count: 1)
    + "番人は湿原で二度数えて、今年は去年より多いと言う。橋の下には新しい巣が見つかった。"
  let new = old.replacing("二度", with: "2度")
  func items(_ text: String) -> [FeedItem] {
    [post(1, guid: { _ in nil }, url: { _ in nil }, text: { _ in "<p>\(text)</p>" }), post(2)]
  }
  #expect(follow(items(old), items(new)).new == [2, 0])
}

/// Documents of three items each: one comes in, one goes out.
private func sliding(_ post: (Int) -> FeedItem) -> [Int] {
  var history = History()
  return (1...6)
    .map { fetch in
      history.now = Timestamp(seconds: Int64(fetch) * 86_400)
      let items = (fetch..<fetch + 3).reversed().map(post)
      let new = history.read(items).count(.new)
      #expect(history.read(items).steps.isEmpty)
      return new
    }
}

@Test func `a link on several items says nothing of the one that comes as another goes`() {
  let log = "https://blog.example/changelog-of-2026"
  let fixes = "<p>Bug fixes and performance improvements.</p>"
  let expected = [3, 1, 1, 1, 1, 1]
  for hours in [0, nil] {
    #expect(
      sliding {
        post(
          $0,
          guid: { _ in nil },
          url: { _ in log },
          title: { "Version 1.\($0)" },
          text: { _ in fixes },
          hours: hours
        )
      } == expected
    )
    #expect(
      sliding {
        post($0, url: { _ in log }, title: { "Episode \($0)" }, text: { _ in fixes }, hours: hours)
      } == expected
    )
  }
  #expect(
    sliding { post($0, url: { _ in log }, title: { _ in "Open Thread" }, text: { _ in fixes }) }
      == expected
  )
  #expect(
    sliding {
      post($0, guid: { _ in nil }, url: { _ in log }, title: { _ in "Berlin" }, text: { essay($0) })
    } == expected
  )
}

@Test func `pictures of one moment under one title are each an article`() {
  #expect(
    sliding { number in
      var item = post(number, title: { _ in "Photo" }, text: { "<img src='/\($0).jpg'>" })
      item.published = Timestamp(seconds: 1_000_000)
      return item
    } == [3, 1, 1, 1, 1, 1]
  )
}

@Test func `guids that number the places of a document are not believed`() {
  func document(_ first: Int) -> [FeedItem] {
    (0..<3)
      .map { place in
        post(first + place, guid: { _ in "slot\(place)" }, title: { essay($0, words: 4) })
      }
  }
  #expect(follow(document(1), document(2), document(3)).new == [3, 1, 1])
}

@Test func `a guid and a date that are new at every fetch, without links, keep their articles`() {
  var history = History()
  for fetch in 0..<5 {
    let items = (1...5)
      .map { post($0, guid: { "\($0)/\(fetch)" }, url: { _ in nil }, hours: fetch * 5) }
    #expect(history.read(items).count(.new) == (fetch == 0 ? 5 : 0))
  }
}

@Test func `an edited title beside a counter makes nothing new of what has neither guid nor link`()
{
  func fetch(_ number: Int, _ title: String) -> [FeedItem] {
    (1...4)
      .map { place in
        post(
          place,
          guid: { _ in nil },
          url: { _ in nil },
          title: { $0 == 2 ? title : "Post \($0)" },
          text: { counting($0, number) }
        )
      }
  }
  let followed = follow(fetch(1, "A walk to the sea"), fetch(2, "A walk to the shore"))
  #expect(followed.new == [4, 0])
}

@Test func `forms of one second that are filled in for several places are each an article`() {
  let places = ["Ahlen", "Bonn", "Celle", "Daun", "Emden", "Fulda", "Goslar", "Husum"]
  #expect(
    sliding { number in
      var item = post(
        number,
        url: { _ in nil },
        title: { "Weather for \(places[$0 % 8])" },
        text: { "<p>Weather for \(places[$0 % 8]). Cloudy, with rain towards the evening.</p>" }
      )
      item.published = Timestamp(seconds: 1_000_000)
      return item
    } == [3, 1, 1, 1, 1, 1]
  )
}

@Test func `pictures under titles that come again keep their articles when the site moves`() {
  func pictures(_ host: String) -> [FeedItem] {
    (1...40)
      .map { number in
        post(
          number,
          guid: { _ in nil },
          url: { "https://\(host)/\($0).html" },
          title: { $0.isMultiple(of: 2) ? "Heron" : "Tern" },
          text: { "<img src='https://cdn.example/\($0).png'>" }
        )
      }
  }
  #expect(follow(pictures("old.example"), pictures("new.example/comics")).new == [40, 0])
}

@Test func `where sessions were in every link the words say that a page has moved`() {
  func fetch(_ number: Int, _ folder: String) -> [FeedItem] {
    (1...2)
      .map { place in
        let link = "https://blog.example/\(folder)/\(place * 7).html?sid=5c754ab3902\(number)"
        return post(place, guid: { _ in nil }, url: { _ in link }, hours: nil)
      }
  }
  let before = (1...4).map { fetch($0, "a") }
  let followed = follow(before[0], before[1], before[2], before[3], fetch(5, "archive"))
  #expect(followed.new == [2, 0, 0, 0, 0])
}

@Test func `a guid and a date that follow an edit keep their article where a word was mended`() {
  func fetch(_ words: String, _ hours: Int) -> [FeedItem] {
    let text = essay(1, words: 18).replacing("</p>", with: " \(words)</p><p>\(hours) views</p>")
    return [
      post(1, guid: { "\($0)@\(hours)" }, text: { _ in text }, hours: hours),
      post(2, guid: { "\($0)@\(hours)" }, hours: hours),
    ]
  }
  #expect(follow(fetch("on teh marsh", 0), fetch("on the marsh", 9)).new == [2, 0])
}

@Test func `a report at one address is an article a day, for its numbers are others`() {
  func report(_ day: Int) -> [FeedItem] {
    let text =
      "<p>At the lock the water stood at \(200 + day * 3) centimetres this morning. Boats of all "
      + "kinds may pass. The bridge opens at eight, at noon and at five, and on demand.</p>"
    return [
      post(
        day,
        guid: { "report-\($0)" },
        url: { _ in "https://blog.example/lock?id=7" },
        title: { _ in "The lock today" },
        text: { _ in text }
      )
    ]
  }
  #expect(follow(report(1), report(2), report(3)).new == [1, 1, 1])
}

@Test func `without links another title, text and date under one guid are another article`() {
  func alone(_ number: Int) -> [FeedItem] {
    [post(number, guid: { _ in "item" }, url: { _ in nil }, title: { essay($0, words: 4) })]
  }
  let both = [alone(2)[0], alone(3)[0]]
  #expect(follow(alone(1), both, alone(4), alone(1)).new == [1, 2, 1, 0])
}

@Test
func `items without dates that moved at once, beside others that had moved, keep their articles`() {
  func undated(_ host: String, _ numbers: ClosedRange<Int>) -> [FeedItem] {
    numbers.map { number in
      post(
        number,
        guid: { "\(host)/\($0)" },
        url: { "https://\(host)/\($0 * 7 + host.utf8.count).html" },
        hours: nil
      )
    }
  }
  let moved = undated("new.example", 5...8)
  #expect(
    follow(undated("old.example", 1...8), moved, undated("new.example", 2...8)).new == [8, 0, 0]
  )
}

@Test func `a guid that is new after a change of markup makes no changed article`() {
  func item(_ guid: String, _ tag: String) -> FeedItem {
    post(1, guid: { _ in guid }, text: { "<\(tag)>\(essay($0))</\(tag)>" })
  }
  var history = History()
  _ = history.read(item("a", "div"), post(2))
  #expect(history.read(item("a", "section"), post(2)).steps.map(\.article.isMinor) == [true])
  #expect(history.read(item("b", "section"), post(2)).steps.map(\.article.isMinor) == [true])
}

@Test func `in a document that is cut one guid on everything is not taken for an article's own`() {
  func all(_ numbers: [Int]) -> [FeedItem] {
    numbers.map { number in
      post(
        number,
        guid: { _ in "https://blog.example/" },
        url: { _ in "https://blog.example/" },
        title: { essay($0, words: 4) },
        hours: nil
      )
    }
  }
  var history = History()
  _ = history.read(all([1]), isTruncated: true)
  #expect(history.read(all([2]), isTruncated: true).count(.new) == 1)
  #expect(history.read(all([3, 2, 1])).count(.new) == 1)
  #expect(history.articles.count == 3)
}
