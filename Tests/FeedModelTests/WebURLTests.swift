import FeedModel
import Testing

/// RFC 3986 §5.4.1 and §5.4.2, with `http://a/b/c/d;p?q` as the base.
@Test(
  arguments: [
    ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
    ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
    ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
    ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
    ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
    ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
    ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
    ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
    (".g", "http://a/b/c/.g"), ("./g/.", "http://a/b/c/g/"), ("g/../h", "http://a/b/c/h"),
    ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ("https://other.example/x", "https://other.example/x"),
  ]
)
func `references resolve as RFC 3986 shows`(reference: String, expected: String) {
  let base = WebURL("http://a/b/c/d;p?q")
  #expect(base?.resolving(reference)?.text == expected)
  #expect(base.map { ReferenceBase($0).text(reference) } == expected)
}

@Test(
  arguments: [
    ("HTTP://A.Example:80/x", "http://a.example/x"),
    ("https://a.example:443", "https://a.example/"),
    ("https://a.example:8443/", "https://a.example:8443/"),
    (" http://a.example/x y\n", "http://a.example/x%20y"),
    ("http://a.example/ü?q=\"1\"", "http://a.example/%C3%BC?q=%221%22"),
    ("http://bücher.example/f", "http://xn--bcher-kva.example/f"),
    ("http://BÜCHER.example/f", "http://xn--bcher-kva.example/f"),
    ("http://b%C3%BCcher.example/f", "http://xn--bcher-kva.example/f"),
    ("http://例え。テスト/", "http://xn--r8jz45g.xn--zckzah/"),
    ("http://пример.испытание/", "http://xn--e1afmkfd.xn--80akhbyknj4f/"),
    ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ("http://a.example/%7ex?b=2&a=1", "http://a.example/%7ex?b=2&a=1"),
    ("mailto:a@b.example", "mailto:a@b.example"),
  ]
)
func `a URL is read leniently and written plainly`(text: String, expected: String) {
  #expect(WebURL(text)?.text == expected)
}

@Test(arguments: [
  "", "/x", "a.example/x", "http://a:x/", "http://[::1/", "1http://a/", "http://a%2fb/",
  "http://a%00b/", "http://a b/", "http://a%3A80/", "http://a%5Bb/", "http://[::ü]/", "http://[]/",
  "http://[::1%25eth0]/",
])
func `what has no scheme or no readable authority is no URL`(text: String) {
  #expect(WebURL(text) == nil)
}

@Test func `a password never shows in a description`() {
  let url = WebURL("https://ann:secret@a.example/x")
  #expect(url?.userinfo == "ann:secret")
  #expect(url?.description == "https://a.example/x")
  #expect(url?.origin == "https://a.example")
}

@Test(arguments: ["/.//g", "/x/..//g", "..//g"])
func `a path without a host never turns into one`(reference: String) throws {
  let url = try #require(WebURL("x:/a/b")?.resolving(reference))
  #expect(url.host == nil)
  #expect(WebURL(url.text) == url)
}
