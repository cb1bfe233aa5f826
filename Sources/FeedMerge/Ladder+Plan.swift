import FeedModel

/// How many keys an article may gather.
///
/// A publisher who makes a new guid at every fetch would otherwise grow the article for ever; past
/// this its other keys still match it.
private let keysMax = 8

/// How many hashes of former revisions a line has.
private let formerMax = 6

/// For so long a text that goes to and fro between versions is left as it is, in seconds.
private let restless: Int64 = 7 * 86_400

// What is written.
extension Ladder {
  func plan(now: Timestamp?) -> MergePlan {
    var plan = MergePlan()
    for (place, match) in matches.enumerated() {
      let step = match.map { revise(place, known[$0.known], $0.rule, now) } ?? newArticle(place)
      if let step { plan.steps.append(step) } else { plan.unchanged += 1 }
    }
    return plan
  }

  private func contentHash(_ place: Int) -> String {
    hashes[place].isEmpty ? document.contentHash(of: document.entries[place]) : hashes[place]
  }

  /// The revision to write for a matched item; nil when nothing changed.
  private func revise(
    _ place: Int,
    _ candidate: KnownArticle,
    _ rule: MatchRule,
    _ now: Timestamp?
  ) -> MergePlan.Step? {
    let entry = document.entries[place]
    let hash = contentHash(place)
    // An article whose line was lost, or whose purge was taken back, is known without its text.
    let isShort = candidate.textFingerprint == nil && entry.fingerprint != nil
    let room = keysMax - candidate.keys.count
    let added = room > 0 ? usableKeys(of: entry).prefix(room) : []
    // A new link beside the same guid is part of the next change; a new guid is remembered at once.
    let isMerge = !added.isEmpty && (rule != .guid || entry.guidKey.map(added.contains) == true)
    var weight = ChangeWeight.unseen
    if isShort, candidate.item == nil {
      weight = .real
    } else if hash != candidate.contentHash {
      weight = self.weight(place, candidate, hash, now)
    }
    // What was purged is not stored again; under which keys it is met has to be known all the same.
    guard isMerge || weight >= .minor && !candidate.isGone else { return nil }
    let item = document.item(of: entry)
    var article = Article(
      feed: document.feed,
      keys: candidate.keys + added,
      rule: rule,
      // Its text may be still here, and is what its hash says.
      contentHash: candidate.isGone ? candidate.contentHash : hash,
      item: candidate.isGone ? item.withoutBody : item,
      textFingerprint: candidate.isGone ? nil : entry.fingerprint
    )
    article.isMinor = candidate.isMinor
    if article.contentHash != candidate.contentHash {
      article.isMinor = weight < .real
      article.formerHashes = [candidate.contentHash]
    }
    let former = candidate.formerHashes.filter { $0 != candidate.contentHash }
    article.formerHashes = Array((article.formerHashes + former).prefix(formerMax))
    let kind: MergePlan.Step.Kind = isMerge ? .merged : weight < .real ? .minor : .updated
    return MergePlan.Step(kind, article, after: candidate.revisedAt)
  }

  /// What a changed item is worth; real where the old one is not here.
  private func weight(
    _ place: Int,
    _ candidate: KnownArticle,
    _ hash: String,
    _ now: Timestamp?
  ) -> ChangeWeight {
    guard let old = candidate.item else { return .real }
    let item = document.item(of: document.entries[place])
    let weight = changeWeight(from: old, to: item)
    guard weight >= .minor, candidate.formerHashes.contains(hash) else { return weight }
    // An older copy, from a cache.
    if let here = item.modified, let there = old.modified, here < there { return .unseen }
    guard candidate.formerHashes.contains(candidate.contentHash) else { return weight }
    // Both were here before, so it goes to and fro. Once it has come to rest it is taken over.
    if let here = item.modified, let there = old.modified, here > there { return weight }
    guard let now, candidate.revisedAt.adding(seconds: restless) < now else { return .unseen }
    return .minor
  }

  /// The article to write for an item that nothing matched; nil when its every key is taken.
  private func newArticle(_ place: Int) -> MergePlan.Step? {
    let entry = document.entries[place]
    // What a person joined is met here in its several parts, and none of them is new.
    if let owner = (entry.guidKey ?? entry.linkKey).flatMap({ owners[$0] }), known[owner].isJoined,
      taken.contains(owner)
    {
      return nil
    }
    var keys = usableKeys(of: entry)
    if keys.isEmpty {
      let last = document.textKey(of: entry)
      guard owners[last] == nil else { return nil }
      keys = [last]
    }
    let article = Article(
      feed: document.feed,
      keys: keys,
      rule: .new,
      contentHash: contentHash(place),
      item: document.item(of: entry),
      textFingerprint: entry.fingerprint
    )
    return MergePlan.Step(.new, article)
  }

  /// The item's own keys that belong to no known article; for an item without guid and link its
  /// text key.
  private func usableKeys(of entry: DocumentKeys.Entry) -> [ArticleID] {
    let isTextOnly = entry.guidKey == nil && entry.linkKey == nil
    let keys = [entry.guidKey, entry.linkKey, isTextOnly ? document.textKey(of: entry) : nil]
    return keys.compactMap(\.self).filter { owners[$0] == nil }
  }
}
