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
