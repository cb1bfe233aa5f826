import FeedIndex
public import FeedModel
public import FeedStore

/// What an index knows and no file says any more.
struct LostKnowledge {
  /// Marks and settings.
  var writes: [LostWrite] = []
  /// Articles, or some of their keys.
  var articles: [LostArticle] = []
  /// Feeds that may have some of the texts still.
  var feeds: [FeedID] = []

  var isEmpty: Bool { writes.isEmpty && articles.isEmpty }

  /// What is to be written down again: all of it at its old time, and by whom it was.
  ///
  /// Of an article that is all but its body, so that it keeps its id, its title and its marks, and
  /// does not come as new when the feed still has it.
  var lines: [PendingLine] {
    var marked: [Write: [ArticleID]] = [:]
    var lines: [PendingLine] = []
    for write in writes {
      if case .set(let key, let value, let ids) = write.operation {
        // Marks of one act are one line again.
        let same = Write(key: key, value: value, at: write.at, device: write.device)
        marked[same, default: []] += ids
      } else {
        let (operation, device) = (write.operation, write.device)
        lines.append(PendingLine(at: write.at, operation: operation, writtenBy: device))
      }
    }
    for (write, ids) in marked {
      for start in stride(from: 0, to: ids.count, by: Self.idsMax) {
        let part = Array(ids[start..<min(start + Self.idsMax, ids.count)])
        let operation = StoreOperation.set(key: write.key, value: write.value, ids: part)
        lines.append(PendingLine(at: write.at, operation: operation, writtenBy: write.device))
      }
    }
    return lines
      + articles.map {
        PendingLine(at: $0.received, operation: .article($0.article), writtenBy: $0.device)
      }
  }

  /// The same as lines that were read, for an index that is to know it too.
  var storedLines: [StoredLine] {
    func stored(_ line: PendingLine, _ place: LinePlace) -> StoredLine {
      StoredLine(
        event: StoreEvent(
          number: 0,
          at: line.at,
          device: line.writtenBy ?? "",
          sum: 0,
          operation: line.operation
        ),
        place: place
      )
    }
    let nowhere = LinePlace(segment: "", offset: 0, length: 0)
    let lines = lines
    return lines.filter { !$0.isArticle }.map { stored($0, nowhere) }
      + zip(lines.filter(\.isArticle), articles).map { stored($0, $1.place) }
  }

  /// How many articles one line marks at most.
  private static let idsMax = 1000

  private struct Write: Hashable {
    var key: String
    var value: RegisterValue
    var at: Timestamp
    var device: String
  }
}

/// What was saved before an index was made anew.
public struct LibraryRescue: Sendable {
  /// Marks and settings that only the index knew, written down again.
  public var writes = 0
  /// Articles that only the index knew, written down again without their texts.
  public var articles = 0
  /// Feeds that are asked for all they have.
  public var feedsAskedAgain = 0
  /// Lines that were reported as done and are in no file, whether they could be saved or not.
  public var lost: [StoreFinding] = []

  /// Nothing was lost.
  public init() {}
}

extension Library {
  /// What the index knows beyond the files, of devices that a check found harmed or gone.
  ///
  /// What devices without a directory wrote may have stood in the harmed files, taken over. Of all
  /// others the files are whole, and what an index says beyond them is wrong.
  func lost(
    by report: LibraryReport,
    _ progress: ReadingProgress
  ) throws(LibraryError) -> LostKnowledge {
    let whole = Set(report.store.devices.map(\.id)).subtracting(report.harmedDevices)
    return try withNewIndex(progress) { path throws(LibraryError) in
      try indexing { () throws(IndexError) in
        let writers = try index.writers().subtracting(whole)
        let differences = try index.differences(from: path)
        return LostKnowledge(
          writes: try index.lostWrites(of: writers, beyond: path),
          articles: try index.lostArticles(beyond: path)
            .filter { lost in
              // Who met it under a new key later is another than who received it.
              let last = Segment(name: lost.place.segment, sizeInBytes: 0)?.device
              return !whole.contains(lost.device) || last.map { !whole.contains($0) } ?? true
            },
          feeds: Set(differences.feedsOfExtraArticles + differences.feedsOfExtraRevisions).sorted()
        )
      }
    }
  }

  /// Writes that the index knows of devices without a directory, and that stand in no file.
  func writesInNoFile() throws(LibraryError) -> [LostWrite] {
    let segments = try storing { () throws(StoreError) in try store.segments() }
    let present = Set(segments.map(\.device))
    let known = try indexing { () throws(IndexError) in try index.writes(ofAllBut: present) }
    var lost = Dictionary(known.map { (Write($0.operation, $0.at), $0) }) { $1 }
    try eachLine(of: segments.filter { !lost.isEmpty && $0.kind.isOfJournal }) { event in
      for write in writes(of: event) { lost[write] = nil }
    } orUnreadable: {
      lost = [:]
    }
    return Array(lost.values)
  }

  /// How many articles stand, as far as the index knows, in files that are gone, and in no other.
  func articlesInNoFile() throws(LibraryError) -> Int {
    let known = try indexing { () throws(IndexError) in try index.articlesInMissingFiles() }
    guard !known.isEmpty else { return 0 }
    var owners: [ArticleID: Int] = [:]
    for (number, keys) in known.enumerated() { for key in keys { owners[key] = number } }
    var lost = Set(known.indices)
    let segments = try storing { () throws(StoreError) in try store.segments() }
    try eachLine(of: segments.filter { !$0.kind.isOfJournal }) { event in
      guard case .article(let article) = event.operation else { return }
      for key in article.keys { if let owner = owners[key] { lost.remove(owner) } }
    } orUnreadable: {
      lost = []
    }
    return lost.count
  }

  /// Reads lines; nothing of a file that cannot be read is taken for lost while it stands there.
  private func eachLine(
    of segments: [Segment],
    _ body: (StoreEvent) -> Void,
    orUnreadable: () -> Void
  ) throws(LibraryError) {
    for segment in segments {
      do throws(StoreError) {
        try store.eachReading(of: segment) { reading in
          for line in reading.lines { body(line.event) }
        }
      } catch {
        // The check of the files says so.
        guard error.isOfOneFile else { throw .store(error) }
        orUnreadable()
      }
    }
  }

  /// One write to one register, wherever it stands.
  ///
  /// Not by whom: what others took over from this machine is not read as written by it.
  private struct Write: Hashable {
    var operation: StoreOperation
    var at: Timestamp

    init(_ operation: StoreOperation, _ at: Timestamp) {
      self.at = at
      // The moment tells the writes of one register apart.
      self.operation =
        switch operation {
        case .set(let key, _, let ids): .set(key: key, value: .none, ids: ids)
        case .feed(let feed, let key, _): .feed(feed, key: key, value: .none)
        default: operation
        }
    }
  }

  private func writes(of event: StoreEvent) -> [Write] {
    guard case .set(let key, let value, let ids) = event.operation else {
      return [Write(event.operation, event.at)]
    }
    return ids.map { Write(.set(key: key, value: value, ids: [$0]), event.at) }
  }

  /// Forgets the validators of feeds, so that their whole documents are asked for.
  func askAgain(_ feeds: [FeedID]) throws(LibraryError) -> Int {
    guard !feeds.isEmpty else { return 0 }
    let known = try polls()
    var effects = PollEffects()
    for feed in feeds {
      guard var poll = known[feed] else { continue }
      poll.validators = nil
      poll.bodyHash = nil
      effects.polls[feed] = poll
    }
    var batch = IndexBatch.empty
    batch.effects = effects
    let written = batch
    _ = try indexing { () throws(IndexError) in try index.apply(written) }
    return effects.polls.count
  }
}

// Before an index is made anew.
extension Library {
  /// Writes down again what only an index knows, before that is made anew.
  ///
  /// - Parameters:
  ///   - places: Where the parts of the library are.
  ///   - application: The version that writes.
  ///   - now: The time of this call.
  ///   - progress: Told how far reading is.
  /// - Returns: What was written, and what was found lost.
  /// - Throws: `syncIsRunning`; what the store answers, and the index when it cannot be held
  ///   against the files: nothing is forgotten then. An index that is damaged knows nothing.
  public static func writeDownLost(
    _ places: Places,
    application: String = "test",
    now: Timestamp,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> LibraryRescue {
    let store = try openStore(places, application)
    var rescue = LibraryRescue()
    guard store.exists else { return rescue }
    let lock = try lockAgainstSync(store)
    defer { lock?.release() }
    let standing = FeedIndex.standing(at: places.index, storeID: store.id)
    guard let index = standing ?? FeedIndex.outdated(at: places.index, storeID: store.id) else {
      let report = try storing { () throws(StoreError) in try store.check(now: now) }
      rescue.lost = report.findings.filter(\.isOurLoss)
      return rescue
    }
    let library = Library(store: store, index: index, places: places, damage: [])
    do throws(LibraryError) {
      let report = try library.check(now: now)
      rescue.lost = report.store.findings.filter(\.isOurLoss)
      guard !report.harmedDevices.isEmpty else { return rescue }
      let known = try indexing { () throws(IndexError) in try index.lastNumbers() }
      let lost = try library.lost(by: report, progress)
      if !lost.isEmpty {
        try storing { () throws(StoreError) in
          _ = try store.append(lost.lines, now: now)
          // What is saved is not missed any more; what was just written shows which numbers are gone.
          var saved = try store.check(now: now, known: known)
          saved.findings.removeAll { !$0.isOfNumbers || !$0.isOurs }
          _ = try store.repair(saved, now: now)
        }
      }
      rescue.writes = lost.writes.count
      rescue.articles = lost.articles.count
      // What an older version knows about polling is not kept, so all feeds are asked anyway.
      if standing != nil { rescue.feedsAskedAgain = try library.askAgain(lost.feeds) }
    } catch .index(let error) {
      guard error.isDamage || standing == nil else { throw .index(error) }
    }
    return rescue
  }

  /// What only an index of an older version knows, where files are harmed.
  ///
  /// Nothing is written but a new index beside it, for the time of the call.
  ///
  /// - Returns: Nothing where there is no such index, or where it cannot be read.
  static func knowledge(
    ofOutdated places: Places,
    _ store: Store,
    _ progress: ReadingProgress?
  ) -> LostKnowledge {
    guard store.exists, let index = FeedIndex.outdated(at: places.index, storeID: store.id)
    else { return LostKnowledge() }
    let library = Library(store: store, index: index, places: places, damage: [])
    // One that has other tables cannot be asked, and is as good as none.
    guard let report = try? library.check(now: store.created ?? Timestamp(seconds: 0)),
      !report.harmedDevices.isEmpty
    else { return LostKnowledge() }
    return (try? library.lost(by: report, progress ?? { _, _ in })) ?? LostKnowledge()
  }
}
