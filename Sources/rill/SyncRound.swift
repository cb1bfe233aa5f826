import FeedFetch
import FeedIndex
import FeedModel
import FeedSync

/// One sync or several, with what they share: the fetcher, the credentials and the settings.
struct SyncRound {
  let fetcher: Fetcher
  var options: SyncOptions
  /// No progress is shown.
  var isTerse = false
  /// Each feed that is not asked is told.
  var keepsSkipped = false
  /// Prints what happens.
  var events: SyncEvents?
  private let hook: NewArticlesHook?

  /// Gets everything ready; nothing is asked.
  ///
  /// - Parameters:
  ///   - surroundings: Where things are.
  ///   - settings: What is set.
  ///   - network: What was typed about the network.
  ///   - jobs: How many feeds are worked on at once; nil for what is set.
  /// - Throws: `Failure` when a setting cannot be used.
  init(
    _ surroundings: Surroundings,
    _ settings: Settings,
    _ network: NetworkOptions,
    jobs: Int?
  ) throws {
    let jobs = try settings.jobs(jobs)
    hook = try settings.newArticlesHook()
    options = SyncOptions(reason: .scheduled, jobs: jobs, clock: surroundings.clock)
    options.schedule = try settings.scheduleSettings()
    let personal = PersonalOptions(
      try surroundings.credentialFile.secrets(),
      passwordSeconds: try settings.passwordSeconds()
    )
    options.fetchOptions = { await personal.options(for: $0) }
    fetcher = try settings.fetcher(resolve: network.resolve, jobs: jobs)
  }

  /// Asks feeds, with a line of progress on a terminal.
  ///
  /// - Parameters:
  ///   - feeds: The feeds to look at.
  ///   - library: Where they are.
  /// - Returns: What it came to.
  /// - Throws: `Failure`: another sync is running; what the store or the index answers.
  func run(_ feeds: [FeedRow], _ library: Library) async throws -> (SyncSummary, SyncTally) {
    var options = options
    options.namesArticles = events != nil || hook != nil
    if let events { options.started = { events.started($0) } }
    var tally = SyncTally(keepsSkipped: keepsSkipped)
    var progress = Progress(total: feeds.count, isQuiet: isTerse)
    var trouble: LibraryError?
    let summary: SyncSummary
    do throws(LibraryError) {
      summary = try await library.whileSyncing { [options] () async throws(LibraryError) in
        try await library.sync(feeds, from: fetcher, options) { report in
          progress.add(report)
          tally.add(report)
          guard let events else { return }
          // What is reported is stored; that it cannot be told does not stop the sync.
          do throws(LibraryError) { try events.done(report) } catch { trouble = error }
        }
      }
    } catch {
      progress.clear()
      throw words(for: error)
    }
    progress.clear()
    if let trouble { throw words(for: trouble) }
    return (summary, tally)
  }

  /// There are articles for which a command is set.
  func hasErrand(_ tally: SyncTally) -> Bool { hook != nil && !tally.new.isEmpty }

  /// Runs the command that is set for new articles, and says what went wrong with it.
  ///
  /// - Parameters:
  ///   - tally: What is new.
  ///   - library: Where it is.
  ///   - bell: Tells of signals.
  ///   - signals: Those that end the command.
  /// - Throws: `Failure` when the articles cannot be read.
  func runHook(
    _ tally: SyncTally,
    _ library: Library,
    _ bell: Doorbell,
    until signals: Set<Int32>
  ) async throws {
    guard let hook, !tally.new.isEmpty else { return }
    let new = try failing { () throws(LibraryError) in try library.articles(tally.new) }
    guard let failure = await bell.heeding(signals, { await hook.run(for: new) }) else { return }
    Output.error.line(
      "rill: warning: \(failure) The articles are stored; see them with: rill list"
    )
  }
}
