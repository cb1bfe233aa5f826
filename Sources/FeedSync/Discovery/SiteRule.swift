import FeedModel

/// What is known of the feeds of one site, or of one kind of site.
struct SiteRule: Sendable {
  /// The feeds that belong to an address, the best one first; none where the rule does not hold.
  ///
  /// A path with its query, or `//host/path` where the feed stands on another host of the site.
  let feeds: @Sendable (SiteAddress) -> [String]

  /// The rules, in the order in which they are asked: hosts that are known by name first.
  static let all =
    [youTube, gitHub, gist, gitLab, forgejo, sourceHut, sourceForge]
    + [reddit, bluesky, hackerNews, lobsters, stackExchange, odysee]
    + [substack, medium, tumblr, wordPress, blogger, devTo]
    + [arXiv, pyPI, steam, mastodon, lemmy]
}

/// Where the feeds are that belong to an address of a site that is known.
///
/// Pure. Scheme and port stay as they were typed, and so does the host where the site has its feeds
/// on the same one. An address that is a feed already has none.
///
/// - Parameter address: What was typed, absolute.
/// - Returns: Absolute addresses, the best one first; none where no rule holds.
public func feedAddresses(ofSite address: String) -> [String] {
  guard let url = WebURL(address), let site = SiteAddress(url) else { return [] }
  for rule in SiteRule.all {
    let feeds = rule.feeds(site).compactMap { place($0, like: url) }
    if !feeds.isEmpty { return feeds }
  }
  return []
}

/// Makes what a rule says absolute, with the scheme and the port of an address.
func place(_ reference: String, like url: WebURL) -> String? {
  guard reference.hasPrefix("//"), let port = url.port else {
    return url.resolving(reference)?.withoutUserinfo.text
  }
  let rest = reference.dropFirst(2)
  let end = rest.firstIndex(of: "/") ?? rest.endIndex
  return WebURL("\(url.scheme)://\(rest[..<end]):\(port)\(rest[end...])")?.text
}
