import FeedIndex
import FeedMerge
import FeedModel
import FeedStore

/// Every line of the store that has to do with some articles, one by one.
///
/// The index knows only where the newest revision of an article stands, so the others are looked
/// for in the files, unless the index knows that there are none.
struct ArticleLines {
  /// The lines, by where they stand.
  private(set) var lines: [StoredLine] = []
  /// All keys that they name, and those that were asked for.
  private(set) var keys: Set<ArticleID> = []
  /// Every file could be read.
  private(set) var isWhole = true

  private let index: FeedIndex
  private let store: Store
  private var places: Set<LinePlace> = []

  /// More keys than this are not looked for one by one.
  private static let searchedMax = 16

  /// Finds the lines.
  ///
  /// - Parameters:
  ///   - wanted: Keys of the articles.
  ///   - index: Says which other keys they have.
  ///   - store: Where to look.
  /// - Throws: What the index answers; a file that cannot be read makes it not whole.
  init(naming wanted: [ArticleID], _ index: FeedIndex, _ store: Store) throws(LibraryError) {
    (self.index, self.store) = (index, store)
    let segments = try storing { () throws(StoreError) in try store.segments() }
      .filter { !$0.kind.isOfJournal }
    var new = Set(wanted)
    while !new.isEmpty {
      keys.formUnion(new)
      var named: Set<ArticleID> = []
      var sought: Set<ArticleID> = []
      for key in new where try !takeOnlyLine(of: key, &named) { sought.insert(key) }
      if !sought.isEmpty {
        for segment in segments { search(segment, for: sought, &named) }
      }
      new = named.subtracting(keys)
    }
    lines.sort { ($0.place.segment, $0.place.offset) < ($1.place.segment, $1.place.offset) }
  }

  /// Reads the one line that an article has; false when there may be others.
  private mutating func takeOnlyLine(
    of key: ArticleID,
    _ named: inout Set<ArticleID>
  ) throws(LibraryError) -> Bool {
    let row = try indexing { () throws(IndexError) in try index.articleState(of: key) }
    guard let row else { return false }
    named.formUnion(row.state.keys)
    // What cannot be read there is looked for.
    guard row.isOfOneLine, let event = try? store.event(at: row.place),
      case .article(let article) = event.operation, Set(article.keys) == Set(row.state.keys)
    else { return false }
    take(StoredLine(event: event, place: row.place, isHandWritten: event.sum == 0), &named)
    return true
  }

  private mutating func search(
    _ segment: Segment,
    for sought: Set<ArticleID>,
    _ named: inout Set<ArticleID>
  ) {
    func isWanted(_ line: StoredLine) -> Bool {
      guard case .article(let article) = line.event.operation else { return false }
      return article.keys.contains(where: sought.contains)
    }
    var found: [StoredLine] = []
    do throws(StoreError) {
      if sought.count > Self.searchedMax {
        try store.eachReading(of: segment) { found += $0.lines.filter(isWanted) }
      } else {
        let texts = sought.map { $0.hash.utf8 }
        found = try store.lines(with: texts, in: segment).lines.filter(isWanted)
      }
    } catch {
      // It went away after it was listed.
      if case .gone = error {} else { isWhole = false }
    }
    for line in found { take(line, &named) }
  }

  private mutating func take(_ line: StoredLine, _ named: inout Set<ArticleID>) {
    guard places.insert(line.place).inserted, case .article(let article) = line.event.operation
    else { return }
    lines.append(line)
    named.formUnion(article.keys)
  }
}

extension IndexBatch {
  /// A batch that knows which key of a line is that of its own item.
  static var empty: IndexBatch {
    var batch = IndexBatch()
    batch.ownKey = { FeedMerge.ownKey(of: $0) }
    return batch
  }
}

extension Library {
  /// Makes articles anew that somebody took apart or joined, where their lines have to be looked for.
  ///
  /// Where a file cannot be read now they stay as they are, and it is tried again next time.
  ///
  /// - Parameters:
  ///   - index: The index, brought up to date with the store.
  ///   - store: The store.
  /// - Throws: What the store or the index answers.
  static func settle(_ index: FeedIndex, with store: Store) throws(LibraryError) {
    let wanted = try indexing { () throws(IndexError) in try index.wantedKeys() }
    guard !wanted.isEmpty else { return }
    let found = try ArticleLines(naming: wanted, index, store)
    guard found.isWhole else { return }
    try indexing { () throws(IndexError) in
      try index.settle(found.keys, with: found.lines) { FeedMerge.ownKey(of: $0) }
    }
  }
}
