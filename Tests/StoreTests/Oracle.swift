import FeedIndex
import FeedModel

/// What a person has, worked out in the slowest and plainest way from all lines at once.
///
/// Registers hold the greatest stamp. Lines that share a key are one article. The newest line
/// shows; the oldest says when it was received, and its id.
struct State: Hashable {
  var feeds: [String] = []
  var articles: [String] = []

  /// What lines mean.
  init(_ lines: [StoredLine]) {
    var feedRegisters: [FeedID: [String: (stamp: RegisterStamp, value: RegisterValue)]] = [:]
    var marks: [ArticleID: [String: (stamp: RegisterStamp, value: RegisterValue)]] = [:]
    var versions: [(event: StoreEvent, article: Article)] = []
    for line in Set(lines.map(\.event)) {
      switch line.operation {
      case .feed(let feed, let key, let value):
        if let known = feedRegisters[feed]?[key], line.stamp < known.stamp { continue }
        feedRegisters[feed, default: [:]][key] = (line.stamp, value)
      case .set(let key, let value, let ids):
        for id in ids {
          if let known = marks[id]?[key], line.stamp < known.stamp { continue }
          marks[id, default: [:]][key] = (line.stamp, value)
        }
      case .article(let article):
        versions.append((line, article))
        _ = feedRegisters[article.feed, default: [:]]
      case .open, .unknown: break
      }
    }
    articles = Self.groups(versions).map { Self.words($0, marks) }.sorted()
    var counts: [FeedID: (total: Int, unread: Int)] = [:]
    for group in Self.groups(versions) {
      let count = counts[group[0].article.feed] ?? (0, 0)
      let isUnread = Self.flag("read", Self.keys(group), marks) == false
      counts[group[0].article.feed] = (count.total + 1, count.unread + (isUnread ? 1 : 0))
    }
    feeds =
      feedRegisters.map { feed, registers in
        func text(_ name: String) -> String {
          if case .string(let text)? = registers[name]?.value { text } else { "-" }
        }
        let count = counts[feed] ?? (0, 0)
        let isFollowed = registers["sub"]?.value == .bool(true)
        return "\(feed) \(text("url")) \(isFollowed) \(text("title")) \(text("source.title")) "
          + "\(registers["tag:t"]?.value == .bool(true)) \(count.unread) of \(count.total)"
      }
      .sorted()
  }

  /// What an index says.
  init(_ index: FeedIndex) throws {
    let feeds = try index.feeds(.all)
    self.feeds =
      feeds.map {
        "\($0.id) \($0.url) \($0.isSubscribed) \($0.ownTitle ?? "-") \($0.sourceTitle ?? "-") "
          + "\($0.tags == ["t"]) \($0.unread) of \($0.total)"
      }
      .sorted()
    var query = ArticleQuery()
    query.includesRead = true
    query.feeds = feeds.map(\.id)
    articles = try index.articles(query)
      .map { row in
        "\(row.id) \(row.title ?? "-") \(row.received.milliseconds) "
          + "\(row.isRead) \(row.isStarred) \(row.tags.joined(separator: ",")) \(row.hasChanged)"
      }
      .sorted()
  }

  private typealias Version = (event: StoreEvent, article: Article)

  /// Lines that share keys, also by way of others, together; the oldest first.
  private static func groups(_ versions: [Version]) -> [[Version]] {
    var groups: [(keys: Set<ArticleID>, versions: [Version])] = []
    for version in versions {
      var keys = Set(version.article.keys)
      var together = [version]
      groups.removeAll { group in
        guard !group.keys.isDisjoint(with: keys) else { return false }
        keys.formUnion(group.keys)
        together += group.versions
        return true
      }
      groups.append((keys, together))
    }
    return groups.map { group in
      group.versions.sorted {
        ($0.event.at, $0.event.device, $0.event.number)
          < ($1.event.at, $1.event.device, $1.event.number)
      }
    }
  }

  private static func keys(_ group: [Version]) -> Set<ArticleID> {
    Set(group.flatMap(\.article.keys))
  }

  private static func flag(
    _ name: String,
    _ keys: Set<ArticleID>,
    _ marks: [ArticleID: [String: (stamp: RegisterStamp, value: RegisterValue)]]
  ) -> Bool {
    let writes = keys.compactMap { marks[$0]?[name] }
    return writes.max { $0.stamp < $1.stamp }?.value == .bool(true)
  }

  private static func words(
    _ group: [Version],
    _ marks: [ArticleID: [String: (stamp: RegisterStamp, value: RegisterValue)]]
  ) -> String {
    let keys = keys(group)
    // A copy is not told from the line that it was made of, so the sum does not count.
    let newest =
      group.max {
        ($0.event.at, $0.event.device, $0.article.contentHash)
          < ($1.event.at, $1.event.device, $1.article.contentHash)
      } ?? group[0]
    let tags = ["a", "b"].filter { flag("tag:\($0)", keys, marks) }.joined(separator: ",")
    let hasChanged = Set(group.map(\.article.contentHash)).count > 1
    return "\(group[0].article.id) \(newest.article.item.title ?? "-") "
      + "\(group[0].event.at.milliseconds) \(flag("read", keys, marks)) "
      + "\(flag("star", keys, marks)) \(tags) \(hasChanged)"
  }
}
