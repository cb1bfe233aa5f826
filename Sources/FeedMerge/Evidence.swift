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
  let links = (old.url.flatMap(canonicalLink), new.url.flatMap(canonicalLink))
  var text = comparison(
    earlier.textFingerprint.map(String.init),
    later.textFingerprint.map(String.init)
  )
  if isPurged(later) || isPurged(earlier) { text = .unknown }
  return MatchEvidence([
    MatchEvidence.Fact(.guid, guids(old.guid, new.guid), earlier: old.guid, later: new.guid),
    MatchEvidence.Fact(.link, comparison(links.0, links.1), earlier: old.url, later: new.url),
    MatchEvidence.Fact(
      .title,
      comparison(titles.0, titles.1),
      earlier: old.title,
      later: new.title
    ),
    MatchEvidence.Fact(.text, text),
    MatchEvidence.Fact(
      .date,
      comparison(old.published?.description, new.published?.description),
      earlier: old.published?.description,
      later: new.published?.description
    ),
  ])
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
  guard let before = rest(earlier), let after = rest(later), before == after else { return plain }
  return .scheme
}
