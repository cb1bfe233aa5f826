import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync
import FeedText

/// `rill log`.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show what servers answered, newest first.",
    discussion: """
      Answers in a row that were alike are one line: when the last came, how many
      there were, status, what came of it; for one feed also bytes over the wire
      and milliseconds of the last, and when it is asked next. Without FEED, the
      last such line of every feed. Hosts that are left alone for now come last.
      It is what this machine met.

      --json has feed (id, title, url), since, until, count, status, words, bytes,
      milliseconds; and host, until, reason, binding for a host.

      Examples:
        rill log lwn
        rill log --limit 20
        rill log --json | jq -r 'select(.status == 403) | .feed.url'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Argument(help: "An id, a URL or a unique part of the title.", completion: .feeds) var feed:
    String?
  @Option(help: "Only the newest so many lines; 0 for all.") var limit: Int?
  @Flag(help: "Print one JSON object a line.") var json = false

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0 up.") }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let chosen = try feed.map { try library.feed(named: $0) }
    let entries = try failing { () throws(LibraryError) in
      if let chosen { return try library.pollLog(of: chosen.id).map { LogEntry(chosen, $0) } }
      let polls = try library.polls()
      return try library.feeds()
        .compactMap { feed in
          polls[feed.id]?.streak.map { LogEntry(feed, $0) }
        }
        .sorted { $0.streak.until > $1.streak.until }
    }
    let hosts = try failing { () throws(LibraryError) in try library.hosts() }
      .filter { $0.value.parkedUntil > now }
      .filter { host, _ in chosen.map { WebURL($0.url)?.host == host } ?? true }
      .sorted { $0.key < $1.key }
    let shown = entries.prefix(limit.flatMap { $0 == 0 ? nil : $0 } ?? .max)
    if json {
      for entry in shown { Output.standard.raw(entry.jsonLine) }
      for (host, state) in hosts { Output.standard.raw(hostLine(host, state)) }
      return
    }
    if entries.isEmpty { Output.error.line("Nothing was asked yet on this machine.") }
    view.apply()
    let columns = Output.standard.isTerminal ? Output.standard.columns : nil
    for line in LogListing(Array(shown), isOneFeed: chosen != nil, columns: columns).lines {
      Output.standard.row(line)
    }
    if let chosen,
      let poll = try failing({ () throws(LibraryError) in try library.polls() })[
        chosen.id
      ]
    {
      let text = outlook(FeedHealth(chosen, poll, now: now), now: now)
      for line in columns.map({ wrapped(text, width: $0 - 1) }) ?? [text] {
        Output.standard.line([Piece(line, .dim)])
      }
    }
    for (host, state) in hosts {
      let text = "\(host) is left alone until \(rill.shown(state.parkedUntil)). \(state.reason)"
      let safe = capped(terminalSafe(text))
      for line in columns.map({ wrapped(safe, width: $0 - 1) }) ?? [safe] {
        Output.standard.line([Piece(line, .yellow)])
      }
    }
  }

  /// When a feed is asked next and why then, with what there is to know about it.
  private func outlook(_ health: FeedHealth, now: Timestamp) -> String {
    let poll = health.poll
    let next =
      if let next = health.verdict.nextTry {
        "Next at \(rill.shown(next))" + (poll.wait.map { ": \(because($0))." } ?? ".")
      } else if poll.wait == .gone, poll.nextDue == .latest {
        "It is not asked again by itself: \(because(.gone))."
      } else { "It is due." }
    return capped(terminalSafe([next, poll.note].compactMap(\.self).joined(separator: " ")))
  }

  private func hostLine(_ host: String, _ state: HostState) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("host", host)
    json.member("until", rill.shown(state.parkedUntil))
    json.member("reason", state.reason)
    json.member("binding", state.isBinding)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

/// Answers of one feed that were alike.
struct LogEntry {
  var feed: FeedRow
  var streak: PollStreak

  init(_ feed: FeedRow, _ streak: PollStreak) {
    self.feed = feed
    self.streak = streak
  }

  /// One line of JSON.
  var jsonLine: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("feed")
    json.beginObject()
    json.member("id", feed.id.description)
    json.member("title", feed.title)
    json.member("url", feed.url)
    json.endObject()
    json.member("since", shown(streak.since))
    json.member("until", shown(streak.until))
    json.member("count", streak.count)
    json.member("status", streak.status)
    json.member("words", streak.words)
    json.member("bytes", streak.wireBytes)
    json.member("milliseconds", streak.elapsedMilliseconds)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

/// The log in columns.
struct LogListing {
  private let entries: [LogEntry]
  private let isOneFeed: Bool
  private let columns: Int?

  /// Takes over what is to be shown.
  ///
  /// - Parameters:
  ///   - entries: The lines.
  ///   - isOneFeed: All of them are of one feed, which need not be named.
  ///   - columns: Cells in a line; nil cuts nothing.
  init(_ entries: [LogEntry], isOneFeed: Bool, columns: Int?) {
    self.entries = entries
    self.isOneFeed = isOneFeed
    self.columns = columns
  }

  /// Of one feed: until when, how often since when, status, size, milliseconds, what came of it.
  ///
  /// Of all: size and milliseconds make room for the title.
  var lines: [[Piece]] {
    let counts = entries.map { entry in
      entry.streak.count == 1
        ? ""
        : "\(entry.streak.count)×" + (isOneFeed ? " since \(minute(entry.streak.since))" : "")
    }
    let sizes = entries.map { spelled(bytes: $0.streak.wireBytes) }
    let times = entries.map { "\($0.streak.elapsedMilliseconds) ms" }
    let titles = entries.map { capped(terminalSafe($0.feed.title)) }
    let countCells = counts.map { cellWidth($0) }.max() ?? 0
    let sizeCells = sizes.map(\.count).max() ?? 0
    let timeCells = times.map(\.count).max() ?? 0
    let titleCells = min(titles.map { cellWidth($0) }.max() ?? 0, min((columns ?? 96) / 3, 32))
    return entries.indices.flatMap { index in
      let streak = entries[index].streak
      var text = minute(streak.until)
      text += "  " + padded(counts[index], toCells: countCells, alignedRight: !isOneFeed)
      text += "  " + padded(streak.status.map(String.init) ?? "-", toCells: 3)
      if isOneFeed {
        text += "  " + padded(sizes[index], toCells: sizeCells, alignedRight: true)
        text += "  " + padded(times[index], toCells: timeCells, alignedRight: true)
      } else {
        text += "  " + padded(titles[index], toCells: titleCells)
      }
      let isWell = streak.status.map { $0 < 400 } ?? false
      return put(capped(terminalSafe(streak.words)), after: text, isWell ? nil : .red)
    }
  }

  /// Words after the columns: on the same line where they fit or are cut, else below.
  private func put(_ words: String, after text: String, _ style: Piece.Style?) -> [[Piece]] {
    guard let columns else { return [[Piece(text), Piece("  " + words, style)]] }
    let room = columns - cellWidth(text) - 2
    if isOneFeed, cellWidth(words) > room {
      return [[Piece(text)]]
        + wrapped(words, width: columns - 5).map { [Piece("    " + $0, style)] }
    }
    return [[Piece(text), Piece("  " + fitted(words, toCells: max(10, room)), style)]]
  }

  /// `2026-11-22 08:06`.
  private func minute(_ moment: Timestamp) -> String {
    let text = shown(moment)
    return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
  }
}
