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
    abstract: "Show the feeds that you follow.",
    discussion: """
      Examples:
        rill feeds
        rill feeds --json | jq -r 'select(.failures > 2) | .url'
      """
  )

  @OptionGroup var common: CommonOptions
  @Flag(help: "Print one JSON object a line.") var json = false

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
    let countCells = feeds.map { "\($0.unread)/\($0.total)".count }.max() ?? 0
    for feed in feeds {
      let poll = polls[feed.id] ?? PollState()
      if json {
        Output.standard.raw(jsonLine(feed, poll))
      } else {
        Output.standard.line(line(feed, poll, countCells: countCells, now: now))
      }
    }
  }

  private func line(
    _ feed: FeedRow,
    _ poll: PollState,
    countCells: Int,
    now: Timestamp
  ) -> [Piece] {
    let count = "\(feed.unread)/\(feed.total)"
    let columns = Output.standard.isTerminal ? Output.standard.columns : Int.max
    let title = fitted(
      terminalSafe(feed.title),
      toCells: min(500, max(10, columns - countCells - 12))
    )
    var pieces = [
      Piece(String(feed.id.description.prefix(6)), .yellow),
      Piece("  " + String(repeating: " ", count: countCells - count.count) + count + "  "),
      Piece(title, .cyan),
    ]
    if !feed.tags.isEmpty { pieces.append(Piece("  [\(feed.tags.joined(separator: ", "))]")) }
    if let error = poll.lastError {
      let since = poll.lastSuccess.map { ", last well \(ago($0, now))" }
      pieces.append(Piece("  \(error) (tried \(poll.failures)×\(since ?? ""))", .red))
    } else if poll.lastAttempt == nil, feed.total == 0 {
      pieces.append(Piece("  never asked", .dim))
    }
    return pieces
  }

  private func ago(_ moment: Timestamp, _ now: Timestamp) -> String {
    let seconds = now.seconds - moment.seconds
    return seconds < 60 ? "just now" : "\(age(seconds: seconds)) ago"
  }

  private func jsonLine(_ feed: FeedRow, _ poll: PollState) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", feed.id.description)
    json.member("url", feed.url)
    json.member("title", feed.title)
    json.member("site", feed.site)
    json.member("tags", feed.tags)
    json.member("unread", feed.unread)
    json.member("total", feed.total)
    json.member("last_success", poll.lastSuccess?.rfc3339(milliseconds: false))
    json.member("last_status", poll.lastStatus)
    json.member("last_error", poll.lastError)
    let due = max(poll.nextDue ?? .earliest, poll.retryAfter ?? .earliest)
    if due != .earliest, due != .latest {
      json.member("next_due", due.rfc3339(milliseconds: false))
    }
    json.member("failures", poll.failures)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

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
