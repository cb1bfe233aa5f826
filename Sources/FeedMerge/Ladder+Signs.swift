import FeedModel

// The signs that the rungs weigh.
extension Ladder {
  /// The texts have so much in common, or one is an excerpt of the other.
  mutating func isAlike(_ place: Int, _ index: Int, _ least: Double, runs: Int) -> Bool {
    likeness(place, index)?.isAlike(least, runs: runs) ?? false
  }

  /// The texts differ as by an editor's hand, who leaves the numbers as they are.
  mutating func isMended(_ place: Int, _ index: Int) -> Bool {
    guard let likeness = likeness(place, index), likeness.hasSameNumbers else { return false }
    return likeness.isMended || likeness.isAlike(0.8, runs: TextRuns.long)
  }

  /// Half of the words of the titles are in both.
  func isTitleAlike(_ place: Int, _ candidate: KnownArticle) -> Bool {
    guard let title = title(place), let old = normalisedTitle(candidate.title) else { return false }
    return sharedWords(title, old) >= 0.5
  }

  /// The link is no other page of the same site: the links differ by their hosts alone, or by what
  /// follows the question mark of a long path.
  func mayHaveMoved(_ entry: DocumentKeys.Entry, from candidate: KnownArticle) -> Bool {
    guard let here = entry.link, let there = candidate.url.flatMap(canonicalLink) else {
      return true
    }
    return isSamePath(here, there)
  }

  /// The links have one path, on whatever host and with whatever behind the question mark, and it
  /// names a page of many.
  func hasPathOfItsOwn(_ entry: DocumentKeys.Entry, as candidate: KnownArticle) -> Bool {
    guard let here = entry.link.map(LinkPath.init),
      let there = candidate.url.flatMap(canonicalLink).map(LinkPath.init)
    else { return entry.link == nil && candidate.url == nil }
    return here.path == there.path && (here.names || here.host == there.host)
  }

  /// The same, and the page is one of many.
  func hasSamePath(_ entry: DocumentKeys.Entry, as candidate: KnownArticle) -> Bool {
    entry.link != nil && candidate.url != nil && isSpecific(entry.link)
      && mayHaveMoved(entry, from: candidate)
  }
}
