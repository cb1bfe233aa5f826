// Sites that hold films, papers and games. The sources of the rules stand beside them.

extension SiteRule {
  /// Channels by their id or their old user name, and playlists.
  ///
  /// A handle does not say which channel it is: its page does, see `feedAddresses(ofPage:at:)`.
  /// Source: developers.google.com/youtube/v3/guides/push_notifications; the link in the head of the
  /// page of a channel.
  static let youTube = SiteRule { site in
    guard ["youtube.com", "m.youtube.com", "music.youtube.com"].contains(site.host) else {
      return []
    }
    // The others have no feeds of their own.
    let host = site.host == "youtube.com" ? "" : "//www.youtube.com"
    switch site[0] {
    case "channel":
      guard let id = site[1], isYouTubeChannel(id) else { return [] }
      return ["\(host)/feeds/videos.xml?channel_id=\(id)"]
    case "user":
      guard let name = site[1], name.isName(with: "-_.") else { return [] }
      return ["\(host)/feeds/videos.xml?user=\(name)"]
    case "playlist", "watch":
      // Watch later and likes are nobody else's, and a mix is made up anew for everybody.
      guard let id = site.value("list"), id.isName(with: "-_"), !["WL", "LL"].contains(id),
        !id.hasPrefix("RD")
      else { return [] }
      return ["\(host)/feeds/videos.xml?playlist_id=\(id)"]
    default: return []
    }
  }

  /// Channels.
  ///
  /// Source: the addresses that its own feeds call themselves by.
  static let odysee = SiteRule { site in
    guard site.host == "odysee.com", site.path.count == 1, let channel = site[0],
      channel.hasPrefix("@"), channel.contains(":")
    else { return [] }
    return ["/$/rss/\(channel)"]
  }

  /// New papers of an archive or a category.
  ///
  /// Source: info.arxiv.org/help/rss.html.
  static let arXiv = SiteRule { site in
    guard site.host == "arxiv.org", site[0] == "list" || site[0] == "archive",
      let category = site[1], category.isName(with: "-.")
    else { return [] }
    return ["//rss.arxiv.org/rss/\(category)"]
  }

  /// News of a game.
  ///
  /// Source: the button for RSS on the page of the news of a game.
  static let steam = SiteRule { site in
    let isNews = site.host == "store.steampowered.com" && site[0] == "news" && site[1] == "app"
    let isApp = site.host == "store.steampowered.com" && site[0] == "app"
    guard let id = isNews ? site[2] : isApp ? site[1] : nil,
      id.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return [] }
    return ["/feeds/news/app/\(id)/"]
  }
}

/// `UC` and 22 characters of base64url: 128 bits.
func isYouTubeChannel(_ id: some StringProtocol) -> Bool {
  id.utf8.count == 24 && id.hasPrefix("UC") && String(id).isName(with: "-_")
}
