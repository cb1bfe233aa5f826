import FeedModel

/// The arms by vocabulary: what an element of a namespace means in a feed and in an item.
///
/// A rank says how far a place is trusted: a module never overrules what the format itself says,
/// and an element of an unknown vocabulary says nothing at all.
extension FeedBuilder {
  /// An element in a channel or a feed.
  func startInFeed(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch (vocabulary(name), name.element) {
    case (.rss, _): return startCoreFeed(name, attributes, isAtom: false)
    case (.atom10, _): return startCoreFeed(name, attributes, isAtom: true)
    case (.cdf, _): return startCDFFeed(name, attributes)
    case (.dc, .title): return gather(.title(rank: 5), .guess)
    case (.dc, .description): return gather(.summary(rank: 5), .guess)
    case (.dc, .language): return gather(.language, .plain)
    case (.dc, .creator): return gather(.author, .plain)
    case (.itunes, .author): return gather(.author, .plain)
    case (.itunes, .subtitle): return gather(.summary(rank: 8), .guess)
    case (.itunes, .summary): return gather(.summary(rank: 7), .guess)
    case (.itunes, .image):
      feedIcon.offer((attributes[.href] ?? attributes[.url]).flatMap(resolvedLink), rank: 1)
      return .ignored
    case (.media, .thumbnail):
      feedIcon.offer(attributes[.url].flatMap(resolvedLink), rank: 2)
      return .ignored
    case (.syndication, .updatePeriod): return gather(.updatePeriod, .plain)
    case (.syndication, .updateFrequency): return gather(.updateFrequency, .plain)
    default: return .ignored
    }
  }

  /// An element in an item or an entry.
  func startInItem(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch (vocabulary(name), name.element) {
    case (.rss, _): return startCoreItem(name, attributes, isAtom: false)
    case (.atom10, _): return startCoreItem(name, attributes, isAtom: true)
    case (.cdf, _): return startCDFItem(name, attributes)
    case (.content, .encoded): return gather(.content(rank: 1), .html)
    case (.xhtml, .body), (.xhtml, .div): return gather(.content(rank: 2), .markup)
    case (.dc, .title): return gather(.title(rank: 5), .guess)
    case (.dc, .description): return gather(.summary(rank: 5), .guess)
    case (.dc, .creator), (.dc, .author): return gather(.author, .plain)
    case (.dc, .date): return gather(.published(rank: 3), .plain)
    case (.dc, .subject): return gather(.tag, .guess)
    case (.dc, .language): return gather(.language, .plain)
    case (.dcterms, .issued): return gather(.published(rank: 4), .plain)
    case (.dcterms, .created): return gather(.published(rank: 5), .plain)
    case (.dcterms, .modified): return gather(.modified(rank: 1), .plain)
    case (.itunes, .author): return gather(.author, .plain)
    case (.itunes, .duration): return gather(.duration, .plain)
    case (.itunes, .title): return gather(.title(rank: 7), .plain)
    case (.itunes, .subtitle): return gather(.summary(rank: 8), .guess)
    case (.itunes, .summary): return gather(.summary(rank: 6), .guess)
    case (.itunes, .keywords), (.media, .keywords): return gather(.keywords, .plain)
    case (.itunes, .category): return beginCategory(attributes)
    case (.itunes, .image):
      draft?.image.offer((attributes[.href] ?? attributes[.url]).flatMap(resolvedLink), rank: 0)
      return .ignored
    case (.feedburner, .origLink): return gather(.link(rank: 0), .plain)
    case (.media, _): return startInMedia(name, attributes)
    default: return .ignored
    }
  }

  /// An element of Media RSS in an item, in `media:group` or in `media:content`.
  func startInMedia(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    guard name.namespace == .media else { return .ignored }
    switch name.element {
    case .group: return .media
    case .content:
      media(attributes)
      return .media
    case .thumbnail:
      draft?.image.offer(attributes[.url].flatMap(resolvedLink), rank: 1)
      return .ignored
    case .title: return gather(.title(rank: 8), Self.mediaKind(attributes))
    case .description: return gather(.summary(rank: 7), Self.mediaKind(attributes))
    case .category: return gather(.category(label: attributes[.label]), .guess)
    case .keywords: return gather(.keywords, .plain)
    default: return .ignored
    }
  }

  /// `media:content`: a picture is the item's image, a sound or a film one of its files.
  private func media(_ attributes: XMLAttributes) {
    guard let url = attributes[.url] else { return }
    let type = attributes[.type]?.lowercased() ?? ""
    let medium = attributes[.medium]?.lowercased() ?? ""
    if medium == "image" || type.hasPrefix("image/") {
      draft?.image.offer(resolvedLink(url), rank: 2)
    } else if medium == "audio" || medium == "video" || type.hasPrefix("audio/")
      || type.hasPrefix("video/")
    {
      attach(
        url,
        type: attributes[.type],
        length: attributes[.fileSize],
        duration: attributes[.duration]
      )
    }
  }

  /// Media RSS: `type` is `plain`, unless it says `html`.
  private static func mediaKind(_ attributes: XMLAttributes) -> TextKind {
    attributes[.type]?.lowercased() == "html" ? .html : .plain
  }

  /// The vocabulary of a name, RSS's own and Atom's own taken together over their versions.
  ///
  /// What has no namespace, or that of the root element, belongs to the format of the document.
  private func vocabulary(_ name: XMLName) -> XMLNamespace {
    switch name.namespace {
    case .none: core
    // Quirk: all of a feed is in a namespace that is not its format's. Seen: hand-written feeds and generators with settings. Fixture: quirks/rss-in-atom-namespace.xml
    case own.namespace where name.prefix == own.prefix: core
    case .rss090, .rss11: .rss
    case .atom03: .atom10
    default: name.namespace
    }
  }
}
