import FeedModel

/// The elements that RSS and Atom have of their own.
///
/// Both formats are read by one table: feeds of one format hold elements of the other, with its
/// namespace, with the wrong one or with none, and what they mean is plain. The format of the
/// document only says what is trusted more.
extension FeedBuilder {
  /// An element of RSS or Atom in a channel (RSS 2.0 "Elements of channel") or in a feed
  /// (RFC 4287 §4.1.1).
  func startCoreFeed(_ name: XMLName, _ attributes: XMLAttributes, isAtom: Bool) -> Context {
    // Its own namespace, but the other format's.
    let rank = isAtom == (core == .atom10) ? 0 : 4
    switch name.element {
    case .item, .entry: return beginItem(attributes)
    case .title: return gather(.title(rank: rank), Self.kind(attributes, isAtom: isAtom))
    case .description:
      let rank = core == .atom10 ? 3 : rank
      return gather(.summary(rank: rank), Self.kind(attributes, isAtom: false))
    case .subtitle, .tagline:
      let rank = core == .atom10 ? rank : 4
      return gather(.summary(rank: rank), Self.kind(attributes, isAtom: isAtom))
    case .link: return startLink(attributes, isAtom: isAtom)
    case .id: return gather(.guid, .plain)
    case .logo: return gather(.icon, .plain)
    case .icon: return gather(.image(rank: 0), .plain)
    case .author, .managingEditor: return gather(.author, .plain)
    case .contributor: return beginPerson(.contributor)
    case .language: return gather(.language, .plain)
    case .updated, .modified: return gather(.modified(rank: 0), .plain)
    case .lastBuildDate: return gather(.modified(rank: 1), .plain)
    case .pubDate: return gather(.modified(rank: 4), .plain)
    case .ttl: return gather(.ttl, .plain)
    case .skipHours: return .skipHours
    case .skipDays: return .skipDays
    case .items: return .section
    case .image: return .image
    case .generator: return startGenerator(attributes)
    case .webMaster: return gather(.fact(.webMaster), .plain)
    default: return startCoreFact(name, attributes, isAtom: isAtom)
    }
  }

  /// An element of RSS or Atom in an item (RSS 2.0 "Elements of item") or in an entry
  /// (RFC 4287 §4.1.2).
  func startCoreItem(_ name: XMLName, _ attributes: XMLAttributes, isAtom: Bool) -> Context {
    let rank = isAtom == (core == .atom10) ? 0 : 4
    // Only texts have a kind, and most elements are none.
    func kind() -> TextKind { Self.kind(attributes, isAtom: isAtom) }
    switch name.element {
    case .title:
      noteTextLanguage(attributes, rank: 1)
      return gather(.title(rank: rank), kind())
    case .link: return startLink(attributes, isAtom: isAtom)
    case .guid, .id: return startGuid(name, attributes)
    case .description:
      let rank = core == .atom10 ? 3 : rank
      return gather(.summary(rank: rank), Self.kind(attributes, isAtom: false))
    case .summary:
      noteTextLanguage(attributes, rank: 2)
      return gather(.summary(rank: isAtom ? rank : 2), kind())
    case .content:
      if let source = attributes[.src] {
        draft?.link.offer(resolvedLink(source), rank: 8)
        return .ignored
      }
      noteTextLanguage(attributes, rank: 0)
      return gather(.content(rank: isAtom ? rank : 3), kind())
    case .body: return gather(.content(rank: 3), Self.kind(attributes, isAtom: false))
    // Quirk: the body is called `fullitem`. Seen: UserLand's early tools. Fixture: quirks/fullitem.xml
    case .fullItem: return gather(.content(rank: 4), Self.kind(attributes, isAtom: false))
    case .author, .managingEditor: return gather(.author, .plain)
    case .contributor: return beginPerson(.contributor)
    case .source: return startSource(attributes)
    case .keywords, .tags: return gather(.keywords, .plain)
    case .comments: return gather(.comments, .plain)
    case .language: return gather(.language, .plain)
    case .enclosure:
      attach(Self.address(attributes), type: attributes[.type], length: attributes[.length])
      return .ignored
    case .image: return .image
    case .copyright, .rights, .category:
      return startCoreFact(name, attributes, isAtom: isAtom)
    default: return startCoreDate(name, isAtom: isAtom)
    }
  }

  /// What a feed and an item say in the same way.
  private func startCoreFact(
    _ name: XMLName,
    _ attributes: XMLAttributes,
    isAtom: Bool
  ) -> Context {
    switch name.element {
    case .category:
      let term = attributes[.term].flatMap(Self.trimmed)
      addTag(term)
      return gather(.category(label: term == nil ? attributes[.label] : nil), .guess)
    case .copyright, .rights:
      return gather(.fact(.rights(rank: 0)), Self.kind(attributes, isAtom: isAtom))
    default: return .ignored
    }
  }

  /// The dates of an item: when it came out, and when it was last changed.
  private func startCoreDate(_ name: XMLName, isAtom: Bool) -> Context {
    switch name.element {
    case .pubDate: gather(.published(rank: 0), .plain)
    case .published: gather(.published(rank: isAtom ? 1 : 0), .plain)
    // Atom 0.3 §4.13.8 and §4.13.9.
    case .issued: gather(.published(rank: 2), .plain)
    case .created: gather(.published(rank: 6), .plain)
    case .updated, .modified: gather(.modified(rank: isAtom ? 0 : 2), .plain)
    case .lastBuildDate: gather(.modified(rank: 3), .plain)
    default: .ignored
    }
  }

  /// `guid` (RSS 2.0 "<guid> sub-element of <item>") and `id` (RFC 4287 §4.2.6).
  private func startGuid(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    // Each format's own name for it counts, and the other's only where that is missing.
    let isOwn = (name.element == .id) == (core == .atom10)
    if !isOwn, draft?.item.guid != nil { return .ignored }
    draft?.guidIsLink = attributes[.isPermaLink]?.lowercased() != "false"
    return gather(.guid, .plain)
  }

  /// `link`: the address is the text in RSS, and an attribute in Atom.
  private func startLink(_ attributes: XMLAttributes, isAtom: Bool) -> Context {
    let relation = Self.relation(attributes)
    let type = attributes[.type]
    // In RSS the item's own `<link>` comes before one of Atom.
    let rank = isAtom && core == .rss ? 3 : 1
    // Quirk: the address of an RSS link is an attribute, as in Atom. Seen: hand-written feeds. Fixture: quirks/link-as-attribute.xml
    guard let reference = Self.address(attributes) else {
      // Quirk: the address of an Atom link is its text, as in RSS. Seen: hand-written feeds. Fixture: quirks/link-as-text.xml
      return isAtom || attributes[.rel] != nil
        ? gather(.looseLink(relation: relation, type: type, rank: rank), .plain)
        : gather(.link(rank: isInItem ? 1 : 0), .plain)
    }
    if isInItem {
      itemLink(
        reference,
        relation: relation,
        type: type,
        rank: rank,
        length: attributes[.length],
        title: attributes[.title]
      )
      if relation == "replies" { countComments(attributes[.thread, .count], rank: 1) }
    } else {
      feedLink(reference, relation: relation, type: type, rank: rank)
    }
    return .ignored
  }

  /// The address that an element has as an attribute, by any of its names.
  private static func address(_ attributes: XMLAttributes) -> String? {
    guard attributes.count > 0 else { return nil }
    return (attributes[.href] ?? attributes[.url] ?? attributes[.uri]).flatMap(trimmed)
  }

  /// What a text holds, if the format says so.
  static func kind(_ attributes: XMLAttributes, isAtom: Bool) -> TextKind {
    if isAtom { return kind(attributes) }
    guard attributes.count > 0, attributes[.mode]?.lowercased() == "base64" else { return .guess }
    return kind(attributes)
  }
}
