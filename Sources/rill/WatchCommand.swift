import ArgumentParser
import FeedFetch
import FeedIndex
import FeedModel
import FeedSync

/// `rill watch`.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Ask feeds when they are due, until you stop it.",
    discussion: """
      Does what rill sync does, again and again: it sleeps until the next feed is
      due, and looks every quarter of an hour for what other commands and
      machines have changed. It says a word when something is new or fails.

      HUP asks at once what is due, with settings and logins read anew. TERM and
      INT stop it within a second, or three where the command for new articles has
      to be ended: what has come is stored, the rest is asked the next time.

      Examples:
        rill watch
        rill watch --events | jq -r 'select(.event == "new").article.title'
        systemctl --user start rill-watch
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var network: NetworkOptions
  @Option(help: "Work on so many feeds at once.") var jobs: Int?
  @Flag(help: "Print what happens as it happens, one JSON object a line.") var events = false
  @Flag(name: .shortAndLong, help: "Print nothing but errors.") var quiet = false

  func validate() throws {
    try SyncCommand.checkJobs(jobs)
    if events, quiet { throw ValidationError("Choose one of --events and --quiet.") }
  }

  /// The longest sleep, in seconds: other commands add feeds, and a laptop's clock stands still.
  private static let longestSleep: Int64 = 900
  /// The shortest: what a host may be asked is counted for each round.
  private static let shortestSleep: Int64 = 60
  private static let stopping = Set(Signals.stopping)

  func run() async throws {
    Output.standard.outlivesReader()
    let bell = try Doorbell(Signals.stopping + [Signals.renewing])
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    var round = try await ready(surroundings, bell)
    var isFirst = true
    while true {
      let signals = bell.taken()
      if let stop = signals.first(where: Self.stopping.contains) {
        round.fetcher.stop()
        Output.standard.finish()
        leave(bySignal: stop)
      }
      if Output.standard.hasLostReader {
        round.fetcher.stop()
        leave(bySignal: Signals.unread)
      }
      if signals.contains(Signals.renewing) { round = try await renewed(round, surroundings, bell) }
      if !isFirst { try failing { () throws(LibraryError) in _ = try library.takeInNews() } }
      isFirst = false
      let told = try await ask(round, library, bell)
      if !bell.hasRung(Self.stopping), !Output.standard.hasLostReader {
        await bell.sleep(seconds: try pause(library, round, told))
      }
    }
  }

  private func ready(_ surroundings: Surroundings, _ bell: Doorbell) async throws -> SyncRound {
    let settings = try await Settings(configFile: surroundings.configFile)
    var round = try SyncRound(surroundings, settings, network, jobs: jobs)
    round.isTerse = quiet || events
    round.options.isStopping = { bell.hasRung(Self.stopping) || Output.standard.hasLostReader }
    return round
  }

  /// The same with what is set now; as it was where that cannot be used.
  private func renewed(
    _ round: SyncRound,
    _ surroundings: Surroundings,
    _ bell: Doorbell
  ) async throws -> SyncRound {
    do {
      let new = try await ready(surroundings, bell)
      round.fetcher.stop()
      return new
    } catch let failure as Failure {
      Output.error.line("rill: warning: \(failure.message) The settings stay as they were.")
      return round
    }
  }

  /// One sync; another one that runs does the same work.
  ///
  /// - Returns: When the first of the feeds may be asked that were not.
  private func ask(
    _ round: SyncRound,
    _ library: Library,
    _ bell: Doorbell
  ) async throws -> Timestamp? {
    var round = round
    if events { round.events = SyncEvents(library: library, clock: round.options.clock) }
    let started = monotonicSeconds()
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    guard !feeds.isEmpty else { return nil }
    let (summary, tally): (SyncSummary, SyncTally)
    do {
      (summary, tally) = try await round.run(feeds, library)
    } catch let failure as Failure where failure.status == .alreadyRunning {
      return nil
    }
    for failure in summary.failures { sayFailure(failure) }
    sayTrouble(library)
    if let events = round.events {
      events.finished(summary, tally, seconds: monotonicSeconds() - started)
    } else if !quiet, summary.new + summary.updated + summary.merged > 0 {
      Output.standard.line("\(shown(round.options.clock())) \(summary.sentence(tally))")
      Output.standard.finish()
    }
    try await round.runHook(tally, library, bell, until: Self.stopping)
    return summary.nextDue
  }

  /// How many seconds until a feed is due.
  ///
  /// One that was due and was not asked waits for its host, and `told` knows how long.
  private func pause(
    _ library: Library,
    _ round: SyncRound,
    _ told: Timestamp?
  ) throws -> Int64 {
    let (polls, feeds) = try failing { () throws(LibraryError) in
      (try library.polls(), try library.feeds())
    }
    let now = round.options.clock()
    let due =
      (feeds.compactMap { polls[$0.id]?.nextDue } + [told].compactMap(\.self)).filter { $0 > now }
      .min() ?? .latest
    let seconds = due == .latest ? Self.longestSleep : due.seconds - now.seconds + 1
    return min(max(seconds, Self.shortestSleep), Self.longestSleep)
  }
}
