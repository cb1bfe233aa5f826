import FeedModel

// The rungs of guid, link and equal text.
extension Ladder {
  mutating func matchByGuid() {
    for (place, entry) in document.entries.enumerated() {
      guard let key = entry.guidKey, let index = owners[key] else { continue }
      if isReplaced(index, by: place) {
        distrust(key)
      } else {
        match(place, with: index, .guid)
      }
    }
  }

  /// Whether the guid is one that the feed gives to everything, and another thing bears it now.
  ///
  /// Then nothing is as it was: neither link nor title, date nor text.
  private mutating func isReplaced(_ index: Int, by place: Int) -> Bool {
    let (entry, candidate) = (document.entries[place], known[index])
    guard document.isUnlike(entry, candidate), let title = document.title(of: entry),
      let old = normalisedTitle(candidate.title), sharedWords(title, old) < 0.5
    else { return false }
    // It is known by what else it has.
    for key in [entry.linkKey, document.textKey(of: entry)].compactMap(\.self) {
      if let other = owners[key], other != index, known[other].contentHash == hash(place) {
        return true
      }
    }
    guard let likeness = likeness(place, index) else { return false }
    return likeness.containment < 0.2
  }

  /// A link alone is weak: a page that shows a new thing every day has one link.
  mutating func matchByLink() {
    let present = guidsPresent
    for (place, entry) in document.entries.enumerated() where matches[place] == nil {
      guard let key = entry.linkKey, let index = owners[key],
        isFree(known[index], for: entry, present), isSameArticle(place, ofPage: index)
      else { continue }
      match(place, with: index, .link)
    }
  }

  /// A guid that is an address and was spelt otherwise: with http, `www` or a slash at its end.
  mutating func matchByGuidSpelling() {
    let present = guidsPresent
    for (place, entry) in document.entries.enumerated() where matches[place] == nil {
      for key in document.guidSpellings(of: entry) {
        guard let index = owners[key], isFree(known[index], for: entry, present)
        else { continue }
        if match(place, with: index, .guid) { break }
      }
    }
  }

  /// Whether an item of the same page as a known article is that article.
  ///
  /// Where a guid was replaced the page counts for little: changelogs and pages of the day have one
  /// for everything. Then the date has to agree, or all that a reader sees.
  mutating func isSameArticle(_ place: Int, ofPage index: Int) -> Bool {
    let (entry, candidate) = (document.entries[place], known[index])
    let isGuidReplaced = entry.guidKey != nil && hasGuid(candidate, linkKey: entry.linkKey)
    let isSameTitle = isSameTitle(place, candidate)
    let isSameText = isSameText(place, candidate)
    if let here = entry.published, let there = candidate.published {
      if here == there {
        // Of a day without a time there may be two.
        return !isGuidReplaced || !here.isMidnight || isSameTitle || isSameText
          || hash(place) == candidate.contentHash || isAlike(place, index, 0.5, runs: 8)
      }
      // A picture a day under one title has no text that could tell one day from another.
      if isGuidReplaced {
        guard entry.fingerprint != nil else { return false }
        return hash(place) == candidate.contentHash || isSameButForCounters(place, index)
          || isSpecific(entry.link) && isSameTitle && isMended(place, index)
      }
    } else if isGuidReplaced {
      if hash(place) == candidate.contentHash || isSameText { return true }
      if isSpecific(entry.link) { return isRecognisable(place, index) }
      return isSameTitle && isAlike(place, index, 0.5, runs: 8)
    }
    // The link is all the publisher gives to know it by.
    let isDated = entry.published != nil && candidate.published != nil
    if isSameText, isSameTitle || !isDated || words(of: place).isLong { return true }
    if isSameTitle, hash(place) == candidate.contentHash { return true }
    if isSpecific(entry.link) { return isRecognisable(place, index) }
    guard isSameTitle else { return false }
    if entry.published == nil || candidate.published == nil,
      entry.fingerprint == nil || candidate.textFingerprint == nil
    {
      return true
    }
    return isAlike(place, index, 0.7, runs: 30)
  }

  /// The title is the same or alike, or the text is: enough at a page that is one of many.
  private mutating func isRecognisable(_ place: Int, _ index: Int) -> Bool {
    isSameTitle(place, known[index]) || isTitleAlike(place, known[index])
      || isAlike(place, index, 0.4, runs: 8)
  }

  mutating func matchByText() {
    // An item without guid and link keeps its key while title, date and text stay.
    for (place, entry) in document.entries.enumerated() where matches[place] == nil {
      if let index = owners[document.textKey(of: entry)] { match(place, with: index, .text) }
    }
    guard hasUnmatched, taken.count < known.count else { return }
    let hashes = document.entries.indices.map { hash($0) }
    matchAlike(
      of: { place, ladder in
        let published = ladder.document.entries[place].published
        return SameContent(contentHash: hashes[place], published: published)
      },
      and: { SameContent(contentHash: $0.contentHash, published: $0.published) },
      where: { _, _, _ in true }
    )
    // Threads of one title and one text are told apart by their dates.
    for isDated in [true, false] {
      matchAlike(
        of: { place, ladder in
          SameWords(ladder.document.entries[place], ladder.document, isDated: isDated)
        },
        and: { SameWords($0, isDated: isDated) },
        where: { $0.isSameArticle($1, ofWords: $2) }
      )
    }
  }

  /// Matches each item with the one free article that is alike, when no other item is.
  private mutating func matchAlike<Likeness: Hashable>(
    of likenessOfItem: (Int, Ladder) -> Likeness?,
    and likenessOfKnown: (KnownArticle) -> Likeness,
    where holds: (Ladder, DocumentKeys.Entry, KnownArticle) -> Bool
  ) {
    let free = known.indices.filter { !taken.contains($0) }
    guard !free.isEmpty, hasUnmatched else { return }
    let present = keysPresent
    let candidates = Dictionary(grouping: free) { likenessOfKnown(known[$0]) }
    let likenesses = document.entries.indices.map { likenessOfItem($0, self) }
    var rivals: [Likeness: Int] = [:]
    for likeness in likenesses { if let likeness { rivals[likeness, default: 0] += 1 } }
    for (place, entry) in document.entries.enumerated() where matches[place] == nil {
      guard let likeness = likenesses[place], rivals[likeness] == 1,
        let alike = candidates[likeness]
      else { continue }
      let found = alike.filter { isFree(known[$0], for: entry, present) }
      guard found.count == 1, holds(self, entry, known[found[0]]) else { continue }
      match(place, with: found[0], .text)
    }
  }

  /// Title and text are equal already.
  ///
  /// Items that only differ by date are two, such as a weekly thread, unless neither side ever had
  /// more than its text to be known by. Without a date their links have to have something in
  /// common.
  func isSameArticle(
    _ entry: DocumentKeys.Entry,
    ofWords candidate: KnownArticle
  ) -> Bool {
    if isTextOnly(entry), candidate.keys.contains(textKey(of: candidate)) { return true }
    if let here = entry.published, let there = candidate.published {
      // Pictures of one moment under one title are told apart by what they show.
      return here == there && entry.fingerprint != nil
    }
    return document.title(of: entry) != nil && entry.fingerprint != nil
      && mayHaveMoved(entry, from: candidate)
  }
}

extension DocumentKeys.Entry {
  /// Link, date and text are all there on both sides, and are all others; or neither has a link.
  func isUnlike(_ candidate: KnownArticle) -> Bool {
    guard let here = published, let there = candidate.published, here != there,
      abs(here.seconds - there.seconds) > longestShift, let fingerprint,
      let text = candidate.textFingerprint, text != fingerprint
    else { return false }
    let url = candidate.url.flatMap(canonicalLink)
    return link == nil && url == nil || link != nil && url != nil && url != link
  }
}

/// How far a date moves when a site forgets its time zone, in seconds.
let longestShift: Int64 = 14 * 3600

/// All that a reader sees, and the date.
private struct SameContent: Hashable {
  var contentHash: String
  var published: Timestamp?
}

/// Title and text, which have to be looked at closer.
private struct SameWords: Hashable {
  var title: String?
  var fingerprint: UInt64?
  var published: Timestamp?

  /// Nil when the item has neither.
  init?(_ entry: DocumentKeys.Entry, _ document: DocumentKeys, isDated: Bool) {
    title = document.title(of: entry)
    guard title != nil || entry.fingerprint != nil else { return nil }
    fingerprint = entry.fingerprint
    if isDated { published = entry.published }
  }

  init(_ known: KnownArticle, isDated: Bool) {
    title = normalisedTitle(known.title)
    fingerprint = known.textFingerprint
    if isDated { published = known.published }
  }
}
