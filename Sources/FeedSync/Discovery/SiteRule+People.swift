// Sites where people talk. The sources of the rules stand beside them.

extension SiteRule {
  /// Subreddits, users, multireddits, searches, posts, domains and the front page.
  ///
  /// Source: reddit.com/wiki/rss.
  static let reddit = SiteRule { site in
    guard site.isBelow("reddit.com"), site.path.last?.hasSuffix(".rss") != true else { return [] }
    var path = site.path
    switch path.first {
    case nil: return ["/.rss"]
    case "u":
      path[0] = "user"
      guard path.count > 1 else { return [] }
    case "r", "user", "domain": guard path.count > 1 else { return [] }
    case "search": break
    case "new", "rising", "top", "hot": break
    default: return []
    }
    guard !["wiki", "about", "s"].contains(site[2] ?? "") else { return [] }
    // What says where a link was shared does not change what is listed.
    let kept = site.query.filter {
      ["q", "sort", "t", "restrict_sr", "type"].contains($0.name) && !$0.value.isEmpty
    }
    let query = kept.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let joined = "/" + path.joined(separator: "/")
    let feed = path.last == "search" ? "\(joined).rss" : "\(joined)/.rss"
    return [query.isEmpty ? feed : "\(feed)?\(query)"]
  }

  /// The posts of an account, by its handle or its DID.
  ///
  /// Source: bluesky-social/social-app#1491.
  static let bluesky = SiteRule { site in
    guard site.host == "bsky.app", site[0] == "profile", let handle = site[1], site.path.count == 2,
      handle.isName(with: "-.:")
    else { return [] }
    return ["/profile/\(handle)/rss"]
  }

  /// The front page.
  ///
  /// Source: the link in its head.
  static let hackerNews = SiteRule { site in
    guard site.host == "news.ycombinator.com", ["", "news"].contains(site[0] ?? "") else {
      return []
    }
    return ["/rss"]
  }

  /// The front page, the newest, and tags.
  ///
  /// Source: lobste.rs/about, "RSS feeds".
  static let lobsters = SiteRule { site in
    guard site.host == "lobste.rs", site.path.count <= 2 else { return [] }
    switch site[0] {
    case nil: return ["/rss"]
    case "newest": return site.path.count == 1 ? ["/newest.rss"] : []
    case "t":
      guard let tags = site[1], tags.isName(with: ",-_+") else { return [] }
      return ["/t/\(tags).rss"]
    default: return []
    }
  }

  /// Tags, users, single questions, and the newest questions.
  ///
  /// Source: meta.stackexchange.com, "RSS feeds"; the links on its pages.
  static let stackExchange = SiteRule { site in
    let hosts = [
      "stackoverflow.com", "superuser.com", "serverfault.com", "askubuntu.com", "stackapps.com",
      "mathoverflow.net",
    ]
    guard hosts.contains(site.host) || site.label(before: "stackexchange.com") != nil else {
      return []
    }
    func isNumber(_ text: String) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    switch (site[0], site[1]) {
    case (nil, _), ("questions", nil): return ["/feeds"]
    case ("questions", "tagged"): return site[2].map { ["/feeds/tag/\($0)"] } ?? []
    case ("tags", .some(let tag)): return ["/feeds/tag/\(tag)"]
    case ("questions", .some(let id)) where isNumber(id): return ["/feeds/question/\(id)"]
    case ("users", .some(let id)) where isNumber(id): return ["/feeds/user/\(id)"]
    default: return []
    }
  }

  /// Profiles and their hashtags, on any host.
  ///
  /// Source: Mastodon's routes (`config/routes.rb`, accounts with the format rss); Misskey and its
  /// kin answer at the same place. Pleroma names its feeds in the head of the profile.
  static let mastodon = SiteRule { site in
    // Others that write names so, and have no such feeds.
    let others = [
      "tiktok.com", "threads.net", "threads.com", "youtube.com", "medium.com", "substack.com",
      "flipboard.com", "odysee.com", "instagram.com", "telegram.me", "npmjs.com", "unsplash.com",
    ]
    guard !others.contains(where: site.isBelow), let first = site[0] else { return [] }
    if first == "users" {
      guard site.path.count == 2, let name = site[1], name.isName(with: "_-."),
        !name.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { return [] }
      return ["/users/\(name).rss"]
    }
    guard first.hasPrefix("@"), first.dropFirst().description.isName(with: "_-.") else { return [] }
    switch site[1] {
    case nil, "with_replies", "media": return ["/\(first).rss"]
    case "tagged":
      guard let tag = site[2], tag.isName(with: "_%") else { return [] }
      return ["/\(first)/tagged/\(tag).rss"]
    default: return []
    }
  }

  /// Communities and users, on any host.
  ///
  /// Source: Lemmy's routes (`crates/routes/src/feeds.rs`).
  static let lemmy = SiteRule { site in
    guard let kind = site[0], ["c", "u"].contains(kind), site.path.count == 2, let name = site[1],
      name.isName(with: "_-.@"), !site.isBelow("youtube.com")
    else { return [] }
    return ["/feeds/\(kind)/\(name).xml"]
  }
}
