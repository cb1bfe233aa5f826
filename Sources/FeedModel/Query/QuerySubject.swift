/// What a query may ask of an article.
public struct QuerySubject {
  /// The feed that it came from.
  public var feed: FeedID
  /// The person's tags of its feed.
  public var feedTags: Set<String> = []
  /// The person's tags of its own.
  public var ownTags: Set<String> = []
  /// Plain text.
  public var title: String?
  /// Names.
  public var authors: [String] = []
  /// The article's page.
  public var url: String?
  /// What lists order it by.
  public var moment: Timestamp
  /// When it came.
  public var received: Timestamp
  /// It was marked read.
  public var isRead = false
  /// It was starred.
  public var isStarred = false
  /// There is more than one revision.
  public var hasChanged = false
  /// A rule hid it.
  public var isHidden = false
  private let words: SubjectWords

  /// Describes an article.
  ///
  /// - Parameters:
  ///   - feed: Its feed.
  ///   - moment: What lists order it by.
  ///   - received: When it came.
  ///   - title: Its title.
  ///   - body: All else that words are looked for in; asked for once at most.
  public init(
    feed: FeedID,
    moment: Timestamp,
    received: Timestamp,
    title: String?,
    body: @escaping () -> String
  ) {
    self.feed = feed
    self.moment = moment
    self.received = received
    self.title = title
    words = SubjectWords(title: title ?? "", body: body)
  }

  fileprivate var titleWords: [TextWord] { words.title }
  fileprivate var bodyWords: [TextWord] { words.body }
}

/// The words of an article, for all questions that are asked of it.
private final class SubjectWords {
  private let titleText: String
  private let bodyText: () -> String
  lazy var title = Array(WordScan(titleText))
  lazy var body = Array(WordScan(bodyText()))

  init(title: String, body: @escaping () -> String) {
    titleText = title
    bodyText = body
  }
}

extension Query {
  /// Whether an article is like that.
  ///
  /// The index answers the same for what it holds.
  ///
  /// - Parameter subject: The article.
  /// - Returns: False for names of feeds and for lengths of time, which have to be resolved before.
  public func matches(_ subject: QuerySubject) -> Bool {
    switch self {
    case .text(let words):
      words.stand(in: subject.titleWords) || words.stand(in: subject.bodyWords)
    case .title(let words): words.stand(in: subject.titleWords)
    case .author(let words): words.stand(in: subject.authors.joined(separator: "\n"))
    case .url(let text): subject.url.map { lowered($0).contains(lowered(text)) } ?? false
    case .feed: false
    case .feeds(let feeds): feeds.contains(subject.feed)
    case .tag(let name): subject.ownTags.contains(name) || subject.feedTags.contains(name)
    case .is(.unread): !subject.isRead
    case .is(.read): subject.isRead
    case .is(.starred): subject.isStarred
    case .is(.changed): subject.hasChanged
    case .is(.hidden): subject.isHidden
    case .since(.at(let moment)): subject.moment >= moment
    case .before(.at(let moment)): subject.moment < moment
    case .received(.at(let moment)): subject.received >= moment
    case .since(.ago), .before(.ago), .received(.ago): false
    case .not(let query): !query.matches(subject)
    case .and(let parts): parts.allSatisfy { $0.matches(subject) }
    case .or(let parts): parts.contains { $0.matches(subject) }
    }
  }
}

/// Letters of ASCII without case, as addresses are compared.
public func lowered(_ text: String) -> [UInt8] {
  text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
}
