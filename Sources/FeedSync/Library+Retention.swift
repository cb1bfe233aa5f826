public import FeedIndex
import FeedMerge
public import FeedModel
public import FeedStore

/// What is purged of one feed.
public struct FeedPurge: Hashable, Sendable {
  /// The feed.
  public var feed: FeedRow
  /// The articles.
  public var articles: [KeptArticle]

  /// How long their lines are.
  public var bytes: Int { articles.reduce(0) { $0 + $1.bytes } }
}

extension Library {
  /// What a rule purges of some feeds; those of which nothing goes are left out.
  public func purges(
    _ feeds: [(feed: FeedRow, rule: KeepRule)],
    now: Timestamp
  ) throws(LibraryError) -> [FeedPurge] {
    var purges: [FeedPurge] = []
    for (feed, rule) in feeds where !rule.keepsAll {
      let articles = try indexing { () throws(IndexError) in try index.keptArticles(of: feed.id) }
      let spent = rule.spent(articles, now: now)
      if !spent.isEmpty { purges.append(FeedPurge(feed: feed, articles: spent)) }
    }
    return purges
  }

  /// Purges articles in one durable step: nothing shows them, and they do not come back.
  public func purge(
    _ purges: [FeedPurge],
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) {
    let ids = purges.flatMap(\.articles).map(\.id)
    let late = try indexing { () throws(IndexError) in
      try index.lastWrites(to: "gone", of: ids, since: now)
    }
    let lines = Dictionary(grouping: ids) { moment(now, after: late[$0]) }
      .sorted { $0.key < $1.key }
      .map { at, ids in
        PendingLine(at: at, operation: .set(key: "gone", value: .bool(true), ids: ids))
      }
    try append(lines, in: act, now: now)
  }

  /// Compacts what this machine wrote: bodies of purged articles, and marks that others replaced.
  ///
  /// - Parameters:
  ///   - planned: Articles that count as purged already.
  ///   - isDryRun: Only says what would be done.
  ///   - now: The time.
  /// - Returns: What was done.
  /// - Throws: What the store or the index answers; what was done until then holds.
  public func compact(
    planned: [FeedPurge] = [],
    isDryRun: Bool = false,
    now: Timestamp
  ) throws(LibraryError) -> CompactionReport {
    let articles = planned.flatMap(\.articles)
    let ids = Set(articles.map(\.id))
    let index = index
    var segments = try indexing { () throws(IndexError) in try index.segmentsOfPurged() }
    segments.formUnion(articles.map(\.segment))
    // A line names all keys of the article that it was taken for; where somebody took that apart it
    // is the key of its own item that says whether it is purged.
    let areTied = try !indexing { () throws(IndexError) in try index.ties() }.parts.isEmpty
    var failure: IndexError?
    let report = try storing { () throws(StoreError) in
      try store.compact(now: now, isDryRun: isDryRun, segments: segments) { line in
        guard case .article(let article) = line.event.operation else { return .kept }
        do throws(IndexError) {
          let key = areTied ? ownKey(of: article) : article.id
          let keys = areTied ? try index.keys(of: key) : article.keys
          if keys.contains(where: ids.contains) { return .dropped(since: now) }
          return try index.purgedSince(key).map { .dropped(since: $0) } ?? .kept
        } catch {
          // What cannot be told stays.
          failure = failure ?? error
          return .kept
        }
      }
    }
    if let failure { throw .index(failure) }
    if !isDryRun, !report.snapshots.isEmpty || !report.removed.isEmpty {
      do throws(LibraryError) {
        try catchUp()
      } catch .index(let error) {
        trouble.note(error)
      }
    }
    return report
  }
}
