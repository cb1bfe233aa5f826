import ArgumentParser
import FeedJSON
import FeedModel
import FeedParse
import Glibc

/// `rill parse`.
struct ParseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Print any feed document as one JSON Feed 1.1 object.",
    discussion: """
      Nothing is fetched and nothing is stored. What had to be repaired stands under _rill.issues.

      Examples:
        rill parse feed.xml | jq -r '.items[].title'
        curl -s https://example.org/feed | rill parse --url https://example.org/feed -
      """
  )

  @Option(help: "The address that relative links are resolved against.") var url: String?
  @Option(name: .customLong("content-type"), help: "The media type that the server gave.")
  var contentType: String?
  @Argument(help: "A file, or - for standard input.") var file: String

  func run() throws {
    let bytes = try document()
    do throws(ParseError) {
      let feed = try parse(bytes, baseURL: url, contentType: contentType)
      var json = JSONWriter()
      feed.writeJSONFeed(to: &json)
      Output.standard.raw(json.bytes + [0x0A])
    } catch {
      throw Failure(.notAFeed, "\(file == "-" ? "standard input" : file): \(error)")
    }
  }

  private func document() throws -> [UInt8] {
    if file == "-" {
      guard let bytes = standardInput() else {
        throw Failure(.inputOutput, "Standard input cannot be read: \(reason(errno)).")
      }
      return bytes
    }
    guard let bytes = contents(of: file) else {
      let error = errno
      throw Failure(
        error == EACCES ? .noPermission : .inputOutput,
        "\(file) cannot be read: \(reason(error))."
      )
    }
    return bytes
  }
}

/// The bytes of a file; nil when it cannot be read, and then `errno` says why.
func contents(of path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let count = unsafe read(descriptor, &chunk, chunk.count)
    if count == 0 { return bytes }
    if count > 0 { bytes.append(contentsOf: chunk.prefix(count)) }
    if count < 0, errno != EINTR { return nil }
  }
}

/// The words of the C library for an error number.
func reason(_ error: Int32) -> String {
  guard let text = unsafe strerror(error) else { return "error \(error)" }
  return unsafe String(cString: text)
}
