// Sites that hold blogs. The sources of the rules stand beside them.

extension SiteRule {
  /// Publications on its own domain; others name the feed in the heads of their pages.
  ///
  /// Source: support.substack.com, "Is there an RSS feed for my publication?".
  static let substack = SiteRule { site in
    if site.host == "open.substack.com", site[0] == "pub", let name = site[1],
      name.isName(with: "-_")
    {
      return ["//\(name).substack.com/feed"]
    }
    guard let name = site.label(before: "substack.com"), site[0] != "feed",
      !["open", "support", "on", "api"].contains(name)
    else { return [] }
    return ["/feed"]
  }

  /// People, publications and tags.
  ///
  /// Source: help.medium.com, "Using RSS feeds of profiles, publications, and topics".
  static let medium = SiteRule { site in
    if site.label(before: "medium.com") != nil {
      return ["help", "policy", "status"].contains(site.label(before: "medium.com"))
        || site[0] == "feed" ? [] : ["/feed"]
    }
    guard site.host == "medium.com", let first = site[0] else { return [] }
    if first == "tag" {
      return site[1].flatMap { $0.isName(with: "-") ? ["/feed/tag/\($0)"] : nil } ?? []
    }
    if first.hasPrefix("@") {
      return first.dropFirst().description.isName(with: "_-.") ? ["/feed/\(first)"] : []
    }
    guard first.isName(with: "-"),
      ![
        "about", "creators", "feed", "jobs-at-medium", "m", "me", "membership", "new-story", "p",
        "plans", "search", "tags", "topics", "explore-topics",
      ]
      .contains(first)
    else { return [] }
    return ["/feed/\(first)"]
  }

  /// Blogs and their tags, on both of its kinds of addresses.
  ///
  /// Source: help.tumblr.com, "RSS feeds".
  static let tumblr = SiteRule { site in
    if site.label(before: "tumblr.com") != nil {
      guard site.path.last != "rss" else { return [] }
      if site[0] == "tagged", let tag = site[1] { return ["/tagged/\(tag)/rss"] }
      return ["/rss"]
    }
    guard site.host == "tumblr.com" else { return [] }
    let name = site[0] == "blog" ? site[site[1] == "view" ? 2 : 1] : site[0]
    guard let name, name.isName(with: "-"),
      ![
        "about", "apps", "communities", "dashboard", "explore", "following", "help", "inbox",
        "likes", "login", "policy", "privacy", "register", "search", "settings", "support",
        "tagged", "themes",
      ]
      .contains(name)
    else { return [] }
    return ["//\(name).tumblr.com/rss"]
  }

  /// Blogs on its own domain, their categories, tags and authors.
  ///
  /// Source: wordpress.com/support/feeds.
  static let wordPress = SiteRule { site in
    guard let name = site.label(before: "wordpress.com"), site.path.last != "feed",
      !["developer", "learn", "public-api"].contains(name)
    else { return [] }
    if let kind = site[0], ["category", "tag", "author"].contains(kind), site[1] != nil {
      return ["/\(site.path.joined(separator: "/"))/feed/", "/feed/"]
    }
    return ["/feed/"]
  }

  /// Blogs on its own domains, and their labels.
  ///
  /// Source: support.google.com/blogger, "Blogger site feed".
  static let blogger = SiteRule { site in
    let parts = site.host.split(separator: ".")
    guard parts.count >= 3, parts[1] == "blogspot", site[0] != "feeds" else { return [] }
    let feed = "/feeds/posts/default"
    if site[0] == "search", site[1] == "label", let label = site[2] {
      return ["\(feed)/-/\(label)", feed]
    }
    return [feed]
  }

  /// People and organisations, and tags.
  ///
  /// Source: the routes of Forem (`config/routes.rb`, `feed/:username`, `feed/tag/:tag`).
  static let devTo = SiteRule { site in
    guard site.host == "dev.to", let name = site[0] else { return [] }
    if name == "t" { return site[1].map { ["/feed/tag/\($0)"] } ?? [] }
    guard site.path.count == 1, name.isName(with: "_-"),
      ![
        "about", "api", "challenges", "contact", "enter", "feed", "latest", "pod", "search",
        "settings", "tags", "top", "videos",
      ]
      .contains(name)
    else { return [] }
    return ["/feed/\(name)"]
  }
}
