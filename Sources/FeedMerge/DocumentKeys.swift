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
    var guidKey: ArticleID?
    /// Nil when the item has no web link, or shares it with another item.
    var linkKey: ArticleID?
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
    let all = Self.withoutRepeats(parsed.items)
      .map { item in
        Entry(
          item: item,
          title: normalisedTitle(item.title),
          fingerprint: item.textFingerprint,
          guidKey: item.guid.map { articleKey(feed, .guid, $0) },
          linkKey: item.url.flatMap(canonicalLink).map { articleKey(feed, .link, $0) }
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
      [entry.guidKey, entry.linkKey, entry.isTextOnly ? textKey(of: entry) : nil]
        .compactMap(\.self)
    }
  }

  /// The text fingerprints by which known articles of the feed should be looked up.
  public var lookupFingerprints: [UInt64] { entries.compactMap(\.fingerprint) }

  /// The titles by which known articles of the feed without any text should be looked up.
  public var lookupTitles: [String] {
    entries.compactMap { $0.fingerprint == nil ? $0.item.title : nil }
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

  /// Items that agree in guid, link, title and date are one item, edited or repeated: the first
  /// stays, since documents put the newest form first.
  private static func withoutRepeats(_ items: [FeedItem]) -> [FeedItem] {
    struct Likeness: Hashable {
      var guid: String?
      var url: String?
      var title: String?
      var published: Timestamp?
      /// Where there is neither guid nor link nor date, only equal text makes items one.
      var fingerprint: UInt64?
    }
    var seen: Set<Likeness> = []
    return items.filter { item in
      let isAnchored = item.published != nil && (item.guid != nil || item.url != nil)
      let likeness = Likeness(
        guid: item.guid,
        url: item.url,
        title: item.title,
        published: item.published,
        fingerprint: isAnchored ? nil : item.textFingerprint
      )
      return seen.insert(likeness).inserted
    }
  }
}
