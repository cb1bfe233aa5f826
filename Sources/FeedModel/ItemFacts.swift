/// What an item says that JSON Feed 1.1 has no name for.
///
/// None of it is what a reader reads: a count of comments that ticks, or a licence that is added,
/// makes no new revision of an article. Nil and an empty list mean that the item does not say it, or
/// says what cannot be read. A list has at most 256 entries.
public struct ItemFacts: Hashable, Sendable {
  /// RSS `<copyright>`, Atom `<rights>`, `dc:rights`, `dcterms:rights`, `media:copyright`, as plain
  /// text.
  public var rights: String?
  /// The URLs of licences: Atom `link rel="license"` (RFC 4946), `creativeCommons:license`,
  /// `cc:license`, `media:license`, `podcast:license url`.
  public var licenses: [String] = []
  /// The feed that the item was taken over from: RSS `<source>`, Atom `<source>`.
  public var source: ItemSource?
  /// Atom `<contributor>`, `dc:contributor`, `dcterms:contributor`, in document order.
  public var contributors: [Author] = []
  /// How many comments there are: `slash:comments`, `thr:total`, `thr:count`; nil when unknown.
  public var commentsCount: Int?
  /// The feed of the comments: `wfw:commentRss`, or Atom `link rel="replies"` of a feed's type.
  public var commentsFeedURL: String?
  /// What the item answers: `thr:in-reply-to` (RFC 4685 §3), in document order.
  public var inReplyTo: [RepliedItem] = []
  /// Where it is about or was written: GeoRSS in its simple and its GML form, W3C `geo:lat` and
  /// `geo:long`, `podcast:location`.
  public var place: Place?
  /// Media RSS.
  public var media: Media?
  /// What a podcast says of an episode.
  public var episode: Episode?

  /// An item that says nothing more.
  public init() {}
}

/// The feed that an item was taken over from.
public struct ItemSource: Hashable, Sendable {
  /// RSS `<source>`'s text, Atom `source/title`, as plain text.
  public var title: String?
  /// The site: Atom `source/link rel="alternate"`.
  public var url: String?
  /// The feed: RSS `source url`, Atom `source/link rel="self"`.
  public var feedURL: String?
  /// Atom `source/id`.
  public var id: String?

  /// A source of which nothing is known yet.
  public init() {}
}

/// An item that another one answers (RFC 4685 §3).
public struct RepliedItem: Hashable, Sendable {
  /// Its guid: `ref`.
  public var id: String?
  /// A page on which it stands: `href`.
  public var url: String?

  /// Describes an item; at least one value should be there.
  public init(id: String? = nil, url: String? = nil) {
    self.id = id
    self.url = url
  }
}
