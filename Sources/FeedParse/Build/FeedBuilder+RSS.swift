import FeedModel

extension FeedBuilder {
  /// The root element says which format this is.
  func startRoot(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    foundRoot = true
    feedLanguage.offer(attributes[.xml, .lang].flatMap(Self.languageTag), rank: 2)
    switch name.element {
    case .feed:
      core = .atom10
      let version = attributes[.version] ?? ""
      feed.format = name.namespace == .atom03 || version.hasPrefix("0.") ? .atom03 : .atom10
      return .feed
    case .rdf:
      feed.format = .rss10
      return .root
    default:
      feed.format = Self.format(version: attributes[.version] ?? attributes[.rss, .version] ?? "")
      return .root
    }
  }

  private static func format(version: String) -> FeedFormat {
    switch version.filter({ !$0.isWhitespace }) {
    case "0.90": .rss090
    case "0.91": .rss091
    case "0.92": .rss092
    case "0.93": .rss093
    case "0.94": .rss094
    default: .rss20
    }
  }

  /// What stands beside or around the items: `channel`, and in RSS 1.0 the items themselves.
  func startInRoot(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .channel:
      feedLanguage.offer(attributes[.xml, .lang].flatMap(Self.languageTag), rank: 2)
      // RSS 0.90 is told from RSS 1.0 by its namespace alone.
      if name.namespace == .rss090 { feed.format = .rss090 }
      return .feed
    case .item: return beginItem(attributes)
    case .image: return .image
    default: return .ignored
    }
  }

  /// An element of RSS in a channel.
  func startRSSFeed(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .item: beginItem(attributes)
    case .title: gather(.title(rank: 0), .guess)
    case .link: gather(.link(rank: 0), .plain)
    case .description: gather(.summary(rank: 0), .guess)
    case .language: gather(.language, .plain)
    case .managingEditor, .author: gather(.author, .plain)
    case .ttl: gather(.ttl, .plain)
    case .skipHours: .skipHours
    case .skipDays: .skipDays
    case .image: .image
    default: .ignored
    }
  }

  /// An element of RSS in an item.
  func startRSSItem(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .title: return gather(.title(rank: 0), .guess)
    case .link: return gather(.link(rank: 1), .plain)
    case .description: return gather(.summary(rank: 0), .guess)
    case .guid:
      draft?.guidIsLink = attributes[.isPermaLink]?.lowercased() != "false"
      return gather(.guid, .plain)
    case .pubDate, .published: return gather(.published(rank: 0), .plain)
    case .updated, .modified: return gather(.modified(rank: 2), .plain)
    case .author: return gather(.author, .plain)
    case .category: return gather(.tag, .guess)
    case .comments: return gather(.comments, .plain)
    case .language: return gather(.language, .plain)
    case .content, .body: return gather(.content(rank: 3), .guess)
    // Quirk: the body is called `fullitem`. Seen: UserLand's early tools. Fixture: quirks/fullitem.xml
    case .fullItem: return gather(.content(rank: 4), .guess)
    case .summary: return gather(.summary(rank: 2), .guess)
    case .enclosure:
      attach(
        attributes[.url] ?? attributes[.href],
        type: attributes[.type],
        length: attributes[.length]
      )
      return .ignored
    case .image: return .image
    default: return .ignored
    }
  }

  /// RSS `image` in a channel or an item.
  func startInImage(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    guard name.element == .url, name.namespace != .unknown else { return .ignored }
    return draft == nil ? gather(.icon, .plain) : gather(.image(rank: 3), .plain)
  }

  /// Adds a file to the item, unless it is there already.
  func attach(
    _ reference: String?,
    type: String?,
    length: String?,
    duration: String? = nil,
    title: String? = nil
  ) {
    guard let files = draft?.item.attachments, hasRoom(in: files.count),
      let url = reference.flatMap(resolvedLink),
      draft?.metFiles.insert(url, to: files.lazy.map(\.url)) == true
    else { return }
    var attachment = Attachment(url: url)
    attachment.mimeType = type.flatMap(Self.trimmed)
    if let length = length.flatMap(Self.trimmed) {
      let size = Self.size(length)
      if size == nil { note(.badValue, length) }
      // Zero stands where the size was not known.
      attachment.sizeInBytes = size == 0 ? nil : size
    }
    if let duration = duration.flatMap(Self.trimmed) {
      attachment.durationInSeconds = Self.seconds(duration)
      if attachment.durationInSeconds == nil { note(.badValue, duration) }
    }
    attachment.title = title.flatMap(Self.trimmed)
    draft?.item.attachments.append(attachment)
  }

  /// Resolves a link of the feed or of an item; nil when it is empty.
  ///
  /// What cannot be read as a URL stays as it is.
  func resolvedLink(_ reference: String) -> String? {
    guard let text = Self.trimmed(reference) else { return nil }
    if hasScheme(text.utf8) { return absoluteURL(text) }
    let site = core == .rss ? feedLinkBase : nil
    guard let base = explicitBase ?? site ?? baseURL ?? feedLinkBase else { return text }
    // Quirk: links lack their scheme, `site.example/post`. Seen: hand-written site generators. Fixture: quirks/link-without-scheme.xml
    if let host = base.host, text.hasPrefix(host + "/") || text == host {
      return base.scheme + "://" + text
    }
    return resolver.text(text, against: base) ?? text
  }

  /// A number of bytes; nil for what is no number, negative, or more than JSON can tell apart
  /// (RFC 8259 §6).
  static func size(_ text: some StringProtocol) -> Int64? {
    Int64(text).flatMap { (0..<1 << 53).contains($0) ? $0 : nil }
  }

  /// Seconds out of `hh:mm:ss`, `mm:ss` or `ss`; nil for anything else, and for 30 years.
  static func seconds(_ text: String) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var total: Int64 = 0
    for part in parts {
      let digits = part.filter { !$0.isWhitespace }.prefix { $0 != "." }
      guard let value = Int64(digits), value >= 0, value < 1_000_000_000 else { return nil }
      total = total * 60 + value
    }
    guard total < 1_000_000_000 else { return nil }
    return total
  }
}
