import ArgumentParser
import FeedFetch

/// `rill add`.
struct AddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Follow feeds. The address of a site is enough: its feed is found.",
    discussion: """
      The feed is fetched once, and its articles are there at once.

      Examples:
        rill add https://example.org/
        rill add https://example.org/feed.xml --title 'Example' --tag news
        rill add ~/feeds/local.xml --mark-read
        rill add https://example.org/private.xml --user ann
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup(title: "How it is asked") var asking: AskingOptions
  @Argument(help: "URLs of feeds or sites, or paths of files.", completion: .file()) var addresses:
    [String]
  @Option(help: "Call the feed this.") var title: String?
  @Option(help: "Give the feed this tag. May be repeated.") var tag: [String] = []
  @Option(help: "Leave only the newest so many articles unread.") var keep: Int?
  @Flag(name: .customLong("mark-read"), help: "Mark all that is there already read.")
  var marksRead = false
  @Flag(name: .customLong("no-sync"), help: "Subscribe without fetching.") var noSync = false

  func validate() throws {
    if title?.isEmpty == true { throw ValidationError("A title is not empty.") }
    if title != nil, addresses.count > 1 {
      throw ValidationError("--title names one feed; add the others in a command of their own.")
    }
    if keep != nil, marksRead { throw ValidationError("Choose one of --keep and --mark-read.") }
    if noSync, keep != nil || marksRead {
      throw ValidationError("--keep and --mark-read need the articles: leave out --no-sync.")
    }
    if let keep, keep < 0 { throw ValidationError("--keep takes a number from 0 up.") }
    if let bad = tag.first(where: { $0.isEmpty || $0.contains(where: \.isNewline) }) {
      throw ValidationError("A tag is one line of text, not \"\(bad)\".")
    }
  }

  func run() async throws {
    let surroundings = try Surroundings(common)
    let typed = try addresses.map { try TypedAddress($0) }
    let settings = try await Settings(configFile: surroundings.configFile)
    let access = try FeedAccess(asking, to: typed, surroundings, settings)
    let library = try surroundings.library()
    let adding = Adding(
      library: library,
      access: access,
      title: title,
      tags: tag,
      keep: marksRead ? 0 : keep,
      schedule: try settings.scheduleSettings(),
      clock: surroundings.clock
    )
    if noSync {
      return try adding.subscribe(typed)
    }
    let fetcher = try settings.fetcher(resolve: network.resolve, jobs: 1)
    defer { fetcher.stop() }
    let search = FeedSearch(
      library: library,
      fetcher: fetcher,
      settings: try settings.discovery(),
      schedule: try settings.scheduleSettings(),
      clock: surroundings.clock
    )
    var failures: [Failure] = []
    for address in typed {
      do {
        try await adding.add(address, search)
      } catch let failure as Failure {
        guard typed.count > 1 else { throw failure }
        Output.error.line("rill: \(failure.message)")
        failures.append(failure)
      }
    }
    guard let first = failures.first else { return }
    Output.standard.finish()
    let isSame = failures.count == typed.count && failures.allSatisfy { $0.status == first.status }
    leave(isSame ? first.status : .someFailed)
  }
}
