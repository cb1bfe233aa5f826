import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedStore
import FeedSync

/// `rill gc`.
struct GcCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Purge old articles, and free the space of what is no longer needed.",
    discussion: """
      Nothing is purged unless you say so: here, with the settings keep.days and
      keep.articles, or for one feed with rill set FEED --keep-days. Where age and
      number are given an article has to be past both. What is unread, starred or
      tagged is never purged, and of each feed at least as many articles stay as
      its document has. Feeds that you removed are left alone.

      A purged article is shown no more and does not come back. Until its space
      is freed rill undo brings it back. That takes at least 30 days: a file is
      written anew without what is not needed, and the old one goes 30 days later,
      so that other machines that share the store can follow. Run it now and then.

      --json has a line for each feed with feed, title, articles, bytes, and a
      last one with articles, bytes_freed, bytes_to_free, written, removed.

      Examples:
        rill gc --older-than 90d --dry-run
        rill gc --keep 500 --feed lwn
        RILL_KEEP_DAYS=365 rill gc
      """
  )

  @OptionGroup var common: CommonOptions
  @Option(help: "Purge what came earlier than this: 12w, 90d or 1000h.") var olderThan: String?
  @Option(
    parsing: .unconditional,
    help: "Purge all but so many of the newest of each feed."
  ) var keep: Int?
  @Option(
    help: "Purge of this feed alone: an id, a URL or a unique part of the title.",
    completion: .feeds
  )
  var feed: String?
  @Flag(name: .customLong("dry-run"), help: "Say what would be done and change nothing.")
  var isDryRun = false
  @Flag(help: "Print one JSON object a line.") var json = false

  func validate() throws {
    if let olderThan, QueryTime(olderThan)?.seconds.map({ $0 < 86_400 }) ?? true {
      throw ValidationError("--older-than is a time from 1d on, such as 90d or 12w.")
    }
    if let keep, keep < 1 { throw ValidationError("--keep is a number from 1 on.") }
  }

  func run() async throws {
    let surroundings = try Surroundings(common)
    let settings = try await Settings(configFile: surroundings.configFile)
    let standard = try settings.keepRule()
    let library = try surroundings.library()
    let now = surroundings.clock()
    let feeds = try feed.map { [try library.feed(named: $0)] } ?? listed(library)
    let rules = feeds.map { ($0, rule(of: $0, standard)) }
    let purges = try failing { () throws(LibraryError) in try library.purges(rules, now: now) }
    if !isDryRun {
      try failing { () throws(LibraryError) in try library.purge(purges, now: now) }
    }
    for purge in purges { print(purge) }
    let report = try failing { () throws(LibraryError) in
      try library.compact(planned: isDryRun ? purges : [], isDryRun: isDryRun, now: now)
    }
    sayTrouble(library)
    let count = purges.reduce(0) { $0 + $1.articles.count }
    if json { Output.standard.raw(report.jsonLine(articles: count)) }
    say(count, purges.count, report, rules.map(\.1).filter { !$0.keepsAll })
  }

  /// Why rules find nothing: what is asked for, and what stays whatever is asked for.
  private func reason(_ rules: [KeepRule]) -> String {
    let what =
      if rules.allSatisfy({ $0.articles == nil }) {
        "No article is read and older than that"
      } else if rules.allSatisfy({ $0.seconds == nil }) {
        "No feed has read articles beyond that number"
      } else {
        "No read article is past the age and the number that are kept"
      }
    return "\(what), without a star and a tag, and beyond as many as its feed's document has."
  }

  private func listed(_ library: Library) throws -> [FeedRow] {
    try failing { () throws(LibraryError) in try library.feeds() }
  }

  /// What is typed goes before what is set; but who keeps all of a feed means it, unless the feed
  /// is named.
  private func rule(of row: FeedRow, _ standard: KeepRule) -> KeepRule {
    let own = standard.with(row.settings)
    guard olderThan != nil || keep != nil else { return own }
    let keepsAll = row.settings.keepDays == 0 || row.settings.keepArticles == 0
    if keepsAll, feed == nil { return KeepRule() }
    return KeepRule(seconds: olderThan.flatMap { QueryTime($0)?.seconds }, articles: keep)
  }

  private func print(_ purge: FeedPurge) {
    if json { return Output.standard.raw(purge.jsonLine) }
    let id = purge.feed.id.description.prefix(8)
    Output.standard.line([
      Piece("\(id)  ", .yellow),
      Piece("\(counted(purge.articles.count, "article"))  \(spelled(bytes: purge.bytes))  "),
      Piece(capped(purge.feed.title), .bold),
    ])
  }

  private func say(_ count: Int, _ feeds: Int, _ report: CompactionReport, _ rules: [KeepRule]) {
    let of = feeds == 1 ? "1 feed" : "\(feeds) feeds"
    if count > 0 {
      let verb = isDryRun ? "Would purge" : "Purged"
      Output.error.line("\(verb) \(counted(count, "article")) of \(of).")
      if !isDryRun { Output.error.line("Take it back with: rill undo") }
    } else {
      Output.error.line(
        rules.isEmpty
          ? "No article is purged: nothing says how long they are kept. See rill help gc."
          : "Nothing is purged. \(reason(rules))"
      )
    }
    let (freed, later) = (report.bytesFreed, report.bytesToFree)
    guard freed > 0 || later > 0 else { return Output.error.line("There is no space to free yet.") }
    Output.error.line(
      "\(isDryRun ? "Would free" : "Freed") \(spelled(bytes: freed)) now; "
        + "\(spelled(bytes: later)) more can go in 30 days."
    )
  }
}

extension Settings {
  /// What of a feed is kept where nothing is set for it alone.
  func keepRule() throws -> KeepRule {
    let (days, articles) = (try value(of: .keepDays), try value(of: .keepArticles))
    return KeepRule(
      seconds: days > 0 ? Int64(days) * 86_400 : nil,
      articles: articles > 0 ? articles : nil
    )
  }
}

extension FeedPurge {
  /// The feed as one line of JSON.
  fileprivate var jsonLine: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("feed", feed.id.description)
    json.member("title", feed.title)
    json.member("articles", articles.count)
    json.member("bytes", bytes)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

extension CompactionReport {
  /// What was done as one line of JSON.
  fileprivate func jsonLine(articles: Int) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("articles", articles)
    json.member("bytes_freed", bytesFreed)
    json.member("bytes_to_free", bytesToFree)
    json.member("written", snapshots.map(\.name))
    json.member("removed", removed.map(\.name))
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}
