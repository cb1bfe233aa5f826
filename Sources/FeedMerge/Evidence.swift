public import FeedModel

/// Compares two revisions, or two articles, by all that the ladder of `merge` looks at.
///
/// Pure. It decides nothing: it says afterwards what there was to decide by.
///
/// - Parameters:
///   - later: What came later.
///   - earlier: What was there.
/// - Returns: Each kind of evidence once.
public func evidence(of later: Article, beside earlier: Article) -> MatchEvidence {
  let (new, old) = (later.item, earlier.item)
  let titles = (normalisedTitle(old.title), normalisedTitle(new.title))
  return MatchEvidence([
    MatchEvidence.Fact(.guid, guids(old.guid, new.guid), earlier: old.guid, later: new.guid),
    MatchEvidence.Fact(.link, links(old.url, new.url), earlier: old.url, later: new.url),
    MatchEvidence.Fact(
      .title,
      comparison(titles.0, titles.1),
      earlier: old.title,
      later: new.title
    ),
    texts(later, earlier),
    MatchEvidence.Fact(
      .date,
      comparison(old.published?.description, new.published?.description),
      earlier: old.published?.description,
      later: new.published?.description
    ),
  ])
}

private func texts(_ later: Article, _ earlier: Article) -> MatchEvidence.Fact {
  if isPurged(later) || isPurged(earlier) { return MatchEvidence.Fact(.text, .unknown) }
  let plain = comparison(
    earlier.textFingerprint.map(String.init),
    later.textFingerprint.map(String.init)
  )
  guard plain == .different else { return MatchEvidence.Fact(.text, plain) }
  let likeness = Likeness(TextRuns(later.item), TextRuns(earlier.item))
  guard likeness.isAlike(0.4, runs: 8) else { return MatchEvidence.Fact(.text, .different) }
  let isExcerpt = likeness.resemblance < 0.4
  let share = isExcerpt ? likeness.containment : likeness.resemblance
  // Never 100: they are not the same.
  return MatchEvidence.Fact(.text, .alike, percent: min(99, Int((share * 100).rounded())))
}

/// What the keys of an article can have been made of, as far as its item still says.
public func keySources(of item: FeedItem, in feed: FeedID) -> [ArticleID: KeySource] {
  let keyMaker = KeyMaker(feed: feed)
  let text = keyMaker.textKey(
    title: normalisedTitle(item.title),
    published: item.published,
    item.textFingerprint
  )
  var sources = [text: KeySource(.text)]
  if let link = item.url.flatMap(canonicalLink) {
    sources[keyMaker.key(.link, link)] = KeySource(.link, link)
  }
  if let guid = item.guid { sources[keyMaker.key(.guid, guid)] = KeySource(.guid, guid) }
  return sources
}

/// The text of this revision was here, and was dropped after the article was purged.
public func isPurged(_ article: Article) -> Bool {
  let item = article.item
  return item.withoutBody == item && contentHash(of: item) != article.contentHash
}

private func comparison(_ earlier: String?, _ later: String?) -> MatchEvidence.Comparison {
  switch (earlier, later) {
  case (nil, nil): .absent
  case (_, nil): .left
  case (nil, _): .came
  case (let earlier, let later): earlier == later ? .same : .different
  }
}

private func guids(_ earlier: String?, _ later: String?) -> MatchEvidence.Comparison {
  let plain = comparison(earlier, later)
  guard plain == .different, let earlier, let later else { return plain }
  func rest(_ guid: String) -> Substring? {
    ["https://", "http://"].first { guid.hasPrefix($0) }.map { guid.dropFirst($0.utf8.count) }
  }
  guard let before = rest(earlier), let after = rest(later) else { return plain }
  if before == after { return .scheme }
  return otherSpellings(ofAddress: earlier).contains(later) ? .alike : plain
}

private func links(_ earlier: String?, _ later: String?) -> MatchEvidence.Comparison {
  let (before, after) = (earlier.flatMap(canonicalLink), later.flatMap(canonicalLink))
  let plain = comparison(before, after)
  guard plain == .different, let earlier, let later, let before, let after else { return plain }
  if let page = canonicalPage(earlier), page == canonicalPage(later) { return .alike }
  return isSpecific(after) && isSamePath(before, after) ? .host : plain
}
