/// A list of subscriptions as one reader hands it to another: OPML 1.0, 1.1 and 2.0, OML, and lists
/// of addresses.
///
/// It is input like any other: every address in it is one of the web, and what was not taken is
/// named in `issues`.
public struct SubscriptionList: Hashable, Sendable {
  /// The version that the root element names; nil when it names none.
  public var version: String?
  /// OPML `<title>`, as plain text.
  public var title: String?
  /// OPML `<dateCreated>`; nil when absent or unreadable.
  public var created: Timestamp?
  /// OPML `<dateModified>`; nil when absent or unreadable.
  public var modified: Timestamp?
  /// OPML `<ownerName>`, `<ownerId>` and `<ownerEmail>`; nil when all are absent.
  public var owner: Author?
  /// In document order, each address once.
  public var feeds: [ListedFeed] = []
  /// How many outlines named an address that an earlier one had named.
  public var duplicates = 0
  /// What was mended, could not be read, or was not taken: those without a line first, then by line.
  public var issues: [ParseIssue] = []
  /// The document ends before its last element does: there may have been more.
  public var isTruncated = false

  /// A list of which nothing is known yet.
  public init() {}
}

/// One feed of a list: an OPML `<outline>` with an `xmlUrl`.
public struct ListedFeed: Hashable, Sendable {
  /// OPML `xmlUrl`: absolute, `http` or `https`, without user and password, without fragment.
  public var url: String
  /// The `user:password` that stood in the address, as it was written; nil when there was none.
  ///
  /// It is a secret: it must not be printed, nor stored where the list is.
  public var userinfo: String?
  /// OPML `text`, or else `title`, as plain text.
  public var title: String?
  /// OPML `htmlUrl`: the site, `http` or `https`.
  public var siteURL: String?
  /// OPML `description`, as plain text.
  public var description: String?
  /// OPML `language`.
  public var language: String?
  /// OPML `type`, in lower case: `rss` for whatever kind of feed.
  public var type: String?
  /// OPML `version`: of the feed's format, as the list claims it.
  public var version: String?
  /// OPML 2.0 `category`: paths such as `/Science/Space`, as they were written.
  public var categories: [String] = []
  /// The folders that it lies in, one path for each place: names of outlines, outermost first.
  ///
  /// A feed outside all folders has the empty path.
  public var folders: [[String]] = []
  /// What Rill knew of the feed when it wrote the list; nil in a list of anybody else.
  public var state: FeedState?
  /// The line of its first outline, from 1.
  public var line: Int

  /// Describes a feed by its address.
  public init(url: String, line: Int) {
    self.url = url
    self.line = line
  }

  /// What its folders and categories come to as tags: each name once, in their order.
  ///
  /// A name that cannot be a tag is left out.
  public var tags: [String] {
    var seen: Set<String> = []
    let names =
      folders.flatMap(\.self)
      + categories.flatMap { $0.split(separator: "/").map(String.init) }
    return names.filter { name in
      !name.isEmpty && name.utf8.count <= 200
        && !name.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
        && seen.insert(name).inserted
    }
  }
}
