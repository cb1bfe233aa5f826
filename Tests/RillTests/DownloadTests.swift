import FeedModel
import Foundation
import LoopbackServer
import TestSupport
import Testing

@testable import rill

private let now = "2026-11-22T08:00:00Z"

@Test(
  arguments: [
    ("https://e.org/a/ep1.mp3", "audio/mpeg", "ep1.mp3"),
    ("https://e.org/ep1.MP3?x=/../y", nil, "ep1.mp3"),
    ("https://e.org/..%2f..%2f.bashrc", nil, "bashrc.bin"),
    ("https://e.org/%2fetc%2fpasswd", "audio/mpeg", "passwd.mp3"),
    ("https://e.org/..%5c..%5cevil.exe", nil, "evil_exe.bin"),
    ("https://e.org/CON.mp3", nil, "CON.mp3"),
    ("https://e.org/.hidden", nil, "hidden.bin"),
    ("https://e.org/-rf", nil, "rf.bin"),
    ("https://e.org/a%00b.mp3", nil, "a_b.mp3"),
    ("https://e.org/a%0Ab%1B%5B2J.ogg", nil, "a_b_2J.ogg"),
    ("https://e.org/$(touch%20X)%60x%60.mp3", nil, "touch_Xx.mp3"),
    ("https://e.org/a%3A%2A%3F%22%3C%3E%7Cb.mp3", nil, "ab.mp3"),
    ("https://e.org/a%E2%80%AEgpj.mp3", nil, "agpj.mp3"),
    ("https://e.org/e%CC%81t%C3%A9.mp3", nil, "eté.mp3"),
    ("https://e.org/%E6%97%A5%E6%9C%AC.m4a", nil, "日本.m4a"),
    ("https://e.org/x.tar.gz", "application/zip", "x_tar_gz.zip"),
    ("https://e.org/file.php", "audio/mpeg; charset=x", "file_php.mp3"),
    ("https://e.org/", "video/mp4", nil), ("https://e.org/%2e%2e", nil, nil),
  ] as [(String, String?, String?)]
)
func `the name of a file is harmless wherever it lies`(
  url: String,
  type: String?,
  rest: String?
) throws {
  let date = try #require(Timestamp(rfc3339: "2026-11-21T10:03:00Z"))
  let id = try #require(ArticleID("kxtrmri5aaaaaaaaaaaa"))
  let name = downloadName(url: url, mimeType: type, date: date, id: id)
  if let rest {
    #expect(name == "2026-11-21-kxtrmri5-" + rest)
  } else {
    #expect(name == "2026-11-21-kxtrmri5." + (type == nil ? "bin" : "mp4"))
  }
  let second = downloadName(url: url, mimeType: type, date: date, id: id, number: 2)
  #expect(second != name && second.contains("-2."))
}

@Test func `a long name is cut between characters`() throws {
  let date = try #require(Timestamp(rfc3339: "2026-11-21T10:03:00Z"))
  let id = try #require(ArticleID("kxtrmri5aaaaaaaaaaaa"))
  for letter in ["a", "%C3%A9", "%E6%97%A5", "%F0%A0%80%80"] {
    let url = "https://e.org/" + String(repeating: letter, count: 4000) + ".mp3"
    let name = downloadName(url: url, mimeType: nil, date: date, id: id)
    #expect((140...150).contains(name.utf8.count))
    #expect(name.hasSuffix(".mp3"))
    #expect(!name.contains("\u{FFFD}"))
  }
}

private let episode = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }

/// A server of files: some break off, some change, some are elsewhere.
private func files() throws -> LoopbackServer {
  try LoopbackServer { request in
    let etag = ("ETag", "\"1\"")
    let start = request.field("range")
      .flatMap { Int($0.dropFirst("bytes=".count).dropLast()) }
    switch request.path {
    case "/whole.mp3": return .response(200, [etag], body: episode)
    case "/cut.mp3":
      guard let start, request.field("if-range") == "\"1\"" else {
        return .response(200, [etag], body: episode[..<100_000], framing: .claimed(episode.count))
      }
      let end = min(start + 120_000, episode.count)
      let range = ("Content-Range", "bytes \(start)-\(episode.count - 1)/\(episode.count)")
      return .response(
        206,
        [etag, range],
        body: episode[start..<end],
        framing: .claimed(episode.count - start)
      )
    case "/never.mp3":
      return .response(200, [etag], body: episode[..<1000], framing: .claimed(episode.count))
    case "/unknown.mp3":
      return .response(200, [], body: episode[..<1000], framing: .claimed(episode.count))
    case "/moved.mp3": return .redirect(302, to: "/whole.mp3")
    case "/inside.mp3": return .redirect(302, to: "http://127.0.0.1:1/x")
    case "/lie.mp3":
      return start == nil
        ? .response(200, [etag], body: episode[..<1000], framing: .claimed(episode.count))
        : .response(206, [etag, ("Content-Range", "bytes 5-9/300000")], text: "wrong")
    default: return .response(404, text: "<p>No such file</p>")
    }
  }
}

private func feed(_ server: LoopbackServer, _ machine: Machine, _ urls: [String]) throws -> String {
  let files = urls.map { #"{"url":"\#($0)","mime_type":"audio/mpeg"}"# }.joined(separator: ",")
  let path = try machine.file(
    "feed.json",
    """
    {"version":"https://jsonfeed.org/version/1.1","title":"P","items":[{"id":"1","title":"E",\
    "date_published":"2026-11-21T10:03:00Z","attachments":[\(files)]}]}
    """
  )
  _ = try machine.rill("add", path, now: now)
  return String(try machine.rill("list", "--format", "{id}", now: now).output.prefix(20))
}

extension ProgramTests {
  @Test func `files are kept whole, gone on with where they broke off, and left where they are`()
    throws
  {
    let server = try files()
    let machine = try Machine()
    let id = try feed(
      server,
      machine,
      ["/whole.mp3", "/cut.mp3", "/moved.mp3"].map { server.url($0) }
    )
    let folder = machine.home + "/files"
    let allowed = ["RILL_FETCH_ALLOW_ADDRESSES": server.place]
    let run = try machine.rill("download", id, "--to", folder, now: now, environment: allowed)
    #expect(run.status == 0, "\(run.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let head = "2026-11-21-\(id.prefix(8))-"
    #expect(names == ["cut.mp3", "moved.mp3", "whole.mp3"].map { head + $0 })
    #expect(run.lines.sorted() == names.map { folder + "/" + $0 })
    for name in names {
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) == Data(episode))
    }
    #expect(server.requests.filter { $0.path == "/cut.mp3" }.count == 3)
    #expect(server.requests.allSatisfy { $0.field("accept-encoding") == "identity" })
    let count = server.requests.count
    let again = try machine.rill("download", id, "--to", folder, now: now, environment: allowed)
    #expect(again.status == 0)
    #expect(again.errors.contains("It is there already"))
    #expect(server.requests.count == count)
  }

  @Test func `what broke off is kept only where it can be gone on with`() throws {
    let server = try files()
    let machine = try Machine()
    let id = try feed(
      server,
      machine,
      ["/never.mp3", "/unknown.mp3", "/lie.mp3", "/missing.mp3"].map { server.url($0) }
    )
    let folder = machine.home + "/files"
    let allowed = ["RILL_FETCH_ALLOW_ADDRESSES": server.place]
    let run = try machine.rill("download", id, "--to", folder, now: now, environment: allowed)
    #expect(run.status == 69)
    #expect(run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 4)
    #expect(run.errors.contains("404"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!names.contains { $0.hasSuffix(".mp3") })
    #expect(names.contains { $0.hasSuffix("never.mp3.part") })
    #expect(!names.contains { $0.contains("missing") || $0.contains("lie") })
  }

  @Test func `private addresses, large files and links are refused`() throws {
    let server = try files()
    let machine = try Machine()
    let id = try feed(server, machine, [server.url("/whole.mp3")])
    let folder = machine.home + "/files"
    func run(_ more: [String: String]) throws -> Machine.Run {
      try machine.rill("download", id, "--to", folder, now: now, environment: more)
    }
    let refused = try run([:])
    #expect(refused.status == 69)
    #expect(refused.errors.contains("fetch.allow-addresses"))
    #expect(server.requests.isEmpty)
    var allowed = ["RILL_FETCH_ALLOW_ADDRESSES": server.place]
    allowed["RILL_DOWNLOAD_MAX_BYTES"] = "299999"
    let large = try run(allowed)
    #expect(large.status == 69)
    #expect(large.errors.contains("download.max-bytes"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    allowed["RILL_DOWNLOAD_MAX_BYTES"] = "300000"
    let name = "2026-11-21-\(id.prefix(8))-whole.mp3"
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/" + name + ".part",
      withDestinationPath: machine.home + "/target"
    )
    let linked = try run(allowed)
    #expect(linked.status == 69)
    #expect(linked.errors.contains("is no file"))
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/target"))
    try FileManager.default.removeItem(atPath: folder + "/" + name + ".part")
    #expect(try run(allowed).status == 0)
  }

  @Test func `an article without files has nothing to keep`() throws {
    let server = try files()
    let machine = try Machine()
    let id = try feed(server, machine, ["javascript:x", "file:///etc/passwd"])
    let run = try machine.rill("download", id, "--to", machine.home + "/files", now: now)
    #expect(run.status == 64)
    #expect(run.errors.contains("no file to keep"))
  }
}
