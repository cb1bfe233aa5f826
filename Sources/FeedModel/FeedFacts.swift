/// What a feed says of itself that JSON Feed 1.1 has no name for.
///
/// Nil and an empty list mean that the feed does not say it, or says what cannot be read. A list has
/// at most 256 entries.
public struct FeedFacts: Hashable, Sendable {
  /// When it last changed: Atom `<updated>`, RSS `<lastBuildDate>`, `dcterms:modified`, `dc:date`,
  /// RSS `<pubDate>`.
  public var updated: Timestamp?
  /// The program that wrote it: RSS `<generator>`, Atom `<generator>` (RFC 4287 §4.2.4),
  /// `admin:generatorAgent`.
  public var generator: Generator?
  /// RSS `<copyright>`, Atom `<rights>`, `dc:rights`, `dcterms:rights`, `media:copyright`, as plain
  /// text.
  public var rights: String?
  /// The URLs of licences, from the same places as an item's.
  public var licenses: [String] = []
  /// RSS and Atom `<category>`, `dc:subject`, `itunes:keywords`, `media:category`,
  /// `media:keywords`, without repetition.
  public var tags: [String] = []
  /// Atom `<contributor>`, `dc:contributor`, `dcterms:contributor`, in document order.
  public var contributors: [Author] = []
  /// Who answers for the feed's technical side: RSS `<webMaster>`.
  public var webMaster: Author?
  /// Where it is about: GeoRSS in its simple and its GML form, W3C `geo:lat` and `geo:long`,
  /// `podcast:location`.
  public var place: Place?
  /// Where older items are: JSON Feed `next_url`, Atom `link rel="next"` (RFC 5005 §3).
  public var nextURL: String?
  /// What a podcast says of itself.
  public var podcast: Podcast?

  /// A feed that says nothing more.
  public init() {}
}

/// The program that wrote a feed.
public struct Generator: Hashable, Sendable {
  /// Its name, as plain text.
  public var name: String?
  /// Its address: Atom `generator uri`.
  public var url: String?
  /// Its version: Atom `generator version`.
  public var version: String?

  /// Describes a program; at least one value should be there.
  public init(name: String? = nil, url: String? = nil, version: String? = nil) {
    self.name = name
    self.url = url
    self.version = version
  }
}
