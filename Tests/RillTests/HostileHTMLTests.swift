import FeedJSON
import Foundation
import TestSupport
import Testing

private let now = "2026-11-22T08:00:00Z"

extension ProgramTests {
  @Test func `of a hundred attacks in articles nothing harmful is shown as HTML`() throws {
    #expect(htmlAttacks.count >= 100)
    let machine = try Machine()
    var json = JSONWriter()
    json.beginObject()
    json.member("version", "https://jsonfeed.org/version/1.1")
    json.member("title", "Attacks")
    json.key("items")
    json.beginArray()
    for (number, attack) in htmlAttacks.enumerated() {
      json.beginObject()
      json.member("id", "\(number)")
      json.member("url", "https://soup.example/\(number)")
      json.member("title", "Attack \(number)")
      json.member("content_html", "\(attack)<p>end of \(number)</p>")
      json.endObject()
      json.beginObject()
      json.member("id", "plain \(number)")
      json.member("title", "Plain attack \(number)")
      json.member("content_text", "\(attack)\n\nend of \(number)")
      json.endObject()
    }
    json.endArray()
    json.endObject()
    let feed = try machine.file("feed.json", String(decoding: json.bytes, as: UTF8.self))
    _ = try machine.rill("add", feed, now: now)
    #expect(try harmful(in: machine) == [])
  }

  /// The parser's outside judge has cases of its own, which are not part of this project.
  @Test(
    .enabled(if: cases != nil, "RILL_SANITISE_CASES names a folder of feeds"),
    .timeLimit(.minutes(10))
  )
  func `of the feeds of a folder nothing harmful is shown as HTML`() throws {
    let folder = try #require(cases)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!names.isEmpty)
    let machine = try Machine()
    _ = try machine.run(["add", "--no-sync"] + names.map { folder + "/" + $0 }, now: now)
    _ = try machine.run(["sync", "--quiet"], now: now)
    let count = try machine.rill("list", "--all", "--json", now: now).lines.count
    #expect(count > names.count / 4, "\(count) articles of \(names.count) feeds")
    let faults = try harmful(in: machine)
    #expect(faults == [])
  }

  /// What `show --html` of all articles prints that it must not.
  private func harmful(in machine: Machine) throws -> [String] {
    let objects = try machine.rill("list", "--json", "--all", now: now).objects()
    let ids = objects.compactMap { if case .string(let id)? = $0["id"] { id } else { nil } }
    let html = try machine.run(["show", "--html"] + ids, now: now).output
    var faults = forbidden(in: html, isTerminal: false)
    // An accent makes one Character of itself and the bracket or quote before it; to a browser they
    // are two.
    let scalars = html.unicodeScalars.map { $0.isASCII ? $0 : "\u{FFFD}" }
    let text = String(String.UnicodeScalarView(scalars))
    for piece in text.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      if let fault = fault(ofTag: piece) { faults.append(fault) }
    }
    return faults
  }
}

private let cases = ProcessInfo.processInfo.environment["RILL_SANITISE_CASES"]

private let elements: Set<String> = [
  "a", "abbr", "address", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blockquote", "br",
  "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn",
  "dir", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5",
  "h6", "header", "hgroup", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "menu", "nav",
  "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "source", "span",
  "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
  "time", "tr", "tt", "u", "ul", "var", "video", "wbr",
]

private let attributes: Set<String> = [
  "title", "lang", "dir", "href", "src", "poster", "srcset", "alt", "width", "height", "type",
  "cite", "datetime", "start", "value", "reversed", "open", "colspan", "rowspan", "span", "scope",
  "align", "class", "target", "rel", "loading", "referrerpolicy", "controls", "preload",
]

/// Reads what follows a `<` as strictly as it can be written: a name, attributes in double quotes,
/// and a `>`.
private func fault(ofTag piece: Substring) -> String? {
  var rest = piece
  if rest.first == "/" { rest.removeFirst() }
  let name = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) })
  guard elements.contains(name) else { return "element \(piece.prefix(40))" }
  rest = rest.dropFirst(name.count)
  while rest.first == " " {
    rest.removeFirst()
    guard let equals = rest.firstRange(of: "=\"") else { return "attribute \(piece.prefix(80))" }
    let attribute = String(rest[..<equals.lowerBound])
    rest = rest[equals.upperBound...]
    guard let end = rest.firstIndex(of: "\"") else { return "open value \(piece.prefix(80))" }
    let value = rest[..<end]
    rest = rest[rest.index(after: end)...]
    guard attributes.contains(attribute) else { return "attribute \(attribute)" }
    let schemes =
      attribute == "href"
      ? ["http://", "https://", "mailto:"]
      : [
        "http://", "https://", "data:image/png", "data:image/jpeg", "data:image/gif",
        "data:image/webp",
      ]
    switch attribute {
    case "href", "src", "poster", "cite":
      guard schemes.contains(where: value.hasPrefix) else { return "address \(value)" }
    case "srcset":
      for candidate in value.split(separator: ", ")
      where !schemes.contains(where: candidate.hasPrefix) {
        return "address \(candidate)"
      }
    default: break
    }
  }
  return rest.first == ">" ? nil : "end of \(piece.prefix(80))"
}
