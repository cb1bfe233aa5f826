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

  /// Describes a link.
  public init(url: String, title: String?, mimeType: String?, rel: String) {
    self.url = url
    self.title = title
    self.mimeType = mimeType
    self.rel = rel
  }
}

/// Finds the feeds that a page names (HTML §4.6.7.1, `rel=alternate` with the type of a feed).
///
/// - Parameters:
///   - bytes: The page, in UTF-8, or in windows-1252 when it says so.
///   - baseURL: Where the page came from, after redirects.
/// - Returns: Each address once, in document order, feeds of comments after the others.
public func feedLinks(inPage bytes: [UInt8], baseURL: String) -> [FeedLink] {
  var resolver = AddressResolver(baseURL: baseURL)
  var elements: [HTMLElement] = []
  var hasBase = false
  for case .open(let element) in parseHTML(decodedPage(bytes)) {
    switch element.tag {
    case .base:
      guard !hasBase, let reference = element["href"] else { continue }
      hasBase = true
      // HTML §4.2.3: only the first counts; one that is no web address is ignored.
      resolver.rebase(reference)
    case .link: elements.append(element)
    default: break
    }
  }
  var seen: Set<String> = []
  let links = elements.compactMap { feedLink($0, resolver: &resolver) }
    .filter { link in
      seen.insert(WebURL(link.url)?.withoutFragment.text ?? link.url).inserted
    }
  return links.filter { !isAboutComments($0) } + links.filter(isAboutComments)
}

private func feedLink(_ element: HTMLElement, resolver: inout AddressResolver) -> FeedLink? {
  let rel = (element["rel"] ?? "").lowercased()
  let relations = rel.split { $0.isWhitespace }
  guard let reference = element["href"], !reference.allSatisfy(\.isWhitespace),
    relations.contains("alternate") || relations.contains("feed"),
    let url = resolver.url(reference, in: .media)
  else { return nil }
  let type = element["type"]
    .map {
      plainText(html: String($0.prefix { $0 != ";" })).lowercased()
    }
  guard isFeedType(type ?? "", url: url, isNamedFeed: relations.contains("feed")) else {
    return nil
  }
  var title = InlineText()
  title.append(element["title"] ?? "")
  return FeedLink(
    url: url,
    title: title.isEmpty ? nil : title.take(),
    mimeType: type?.isEmpty == false ? type : nil,
    rel: rel
  )
}

/// General types are those of a feed only where the address says the same.
private func isFeedType(_ type: String, url: String, isNamedFeed: Bool) -> Bool {
  switch type {
  case "application/rss+xml", "application/atom+xml", "application/feed+json",
    "application/rdf+xml", "application/x-rss+xml", "application/x.atom+xml",
    "application/x-atom+xml", "text/rss+xml", "text/atom+xml":
    true
  case "application/json", "application/xml", "text/xml", "text/rss", "text/json":
    isNamedFeed || ["feed", "rss", "atom", "rdf"].contains { url.lowercased().contains($0) }
  case "": isNamedFeed
  default: false
  }
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
