import FeedModel

/// A feed that a page names.
public struct FeedLink: Hashable, Sendable {
  /// Where it is; absolute, http or https.
  public var url: String
  /// What the page calls it; nil when it has no title.
  public var title: String?
  /// The type as the page claims it, in lower case and without parameters; nil when absent.
  public var mimeType: String?
  /// The `rel` attribute as it is written, in lower case.
  public var rel: String
  /// The page says that it is a feed; otherwise it only looks like one.
  public var isDeclared: Bool

  /// Describes a link.
  public init(
    url: String,
    title: String?,
    mimeType: String?,
    rel: String,
    isDeclared: Bool = true
  ) {
    self.url = url
    self.title = title
    self.mimeType = mimeType
    self.rel = rel
    self.isDeclared = isDeclared
  }
}

/// Finds the feeds that a page names (HTML §4.6.7.1, `rel=alternate` with the type of a feed).
///
/// Links that a reader of the page would follow count only if they look like feeds, and come last.
/// A page of any length is read, of a long one the first 2 MB; at most 256 feeds are found in it.
///
/// - Parameters:
///   - bytes: The page, in UTF-8, or in windows-1252 when it says so.
///   - baseURL: Where the page came from, after redirects.
/// - Returns: Each address once: those that the page declares in document order, feeds of comments
///   after the others, and then those that only look like feeds.
public func feedLinks(inPage bytes: [UInt8], baseURL: String) -> [FeedLink] {
  var resolver = AddressResolver(baseURL: baseURL)
  var hasBase = false
  var elements: [(element: HTMLElement, text: String)] = []
  var anchor: Int?
  var words = InlineText()
  for event in parseHTML(decodedPage(wholeTags(bytes))) {
    switch event {
    case .open(let element):
      switch element.tag {
      case .base:
        guard !hasBase, let reference = element["href"] else { continue }
        hasBase = true
        // HTML §4.2.3: only the first counts; one that is no web address is ignored.
        resolver.rebase(reference)
      case .link: elements.append((element, ""))
      case .a:
        anchor = elements.count
        elements.append((element, ""))
      default: break
      }
    case .text(let text) where anchor != nil: words.append(String(text.prefix(titleMax)))
    case .text: break
    case .close(.a):
      if let anchor { elements[anchor].text = words.take() }
      anchor = nil
    case .close: break
    }
  }
  return feedLinks(among: elements, resolver: &resolver)
}

/// A longer page is cut: the tree of one takes thirty times its size.
private let pageBytesMax = 2 << 20
/// A longer text of a link is cut.
private let titleMax = 200
/// More feeds of one page are left out.
private let linksMax = 256

/// A long page, cut between two tags.
private func wholeTags(_ bytes: [UInt8]) -> [UInt8] {
  guard bytes.count > pageBytesMax else { return bytes }
  let start = bytes[..<pageBytesMax]
  return Array(start[..<(start.lastIndex(of: UInt8(ascii: "<")) ?? start.endIndex)])
}

private func feedLinks(
  among elements: [(element: HTMLElement, text: String)],
  resolver: inout AddressResolver
) -> [FeedLink] {
  var seen: Set<String> = []
  var ranked: [[FeedLink]] = [[], [], []]
  var count = 0
  // What is declared comes first also where the same address was linked before.
  for tag in [HTMLTag.link, .a] {
    for (element, text) in elements where element.tag == tag && count < linksMax {
      guard let link = feedLink(element, text: text, resolver: &resolver),
        seen.insert(WebURL(link.url)?.withoutFragment.text ?? link.url).inserted
      else { continue }
      ranked[!link.isDeclared ? 2 : isAboutComments(link) ? 1 : 0].append(link)
      count += 1
    }
  }
  return ranked[0] + ranked[1] + ranked[2]
}

private func feedLink(
  _ element: HTMLElement,
  text: String,
  resolver: inout AddressResolver
) -> FeedLink? {
  let rel = (element["rel"] ?? "").lowercased()
  let relations = rel.split { $0.isWhitespace }
  let type =
    element["type"]
    .map {
      plainText(html: String($0.prefix { $0 != ";" })).lowercased()
    } ?? ""
  let isNamedFeed = relations.contains("feed")
  let isDeclared = isNamedFeed || relations.contains("alternate")
  guard let reference = element["href"], !reference.allSatisfy(\.isWhitespace),
    element.tag == .a || isDeclared,
    let url = resolver.url(withoutFeedScheme(reference), in: .media)
  else { return nil }
  var title = InlineText()
  title.append(String((element["title"] ?? text).prefix(titleMax)))
  var link = FeedLink(
    url: url,
    title: title.isEmpty ? nil : title.take(),
    mimeType: type.isEmpty ? nil : type,
    rel: rel
  )
  if isDeclared, isFeedType(type, link, isNamedFeed: isNamedFeed) { return link }
  guard element.tag == .a, isFeedType(type, link, isNamedFeed: false) || looksLikeFeed(url) else {
    return nil
  }
  link.isDeclared = false
  return link
}

/// `feed:https://x` and `feed://x` stand for an address of the web.
private func withoutFeedScheme(_ reference: String) -> String {
  guard reference.prefix(5).lowercased() == "feed:" else { return reference }
  let rest = String(reference.dropFirst(5))
  if rest.hasPrefix("//") { return "http:" + rest }
  return WebURL(rest)?.isWeb == true ? rest : reference
}

/// General types are those of a feed only where the address or the title says the same.
private func isFeedType(_ type: String, _ link: FeedLink, isNamedFeed: Bool) -> Bool {
  switch type {
  case "application/rss+xml", "application/atom+xml", "application/feed+json",
    "application/rdf+xml", "application/x-rss+xml", "application/x.atom+xml",
    "application/x-atom+xml", "application/rss", "application/atom", "text/rss+xml",
    "text/atom+xml":
    return true
  case "application/json", "application/xml", "text/xml", "text/rss", "text/json":
    if isNamedFeed { return true }
    let words = link.url.lowercased() + " " + (link.title ?? "").lowercased()
    return ["feed", "rss", "atom", "rdf", "/index.xml"].contains(where: { words.contains($0) })
  case "": return isNamedFeed
  default: return false
  }
}

/// Whether an address is one that feeds have, by the last part of its path.
///
/// An address within another one leads to a service that reads feeds.
private func looksLikeFeed(_ address: String) -> Bool {
  guard let url = WebURL(address) else { return false }
  let path = url.path.lowercased()
  guard !path.contains(":"), !path.contains("%3a") else { return false }
  let name = path.split(separator: "/").last ?? ""
  let names: Set<Substring> = [
    "feed", "feeds", "rss", "atom", "rdf", "rss2", "feed.xml", "feed.json", "feed.php", "rss.xml",
    "rss.php", "atom.xml", "atom.php", "index.xml", "index.rdf", "rss.json",
  ]
  if names.contains(name) || [".rss", ".atom", ".rdf"].contains(where: { name.hasSuffix($0) }) {
    return true
  }
  return (url.query ?? "").lowercased().split(separator: "&")
    .contains { ["feed=rss", "feed=rss2", "feed=atom", "format=feed", "type=rss"].contains($0) }
}

/// Blogs name the feed of their comments beside that of their articles.
private func isAboutComments(_ link: FeedLink) -> Bool {
  let url = link.url.lowercased()
  if ["/comments/", "comments-rss", "comments-atom", "/comments.", "feed=comments"]
    .contains(
      where: url.contains
    )
  {
    return true
  }
  guard let title = link.title?.lowercased() else { return false }
  return ["comment", "kommentar", "comentario", "comentário", "commenti", "reacties", "コメント"]
    .contains(where: title.contains)
}
