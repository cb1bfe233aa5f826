import FeedModel

/// What the feed and its items say beyond JSON Feed, and what becomes of it when an element closes.
extension FeedBuilder {
  /// Changes what is said of the item that is open, or else of the feed.
  func say(_ change: (inout FactsDraft) -> Void) {
    if isInItem {
      itemSaysMore = true
      change(&itemFacts)
    } else {
      change(&feedFacts)
    }
  }

  /// An element of a module that says the same of a feed and of an item.
  func startFact(
    _ vocabulary: XMLNamespace,
    _ name: XMLName,
    _ attributes: XMLAttributes
  ) -> Context {
    switch vocabulary {
    case .georss, .gml, .geo: return startInPlace(name, attributes)
    case .license:
      guard name.element == .license else { return .ignored }
      guard let url = attributes[.rdf, .resource] else { return gather(.fact(.license), .plain) }
      addLicense(url)
    case .dc, .dcterms:
      switch name.element {
      case .rights: return gather(.fact(.rights(rank: 1)), .guess)
      case .contributor: return gather(.fact(.contributor), .plain)
      default: break
      }
    case .podcast: return startPodcast(name, attributes)
    case .thread where name.element == .total && isInItem:
      return gather(.fact(.commentsCount), .plain)
    case .thread where name.element == .inReplyTo && isInItem:
      answers(attributes)
    case .slash where name.element == .comments && isInItem:
      return gather(.fact(.commentsCount), .plain)
    case .wfw where name.element == .commentRSS && isInItem:
      return gather(.fact(.commentsFeed), .plain)
    case .chapters: return startInChapters(name, attributes)
    case .admin where name.element == .generatorAgent && !isInItem:
      guard let url = attributes[.rdf, .resource].flatMap(resolvedLink) else { break }
      feedFacts.generator = feedFacts.generator ?? Generator(url: url)
    default: break
    }
    return .ignored
  }

  /// `thr:in-reply-to` (RFC 4685 §3).
  private func answers(_ attributes: XMLAttributes) {
    let item = RepliedItem(
      id: attributes[.ref].flatMap(Self.trimmed),
      url: attributes[.href].flatMap(resolvedLink)
    )
    guard item != RepliedItem() else { return }
    say { if hasRoom(in: $0.inReplyTo.count) { $0.inReplyTo.append(item) } }
  }

  /// `link rel="replies"` of a feed's type (RFC 4685 §4).
  func addCommentsFeed(_ url: String, type: String?) {
    guard let type, Self.isXML(type) else { return }
    say { $0.commentsFeedURL = $0.commentsFeedURL ?? url }
  }

  /// A media type of XML (RFC 7303 §4), whatever its parameters.
  private static func isXML(_ type: String) -> Bool {
    let essence = type.utf8.prefix { $0 != UInt8(ascii: ";") }
    return Array(essence).trimmed.suffix(3).map { $0 | 0x20 } == Array("xml".utf8)
  }

  /// The language of a text of the item, for want of one of the item itself.
  func noteTextLanguage(_ attributes: XMLAttributes, rank: Int) {
    guard attributes.count > 0, let tag = attributes[.xml, .lang].flatMap(Self.languageTag) else {
      return
    }
    say { $0.textLanguage.offer(tag, rank: rank) }
  }

  /// The URL of a licence.
  func addLicense(_ reference: String?) {
    guard let url = reference.flatMap(resolvedLink) else { return }
    say {
      if hasRoom(in: $0.licenses.count), $0.metLicenses.insert(url, to: $0.licenses) {
        $0.licenses.append(url)
      }
    }
  }

  /// `generator` of Atom, whose attributes say more (RFC 4287 §4.2.4).
  func startGenerator(_ attributes: XMLAttributes) -> Context {
    guard feedFacts.generator == nil else { return .ignored }
    feedFacts.generator = Generator(
      url: (attributes[.uri] ?? attributes[.url]).flatMap(resolvedLink),
      version: attributes[.version].flatMap(Self.trimmed)
    )
    return gather(.fact(.generatorName), .guess)
  }

  /// The element of a fact closes.
  func finishFact(_ fact: FactField, _ bytes: [UInt8]) {
    switch fact {
    case .rights(let rank):
      let text = title(bytes)
      say { $0.rights.offer(text, rank: rank) }
    case .license: addLicense(string(bytes))
    case .contributor:
      let text = plainText(ofHTML: bytes, keepingUnknownTags: true)
      if let person = Author(person: text) { addContributor(person) }
    case .commentsCount: countComments(string(bytes), rank: 0)
    case .commentsFeed:
      let url = resolvedLink(string(bytes))
      say { $0.commentsFeedURL = $0.commentsFeedURL ?? url }
    case .sourceTitle:
      let text = title(bytes)
      say { $0.source?.title = text }
    case .sourceID: say { $0.source?.id = string(bytes) }
    case .generatorName: feedFacts.generator?.name = title(bytes)
    case .webMaster:
      feedFacts.webMaster = Author(person: plainText(ofHTML: bytes, keepingUnknownTags: true))
    case .updateBase: feed.schedule.updateBase = date(bytes)
    case .latitude, .longitude, .positions, .corner, .placeName:
      finishPlaceFact(fact, bytes)
    case .credit, .rating: finishMediaFact(fact, bytes)
    default: finishPodcastFact(fact, bytes)
    }
  }

  func addContributor(_ person: Author) {
    guard person.name != nil || person.url != nil else { return }
    say { if hasRoom(in: $0.contributors.count) { $0.contributors.append(person) } }
  }

  /// A count of comments; the first of the most trusted place holds.
  func countComments(_ text: String?, rank: Int) {
    guard let text = text.flatMap(Self.trimmed) else { return }
    guard let count = Self.size(text) else { return note(.badValue, text) }
    say { $0.commentsCount.offer(Int(count), rank: rank) }
  }
}
