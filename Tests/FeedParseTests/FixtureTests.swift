import FeedJSON
import FeedModel
import FeedParse
import FoundationEssentials
import Testing

/// A document, with what must come of it in the file beside it.
struct Fixture: CustomTestStringConvertible {
  let document: String
  var golden: String {
    document.prefix { $0 != "\0" }.split(separator: ".").dropLast().joined(separator: ".") + ".json"
  }
  var testDescription: String { document }
  var isList: Bool { document.hasSuffix(".opml") }

  static let folder: String = {
    let here = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return "/" + here + "/Fixtures"
  }()

  static let all: [Fixture] = {
    // No folder means no fixtures, and the test below says so.
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return
      paths.filter { path in [".xml", ".jsonfeed", ".opml"].contains { path.hasSuffix($0) } }
      .sorted()
      .map { Fixture(document: $0) }
  }()

  func read(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: Self.folder + "/" + path)))
  }
}

@Test func `there are fixtures of every kind`() {
  for folder in ["rss2", "rss1", "atom", "cdf", "json", "modules", "opml", "quirks", "hostile"] {
    #expect(Fixture.all.contains { $0.document.hasPrefix(folder + "/") }, "\(folder)")
  }
  #expect(Fixture.all.count > 80)
}

@Test(arguments: Fixture.all)
func `a document gives what stands beside it`(fixture: Fixture) throws {
  let document = try fixture.read(fixture.document)
  let outcome = fixture.isList ? listOutcome(of: document) : outcome(of: document)
  if environment("RILL_GOLDEN") != nil {
    try Data(pretty(outcome)).write(to: URL(filePath: Fixture.folder + "/" + fixture.golden))
  }
  var found = JSONReader(outcome)
  var wanted = JSONReader(try fixture.read(fixture.golden))
  #expect(try found.value() == wanted.value())
}

@Test(arguments: Fixture.all)
func `every cut of a document gives a feed or an error, and only complete items`(
  fixture: Fixture
) throws {
  let whole = try fixture.read(fixture.document)
  func count(_ document: [UInt8]) -> Int? {
    // An error is a value like any other here; what must not happen is a crash.
    fixture.isList
      ? (try? parseSubscriptions(document))?.feeds.count
      : (try? parse(document, baseURL: nil, contentType: nil))?.items.count
  }
  let wholeCount = count(whole) ?? 0
  let step = max(1, whole.count / 200)
  for length in stride(from: 0, to: whole.count, by: step) {
    #expect(count(Array(whole[..<length])) ?? 0 <= wholeCount)
  }
}

/// What comes of a document, as JSON: a JSON Feed, or an object with the error's sentence.
private func outcome(of document: [UInt8]) -> [UInt8] {
  var json = JSONWriter()
  do {
    try parse(document, baseURL: "https://example.org/feed.xml", contentType: nil)
      .writeJSONFeed(to: &json)
  } catch {
    json.beginObject()
    json.member("error", error.description)
    json.endObject()
  }
  return json.bytes
}

private func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

/// The same JSON with one member or element a line, for people to review.
private func pretty(_ json: [UInt8]) -> [UInt8] {
  var text: [UInt8] = []
  var depth = 0
  var isInString = false
  var isEscaped = false
  func newLine() {
    text.append(0x0A)
    text.append(contentsOf: repeatElement(0x20, count: depth * 2))
  }
  for byte in json {
    if isInString {
      text.append(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      continue
    }
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      text.append(byte)
      depth += 1
      newLine()
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      newLine()
      text.append(byte)
    case UInt8(ascii: ","):
      text.append(byte)
      newLine()
    case UInt8(ascii: ":"): text.append(contentsOf: ": ".utf8)
    default:
      isInString = byte == UInt8(ascii: "\"")
      text.append(byte)
    }
  }
  text.append(0x0A)
  return text
}
