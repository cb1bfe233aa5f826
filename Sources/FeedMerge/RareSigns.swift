import FeedModel

/// What one item of a document and one known article have: what several have says nothing.
struct RareSigns {
  /// Pages in their canonical form.
  let pages: Set<String>
  /// Fingerprints of texts.
  let texts: Set<UInt64>
  /// Dates of publication, but for days without a time.
  let moments: Set<Timestamp>
  /// Normalised titles.
  let titles: Set<String>
  /// Normalised titles that one item has, however many known articles do.
  let titlesOfItems: Set<String>
  /// The page of each item, and of each known article.
  let (pagesOfItems, pagesOfKnown): ([String?], [String?])

  init(_ ladder: Ladder) {
    let (document, known) = (ladder.document, ladder.known)
    pagesOfItems = document.entries.map { document.page(of: $0) }
    pagesOfKnown = known.map { $0.url.flatMap(canonicalPage) }
    pages = once(pagesOfItems).intersection(once(pagesOfKnown))
    texts = once(document.entries.map(\.fingerprint))
      .intersection(once(known.map(\.textFingerprint)))
    moments = once(document.entries.map(\.published))
      .intersection(once(known.map(\.published)))
      .filter { !$0.isMidnight }
    titlesOfItems = once(document.entries.indices.map { ladder.title($0) })
    titles = titlesOfItems.intersection(once(known.map { normalisedTitle($0.title) }))
  }
}

/// The values that stand once.
private func once<Value: Hashable>(_ values: [Value?]) -> Set<Value> {
  var counts: [Value: Int] = [:]
  for value in values { if let value { counts[value, default: 0] += 1 } }
  return Set(counts.filter { $0.value == 1 }.keys)
}

extension Timestamp {
  /// It is a day without a time.
  var isMidnight: Bool { milliseconds.isMultiple(of: 86_400_000) }
}
