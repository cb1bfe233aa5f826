import FeedModel

extension FeedBuilder {
  /// What a text construct holds (RFC 4287 §3.1.1 and §4.1.3.3; Atom 0.3 §3.1).
  static func kind(_ attributes: XMLAttributes) -> TextKind {
    guard attributes.count > 0 else { return .plain }
    // A parameter such as the charset says nothing of what kind of text it is.
    let type = (attributes[.type] ?? "text").prefix { $0 != ";" && $0 != " " }.lowercased()
    let mode = attributes[.mode]?.lowercased()
    if mode == "base64" {
      return type.hasPrefix("text") && type != "text/html" ? .plainBase64 : .base64
    }
    if mode == "xml" { return type == "text" || type == "text/plain" ? .plain : .markup }
    switch type {
    case "html", "text/html": return .html
    case "xhtml": return .markup
    case "text", "text/plain": return .plain
    default:
      if type.hasSuffix("+xml") || type.hasSuffix("/xml") {
        return mode == "escaped" ? .html : .markup
      }
      return type.contains("/") && !type.hasPrefix("text/") ? .base64 : .plain
    }
  }

  // MARK: Links

  /// A link of the feed (RFC 4287 §4.2.7).
  func feedLink(_ reference: String, relation: String, type: String?, rank: Int) {
    guard let url = resolvedLink(reference) else { return }
    switch relation {
    case "alternate":
      let isPage = Self.isPage(type)
      feedLink.offer(url, rank: rank + (isPage ? 0 : 1))
      if isPage, feedLinkBase == nil { feedLinkBase = resolver.base(url) }
    case "self": if feed.feedURL == nil { feed.feedURL = url }
    case "hub": if !feed.hubs.contains(url), hasRoom(in: feed.hubs.count) { feed.hubs.append(url) }
    case "license": addLicense(url)
    case "next": feedFacts.nextURL = feedFacts.nextURL ?? url
    default: break
    }
  }

  /// A link of the item that is open (RFC 4287 §4.2.7).
  func itemLink(
    _ reference: String,
    relation: String,
    type: String?,
    rank: Int,
    length: String? = nil,
    title: String? = nil
  ) {
    guard let url = resolvedLink(reference) else { return }
    switch relation {
    case "alternate":
      draft?.link.offer(url, rank: rank + (Self.isPage(type) ? 0 : 1))
    case "related": if draft?.item.externalURL == nil { draft?.item.externalURL = url }
    case "enclosure": attach(reference, type: type, length: length, title: title)
    case "replies":
      if !Self.isPage(type) { return addCommentsFeed(url, type: type) }
      if draft?.item.commentsURL == nil { draft?.item.commentsURL = url }
    case "license": addLicense(url)
    default: break
    }
  }

  /// `rel`, in lower case and without the registry's prefix (RFC 4287 §4.2.7.2).
  static func relation(_ attributes: XMLAttributes) -> String {
    guard let rel = attributes[.rel].flatMap(trimmed) else { return "alternate" }
    let prefix = "http://www.iana.org/assignments/relation/"
    return (rel.hasPrefix(prefix) ? String(rel.dropFirst(prefix.count)) : rel).lowercased()
  }

  /// A type that a browser shows as a page; no type counts as one.
  static func isPage(_ type: String?) -> Bool {
    guard let type = type.flatMap(trimmed)?.lowercased() else { return true }
    return type.hasPrefix("text/html") || type.hasPrefix("application/xhtml")
  }

  // MARK: Persons

  func beginPerson(_ role: PersonRole) -> Context {
    person = Author()
    personRole = role
    return .person
  }

  /// Whether an element is a part of a person (RFC 4287 §3.2), and not markup in a name.
  static func isPersonPart(_ name: XMLName) -> Bool {
    [.name, .uri, .url, .homepage, .email].contains(name.element)
  }

  func startInPerson(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .name: gather(.personName, .plain)
    case .uri, .url, .homepage: gather(.personURL, .plain)
    case .email: gather(.personEmail, .plain)
    default: .ignored
    }
  }

  func finishPerson() {
    switch personRole {
    case .author: addAuthor(person)
    case .contributor: addContributor(person)
    case .sourceAuthor: say { $0.offerAuthor(person, rank: 0) }
    case .owner: feedFacts.podcast.owner = person == Author() ? nil : person
    }
  }

  /// Adds an author to the item or the feed that is open, unless the name is there already.
  func addAuthor(_ author: Author) {
    guard author.name != nil || author.url != nil else { return }
    if draft == nil { return add(author, to: &feed.authors, &metAuthors) }
    // Two parts of one value cannot be changed at once; taken out, the list is not copied.
    var authors = draft?.item.authors ?? []
    var met = draft?.metAuthors ?? MetTexts()
    draft?.item.authors = []
    draft?.metAuthors = MetTexts()
    add(author, to: &authors, &met)
    draft?.item.authors = authors
    draft?.metAuthors = met
  }

  private func add(_ author: Author, to authors: inout [Author], _ met: inout MetTexts) {
    guard hasRoom(in: authors.count) else { return }
    if met.insert(author.name ?? author.url ?? "", to: authors.lazy.map { $0.name ?? $0.url ?? "" })
    {
      authors.append(author)
    } else if let url = author.url,
      let place = authors.firstIndex(where: { $0.name == author.name && $0.name != nil }),
      authors[place].url == nil
    {
      authors[place].url = url
    }
  }

  /// Whether a list takes one more entry.
  func hasRoom(in count: Int) -> Bool {
    if count == Limit.listEntries.value { note(.limit, Limit.listEntries.detail) }
    return count < Limit.listEntries.value
  }

  /// Adds a tag to the item or the feed that is open, unless it is there already.
  func addTag(_ text: String?) {
    guard let tag = text.map({ collapsed($0) }), !tag.isEmpty else { return }
    guard let tags = draft?.item.tags else { return addFeedTag(tag) }
    guard hasRoom(in: tags.count), draft?.metTags.insert(tag, to: tags) == true else { return }
    draft?.item.tags.append(tag)
  }

  private func addFeedTag(_ tag: String) {
    guard hasRoom(in: feedFacts.tags.count) else { return }
    let tags = feedFacts.tags
    if feedFacts.metTags.insert(tag, to: tags) { feedFacts.tags.append(tag) }
  }
}
