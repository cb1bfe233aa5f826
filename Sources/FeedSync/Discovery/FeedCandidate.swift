public import FeedModel

/// A feed that may be behind an address.
public struct FeedCandidate: Hashable, Sendable {
  /// How it was come by.
  public enum Source: String, Hashable, Sendable, CaseIterable {
    /// It is what was typed.
    case typed
    /// The site is known to have its feeds there.
    case site
    /// The page names it as a feed.
    case page
    /// The page links to it, and it looks like a feed.
    case link
    /// Many sites have their feed there.
    case guess
  }

  /// Where it is.
  public var url: String
  /// How it was come by.
  public var source: Source
  /// What it is called: by itself when it was read, or else by the page; nil when nobody says.
  public var title: String?
  /// The type as the page claims it; nil when it does not.
  public var mimeType: String?
  /// What it was read as; nil when it was not read.
  public var format: FeedFormat?
  /// Why it is no feed, where it was asked; nil when it is one, or was not asked.
  public var trouble: SyncFailure?
  /// It is followed already.
  public var isFollowed = false

  init(url: String, source: Source, title: String? = nil, mimeType: String? = nil) {
    self.url = url
    self.source = source
    self.title = title
    self.mimeType = mimeType
  }
}
