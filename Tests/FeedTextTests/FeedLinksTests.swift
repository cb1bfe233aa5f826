import FeedText
import Testing

@Test func `feeds are found in document order with title and type`() {
  let page = """
    <!DOCTYPE html><html><head><title>x</title>
    <link rel="stylesheet" href="/s.css" type="text/css">
    <link rel="alternate" type="application/rss+xml" title="News &amp;  more" href="/rss">
    <link href='feed.json' type='Application/Feed+JSON; charset=utf-8' rel='ALTERNATE'></link>
    <link rel="alternate" type="application/atom+xml" href="//other.org/atom"/>
    </head><body>x</body></html>
    """
  #expect(
    links(page) == [
      FeedLink(
        url: "https://e.org/rss",
        title: "News & more",
        mimeType: "application/rss+xml",
        rel: "alternate"
      ),
      FeedLink(
        url: "https://e.org/a/feed.json",
        title: nil,
        mimeType: "application/feed+json",
        rel: "alternate"
      ),
      FeedLink(
        url: "https://other.org/atom",
        title: nil,
        mimeType: "application/atom+xml",
        rel: "alternate"
      ),
    ]
  )
}

@Test func `the base element counts wherever it stands, the first one only`() {
  let page = """
    <link rel=alternate type=application/rss+xml href=rss><base href="/b/"><base href="http://c.org/">
    """
  #expect(links(page).map(\.url) == ["https://e.org/b/rss"])
  #expect(
    links("<base href='javascript:x'><link rel=feed href=rss>").map(\.url) == [
      "https://e.org/a/rss"
    ]
  )
}

@Test func `only web addresses are feeds`() {
  for address in [
    "javascript:x", "data:application/rss+xml,x", "file:///etc/passwd", "feed:x", "mailto:a@b", "",
    " ",
  ] {
    #expect(
      links("<link rel=alternate type=application/rss+xml href='\(address)'>") == [],
      "\(address)"
    )
  }
}

@Test func `an address is named once`() {
  let page =
    "<link rel=feed href=/f><link rel=alternate type=application/rss+xml href=/f#x><link rel=feed href=/g>"
  #expect(links(page).map(\.url) == ["https://e.org/f", "https://e.org/g"])
}

@Test func `feeds of comments come last`() {
  let page = """
    <link rel=alternate type=application/rss+xml href=/comments/feed/>
    <link rel=alternate type=application/rss+xml title="Post » Comments Feed" href=/p/feed/>
    <link rel=alternate type=application/rss+xml title="Kommentare" href=/k>
    <link rel=alternate type=application/rss+xml title=Articles href=/feed/>
    """
  #expect(
    links(page).map(\.url)
      == [
        "https://e.org/feed/", "https://e.org/comments/feed/", "https://e.org/p/feed/",
        "https://e.org/k",
      ]
  )
}

@Test func `general types count only where the address says feed`() {
  let page = """
    <link rel=alternate type=application/json href=/wp-json/wp/v2/pages/2>
    <link rel=alternate type=application/json+oembed href=/oembed?feed>
    <link rel=alternate type=application/json href=/feed.json>
    <link rel=alternate type=text/xml href=/sitemap.xml><link rel=alternate type=text/xml href=/index.rss>
    <link rel=alternate hreflang=de href=/feed/de><link rel=feed href=/x><link rel=feed type=text/html href=/y>
    """
  #expect(
    links(page).map(\.url) == [
      "https://e.org/feed.json", "https://e.org/index.rss", "https://e.org/x",
    ]
  )
}

@Test func `rel is a list of words in any letter case, and every type of a feed counts`() {
  let types = [
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "APPLICATION/RSS+XML ; charset=utf-8",
  ]
  for rel in ["alternate", "ALTERNATE", "home Alternate\n me", "feed", "Feed alternate"] {
    for type in types {
      let found = links("<link rel='\(rel)' type='\(type)' href=/x>")
      #expect(found.map(\.url) == ["https://e.org/x"], "\(rel), \(type)")
    }
  }
  for rel in ["stylesheet", "alternates", "feeds", "", "self"] {
    #expect(links("<link rel='\(rel)' type='application/rss+xml' href=/x>") == [], "\(rel)")
  }
  #expect(links("<link type='application/rss+xml' href=/x>") == [])
}

@Test(arguments: ["application/json", "application/xml", "text/xml"])
func `a general type counts where the title says feed`(type: String) {
  func found(_ title: String, _ address: String) -> Bool {
    !links("<link rel=alternate type=\(type) title='\(title)' href='\(address)'>").isEmpty
  }
  #expect(found("RSS", "/x") && found("Our Feed", "/x") && found("", "/news/index.xml"))
  #expect(!found("", "/x") && !found("Sitemap", "/sitemap.xml"))
}

@Test func `neither oEmbed nor other languages of a page are feeds`() {
  let page = """
    <link rel=alternate type=application/json+oembed href=/oembed?url=%2Ffeed title=Feed>
    <link rel=alternate type=text/xml+oembed href=/oembed?url=%2Ffeed&format=xml>
    <link rel=alternate hreflang=fr href=/fr/feed/ title=RSS>
    <link rel="alternate stylesheet" type=text/css href=/rss.css>
    <link rel=alternate type=application/opensearchdescription+xml href=/feed>
    <link rel=alternate media=handheld href=/feed>
    """
  #expect(links(page) == [])
}

@Test func `links that look like feeds come last, and only where they do`() {
  let page = """
    <a href=/blog/feed/>Subscribe <b>here</b> now</a><a href="/news.rss" title="News">x</a>
    <a href="/?feed=rss2">x</a><a href="feed://e.org/atom.xml">x</a><a href="FEED:https://e.org/rss">x</a>
    <a type="application/rss+xml" href=/typed>x</a><a rel="alternate" type="application/atom+xml" href=/declared>x</a>
    <a href=/feedback>x</a><a href=/rss-help.html>x</a><a href=/feed/about>x</a><a href=/atomic>x</a>
    <a href="https://reader.example/add/https://e.org/feed">x</a><a href="https://reader.example/https%3A%2F%2Fe.org/feed">x</a>
    <a href="javascript:feed">x</a><a href="mailto:feed@e.org">x</a><a rel=alternate href=/other>x</a><a>x</a>
    <link rel=alternate type=application/rss+xml href=/comments/feed/>
    <link rel=alternate type=application/rss+xml href=/first><a href=/first>again</a><a href="/news.rss">again</a>
    """
  let found = links(page)
  #expect(
    found.map(\.url) == [
      "https://e.org/first", "https://e.org/declared", "https://e.org/comments/feed/",
      "https://e.org/blog/feed/", "https://e.org/news.rss", "https://e.org/?feed=rss2",
      "http://e.org/atom.xml", "https://e.org/rss", "https://e.org/typed",
    ]
  )
  #expect(found.map(\.isDeclared) == [true, true, true] + Array(repeating: false, count: 6))
  #expect(found[3].title == "Subscribe here now" && found[4].title == "News")
  #expect(found[3].rel == "" && found[1].rel == "alternate")
}

@Test func `an open link takes no text beyond the next one`() {
  let found = links("<a href=/feed>One<a href=/rss>Two</a> three")
  #expect(found.map(\.title) == ["One", "Two"])
}

@Test func `links in comments, scripts and templates are not there, links in the body are`() {
  let link = "<link rel=feed href=/x>"
  #expect(links("<!-- \(link) --><script>\(link)</script><template>\(link)</template>") == [])
  #expect(links("<p>text</p><div>\(link)</div>").count == 1)
}

@Test func `windows-1252 is read where the page says so`() {
  let head = Array("<meta charset=\"ISO-8859-1\"><link rel=feed href=/x title=\"Caf".utf8)
  let page = head + [0xE9, 0x20, 0x80, 0x22, 0x3E]
  #expect(feedLinks(inPage: page, baseURL: "https://e.org/").map(\.title) == ["Café €"])
}

@Test func `bytes that are not UTF-8 are replaced where nothing is said`() {
  let page = Array("<link rel=feed href=/x title=\"Caf".utf8) + [0xE9, 0x22, 0x3E]
  #expect(feedLinks(inPage: page, baseURL: "https://e.org/").map(\.title) == ["Caf\u{FFFD}"])
}

@Test func `UTF-8 is UTF-8, whatever the page says`() {
  let page = Array("<meta charset=iso-8859-1><link rel=feed href=/x title=Café>".utf8)
  #expect(feedLinks(inPage: page, baseURL: "https://e.org/").map(\.title) == ["Café"])
}

@Test func `a page without feeds has none`() {
  #expect(links("") == [])
  #expect(links("<p>x</p>") == [])
}

private func links(_ page: String) -> [FeedLink] {
  feedLinks(inPage: Array(page.utf8), baseURL: "https://e.org/a/index.html")
}
