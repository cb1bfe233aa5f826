public import FeedIndex
public import FeedModel
public import FeedStore

/// What a check of a library found.
public struct LibraryReport: Sendable {
  /// What is wrong with the index.
  public enum IndexFault: Hashable, Sendable {
    /// A file was read otherwise than it is now.
    case otherFile(String)
    /// The counts that it keeps are not those of its rows.
    case counts
    /// It is not what the store's lines give.
    case rows(IndexDifferences)
    /// SQLite cannot use it.
    case unusable(IndexError)
  }

  /// What was found in the store's files.
  public var store: StoreReport
  /// What is wrong with the index; a rebuild puts all of it right.
  public var index: [IndexFault] = []
  /// Devices that the index knows and that have no directory any more.
  public var goneDevices: [String] = []
  /// How many marks and settings of devices that are gone stand in no file and only in the index.
  public var onlyInIndex = 0
  /// How many articles stand in no file and only in the index, where directories are gone.
  public var articlesOnlyInIndex = 0

  /// Nothing has to be done.
  public var isClean: Bool {
    store.isClean && index.isEmpty && onlyInIndex + articlesOnlyInIndex == 0
  }
}

/// What a repair of a library did.
public struct LibraryRepair: Sendable {
  /// What was done to the store's files.
  public var store: StoreRepair
  /// Writes that damage took from the files and that the index still knew, written down again.
  public var rescued = 0
  /// Articles whose lines are gone, written down again without their texts.
  public var articles = 0
  /// Feeds that are asked for all they have, since articles of theirs were lost.
  public var feedsAskedAgain = 0
  /// The index was made anew.
  public var hasNewIndex = false
}

extension Library {
  /// Looks through the store's files and the index, and changes neither.
  ///
  /// - Parameters:
  ///   - full: Every byte of the store is read, and the index held against a new one.
  ///   - now: The time of this call.
  ///   - progress: Told how far reading is.
  /// - Returns: What was found.
  /// - Throws: What the store answers where it cannot be listed.
  public func check(
    full: Bool = false,
    now: Timestamp,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> LibraryReport {
    // An index that cannot be read knows nothing, and that is said below.
    let known = (try? index.lastNumbers()) ?? [:]
    var report = LibraryReport(
      store: try storing { () throws(StoreError) in
        try store.check(full: full, now: now, known: known, progress: progress)
      }
    )
    do throws(LibraryError) {
      let cursors = try indexing { () throws(IndexError) in try index.cursors() }
      let devices = Set(report.store.devices.map(\.id))
      report.goneDevices = Set(cursors.keys.compactMap(Self.device)).subtracting(devices).sorted()
      if !report.goneDevices.isEmpty {
        report.onlyInIndex = try writesInNoFile().count
        report.articlesOnlyInIndex = try articlesInNoFile()
      }
      let hasLost = report.store.findings.contains(where: \.tookLines)
      report.index = try faults(cursors, full: full, hasLost: hasLost, progress: progress)
    } catch .index(let error) {
      report.index.append(.unusable(error))
    }
    return report
  }

  /// The device whose file a cursor is of.
  private static func device(of segment: String) -> String? {
    Segment(name: segment, sizeInBytes: 0)?.device
  }

  private func faults(
    _ cursors: [String: SegmentCursor],
    full: Bool,
    hasLost: Bool,
    progress: ReadingProgress
  ) throws(LibraryError) -> [LibraryReport.IndexFault] {
    var faults: [LibraryReport.IndexFault] = []
    let segments = try storing { () throws(StoreError) in try store.segments() }
    for segment in segments {
      guard let cursor = cursors[segment.name] else { continue }
      do throws(StoreError) {
        if try !store.holds(cursor) { faults.append(.otherFile(segment.name)) }
      } catch {
        // The check of the files says so.
        guard error.isOfOneFile else { throw .store(error) }
      }
    }
    let isMiscounted = try indexing { () throws(IndexError) in try index.hasWrongCounts() }
    if isMiscounted { faults.append(.counts) }
    guard full else { return faults }
    let names = Set(segments.map(\.name))
    let isAhead =
      hasLost
      || cursors.keys.contains { name in
        guard !names.contains(name) else { return false }
        return Segment(name: name, sizeInBytes: 0)?.hasSnapshot(among: names) != true
      }
    let differences = try withNewIndex(progress) { path throws(LibraryError) in
      try indexing { () throws(IndexError) in try index.differences(from: path) }
    }
    // What was in a file that went away stays known until a rebuild, and is no fault. Where a
    // snapshot stands for the file, a rebuild knows as much.
    if !differences.isEmpty, !isAhead || !differences.isOnlyAhead {
      faults.append(.rows(differences))
    }
    return faults
  }

  /// Folds the whole store into an index of its own, which is gone afterwards.
  func withNewIndex<Value>(
    _ progress: ReadingProgress,
    _ body: (String) throws(LibraryError) -> Value
  ) throws(LibraryError) -> Value {
    let path = "\(places.index).check-\(UInt32.random(in: 0...UInt32.max))"
    defer { FeedIndex.remove(path: path) }
    do {
      // A large one is built in another way, and then only opened here.
      _ = try withoutActuallyEscaping(progress) { progress throws(LibraryError) in
        try Self.buildIndex(at: path, of: store, progress: progress)
      }
      let new = try indexing { () throws(IndexError) in
        try FeedIndex.open(path: path, storeID: store.id)
      }
      guard new.isPersistent else {
        throw LibraryError.index(IndexError(code: 14, message: "\(path) cannot be written"))
      }
      _ = try withoutActuallyEscaping(progress) { progress throws(LibraryError) in
        try Self.catchUp(new, with: store, progress: progress)
      }
      try indexing { () throws(IndexError) in try new.close() }
    }
    return try body(path)
  }

  /// Deals with what a check found, as far as this machine may; see `Store.repair`.
  ///
  /// Where damage took lines away, what the index still knows of them is written down again, at its
  /// old time; feeds of which articles were lost are asked for all they have. Then the index is
  /// made anew.
  ///
  /// - Parameters:
  ///   - report: What the check found.
  ///   - now: The time of this call.
  ///   - progress: Told how far reading is.
  /// - Returns: What was done.
  /// - Throws: What the store answers.
  public func repair(
    _ report: LibraryReport,
    now: Timestamp,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> LibraryRepair {
    var repair = LibraryRepair(store: StoreRepair())
    let lock = try lockAgainstSync()
    defer { lock?.release() }
    let tails = try storing { () throws(StoreError) in try store.wholeTails(report.store) }
    try append(tails, now: now)
    // What only the index knows is lost when that is made anew.
    let harmed = report.harmedDevices
    let known = (try? index.lastNumbers()) ?? [:]
    if !harmed.isEmpty, !report.index.contains(where: { $0.isUnusable }) {
      let lost = try self.lost(by: report, progress)
      try append(lost.lines, now: now)
      repair.rescued = lost.writes.count
      repair.articles = lost.articles.count
      repair.feedsAskedAgain = try askAgain(lost.feeds)
    }
    repair.store = try storing { () throws(StoreError) in
      var found = report.store
      // What was just written shows which numbers are missing before it.
      let said = Set(found.findings)
      let new = harmed.isEmpty ? [] : try store.check(now: now, known: known).findings
      found.findings += new.filter { !said.contains($0) && $0.isOfNumbers }
      return try store.repair(found, now: now)
    }
    guard !report.index.isEmpty || !harmed.isEmpty else { return repair }
    try refoldLocked(progress)
    repair.hasNewIndex = true
    return repair
  }

  /// Holds off a sync, which would go by what is being changed.
  ///
  /// - Returns: Nil where no lock can be had: there is no sync there either.
  /// - Throws: `syncIsRunning`.
  func lockAgainstSync() throws(LibraryError) -> SyncLock? { try Self.lockAgainstSync(store) }

  static func lockAgainstSync(_ store: Store) throws(LibraryError) -> SyncLock? {
    do throws(StoreError) {
      return try store.lockForSync()
    } catch {
      if case .syncIsRunning = error { throw .store(error) }
      return nil
    }
  }

  /// Takes lines that a person has edited or written by hand over into our own journal.
  ///
  /// - Parameters:
  ///   - report: What a check found.
  ///   - now: The time of this call.
  /// - Returns: How many lines were written.
  /// - Throws: What the store answers.
  public func accept(_ report: LibraryReport, now: Timestamp) throws(LibraryError) -> Int {
    let lock = try lockAgainstSync()
    defer { lock?.release() }
    let appended = try storing { () throws(StoreError) in
      try store.accept(report.store, now: now)
    }
    try catchUp()
    return appended.reduce(0) { count, part in
      count
        + part.lines.count { line in
          if case .open = line.event.operation { false } else { true }
        }
    }
  }

  /// How many articles there are, and how many feeds that are or were followed.
  public func totals() throws(LibraryError) -> (articles: Int, feeds: Int) {
    try indexing { () throws(IndexError) in try index.totals() }
  }

  /// Folds the store anew and makes that the index at once; what is known about polling stays.
  ///
  /// - Parameter progress: Told how far reading is.
  /// - Throws: `syncIsRunning`; what the store or SQLite answers.
  public func refold(_ progress: ReadingProgress = { _, _ in }) throws(LibraryError) {
    let lock = try lockAgainstSync()
    defer { lock?.release() }
    try refoldLocked(progress)
  }

  /// The same, for whom holds off a sync already.
  func refoldLocked(_ progress: ReadingProgress) throws(LibraryError) {
    _ = try withoutActuallyEscaping(progress) { progress throws(LibraryError) in
      try Self.refold(index, at: places.index, with: store, progress)
    }
  }

  /// Folds the store into a file of its own, and makes that the content of an index.
  private static func refold(
    _ index: FeedIndex,
    at path: String,
    with store: Store,
    _ progress: ReadingProgress?
  ) throws(LibraryError) -> [Damage] {
    guard index.isPersistent else {
      try indexing { () throws(IndexError) in try index.reset() }
      return try catchUp(index, with: store, progress: progress)
    }
    let new = try indexing { () throws(IndexError) in
      try FeedIndex.building(beside: path, isNew: false)
    }
    do throws(LibraryError) {
      let damage = try catchUp(new, with: store, progress: progress)
      try indexing { () throws(IndexError) in
        try new.finishBuilding(in: index, storeID: store.id)
      }
      return damage
    } catch {
      new.abandonBuilding()
      throw error
    }
  }

  /// Makes the index of a library anew, whatever its state is.
  ///
  /// - Parameters:
  ///   - places: Where its parts are.
  ///   - application: The version that writes.
  ///   - progress: Told how far reading is.
  /// - Returns: The library.
  /// - Throws: `syncIsRunning`; what the store answers; what SQLite answers when the new index
  ///   cannot be written, and the old one is as it was then.
  public static func rebuild(
    _ places: Places,
    application: String = "test",
    progress: @escaping ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> Library {
    let store = try openStore(places, application)
    // What a sync learns about polling while the index is made anew would be lost.
    let lock = try lockAgainstSync(store)
    defer { lock?.release() }
    let polled = FeedIndex.polled(at: places.index)
    var isLast = false
    while true {
      do throws(LibraryError) {
        let index = try indexing { () throws(IndexError) in
          try FeedIndex.open(path: places.index, storeID: store.id)
        }
        let kept = try indexing { () throws(IndexError) in try index.polls() }
        let built = try refold(index, at: places.index, with: store, progress)
        // A damaged index was deleted; what stayed need not be written.
        let effects = kept.isEmpty ? polled : PollEffects()
        let damage = try catchUp(index, with: store, effects)
        return Library(
          store: store,
          index: index,
          places: places,
          damage: built.filter { !$0.isUnreadable } + damage
        )
      } catch .index(let error) {
        guard !isLast, error.isDamage else { throw .index(error) }
        isLast = true
        FeedIndex.remove(path: places.index)
      }
    }
  }
}

extension LibraryReport {
  /// Those of whose files lines may be gone, and that are needed: no other file has them.
  var harmedDevices: Set<String> {
    let harmed = Set(store.findings.filter(\.tookLines).compactMap(\.device))
    return onlyInIndex + articlesOnlyInIndex == 0 ? harmed : harmed.union(goneDevices)
  }
}

extension LibraryReport.IndexFault {
  var isUnusable: Bool { if case .unusable = self { true } else { false } }
}
