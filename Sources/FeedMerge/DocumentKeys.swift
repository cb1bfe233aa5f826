public import FeedModel

/// The items of one document with the keys that each may use.
///
/// A key that two different items of the document carry is ambiguous in it and is not used from
/// it. An item that stands twice is taken once. Pure: the same feed and document give the same
/// value.
public struct DocumentKeys: Sendable {
  /// One item and what it can be recognised by.
  struct Entry: Sendable {
    var item: FeedItem
    var title: String?
    var fingerprint: UInt64?
    /// Nil when the item has no guid, or shares it with another item.
    var guidKey: ArticleID?
    /// Nil when the item has no web link, or shares it with another item.
    var linkKey: ArticleID?
    /// Guid and link as the item has them, shared or not.
    var ownKeys: Set<ArticleID>
    /// The item has neither a guid nor a link of its own.
    var isTextOnly: Bool { guidKey == nil && linkKey == nil }
  }

  let feed: FeedID
  /// In document order.
  let entries: [Entry]
  /// Every guid that stands in the document, ambiguous or not: what is not here is gone.
  let guidsPresent: Set<ArticleID>

  /// Reads the keys off a document.
  public init(feed: FeedID, parsed: ParsedFeed) {
    self.feed = feed
    let all = withoutRepeats(parsed)
      .map { item, fingerprint in
        let guidKey = item.guid.map { articleKey(feed, .guid, $0) }
        let linkKey = item.url.flatMap(canonicalLink).map { articleKey(feed, .link, $0) }
        return Entry(
          item: item,
          title: normalisedTitle(item.title),
          fingerprint: fingerprint,
          guidKey: guidKey,
          linkKey: linkKey,
          ownKeys: Set([guidKey, linkKey].compactMap(\.self))
        )
      }
    let counts = all.reduce(into: [ArticleID: Int]()) { counts, entry in
      for key in [entry.guidKey, entry.linkKey].compactMap(\.self) { counts[key, default: 0] += 1 }
    }
    guidsPresent = Set(all.compactMap(\.guidKey))
    entries = all.map { entry in
      var entry = entry
      if let key = entry.guidKey, counts[key] != 1 { entry.guidKey = nil }
      if let key = entry.linkKey, counts[key] != 1 { entry.linkKey = nil }
      return entry
    }
  }

  /// The keys by which known articles should be looked up.
  public var lookupKeys: [ArticleID] {
    entries.flatMap { entry in
      Array(entry.ownKeys) + [textKey(of: entry)]
    }
  }

  /// The text fingerprints by which known articles of the feed should be looked up.
  public var lookupFingerprints: [UInt64] { entries.compactMap(\.fingerprint) }

  /// The titles by which known articles of the feed without any text should be looked up.
  public var lookupTitles: [String] {
    entries.compactMap { $0.fingerprint == nil ? $0.title : nil }
  }

  /// The key of last resort: title, date and text.
  func textKey(of entry: Entry) -> ArticleID {
    Self.textKey(feed, title: entry.title, published: entry.item.published, entry.fingerprint)
  }

  static func textKey(
    _ feed: FeedID,
    title: String?,
    published: Timestamp?,
    _ fingerprint: UInt64?
  ) -> ArticleID {
    let parts = [title ?? "", published?.description ?? "", fingerprint.map(String.init) ?? ""]
    return articleKey(feed, .text, parts.joined(separator: "\n"))
  }
}

/// The items of a document with their fingerprints, each item once.
///
/// A document may hold an item twice, and two versions of one (RFC 4287 §4.1.1). Items with one
/// guid and one link are one item when title and date agree as well, or when the text does; for
/// Atom, whose ids are meant to be unique, the id and the date are enough. Without a guid
/// everything has to agree. Of the versions the newest stays, in the place of the first.
private func withoutRepeats(_ parsed: ParsedFeed) -> [(item: FeedItem, fingerprint: UInt64?)] {
  let isAtom = parsed.format == .atom10 || parsed.format == .atom03
  var kept: [(item: FeedItem, fingerprint: UInt64?)] = []
  var places: [Repetition: Int] = [:]
  for item in parsed.items {
    let fingerprint = item.textFingerprint
    let ways = Repetition.ways(item, fingerprint, isAtom: isAtom)
    guard let place = ways.compactMap({ places[$0] }).first else {
      for way in ways { places[way] = kept.count }
      kept.append((item, fingerprint))
      continue
    }
    for way in ways where places[way] == nil { places[way] = place }
    let old = kept[place].item
    if let changed = item.modified ?? item.published, let known = old.modified ?? old.published,
      changed > known
    {
      kept[place] = (item, fingerprint)
    }
  }
  return kept
}

/// One way in which two items of a document may be alike enough to be one.
private struct Repetition: Hashable {
  var guid: String?
  var url: String?
  var title: String?
  var published: Timestamp?
  var fingerprint: UInt64?

  /// All ways in which another item may repeat this one.
  static func ways(_ item: FeedItem, _ fingerprint: UInt64?, isAtom: Bool) -> [Repetition] {
    var dated = Repetition()
    dated.guid = item.guid
    dated.url = item.url
    dated.title = item.title
    dated.published = item.published
    guard item.guid != nil else {
      dated.fingerprint = fingerprint
      return [dated]
    }
    var ways = item.published == nil && fingerprint != nil ? [] : [dated]
    if let fingerprint {
      var worded = Repetition()
      worded.guid = item.guid
      worded.url = item.url
      worded.fingerprint = fingerprint
      ways.append(worded)
    }
    if isAtom, let published = item.published {
      var atom = Repetition()
      atom.guid = item.guid
      atom.published = published
      ways.append(atom)
    }
    return ways
  }
}
