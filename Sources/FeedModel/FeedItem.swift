/// One item as its publisher wrote it, in the terms of JSON Feed 1.1.
///
/// Text is valid Unicode, URLs are absolute where the document allowed it, dates are moments.
/// An empty string is never stored: what a document leaves out or leaves empty is nil.
public struct FeedItem: Hashable, Sendable {
  /// RSS 2.0 `<guid>`, RSS 1.0 `rdf:about`, Atom `<id>`, JSON Feed `id`; nil when there is none.
  public var guid: String?
  /// RSS `<link>` or a permalink guid, Atom `link rel="alternate"`, JSON Feed `url`.
  public var url: String?
  /// JSON Feed `external_url`, Atom `link rel="related"`: what a linked-list entry talks about.
  public var externalURL: String?
  /// The title as plain text.
  public var title: String?
  /// The body as HTML with its relative URLs resolved.
  public var contentHTML: String?
  /// The body where it is plain text.
  ///
  /// At most one of the two bodies stands.
  public var contentText: String?
  /// A summary as plain text, when the document tells it apart from the body.
  public var summary: String?
  /// The URL of the main picture.
  public var image: String?
  /// RSS `<pubDate>` or `dc:date`, Atom `<published>`.
  ///
  /// Nil when absent or unreadable: never "now".
  public var published: Timestamp?
  /// Atom `<updated>`, `dcterms:modified`, JSON Feed `date_modified`.
  public var modified: Timestamp?
  /// In document order.
  public var authors: [Author] = []
  /// Categories as the publisher wrote them, in document order, without repetition.
  public var tags: [String] = []
  /// RFC 5646 language tag, from `xml:lang`, `dc:language` or JSON Feed `language`.
  public var language: String?
  /// RSS `<enclosure>`, Atom `link rel="enclosure"`, JSON Feed `attachments`, in document order.
  public var attachments: [Attachment] = []
  /// The page of the comments: RSS `<comments>`, Atom `link rel="replies"` that leads to a page.
  public var commentsURL: String?
  /// What JSON Feed has no name for; nil when the item says nothing of the kind.
  ///
  /// Few items say any of it, so the others pay one word for it.
  public var facts: ItemFacts? {
    get {
      guard case .value(let facts) = boxedFacts else { return nil }
      return facts
    }
    set { boxedFacts = newValue.flatMap { $0 == ItemFacts() ? nil : .value($0) } }
  }
  private var boxedFacts: Boxed<ItemFacts>?

  /// An item of which nothing is known yet.
  public init() {}

  /// What is kept of an item whose body was purged: enough to tell it when it is met again.
  public var withoutBody: FeedItem {
    var item = FeedItem()
    item.guid = guid
    item.url = url
    item.title = title
    item.published = published
    return item
  }
}

/// Who wrote an item or a feed.
public struct Author: Hashable, Sendable {
  /// The name; for RSS `<author>` the part that is no address, or else the address.
  public var name: String?
  /// A page about the author, or `mailto:` and an address.
  public var url: String?
  /// The URL of a picture.
  public var avatar: String?

  /// Describes an author; at least one value should be there.
  public init(name: String? = nil, url: String? = nil, avatar: String? = nil) {
    self.name = name
    self.url = url
    self.avatar = avatar
  }
}

/// A file that belongs to an item: an episode, a picture, a document.
public struct Attachment: Hashable, Sendable {
  /// Where it is.
  public var url: String
  /// Its media type, as the document claims it.
  public var mimeType: String?
  /// Its title.
  public var title: String?
  /// Its size in bytes, as the document claims it; never negative.
  public var sizeInBytes: Int64?
  /// How long it plays, in seconds; never negative.
  public var durationInSeconds: Int64?

  /// Describes a file by its address.
  public init(url: String, mimeType: String? = nil, sizeInBytes: Int64? = nil) {
    self.url = url
    self.mimeType = mimeType
    self.sizeInBytes = sizeInBytes
  }
}
