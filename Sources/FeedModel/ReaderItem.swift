/// An article as another reader kept it.
public struct ReaderItem: Hashable, Sendable {
  /// Where its feed is fetched from: `http` or `https`, without user and password; nil when the
  /// reader does not say.
  public var feedURL: String?
  /// The `user:password` that stood in that address; a secret, see `ListedFeed.userinfo`.
  public var feedUserinfo: String?
  /// What the reader called the feed.
  public var feedTitle: String?
  /// What it said; at least a guid, a link or a title should be there.
  public var item: FeedItem
  /// It was read.
  public var isRead = false
  /// It was starred.
  public var isStarred = false
  /// The person's tags.
  public var tags: [String] = []
  /// The person deleted it: nothing but that it was read is taken over.
  public var isDeleted = false

  /// An unread article.
  public init(feedURL: String?, item: FeedItem) {
    self.feedURL = feedURL
    self.item = item
  }
}
