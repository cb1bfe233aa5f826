import ArgumentParser
import FeedFetch
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync

/// Options of commands that use the network.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Connect to this address for a name, or for all with *, as host:port:address. "
        + "May be repeated.",
      valueName: "host:port:address"
    )
  )
  var resolve: [String] = []

  func validate() throws {
    for entry in resolve where entry.split(separator: ":", maxSplits: 2).count != 3 {
      throw ValidationError("--resolve \(entry): write it as host:port:address.")
    }
  }
}

/// `rill sync`.
struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Ask feeds for what is new.",
    discussion: """
      Asks the feeds that are due, or the ones that are named. A server that asks
      to be left alone is left alone, whatever is typed.

      --json has feeds, fetched, not_modified, not_due, failed, new, updated,
      merged and seconds; errors with feed, url and reason; skipped with feed,
      url, until and reason (cadence, interval, max-age, ttl, skip, retry-after,
      backoff, host, gone, not-found); moved with feed, from and to.

      --events prints an object a line as it goes: event is feed-start, skipped,
      new, updated, merged (each with article, as rill list --json prints it),
      moved, failed, feed-done, and done at the end with the members of --json.

      Where the setting hooks.on-new names a command, it is run once with the
      new articles that are not read, as lines of JSON on its standard input.

      Examples:
        rill sync
        rill sync lwn --force
        rill sync --json | jq .new
        rill sync --events | jq -r 'select(.event == "new").article.title'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var network: NetworkOptions
  @Argument(
    help: "Ask only these feeds, due or not: ids, URLs or parts of titles.",
    completion: .feeds
  )
  var feeds: [String] = []
  @Flag(help: "Ask now, due or not, and at most once a day as if for the first time.")
  var force = false
  @Option(help: "Work on so many feeds at once.") var jobs: Int?
  @Flag(help: "Print a summary as one JSON object.") var json = false
  @Flag(help: "Print what happens as it happens, one JSON object a line.") var events = false
  @Flag(name: .shortAndLong, help: "Print nothing but errors.") var quiet = false

  func validate() throws {
    try Self.checkJobs(jobs)
    if json, events { throw ValidationError("Choose one of --json and --events.") }
  }

  /// Refuses a number of jobs that cannot be.
  static func checkJobs(_ jobs: Int?) throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 1024.")
    }
  }

  func run() async throws {
    let started = monotonicSeconds()
    // There may be more to do than to be read.
    Output.standard.outlivesReader()
    let surroundings = try Surroundings(common)
    let settings = try await Settings(configFile: surroundings.configFile)
    let library = try surroundings.library()
    let chosen =
      try feeds.isEmpty
      ? failing { () throws(LibraryError) in try library.feeds() }
      : library.feeds(named: feeds)
    if chosen.isEmpty {
      Output.error.line("No feeds yet. Begin with: rill add https://example.org/")
      if !json, !events { return }
    }
    var round = try SyncRound(surroundings, settings, network, jobs: jobs)
    defer { round.fetcher.stop() }
    // Who names feeds, or forces them, hears of each that is not asked.
    let isWanted = force || !feeds.isEmpty
    round.options.reason = force ? .forced : feeds.isEmpty ? .scheduled : .named
    round.isTerse = quiet || json || events
    round.keepsSkipped = json || events || isWanted
    if events {
      round.events = SyncEvents(library: library, clock: surroundings.clock)
      round.options.isStopping = { Output.standard.hasLostReader }
    }
    let (summary, tally) = try await round.run(chosen, library)
    for failure in summary.failures { sayFailure(failure) }
    if !round.isTerse { try say(tally, library, skipped: isWanted) }
    sayTrouble(library)
    let seconds = monotonicSeconds() - started
    if json {
      Output.standard.raw(summary.jsonLine(tally, seconds: seconds))
    } else if let events = round.events {
      events.finished(summary, tally, seconds: seconds)
    } else if !quiet {
      Output.standard.line(summary.sentence(tally))
    }
    if round.hasErrand(tally) { try await runHook(round, tally, library) }
    try leaveIfFailed(summary)
    Output.standard.finish()
    if Output.standard.hasLostReader { leave(bySignal: Signals.unread) }
  }

  /// Runs the command for new articles; what ends this program ends that as well.
  private func runHook(_ round: SyncRound, _ tally: SyncTally, _ library: Library) async throws {
    // A reader that stalls is waited for while signals still end this program.
    Output.standard.finish()
    let signals = Signals.ending
    let bell = try Doorbell(signals)
    try await round.runHook(tally, library, bell, until: Set(signals))
    guard let signal = bell.taken().first else { return }
    Output.standard.finish()
    leave(bySignal: signal)
  }

  /// Says who has moved, and who of those that somebody wanted is not asked.
  private func say(_ tally: SyncTally, _ library: Library, skipped isWanted: Bool) throws {
    if !tally.moved.isEmpty {
      let feeds = try failing { () throws(LibraryError) in try library.feeds() }
      let followed = Set(feeds.map(\.id))
      for report in tally.moved.prefix(Self.namedMax) {
        Output.error.line(moveSentence(report, followed: followed) ?? "")
      }
      let rest = tally.moved.count - Self.namedMax
      if rest > 0 {
        Output.error.line("\(counted(rest, "other")) moved too. rill set FEED says from where.")
      }
    }
    guard isWanted else { return }
    for report in tally.skipped.prefix(Self.namedMax) {
      Output.error.line(waitSentence(report, isForced: force) ?? "")
    }
    let rest = tally.skipped.count - Self.namedMax
    if rest > 0 { Output.error.line("So it is with \(counted(rest, "other")).") }
  }

  /// How many feeds that have moved, or are not asked, are named one by one.
  private static let namedMax = 10

  private func leaveIfFailed(_ summary: SyncSummary) throws {
    guard !summary.failures.isEmpty else { return }
    Output.standard.finish()
    let isAll =
      summary.failures.count == summary.feeds
      && summary.failures.allSatisfy { if case .failed = $0.result { true } else { false } }
    leave(isAll ? .allFailed : .someFailed)
  }
}

/// What a person can do about a feed that is followed.
private func nextStep(for failure: SyncFailure, of feed: FeedRow) -> String {
  if case .fetch(.refusedAddress) = failure, feed.urlDevice == FeedRow.importer {
    return "It came with an import. If it is wanted, add it here: rill add \(quoted(feed.url))"
  }
  return nextStep(for: failure, url: feed.url, isFollowed: true)
}

/// Says which feed failed, why, and what to do next.
func sayFailure(_ report: FeedReport) {
  let name = report.feed.title == report.feed.url ? "" : "\(report.feed.title): "
  let step =
    if case .failed(let failure) = report.result {
      nextStep(for: failure, of: report.feed)
    } else {
      "Its complete items were taken; it is asked again later."
    }
  Output.error.line("rill: \(name)\(report.feed.url): \(report.reason ?? "") \(step)")
}
