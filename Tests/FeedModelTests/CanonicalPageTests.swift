import FeedModel
import Testing

/// Two addresses of one page, and the rule that says so.
private let samePages: [(String, String)] = [
  // Scheme, host, port.
  ("http://blog.example/a", "https://blog.example/a"),
  ("https://Blog.Example:443/a", "https://blog.example/a"),
  ("https://blog.example./a", "https://blog.example/a"),
  ("https://www.blog.example/a", "https://blog.example/a"),
  ("https://m.blog.example/a", "https://blog.example/a"),
  ("https://mobile.blog.example/a", "https://www.blog.example/a"),
  ("https://en.m.wikipedia.org/wiki/Tern", "https://en.wikipedia.org/wiki/Tern"),
  ("https://marsh.blogspot.co.uk/a", "https://marsh.blogspot.com/a"),
  ("https://marsh.blogspot.de/a?m=1", "https://marsh.blogspot.com/a"),
  ("https://x.com/ann/status/1?s=20", "https://twitter.com/ann/status/1"),
  ("https://old.reddit.com/r/a/comments/1", "https://www.reddit.com/r/a/comments/1/"),
  // Paths.
  ("https://blog.example/a/", "https://blog.example/a"),
  ("https://blog.example//a", "https://blog.example/a"),
  ("https://blog.example/a/index.html", "https://blog.example/a/"),
  ("https://blog.example/a/Default.aspx", "https://blog.example/a/"),
  ("https://blog.example/%7eann/a", "https://blog.example/~ann/a"),
  ("https://blog.example/caf%c3%a9", "https://blog.example/caf\u{E9}"),
  ("https://blog.example/a;jsessionid=9F", "https://blog.example/a"),
  // AMP.
  ("https://blog.example/a/amp/", "https://blog.example/a"),
  ("https://blog.example/amp/a", "https://blog.example/a"),
  ("https://blog.example/a.amp.html", "https://blog.example/a.html"),
  ("https://blog.example/a?amp=1", "https://blog.example/a"),
  ("https://blog.example/a?outputType=amp", "https://blog.example/a"),
  ("https://amp.blog.example/a", "https://blog.example/a"),
  ("https://www.google.com/amp/s/blog.example/a", "https://blog.example/a"),
  (
    "https://blog-example.cdn.ampproject.org/c/s/blog.example/a/amp",
    "https://blog.example/a"
  ),
  // Queries.
  ("https://blog.example/a?utm_source=rss&utm_medium=rss", "https://blog.example/a"),
  ("https://blog.example/a?fbclid=1&gclid=2&mc_cid=3", "https://blog.example/a"),
  ("https://blog.example/a?CMP=share_btn", "https://blog.example/a"),
  ("https://blog.example/a?at_medium=RSS&at_campaign=KARANGA", "https://blog.example/a"),
  ("https://blog.example/a?partner=rss&emc=rss", "https://blog.example/a"),
  ("https://blog.example/a?source=rss----9f---4", "https://blog.example/a"),
  ("https://blog.example/a?id=1&page=2", "https://blog.example/a?page=2&id=1"),
  ("https://blog.example/a?", "https://blog.example/a"),
  ("https://blog.example/t?id=7&sid=5c754ab3902ad081", "https://blog.example/t?id=7"),
  // Fragments.
  ("https://blog.example/a#atom-everything", "https://blog.example/a"),
  ("https://blog.example/a#Echobox=1700000000", "https://blog.example/a"),
  ("https://blog.example/a#xtor=RSS-16", "https://blog.example/a"),
  ("https://blog.example/a#:~:text=tern%201", "https://blog.example/a"),
  // Redirectors.
  (
    "https://www.google.com/url?rct=j&sa=t&url=https://blog.example/a%3Fid%3D1&ct=ga",
    "https://blog.example/a?id=1"
  ),
  ("https://www.google.co.uk/url?q=https%3A%2F%2Fblog.example%2Fa", "https://blog.example/a"),
  (
    "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fblog.example%2fa",
    "https://blog.example/a"
  ),
  ("https://l.facebook.com/l.php?u=https%3A%2F%2Fblog.example%2Fa&h=x", "https://blog.example/a"),
  ("https://href.li/?url=https://blog.example/a", "https://blog.example/a"),
  // Videos.
  ("https://youtu.be/dQ?si=1", "https://www.youtube.com/watch?v=dQ&feature=share"),
  ("https://www.youtube.com/shorts/dQ", "https://m.youtube.com/watch?v=dQ&t=12"),
]

@Test(arguments: samePages)
func `addresses of one page have one canonical form`(pair: (String, String)) {
  #expect(canonicalPage(pair.0) != nil)
  #expect(canonicalPage(pair.0) == canonicalPage(pair.1))
  #expect(pageHash(pair.0) == pageHash(pair.1))
}

/// Two addresses that may be of two pages.
private let otherPages: [(String, String)] = [
  ("https://blog.example/a", "https://blog.example/A"),
  ("https://blog.example/?p=1", "https://blog.example/?p=2"),
  ("https://blog.example/#/one", "https://blog.example/#/two"),
  ("https://blog.example/#!one", "https://blog.example/#!two"),
  ("https://blog.example/changes#v1.2", "https://blog.example/changes#v1.3"),
  ("https://blog.example/a#comment-7", "https://blog.example/a"),
  ("https://blog.example:8080/a", "https://blog.example/a"),
  ("https://m.example/a", "https://example/a"),
  ("https://blog.example/a%2Fb", "https://blog.example/a/b"),
  ("https://news.example/a", "https://blog.example/a"),
  ("https://blog.example/a?sid=24", "https://blog.example/a"),
  ("https://blog.example/a?sid=2026112312345678", "https://blog.example/a"),
  ("https://blog.example/a?ref=main", "https://blog.example/a"),
  ("https://blog.example/a?source=print", "https://blog.example/a"),
  ("https://blog.example/a?m=1", "https://blog.example/a"),
  ("https://www.youtube.com/watch?v=a", "https://www.youtube.com/watch?v=b"),
  ("https://www.youtube.com/watch?v=a", "https://www.youtube.com/watch?list=a"),
  ("https://news.google.com/rss/articles/CBMiA", "https://news.google.com/rss/articles/CBMiB"),
  ("https://feedproxy.google.com/~r/a/~3/x/", "https://feedproxy.google.com/~r/a/~3/y/"),
  ("https://blog.example/amp", "https://blog.example/other"),
]

@Test(arguments: otherPages)
func `addresses that may be of two pages have two forms`(pair: (String, String)) {
  #expect(canonicalPage(pair.0) != nil)
  #expect(canonicalPage(pair.0) != canonicalPage(pair.1))
}

@Test(
  arguments: [
    "https://blog.example/", "https://blog.example", "https://www.blog.example/index.html",
    "https://blog.example/?utm_source=rss", "https://blog.example/#top", "mailto:ann@blog.example",
    "no address", "https:///", "tag:blog.example,2026:1",
  ]
)
func `a front page and what is no web address are the page of no article`(address: String) {
  #expect(canonicalPage(address) == nil)
  #expect(pageHash(address) == nil)
}

@Test func `a redirector that leads to itself for ever ends`() {
  var address = "https://blog.example/a"
  for _ in 0..<50 { address = "https://href.li/?url=" + percentEncoded(address) }
  #expect(canonicalPage(address)?.hasPrefix("href.li") == true)
}

private func percentEncoded(_ text: String) -> String {
  text.utf8
    .map {
      $0 == UInt8(ascii: "%")
        ? "%25" : $0 == UInt8(ascii: "&") ? "%26" : "\(Character(UnicodeScalar($0)))"
    }
    .joined()
}

@Test func `titles that are compared as equal have one hash`() {
  #expect(titleHash("Hello, World!") == titleHash("hello world"))
  #expect(titleHash("Hello") != titleHash("Hallo"))
  #expect(titleHash("--") == nil)
  #expect(titleHash(nil) == nil)
}
