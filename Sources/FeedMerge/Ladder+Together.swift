import FeedModel

// What many items of a document say together.
extension Ladder {
  /// Items that lost their guids all at once, in a document in which they have nothing else to be:
  /// the feed moved to other software, or made its guids anew.
  mutating func matchMigrated(_ pairs: [Pair], _ rare: RareSigns) {
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
  mutating func matchUnstable(_ pairs: [Pair], _ rare: RareSigns) {
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
