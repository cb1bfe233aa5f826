public import FeedModel

extension StateLine {
  /// Writes this as one line of JSON, with its line feed.
  ///
  /// Members have one order, and so equal state has equal bytes.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    switch self {
    case .feed(let feed):
      json.member("feed", feed.id.description)
      if let url = feed.registers["url"] { json.member("url", url) }
      json.member("subscribed", feed.isSubscribed)
      json.list("tags", feed.tags)
      let rest = feed.registers.filter { $0.key != "url" && !StateLine.ownNames.contains($0.key) }
      for (name, value) in rest.sorted(by: { isBefore($0.key, $1.key) }) {
        json.member(name, value)
      }
    case .part(let name, let keys):
      json.member("part", name)
      json.list("keys", keys.map(\.description))
    case .join(let key, let other):
      json.member("join", key.description)
      json.member("with", other.description)
    case .story(let name, let keys):
      json.member("story", name)
      json.list("keys", keys.map(\.description))
    case .rule(let text): json.member("rule", text)
    case .article(let article):
      json.member("article", article.id.description)
      json.member("feed", article.feed.description)
      json.list("keys", article.keys.map(\.description))
      json.member("received", article.received.rfc3339(milliseconds: true))
      json.write(article.marks)
      if let item = article.item {
        json.key("item")
        item.write(to: &json, fallbackID: article.id.description)
      }
    case .marks(let key, let marks):
      json.member("mark", key.description)
      json.write(marks)
    }
    json.endObject()
    json.raw(0x0A)
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - bytes: What it stands in.
  ///   - range: The line, without its line feed.
  /// - Returns: Nil for an object that is none of them.
  /// - Throws: For what is no JSON, or has a member of another type than ours.
  public static func read(
    _ bytes: [UInt8],
    in range: Range<Int>? = nil
  ) throws(JSONError) -> StateLine? {
    var members = StateMembers()
    var json = JSONReader(bytes, in: range)
    try json.object { name, json throws(JSONError) in try members.read(name, &json) }
    try json.finish()
    return members.line
  }

  /// Members that are no registers.
  static let ownNames: Set<String> = [
    "feed", "subscribed", "sub", "tags", "article", "keys", "received", "read", "starred", "gone",
    "hidden",
    "item", "mark", "part", "join", "with",
    "story", "rule",
  ]
}

/// Texts are ordered by their bytes, as `sort` does in the C locale.
private func isBefore(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}

extension JSONWriter {
  fileprivate mutating func write(_ marks: MarkState) {
    member("read", marks.isRead)
    member("starred", marks.isStarred)
    list("tags", marks.tags)
    if marks.isGone == true { member("gone", true) }
    if marks.isHidden == true { member("hidden", true) }
  }

  /// An array, also an empty one.
  fileprivate mutating func list(_ name: String, _ texts: [String]?) {
    guard let texts else { return }
    key(name)
    beginArray()
    for text in texts { value(text) }
    endArray()
  }

  fileprivate mutating func member(_ name: String, _ value: RegisterValue) {
    switch value {
    case .none: break
    case .bool(let flag): member(name, flag)
    case .integer(let number): member(name, number)
    case .string(let text): member(name, text)
    }
  }
}

/// The members of a line, in whatever order they stood.
private struct StateMembers {
  var article: String?
  var feed: String?
  var mark: String?
  var part: String?
  var join: String?
  var other: String?
  var story: String?
  var rule: String?
  var isSubscribed: Bool?
  var registers: [String: RegisterValue] = [:]
  var keys: [String] = []
  var received: Timestamp?
  var marks = MarkState()
  var item: FeedItem?

  mutating func read(_ name: String, _ json: inout JSONReader) throws(JSONError) {
    switch name {
    case "article": article = try json.string()
    case "feed": feed = try json.string()
    case "mark": mark = try json.string()
    case "part": part = try json.string()
    case "join": join = try json.string()
    case "with": other = try json.string()
    case "story": story = try json.string()
    case "rule": rule = try json.string()
    case "subscribed": isSubscribed = try json.bool()
    case "tags": marks.tags = try texts(&json)
    case "keys": keys = try texts(&json)
    case "received": received = Timestamp(rfc3339: try json.string())
    case "read": marks.isRead = try json.bool()
    case "starred": marks.isStarred = try json.bool()
    case "gone": marks.isGone = try json.bool()
    case "hidden": marks.isHidden = try json.bool()
    case "item": item = try FeedItem(from: &json)
    case "sub": try json.skip()
    default:
      switch json.peek() {
      case UInt8(ascii: "\""): registers[name] = .string(try json.string())
      case UInt8(ascii: "t"), UInt8(ascii: "f"): registers[name] = .bool(try json.bool())
      // What a newer version may write.
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): try json.skip()
      default: registers[name] = .integer(try json.integer())
      }
    }
  }

  private func texts(_ json: inout JSONReader) throws(JSONError) -> [String] {
    var texts: [String] = []
    try json.array { json throws(JSONError) in texts.append(try json.string()) }
    return texts
  }

  /// What they come to; nil where an id is none, or one is missing.
  var line: StateLine? {
    if part != nil || join != nil || story != nil { return tie }
    if let rule { return article == nil && feed == nil && mark == nil ? .rule(rule) : nil }
    switch (article, feed, mark) {
    case (nil, let feed?, nil):
      guard let id = FeedID(feed) else { return nil }
      let state = FeedState(
        id: id,
        isSubscribed: isSubscribed,
        tags: marks.tags,
        registers: registers
      )
      return .feed(state)
    case (let article?, let feed?, nil):
      guard let id = ArticleID(article), let feed = FeedID(feed), let received, let ids else {
        return nil
      }
      var item = item
      if item?.guid == article { item?.guid = nil }
      let state = ArticleState(
        id: id,
        feed: feed,
        keys: Set(ids + [id]).sorted(),
        received: received,
        marks: marks,
        item: item
      )
      return .article(state)
    case (nil, nil, let mark?): return ArticleID(mark).map { .marks($0, marks) }
    default: return nil
    }
  }

  private var tie: StateLine? {
    guard article == nil, feed == nil, mark == nil else { return nil }
    if let story {
      guard part == nil, join == nil, other == nil, let ids, !ids.isEmpty else { return nil }
      return .story(story, Set(ids).sorted())
    }
    switch (part, join.flatMap { ArticleID($0) }, other.flatMap { ArticleID($0) }) {
    case (let part?, nil, nil):
      guard join == nil, other == nil, let ids, !ids.isEmpty else { return nil }
      return .part(part, Set(ids).sorted())
    case (nil, let key?, let other?): return .join(key, other)
    default: return nil
    }
  }

  /// The keys; nil where one of them is none.
  private var ids: [ArticleID]? {
    let ids = keys.compactMap { ArticleID($0) }
    return ids.count == keys.count ? ids : nil
  }
}
