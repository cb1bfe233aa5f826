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

  func isOpen(_ pair: Pair) -> Bool {
    matches[pair.place] == nil && !taken.contains(pair.index)
  }

  /// Joins the pairs that hold and whose sides are in no other pair that holds.
  mutating func join(
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

  func unrivalled(_ pairs: [Pair]) -> [Pair] {
    var places: [Int: Int] = [:]
    var indices: [Int: Int] = [:]
    for pair in pairs {
      places[pair.place, default: 0] += 1
      indices[pair.index, default: 0] += 1
    }
    return pairs.filter { places[$0.place] == 1 && indices[$0.index] == 1 }
  }

  /// The links lead to one page of their own, however they are spelt.
  func isSamePage(_ pair: Pair, _ rare: RareSigns) -> Bool {
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
