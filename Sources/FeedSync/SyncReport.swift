public import FeedIndex
public import FeedModel
public import FeedText

/// What became of one feed in a sync.
public struct FeedReport: Hashable, Sendable {
  /// The feed, as it was before.
  public var feed: FeedRow
  /// What became of it.
  public var result: FeedResult
  /// Where it is fetched from now on, when a permanent redirect was believed.
  public var movedTo: String?

  /// Why it could not be read, or not to its end; nil when all is well.
  public var reason: String? {
    switch result {
    case .failed(let failure): failure.description
    case .fetched(let changes): changes.isTruncated ? truncation : nil
    case .notModified, .notDue: nil
    }
  }
}

/// What is said of a document that ends too early.
let truncation = "The document is cut off in the middle."

/// What became of one feed.
public enum FeedResult: Hashable, Sendable {
  /// A document came and was merged.
  case fetched(Changes)
  /// Nothing changed since the last time.
  case notModified
  /// It was not asked, and will not be before this moment.
  case notDue(until: Timestamp, WaitReason?)
  /// It could not be read. What was there stays.
  case failed(SyncFailure)
}

/// What a document changed.
public struct Changes: Hashable, Sendable {
  /// Articles that were never seen.
  public var new = 0
  /// Articles whose content changed.
  public var updated = 0
  /// Articles that were met under another key.
  public var merged = 0
  /// The document was cut: only its complete items were taken.
  public var isTruncated = false
  /// Those articles in the order of the document, where `SyncOptions.namesArticles` asks for them.
  public var articles: [ChangedArticle] = []
}

/// An article that a sync met for the first time, or found changed.
public struct ChangedArticle: Hashable, Sendable {
  /// What it is.
  public enum Kind: String, Hashable, Sendable {
    /// It was never seen.
    case new
    /// Its content changed.
    case updated
    /// It was met under another key.
    case merged
  }

  /// What it is.
  public var kind: Kind
  /// Which one.
  public var id: ArticleID

  /// Nil for a step that is not told.
  init?(_ step: MergePlan.Step) {
    switch step.kind {
    case .new: kind = .new
    case .updated: kind = .updated
    case .merged: kind = .merged
    case .minor: return nil
    }
    id = step.article.id
  }
}

/// Why a feed could not be read.
public enum SyncFailure: Hashable, Sendable {
  /// No document came.
  case fetch(FetchFailure)
  /// The document is no feed.
  case parse(ParseError)
  /// The server asks for a pause until this moment: with 429 or 503 just now, or nil where it did
  /// so before and was not asked.
  case later(status: Int?, until: Timestamp, message: String?)
  /// 410.
  case gone
  /// A page in place of the feed, and what kind of page; nil where it is any page.
  case page(PageKind?)
  /// It cannot be said how the feed is asked: see `SyncOptions.fetchOptions`.
  case options(String)
}

extension SyncFailure: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .fetch(let failure): failure.description
    case .parse(let error): error.description
    case .later(let status, let until, let message):
      "The server asks to be left alone until \(until.rfc3339(milliseconds: false))"
        + (status.map { " (\($0)" + (message.map { ": \($0)" } ?? "") + ")" } ?? "") + "."
    case .gone: "The publisher says that this feed is gone for good (410)."
    case .page(let kind): "It answers with \(kind?.description ?? "a web page") instead of a feed."
    case .options(let reason): reason
    }
  }
}

/// What a whole sync came to.
public struct SyncSummary: Hashable, Sendable {
  /// Feeds that were looked at.
  public var feeds = 0
  /// Feeds whose document came.
  public var fetched = 0
  /// Feeds that have nothing new to send.
  public var notModified = 0
  /// Feeds that were not asked.
  public var notDue = 0
  /// The earliest moment at which one of those may be asked.
  public var nextDue: Timestamp?
  /// Articles that were never seen.
  public var new = 0
  /// Articles whose content changed.
  public var updated = 0
  /// Articles that were met under another key.
  public var merged = 0
  /// Feeds that could not be read, or not to their end, in the order in which they failed.
  public var failures: [FeedReport] = []

  mutating func add(_ report: FeedReport) {
    feeds += 1
    switch report.result {
    case .fetched(let changes):
      if changes.isTruncated { failures.append(report) } else { fetched += 1 }
      new += changes.new
      updated += changes.updated
      merged += changes.merged
    case .notModified: notModified += 1
    case .notDue(let until, _):
      notDue += 1
      nextDue = min(nextDue ?? until, until)
    case .failed: failures.append(report)
    }
  }
}
