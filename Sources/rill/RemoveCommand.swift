import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync

/// `rill remove`.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Stop following feeds. Their articles stay in the store.",
    discussion: """
      Examples:
        rill remove lwn
        rill remove https://example.org/feed.xml
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "An id, a URL or a unique part of the title.") var feeds: [String]

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let found = try feeds.map { try library.feed(named: $0) }
    try failing { () throws(LibraryError) in
      try library.unsubscribe(from: found.map(\.id), now: surroundings.clock())
    }
    for feed in found {
      Output.error.line(
        "Removed \(feed.title). What it brought stays, and comes back with: "
          + "rill add \(feed.url)"
      )
    }
  }
}
