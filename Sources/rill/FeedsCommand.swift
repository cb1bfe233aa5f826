import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync
import FeedText

/// `rill feeds`.
struct FeedsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feeds",
    abstract: "Show the feeds that you follow, and how they are.",
    discussion: """
      A line has the feed's id, unread and all articles, title, verdict, and when
      it is asked next. What the verdicts say:
        new           it was never asked
        ok            it answers, and brings news about as often as it promised
        quiet         it answers, and has brought nothing new for a long time
        stale         its server says that nothing changed, and news is overdue
        moved         it redirects for good, which is not believed yet
        blocked       the site refuses Rill: 401, 403, a challenge, a login page
        rate-limited  its server wants fewer requests
        gone          its publisher says so, or it was not found for long
        broken        what comes is no feed
        unreachable   nobody answers
        certificate   its certificate is refused

      --json has id, url, title, site, tags, unread, total; verdict, evidence,
      note; last_success, last_status, last_error, failures; next_due and
      due_reason, as rill help sync names them.

      Examples:
        rill feeds
        rill feeds --verdict blocked --verdict gone
        rill feeds --json | jq -r 'select(.failures > 2) | .url'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Option(
    help: "Only feeds that are so. May be repeated.",
    completion: .list(Verdict.Kind.allCases.map(\.rawValue))
  )
  var verdict: [String] = []
  @Flag(help: "Print one JSON object a line.") var json = false

  func validate() throws {
    if let bad = verdict.first(where: { Verdict.Kind(rawValue: $0) == nil }) {
      let all = Verdict.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\(bad) is no verdict. There are: \(all).")
    }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let (feeds, polls) = try failing { () throws(LibraryError) in
      (try library.feeds(), try library.polls())
    }
    if feeds.isEmpty, !json {
      Output.error.line("No feeds yet. Begin with: rill add https://example.org/")
    }
    let kinds = Set(verdict.compactMap(Verdict.Kind.init))
    let shown =
      feeds.map { FeedHealth($0, polls[$0.id] ?? PollState(), now: now) }
      .filter { kinds.isEmpty || kinds.contains($0.verdict.kind) }
    if json {
      for health in shown { Output.standard.raw(health.jsonLine) }
      return
    }
    view.apply()
    let columns = Output.standard.isTerminal ? Output.standard.columns : nil
    let listing = FeedListing(shown, idLength: shortIDLength(feeds), columns: columns, now: now)
    for health in shown {
      for line in listing.lines(health) { Output.standard.row(line) }
    }
  }
}

extension FeedHealth {
  /// The feed as one line of JSON.
  fileprivate var jsonLine: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", feed.id.description)
    json.member("url", feed.url)
    json.member("title", feed.title)
    json.member("site", feed.site)
    json.member("tags", feed.tags)
    json.member("unread", feed.unread)
    json.member("total", feed.total)
    json.member("verdict", verdict.kind.rawValue)
    json.member("evidence", verdict.evidence)
    json.member("last_success", poll.lastSuccess.map(rill.shown))
    json.member("last_status", poll.lastStatus)
    json.member("last_error", poll.lastError)
    let due = max(poll.nextDue ?? .earliest, poll.retryAfter ?? .earliest)
    if due != .earliest, due != .latest { json.member("next_due", rill.shown(due)) }
    json.member("due_reason", poll.wait?.rawValue)
    json.member("note", poll.note)
    json.member("failures", poll.failures)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}
