/// How alike two texts are.
///
/// Every share is of the text that has less, from 0 to 1, so that an excerpt is like its full text.
public struct Similarity: Hashable, Sendable {
  /// Numbers and names that both have, by weight.
  ///
  /// Where a text has few of them its words stand for them.
  public var facts: Float
  /// Other words that both have, by weight; longer ones weigh more.
  public var words: Float
  /// Words of one title that the other text has; the greater share of the two titles.
  public var title: Float
  /// The lesser share of the two titles.
  public var bothTitles: Float
  /// Of the numbers and names that stand between the same neighbours: how many differ, by weight.
  ///
  /// A form that was filled in twice has many such, a correction one or two.
  public var conflicts: Float
  /// Numbers of each title that the other text has not, by weight: parts, versions, days.
  public var titleConflict: Float
  /// Runs of three words that both have.
  public var runs: Float
  /// What all that both have weighs: little where there is little to go by.
  public var evidence: Float

  /// The fewest words that are shared: a translation has all numbers and names, and hardly any word.
  static let wordsMin: Float = 0.12

  /// What weighs least where two texts may be called similar: a sentence or so.
  static let evidenceMin: Float = 8

  /// What counts for two texts being similar, less what counts against it; above 0 they are.
  ///
  /// Found by logistic regression on the training half of the labelled set, rounded, and set so that a
  /// tie is missed rather than made up.
  public var score: Float {
    9 * facts + 3 * words + 2 * title - 4 * conflicts - 4 * min(titleConflict, 3) / 3 - 9
  }

  /// Whether a reader of one has read most of what the other says.
  ///
  /// Within one feed texts share what the publisher writes below each of them, so there the titles
  /// and whole runs of words have to agree too.
  ///
  /// - Parameter isOneFeed: Both came with the same feed.
  /// - Returns: False also where there is too little to tell.
  public func isSimilar(inOneFeed isOneFeed: Bool) -> Bool {
    guard score > 0, words >= Self.wordsMin, evidence >= Self.evidenceMin else { return false }
    return !isOneFeed || runs >= 0.5 && bothTitles >= 0.5 && titleConflict == 0
  }
}

/// Compares two texts.
///
/// Pure, and the same either way round. It takes some microseconds: see `TextProfile`.
public func similarity(of one: TextProfile, and other: TextProfile) -> Similarity {
  let shared = SharedTerms(one.terms, other.terms)
  let words = max(
    share(shared.words.one, of: one.wordWeight),
    share(shared.words.other, of: other.wordWeight)
  )
  let titles = (
    share(shared.title.one, of: one.titleWeight), share(shared.title.other, of: other.titleWeight)
  )
  let few: Float = 3
  return Similarity(
    facts: max(
      share(shared.facts.one + few * words, of: one.factWeight + few),
      share(shared.facts.other + few * words, of: other.factWeight + few)
    ),
    words: words,
    title: max(titles.0, titles.1),
    bothTitles: min(titles.0, titles.1),
    conflicts: conflicts(one, other),
    titleConflict: min(titleNumbers(of: one, notIn: other), titleNumbers(of: other, notIn: one)),
    runs: share(
      Float(sharedCount(one.runs, other.runs)),
      of: Float(min(one.runs.count, other.runs.count))
    ),
    evidence: min(
      shared.facts.one + shared.words.one,
      shared.facts.other + shared.words.other
    )
  )
}

private func share(_ part: Float, of whole: Float) -> Float { whole > 0 ? part / whole : 0 }

private func titleNumbers(of one: TextProfile, notIn other: TextProfile) -> Float {
  one.terms.reduce(0) { weight, term in
    term.isInTitle && term.isNumber && other.terms.term(term.hash) == nil
      ? weight + term.weight : weight
  }
}

private func conflicts(_ one: TextProfile, _ other: TextProfile) -> Float {
  var same: Float = 0
  var different: Float = 0
  var left = one.slots[...]
  var right = other.slots[...]
  while let a = left.first, let b = right.first {
    guard a.place == b.place else {
      if a.place < b.place { left.removeFirst() } else { right.removeFirst() }
      continue
    }
    if a.hash == b.hash {
      same += a.weight
    } else if other.terms.term(a.hash) == nil, one.terms.term(b.hash) == nil {
      different += max(a.weight, b.weight)
    }
    left.removeFirst()
    right.removeFirst()
  }
  return share(different, of: same + different)
}

private func sharedCount(_ one: [UInt32], _ other: [UInt32]) -> Int {
  var count = 0
  var left = one[...]
  var right = other[...]
  while let a = left.first, let b = right.first {
    if a == b { count += 1 }
    if a <= b { left.removeFirst() }
    if b <= a { right.removeFirst() }
  }
  return count
}

/// What the terms that two texts have in common weigh in each of them.
private struct SharedTerms {
  var facts: (one: Float, other: Float) = (0, 0)
  var words: (one: Float, other: Float) = (0, 0)
  var title: (one: Float, other: Float) = (0, 0)

  init(_ one: [TextProfile.Term], _ other: [TextProfile.Term]) {
    var left = one[...]
    var right = other[...]
    while let a = left.first, let b = right.first {
      if a.hash == b.hash { add(a, b) }
      if a.hash <= b.hash { left.removeFirst() }
      if b.hash <= a.hash { right.removeFirst() }
    }
  }

  private mutating func add(_ a: TextProfile.Term, _ b: TextProfile.Term) {
    if a.isFact { facts.one += a.weight } else { words.one += a.weight }
    if b.isFact { facts.other += b.weight } else { words.other += b.weight }
    if a.isInTitle { title.one += a.weight }
    if b.isInTitle { title.other += b.weight }
  }
}
