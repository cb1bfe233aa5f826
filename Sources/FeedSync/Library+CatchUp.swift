import FeedIndex
import FeedModel
import FeedStore

extension Library {
  /// Reads what an index has not read yet and folds it.
  ///
  /// - Parameters:
  ///   - index: The index.
  ///   - store: The store that it pictures.
  ///   - effects: What became of polling; it is written with the last lines.
  ///   - progress: Told how far reading is.
  /// - Returns: Lines that could not be read.
  /// - Throws: What the store or the index answers.
  static func catchUp(
    _ index: FeedIndex,
    with store: Store,
    _ effects: PollEffects = PollEffects(),
    progress: ReadingProgress? = nil
  ) throws(LibraryError) -> [Damage] {
    let all = try storing { () throws(StoreError) in try store.segments() }
    let names = Set(all.map(\.name))
    let cursors = try indexing { () throws(IndexError) in
      try index.note(present: names)
      return try index.cursors()
    }
    let changed = all.filter { $0.sizeInBytes != cursors[$0.name]?.offset }
    // Where all is read, what was taken apart or joined is known before its articles come, so that
    // their lines need not be looked for.
    let segments =
      index.isBeingBuilt
      ? changed.filter(\.kind.isOfJournal) + changed.filter { !$0.kind.isOfJournal } : changed
    let total = segments.reduce(0) { $0 + abs($1.sizeInBytes - (cursors[$1.name]?.offset ?? 0)) }
    var done = 0
    progress?(done, total)
    var damage: [Damage] = []
    var batch = IndexBatch.empty
    // One batch is written as soon as the next is there, so that the last goes with the polls.
    func take(_ part: Part) throws(LibraryError) {
      let reading: SegmentReading
      switch part.reading {
      case .success(let lines): reading = lines
      case .failure(let error):
        // The rest is served: one file that cannot be read is no reason to show nothing.
        guard error.isOfOneFile else { throw .store(error) }
        damage.append(Damage(unreadable: part.segment.name, error))
        return
      }
      _ = try indexing { () throws(IndexError) in try index.apply(batch) }
      batch = IndexBatch.empty
      batch.lines = reading.lines
      batch.cursors = [reading.cursor]
      damage += Library.damage(in: reading, of: part.segment)
      done += max(0, reading.cursor.offset - part.start)
      progress?(min(done, total), total)
    }
    if total > readAheadBytesMin {
      try readAhead(atMost: 1) { hand in
        read(segments, after: cursors, of: store, hand)
      } take: { part throws(LibraryError) in
        try take(part)
      }
    } else {
      var failure: LibraryError?
      read(segments, after: cursors, of: store) { part in
        do throws(LibraryError) {
          try take(part)
          return true
        } catch {
          failure = error
          return false
        }
      }
      if let failure { throw failure }
    }
    batch.effects = effects
    _ = try indexing { () throws(IndexError) in try index.apply(batch) }
    try settle(index, with: store)
    progress?(total, total)
    return damage
  }

  /// Builds the index anew in a file of its own, where there is none and much has to be read.
  ///
  /// - Parameters:
  ///   - path: Where the index will be.
  ///   - store: The store that it pictures.
  ///   - bytesMin: How large a store has to be; a smaller one is folded in place as quickly.
  ///   - progress: Told how far reading is.
  /// - Returns: Lines that could not be read.
  /// - Throws: What the store answers.
  static func buildIndex(
    at path: String,
    of store: Store,
    bytesMin: Int = buildBytesMin,
    progress: ReadingProgress? = nil
  ) throws(LibraryError) -> [Damage] {
    guard store.exists else { return [] }
    let segments = try storing { () throws(StoreError) in try store.segments() }
    guard segments.reduce(0, { $0 + $1.sizeInBytes }) >= bytesMin else { return [] }
    let index: FeedIndex
    do throws(IndexError) {
      index = try FeedIndex.building(beside: path)
    } catch {
      // Opening the index will meet the same, and knows what to do about it.
      return []
    }
    do throws(LibraryError) {
      let damage = try catchUp(index, with: store, progress: progress)
      try indexing { () throws(IndexError) in
        try index.finishBuilding(at: path, storeID: store.id)
      }
      return damage
    } catch {
      index.abandonBuilding()
      guard case .index = error else { throw error }
      return []
    }
  }

  /// From how large a store on the index is built in a file of its own.
  static var buildBytesMin: Int { 16 << 20 }

  /// From how many bytes on they are read ahead on another thread.
  private static var readAheadBytesMin: Int { 8 << 20 }

  /// What one reading of a segment gave.
  private struct Part: Sendable {
    var segment: Segment
    var start: Int
    var reading: Result<SegmentReading, StoreError>
  }

  /// Reads segments one after the other, until `hand` says false.
  private static func read(
    _ segments: [Segment],
    after cursors: [String: SegmentCursor],
    of store: Store,
    _ hand: (Part) -> Bool
  ) {
    for segment in segments {
      var cursor = cursors[segment.name]
      var hasMore = true
      while hasMore {
        let reading: Result<SegmentReading, StoreError>
        do throws(StoreError) {
          var lines = try store.read(segment, after: cursor)
          // What the index does not keep is not carried along.
          for place in lines.lines.indices { lines.lines[place].dropBody() }
          reading = .success(lines)
        } catch {
          reading = .failure(error)
        }
        let start = cursor?.offset ?? 0
        guard hand(Part(segment: segment, start: start, reading: reading)) else { return }
        guard case .success(let lines) = reading else { break }
        cursor = lines.cursor
        hasMore = lines.hasMore
      }
    }
  }
}

extension StoredLine {
  /// Forgets the body of an article; its fingerprint was made already.
  fileprivate mutating func dropBody() {
    guard case .article(let article) = event.operation else { return }
    var item = article.item
    item.contentHTML = nil
    item.contentText = nil
    item.summary = nil
    event.operation = .article(article.reduced(to: item, textFingerprint: article.textFingerprint))
  }
}
