import ArgumentParser
import FeedFetch
import FeedJSON
import FeedModel
import FeedSync

/// `rill discover`.
struct DiscoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract: "Show the feeds behind an address, and follow none.",
    discussion: """
      Asks what rill add would ask, and nothing more. The feed that rill add would
      follow stands first, with a star.

      Examples:
        rill discover https://example.org/
        rill discover example.org --json | jq -r 'select(.chosen) | .url'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var network: NetworkOptions
  @Argument(help: "The address of a site or a feed.") var address: String
  @Flag(help: "Print one JSON object a line.") var json = false

  func run() async throws {
    let surroundings = try Surroundings(common)
    let typed = try TypedAddress(address)
    let settings = try await Settings(configFile: surroundings.configFile)
    let fetcher = try settings.fetcher(resolve: network.resolve, jobs: 1)
    defer { fetcher.stop() }
    let search = FeedSearch(
      library: try surroundings.library(),
      fetcher: fetcher,
      settings: try settings.discovery(),
      schedule: try settings.scheduleSettings(),
      clock: surroundings.clock
    )
    var options = FetchOptions()
    options.credentials = typed.credentials
    let (asked, discovery) = try await search.discover(typed, options)
    for candidate in discovery.candidates {
      if json {
        Output.standard.raw(candidate.jsonLine(isChosen: candidate.url == discovery.chosen))
      } else {
        Output.standard.line(candidate.line(isChosen: candidate.url == discovery.chosen))
      }
    }
    switch discovery.end {
    case .found, .followed: break
    case .failed, .noFeed: throw search.failure(discovery, typed: asked, isAdding: false)
    }
  }
}

extension Discovery {
  /// The address that `rill add` would follow; nil when there is none.
  fileprivate var chosen: String? {
    switch end {
    case .found(let feed): feed.url
    case .followed(let url): url
    case .noFeed, .failed: nil
    }
  }
}

extension FeedCandidate {
  /// The type of the feed: what it was read as, or else what the page claims.
  private var type: String? { format?.rawValue ?? mimeType }

  fileprivate func line(isChosen: Bool) -> [Piece] {
    var pieces = [Piece(isChosen ? "* " : "  ", .green), Piece(url, .cyan)]
    if let title { pieces.append(Piece("  \(title)")) }
    if let type { pieces.append(Piece("  \(type)", .dim)) }
    if isFollowed { pieces.append(Piece("  followed", .dim)) }
    return pieces
  }

  fileprivate func jsonLine(isChosen: Bool) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("url", url)
    json.member("title", title)
    json.member("type", type)
    json.member("source", source.rawValue)
    json.member("chosen", isChosen)
    json.member("followed", isFollowed)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}
