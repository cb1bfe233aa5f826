/// An article as it stands in the store: an item, and who it is.
public struct Article: Hashable, Sendable {
  /// The subscription that it came from.
  public var feed: FeedID
  /// Its keys, at least one.
  ///
  /// The first is its id and stays first through all revisions.
  public var keys: [ArticleID]
  /// How it was matched when this revision was written.
  public var rule: MatchRule
  /// 12 hexadecimal digits over the item: two revisions with one hash are the same.
  public var contentHash: String
  /// What differs from the revision before is nothing that a reader has to know: markup, or where a
  /// link leads.
  public var isMinor = false
  /// The hashes of the revisions before it, the newest first, as far as they are remembered.
  ///
  /// By them it is told that a text goes to and fro between versions.
  public var formerHashes: [String] = []
  /// What the publisher wrote.
  ///
  /// It is lent and not copied, for an item holds a dozen references.
  public var item: FeedItem { _read { yield box.item } }
  private var box: ItemBox
  /// `FeedItem.textFingerprint` of the item, made once: the whole body is read for it.
  public private(set) var textFingerprint: UInt64?

  /// Puts an article together; `keys` must not be empty.
  public init(
    feed: FeedID,
    keys: [ArticleID],
    rule: MatchRule,
    contentHash: String,
    item: FeedItem
  ) {
    self.init(
      feed: feed,
      keys: keys,
      rule: rule,
      contentHash: contentHash,
      item: item,
      textFingerprint: item.textFingerprint
    )
  }

  /// Puts an article together whose fingerprint is known; `keys` must not be empty.
  public init(
    feed: FeedID,
    keys: [ArticleID],
    rule: MatchRule,
    contentHash: String,
    item: FeedItem,
    textFingerprint: UInt64?
  ) {
    precondition(!keys.isEmpty, "An article has at least one key.")
    self.feed = feed
    self.keys = keys
    self.rule = rule
    self.contentHash = contentHash
    box = ItemBox(item)
    self.textFingerprint = textFingerprint
  }

  /// The first key.
  public var id: ArticleID { keys[0] }

  /// The same line about an item of which less is kept.
  ///
  /// - Parameters:
  ///   - item: What is left of the item.
  ///   - textFingerprint: That of the text which counts for it.
  /// - Returns: The article.
  public func reduced(to item: FeedItem, textFingerprint: UInt64?) -> Article {
    var copy = self
    copy.box = ItemBox(item)
    copy.textFingerprint = textFingerprint
    return copy
  }
}

/// An item that all copies of an article share.
private final class ItemBox: Hashable, Sendable {
  let item: FeedItem

  init(_ item: FeedItem) { self.item = item }

  static func == (left: ItemBox, right: ItemBox) -> Bool {
    left === right || left.item == right.item
  }

  func hash(into hasher: inout Hasher) { hasher.combine(item) }
}

/// Which rung of the ladder matched an item to what is known.
public enum MatchRule: String, Hashable, Sendable, CaseIterable {
  /// Nothing matched.
  case new
  /// The guid is the same.
  case guid
  /// The link leads to the same page, and the known guid has left the document.
  case link
  /// Title and text are the same or nearly, and the known guid and link have left the document.
  case text
  /// Many items of the document lost their guids at once, and each has the title of one known
  /// article and its date or text.
  case migration
}

/// What `FeedMerge` may see of an article that is already there.
public struct KnownArticle: Hashable, Sendable {
  /// All its keys; the first is its id.
  public var keys: [ArticleID]
  /// The hash of its newest revision.
  public var contentHash: String
  /// The title of its newest revision.
  public var title: String?
  /// The link of its newest revision.
  public var url: String?
  /// The date of its newest revision.
  public var published: Timestamp?
  /// `FeedItem.textFingerprint` of its newest revision.
  public var textFingerprint: UInt64?
  /// When its newest revision was written.
  public var revisedAt: Timestamp
  /// It was purged: nothing shows it, and it does not come back.
  public var isGone: Bool
  /// A person said that it is one article, although its keys are those of several.
  public var isJoined: Bool
  /// Its newest revision is minor, and what an unchanged one after it says is minor too.
  public var isMinor = false
  /// The item of its newest revision; nil until it is asked for, since its line has to be read.
  public var item: FeedItem?
  /// `Article.formerHashes` of its newest revision; empty until its item is asked for.
  public var formerHashes: [String] = []

  /// Describes a known article; `keys` must not be empty.
  public init(
    keys: [ArticleID],
    contentHash: String,
    title: String?,
    url: String? = nil,
    published: Timestamp?,
    textFingerprint: UInt64?,
    revisedAt: Timestamp,
    isGone: Bool = false,
    isJoined: Bool = false
  ) {
    precondition(!keys.isEmpty, "An article has at least one key.")
    self.keys = keys
    self.contentHash = contentHash
    self.title = title
    self.url = url
    self.published = published
    self.textFingerprint = textFingerprint
    self.revisedAt = revisedAt
    self.isGone = isGone
    self.isJoined = isJoined
  }
}

/// What to write for one feed after one document was read; it may be empty.
public struct MergePlan: Hashable, Sendable {
  /// What becomes of one item that is not simply unchanged.
  public struct Step: Hashable, Sendable {
    /// What is written.
    public enum Kind: Hashable, Sendable {
      /// An article that was never seen.
      case new
      /// A known article whose content changed.
      case updated
      /// A known article that changed in nothing that a reader has to know.
      case minor
      /// A known article that was met under another key; its content may have changed as well.
      case merged
    }

    /// What is written.
    public var kind: Kind
    /// The line to write.
    public var article: Article

    /// When the revision was written that this one replaces; nil for a new article.
    ///
    /// The new line has to be later than that, whatever the clock says.
    public var after: Timestamp?

    /// Describes one step.
    public init(_ kind: Kind, _ article: Article, after: Timestamp? = nil) {
      self.kind = kind
      self.article = article
      self.after = after
    }
  }

  /// In document order.
  public var steps: [Step] = []
  /// How many items are as they were.
  public var unchanged = 0

  /// A plan with nothing to do.
  public init() {}

  /// How many steps are of a kind.
  public func count(_ kind: Step.Kind) -> Int {
    steps.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
  }
}
