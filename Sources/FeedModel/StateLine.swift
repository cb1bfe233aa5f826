/// One line of what is known, without when and by whom it was written.
///
/// Equal state gives equal lines. What is not said is nil, and is left as it is when lines are
/// taken over.
public enum StateLine: Hashable, Sendable {
  /// A feed.
  case feed(FeedState)
  /// Keys that were taken apart from the others of their article, under the name of their part;
  /// sorted.
  case part(String, [ArticleID])
  /// A key that was joined to another one.
  case join(ArticleID, ArticleID)
  /// Keys of articles that are a part of the story of this name; sorted.
  case story(String, [ArticleID])
  /// A rule, as `Rule.text` writes it.
  case rule(String)
  /// An article.
  case article(ArticleState)
  /// Marks of an article that has not come yet, under one of its keys.
  case marks(ArticleID, MarkState)
}

/// What is known of a feed.
public struct FeedState: Hashable, Sendable {
  /// Its id.
  public var id: FeedID
  /// It is followed.
  public var isSubscribed: Bool?
  /// The person's tags, sorted by their bytes.
  public var tags: [String]?
  /// The registers that are set, but for those of the other members.
  public var registers: [String: RegisterValue]

  /// Describes a feed.
  public init(
    id: FeedID,
    isSubscribed: Bool? = nil,
    tags: [String]? = nil,
    registers: [String: RegisterValue] = [:]
  ) {
    self.id = id
    self.isSubscribed = isSubscribed
    self.tags = tags
    self.registers = registers
  }
}

/// What a person did to an article.
public struct MarkState: Hashable, Sendable {
  /// It was read.
  public var isRead: Bool?
  /// It is starred.
  public var isStarred: Bool?
  /// The person's tags, sorted by their bytes.
  public var tags: [String]?
  /// It was purged.
  public var isGone: Bool?
  /// A rule hid it.
  public var isHidden: Bool?

  /// Describes marks.
  public init(
    isRead: Bool? = nil,
    isStarred: Bool? = nil,
    tags: [String]? = nil,
    isGone: Bool? = nil,
    isHidden: Bool? = nil
  ) {
    self.isRead = isRead
    self.isStarred = isStarred
    self.tags = tags
    self.isGone = isGone
    self.isHidden = isHidden
  }
}

/// What is known of an article.
public struct ArticleState: Hashable, Sendable {
  /// The id that is shown.
  public var id: ArticleID
  /// The feed that it came from.
  public var feed: FeedID
  /// All its keys, sorted; its id is one of them.
  public var keys: [ArticleID]
  /// When it was received first.
  public var received: Timestamp
  /// What the person did to it.
  public var marks: MarkState
  /// Its newest revision; nil for one that was purged.
  public var item: FeedItem?

  /// Describes an article.
  public init(
    id: ArticleID,
    feed: FeedID,
    keys: [ArticleID],
    received: Timestamp,
    marks: MarkState,
    item: FeedItem? = nil
  ) {
    self.id = id
    self.feed = feed
    self.keys = keys
    self.received = received
    self.marks = marks
    self.item = item
  }
}
