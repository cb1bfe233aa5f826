import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync

/// `rill export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print what you have in a form that others can read.",
    discussion: """
      Examples:
        rill export opml > feeds.opml                    what you follow, for others
        rill export state > state.jsonl                  all that is known, for Rill
        rill export atom --starred --limit 0 > best.xml  articles, as a feed
      """,
    subcommands: [
      ExportOPMLCommand.self, ExportStateCommand.self, ExportJSONFeedCommand.self,
      ExportAtomCommand.self,
    ]
  )
}

/// `rill export state`.
struct ExportStateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state",
    abstract: "Print all that is known, one JSON object a line.",
    discussion: """
      First feeds, then what you split and joined, then articles, then marks of
      articles that have not come yet, each in the order of their ids. It does not
      say when and by which machine anything was written, so that two stores with
      equal state print equal bytes. rill import takes it over.

      Logins and headers are not in it; they stand in "credentials" of the config
      directory.

      Examples:
        rill export state > state.jsonl
        rill export state --no-bodies | sha256sum
        rill export state | jq -r 'select(.starred).item.url'
      """
  )

  @OptionGroup var common: CommonOptions
  @Flag(name: .customLong("no-bodies"), help: "Leave out what the articles say.")
  var leavesBodiesOut = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    var json = JSONWriter()
    let lost = try failing { () throws(LibraryError) in
      try library.exportState(withBodies: !leavesBodiesOut) { line in
        line.write(to: &json)
        guard json.bytes.count >= 1 << 16 else { return }
        Output.standard.raw(json.bytes)
        json.removeAll()
      }
    }
    Output.standard.raw(json.bytes)
    guard lost > 0 else { return }
    Output.standard.finish()
    Output.error.line(
      "rill: \(counted(lost, "article")) cannot be read and \(lost == 1 ? "is" : "are") printed "
        + "without what \(lost == 1 ? "it says" : "they say"). See: rill doctor"
    )
    leave(.someFailed)
  }
}
