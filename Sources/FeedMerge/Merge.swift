public import FeedModel

/// Decides what to write for one feed after one document was read.
///
/// Pure: the same arguments always give the same plan, and merging a document twice plans nothing
/// the second time. Documentation/Identity.md tells the ladder by which items are matched, the
/// strongest rung first for all items. Where evidence is weak both are kept: a weak match never
/// drops an article.
///
/// - Parameters:
///   - document: The items with their keys.
///   - known: Every known article of this feed that one of the document's lookups finds, in any
///     order; more do no harm.
///   - now: The time of this sync, by which it is told whether a text has come to rest; nil where
///     that does not matter.
/// - Returns: A plan that may be empty; its steps stand in document order.
public func merge(
  _ document: DocumentKeys,
  known: [KnownArticle],
  now: Timestamp? = nil
) -> MergePlan {
  Merging(document, known: known).plan(now: now)
}

/// A merge that can say which old items it would like to see before it decides.
///
/// Whoever can read them gives them to `known` and begins anew; without them it decides too, and
/// then in doubt keeps both articles and takes every change for a real one.
public struct Merging {
  private let ladder: Ladder

  /// Matches the items of a document.
  ///
  /// - Parameters:
  ///   - document: The items with their keys.
  ///   - known: The same as for `merge`.
  public init(_ document: DocumentKeys, known: [KnownArticle]) {
    ladder = Ladder.climbed(document, known)
  }

  /// The articles whose items would help: of what changed, and of what may be an old article in
  /// other words; none where nothing changed.
  public var wantedItems: [ArticleID] {
    ladder.wanted.sorted().map { ladder.known[$0].keys[0] }
  }

  /// What was known.
  public var known: [KnownArticle] { ladder.known }

  /// The place of each item that is known among those of the document, with the article's id.
  public var matches: [(place: Int, id: ArticleID)] {
    zip(ladder.document.entries, ladder.matches)
      .compactMap { entry, match in match.map { (entry.place, known[$0.known].keys[0]) } }
  }

  /// The same as `merge`.
  public func plan(now: Timestamp? = nil) -> MergePlan { ladder.plan(now: now) }
}
