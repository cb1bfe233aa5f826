import FeedModel
import Foundation
import LoopbackServer
import TestSupport
import Testing

/// Part G of Documentation/Fetching.md: what a body may be.
@Suite(.fewAtOnce) struct BodyTests {
  private let fresh = [("ETag", "\"2\""), ("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT")]

  @Test(.line(85), arguments: [Answer.Framing.length, .chunked(10_000), .close])
  func `a body over the limit is given up and what was there is kept`(
    framing: Answer.Framing
  ) async throws {
    let large = rss(
      1...9,
      head: "<description>\(String(repeating: "x", count: 5_000_000))</description>"
    )
    try await BadDay(
      [(.response(200, fresh, text: large, framing: framing), "larger than the limit of 1000000")],
      environment: ["RILL_FETCH_MAX_BODY_BYTES": "1000000"]
    )
  }

  @Test(.line(85)) func `a body without an end is given up at the limit`() async throws {
    let head = Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss><channel>".utf8)
    let more = [UInt8](repeating: 0x20, count: 100_000)
    let endless = Answer(steps: [.send(head), .sendUntilClosed(more, pauseMilliseconds: 0)])
    try await BadDay(
      [(endless, "larger than the limit of 1000000")],
      environment: ["RILL_FETCH_MAX_BODY_BYTES": "1000000"]
    )
  }

  /// The most memory that a sync of this feed used, in KB.
  private func peakMemory(_ answer: Answer, says: String) async throws -> Int {
    let reader = try Subscriber()
    let site = try reader.site(answering: answer)
    try await reader.followUnasked([site.url()])
    // A child's own account holds its parent's memory as well: only the program itself can be asked.
    let run = try await reader.machine.shell(
      """
      RILL_FETCH_MAX_DECODED_BYTES=8000000 "$RILL" sync \
        --resolve a.test:\(site.server.port):127.0.0.1 >&2 & id=$!
      while line=$(grep VmHWM "/proc/$id/status" 2>/dev/null); do last=$line; sleep 0.002; done
      wait "$id"
      echo "$last"
      """,
      now: reader.now.rfc3339(milliseconds: false)
    )
    #expect(run.errors.contains(says), "\(run.errors)")
    #expect(site.count() == 1)
    return try #require(Int(run.output.filter(\.isNumber)), "\(run.output)")
  }

  @Test(.line(86)) func `a bomb costs no more memory than twice the limit`() async throws {
    let large = [UInt8](repeating: 0x20, count: 50_000_000)
    let bomb = compressed(large)
    let calm = try await peakMemory(feed(), says: "new")
    for (name, body, label) in [
      ("gzip", bomb, "gzip"), ("unlabelled", bomb, nil),
      ("deflate", compressed(large, .zlib), "deflate"),
      ("nested", compressed(bomb), "gzip, gzip"),
    ] {
      let fields = label.map { [("Content-Encoding", $0)] } ?? []
      let peak = try await peakMemory(.response(200, fields, body: body), says: "limit of 8000000")
      #expect(peak - calm <= 16_000, "\(name): \(peak) KB, \(calm) KB without")
    }
  }

  /// Follows a feed for each body and expects its articles, after one request each.
  private func expectRead(
    _ answers: [(name: String, answer: Answer)],
    titles: [String] = ["Title 1", "Title 2", "Title 3"],
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let reader = try Subscriber()
    let site = try reader.site { request in
      answers[Int(request.path.dropFirst()) ?? 0].answer
    }
    let urls = answers.indices.map { site.url("/\($0)") }
    let run = try await reader.network(["add"] + urls)
    for (url, (name, _)) in zip(urls, answers) {
      #expect(
        try await reader.titles(feed: url) == titles,
        "\(name): \(run.errors)",
        sourceLocation: location
      )
    }
    #expect(
      site.requests.map(\.target) == answers.indices.map { "/\($0)" },
      sourceLocation: location
    )
  }

  @Test(.line(87)) func `a compressed body is read by what it is, in one request`() async throws {
    let text = rss()
    let plain = Array(text.utf8)
    let halves = compressed(plain.prefix(200)) + compressed(plain.dropFirst(200))
    func answer(_ label: String?, _ body: [UInt8]) -> Answer {
      .response(200, label.map { [("Content-Encoding", $0)] } ?? [], body: body)
    }
    try await expectRead([
      ("labelled gzip", answer("gzip", compressed(plain))),
      ("unlabelled gzip", answer(nil, compressed(plain))),
      ("plain labelled gzip", answer("gzip", plain)),
      ("an encoding that is none", answer("UTF-8", plain)),
      ("garbage after gzip", answer("gzip", compressed(plain) + Array("garbage".utf8))),
      ("gzip in two members", answer("gzip", halves)),
      ("deflate", answer("deflate", compressed(plain, .zlib))),
      ("raw deflate", answer("deflate", compressed(plain, .raw))),
      ("gzip labelled deflate", answer("deflate", compressed(plain))),
      ("gzip twice", answer("gzip, gzip", compressed(compressed(plain)))),
      ("identity", answer("identity", plain)),
      ("x-gzip", answer("x-gzip", compressed(plain))),
    ])
  }

  @Test(.line(88)) func `gzip that is cut in a body of the right length is an error`() async throws
  {
    let body = compressed(Array(rss(1...9).utf8))
    let fields = fresh + [("Content-Encoding", "gzip")]
    let cuts = [4, 8, 20, body.count / 2]
    try await BadDay(
      cuts.map { (.response(200, fields, body: body.dropLast($0)), "cannot be decompressed") }
    )
  }

  @Test(.line(89)) func `a body that ends too early deletes nothing`() async throws {
    let text = rss(1...9)
    let half = String(text.prefix(text.count / 2))
    let head = "HTTP/1.1 200 OK\r\nETag: \"2\"\r\nTransfer-Encoding: chunked\r\n\r\n"
    try await BadDay([
      (.response(200, fresh, text: text, framing: .claimed(99_999)), "broke off"),
      (.raw(head + "400\r\n<rss><channel>"), "broke off"),
      (.raw(head + "zz\r\n<rss>"), "broke off"),
      (.raw(head + "5\r\n<rss>"), "broke off"),
      (.response(200, fresh, text: "<rss><channel><item><title>x", framing: .close), "cut off"),
    ])
    // The whole items of what came are taken.
    let reader = try Subscriber()
    let site = try reader.site(answering: feed(("ETag", "\"1\"")))
    try await reader.follow(site.url())
    site.answers(.response(200, fresh, text: half, framing: .close))
    try await reader.syncNextDay()
    #expect(try await reader.titles().count > 3)
    try await reader.syncNextDay()
    #expect(site.asked() == "\"1\" | -")
  }

  @Test(.line(90)) func `a success without a document is an error`() async throws {
    try await BadDay([
      (.response(200, fresh, text: ""), "empty"), (.response(204, fresh), "empty"),
      (.response(200, fresh, text: " \r\n\t\n"), "empty"),
      (.response(200, fresh, text: "<?xml version=\"1.0\"?>"), ""),
      (.response(200, fresh, text: "<?xml version=\"1.0\"?>\n<!-- -->\n"), ""),
      (.response(205, fresh), "empty"), (.response(200, fresh, text: "\u{FEFF}"), ""),
    ])
  }

  @Test(.line(91)) func `a page in place of a feed is named for what it is`() async throws {
    let challenge = [("cf-mitigated", "challenge"), ("Content-Type", "text/html")]
    let waiting = "<!doctype html><title>Just a moment...</title><p>Enable JavaScript and cookies"
    try await BadDay([
      (.response(403, challenge, text: waiting), "Cloudflare"),
      (.response(503, challenge, text: waiting), "Cloudflare"),
      (.response(200, fresh, text: "<!doctype html><title>Home</title><p>Hello"), "page"),
    ])
  }

  @Test(.line(91)) func `a login page in place of a feed is named`() async throws {
    try await BadDay([
      (.response(200, fresh + [("Content-Type", "text/html")], text: loginPage), "login page")
    ])
  }

  @Test(.line(92)) func `a feed is taken under any type or none`() async throws {
    let types = [
      "text/html", "text/html; charset=utf-8", "text/plain", "application/octet-stream",
      "image/png",
      "application/json", "", "nonsense", ";;;",
    ]
    let text = rss()
    try await expectRead(
      types.map { ($0, .response(200, [("Content-Type", $0)], text: text)) }
        + [("none", .response(200, [], text: text))]
    )
  }

  /// A feed in these bytes, with a title between two pieces of ASCII.
  private func document(_ declared: String?, _ title: [UInt8]) -> [UInt8] {
    let declaration = declared.map { "<?xml version=\"1.0\" encoding=\"\($0)\"?>" } ?? ""
    let head =
      declaration + "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><title>"
    return Array(head.utf8) + title + Array("</title></item></channel></rss>".utf8)
  }

  @Test(.line(93))
  func `the charset is that of the mark, of valid UTF-8, of the type, of the declaration`()
    async throws
  {
    let grusse = Array("Grüße".utf8)
    let latin: [UInt8] = [0x47, 0x72, 0xFC, 0xDF, 0x65]
    func answer(_ charset: String?, _ body: [UInt8]) -> Answer {
      let type = "application/rss+xml" + (charset.map { "; charset=\($0)" } ?? "")
      return .response(200, [("Content-Type", type)], body: body)
    }
    func utf16(_ isBig: Bool, mark: Bool) -> [UInt8] {
      let text = String(decoding: document("UTF-16", grusse), as: UTF8.self)
      return ((mark ? [0xFEFF] : []) + Array(text.utf16))
        .flatMap { unit in
          isBig ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
    }
    try await expectRead(
      [
        ("mark", answer("iso-8859-1", [0xEF, 0xBB, 0xBF] + document("windows-1251", grusse))),
        ("valid UTF-8", answer("iso-8859-1", document("windows-1251", grusse))),
        ("type", answer("iso-8859-1", document("windows-1251", latin))),
        ("type, no declaration", answer("windows-1252", document(nil, latin))),
        ("declaration", answer(nil, document("iso-8859-1", latin))),
        ("nothing but the bytes", answer(nil, document(nil, latin))),
        ("nothing but UTF-8", answer(nil, document(nil, grusse))),
        ("UTF-16LE with mark", answer(nil, utf16(false, mark: true))),
        ("UTF-16BE with mark", answer(nil, utf16(true, mark: true))),
        ("UTF-16LE", answer(nil, utf16(false, mark: false))),
        ("UTF-16BE", answer(nil, utf16(true, mark: false))),
      ],
      titles: ["Grüße"]
    )
    let cyrillic = answer(nil, document("windows-1251", [0xCC, 0xE8, 0xF0]))
    try await expectRead([("windows-1251", cyrillic)], titles: ["Мир"])
  }

  @Test(.line(94)) func `a server that trickles or falls silent is given up in time`() async throws
  {
    let head = Array("HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Length: 5000\r\n\r\n".utf8)
    try await BadDay(
      [
        (Answer(steps: [.send(head), .hold]), "within 1 s"),
        (
          Answer(steps: [.send(head), .sendUntilClosed([0x20], pauseMilliseconds: 100)]),
          "within 1 s"
        ),
        (Answer(steps: [.sendUntilClosed([0x48], pauseMilliseconds: 100)]), ""),
        (.silence, "within 1 s"),
      ],
      environment: ["RILL_FETCH_TIMEOUT_SECONDS": "1"]
    )
  }

  @Test(.line(94)) func `a flood of header lines is cut`() async throws {
    let start = Array("HTTP/1.1 200 OK\r\n".utf8)
    let lines = Array(
      String(repeating: "X-Flood: \(String(repeating: "x", count: 90))\r\n", count: 100).utf8
    )
    let flood = Answer(steps: [.send(start), .sendUntilClosed(lines, pauseMilliseconds: 0)])
    try await BadDay([(flood, "longer than 300 KB")])
  }

  @Test(.line(95)) func `odd heads do no harm, and only what can be read of them is kept`()
    async throws
  {
    let reader = try Subscriber()
    let text = rss()
    let good = feed(("ETag", "\"1\""), ("Last-Modified", someDate))
    let close = "Connection: close\r\n\r\n" + text
    let heads: [String: (Answer, [String])] = [
      "/two": (
        .raw("HTTP/1.1 200 OK\r\nETag: \"one\"\r\netag: \"two\"\r\n" + close), ["\"two\" | -"]
      ),
      "/folded": (
        .raw("HTTP/1.1 200 OK\r\nX-Long: a\r\n b\r\nETag: \"f\"\r\n" + close), ["\"f\" | -"]
      ),
      "/lf": (
        .raw("HTTP/1.1 200 OK\nETag: \"lf\"\nConnection: close\n\n" + text), ["\"lf\" | -"]
      ),
      "/09": (.raw(text), ["\"1\" | \(someDate)"]),
      "/garbage": (.raw("SOUP/1.1 200 OK\r\nETag: \"g\"\r\n" + close), ["\"1\" | \(someDate)"]),
      "/status": (.raw("HTTP/1.1 abc\r\nETag: \"g\"\r\n" + close), ["\"1\" | \(someDate)"]),
      "/colon": (
        .raw("HTTP/1.1 200 OK\r\nno colon here\r\nETag: \"g\"\r\n" + close),
        ["\"g\" | -", "\"1\" | \(someDate)"]
      ),
      "/nul": (
        .raw("HTTP/1.1 200 OK\r\nETag: \"g\u{0}\"\r\n" + close),
        ["\"1\" | \(someDate)", "- | -"]
      ),
    ]
    let site = try reader.site(answering: good)
    let paths = heads.keys.sorted()
    try await reader.follow(paths.map { site.url($0) })
    site.answers { request in heads[request.path]?.0 ?? good }
    let run = try await reader.syncNextDay()
    #expect(run.status == 1, "\(run.errors)")
    site.answers(good)
    try await reader.syncNextDay()
    for path in paths {
      #expect(heads[path]?.1.contains(site.asked(path)) == true, "\(path): \(site.asked(path))")
    }
    #expect(try await reader.titles().count == 3 * paths.count)
  }
}
