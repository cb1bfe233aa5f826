import FeedIndex
import FeedMerge
import FeedModel
import FeedStore

extension Library {
  /// What a person's words mean, of all that the store knows something about.
  ///
  /// - Parameter words: At least 4 characters of an article's id; or a feed's id, URL or name.
  /// - Returns: An article wins over a feed. Purged articles count, and ids of articles that are not
  ///   here and have marks, and feeds that are no longer followed.
  /// - Throws: What the index answers.
  public func subject(named words: String) throws(LibraryError) -> Finding<Explanation.Subject> {
    if (4...HashID.length).contains(words.utf8.count) {
      let found = try indexing { () throws(IndexError) in
        try index.known(withPrefix: words.lowercased(), limit: 6)
      }
      if !found.isEmpty {
        return found.count == 1 ? .one(.article(found[0])) : .many(found.map { .article($0) })
      }
    }
    let feeds = try indexing { () throws(IndexError) in try index.feeds() }
    switch FeedSync.feed(named: words, in: feeds) {
    case .none: return .none
    case .one(let feed): return .one(.feed(feed.id))
    case .many(let feeds): return .many(feeds.map { .feed($0.id) })
    }
  }

  /// What an article or a feed is called: its title, or its page, or its address.
  public func name(of subject: Explanation.Subject) throws(LibraryError) -> String? {
    try indexing { () throws(IndexError) -> String? in
      switch subject {
      case .feed(let id): try index.feeds(.id(id)).first?.title
      case .article(let keys):
        try index.articles(withPrefix: (keys.first?.description ?? ""), limit: 1).first
          .flatMap { $0.title ?? $0.url }
      }
    }
  }

  /// Tells everything that the store says of an article or a feed.
  ///
  /// Journals are searched for its keys. So are the files of articles, unless the index knows that
  /// one line alone brought the article: then that line is read.
  ///
  /// - Parameters:
  ///   - subject: From `subject(named:)`.
  ///   - everywhere: Files of articles are searched in any case, also for damage.
  /// - Returns: What was found.
  /// - Throws: What the store or the index answers; a file that cannot be read is named in it.
  public func explain(
    _ subject: Explanation.Subject,
    everywhere: Bool = false
  ) throws(LibraryError) -> Explanation {
    var search = WhySearch(store: store, subject: subject)
    let segments = try storing { () throws(StoreError) in try store.segments() }
    for segment in segments where segment.kind.isOfJournal { search.searchJournal(segment) }
    var state: IndexedState?
    var isTied = false
    if case .article(let keys) = subject, let id = keys.first {
      state = try indexing { () throws(IndexError) in try index.articleState(of: id) }
      // What was taken apart was one once, and other lines say so.
      isTied = try indexing { () throws(IndexError) in try index.isTied(keys) }
      let isRead =
        !everywhere && !isTied && state.map { $0.isOfOneLine && search.read(at: $0.place) } ?? false
      if !isRead {
        for segment in segments where !segment.kind.isOfJournal { search.search(segment) }
      }
    }
    var relatives: Set<ArticleID> = []
    if isTied, case .article(let keys) = subject {
      relatives = search.searchTies(of: keys, segments.filter(\.kind.isOfJournal))
    }
    let names = try names(of: segments, for: subject, search.lines, state)
    var explanation = Explanation(
      subject: subject,
      events: attributed(explained(subject, by: search.lines, names, relatives: relatives))
    )
    explanation.disbelieved = search.damage
    explanation.rules = Set(try rules().map(\.key))
    switch subject {
    case .feed(let id):
      explanation.feed = names.feeds[id]
      explanation.title = names.feeds[id]?.title
    case .article(let keys):
      try addPresent(to: &explanation, keys, state, search.lines)
      explanation.feed = (state?.state.feed ?? explanation.newest?.feed).flatMap { names.feeds[$0] }
    }
    return explanation
  }

  private func names(
    of segments: [Segment],
    for subject: Explanation.Subject,
    _ lines: [WhyLine],
    _ state: IndexedState?
  ) throws(LibraryError) -> WhyNames {
    var names = WhyNames(own: store.device)
    for device in Set(segments.map(\.device)) {
      names.devices[device] = store.name(ofDevice: device) ?? device
    }
    var feeds: Set<FeedID> = []
    if case .feed(let id) = subject { feeds.insert(id) }
    if let state { feeds.insert(state.state.feed) }
    for line in lines {
      if case .article(let article) = line.line.event.operation { feeds.insert(article.feed) }
    }
    for id in feeds {
      names.feeds[id] = try indexing { () throws(IndexError) in try index.feeds(.id(id)).first }
    }
    return names
  }

  private func addPresent(
    to explanation: inout Explanation,
    _ keys: [ArticleID],
    _ state: IndexedState?,
    _ lines: [WhyLine]
  ) throws(LibraryError) {
    var marks = state?.state.marks
    if marks == nil, let key = keys.first {
      marks = try indexing { () throws(IndexError) in try index.marks(under: key) }
    }
    let revisions = lines.compactMap { line -> (Timestamp, Article)? in
      guard case .article(let article) = line.line.event.operation,
        explanation.subject.isNamed(in: line.line.event.operation)
      else { return nil }
      return (line.line.event.at, article)
    }
    for (_, article) in revisions {
      for (key, source) in keySources(of: article.item, in: article.feed)
      where article.keys.contains(key) {
        explanation.sources[key] = source
      }
    }
    // What the index shows comes first: of two lines of one moment it knows which one that is.
    let shown = state.flatMap { state in
      lines.first { $0.line.place == state.place }?.line.event.operation
    }
    if case .article(let article) = shown {
      explanation.newest = article
    } else {
      explanation.newest = revisions.max { $0.0 < $1.0 }?.1
    }
    explanation.title = explanation.newest?.item.title
    let written = writtenMarks(explanation.events)
    let present = marks ?? MarkState()
    explanation.present = Explanation.Present(
      marks: present,
      received: state?.state.received,
      revisions: explanation.events.count { event in
        guard case .revision(let revision) = event.deed else { return false }
        guard revision.other == nil else { return false }
        return revision.isFirst || revision.isChanged && !revision.isMinor
      },
      text: explanation.newest.map { isPurged($0) ? .dropped : .here } ?? .missing,
      unexplained: differing(present, written)
    )
    guard let id = state?.state.id else { return }
    let rows = try indexing { () throws(IndexError) in
      try index.withCopies(index.articles(withPrefix: id.description, limit: 1))
    }
    explanation.present?.copies = rows.first?.copies ?? []
  }
}

/// The marks that lines come to, by the rules of the fold.
func writtenMarks(_ events: [ExplainedEvent]) -> MarkState {
  var marks = MarkState(isRead: false, isStarred: false, tags: [], isGone: false)
  var starred: RegisterStampOrder?
  var gone: RegisterStampOrder?
  for event in events {
    guard case .write(let write) = event.deed, write.holds, write.value == .bool(true) else {
      continue
    }
    let order = RegisterStampOrder(at: event.at, device: event.device.id)
    switch write.register {
    case "read": marks.isRead = true
    case "star": (marks.isStarred, starred) = (true, order)
    case "gone": gone = order
    case "hidden": marks.isHidden = true
    case let name where name.hasPrefix("tag:"):
      marks.tags = (marks.tags ?? []) + [String(name.dropFirst(4))]
    default: break
    }
  }
  // Who starred an article after it was purged elsewhere wants it.
  if let gone { marks.isGone = starred.map { $0 < gone } ?? true }
  return marks
}

/// When and by whom something was written.
struct RegisterStampOrder: Comparable {
  var at: Timestamp
  var device: String

  static func < (left: RegisterStampOrder, right: RegisterStampOrder) -> Bool {
    (left.at, left.device) < (right.at, right.device)
  }
}

/// Registers in which what the index shows is not what lines say.
private func differing(_ shown: MarkState, _ written: MarkState) -> [String] {
  var names: [String] = []
  if shown.isRead ?? false != written.isRead { names.append("read") }
  if shown.isStarred ?? false != written.isStarred { names.append("star") }
  if shown.isGone ?? false != written.isGone { names.append("gone") }
  if shown.isHidden ?? false != written.isHidden ?? false { names.append("hidden") }
  let tags = Set(shown.tags ?? []).symmetricDifference(written.tags ?? [])
  return names + tags.sorted().map { "tag:\($0)" }
}

/// Looks through files for what names an article or a feed.
private struct WhySearch {
  let store: Store
  let subject: Explanation.Subject
  private(set) var lines: [WhyLine] = []
  private(set) var damage: [Library.Damage] = []
  private let texts: [[UInt8]]

  init(store: Store, subject: Explanation.Subject) {
    self.store = store
    self.subject = subject
    texts =
      switch subject {
      case .article(let keys): keys.map { $0.hash.utf8 }
      case .feed(let feed): [feed.hash.utf8]
      }
  }

  /// Looks through a file of articles.
  mutating func search(_ segment: Segment) {
    take(texts, segment) { subject, operation in subject.isNamed(in: operation) }
  }

  /// Looks through a journal, also for what was undone.
  mutating func searchJournal(_ segment: Segment) {
    search(segment)
    let isDamaged = damage.count
    take([Array("\"undo\"".utf8)], segment) { subject, operation in
      if case .unknown = operation { return false }
      return !subject.isNamed(in: operation)
    }
    // Damage in which an undo stands need not be about this one.
    damage.removeSubrange(isDamaged...)
  }

  /// Looks for what was said about the keys of its lines and about those that they were joined to.
  ///
  /// - Parameters:
  ///   - keys: Its own keys.
  ///   - journals: Where to look.
  /// - Returns: All keys that have to do with it in that way.
  mutating func searchTies(of keys: [ArticleID], _ journals: [Segment]) -> Set<ArticleID> {
    var relatives = Set(keys)
    for line in lines {
      if case .article(let article) = line.line.event.operation {
        relatives.formUnion(article.keys)
      }
    }
    var found = WhySearch(store: store, subject: subject)
    for segment in journals {
      found.take([Array("\"part\"".utf8), Array("\"join\"".utf8)], segment) { _, _ in true }
    }
    // What was joined to it once has its say on when that ended.
    for line in found.lines where line.line.event.operation.ties(relatives) {
      if case .set("join", _, let ids) = line.line.event.operation { relatives.formUnion(ids) }
    }
    lines += found.lines.filter { line in
      line.line.event.operation.ties(relatives)
        && !lines.contains { $0.line.place == line.line.place }
    }
    return relatives
  }

  /// Reads one line; false when it is not there any more.
  mutating func read(at place: LinePlace) -> Bool {
    // Then it is searched for.
    guard let event = try? store.event(at: place), subject.isNamed(in: event.operation),
      let segment = Segment(name: place.segment, sizeInBytes: 0)
    else { return false }
    let line = StoredLine(event: event, place: place, isHandWritten: event.sum == 0)
    lines.append(WhyLine(line: line, directory: segment.device))
    return true
  }

  private mutating func take(
    _ texts: [[UInt8]],
    _ segment: Segment,
    _ isWanted: (Explanation.Subject, StoreOperation) -> Bool
  ) {
    do throws(StoreError) {
      let found = try store.lines(with: texts, in: segment)
      for line in found.lines where isWanted(subject, line.event.operation) {
        lines.append(
          WhyLine(
            line: line,
            directory: segment.device,
            isClaim: found.claims.contains(line.place),
            isCompacted: segment.kind == .snapshot || segment.kind == .articleSnapshot
          )
        )
      }
      damage += found.damage.map {
        Library.Damage(segment: segment.name, offset: $0.offset, reason: $0.reason.rawValue)
      }
    } catch {
      // It went away after it was listed.
      if case .gone = error { return }
      damage.append(Library.Damage(unreadable: segment.name, error))
    }
  }
}
