import FeedModel
import Testing

@testable import FeedMerge

let testFeed = feedID(firstURL: "https://blog.example/feed.xml")

/// What is known after documents were merged one after another, as index and store would tell it.
struct History {
  private(set) var articles: [KnownArticle] = []
  private var stored: [ArticleID: Article] = [:]
  /// The lines so far.
  private(set) var lines: [MergePlan.Step] = []
  /// How many old items the last merge wanted to see.
  private(set) var wanted = 0
  /// The time of the next merge.
  var now = Timestamp(seconds: 0)

  /// Merges a document and remembers what it brought.
  mutating func read(_ items: FeedItem..., format: FeedFormat = .rss20) -> MergePlan {
    read(items, format: format)
  }

  /// The same.
  mutating func read(
    _ items: [FeedItem],
    format: FeedFormat = .rss20,
    isTruncated: Bool = false
  ) -> MergePlan {
    var parsed = ParsedFeed(format: format)
    parsed.items = items
    parsed.isTruncated = isTruncated
    let document = DocumentKeys(feed: testFeed, parsed: parsed)
    var known = known(document)
    var merging = Merging(document, known: known)
    var asked: Set<ArticleID> = []
    wanted = 0
    for _ in 0..<3 {
      let ids = merging.wantedItems.filter { asked.insert($0).inserted }
      if ids.isEmpty { break }
      wanted += ids.count
      for place in known.indices where ids.contains(known[place].keys[0]) {
        known[place].item = stored[known[place].keys[0]]?.item
        known[place].formerHashes = stored[known[place].keys[0]]?.formerHashes ?? []
      }
      merging = Merging(document, known: known)
    }
    let plan = merging.plan(now: now)
    lines += plan.steps
    for step in plan.steps { store(step.article) }
    return plan
  }

  /// What the lookups of a document find.
  private func known(_ document: DocumentKeys) -> [KnownArticle] {
    let keys = Set(document.lookupKeys)
    let first = articles.filter { !keys.isDisjoint(with: $0.keys) }
    let further = document.furtherLookups(known: first)
    let rest = articles.filter { article in
      if first.contains(where: { $0.keys[0] == article.keys[0] }) { return false }
      if article.keys.contains(where: further.keys.contains) { return true }
      if let text = article.textFingerprint, further.fingerprints.contains(text) { return true }
      let name = nameHash(title: article.title, published: article.published)
      if let name, further.names.contains(name) || further.textlessNames.contains(name) {
        return true
      }
      if let moment = article.published, further.moments.contains(moment) { return true }
      return article.url.flatMap(pageHash).map(further.pages.contains) ?? false
    }
    return first + rest
  }

  private mutating func store(_ article: Article) {
    var known = KnownArticle(
      keys: article.keys,
      contentHash: article.contentHash,
      title: article.item.title,
      url: article.item.url,
      published: article.item.published,
      textFingerprint: article.item.textFingerprint,
      revisedAt: now
    )
    known.isMinor = article.isMinor
    articles.removeAll { $0.keys[0] == article.id }
    articles.append(known)
    stored[article.id] = article
  }

  /// Says of an article that it is joined of several.
  mutating func join(_ key: ArticleID, with other: ArticleID) {
    guard let first = articles.firstIndex(where: { $0.keys.contains(key) }),
      let second = articles.firstIndex(where: { $0.keys.contains(other) }), first != second
    else { return }
    articles[first].keys += articles[second].keys
    articles[first].isJoined = true
    articles.remove(at: second)
  }
}

extension MergePlan {
  /// New, updated, merged, unchanged.
  var counts: [Int] { [count(.new), count(.updated), count(.merged), unchanged] }
}

/// Reads documents one after the other, each of them twice.
///
/// The second reading of the same bytes has to bring nothing.
///
/// - Parameter documents: The items of each.
/// - Returns: How many articles each brought as new, and how many there are in the end.
func follow(_ documents: [FeedItem]...) -> Followed {
  var history = History()
  var followed = Followed()
  for (place, document) in documents.enumerated() {
    history.now = Timestamp(seconds: Int64(place) * 86_400)
    followed.new.append(history.read(document).count(.new))
    let again = history.read(document)
    #expect(again.steps.isEmpty, "document \(place + 1) brings something again")
  }
  followed.articles = history.articles.count
  followed.updated = history.lines.count { $0.kind == .updated }
  followed.rules = history.lines.map(\.article.rule)
  return followed
}

/// What came of documents.
struct Followed {
  var new: [Int] = []
  var articles = 0
  var updated = 0
  var rules: [MatchRule] = []
}

/// A text of some words that no other number gives.
func essay(_ number: Int, words count: Int = 80) -> String {
  var state = UInt64(number) &* 2_654_435_761 &+ 12345
  let words = (0..<count)
    .map { _ -> String in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var word = ""
      var bits = state >> 40
      for _ in 0..<3 {
        word += ["ba", "ko", "li", "mu", "re", "sa", "ti", "vo"][Int(bits & 7)]
        bits >>= 3
      }
      return word
    }
  return "<p>" + words.joined(separator: " ") + ".</p>"
}
