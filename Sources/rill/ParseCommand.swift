import ArgumentParser
import FeedJSON
import FeedModel
import FeedParse

/// `rill parse`.
struct ParseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Print any feed document as one JSON Feed 1.1 object.",
    discussion: """
      Nothing is fetched and nothing is stored. What JSON Feed has no name for, such
      as places, media and what a podcast says of itself, stands under _rill; what
      had to be repaired, and dates that lie in the future, under _rill.issues.

      Examples:
        rill parse feed.xml | jq -r '.items[].title'
        curl -s https://example.org/feed | rill parse --url https://example.org/feed -
      """
  )

  @Option(help: "The address that relative links are resolved against.") var url: String?
  @Option(name: .customLong("content-type"), help: "The media type that the server gave.")
  var contentType: String?
  @Argument(help: "A file, or - for standard input.", completion: .file()) var file: String

  func run() throws {
    let clock = try Surroundings.clock()
    let bytes = try document()
    do throws(ParseError) {
      var feed = try FeedParse.parse(bytes, baseURL: url, contentType: contentType)
      feed.noteFutureDates(now: clock())
      var json = JSONWriter()
      // A feed at the caps would stand in memory three times if it were written in one piece.
      feed.writeJSONFeed(to: &json) { json in
        if json.bytes.count >= 1 << 16 { json.handOver { Output.standard.raw($0) } }
      }
      json.raw(0x0A)
      Output.standard.raw(json.bytes)
    } catch {
      if case .libraryMissing = error { throw Failure(.inputOutput, error.description) }
      throw Failure(.notAFeed, "\(file == "-" ? "standard input" : file): \(error)")
    }
  }

  private func document() throws -> [UInt8] {
    if file == "-" {
      return try standardInput()
    }
    return try contents(of: file)
  }
}
