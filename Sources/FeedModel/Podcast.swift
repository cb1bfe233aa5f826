/// What a podcast says of itself: Apple's `itunes:` and the `podcast:` elements of a channel.
public struct Podcast: Hashable, Sendable {
  /// `podcast:guid`: the same wherever the feed moves to.
  public var guid: String?
  /// `itunes:type`: `episodic` or `serial`.
  public var kind: PodcastKind?
  /// `podcast:medium`, such as `music`.
  public var medium: String?
  /// `itunes:explicit`.
  public var isExplicit: Bool?
  /// `itunes:block`: directories should not show it.
  public var isBlocked: Bool?
  /// `itunes:complete`: no more episodes will come.
  public var isComplete: Bool?
  /// `podcast:locked`: other hosts must not take it over.
  public var isLocked: Bool?
  /// `itunes:owner`, the address as `mailto:`.
  public var owner: Author?
  /// `itunes:category`, in document order.
  public var categories: [PodcastCategory] = []
  /// `itunes:new-feed-url`.
  public var newFeedURL: String?
  /// `podcast:funding`, in document order.
  public var funding: [Funding] = []
  /// `podcast:person`, in document order.
  public var people: [Participant] = []

  /// A podcast that says nothing.
  public init() {}
}

/// In which order a podcast is meant to be heard: `itunes:type`.
public enum PodcastKind: String, Hashable, Sendable, CaseIterable {
  /// The newest first.
  case episodic
  /// From the first on.
  case serial
}

/// A category of Apple's list: `itunes:category`.
public struct PodcastCategory: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// The narrower ones that stand in it.
  public var subcategories: [String] = []

  /// Names a category.
  public init(name: String) { self.name = name }
}

/// A way to give money: `podcast:funding`.
public struct Funding: Hashable, Sendable {
  /// Where.
  public var url: String
  /// What the publisher calls it.
  public var title: String?

  /// Describes a way by its address.
  public init(url: String, title: String? = nil) {
    self.url = url
    self.title = title
  }
}
