import FeedModel

/// Channel Definition Format (W3C NOTE-CDFsubmit): `CHANNEL` with a title, an abstract and items
/// whose addresses are attributes. Channels in a channel are its sections.
///
/// Elements of RSS count as well: a `channel` without `rss` around it is RSS as often.
extension FeedBuilder {
  /// The root element is `channel`: CDF, or RSS that lacks its frame.
  func startChannelRoot(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    doubtfulRoot = name.qualified
    if name.namespace == .rss11 {
      feed.format = .rss11
      return .feed
    }
    core = .cdf
    if let base = attributes[.base] { addBase(base) }
    if let address = attributes[.href].flatMap(resolvedLink) {
      isCDF()
      feedLink.offer(address, rank: 0)
      feedLinkBase = resolver.base(address)
    }
    feedFacts.updated.offer(lastModified(attributes), rank: 0)
    return .feed
  }

  /// An element of CDF in a channel.
  func startCDFFeed(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .channel: return .section
    case .item: return beginCDFItem(attributes)
    case .abstract:
      isCDF()
      return gather(.summary(rank: 1), .guess)
    case .logo where attributes[.href] != nil:
      isCDF()
      let address = attributes[.href].flatMap(resolvedLink)
      if attributes[.style]?.lowercased() == "icon" {
        if feed.favicon == nil { feed.favicon = address }
      } else {
        feedIcon.offer(address, rank: 0)
      }
      return .ignored
    default: return startCoreFeed(name, attributes, isAtom: false)
    }
  }

  /// An element of CDF in an item.
  func startCDFItem(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .abstract: return gather(.summary(rank: 1), .guess)
    case .logo:
      draft?.image.offer(attributes[.href].flatMap(resolvedLink), rank: 0)
      return .ignored
    default: return startCoreItem(name, attributes, isAtom: false)
    }
  }

  /// An element that only holds items: `items` of RSS 1.1, a channel in a channel of CDF.
  func startInSection(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .item: core == .cdf ? beginCDFItem(attributes) : beginItem(attributes)
    case .channel: .section
    default: .ignored
    }
  }

  private func beginCDFItem(_ attributes: XMLAttributes) -> Context {
    let context = beginItem(attributes)
    if let address = attributes[.href].flatMap(resolvedLink) {
      isCDF()
      draft?.link.offer(address, rank: 0)
    }
    draft?.modified.offer(lastModified(attributes), rank: 0)
    return context
  }

  private func isCDF() { feed.format = .cdf }

  private func lastModified(_ attributes: XMLAttributes) -> Timestamp? {
    guard let text = attributes[.lastMod].flatMap(Self.trimmed) else { return nil }
    isCDF()
    let date = DateParser.timestamp(text)
    if date == nil { note(.badDate, text) }
    return date
  }
}

extension ParsedFeed {
  /// There is something in it that only a feed says.
  ///
  /// Other documents have a root element called `channel` or `entry` too.
  var saysSomething: Bool {
    title != nil || homePageURL != nil || description != nil || facts.updated != nil
      || items.contains { item in
        item.title != nil || item.url != nil || item.guid != nil || item.contentHTML != nil
          || item.contentText != nil || item.published != nil || item.modified != nil
      }
  }
}
