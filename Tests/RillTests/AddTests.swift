import FeedJSON
import Foundation
import LoopbackServer
import TestSupport
import Testing

private let feed = """
  <rss version="2.0"><channel><title>News</title>\
  <item><guid>1</guid><title>One</title></item></channel></rss>
  """

private let channel = "UCabcdefghijklmnopqrst_-"

/// What is typed, as a path on a host, and the first thing that is asked there.
private let sites: [(host: String, typed: String, asked: String)] = [
  ("www.youtube.com", "/channel/\(channel)", "/feeds/videos.xml?channel_id=\(channel)"),
  ("github.com", "/ann/tool", "/ann/tool/releases.atom"),
  ("mastodon.social", "/@ann", "/@ann.rss"),
  ("www.reddit.com", "/r/swift", "/r/swift/.rss"),
  ("bsky.app", "/profile/ann.example", "/profile/ann.example/rss"),
]

private func page(_ head: String, _ body: String = "Words") -> String {
  "<!doctype html><html><head><title>Site</title>\(head)</head><body>\(body)</body></html>"
}

private func link(_ address: String, _ title: String) -> String {
  "<link rel=alternate type=application/rss+xml title='\(title)' href='\(address)'>"
}

extension ProgramTests {
  @Test(arguments: sites.indices)
  func `of a known site the feed is asked first, once, and nothing else`(index: Int) throws {
    let (host, typed, asked) = sites[index]
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    let place = "\(host):\(server.port)"
    let run = try machine.rill("add", "http://\(place)\(typed)", "--resolve", "\(place):127.0.0.1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(server.requests.map(\.target) == [asked])
    #expect(server.requests.map(\.method) == ["GET"])
    let row = try machine.rill("feeds", "--json").objects()[0]
    #expect(row["url"] == .string("http://\(place)\(asked)"))
  }

  @Test func `the page of a handle leads to the feed of its channel`() throws {
    let server = try LoopbackServer { request in
      request.path == "/@ann"
        ? .response(text: page("<meta itemprop=identifier content=\(channel)>"))
        : .response(text: feed)
    }
    let machine = try Machine()
    let place = "www.youtube.com:\(server.port)"
    let run = try machine.rill("add", "http://\(place)/@ann", "--resolve", "\(place):127.0.0.1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(server.requests.map(\.target) == ["/@ann", "/feeds/videos.xml?channel_id=\(channel)"])
  }

  @Test func `a page without links is searched in four places, one after the other`() throws {
    let server = try LoopbackServer { request in
      .response(text: request.path == "/index.xml" ? feed : page(""))
    }
    let machine = try Machine()
    let run = try machine.rill("add", server.url("/about"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      server.requests.map(\.target) == ["/about", "/feed", "/rss.xml", "/atom.xml", "/index.xml"]
    )
    #expect(server.requestsAtOnceMax == 1)
  }

  @Test func `what leads nowhere leaves no subscription, and a sync asks nothing`() throws {
    let server = try LoopbackServer { _ in .response(text: page("")) }
    let machine = try Machine()
    let run = try machine.rill("add", server.url("/"))
    #expect(run.status == 65)
    #expect(run.errors.contains("names no feed"))
    #expect(server.requests.count == 5)
    #expect(try machine.rill("feeds", "--json").output.isEmpty)
    #expect(try machine.rill("sync").status == 0)
    #expect(server.requests.count == 5)
    #expect(server.requests.allSatisfy { $0.method == "GET" })
  }

  @Test func `a sync never looks for the feed that a page names`() throws {
    let server = try LoopbackServer { request in
      .response(text: request.path == "/real.xml" ? feed : page(link("/real.xml", "News")))
    }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/feed"))
    #expect(try machine.rill("sync").status == 69)
    #expect(server.requests.map(\.target) == ["/feed"])
  }

  @Test func `a feed under a base is found, and the others are named with their commands`() throws {
    let server = try LoopbackServer { request in
      guard request.path == "/" else { return .response(text: feed) }
      return .response(
        text: page(
          "<base href='/deep/down/'>" + link("/comments/feed", "Comments")
            + "<link rel='alternate home' type='application/atom+xml' href='../f.xml'>"
            + link("/all.xml?a=1&amp;b=2", "All")
        )
      )
    }
    let machine = try Machine()
    let run = try machine.rill("add", server.url("/"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(server.requests.map(\.target) == ["/", "/deep/f.xml"])
    #expect(
      run.errors.contains("Following News (\(server.url("/deep/f.xml"))) with 1 new article.")
    )
    #expect(run.errors.contains("All: rill add '\(server.url("/all.xml?a=1&b=2"))'"))
    #expect(run.errors.contains("Comments: rill add \(server.url("/comments/feed"))"))
  }

  @Test func `what a page links to elsewhere is not followed`() throws {
    let other = try LoopbackServer { _ in .response(text: feed) }
    let server = try LoopbackServer { request in
      request.path == "/"
        ? .response(text: page("", "<a href='http://other.test:\(other.port)/feed'>RSS</a>"))
        : .response(404, text: "")
    }
    let machine = try Machine()
    let run = try machine.rill(
      "add",
      server.url("/"),
      "--resolve",
      "other.test:\(other.port):127.0.0.1"
    )
    #expect(run.status == 65)
    #expect(other.requests.isEmpty)
  }

  @Test func `a feed that has moved for good is followed where it is now`() throws {
    let server = try LoopbackServer { request in
      switch request.path {
      case "/old": .redirect(301, to: "/new")
      case "/now": .redirect(302, to: "/new")
      default: .response(text: feed)
      }
    }
    let machine = try Machine()
    let place = "a.test:\(server.port)"
    let moved = try machine.rill("add", "http://\(place)/old", "--resolve", "\(place):127.0.0.1")
    #expect(moved.errors.contains("http://\(place)/old has moved for good to http://\(place)/new."))
    #expect(
      try machine.rill("feeds", "--json").objects().map { $0["url"] } == [
        .string("http://\(place)/new")
      ]
    )
    // The same again, by its old and its new address.
    for path in ["/old", "/new"] {
      let again = try machine.rill(
        "add",
        "http://\(place)\(path)",
        "--resolve",
        "\(place):127.0.0.1"
      )
      #expect(again.status == 0)
      #expect(again.errors.contains("Already following"), "\(again.errors)")
    }
    #expect(server.requests.map(\.path) == ["/old", "/new", "/old", "/new"])
    let other = try Machine()
    _ = try other.rill("add", "http://\(place)/now", "--resolve", "\(place):127.0.0.1")
    #expect(
      try other.rill("feeds", "--json").objects().map { $0["url"] } == [
        .string("http://\(place)/now")
      ]
    )
  }

  @Test func `a bare name is asked with TLS first, and without where nobody speaks it`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    let place = "a.test:\(server.port)"
    let run = try machine.rill("add", "\(place)/feed", "--resolve", "\(place):127.0.0.1")
    #expect(run.status == 0, "\(run.errors)")
    // One connection brought no letters of HTTP.
    #expect(server.connectionCount == 2)
    #expect(server.requests.map(\.target) == ["/feed"])
    let row = try machine.rill("feeds", "--json").objects()[0]
    #expect(row["url"] == .string("http://\(place)/feed"))
    let typed = try LoopbackServer { _ in .response(text: feed) }
    _ = try machine.rill("add", typed.url("/feed"))
    #expect(typed.connectionCount == 1)
  }

  @Test(
    arguments: [
      ("<title>Log in</title><form><input type=password></form>", "a login page", "browser"),
      (
        "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
        "a page of Cloudflare that wants a browser", "ask its owner"
      ),
      ("<title>Page not found</title>", "says that nothing is there", "Check the address."),
      ("<title>e.org</title>This domain is for sale", "parked domain", "gone"),
    ]
  )
  func `a page that explains why there is no feed is named`(
    page: String,
    says: String,
    step: String
  ) throws {
    let server = try LoopbackServer { _ in .response(text: "<!doctype html><html>" + page) }
    let machine = try Machine()
    let run = try machine.rill("add", server.url("/"))
    #expect(run.status == 65)
    #expect(run.errors.contains(says), "\(run.errors)")
    #expect(run.errors.contains(step), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `a feed that was removed is followed again`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    _ = try machine.rill("add", server.url("/feed"), now: "2026-11-22T08:00:00Z")
    _ = try machine.rill("remove", "News", now: "2026-11-22T08:00:01Z")
    let run = try machine.rill("add", server.url("/feed"), now: "2026-11-22T10:00:00Z")
    #expect(run.errors.contains("again with 0 new articles"), "\(run.errors)")
    #expect(try machine.rill("list", "--json").lines.count == 1)
  }

  @Test func `one site written in two ways is one feed`() throws {
    let server = try LoopbackServer { _ in .response(text: feed) }
    let machine = try Machine()
    let port = server.port
    let resolve = "xn--bcher-kva.test:\(port):127.0.0.1"
    let first = try machine.rill("add", "http://bücher.test:\(port)/f#top", "--resolve", resolve)
    #expect(first.status == 0, "\(first.errors)")
    let second = try machine.rill(
      "add",
      "HTTP://XN--BCHER-KVA.test:\(port)/f",
      "--resolve",
      resolve
    )
    #expect(second.errors.contains("Already following"))
    #expect(server.requests.map(\.target) == ["/f"])
  }

  @Test func `discover shows what add would follow, asks no more, and follows nothing`() throws {
    let server = try LoopbackServer { request in
      .response(text: request.path == "/" ? page(link("/f", "Posts") + link("/g", "Notes")) : feed)
    }
    let machine = try Machine()
    let run = try machine.rill("discover", server.url("/"))
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.lines.count == 2)
    #expect(run.lines[0] == "* \(server.url("/f"))  News  rss-2.0")
    #expect(run.lines[1] == "  \(server.url("/g"))  Notes  application/rss+xml")
    #expect(server.requests.map(\.target) == ["/", "/f"])
    let objects = try machine.rill("discover", server.url("/"), "--json").objects()
    #expect(
      objects.map { $0["url"] } == [.string(server.url("/f")), .string(server.url("/g"))]
    )
    #expect(objects.map { $0["chosen"] } == [.bool(true), .bool(false)])
    #expect(objects.map { $0["source"] } == [.string("page"), .string("page")])
    #expect(try machine.rill("feeds", "--json").output.isEmpty)
    let nothing = try LoopbackServer { _ in .response(text: page("")) }
    let failed = try machine.rill("discover", nothing.url("/"))
    #expect(failed.status == 65)
    #expect(failed.output.isEmpty)
    #expect(!failed.errors.contains("Nothing was added"))
  }

  @Test(
    arguments: [
      ("ann:secret@e.org/f", 64), ("@ann@", 64), ("mailto:ann@e.org", 64), ("ann", 64),
      ("ann@e.org", 64), ("ftp://e.org/feed", 64), ("http://", 64), ("", 64),
    ]
  )
  func `what is no address is refused before anything is asked`(
    address: String,
    status: Int32
  ) throws {
    let machine = try Machine()
    let run = try machine.rill("add", "--", address)
    #expect(run.status == status, "\(address): \(run.errors)")
    #expect(!run.errors.contains("secret"))
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/store"))
  }
}

extension ProgramTests {
  @Test func `what is given with a feed goes to its origin and is kept for it`() throws {
    let other = try LoopbackServer { _ in .response(text: feed) }
    let server = try LoopbackServer { request in
      request.field("Authorization") == nil
        ? .response(401, [("WWW-Authenticate", "Basic realm=x")], text: "")
        : request.path == "/feed" ? .response(text: feed) : .redirect(302, to: other.url("/feed"))
    }
    let machine = try Machine()
    let refused = try machine.rill("add", server.url("/feed"))
    #expect(refused.status == 69)
    #expect(refused.errors.contains("rill add \(server.url("/feed")) --user NAME"))
    let url = server.url("/feed")
    let run = try machine.rill(
      "add",
      url,
      "--user",
      "ann",
      "--header",
      "X-Key: k",
      "--user-agent",
      "Mine/1",
      "--interval",
      "2h",
      input: "secret\n"
    )
    #expect(run.status == 0, "\(run.errors)")
    #expect(try machine.rill("sync", url, "--force").status == 0)
    #expect(server.requests.count == 3)
    for request in server.requests.dropFirst() {
      #expect(request.field("Authorization") == "Basic YW5uOnNlY3JldA==")
      #expect(request.field("X-Key") == "k")
      #expect(request.field("User-Agent") == "Mine/1")
    }
    // The same in an address, which leads elsewhere.
    let place = "ann:secret@" + server.place
    let led = try Machine()
    let leading = try led.rill("add", "http://\(place)/elsewhere")
    #expect(leading.status == 0, "\(leading.errors)")
    #expect(other.requests.allSatisfy { $0.field("Authorization") == nil })
    #expect(!leading.errors.contains("secret"))
  }

  @Test func `a page on another origin gets nothing of what is secret`() throws {
    let other = try LoopbackServer { _ in .response(text: feed) }
    let server = try LoopbackServer { _ in
      .response(text: page(link("http://other.test:\(other.port)/feed", "News")))
    }
    let machine = try Machine()
    let run = try machine.rill(
      "add",
      "http://ann:secret@\(server.place)/",
      "--resolve",
      "other.test:\(other.port):127.0.0.1"
    )
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("it was not kept"))
    #expect(server.requests[0].field("Authorization") != nil)
    #expect(other.requests.map { $0.field("Authorization") } == [nil])
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/config/credentials"))
  }

  @Test func `a sync names the kind of page that came in place of a feed`() throws {
    let server = try LoopbackServer { _ in
      .response(text: "<!doctype html><title>Log in</title><form><input type=password></form>")
    }
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", server.url("/feed"))
    let run = try machine.rill("sync")
    #expect(run.status == 69)
    #expect(run.errors.contains("It answers with a login page instead of a feed."))
    #expect(run.errors.contains("rill set \(server.url("/feed")) --user NAME"))
  }

  @Test(
    arguments: [
      (429, [("Retry-After", "7200")]),
      (200, [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "90")]),
    ]
  )
  func `a host that asks for a pause while a feed is added is left alone`(
    status: Int,
    fields: [(String, String)]
  ) throws {
    let server = try LoopbackServer { _ in .response(status, fields, text: feed) }
    let machine = try Machine()
    let place = "a.test:\(server.port)"
    let resolve = "\(place):127.0.0.1"
    func add(_ path: String, now: String) throws -> Machine.Run {
      try machine.rill("add", "http://\(place)\(path)", "--resolve", resolve, now: now)
    }
    _ = try add("/one", now: "2026-11-22T08:00:00Z")
    let soon = try add("/two", now: "2026-11-22T08:01:00Z")
    #expect(soon.status == 69)
    #expect(soon.errors.contains("asks to be left alone until"), "\(soon.errors)")
    #expect(server.requests.map(\.path) == ["/one"])
    _ = try add("/two", now: "2026-11-22T10:00:01Z")
    #expect(server.requests.map(\.path) == ["/one", "/two"])
  }
}
