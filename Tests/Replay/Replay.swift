import FeedFetch
import FeedIndex
import FeedModel
import FeedParse
import FeedStore
import FeedSync
import Foundation
import TestSupport

/// A year of feeds whose truth is known, fetched, merged, stored and marked by the real library.
public struct Replay {
  /// What is drawn.
  public var seed: Int
  /// Which feeds.
  public var feeds: [Int]
  /// How often each is fetched.
  public var fetches: Int
  /// Between two of them, in seconds.
  public var step: Int64 = 365 * 86_400 / 500
  /// After so many fetches all marks and rows are looked at.
  public var checkInterval = 50
  /// Prints what goes on.
  public var progress: @Sendable (Int) -> Void = { _ in }

  /// Describes a year.
  public init(seed: Int, feeds: [Int], fetches: Int) {
    self.seed = seed
    self.feeds = feeds
    self.fetches = fetches
  }

  /// Runs it in a directory that is not there yet.
  ///
  /// - Parameter directory: Where the machines keep their things; it is left there.
  /// - Returns: What it came to.
  /// - Throws: What the library answers.
  public func run(in directory: String) async throws -> ReplayReport {
    var year = Year(self, directory: directory)
    return try await year.run()
  }
}

/// Serves what the publishers give today.
private final class PublishedSource: DocumentSource {
  private let answers: [String: FetchOutcome]

  init(_ answers: [String: FetchOutcome]) { self.answers = answers }

  func fetch(_ request: FetchRequest) async -> FetchOutcome {
    answers[request.url] ?? .failed(.nameNotFound(host: request.url), nil)
  }
}

/// The state of a year.
private struct Year {
  private let replay: Replay
  private let directory: String
  private var dice: Dice
  private var publishers: [Publisher]
  private var ledgers: [Ledger]
  private var ids: [FeedID: Int] = [:]
  private var report = ReplayReport()
  private var cursors: [String: SegmentCursor] = [:]

  init(_ replay: Replay, directory: String) {
    self.replay = replay
    self.directory = directory
    dice = Dice(state: UInt64(replay.seed) &* 31)
    publishers = replay.feeds.map {
      Publisher(number: $0, seed: replay.seed, fetches: replay.fetches)
    }
    ledgers = publishers.map { _ in Ledger() }
  }

  private func places(_ machine: Int) -> Library.Places {
    Library.Places(
      store: directory + "/store",
      state: directory + "/state\(machine)",
      index: directory + "/cache\(machine)/index.sqlite"
    )
  }

  mutating func run() async throws -> ReplayReport {
    for machine in 0...1 {
      try FileManager.default.createDirectory(
        atPath: directory + "/cache\(machine)",
        withIntermediateDirectories: true
      )
    }
    let start: Int64 = 1_767_225_600
    let subscriptions = publishers.map { Subscription(url: $0.url) }
    for (index, subscription) in subscriptions.enumerated() { ids[subscription.id] = index }
    try Library.open(places(0))
      .subscribe(to: subscriptions, now: Timestamp(seconds: start - 60))
    for fetch in 0..<replay.fetches {
      let now = start + Int64(fetch) * replay.step
      let machine = dice.oneIn(6) ? 1 : 0
      if dice.oneIn(60) { try forgetIndex(of: machine) }
      try await self.fetch(fetch, by: machine, now: now)
      if (fetch + 1).isMultiple(of: replay.checkInterval) || fetch + 1 == replay.fetches {
        for machine in 0...1 { try check(Library.open(places(machine)), fetch) }
      }
      replay.progress(fetch)
    }
    report.articles = ledgers.reduce(0) { $0 + $1.seen.count }
    for publisher in publishers {
      for habit in publisher.habits { report.met[habit, default: 0] += replay.fetches }
    }
    return report
  }

  private func forgetIndex(of machine: Int) throws {
    let path = directory + "/cache\(machine)"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  private mutating func fetch(_ fetch: Int, by machine: Int, now seconds: Int64) async throws {
    let now = Timestamp(seconds: seconds)
    let library = try Library.open(places(machine))
    var answers: [Answer] = []
    var outcomes: [String: FetchOutcome] = [:]
    var updates: [Int] = []
    for index in publishers.indices {
      var answer = publishers[index].answer(fetch, now: seconds)
      let url = publishers[index].url
      let facts = ResponseFacts(status: answer.status, url: url)
      outcomes[url] =
        answer.status == 200
        ? .fetched(
          body: answer.body,
          contentType: nil,
          validators: Validators(etag: nil, lastModified: nil, url: url),
          facts
        ) : .failed(.status(answer.status, message: nil), facts)
      var items: [FeedItem] = []
      // What cannot be read brings nothing.
      if answer.status == 200, let parsed = try? parse(answer.body, baseURL: url, contentType: nil)
      {
        items = parsed.items
        if items.count != answer.entries.count, !answer.habits.contains(.cut) {
          throw ReplayError("Not every item of feed \(publishers[index].number) was read.")
        }
      }
      publishers[index].wasRead(answer, count: items.count)
      let seen = try ledgers[index].saw(items, answer)
      report.edits += seen.edits
      updates.append(seen.updates)
      report.fetches += 1
      report.items += items.count
      for habit in answer.habits { report.met[habit, default: 0] += 1 }
      answer.entries = Array(answer.entries.prefix(items.count))
      answers.append(answer)
    }
    let options = SyncOptions(reason: .named, jobs: 4, clock: { now })
    var changes: [Int: Changes] = [:]
    let feeds = try library.feeds()
    _ = try await library.sync(feeds, from: PublishedSource(outcomes), options) { report in
      if let index = ids[report.feed.id], case .fetched(let done) = report.result {
        changes[index] = done
      }
    }
    try follow(fetch, answers)
    for (index, answer) in answers.enumerated() {
      let updated = changes[index]?.updated ?? 0
      if updated > updates[index] {
        for _ in 0..<updated - updates[index] {
          fail(.updatedInVain, index, fetch, answer.habits, "")
        }
      }
      for entry in answer.entries where !ledgers[index].shown.contains(entry.essay.number) {
        if ledgers[index].tell(.neverShown, entry.essay.number) {
          fail(.neverShown, index, fetch, answer.habits, "\(entry.title ?? "-")")
        }
      }
    }
    try again(outcomes, answers, fetch, library, now)
    try mark(library, fetch, now)
  }

  /// Reads what was written, and sees what became of each item.
  private mutating func follow(_ fetch: Int, _ answers: [Answer]) throws {
    let store = try Store.open(
      directory: directory + "/store",
      stateDirectory: directory + "/reader",
      application: "replay"
    )
    for segment in try store.segments() where !segment.kind.isOfJournal {
      if let cursor = cursors[segment.name], cursor.offset == segment.sizeInBytes { continue }
      let reading = try store.read(segment, after: cursors[segment.name])
      cursors[segment.name] = reading.cursor
      for line in reading.lines {
        guard case .article(let article) = line.event.operation, let index = ids[article.feed]
        else { continue }
        try follow(article, index, fetch, answers)
      }
    }
  }

  private mutating func follow(
    _ article: Article,
    _ index: Int,
    _ fetch: Int,
    _ answers: [Answer]
  ) throws {
    guard let version = ledgers[index].versions[article.item] else {
      throw ReplayError("A line holds what stood in no document: \(article.item)")
    }
    let habits = answers[index].habits
    if article.rule == .new {
      ledgers[index].own(article.id, version.article)
      if !ledgers[index].show(version.article) {
        fail(.shownTwice, index, fetch, habits, words(of: version, index))
      }
      return
    }
    if let owner = ledgers[index].owners[article.id], owner != version.article {
      let other = ledgers[index].seen[owner].map { words(of: $0, index) } ?? ""
      if ledgers[index].tell(.neverShown, version.article) {
        fail(
          .neverShown,
          index,
          fetch,
          habits,
          "by \(article.rule): " + words(of: version, index) + " TAKEN FOR " + other
        )
      }
    }
  }

  private func words(of version: Ledger.Version, _ index: Int) -> String {
    let form = version.form
    return "article \(version.article) revision \(version.revision) guid \(form.guid ?? "-") "
      + "link \(form.link ?? "-") title \(form.title ?? "-") date \(form.date ?? 0) words "
      + form.words.prefix(4).joined(separator: " ")
  }

  /// Merges the very bytes again.
  private mutating func again(
    _ outcomes: [String: FetchOutcome],
    _ answers: [Answer],
    _ fetch: Int,
    _ library: Library,
    _ now: Timestamp
  ) throws {
    for feed in try library.feeds() where dice.oneIn(4) {
      guard let index = ids[feed.id], let outcome = outcomes[publishers[index].url],
        let done = try library.take(outcome, for: feed, now: now.adding(seconds: 60)),
        case .fetched(let changes) = done.result
      else { continue }
      report.repeats += 1
      guard changes.new + changes.updated + changes.merged > 0 else { continue }
      fail(
        .notIdempotent,
        index,
        fetch,
        answers[index].habits,
        "\(changes.new) new, \(changes.updated) updated, \(changes.merged) merged"
      )
    }
    try follow(fetch, answers)
  }

  /// What a person does after a sync.
  private mutating func mark(_ library: Library, _ fetch: Int, _ now: Timestamp) throws {
    guard dice.oneIn(3) else { return }
    var query = ArticleQuery()
    query.limit = 60
    let rows = try library.articles(query)
    var (read, starred): ([ArticleRow], [ArticleRow]) = ([], [])
    for row in rows {
      guard let index = ids[row.feed], let article = ledgers[index].owners[row.id] else { continue }
      if dice.oneIn(2) {
        read.append(row)
        ledgers[index].read.insert(article)
      }
      if dice.oneIn(12) {
        starred.append(row)
        ledgers[index].starred.insert(article)
      }
    }
    report.marks += try library.mark(read, .read(true), now: now.adding(seconds: 120))
    report.marks += try library.mark(starred, .star(true), now: now.adding(seconds: 121))
  }

  /// Looks at everything that is listed.
  private mutating func check(_ library: Library, _ fetch: Int) throws {
    var query = ArticleQuery()
    query.includesRead = true
    var rows: [Int: [Int: [ArticleRow]]] = [:]
    for row in try library.articles(query) {
      guard let index = ids[row.feed], let article = ledgers[index].owners[row.id] else {
        throw ReplayError("An article is listed that no line made: \(row.id)")
      }
      rows[index, default: [:]][article, default: []].append(row)
    }
    for index in publishers.indices {
      for article in ledgers[index].shown.sorted() {
        try check(article, rows[index]?[article] ?? [], library, index, fetch)
      }
    }
  }

  /// Looks at one true article; it has more rows than one where it was shown twice.
  private mutating func check(
    _ article: Int,
    _ rows: [ArticleRow],
    _ library: Library,
    _ index: Int,
    _ fetch: Int
  ) throws {
    let ledger = ledgers[index]
    let title = rows.first?.title ?? ""
    if rows.isEmpty { tell(.neverShown, article, index, fetch, "not listed") }
    let (isRead, isStarred) = (rows.contains(where: \.isRead), rows.contains(where: \.isStarred))
    if ledger.read.contains(article), !isRead { tell(.readLost, article, index, fetch, title) }
    if ledger.starred.contains(article), !isStarred {
      tell(.starLost, article, index, fetch, title)
    }
    if isRead && !ledger.read.contains(article) || isStarred && !ledger.starred.contains(article) {
      tell(.markFromNowhere, article, index, fetch, title)
    }
    guard ledger.edited.contains(article) else {
      if rows.contains(where: \.hasChanged) { tell(.changedInVain, article, index, fetch, title) }
      return
    }
    guard let seen = ledger.seen[article] else { return }
    let isHere = try rows.contains { row in
      guard let item = try library.article(at: row)?.item else { return false }
      return ledger.versions[item]
        .map {
          $0.article == article && $0.revision == seen.revision
        } ?? false
    }
    if !isHere { tell(.editLost, article, index, fetch, words(of: seen, index)) }
  }

  private mutating func tell(
    _ fault: ReplayFault,
    _ article: Int,
    _ index: Int,
    _ fetch: Int,
    _ details: String
  ) {
    guard ledgers[index].tell(fault, article) else { return }
    fail(fault, index, fetch, [], details)
  }

  private mutating func fail(
    _ fault: ReplayFault,
    _ index: Int,
    _ fetch: Int,
    _ habits: Set<Habit>,
    _ details: String
  ) {
    report.failures.append(
      ReplayFailure(
        fault: fault,
        seed: replay.seed,
        feed: publishers[index].number,
        fetch: fetch,
        habits: publishers[index].habits.union(habits),
        details: details
      )
    )
  }
}
