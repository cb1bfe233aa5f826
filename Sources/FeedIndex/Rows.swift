public import FeedModel

/// What a list shows of an article.
public struct ArticleRow: Hashable, Sendable {
  /// The first key.
  public var id: ArticleID
  /// The feed that it came from.
  public var feed: FeedID
  /// The feed's title, the person's own before the publisher's; its URL when there is none.
  public var feedTitle: String
  /// The feed's URL.
  public var feedURL: String
  /// Plain text.
  public var title: String?
  /// The article's page.
  public var url: String?
  /// Names, in document order.
  public var authors: [String]
  /// By the publisher's clock.
  public var published: Timestamp?
  /// When its first line was written.
  public var received: Timestamp
  /// What lists are ordered by: when it was published, or else modified, but never later than it
  /// was received.
  public var moment: Timestamp
  /// It was marked read.
  public var isRead: Bool
  /// It was starred.
  public var isStarred: Bool
  /// The person's tags.
  public var tags: [String]
  /// There is more than one revision.
  public var hasChanged: Bool
  /// Where its newest revision stands.
  public var place: LinePlace
  /// A hash of its page's address: see `pageHash`; nil when it has no page of its own.
  public var page: UInt64?
  /// The articles of other feeds that show its page, the oldest first; empty until they are asked
  /// for.
  public var copies: [ArticleCopy] = []
  /// Articles with nearly the same to say, the newest first; empty until they are asked for.
  public var similar: [ArticleRow] = []
}

/// What a list shows of a feed.
public struct FeedRow: Hashable, Sendable {
  /// The id.
  public var id: FeedID
  /// Where it is fetched from now.
  public var url: String
  /// The device that said so; nil when it is not known.
  public var urlDevice: String?
  /// What `urlDevice` is where an import brought the address: no device is called so, and nobody
  /// typed it.
  public static let importer = "imported"
  /// The person's own title.
  public var ownTitle: String?
  /// What the publisher calls it.
  public var sourceTitle: String?
  /// The publisher's site.
  public var site: String?
  /// The person's tags.
  public var tags: [String]
  /// It is subscribed to.
  public var isSubscribed: Bool
  /// How many of its articles are unread.
  public var unread: Int
  /// How many articles it has.
  public var total: Int
  /// What the person set for it.
  public var settings = FeedSettings()

  /// Puts a row together.
  public init(
    id: FeedID,
    url: String,
    ownTitle: String?,
    sourceTitle: String?,
    site: String?,
    tags: [String],
    isSubscribed: Bool,
    unread: Int,
    total: Int
  ) {
    self.id = id
    self.url = url
    self.ownTitle = ownTitle
    self.sourceTitle = sourceTitle
    self.site = site
    self.tags = tags
    self.isSubscribed = isSubscribed
    self.unread = unread
    self.total = total
  }

  /// The person's own title, or the publisher's, or the URL.
  public var title: String { ownTitle ?? sourceTitle ?? url }
}

/// Which articles to list.
public struct ArticleQuery: Hashable, Sendable {
  /// Read articles too.
  public var includesRead = false
  /// Only starred ones.
  public var onlyStarred = false
  /// Only those with more than one revision.
  public var onlyChanged = false
  /// Only those of these feeds; nil for all that are subscribed to.
  public var feeds: [FeedID]?
  /// Only those that carry this tag, or whose feed does.
  public var tag: String?
  /// Only those that are this new or newer, by the moment they are ordered by.
  public var since: Timestamp?
  /// Only those that are older than this.
  public var before: Timestamp?
  /// At most so many, the newest.
  public var limit: Int?

  /// All unread articles of all subscribed feeds.
  public init() {}

  /// Read articles do not count.
  var isUnreadOnly: Bool { !includesRead && !onlyStarred && !onlyChanged }
}
