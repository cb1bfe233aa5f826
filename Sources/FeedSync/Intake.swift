import FeedIndex
import FeedMerge
import FeedModel
import FeedStore

/// Gathers what several feeds brought and writes it in one durable step.
///
/// Nothing is reported before it is on disk: articles first, then, in one index transaction, their
/// effects, the validators and the next due times.
struct Intake {
  let library: Library
  let settings: ScheduleSettings
  /// Reports name the articles that changed.
  let namesArticles: Bool
  private var lines: [PendingLine] = []
  private var effects = PollEffects()
  private var reports: [FeedReport] = []
  private var activeRules: ActiveRules?
  /// About how many bytes of text wait to be written.
  private(set) var pendingBytes = 0

  init(
    library: Library,
    settings: ScheduleSettings = ScheduleSettings(),
    namesArticles: Bool = false
  ) {
    self.library = library
    self.settings = settings
    self.namesArticles = namesArticles
  }

  /// How many feeds wait to be written.
  var pendingFeeds: Int { reports.count }

  /// Takes one feed's answer in; nothing is written yet.
  mutating func take(_ reading: Reading, now: Timestamp) throws(LibraryError) {
    let feed = reading.feed
    let answer: Answer
    let result: FeedResult
    switch reading.content {
    case .parsed(let parsed, let keys, let bodyHash, let validators, let facts):
      let changes = try merge(parsed, keys, into: feed, now: now)
      result = .fetched(changes)
      if parsed.isTruncated {
        answer = .unusable(facts, reason: truncation)
      } else if facts.isDelta {
        answer = .unchanged(facts, validators)
      } else {
        let dates = parsed.items.compactMap { $0.published ?? $0.modified }
        answer = .read(facts, validators, bodyHash: bodyHash, dates: dates, parsed.schedule)
      }
    case .same(let validators, let facts):
      result = .notModified
      answer = .repeated(facts, validators)
    case .notModified(let validators, let facts):
      result = .notModified
      answer = .unchanged(facts, validators)
    case .failed(let failure, let facts):
      result = .failed(failure)
      answer = Self.answer(to: failure, facts)
    }
    var poll = next(
      reading.poll,
      after: answer,
      feed: feed.id,
      interval: feed.settings.intervalSeconds,
      settings: settings,
      now: now
    )
    if case .parsed(let parsed, _, _, _, let facts) = reading.content {
      poll.hub = facts.hubs.first ?? parsed.hubs.first
      poll.topic = facts.selfURL ?? parsed.feedURL
    }
    var report = FeedReport(feed: feed, result: result)
    poll.url = feed.url
    report.movedTo = move(reading, &poll, now: now)
    log(report, reading.facts, &poll, now: now)
    effects.polls[feed.id] = poll
    reports.append(report)
  }

  /// Notes that a feed is not asked before a moment; nothing is written yet.
  mutating func postpone(_ asking: Asking, until: Timestamp) {
    var poll = asking.poll
    if until > poll.nextDue ?? .earliest {
      poll.nextDue = until
      poll.wait = .host
    }
    effects.polls[asking.feed.id] = poll
    reports.append(FeedReport(feed: asking.feed, result: .notDue(until: until, .host)))
  }

  /// Corrects what is remembered of a feed that is not asked; nothing is written yet.
  mutating func correct(_ poll: PollState, of feed: FeedID) { effects.polls[feed] = poll }

  /// Takes note of what was learned of hosts; nothing is written yet.
  mutating func take(_ hosts: [String: HostState?]) {
    effects.hosts.merge(hosts) { $1 }
  }

  /// Writes what was taken in.
  ///
  /// - Parameter now: The time of the write.
  /// - Returns: What may now be reported.
  /// - Throws: What the store or the index answers; then nothing of it may be reported.
  mutating func commit(now: Timestamp) throws(LibraryError) -> [FeedReport] {
    guard !reports.isEmpty || !effects.isEmpty else { return [] }
    try library.append(lines, now: now, effects)
    let (done, moving) = (reports, effects.polls)
    self = Intake(library: library, settings: settings, namesArticles: namesArticles)
    try library.move(done, moving, now: now)
    return done
  }

  /// Looks whether the feed has moved.
  ///
  /// - Returns: The new URL, when it is time to believe it.
  private func move(_ reading: Reading, _ poll: inout PollState, now: Timestamp) -> String? {
    let feed = reading.feed
    if reading.isFailure {
      // A page, an error or half a document in the place of the feed says that nothing has moved
      // there.
      if reading.facts != nil { poll.move = nil }
      return nil
    }
    guard let facts = reading.facts, !feed.url.hasPrefix("/") else { return nil }
    poll.move = PermanentMove.seen(
      poll.move,
      from: feed.url,
      in: facts,
      refused: feed.settings.refusedMove,
      now: now
    )
    guard let move = poll.move, move.isBelieved(from: feed.url, settings: settings, now: now)
    else { return nil }
    return move.target
  }

  /// Counts an answer that is like the last, and begins a new line of the log for another.
  private mutating func log(
    _ report: FeedReport,
    _ facts: ResponseFacts?,
    _ poll: inout PollState,
    now: Timestamp
  ) {
    var streak = PollStreak(
      at: now,
      status: facts?.status,
      words: report.words,
      wireBytes: facts?.wireBytes ?? 0,
      elapsedMilliseconds: facts?.elapsedMilliseconds ?? 0
    )
    if let last = poll.streak {
      if last.words == streak.words, last.status == streak.status {
        streak.since = min(last.since, now)
        streak.count = last.count + 1
      } else {
        effects.log.append(LoggedStreak(feed: report.feed.id, streak: last))
      }
    }
    poll.streak = streak
  }

  private mutating func merge(
    _ parsed: ParsedFeed,
    _ keys: DocumentKeys,
    into feed: FeedRow,
    now: Timestamp
  ) throws(LibraryError) -> Changes {
    let merging = try library.merging(keys, of: feed.id)
    let plan = merging.plan(now: now)
    // A purged article that is met under another key gets no text: its newest revision, which may
    // have one, stays that, or an undo of the purge would bring back nothing.
    let purged = Dictionary(merging.known.filter(\.isGone).map { ($0.keys[0], $0.revisedAt) }) {
      max($0, $1)
    }
    for step in plan.steps {
      let before = purged[step.article.id]?.adding(milliseconds: -1)
      let at = before ?? library.moment(now, after: step.after)
      lines.append(PendingLine(at: at, operation: .article(step.article)))
      let item = step.article.item
      pendingBytes += (item.contentHTML ?? item.contentText ?? "").utf8.count + 500
    }
    let read = try readAlready(plan, of: feed.id, now: now)
    let hidden = try follow(rules(now: now), plan, of: feed, read: Set(read), now: now)
    if !read.isEmpty {
      lines.append(
        PendingLine(at: now, operation: .set(key: "read", value: .bool(true), ids: read))
      )
    }
    var registers: [(String, RegisterValue)] = []
    if let title = parsed.title, title != feed.sourceTitle {
      registers.append(("source.title", .string(title)))
    }
    if let site = parsed.homePageURL, site != feed.site {
      registers.append(("source.site", .string(site)))
    }
    lines += try library.lines(of: feed.id, registers, now: now)
    // What a rule hid is nobody's news.
    let steps = plan.steps.filter { !hidden.contains($0.article.id) }
    return Changes(
      new: steps.count { $0.kind == .new },
      updated: plan.count(.updated),
      merged: plan.count(.merged),
      isTruncated: parsed.isTruncated,
      articles: namesArticles ? steps.compactMap(ChangedArticle.init) : []
    )
  }

  /// The rules, which are read once for all that is written in one step.
  private mutating func rules(now: Timestamp) throws(LibraryError) -> ActiveRules {
    if let known = activeRules { return known }
    let stored = try library.rules()
    let united = stored.isEmpty ? [:] : try library.unitedFeeds()
    let rules = ActiveRules(stored, united: united, now: now)
    activeRules = rules
    return rules
  }

  /// Does with new articles what rules say, in the lines that bring them.
  ///
  /// - Returns: Those that are hidden.
  private mutating func follow(
    _ rules: ActiveRules,
    _ plan: MergePlan,
    of feed: FeedRow,
    read: Set<ArticleID>,
    now: Timestamp
  ) throws(LibraryError) -> Set<ArticleID> {
    guard !rules.isEmpty else { return [] }
    let at = library.moment(now, after: nil)
    let new = plan.steps.filter { $0.kind == .new }
      .map { step in
        let article = step.article
        var subject = article.item.subject(of: feed.id, received: at)
        subject.feedTags = Set(feed.tags)
        subject.isRead = read.contains(article.id)
        return (id: article.id, subject: subject)
      }
    let deeds = rules.lines(for: new, now: at)
    lines += deeds
    return deeds.reduce(into: []) { hidden, line in
      if case .set(Rule.Action.hide.register, _, let ids) = line.operation { hidden.formUnion(ids) }
    }
  }

  /// The new articles whose page was read in another feed not long ago: nothing is shown twice.
  ///
  /// A page that two items of the document lead to is the page of neither.
  private func readAlready(
    _ plan: MergePlan,
    of feed: FeedID,
    now: Timestamp
  ) throws(LibraryError) -> [ArticleID] {
    let new = plan.steps.filter { $0.kind == .new }
      .compactMap { step in
        let item = step.article.item
        return item.url.flatMap(pageHash)
          .map { page in
            let name = nameHash(title: item.title, published: item.published)
            let article = PageOfArticle(page: page, name: name, published: item.published)
            return (page: page, id: step.article.id, article: article)
          }
      }
    let articles = Dictionary(grouping: new, by: \.page).filter { $0.value.count == 1 }
    let since = now.adding(seconds: -30 * 86_400)
    let read = try indexing { () throws(IndexError) in
      try library.index.readPages(
        of: articles.values.flatMap { $0.map(\.article) },
        in: feed,
        since: since
      )
    }
    return new.filter { read.contains($0.page) }.map(\.id)
  }

  private static func answer(to failure: SyncFailure, _ facts: ResponseFacts?) -> Answer {
    let (reason, trouble) = (failure.description, failure.trouble)
    guard let facts else { return .failed(nil, reason: reason, trouble: trouble) }
    return switch failure {
    case .later: .later(facts, reason: reason)
    case .gone: .gone(facts)
    case .parse, .page: .unusable(facts, reason: reason, trouble: trouble)
    case .fetch, .options: .failed(facts, reason: reason, trouble: trouble)
    }
  }
}
