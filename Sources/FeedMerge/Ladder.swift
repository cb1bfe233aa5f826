import FeedModel

/// The state of one merge: which known article each item was matched with, and by which rung.
///
/// 1. An item is matched once, and no article twice.
/// 2. A rung looks at all items before the next one does.
/// 3. But for its guid an item is only matched with an article of which no key stands on another
///    item of the document.
/// 4. What needs an old item that is not here is noted in `wanted` and counts as not so.
struct Ladder {
  let document: DocumentKeys
  let known: [KnownArticle]
  /// The known article that each key belongs to.
  let owners: [ArticleID: Int]
  /// For each item its known article and the rung that found it; nil while unmatched.
  private(set) var matches: [(known: Int, rule: MatchRule)?]
  /// The known articles that an item was matched with: none is matched twice.
  private(set) var taken: Set<Int> = []
  /// The known articles whose items are not here and would help.
  private(set) var wanted: Set<Int> = []
  /// Guids that stand on another thing than before.
  private var distrusted: Set<ArticleID> = []
  /// The content hash of each item; empty until it is needed.
  private(set) var hashes: [String]
  /// The runs of words of items, by place, as far as they were compared.
  private var runs: [Int: TextRuns] = [:]
  /// Those of known articles.
  private var knownRuns: [Int: TextRuns] = [:]
  /// What changed from known articles to items, as far as they were compared.
  private var weights: [Pair: ChangeWeight] = [:]

  /// An item and a known article that may be one.
  struct Pair: Hashable {
    var place: Int
    var index: Int
  }

  private init(document: DocumentKeys, known: [KnownArticle]) {
    self.document = document
    self.known = known
    var owners: [ArticleID: Int] = [:]
    owners.reserveCapacity(known.count * 2)
    for (index, article) in known.enumerated() {
      for key in article.keys { owners[key] = index }
    }
    self.owners = owners
    matches = Array(repeating: nil, count: document.entries.count)
    hashes = Array(repeating: "", count: document.entries.count)
  }

  /// The state after all rungs.
  static func climbed(_ document: DocumentKeys, _ known: [KnownArticle]) -> Ladder {
    var ladder = Ladder(document: document, known: known)
    guard !known.isEmpty else { return ladder }
    ladder.matchByGuid()
    if ladder.hasUnmatched {
      ladder.matchByLink()
      ladder.matchByGuidSpelling()
      ladder.matchByText()
    }
    if ladder.hasUnmatched { ladder.matchByWeakEvidence() }
    ladder.wantChanged()
    return ladder
  }

  /// A guid stands on another thing than before, as where guids number the places of a document.
  mutating func distrust(_ guid: ArticleID) { distrusted.insert(guid) }

  /// The guids of the document that say who bears them.
  var guidsPresent: Set<ArticleID> { document.guidsPresent.subtracting(distrusted) }

  /// Those and the links.
  var keysPresent: Set<ArticleID> { document.keysPresent.subtracting(distrusted) }

  /// An item was not matched yet.
  var hasUnmatched: Bool { taken.count < matches.count }

  /// Matches an item; false when one of the two is matched already.
  @discardableResult
  mutating func match(_ place: Int, with index: Int, _ rule: MatchRule) -> Bool {
    guard matches[place] == nil, taken.insert(index).inserted else { return false }
    matches[place] = (index, rule)
    return true
  }

  /// The content hash of an item.
  mutating func hash(_ place: Int) -> String {
    if hashes[place].isEmpty { hashes[place] = document.contentHash(of: document.entries[place]) }
    return hashes[place]
  }

  /// How much the texts of an item and of a known article have in common; nil where the old one is
  /// not here.
  mutating func likeness(_ place: Int, _ index: Int) -> Likeness? {
    guard let old = known[index].item else {
      wanted.insert(index)
      return nil
    }
    let before = knownRuns[index] ?? TextRuns(old)
    knownRuns[index] = before
    return Likeness(words(of: place), before)
  }

  /// Nothing that an item says differs from what a known article says, but counters; false where the
  /// old item is not here.
  mutating func isSameButForCounters(_ place: Int, _ index: Int) -> Bool {
    guard let old = known[index].item else {
      wanted.insert(index)
      return false
    }
    let pair = Pair(place: place, index: index)
    if let known = weights[pair] { return known < .real }
    let weight = changeWeight(from: old, to: document.item(of: document.entries[place]))
    weights[pair] = weight
    return weight < .real
  }

  /// The runs of words of an item.
  mutating func words(of place: Int) -> TextRuns {
    let here = runs[place] ?? TextRuns(document.item(of: document.entries[place]))
    runs[place] = here
    return here
  }

  /// What changed has to be looked at, for not every change is one.
  private mutating func wantChanged() {
    for place in matches.indices {
      guard let match = matches[place] else { continue }
      let candidate = known[match.known]
      guard hash(place) != candidate.contentHash, candidate.item == nil, !candidate.isGone else {
        continue
      }
      wanted.insert(match.known)
    }
  }
}

// What an item and a known article have in common.
extension Ladder {
  func title(_ place: Int) -> String? { document.title(of: document.entries[place]) }

  func isSameTitle(_ place: Int, _ candidate: KnownArticle) -> Bool {
    guard let title = title(place) else { return false }
    return title == normalisedTitle(candidate.title)
  }

  func isSameText(_ place: Int, _ candidate: KnownArticle) -> Bool {
    guard let text = document.entries[place].fingerprint else { return false }
    return text == candidate.textFingerprint
  }

  /// Keys other than those of its link and of its text.
  func hasGuid(_ candidate: KnownArticle, linkKey: ArticleID?) -> Bool {
    let textKey = textKey(of: candidate)
    let own = document.linkKey(of: candidate)
    return candidate.keys.contains { $0 != linkKey && $0 != textKey && $0 != own }
  }

  func textKey(of candidate: KnownArticle) -> ArticleID {
    document.textKey(
      title: normalisedTitle(candidate.title),
      published: candidate.published,
      candidate.textFingerprint
    )
  }

  /// The candidate's keys have left the document, but for those that the item itself carries.
  func isFree(
    _ candidate: KnownArticle,
    for entry: DocumentKeys.Entry,
    _ present: Set<ArticleID>
  ) -> Bool {
    candidate.keys.allSatisfy { !present.contains($0) || entry.ownKeys.contains($0) }
  }

  /// It can be known by its text alone: it has no key, or none that belongs to no other article.
  func isTextOnly(_ entry: DocumentKeys.Entry) -> Bool {
    [entry.guidKey, entry.linkKey].allSatisfy { key in key.map { owners[$0] != nil } ?? true }
  }
}
