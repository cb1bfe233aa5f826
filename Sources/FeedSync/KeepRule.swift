public import FeedIndex
public import FeedModel

/// What of a feed is kept; what any part of the rule keeps is kept.
public struct KeepRule: Hashable, Sendable {
  /// What came in the last so many seconds is kept; nil when age keeps nothing.
  public var seconds: Int64?
  /// The newest so many are kept; nil when their number keeps nothing.
  public var articles: Int?

  /// Keeps all where neither is given.
  public init(seconds: Int64? = nil, articles: Int? = nil) {
    self.seconds = seconds
    self.articles = articles
  }

  /// Everything is kept.
  public var keepsAll: Bool { seconds == nil && articles == nil }

  /// The rule for one feed: what is set for it, or else this rule; 0 keeps everything.
  public func with(_ settings: FeedSettings) -> KeepRule {
    if settings.keepDays == 0 || settings.keepArticles == 0 { return KeepRule() }
    return KeepRule(
      seconds: settings.keepDays.map { $0 * 86_400 } ?? seconds,
      articles: settings.keepArticles.map { Int($0) } ?? articles
    )
  }

  /// The articles that go: never one that is unread, starred or tagged.
  ///
  /// What still stands in the feed's document is best kept. Nobody writes down what does, so as
  /// many of the newest are kept as came with the first document: feeds have one length.
  ///
  /// - Parameters:
  ///   - articles: All that the feed ever had, the newest first.
  ///   - now: The time.
  /// - Returns: Some of them.
  public func spent(_ articles: [KeptArticle], now: Timestamp) -> [KeptArticle] {
    guard !keepsAll else { return [] }
    let first = articles.map(\.received).min()
    let document = articles.count { $0.received == first }
    let newest = max(self.articles ?? 0, document)
    // What came later than a clock allows is as new as can be.
    let limit = seconds.map { now.adding(seconds: -$0) }
    return articles.filter { !$0.isGone }.dropFirst(newest)
      .filter { article in
        article.isSpent && limit.map { article.received < $0 } ?? true
      }
  }
}
