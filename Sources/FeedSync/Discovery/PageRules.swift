import FeedModel
import FeedText

/// Where the feed of a page is that does not name it, on sites whose pages say it in other words.
///
/// Pure. The addresses have the scheme, host and port that the page came from.
///
/// - Parameters:
///   - page: The bytes of the page.
///   - address: Where it came from, after redirects.
/// - Returns: Absolute addresses, the best one first; none where nothing is known of the site.
func feedAddresses(ofPage page: [UInt8], at address: String) -> [String] {
  guard let url = WebURL(address), let site = SiteAddress(url) else { return [] }
  let references: [String] =
    switch site.host {
    case "youtube.com", "m.youtube.com", "music.youtube.com": youTubeFeeds(page)
    case "soundcloud.com": soundCloudFeeds(page)
    default: []
    }
  let host = site.host == "m.youtube.com" || site.host == "music.youtube.com"
  return references.compactMap { place(host ? "//www.youtube.com" + $0 : $0, like: url) }
}

/// The channel of the page of a handle, of a channel with a name, or of a film.
private func youTubeFeeds(_ page: [UInt8]) -> [String] {
  let head = PageHead(page: page)
  // On the page of a channel `identifier` is the channel, on that of a film the film.
  var ids = [head["channelid"], head["identifier"]].compactMap(\.self)
  if let canonical = head.canonical ?? head["og:url"], let url = WebURL(canonical),
    let site = SiteAddress(url), site[0] == "channel", let id = site[1]
  {
    ids.append(id)
  }
  let id =
    ids.first(where: { isYouTubeChannel($0) })
    ?? channel(in: page, after: "\"videoDetails\":{", named: "\"channelId\":\"")
    ?? channel(in: page, after: "\"channelMetadataRenderer\":{", named: "\"externalId\":\"")
  return id.map { ["/feeds/videos.xml?channel_id=\($0)"] } ?? []
}

/// An id that stands in a script of the page, soon after the object that it belongs to begins.
private func channel(in page: [UInt8], after object: String, named member: String) -> String? {
  guard let start = page.firstRange(of: Array(object.utf8))?.upperBound,
    let found = page[start...].prefix(20_000).firstRange(of: Array(member.utf8))?.upperBound
  else { return nil }
  let id = String(decoding: page[found...].prefix(24), as: UTF8.self)
  return isYouTubeChannel(id) ? id : nil
}

/// The number of a user, which its feed is called by.
///
/// Source: SoundCloud's help on the feeds of podcasts; its pages tell applications the same number.
private func soundCloudFeeds(_ page: [UInt8]) -> [String] {
  let head = PageHead(page: page)
  guard let app = head["al:ios:url"] ?? head["twitter:app:url:iphone"],
    app.hasPrefix("soundcloud://users:")
  else { return [] }
  let id = app.dropFirst("soundcloud://users:".count)
  guard !id.isEmpty, id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return [] }
  return ["//feeds.soundcloud.com/users/soundcloud:users:\(id)/sounds.rss"]
}
