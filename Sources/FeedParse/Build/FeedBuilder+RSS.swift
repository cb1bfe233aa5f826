import FeedModel

extension FeedBuilder {
  /// The root element says which format this is.
  func startRoot(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    foundRoot = true
    noteOwn(name, attributes, languageRank: 3)
    switch name.element {
    case .feed:
      core = .atom10
      let version = attributes[.version] ?? ""
      feed.format = name.namespace == .atom03 || version.hasPrefix("0.") ? .atom03 : .atom10
      return .feed
    case .entry:
      // An Atom Entry Document (RFC 4287 §2): a feed of one item.
      doubtfulRoot = name.qualified
      core = .atom10
      feed.format = name.namespace == .atom03 ? .atom03 : .atom10
      return beginItem(attributes)
    case .channel: return startChannelRoot(name, attributes)
    case .rdf:
      feed.format = .rss10
      return .root
    default:
      feed.format = Self.format(version: attributes[.version] ?? attributes[.rss, .version] ?? "")
      return .root
    }
  }

  /// The namespace of the frame is that of the format, and so is its language.
  ///
  /// Feeds declare any namespace for all they hold: that of a module, that of the other format, or
  /// one that they made up.
  private func noteOwn(_ name: XMLName, _ attributes: XMLAttributes, languageRank: Int) {
    if name.namespace != .rdf { own = (name.namespace, name.prefix) }
    let language = attributes[.xml, .lang] ?? attributes[.lang]
    feedLanguage.offer(language.flatMap(Self.languageTag), rank: languageRank)
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
      // The language of the channel is nearer than that of the root (XML §2.12).
      noteOwn(name, attributes, languageRank: 2)
      // RSS 0.90 is told from RSS 1.0 by its namespace alone.
      if name.namespace == .rss090 { feed.format = .rss090 }
      return .feed
    case .item: return beginItem(attributes)
    case .image: return .image
    // Quirk: there is no channel, and its parts stand in the root. Seen: hand-written RSS. Fixture: quirks/no-channel.xml
    default: return feed.format == .rss10 ? .ignored : startInFeed(name, attributes)
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
    if hasScheme(text) { return absoluteURL(text) }
    let site = core == .atom10 ? nil : feedLinkBase
    guard let base = explicitBase ?? site ?? baseURL ?? feedLinkBase else { return text }
    // Quirk: links lack their scheme, `site.example/post`. Seen: hand-written site generators. Fixture: quirks/link-without-scheme.xml
    if let host = base.host, text.hasPrefix(host + "/") || text == host {
      return base.scheme + "://" + text
    }
    return resolver.text(text, against: base) ?? text
  }
}
