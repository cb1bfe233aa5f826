public import FeedModel

/// The items of one document with the keys that each may use.
///
/// A key that two different items of the document carry is ambiguous in it and is not used from
/// it. An item that stands twice is taken once. Pure: the same feed and document give the same
/// value.
public struct DocumentKeys: Sendable {
  /// One item and what it can be recognised by.
  struct Entry: Sendable {
    /// Which item of the document it is.
    var place: Int
    /// When it was published.
    var published: Timestamp?
    var fingerprint: UInt64?
    /// The canonical link; nil when the item has no web link.
    var link: String?
    /// Nil when the item has no guid, or shares it with another item.
    var guidKey: ArticleID?
    /// Nil when the item has no web link, or shares it with another item.
    var linkKey: ArticleID?
    /// Guid and link as the item has them, shared or not.
    var ownKeys: [ArticleID]
  }

  /// The items of the document.
  ///
  /// Entries name them by their places: an item holds a dozen references, and a copy counts each.
  private let items: [FeedItem]
  private let keyMaker: KeyMaker
  /// It ends too early: a guid that stands on all items may stand in it once.
  private let isTruncated: Bool
  /// The feed that the document is of.
  public let feed: FeedID
  /// In document order.
  let entries: [Entry]
  /// Every guid that stands in the document, ambiguous or not: what is not here is gone.
  let guidsPresent: Set<ArticleID>
  /// Every guid and every link that stands in the document.
  var keysPresent: Set<ArticleID> { guidsPresent.union(entries.flatMap(\.ownKeys)) }

  /// Reads the keys off a document.
  public init(feed: FeedID, parsed: ParsedFeed) {
    self.feed = feed
    let keyMaker = KeyMaker(feed: feed)
    self.keyMaker = keyMaker
    items = parsed.items
    isTruncated = parsed.isTruncated
    var entries: [Entry] = []
    entries.reserveCapacity(items.count)
    for (place, fingerprint) in withoutRepeats(parsed) {
      let link = items[place].url.flatMap(canonicalLink)
      let guidKey = items[place].guid.map { keyMaker.key(.guid, $0) }
      let linkKey = link.map { keyMaker.key(.link, $0) }
      entries.append(
        Entry(
          place: place,
          published: items[place].published,
          fingerprint: fingerprint,
          link: link,
          guidKey: guidKey,
          linkKey: linkKey,
          ownKeys: [guidKey, linkKey].compactMap(\.self)
        )
      )
    }
    var counts: [ArticleID: Int] = [:]
    counts.reserveCapacity(entries.count * 2)
    for entry in entries {
      for key in entry.ownKeys { counts[key, default: 0] += 1 }
    }
    guidsPresent = Set(entries.compactMap(\.guidKey))
    for index in entries.indices {
      if let key = entries[index].guidKey, counts[key] != 1 { entries[index].guidKey = nil }
      if let key = entries[index].linkKey, counts[key] != 1 { entries[index].linkKey = nil }
    }
    self.entries = entries
  }

  /// The item of an entry.
  func item(of entry: Entry) -> FeedItem { items[entry.place] }

  /// The title of an entry in the form in which titles are compared.
  func title(of entry: Entry) -> String? { normalisedTitle(items[entry.place].title) }

  /// The hash of what a reader would see of an entry.
  func contentHash(of entry: Entry) -> String {
    FeedMerge.contentHash(of: items[entry.place], link: entry.link)
  }

  /// The keys by which known articles should be looked up first: guids and links.
  public var lookupKeys: [ArticleID] { entries.flatMap(\.ownKeys) }

  /// What else known articles should be looked up by.
  public struct Lookups: Sendable {
    /// The keys of last resort, and those of guids that are spelt otherwise.
    public var keys: [ArticleID] = []
    /// The text fingerprints.
    public var fingerprints: [UInt64] = []
    /// `nameHash` of items with a text: the newest few articles of each are enough.
    public var names: [UInt32] = []
    /// `nameHash` of items without any text: of these all articles without any text.
    public var textlessNames: [UInt32] = []
    /// `pageHash` of their links.
    public var pages: [UInt64] = []
    /// When they were published, but for days without a time: what many articles say, such as each
    /// week's thread, is told apart by it.
    public var moments: [Timestamp] = []

    /// There is nothing more to look up.
    public var isEmpty: Bool { keys.isEmpty }
  }

  /// What is to be looked up after guids and links were, for the items that their guids do not
  /// settle.
  ///
  /// An item whose guid belongs to an article that no other item's guid belongs to is matched with
  /// it, whatever else is known, unless nothing else of the two is the same.
  public func furtherLookups(known: [KnownArticle]) -> Lookups {
    var owners: [ArticleID: Int] = [:]
    owners.reserveCapacity(known.count * 2)
    for (index, article) in known.enumerated() {
      for key in article.keys { owners[key] = index }
    }
    var matched: Set<Int> = []
    var lookups = Lookups()
    for entry in entries {
      if let key = entry.guidKey, let owner = owners[key], !isUnlike(entry, known[owner]),
        matched.insert(owner).inserted
      {
        continue
      }
      lookups.keys.append(textKey(of: entry))
      lookups.keys += guidSpellings(of: entry)
      if let fingerprint = entry.fingerprint { lookups.fingerprints.append(fingerprint) }
      if let name = nameHash(title: items[entry.place].title, published: entry.published) {
        if entry.fingerprint == nil { lookups.textlessNames.append(name) }
        lookups.names.append(name)
      }
      if let page = items[entry.place].url.flatMap(pageHash) { lookups.pages.append(page) }
      if let moment = entry.published, !moment.isMidnight {
        // What its link has found already need not be looked for among all of that moment.
        let isFound = entry.ownKeys.contains { key in
          owners[key].map { known[$0].published == moment } ?? false
        }
        if !isFound { lookups.moments.append(moment) }
      }
    }
    return lookups
  }

  /// The guid of an entry may be that of everything.
  ///
  /// See `Entry.isUnlike`; in a document that was cut another text is enough.
  func isUnlike(_ entry: Entry, _ candidate: KnownArticle) -> Bool {
    if isTruncated, let text = entry.fingerprint, let old = candidate.textFingerprint {
      return text != old && (entry.published == nil || entry.published != candidate.published)
    }
    return entry.isUnlike(candidate)
  }

  /// The page of an entry in its strong canonical form.
  func page(of entry: Entry) -> String? { items[entry.place].url.flatMap(canonicalPage) }

  /// The key of a known article's link.
  func linkKey(of candidate: KnownArticle) -> ArticleID? {
    candidate.url.flatMap(canonicalLink).map { keyMaker.key(.link, $0) }
  }

  /// The keys of an entry's guid in other spellings of the address that it is: with http or https,
  /// with `www` and without, with and without a slash at its end.
  func guidSpellings(of entry: Entry) -> [ArticleID] {
    guard entry.guidKey != nil, let guid = items[entry.place].guid else { return [] }
    return otherSpellings(ofAddress: guid).map { keyMaker.key(.guid, $0) }
  }

  /// The key of last resort: title, date and text.
  func textKey(of entry: Entry) -> ArticleID {
    textKey(title: title(of: entry), published: entry.published, entry.fingerprint)
  }

  func textKey(title: String?, published: Timestamp?, _ fingerprint: UInt64?) -> ArticleID {
    keyMaker.textKey(title: title, published: published, fingerprint)
  }
}

/// The places of the items of a document with their fingerprints, each item once.
///
/// A document may hold an item twice, and two versions of one (RFC 4287 §4.1.1). Items with one
/// guid and one link are one item when title and date agree as well, or when the text does; for
/// Atom, whose ids are meant to be unique, the id and the date are enough. Without a guid
/// everything has to agree. Of the versions the newest stays, in the place of the first.
private func withoutRepeats(_ parsed: ParsedFeed) -> [(place: Int, fingerprint: UInt64?)] {
  var guids: Set<String> = []
  guids.reserveCapacity(parsed.items.count)
  // An item is only ever compared with items that have the same guid, or none like itself.
  let areDifferent = parsed.items.indices.allSatisfy { place in
    guard let guid = parsed.items[place].guid else { return false }
    return guids.insert(guid).inserted
  }
  if areDifferent { return parsed.items.indices.map { ($0, parsed.items[$0].textFingerprint) } }
  let isAtom = parsed.format == .atom10 || parsed.format == .atom03
  var kept: [(place: Int, fingerprint: UInt64?)] = []
  var places: [Repetition: Int] = [:]
  for (index, item) in parsed.items.enumerated() {
    let fingerprint = item.textFingerprint
    let ways = Repetition.ways(item, fingerprint, isAtom: isAtom)
    guard let place = ways.compactMap({ places[$0] }).first else {
      for way in ways { places[way] = kept.count }
      kept.append((index, fingerprint))
      continue
    }
    for way in ways where places[way] == nil { places[way] = place }
    let old = parsed.items[kept[place].place]
    if let changed = item.modified ?? item.published, let known = old.modified ?? old.published,
      changed > known
    {
      kept[place] = (index, fingerprint)
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

/// The spellings of an address that lead to the same page; none for what is no web address.
func otherSpellings(ofAddress guid: String) -> [String] {
  let schemes = ["https://", "http://"]
  guard let scheme = schemes.first(where: { guid.hasPrefix($0) }) else { return [] }
  let rest = guid.dropFirst(scheme.utf8.count)
  let other = rest.hasPrefix("www.") ? String(rest.dropFirst(4)) : "www." + rest
  let slashed = rest.hasSuffix("/") ? String(rest.dropLast()) : rest + "/"
  return
    schemes.flatMap { scheme in
      [String(rest), other, slashed].map { scheme + $0 }
    }
    .filter { $0 != guid }
}
