import FeedJSON
import FeedModel

/// The members of one line, in whatever order they stood.
struct LineMembers {
  var number = 0
  var at: Timestamp?
  var operation: String?
  var writtenBy: String?
  var hasSum = false
  private var actNumber: Int?
  private var actName: ActID?
  private var undoes: ActID?
  private var format: Int?
  private var segment: Int?
  private var feed: FeedID?
  private var key: String?
  private var value: RegisterValue?
  private var ids: [ArticleID]?
  private var rule: MatchRule?
  private var hash: String?
  private var isMinor = false
  private var formerHashes: [String] = []
  private var item: FeedItem?

  /// Reads all that we know.
  ///
  /// - Throws: `wrongType` or `badNumber` as well, where a newer version may have written
  ///   something else.
  mutating func read(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    try read(bytes, in: range) { name, json, members throws(JSONError) in
      switch name {
      case "seg": members.segment = Int(exactly: try json.integer())
      case "feed": members.feed = FeedID(try json.string())
      case "key": members.key = try json.string()
      case "val": members.value = try RegisterValue(from: &json)
      case "ids", "keys": members.ids = try articleIDs(from: &json)
      case "rule": members.rule = MatchRule(rawValue: try json.string())
      case "hash": members.hash = try json.string()
      case "minor": members.isMinor = try json.bool()
      case "was":
        var hashes: [String] = []
        try json.array { json throws(JSONError) in hashes.append(try json.string()) }
        members.formerHashes = hashes
      case "item": members.item = try FeedItem(from: &json)
      default: try json.skip()
      }
    }
  }

  /// Reads only what every line has, and makes sure that the rest is JSON.
  mutating func readFrame(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    try read(bytes, in: range) { _, json, _ throws(JSONError) in try json.skip() }
  }

  private mutating func read(
    _ bytes: [UInt8],
    in range: Range<Int>,
    other: (String, inout JSONReader, inout LineMembers) throws(JSONError) -> Void
  ) throws(JSONError) {
    var json = JSONReader(bytes, in: range)
    var members = self
    try json.object { name, json throws(JSONError) in
      switch name {
      case "n": members.number = Int(clamping: try json.integer())
      case "at": members.at = Timestamp(rfc3339: try json.string())
      case "op": members.operation = try json.string()
      // In a newer format all but this may have another type.
      case "fmt" where json.peek().map { (0x30...0x39).contains($0) } == true:
        members.format = Int(try json.number())
      case "by":
        let device = try json.string()
        members.writtenBy = SegmentName.isDevice(device) ? device : nil
      case "sum":
        members.hasSum = true
        try json.skip()
      // History alone: in whatever form they come, the line says what it says.
      case "act":
        switch json.peek() {
        case UInt8(ascii: "\""): members.actName = ActID(try json.string())
        case .some(0x31...0x39): members.actNumber = Int(try json.number())
        default: try json.skip()
        }
      case "undo" where json.peek() == UInt8(ascii: "\""):
        members.undoes = ActID(try json.string())
      default: try other(name, &json, &members)
      }
    }
    try json.finish()
    self = members
  }

  /// The act that the line is a part of; nil when it is of none.
  ///
  /// - Parameter device: The device that wrote the line.
  /// - Returns: Its name.
  func act(of device: String) -> LineAct? {
    let id = actName ?? actNumber.map { ActID(device: device, number: $0) }
    return id.map { LineAct(id: $0, undoes: undoes) }
  }

  /// The line says that what follows is of a newer format.
  var isNewer: Bool { operation == "open" && (format ?? 0) > LineEncoder.format }

  /// What the line says; nil when it makes no sense to us.
  func understood() -> StoreOperation? {
    switch operation {
    case "open":
      guard let format, let segment = segment ?? (isNewer ? 0 : nil) else { return nil }
      return .open(format: format, segment: segment)
    case "feed":
      guard let feed, let key, let value else { return nil }
      return .feed(feed, key: key, value: value)
    case "set":
      guard let key, let value, let ids else { return nil }
      return .set(key: key, value: value, ids: ids)
    case "art":
      guard let feed, let ids, let first = ids.first, let hash, var item else { return nil }
      if item.guid == first.description { item.guid = nil }
      // A rule that a newer version invented is no reason to hide the article.
      let rule = rule ?? .new
      var article = Article(feed: feed, keys: ids, rule: rule, contentHash: hash, item: item)
      article.isMinor = isMinor
      article.formerHashes = formerHashes
      return .article(article)
    default: return nil
    }
  }
}

/// Reads an array of ids; nil when one of them is none.
private func articleIDs(from json: inout JSONReader) throws(JSONError) -> [ArticleID]? {
  var ids: [ArticleID]? = []
  try json.array { json throws(JSONError) in
    guard let id = ArticleID(try json.string()) else {
      ids = nil
      return
    }
    ids?.append(id)
  }
  return ids
}

extension RegisterValue {
  /// Reads a value; `wrongType` or `badNumber` for one that no register has today.
  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    switch json.peek() {
    case UInt8(ascii: "\""): self = .string(try json.string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .bool(try json.bool())
    case UInt8(ascii: "n"):
      try json.null()
      self = .none
    default: self = .integer(try json.integer())
    }
  }
}
