/// Parts of addresses that a rule looks at, and such that none does.
private let (starts, hosts, paths) = (
  ["http://", "https://", "HTTP://", "ftp://", "https:/", "https://ann@", " https://", "httpx://"],
  [
    "blog.example", "www.blog.example", "m.blog.example", "www.m.blog.example", "m.example",
    "www.com",
    "amp.blog.example", "mobile.m.example", "blog.example.", "Blog.example", "blog.example:443",
    "blog.example:8080", "x.com", "old.reddit.com", "reddit.com", "youtube.com", "www.youtube.com",
    "youtu.be", "en.m.wikipedia.org", "marsh.blogspot.de", "marsh.blogspot.co.uk", "blogspot.com",
    "a.cdn.ampproject.org", "blog-example.cdn.ampproject.org", "www.google.com",
    "b\u{FC}cher.example",
    "a_b.example", "", ".", "..example", "-", "1.2.3.4", "[::1]", "dx.doi.org", "export.arxiv.org",
  ],
  [
    "", "/", "//", "/a", "/a/", "/a//", "/a//b", "/a/./b", "/a/../b", "/a/.b", "/a.b", "/%61",
    "/caf\u{E9}",
    "/amp", "/amp/", "/amp/a", "/a/amp", "/a/amp/", "/a/amp.html", "/a.amp.html", "/a.amp",
    "/stamp",
    "/a/index.html", "/a/INDEX.PHP", "/index.html", "/a/default.aspx", "/a/index.htmx",
    "/a/indigo.html",
    "/a;jsessionid=9", "/a?id=1", "/a?utm_source=x", "/?p=1", "/a#b", "/a#1", "/@ann/a", "/a b",
    "/a\\b",
    "/watch", "/shorts/1", "/c/s/blog.example/a", "/a,b:c(d)", "/\"", "/a{b}", "/a|b", "/a/..",
    "/a/.",
  ]
)

/// Addresses as they are written, and as nobody would: each of these starts with each host and path.
public func writtenAddresses() -> [String] {
  starts.flatMap { start in hosts.flatMap { host in paths.map { start + host + $0 } } }
}
