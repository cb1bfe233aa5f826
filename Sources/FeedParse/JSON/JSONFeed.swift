import FeedJSON
import FeedModel

/// Reads a JSON Feed (jsonfeed.org/version/1.1), values of the wrong type passed over, or a feed of
/// XML that stands as JSON.
func parseJSON(
  _ text: [UInt8],
  from start: Int,
  baseURL: String?,
  issues: IssueLog
) throws(ParseError) -> ParsedFeed {
  let reader = JSONFeedReader(baseURL: baseURL, issues: issues)
  return try reader.read(text, from: start)
}

/// One JSON Feed while it is read.
private final class JSONFeedReader {
  var feed = ParsedFeed(format: .jsonFeed11)
  var issues: IssueLog
  let baseURL: WebURL?
  var resolver = ReferenceResolver()
  var version: String?
  var hasItems = false
  /// A feed of XML, if there is one in place of items.
  var markup: MarkupInJSON?

  init(baseURL: String?, issues: IssueLog) {
    self.baseURL = resolver.base(baseURL)
    self.issues = issues
  }

  func read(_ text: [UInt8], from start: Int) throws(ParseError) -> ParsedFeed {
    var json = JSONReader(text, in: start..<text.count, rules: .lenient)
    var failure: JSONError?
    do throws(JSONError) {
      try readDocument(&json)
      try json.finish()
    } catch {
      failure = error
    }
    if let markup, !hasItems {
      feed = try readMarkup(markup)
    } else {
      try checkVersion()
    }
    if json.wasMended { issues.note(.malformedJSON, detail: "mended") }
    if let failure {
      if failure.reason == .tooDeep, feed.items.isEmpty {
        throw .limit(name: Limit.depth.name, value: Limit.depth.value)
      }
      note(failure, in: text)
    }
    if feed.items.count > Limit.items.value {
      feed.items.removeLast(feed.items.count - Limit.items.value)
      issues.note(.limit, detail: Limit.items.detail)
    }
    for limit in resolver.passed { issues.note(.limit, detail: limit.detail) }
    feed.issues = issues.sorted + feed.issues
    return feed
  }

  /// Without its version it is one if it looks like one.
  private func checkVersion() throws(ParseError) {
    if version?.contains("jsonfeed.org/version/") == true { return }
    let hasName = feed.title != nil || feed.homePageURL != nil || feed.feedURL != nil
    let hasBodies = feed.items.contains { $0.contentHTML != nil || $0.contentText != nil }
    guard hasItems, hasName || hasBodies else { throw .notAJSONFeed }
  }

  /// Reads what was written as XML; its lines are not those of the document.
  private func readMarkup(_ markup: MarkupInJSON) throws(ParseError) -> ParsedFeed {
    var log = IssueLog()
    let (text, start) = try decode(markup.xml, contentType: nil, issues: &log)
    var feed = try parseXML(text, from: start, baseURL: baseURL?.text, issues: log)
    // Many a program calls what it prints a feed.
    guard feed.title != nil || !feed.items.isEmpty else { throw .notAJSONFeed }
    feed.format = markup.isAtom ? .atomInJSON : .rssInJSON
    for index in feed.issues.indices { feed.issues[index].line = nil }
    // The cut is noted with its place in the JSON text.
    feed.issues.removeAll { $0.kind == .truncated }
    if markup.isCut { issues.note(.limit, detail: Limit.documentBytes.detail) }
    return feed
  }

  private func note(_ failure: JSONError, in text: [UInt8]) {
    let line = 1 + text[..<min(failure.offset, text.count)].count { $0 == 0x0A }
    if failure.reason == .trailingBytes {
      issues.note(.malformedJSON, line: line, detail: failure.reason.rawValue)
      return
    }
    if failure.reason == .tooDeep {
      issues.note(.limit, line: line, detail: Limit.depth.detail)
      return
    }
    feed.isTruncated = true
    let kind: ParseIssue.Kind = failure.reason == .unexpectedEnd ? .truncated : .malformedJSON
    issues.note(kind, line: line, detail: failure.reason.rawValue)
  }

  // Quirk: a feed stands in an array. Seen: programs that print all that they have. Fixture: json/array.jsonfeed
  private func readDocument(_ json: inout JSONReader) throws(JSONError) {
    guard json.peek() == UInt8(ascii: "[") else { return try readFeed(&json) }
    var isFirst = true
    try json.array { json throws(JSONError) in
      guard isFirst, json.peek() == UInt8(ascii: "{") else { return try json.skip() }
      isFirst = false
      try readFeed(&json)
    }
  }

  private func readFeed(_ json: inout JSONReader) throws(JSONError) {
    var authors: [Author] = []
    try json.object { name, json throws(JSONError) in
      switch name {
      case "version":
        version = try text(&json, name)
        feed.format = version?.hasSuffix("/1") == true ? .jsonFeed10 : .jsonFeed11
      case "title": feed.title = try line(&json, name)
      case "home_page_url": feed.homePageURL = try url(&json, name)
      case "feed_url": feed.feedURL = try url(&json, name)
      case "description": feed.description = try line(&json, name)
      case "icon": feed.icon = try url(&json, name)
      case "favicon": feed.favicon = try url(&json, name)
      case "language": feed.language = try text(&json, name)
      case "authors": feed.authors = try list(&json, name, author)
      case "author": authors = try author(&json).map { [$0] } ?? []
      case "hubs": feed.hubs = try list(&json, name, hub)
      case "expired": feed.schedule.isOver = try flag(&json, name) ?? false
      case "next_url": feed.facts.nextURL = try url(&json, name)
      case "items":
        hasItems = json.peek() == UInt8(ascii: "[")
        // Items join one by one, so that those before a cut are kept.
        _ = try list(&json, name) { json throws(JSONError) -> Bool? in
          guard feed.items.count <= Limit.items.value else {
            try json.skip()
            return nil
          }
          if let item = try item(&json) { feed.items.append(item) }
          return nil
        }
      case let name where MarkupInJSON.roots.contains(name) && json.peek() == UInt8(ascii: "{"):
        guard markup == nil, !hasItems else { return try json.skip() }
        var markup = MarkupInJSON()
        defer { self.markup = markup }
        try markup.readRoot(name, from: &json)
      // Extensions, `user_comment`, and what is not known.
      default: try json.skip()
      }
    }
    // `author` is JSON Feed 1.0's.
    if feed.authors.isEmpty { feed.authors = authors }
  }

  private func item(_ json: inout JSONReader) throws(JSONError) -> FeedItem? {
    guard json.peek() == UInt8(ascii: "{") else { return try wrongType(&json, "items") }
    var item = FeedItem()
    var authors: [Author] = []
    var html: String?
    try json.object { name, json throws(JSONError) in
      switch name {
      case "id": item.guid = try text(&json, name)
      case "url": item.url = try url(&json, name)
      case "external_url": item.externalURL = try url(&json, name)
      case "title": item.title = try line(&json, name)
      case "content_html": html = try body(&json, name)
      case "content_text": item.contentText = try body(&json, name)
      case "summary": item.summary = try line(&json, name)
      case "image": item.image = try url(&json, name)
      case "banner_image":
        let image = try url(&json, name)
        if item.image == nil { item.image = image }
      case "date_published": item.published = try date(&json, name)
      case "date_modified": item.modified = try date(&json, name)
      case "language": item.language = try text(&json, name)
      case "authors": item.authors = try list(&json, name, author)
      case "author": authors = try author(&json).map { [$0] } ?? []
      case "tags":
        let tags = try list(&json, name) { json throws(JSONError) in try line(&json, "tags") }
        var met = MetTexts()
        item.tags = []
        for tag in tags where met.insert(tag, to: item.tags) { item.tags.append(tag) }
      case "attachments": item.attachments = try list(&json, name, attachment)
      default: try json.skip()
      }
    }
    if item.authors.isEmpty { item.authors = authors }
    if let guid = item.guid, item.url == nil, FeedBuilder.isLink(guid) { item.url = guid }
    if let html {
      let link = item.url ?? item.externalURL ?? feed.homePageURL
      let resolved = standaloneHTML(Array(html.utf8), with: &resolver) { resolver in
        resolver.base(link) ?? baseURL
      }
      item.contentHTML = resolved.map { String(validUTF8: $0) } ?? html
      // At most one of the two bodies stands.
      item.contentText = nil
    }
    return item
  }

  private func author(_ json: inout JSONReader) throws(JSONError) -> Author? {
    // Quirk: an author is a text in place of an object. Seen: hand-written generators. Fixture: json/author-as-text.jsonfeed
    if json.peek() == UInt8(ascii: "\"") {
      return try line(&json, "author").map { Author(name: $0) }
    }
    guard json.peek() == UInt8(ascii: "{") else { return try wrongType(&json, "author") }
    var author = Author()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "name": author.name = try line(&json, name)
      case "url": author.url = try url(&json, name)
      case "avatar": author.avatar = try url(&json, name)
      default: try json.skip()
      }
    }
    return author == Author() ? nil : author
  }

  private func hub(_ json: inout JSONReader) throws(JSONError) -> String? {
    guard json.peek() == UInt8(ascii: "{") else { return try wrongType(&json, "hubs") }
    var type: String?
    var address: String?
    try json.object { name, json throws(JSONError) in
      switch name {
      case "type": type = try text(&json, name)
      case "url": address = try url(&json, name)
      default: try json.skip()
      }
    }
    return type?.lowercased() == "websub" ? address : nil
  }

  private func attachment(_ json: inout JSONReader) throws(JSONError) -> Attachment? {
    guard json.peek() == UInt8(ascii: "{") else { return try wrongType(&json, "attachments") }
    var file = Attachment(url: "")
    try json.object { name, json throws(JSONError) in
      switch name {
      case "url": file.url = try url(&json, name) ?? ""
      case "mime_type": file.mimeType = try text(&json, name)
      case "title": file.title = try line(&json, name)
      case "size_in_bytes": file.sizeInBytes = try number(&json, name)
      case "duration_in_seconds": file.durationInSeconds = try number(&json, name)
      default: try json.skip()
      }
    }
    return file.url.isEmpty ? nil : file
  }

  // MARK: Values

  /// Reads an array, leaving out what `element` finds to be nothing.
  private func list<Element>(
    _ json: inout JSONReader,
    _ name: String,
    _ element: (inout JSONReader) throws(JSONError) -> Element?
  ) throws(JSONError) -> [Element] {
    // Quirk: the only entry of a list stands without the list. Seen: converters from XML. Fixture: json/entry-without-list.jsonfeed
    if json.peek() == UInt8(ascii: "{") || json.peek() == UInt8(ascii: "\"") {
      issues.note(.badValue, detail: name)
      return try element(&json).map { [$0] } ?? []
    }
    guard json.peek() == UInt8(ascii: "[") else {
      let _: Never? = try wrongType(&json, name)
      return []
    }
    var elements: [Element] = []
    try json.array { json throws(JSONError) in
      guard elements.count < Limit.listEntries.value else {
        issues.note(.limit, detail: Limit.listEntries.detail)
        return try json.skip()
      }
      if let value = try element(&json) { elements.append(value) }
    }
    return elements
  }

  /// A string or a number as a text, without white space around it.
  ///
  /// nil for null and for what is empty.
  private func text(
    _ json: inout JSONReader,
    _ name: String
  ) throws(JSONError) -> String? {
    switch json.peek() {
    case UInt8(ascii: "\""): return FeedBuilder.trimmed(clean(try json.string()))
    case let byte? where byte == UInt8(ascii: "-") || Bytes.isDigit(byte):
      // Quirk: ids are numbers. Seen: generators that print a database key. Fixture: json/number-as-id.jsonfeed
      return try json.number()
    default: return try wrongType(&json, name)
    }
  }

  private func line(
    _ json: inout JSONReader,
    _ name: String
  ) throws(JSONError) -> String? {
    let text = try text(&json, name).map(collapsed)
    return text?.isEmpty == true ? nil : text
  }

  private func body(
    _ json: inout JSONReader,
    _ name: String
  ) throws(JSONError) -> String? {
    guard let text = try text(&json, name) else { return nil }
    guard text.utf8.count > Limit.articleBytes.value else { return text }
    issues.note(.limit, detail: Limit.articleBytes.detail)
    let bytes = text.utf8.span
    var end = Limit.articleBytes.value
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return String(validUTF8: bytes.extracting(0..<end))
  }

  /// Drops the controls that XML would forbid: they have no place in a text.
  private func clean(_ text: String) -> String {
    guard !TextCheck(text.utf8.span, from: 0).hasForbidden else {
      issues.note(.forbiddenCharacter)
      let kept = text.utf8.filter { $0 >= 0x20 || (Bytes.isSpace($0) && $0 != 0x0C) }
      return String(decoding: kept, as: UTF8.self)
    }
    return text
  }

  private func url(
    _ json: inout JSONReader,
    _ name: String
  ) throws(JSONError) -> String? {
    guard let text = try text(&json, name) else { return nil }
    if hasScheme(text) { return absoluteURL(text) }
    guard let baseURL else { return text }
    return resolver.text(text, against: baseURL) ?? text
  }

  private func date(
    _ json: inout JSONReader,
    _ name: String
  ) throws(JSONError) -> Timestamp? {
    guard let text = try text(&json, name) else { return nil }
    let date = DateParser.timestamp(text)
    if date == nil { issues.note(.badDate, detail: text) }
    return date
  }

  /// True or false, as such or as a text.
  private func flag(_ json: inout JSONReader, _ name: String) throws(JSONError) -> Bool? {
    switch json.peek() {
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return try json.bool()
    case UInt8(ascii: "\""): return try json.string().lowercased() == "true"
    default: return try wrongType(&json, name)
    }
  }

  /// A whole number that is not negative, as a number or as a text.
  private func number(
    _ json: inout JSONReader,
    _ name: String
  ) throws(JSONError) -> Int64? {
    guard let text = try text(&json, name) else { return nil }
    guard let value = FeedBuilder.size(text.prefix { $0 != "." }) else {
      issues.note(.badValue, detail: "\(name): \(text)")
      return nil
    }
    return value
  }

  /// Passes over a value of a type that does not belong here; null is no trouble.
  private func wrongType<Value>(
    _ json: inout JSONReader,
    _ name: String
  ) throws(JSONError) -> Value? {
    if json.peek() != UInt8(ascii: "n") { issues.note(.badValue, detail: name) }
    try json.skip()
    return nil
  }
}
