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
      Its login, headers and proxy stay in the credential file too, and are used
      again when the feed is followed again.

      Examples:
        rill remove lwn
        rill remove https://example.org/feed.xml
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "An id, a URL or a unique part of the title.", completion: .feeds) var feeds:
    [String]

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let found = try library.feeds(named: feeds)
    try failing { () throws(LibraryError) in
      try library.unsubscribe(from: found.map(\.id), now: surroundings.clock())
    }
    let file = surroundings.credentialFile
    // A file that cannot be read is no reason to go on following; rill doctor names it.
    let secrets = (try? file.secrets()) ?? [:]
    for feed in found {
      Output.error.line(
        "Removed \(feed.title). What it brought stays, and comes back with: "
          + "rill add \(quoted(feed.url))"
      )
      if secrets[feed.id] != nil {
        Output.error.line("What is set for it alone stays in \(file.path).")
      }
    }
  }
}
