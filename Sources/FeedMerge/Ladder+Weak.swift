import FeedModel

// The rungs that weigh several weak signs.
extension Ladder {
  /// Pairs are made of what is left on both sides, and each rung joins those in which neither side
  /// has another choice.
  mutating func matchByWeakEvidence() {
    let pairs = pairs()
    guard !pairs.isEmpty else { return }
    let rare = RareSigns(self)
    join(pairs, .link) { ladder, pair in
      ladder.isSamePage(pair, rare) && ladder.isSameArticle(pair.place, ofPage: pair.index)
    }
    join(pairs, .text) { ladder, pair in
      let title = ladder.title(pair.place)
      let isSeries = title.map { !rare.titlesOfItems.contains($0) } ?? true
      return ladder.isSameWithOtherCounters(pair, isSeries: isSeries)
    }
    let isDated = hasDates()
    join(pairs, .text) { ladder, pair in ladder.isSameInOtherWords(pair, isDated) }
    join(pairs, .text) { ladder, pair in ladder.isSameUnderOtherTitle(pair, isDated, rare) }
    join(pairs, .text) { ladder, pair in isDated && ladder.isSameOfItsMoment(pair, rare) }
    matchMigrated(pairs, rare)
    matchUnstable(pairs, rare)
  }

  /// A title, a text or a page that more known articles have says nothing.
  private static let commonness = 16

  /// An article that was met under so many keys has none that stays.
  private static let restless = 3

  /// What is unmatched, with the free articles of its title, text, page or path.
  private func pairs() -> [Pair] {
    let free = known.indices.filter { !taken.contains($0) }
    guard !free.isEmpty else { return [] }
    var byTitle: [String: [Int]] = [:]
    var byText: [UInt64: [Int]] = [:]
    // What has no title goes by its date, and so does what shares its title with many.
    var byDate: [Timestamp: [Int]] = [:]
    var byPage: [String: [Int]] = [:]
    for index in free {
      let candidate = known[index]
      let title = normalisedTitle(candidate.title)
      if let title { byTitle[title, default: []].append(index) }
      if let date = candidate.published, title == nil || !date.isMidnight {
        byDate[date, default: []].append(index)
      }
      if let text = candidate.textFingerprint { byText[text, default: []].append(index) }
      if let page = candidate.url.flatMap(canonicalPage) { byPage[page, default: []].append(index) }
    }
    let present = keysPresent
    var pairs: [Pair] = []
    for (place, entry) in document.entries.enumerated() where matches[place] == nil {
      let groups = [
        title(place).flatMap { byTitle[$0] },
        entry.published.flatMap { byDate[$0] },
        entry.fingerprint.flatMap { byText[$0] },
        document.page(of: entry).flatMap { byPage[$0] },
      ]
      var found: Set<Int> = []
      for group in groups.compactMap(\.self) where group.count <= Self.commonness {
        found.formUnion(group)
      }
      for index in found.sorted() where isFree(known[index], for: entry, present) {
        pairs.append(Pair(place: place, index: index))
      }
    }
    return pairs
  }

  private func isOpen(_ pair: Pair) -> Bool {
    matches[pair.place] == nil && !taken.contains(pair.index)
  }

  /// Joins the pairs that hold and whose sides are in no other pair that holds.
  private mutating func join(
    _ pairs: [Pair],
    _ rule: MatchRule,
    where holds: (inout Ladder, Pair) -> Bool
  ) {
    var found: [Pair] = []
    for pair in pairs where isOpen(pair) {
      if holds(&self, pair) { found.append(pair) }
    }
    for pair in unrivalled(found) + newest(found) { match(pair.place, with: pair.index, rule) }
  }

  /// Where an item may be several known articles of its own moment, and they no other item, the
  /// newest of them: they were one already, and a further one would be no better.
  private func newest(_ pairs: [Pair]) -> [Pair] {
    var places: [Int: [Pair]] = [:]
    var indices: [Int: Int] = [:]
    for pair in pairs {
      places[pair.place, default: []].append(pair)
      indices[pair.index, default: 0] += 1
    }
    return places.values
      .filter { pairs in
        pairs.count > 1
          && pairs.allSatisfy { pair in
            let date = document.entries[pair.place].published
            return date != nil && date == known[pair.index].published && indices[pair.index] == 1
          }
      }
      .compactMap { pairs in
        pairs.max {
          (known[$0.index].revisedAt, known[$0.index].keys[0])
            < (known[$1.index].revisedAt, known[$1.index].keys[0])
        }
      }
  }

  private func unrivalled(_ pairs: [Pair]) -> [Pair] {
    var places: [Int: Int] = [:]
    var indices: [Int: Int] = [:]
    for pair in pairs {
      places[pair.place, default: 0] += 1
      indices[pair.index, default: 0] += 1
    }
    return pairs.filter { places[$0.place] == 1 && indices[$0.index] == 1 }
  }

  /// The links lead to one page of their own, however they are spelt.
  private func isSamePage(_ pair: Pair, _ rare: RareSigns) -> Bool {
    guard let page = rare.pagesOfItems[pair.place], rare.pages.contains(page) else { return false }
    return page == rare.pagesOfKnown[pair.index]
  }

  /// The title and the text are the same, but for counters.
  ///
  /// A series has several items of that title in the document.
  private mutating func isSameWithOtherCounters(_ pair: Pair, isSeries: Bool) -> Bool {
    let (entry, candidate) = (document.entries[pair.place], known[pair.index])
    guard entry.fingerprint != nil, candidate.textFingerprint != nil,
      isSameTitle(pair.place, candidate) || isTitleless(pair),
      isSameButForCounters(pair.place, pair.index)
    else { return false }
    if let here = entry.published, here == candidate.published { return true }
    guard !isSeries else { return false }
    if isSameArticle(entry, ofWords: candidate) { return true }
    // Text keys of former counts do not tell that there was no more than words to know it by.
    let isWordsAlone = candidate.url == nil && candidate.item?.guid == nil && isTextOnly(entry)
    if isWordsAlone { return true }
    // A session in the link: the path stays, or no link ever stayed.
    return entry.published == nil && candidate.published == nil
      && (candidate.keys.count >= Self.restless && entry.guidKey == nil
        || hasPathOfItsOwn(entry, as: candidate))
      && words(of: pair.place).runs.count >= 8
  }

  /// The title is the same, and the text is nearly; or all that there is to go by is.
  private mutating func isSameInOtherWords(_ pair: Pair, _ isDated: Bool) -> Bool {
    let (entry, candidate) = (document.entries[pair.place], known[pair.index])
    if isTitleless(pair) { return isDated && isAlike(pair.place, pair.index, 0.6, runs: 8) }
    guard isSameTitle(pair.place, candidate) else { return false }
    if isDated, let here = entry.published, let there = candidate.published {
      if here == there {
        let isOneTextless = entry.fingerprint == nil || candidate.textFingerprint == nil
        if entry.fingerprint == nil, candidate.textFingerprint == nil {
          return isSameButForCounters(pair.place, pair.index)
        }
        if isOneTextless { return !here.isMidnight }
        return isAlike(pair.place, pair.index, 0.4, runs: 8)
      }
      return abs(here.seconds - there.seconds) <= longestShift
        && hasSamePath(entry, as: candidate)
    }
    if isTextOnly(entry), candidate.keys == [textKey(of: candidate)] {
      return isAlike(pair.place, pair.index, 0.6, runs: 8)
    }
    return mayHaveMoved(entry, from: candidate) && isAlike(pair.place, pair.index, 0.6, runs: 30)
  }

  /// Neither has a title, and the moment of publication is the same.
  private func isTitleless(_ pair: Pair) -> Bool {
    let (entry, candidate) = (document.entries[pair.place], known[pair.index])
    return title(pair.place) == nil && normalisedTitle(candidate.title) == nil
      && entry.published != nil && entry.published == candidate.published
  }

  /// A long text and the moment of publication are the same, under an edited title.
  ///
  /// Without dates no other article may have that text, and the link no other path.
  private mutating func isSameUnderOtherTitle(
    _ pair: Pair,
    _ isDated: Bool,
    _ rare: RareSigns
  ) -> Bool {
    let (entry, candidate) = (document.entries[pair.place], known[pair.index])
    guard isSameText(pair.place, candidate), words(of: pair.place).isLong else { return false }
    if isDated, let here = entry.published, let there = candidate.published {
      // Several episodes of one day may have one description.
      return here == there && (!here.isMidnight || isTitleAlike(pair.place, candidate))
    }
    return !taken.isEmpty && mayHaveMoved(entry, from: candidate)
      && entry.fingerprint.map(rare.texts.contains) == true
  }

  /// Title and text are nearly the same and the moment is, which nothing else has, and there is
  /// neither a guid that stayed nor a link of its own that could say more.
  private mutating func isSameOfItsMoment(_ pair: Pair, _ rare: RareSigns) -> Bool {
    let (entry, candidate) = (document.entries[pair.place], known[pair.index])
    guard let moment = entry.published, moment == candidate.published,
      rare.moments.contains(moment), entry.link == candidate.url.flatMap(canonicalLink),
      isSameTitle(pair.place, candidate) || isTitleAlike(pair.place, candidate)
    else { return false }
    return isAlike(pair.place, pair.index, 0.6, runs: 8)
  }

  /// Dates say when something was published, and not when it was fetched.
  ///
  /// In doubt they do. They do not where most of what is known again has another date than before.
  private func hasDates() -> Bool {
    var (same, different) = (0, 0)
    for place in matches.indices {
      guard let match = matches[place], let here = document.entries[place].published,
        let there = known[match.known].published
      else { continue }
      if here == there { same += 1 } else { different += 1 }
    }
    return different < 2 || different <= same
  }
}

// What many items of a document say together.
extension Ladder {
  /// Items that lost their guids all at once, in a document in which they have nothing else to be:
  /// the feed moved to other software, or made its guids anew.
  private mutating func matchMigrated(_ pairs: [Pair], _ rare: RareSigns) {
    var shifts: [Pair: Int64] = [:]
    var candidates: [Pair] = []
    for pair in pairs where isOpen(pair) {
      let (entry, candidate) = (document.entries[pair.place], known[pair.index])
      guard let title = title(pair.place), isSameTitle(pair.place, candidate),
        !entry.ownKeys.isEmpty
      else { continue }
      let isOnlyOfTitle = rare.titles.contains(title)
      let isOnlyOfMoment =
        entry.published == candidate.published
        && entry.published.map(rare.moments.contains) == true
      guard isOnlyOfTitle || isOnlyOfMoment else { continue }
      candidates.append(pair)
      if let here = entry.published, let there = candidate.published {
        shifts[pair] = here.seconds - there.seconds
      }
    }
    // What was known again without its guid has lost it too.
    var (kept, moved) = (0, 0)
    for place in matches.indices {
      guard let match = matches[place] else { continue }
      if match.rule == .guid {
        kept += 1
      } else if let key = document.entries[place].guidKey, !known[match.known].keys.contains(key) {
        moved += 1
      }
    }
    matchReworked(candidates)
    candidates = candidates.filter { isOpen($0) }
    let least = max(3, kept) - moved
    guard !candidates.isEmpty, candidates.count >= least else { return }
    let shifting = shifting(shifts)
    var fits: [Pair] = []
    let isMany = candidates.count >= 3
    for pair in candidates where isMigrated(pair, shifts[pair], shifting, isMany: isMany) {
      fits.append(pair)
    }
    fits = unrivalled(fits)
    guard fits.count >= least else { return }
    for pair in fits { match(pair.place, with: pair.index, .migration) }
  }

  /// Three items or more without dates of which title and long text are what they were, under other
  /// guids and links: one series may go on so, and no three at once.
  private mutating func matchReworked(_ pairs: [Pair]) {
    var equal: [Pair] = []
    for pair in pairs {
      let (entry, candidate) = (document.entries[pair.place], known[pair.index])
      guard entry.published == nil, candidate.published == nil, words(of: pair.place).isLong,
        isSameButForCounters(pair.place, pair.index)
      else { continue }
      equal.append(pair)
    }
    equal = unrivalled(equal)
    guard equal.count >= 3 else { return }
    for pair in equal { match(pair.place, with: pair.index, .migration) }
  }

  private mutating func isMigrated(
    _ pair: Pair,
    _ shift: Int64?,
    _ shifting: Shifting,
    isMany: Bool
  ) -> Bool {
    guard let shift else { return isMany && isAlike(pair.place, pair.index, 0.4, runs: 8) }
    if shift != 0 {
      return shifting == .sure
        || shifting == .short && isAlike(pair.place, pair.index, 0.6, runs: 8)
    }
    return document.entries[pair.place].published?.isMidnight == false
      || isAlike(pair.place, pair.index, 0.4, runs: 8)
  }

  /// How the dates of several items moved.
  private enum Shifting {
    /// Each in its own way, or so far that the next ones may have come.
    case none
    /// All by the same, and no more than a few hours.
    case short
    /// All by the same, and they are of several days: what comes twice a day moves too, but not all
    /// that far back.
    case sure
  }

  /// Whether all dates moved by the same quarters of an hour, give or take the summer time.
  private func shifting(_ shifts: [Pair: Int64]) -> Shifting {
    guard shifts.count >= 3,
      shifts.values.allSatisfy({ abs($0) <= longestShift && $0.isMultiple(of: 900) })
    else { return .none }
    let dates = shifts.keys.compactMap { known[$0.index].published?.seconds }
    guard let first = dates.min(), let last = dates.max(), let least = shifts.values.min(),
      let most = shifts.values.max(), most - least <= 3600
    else { return .none }
    if last - first >= 2 * longestShift { return .sure }
    return max(abs(least), abs(most)) <= 3 * 3600 ? .short : .none
  }

  /// Guids that changed on most items while nothing else did are made anew at every fetch, and then
  /// the link says which item is which.
  private mutating func matchUnstable(_ pairs: [Pair], _ rare: RareSigns) {
    let open = pairs.filter { isOpen($0) }
    guard !open.isEmpty else { return }
    let linked = open.filter { isSamePage($0, rare) }
    var (kept, churned, churnedInPlace) = (0, 0, 0)
    for place in matches.indices {
      guard let match = matches[place], let key = document.entries[place].guidKey else { continue }
      if match.rule == .guid {
        kept += 1
      } else if !known[match.known].keys.contains(key),
        hash(place) == known[match.known].contentHash
          || isSameButForCounters(place, match.known)
      {
        churned += 1
        let isSameDate = document.entries[place].published == known[match.known].published
        if isSameDate { churnedInPlace += 1 }
      }
    }
    matchUnlinked(open, rare, kept: kept)
    if churnedInPlace >= 3, churnedInPlace > kept {
      join(linked, .link) { _, _ in true }
    }
    guard churned >= 3, churned > kept else { return }
    join(linked, .link) { ladder, pair in
      ladder.isAlike(pair.place, pair.index, 0.6, runs: TextRuns.long)
    }
    join(open, .text) { ladder, pair in
      let (entry, candidate) = (ladder.document.entries[pair.place], ladder.known[pair.index])
      return (entry.link == nil || candidate.url == nil)
        && (entry.published == nil || candidate.published == nil)
        && ladder.isSameTitle(pair.place, candidate)
        && ladder.isAlike(pair.place, pair.index, 0.4, runs: 8)
    }
  }
}

// Items that have no link.
extension Ladder {
  /// Three items or more whose guids and dates are others while title and long text are what they
  /// were, in a feed without links: both are made at every fetch.
  private mutating func matchUnlinked(_ open: [Pair], _ rare: RareSigns, kept: Int) {
    let equal = unrivalled(
      open.filter { pair in
        let (entry, candidate) = (document.entries[pair.place], known[pair.index])
        return entry.link == nil && candidate.url == nil && isSameTitle(pair.place, candidate)
          && isSameText(pair.place, candidate)
          && entry.fingerprint.map(rare.texts.contains) == true
      }
    )
    guard equal.count >= 3, equal.count > kept else { return }
    for pair in equal where words(of: pair.place).isLong {
      match(pair.place, with: pair.index, .text)
    }
  }
}

// Signs.
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
  private func hasPathOfItsOwn(_ entry: DocumentKeys.Entry, as candidate: KnownArticle) -> Bool {
    guard let here = entry.link.map(LinkPath.init),
      let there = candidate.url.flatMap(canonicalLink).map(LinkPath.init)
    else { return entry.link == nil && candidate.url == nil }
    return here.path == there.path && (here.names || here.host == there.host)
  }

  /// The same, and the page is one of many.
  private func hasSamePath(_ entry: DocumentKeys.Entry, as candidate: KnownArticle) -> Bool {
    entry.link != nil && candidate.url != nil && isSpecific(entry.link)
      && mayHaveMoved(entry, from: candidate)
  }
}

/// Two canonical links differ by their hosts alone, or by what follows the question mark of a long
/// path.
func isSamePath(_ first: String, _ second: String) -> Bool {
  let (first, second) = (LinkPath(first), LinkPath(second))
  return first.path == second.path
    && (first.query == second.query || first.host == second.host && first.names)
}

/// The parts of a canonical link.
private struct LinkPath {
  var host: Substring
  var path: Substring
  var query: Substring

  init(_ link: String) {
    host = link.prefix { $0 != "/" && $0 != "?" }
    let rest = link.dropFirst(host.count)
    path = rest.prefix { $0 != "?" }
    query = rest.dropFirst(path.count)
  }

  /// The path alone names a page: it is no program that is asked for many.
  var names: Bool { path.utf8.count >= 8 && !path.contains(".") }
}

/// The page is one of many, by its address: it has a number, a query or several words.
func isSpecific(_ link: String?) -> Bool {
  guard let link, let slash = link.firstIndex(of: "/") else {
    return link?.contains("?") == true
  }
  let last = link[slash...].split(separator: "/").last ?? ""
  if link[slash...].contains("?") || last.utf8.contains(where: { (0x30...0x39).contains($0) }) {
    return true
  }
  return last.utf8.count >= 20 || last.utf8.count { $0 == 0x2D || $0 == 0x5F } >= 2
}

extension Timestamp {
  /// It is a day without a time.
  var isMidnight: Bool { milliseconds.isMultiple(of: 86_400_000) }
}
