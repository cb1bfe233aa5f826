import FeedModel

/// The feed that an item was taken over from.
extension FeedBuilder {
  /// `<source>`: in RSS 2.0 its text is the title and its address an attribute, in Atom it holds
  /// what the other feed says of itself (RFC 4287 §4.2.11).
  func startSource(_ attributes: XMLAttributes) -> Context {
    let url = (attributes[.url] ?? attributes[.href]).flatMap(resolvedLink)
    say {
      $0.source = ItemSource()
      $0.source?.feedURL = url
    }
    return gather(.fact(.sourceTitle), .guess)
  }

  /// Whether an element is a part of a feed (RFC 4287 §4.1.1), and not markup in its title.
  static func isSourcePart(_ name: XMLName) -> Bool {
    switch name.element {
    case .author, .category, .contributor, .generator, .icon, .id, .link, .logo, .rights, .subtitle,
      .title, .updated:
      true
    default: false
    }
  }

  /// An element in `<source>`, which is Atom's then.
  func startInSource(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    let vocabulary = vocabulary(name)
    guard vocabulary == .atom10 || vocabulary == .rss else { return .ignored }
    switch name.element {
    case .title:
      return gather(.fact(.sourceTitle), Self.kind(attributes, isAtom: vocabulary == .atom10))
    case .id: return gather(.fact(.sourceID), .plain)
    case .author: return beginPerson(.sourceAuthor)
    case .link:
      guard let url = attributes[.href].flatMap(resolvedLink) else { return .ignored }
      let relation = Self.relation(attributes)
      let isPage = Self.isPage(attributes[.type])
      say {
        if relation == "self", $0.source?.feedURL == nil { $0.source?.feedURL = url }
        if relation == "alternate", isPage, $0.source?.url == nil { $0.source?.url = url }
      }
      return .ignored
    default: return .ignored
    }
  }
}
