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
      "Connect to this address for a name, as host:port:address. May be repeated.",
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
      Asks the feeds that are due, or the ones that are named. A server that asks to be left alone
      is left alone, whatever is typed.

      Examples:
        rill sync
        rill sync lwn --force
        rill sync --json | jq .new
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var network: NetworkOptions
  @Argument(help: "Ask only these feeds, due or not: ids, URLs or parts of titles.")
  var feeds: [String] = []
  @Flag(help: "Ask now, due or not, and at most once a day as if for the first time.")
  var force = false
  @Option(help: "Work on so many feeds at once.") var jobs: Int?
  @Flag(help: "Print a summary as one JSON object.") var json = false
  @Flag(name: .shortAndLong, help: "Print nothing but errors.") var quiet = false

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 1024.")
    }
  }

  func run() async throws {
    let started = monotonicSeconds()
    let surroundings = try Surroundings(common)
    let settings = try await Settings(configFile: surroundings.configFile)
    let library = try surroundings.library()
    let chosen =
      try feeds.isEmpty
      ? failing { () throws(LibraryError) in try library.feeds() }
      : feeds.map { try library.feed(named: $0) }
    if chosen.isEmpty {
      Output.error.line("No feeds yet. Begin with: rill add https://example.org/")
      if !json { return }
    }
    let jobs = try settings.jobs(jobs)
    let fetcher = try settings.fetcher(resolve: network.resolve, jobs: jobs)
    defer { fetcher.stop() }
    var options = SyncOptions(
      reason: force ? .forced : feeds.isEmpty ? .scheduled : .named,
      jobs: jobs,
      clock: surroundings.clock
    )
    options.schedule = try settings.scheduleSettings()
    let personal = PersonalOptions(
      try surroundings.credentialFile.secrets(),
      passwordSeconds: try settings.passwordSeconds()
    )
    options.fetchOptions = { await personal.options(for: $0) }
    var progress = Progress(total: chosen.count, isQuiet: quiet || json)
    let summary: SyncSummary
    do throws(LibraryError) {
      summary = try await library.whileSyncing { () async throws(LibraryError) in
        try await library.sync(chosen, from: fetcher, options) { progress.add($0) }
      }
    } catch {
      progress.clear()
      throw words(for: error)
    }
    progress.clear()
    for failure in summary.failures { sayFailure(failure) }
    sayTrouble(library)
    if json {
      Output.standard.raw(summary.jsonLine(seconds: monotonicSeconds() - started))
    } else if !quiet {
      Output.standard.line(summary.sentence)
    }
    try leaveIfFailed(summary)
  }

  private func leaveIfFailed(_ summary: SyncSummary) throws {
    guard !summary.failures.isEmpty else { return }
    Output.standard.finish()
    let isAll =
      summary.failures.count == summary.feeds
      && summary.failures.allSatisfy { if case .failed = $0.result { true } else { false } }
    leave(isAll ? .allFailed : .someFailed)
  }
}

/// Says which feed failed, why, and what to do next.
func sayFailure(_ report: FeedReport) {
  let name = report.feed.title == report.feed.url ? "" : "\(report.feed.title): "
  let step =
    if case .failed(let failure) = report.result {
      nextStep(for: failure, url: report.feed.url, isFollowed: true)
    } else {
      "Its complete items were taken; it is asked again later."
    }
  Output.error.line("rill: \(name)\(report.feed.url): \(report.reason ?? "") \(step)")
}

extension SyncSummary {
  /// The summary in words.
  var sentence: String {
    var parts = [counted(new, "new article")]
    if new == 0 { parts = ["0 new"] }
    if updated > 0 { parts.append("\(updated) updated") }
    if merged > 0 { parts.append("\(merged) merged") }
    var asked: [String] = []
    if fetched > 0 { asked.append("\(fetched) fetched") }
    if notModified > 0 { asked.append("\(notModified) not modified") }
    if notDue > 0 {
      asked.append(
        "\(notDue) not due" + (nextDue.map { " before \($0.rfc3339(milliseconds: false))" } ?? "")
      )
    }
    if !failures.isEmpty { asked.append("\(failures.count) failed") }
    let feeds = counted(feeds, "feed") + (asked.isEmpty ? "" : ": " + asked.joined(separator: ", "))
    return parts.joined(separator: ", ") + ". " + feeds + "."
  }

  /// The summary as one line of JSON.
  func jsonLine(seconds: Double) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("feeds", feeds)
    json.member("fetched", fetched)
    json.member("not_modified", notModified)
    json.member("not_due", notDue)
    json.member("failed", failures.count)
    json.member("new", new)
    json.member("updated", updated)
    json.member("merged", merged)
    json.key("errors")
    json.beginArray()
    for report in failures {
      json.beginObject()
      json.member("feed", report.feed.id.description)
      json.member("url", report.feed.url)
      json.member("reason", report.reason)
      json.endObject()
    }
    json.endArray()
    json.key("seconds")
    json.value((seconds * 1000).rounded() / 1000)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}
