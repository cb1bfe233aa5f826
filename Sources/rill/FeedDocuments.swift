import FeedIndex
import FeedJSON
import FeedModel
import FeedText

/// An item as it may be shown anywhere: its own id, its feed, no script, only addresses of the web.
func exported(_ item: FeedItem, _ row: ArticleRow) -> FeedItem {
  var item = item
  func web(_ address: String?) -> String? {
    address.flatMap(WebURL.init).flatMap { $0.isWeb ? $0.withoutUserinfo.text : nil }
  }
  item.guid = "urn:x-rill:" + row.id.description
  item.contentHTML = item.contentHTML.map { sanitisedHTML($0, baseURL: item.url) }
  if item.contentHTML == nil, item.contentText == nil { item.contentText = item.summary ?? "" }
  item.url = web(item.url)
  item.externalURL = web(item.externalURL)
  item.image = web(item.image)
  item.commentsURL = web(item.commentsURL)
  item.attachments = item.attachments.compactMap { attachment in
    web(attachment.url)
      .map { url in
        var attachment = attachment
        attachment.url = url
        return attachment
      }
  }
  for index in item.authors.indices {
    item.authors[index].avatar = web(item.authors[index].avatar)
    if let url = item.authors[index].url, !url.hasPrefix("mailto:") {
      item.authors[index].url = web(url)
    }
  }
  item.authors.removeAll { $0 == Author() }
  // What the publisher says of other things is for this machine; the origin is the feed.
  item.facts = nil
  return item
}

/// Articles as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
struct JSONFeedDocument: FeedDocument {
  private let title: String
  private var json = JSONWriter()

  init(title: String) { self.title = title }

  mutating func begin(updated: Timestamp) {
    json.beginObject()
    json.member("version", "https://jsonfeed.org/version/1.1")
    json.member("title", title)
    json.key("items")
    json.beginArray()
  }

  mutating func write(_ item: FeedItem, _ row: ArticleRow) {
    var item = item
    var source = ItemSource()
    source.title = row.feedTitle
    source.feedURL = WebURL(row.feedURL)?.isWeb == true ? row.feedURL : nil
    var facts = ItemFacts()
    facts.source = source
    item.facts = facts
    item.write(to: &json, fallbackID: row.id.description)
  }

  mutating func end() {
    json.endArray()
    json.endObject()
    json.raw(0x0A)
  }

  mutating func handOver(to take: ([UInt8]) -> Void) { json.handOver(to: take) }
}

/// Articles as an Atom feed (RFC 4287).
struct AtomDocument: FeedDocument {
  private let title: String
  private var xml = XMLText()

  init(title: String) { self.title = title }

  mutating func begin(updated: Timestamp) {
    xml.open("feed", [("xmlns", "http://www.w3.org/2005/Atom")])
    xml.element("title", title)
    xml.element("id", "urn:x-rill:list:" + escaped(title))
    xml.element("updated", updated.description)
    xml.element("generator", "Rill", [("version", Rill.version)])
  }

  mutating func write(_ item: FeedItem, _ row: ArticleRow) {
    xml.open("entry")
    xml.element("id", item.guid)
    xml.element("title", item.title ?? item.url ?? "(no title)")
    if let url = item.url { xml.empty("link", [("rel", "alternate"), ("href", url)]) }
    if let url = item.externalURL { xml.empty("link", [("rel", "related"), ("href", url)]) }
    for file in item.attachments {
      xml.empty(
        "link",
        [
          ("rel", "enclosure"), ("href", file.url), ("type", mediaType(file.mimeType)),
          ("title", file.title), ("length", file.sizeInBytes.map(String.init)),
        ]
      )
    }
    xml.element("published", item.published?.description)
    xml.element("updated", (item.modified ?? item.published ?? row.received).description)
    // RFC 4287 §4.2.1: an entry without an author would be by nobody.
    let authors = item.authors.isEmpty ? [Author(name: row.feedTitle)] : item.authors
    for author in authors {
      xml.open("author")
      xml.element("name", author.name ?? author.url ?? "")
      if let url = author.url, !url.hasPrefix("mailto:") { xml.element("uri", url) }
      xml.close("author")
    }
    for tag in item.tags { xml.empty("category", [("term", tag)]) }
    if item.contentText != item.summary { xml.element("summary", item.summary) }
    if let html = item.contentHTML {
      xml.element("content", html, [("type", "html")])
    } else if let text = item.contentText {
      xml.element("content", text)
    }
    xml.open("source")
    xml.element(
      "id",
      WebURL(row.feedURL)?.isWeb == true ? row.feedURL : "urn:x-rill:" + row.feed.description
    )
    xml.element("title", row.feedTitle)
    xml.close("source")
    xml.close("entry")
  }

  mutating func end() { xml.close("feed") }

  mutating func handOver(to take: ([UInt8]) -> Void) { xml.handOver(to: take) }

  /// RFC 4287 §4.2.7.4 wants a type and a subtype.
  private func mediaType(_ text: String?) -> String? {
    text.flatMap { $0.split(separator: "/").count == 2 && !$0.contains(" ") ? $0 : nil }
  }

  /// RFC 3986 §2.1.
  private func escaped(_ text: String) -> String {
    percentEncoded(text) { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
      default: false
      }
    }
  }
}
