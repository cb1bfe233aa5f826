import FeedJSON
public import FeedModel

/// Reads articles as Google Reader wrote them, and what speaks like it: FreshRSS, Miniflux, BazQux.
///
/// One object with `items`; each says in its `categories` whether it was read or starred and which
/// labels it has, and in its `origin` of which feed it is. An export of FreshRSS has several: one
/// `starred_DATE.json`, and a `feed_DATE_…json` for each feed.
///
/// - Parameter bytes: The document.
/// - Returns: The articles, in its order; `feedURL` is nil where none of the web is named.
/// - Throws: When it is no such document, or too long.
public func parseReaderItems(_ bytes: [UInt8]) throws(ParseError) -> [ReaderItem] {
  let byteMax = Limit.readerBytes
  guard bytes.count <= byteMax.value else {
    throw .limit(name: byteMax.name, value: byteMax.value)
  }
  var items: [ReaderItem]?
  var addresses = ListedAddresses(baseURL: nil)
  var json = JSONReader(bytes, rules: .lenient)
  var isFreshRSS = false
  do throws(JSONError) {
    try json.object { name, json throws(JSONError) in
      if name == "id", json.peek() == UInt8(ascii: "\"") {
        isFreshRSS = try json.string().contains("/state/org.freshrss/")
        return
      }
      guard name == "items", json.peek() == UInt8(ascii: "[") else { return try json.skip() }
      var found = items ?? []
      try json.array { json throws(JSONError) in
        guard case .object(var members) = try json.value() else { return }
        // Quirk: the publisher's guid stands as the id. Seen: exports of FreshRSS. Fixture: Readers/freshrss/starred_2026-11-22.json
        if isFreshRSS, members["guid"] == nil, let id = members["id"]?.text,
          !id.hasPrefix("tag:google.com,2005:reader/")
        {
          members["guid"] = .string(id)
        }
        guard let item = ReaderItem(members, &addresses)
        else { return }
        found.append(item)
      }
      items = found
    }
  } catch {
    let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
    throw .unreadable(line: line, reason: "\(error.reason.rawValue) at byte \(error.offset)")
  }
  guard let items else { throw .unreadable(line: 1, reason: "there is no list \"items\" in it") }
  return items
}

extension ReaderItem {
  /// Nil for an article without any name.
  fileprivate init?(_ members: [String: JSONValue], _ addresses: inout ListedAddresses) {
    var item = FeedItem()
    // The `id` is the reader's own; FreshRSS has the publisher's beside it.
    item.guid = members["guid"]?.text
    let link = (members["canonical"]?.elements.first ?? members["alternate"]?.elements.first)
    item.url = link?["href"]?.text.flatMap { addresses.site($0) }
    item.title = members["title"]?.text.flatMap(plainTitle)
    item.contentHTML = (members["content"] ?? members["summary"])?["content"]?.text
    item.published = members["published"]?.moment
    item.modified = members["updated"]?.moment.flatMap { $0 == item.published ? nil : $0 }
    item.authors = members["author"]?.text.map { [Author(name: $0)] } ?? []
    for file in members["enclosure"]?.elements ?? [] {
      guard let url = file["href"]?.text.flatMap({ addresses.site($0) }) else { continue }
      var attachment = Attachment(url: url, mimeType: file["type"]?.text)
      attachment.sizeInBytes = file["length"]?.integer.flatMap { $0 >= 0 ? $0 : nil }
      item.attachments.append(attachment)
    }
    let origin = members["origin"]
    let stream = origin?["streamId"]?.text.flatMap { $0.hasPrefix("feed/") ? $0.dropFirst(5) : nil }
    let address = origin?["feedUrl"]?.text ?? stream.map(String.init)
    var (feedURL, userinfo): (String?, String?)
    if let address, case .success(let url) = addresses.address(address) {
      feedURL = url.withoutUserinfo.withoutFragment.text
      userinfo = url.userinfo.flatMap { $0.isEmpty ? nil : $0 }
    }
    // A note without title and link has no other name.
    if item.guid == nil, item.url == nil, item.title == nil { item.guid = members["id"]?.text }
    guard item.guid != nil || item.url != nil || item.title != nil else { return nil }
    self.init(feedURL: feedURL, item: item)
    feedUserinfo = userinfo
    feedTitle = origin?["title"]?.text.flatMap(plainTitle)
    for category in (members["categories"]?.elements ?? []).compactMap(\.text) { take(category) }
    self.item.tags = Array(self.item.tags.prefix(Limit.listEntries.value))
  }

  private mutating func take(_ category: String) {
    guard category.hasPrefix("user/") else {
      if !item.tags.contains(category) { item.tags.append(category) }
      return
    }
    let parts = category.split(separator: "/", maxSplits: 3)
    switch (parts.count > 2 ? parts[2] : "", parts.count > 3 ? parts[3] : "") {
    case ("state", "com.google/read"): isRead = true
    case ("state", "com.google/starred"): isStarred = true
    case ("label", let name) where !name.isEmpty:
      if !tags.contains(String(name)) { tags.append(String(name)) }
    default: break
    }
  }
}

private func plainTitle(_ text: String) -> String? {
  let bytes = Array(text.utf8)
  let plain =
    looksLikeHTML(bytes, isTitle: true)
    ? plainText(ofHTML: bytes, keepingUnknownTags: true) : collapsed(bytes)
  return plain.isEmpty ? nil : plain
}

extension JSONValue {
  /// The text of a string that is not empty.
  fileprivate var text: String? {
    if case .string(let text) = self, !text.isEmpty { text } else { nil }
  }

  fileprivate var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }

  fileprivate subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  fileprivate var integer: Int64? {
    switch self {
    case .number(let text), .string(let text): Int64(text)
    default: nil
    }
  }

  /// Seconds since 1970.
  fileprivate var moment: Timestamp? {
    integer.flatMap { $0 > 0 ? Timestamp(seconds: $0) : nil }
  }
}
