public import FeedModel

/// Decides what to write for one feed after one document was read.
///
/// Pure: the same arguments always give the same plan, and merging a document twice plans nothing
/// the second time. Items are matched by a ladder, the strongest rung first for all items:
/// the same guid; the same canonical link with the old guid gone from the document; the same title
/// and text with all old keys gone. Where evidence is weak both are kept: a weak match never drops
/// an article.
///
/// - Parameters:
///   - document: The items with their keys.
///   - known: Every known article of this feed that carries one of the document's lookup keys,
///     fingerprints or titles, in any order; more do no harm.
/// - Returns: A plan that may be empty; its steps stand in document order.
public func merge(_ document: DocumentKeys, known: [KnownArticle]) -> MergePlan {
  Ladder.climbed(document, known).plan()
}

/// Says which known article each item of a document is.
///
/// Pure, and by the same ladder as `merge`.
///
/// - Parameters:
///   - document: The items with their keys.
///   - known: The same as for `merge`.
/// - Returns: The place of each item that is known among those of the document, with the article's
///   id.
public func matches(
  _ document: DocumentKeys,
  known: [KnownArticle]
) -> [(place: Int, id: ArticleID)] {
  let ladder = Ladder.climbed(document, known)
  return zip(document.entries, ladder.matches)
    .compactMap { entry, match in match.map { (entry.place, known[$0.known].keys[0]) } }
}

/// How many keys an article may gather.
///
/// A publisher who makes a new guid at every fetch would otherwise grow the article for ever; past
/// this its other keys still match it.
private let keysMax = 8

/// The state of one merge: which known article each item was matched with, and by which rung.
private struct Ladder {
  let document: DocumentKeys
  let known: [KnownArticle]
  /// The known article that each key belongs to.
  let owners: [ArticleID: Int]
  /// For each item its known article and the rung that found it; nil while unmatched.
  var matches: [(known: Int, rule: MatchRule)?]
  /// The known articles that an item was matched with: none is matched twice.
  var taken: Set<Int> = []

  init(document: DocumentKeys, known: [KnownArticle]) {
    self.document = document
    self.known = known
    owners = known.enumerated()
      .reduce(into: [:]) { owners, article in
        for key in article.element.keys { owners[key] = article.offset }
      }
    matches = Array(repeating: nil, count: document.entries.count)
  }

  /// The state after all rungs.
  static func climbed(_ document: DocumentKeys, _ known: [KnownArticle]) -> Ladder {
    var ladder = Ladder(document: document, known: known)
    ladder.matchByGuid()
    ladder.matchByLink()
    ladder.matchByText()
    return ladder
  }

  mutating func matchByGuid() {
    match(.guid) { ladder, entry in entry.guidKey.flatMap { ladder.owners[$0] } }
  }

  /// A link alone is weak: a page that shows a new thing every day has one link.
  ///
  /// Where a guid was replaced the date has to agree; or all that a reader sees, or, where a date
  /// is missing, the title or the text. Otherwise one of title, text and date is enough.
  mutating func matchByLink() {
    match(.link) { ladder, entry in
      guard let key = entry.linkKey, let index = ladder.owners[key] else { return nil }
      let candidate = ladder.known[index]
      guard ladder.isFree(candidate, for: entry, ladder.document.guidsPresent) else { return nil }
      let isGuidReplaced = entry.guidKey != nil && ladder.hasGuid(candidate, linkKey: key)
      let agrees = isGuidReplaced ? ladder.agrees : ladder.hasAnyInCommon
      return agrees(entry, candidate) ? index : nil
    }
  }

  mutating func matchByText() {
    guard !known.isEmpty else { return }
    // An item without guid and link keeps its key while title, date and text stay.
    match(.text) { ladder, entry in ladder.owners[ladder.document.textKey(of: entry)] }
    matchAlike(of: { SameContent($0, $1) }, and: { SameContent($0) }, where: { _, _, _ in true })
    matchAlike(
      of: { SameWords($0, $1) },
      and: { SameWords($0) },
      where: { $0.isSameArticle($1, $2) }
    )
  }

  /// Matches each item with the one free article that is alike, when no other item is.
  private mutating func matchAlike<Likeness: Hashable>(
    of likenessOfEntry: (DocumentKeys.Entry, DocumentKeys) -> Likeness?,
    and likenessOfKnown: (KnownArticle) -> Likeness,
    where holds: (Ladder, DocumentKeys.Entry, KnownArticle) -> Bool
  ) {
    let free = known.indices.filter { !taken.contains($0) }
    guard !free.isEmpty, matches.contains(where: { $0 == nil }) else { return }
    let present = document.guidsPresent.union(document.entries.flatMap(\.ownKeys))
    let candidates = Dictionary(grouping: free) { likenessOfKnown(known[$0]) }
    let document = document
    let rivals = Dictionary(grouping: document.entries) { likenessOfEntry($0, document) }
    match(.text) { ladder, entry in
      guard let likeness = likenessOfEntry(entry, document), rivals[likeness]?.count == 1,
        let alike = candidates[likeness]
      else { return nil }
      let found = alike.filter { ladder.isFree(ladder.known[$0], for: entry, present) }
      guard found.count == 1, holds(ladder, entry, ladder.known[found[0]]) else { return nil }
      return found[0]
    }
  }

  func plan() -> MergePlan {
    var plan = MergePlan()
    for (entry, match) in zip(document.entries, matches) {
      if let match {
        if let step = revise(known[match.known], with: entry, match.rule) {
          plan.steps.append(step)
        } else {
          plan.unchanged += 1
        }
      } else if let article = newArticle(entry) {
        plan.steps.append(MergePlan.Step(.new, article))
      } else {
        plan.unchanged += 1
      }
    }
    return plan
  }

  private mutating func match(
    _ rule: MatchRule,
    find: (Ladder, DocumentKeys.Entry) -> Int?
  ) {
    for (index, entry) in document.entries.enumerated() where matches[index] == nil {
      guard let found = find(self, entry), taken.insert(found).inserted else { continue }
      matches[index] = (found, rule)
    }
  }

  private func hasGuid(_ candidate: KnownArticle, linkKey: ArticleID) -> Bool {
    let textKey = textKey(of: candidate)
    return candidate.keys.contains { $0 != linkKey && $0 != textKey }
  }

  private func textKey(of candidate: KnownArticle) -> ArticleID {
    document.textKey(
      title: normalisedTitle(candidate.title),
      published: candidate.published,
      candidate.textFingerprint
    )
  }

  /// The candidate's keys have left the document, but for those that the item itself carries.
  private func isFree(
    _ candidate: KnownArticle,
    for entry: DocumentKeys.Entry,
    _ present: Set<ArticleID>
  ) -> Bool {
    candidate.keys.allSatisfy { !present.contains($0) || entry.ownKeys.contains($0) }
  }

  private func agrees(_ entry: DocumentKeys.Entry, _ candidate: KnownArticle) -> Bool {
    if let here = entry.published, let there = candidate.published {
      // A picture a day under one title has no text that could tell one day from another.
      return here == there
        || (entry.fingerprint != nil
          && document.contentHash(of: entry) == candidate.contentHash)
    }
    return hasAnyInCommon(entry, candidate)
  }

  private func hasAnyInCommon(_ entry: DocumentKeys.Entry, _ candidate: KnownArticle) -> Bool {
    if let title = document.title(of: entry), title == normalisedTitle(candidate.title) {
      return true
    }
    if let text = entry.fingerprint, text == candidate.textFingerprint { return true }
    return entry.published != nil && entry.published == candidate.published
  }

  /// Title and text are equal already.
  ///
  /// Items that only differ by date are two, such as a weekly thread, unless neither side ever had
  /// more than its text to be known by.
  private func isSameArticle(_ entry: DocumentKeys.Entry, _ candidate: KnownArticle) -> Bool {
    if entry.isTextOnly, candidate.keys.contains(textKey(of: candidate)) { return true }
    if let here = entry.published, let there = candidate.published { return here == there }
    return document.title(of: entry) != nil && entry.fingerprint != nil
  }

  /// The revision to write for a matched item; nil when nothing changed.
  private func revise(
    _ candidate: KnownArticle,
    with entry: DocumentKeys.Entry,
    _ rule: MatchRule
  ) -> MergePlan.Step? {
    let contentHash = document.contentHash(of: entry)
    // An article whose line was lost, or whose purge was taken back, is known without its text.
    let isShort = candidate.textFingerprint == nil && entry.fingerprint != nil
    let hasChanged = isShort || contentHash != candidate.contentHash
    let room = keysMax - candidate.keys.count
    let added = room > 0 ? usableKeys(of: entry).prefix(room) : []
    // A new link beside the same guid is part of the next change; a new guid is remembered at once.
    let isMerge = rule != .guid && !added.isEmpty
    // What was purged is not stored again; under which keys it is met has to be known all the same.
    guard isMerge || hasChanged && !candidate.isGone else { return nil }
    let item = document.item(of: entry)
    let article = Article(
      feed: document.feed,
      keys: candidate.keys + added,
      rule: rule,
      // Its text may be still here, and is what its hash says.
      contentHash: candidate.isGone ? candidate.contentHash : contentHash,
      item: candidate.isGone ? item.withoutBody : item,
      textFingerprint: candidate.isGone ? nil : entry.fingerprint
    )
    return MergePlan.Step(isMerge ? .merged : .updated, article, after: candidate.revisedAt)
  }

  /// The article to write for an item that nothing matched; nil when its every key is taken.
  private func newArticle(_ entry: DocumentKeys.Entry) -> Article? {
    var keys = usableKeys(of: entry)
    if keys.isEmpty {
      let last = document.textKey(of: entry)
      guard owners[last] == nil else { return nil }
      keys = [last]
    }
    return Article(
      feed: document.feed,
      keys: keys,
      rule: .new,
      contentHash: document.contentHash(of: entry),
      item: document.item(of: entry),
      textFingerprint: entry.fingerprint
    )
  }

  /// The item's own keys that belong to no known article; for an item without guid and link its
  /// text key.
  private func usableKeys(of entry: DocumentKeys.Entry) -> [ArticleID] {
    let keys = [entry.guidKey, entry.linkKey, entry.isTextOnly ? document.textKey(of: entry) : nil]
    return keys.compactMap(\.self).filter { owners[$0] == nil }
  }
}

/// All that a reader sees, and the date.
private struct SameContent: Hashable {
  var contentHash: String
  var published: Timestamp?

  init(_ entry: DocumentKeys.Entry, _ document: DocumentKeys) {
    contentHash = document.contentHash(of: entry)
    published = entry.published
  }

  init(_ known: KnownArticle) {
    contentHash = known.contentHash
    published = known.published
  }
}

/// Title and text, which have to be looked at closer.
private struct SameWords: Hashable {
  var title: String?
  var fingerprint: UInt64?

  /// Nil when the item has neither.
  init?(_ entry: DocumentKeys.Entry, _ document: DocumentKeys) {
    title = document.title(of: entry)
    guard title != nil || entry.fingerprint != nil else { return nil }
    fingerprint = entry.fingerprint
  }

  init(_ known: KnownArticle) {
    title = normalisedTitle(known.title)
    fingerprint = known.textFingerprint
  }
}
