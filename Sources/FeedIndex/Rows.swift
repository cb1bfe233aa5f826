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
  /// A rule hid it.
  public var isHidden: Bool
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
  /// How many articles it has that are not hidden.
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
  /// Only those of which this holds; names of feeds and lengths of time have to be resolved.
  public var filter = Query.all
  /// Words of titles are looked for in the full text, too: quicker, where that is complete.
  public var readsText = false
  /// Those in which the words say most come first, not the newest; see `isRanked`.
  public var isBest = false
  /// Hidden ones too, also where the filter does not ask for them.
  public var includesHidden = false
  /// Those of feeds that are no longer followed count as well.
  public var includesUnsubscribed = false
  /// At most so many, the newest or the best.
  public var limit: Int?
  /// Only read ones, or only unread ones.
  var isRead: Bool?

  /// All unread articles of all subscribed feeds.
  public init() {}

  /// The full text has to be complete for it.
  public var usesText: Bool {
    filter.asksText
      || readsText && filter.leaves.contains { if case .title = $0 { true } else { false } }
  }

  /// Words have to be there, so that one article can have more to say of them than another.
  public var isRanked: Bool { isBest && words != nil }

  /// What the full text is asked, so that all else has to be asked only of what it finds; nil where
  /// articles without any of the words may be meant.
  var words: String? {
    let sql = QuerySQL(usesText: usesText)
    let (wanted, unwanted) = sql.texts(filter.conjuncts)
    return QuerySQL.expression(wanted, unwanted)
  }

  /// Read articles do not count.
  var isUnreadOnly: Bool { !includesRead && !onlyStarred && !onlyChanged }
}
