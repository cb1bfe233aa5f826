import FeedIndex
import FeedModel

/// What a person has, worked out in the slowest and plainest way from all lines at once.
///
/// Registers hold the greatest stamp. Lines that share a key of one part are one article, and so are
/// those of which somebody joined keys. The newest line shows; the oldest says when it was received,
/// and its id.
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
    let groups = Self.groups(versions, marks)
    articles = groups.map { Self.words($0, marks) }.sorted()
    var counts: [FeedID: (total: Int, unread: Int)] = [:]
    for group in groups {
      let keys = Self.keys(group)
      if Self.flag("hidden", keys, marks) { continue }
      let count = counts[group[0].article.feed] ?? (0, 0)
      let isUnread = !Self.flag("read", keys, marks)
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
    query.includesHidden = true
    query.feeds = feeds.map(\.id)
    articles = try index.articles(query)
      .map { row in
        "\(row.id) \(row.title ?? "-") \(row.received.milliseconds) "
          + "\(row.isRead) \(row.isStarred) \(row.tags.joined(separator: ",")) \(row.hasChanged) "
          + "\(row.isHidden)"
      }
      .sorted()
  }

  private typealias Marks = [ArticleID: [String: (stamp: RegisterStamp, value: RegisterValue)]]

  /// A line and those of its keys that it holds, its id first.
  private struct Version {
    var event: StoreEvent
    var article: Article
    var held: [ArticleID] = []
  }

  /// Lines that share keys, also by way of others, together; the oldest first.
  private static func groups(
    _ lines: [(event: StoreEvent, article: Article)],
    _ marks: Marks
  ) -> [[Version]] {
    func said(_ name: String, _ key: ArticleID) -> String? {
      if case .string(let text)? = marks[key]?[name]?.value { text } else { nil }
    }
    let parts = parts(lines) { said("part", $0) }
    var groups: [(keys: Set<ArticleID>, versions: [Version])] = []
    func add(_ keys: Set<ArticleID>, _ versions: [Version]) {
      var (keys, together) = (keys, versions)
      groups.removeAll { group in
        guard !group.keys.isDisjoint(with: keys) else { return false }
        keys.formUnion(group.keys)
        together += group.versions
        return true
      }
      groups.append((keys, together))
    }
    for line in lines {
      let own = ownKey(of: line.article)
      var held = line.article.keys.filter { parts[$0] == parts[own] }
      if parts[line.article.id] != parts[own] { held = [own] + held.filter { $0 != own } }
      add(Set(held), [Version(event: line.event, article: line.article, held: held)])
    }
    for key in marks.keys {
      if let other = said("join", key).flatMap({ ArticleID($0) }) { add([key, other], []) }
    }
    return groups.map(\.versions).filter { !$0.isEmpty }
      .map { versions in
        versions.sorted {
          ($0.event.at, $0.event.device, $0.event.number)
            < ($1.event.at, $1.event.device, $1.event.number)
        }
      }
  }

  /// The part of every key: what was said, or what is said of the key that the best line leads to.
  ///
  /// Whoever is led in a circle is in no part.
  private static func parts(
    _ lines: [(event: StoreEvent, article: Article)],
    said: (ArticleID) -> String?
  ) -> [ArticleID: String?] {
    var parts: [ArticleID: String?] = [:]
    var leads: [ArticleID: ArticleID] = [:]
    let named = Set(lines.flatMap(\.article.keys))
    // Where nobody took anything apart there is one part.
    guard named.contains(where: { said($0) != nil }) else {
      return Dictionary(uniqueKeysWithValues: named.map { ($0, .none) })
    }
    for key in named {
      if let part = said(key) {
        parts[key] = part
        continue
      }
      func score(_ line: (event: StoreEvent, article: Article)) -> String {
        let own = ownKey(of: line.article)
        let keys = line.article.keys
        return [
          own == key ? "a" : "b", keys.contains { said($0) != nil } ? "b" : "a",
          String(line.event.at.milliseconds), line.event.device, "\(own)",
          ([keys[0]] + keys.dropFirst().sorted()).map(\.description).joined(),
        ]
        .joined(separator: " ")
      }
      guard
        let best = lines.filter({ $0.article.keys.contains(key) })
          .min(by: { score($0) < score($1) })
      else { continue }
      let own = ownKey(of: best.article)
      if own != key {
        leads[key] = own
      } else if best.article.id != key {
        leads[key] = best.article.id
      } else {
        parts[key] = .some(best.article.keys.sorted().compactMap(said).first)
      }
    }
    // As far as leads go, one step at a time; what is left leads in a circle.
    for _ in named {
      for (key, next) in leads where parts[key] == nil {
        if let part = parts[next] { parts[key] = .some(part) }
      }
    }
    for key in named where parts[key] == nil { parts[key] = .some(nil) }
    return parts
  }

  private static func keys(_ group: [Version]) -> Set<ArticleID> {
    Set(group.flatMap(\.held))
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
    return "\(group[0].held[0]) \(newest.article.item.title ?? "-") "
      + "\(group[0].event.at.milliseconds) \(flag("read", keys, marks)) "
      + "\(flag("star", keys, marks)) \(tags) \(hasChanged) "
      + "\(flag("hidden", keys, marks))"
  }
}
