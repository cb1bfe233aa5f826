// Sites that hold code. The sources of the rules stand beside them.

extension SiteRule {
  /// Feeds of accounts, releases, tags, branches, the wiki and discussions.
  ///
  /// Source: docs.github.com, REST API, "Feeds"; the links in the heads of its own pages.
  static let gitHub = SiteRule { site in
    guard site.host == "github.com", let owner = site[0], owner.isName(with: "-"),
      ![
        "about", "apps", "codespaces", "collections", "contact", "customer-stories", "enterprise",
        "events", "explore", "features", "issues", "join", "login", "marketplace", "new",
        "notifications", "orgs", "pricing", "pulls", "readme", "search", "security", "settings",
        "sponsors", "stars", "team", "topics", "trending",
      ]
      .contains(owner.lowercased())
    else { return [] }
    guard let written = site[1] else { return ["/\(owner).atom"] }
    let name = written.hasSuffix(".git") ? String(written.dropLast(4)) : written
    guard name.isName(with: "-_.") else { return [] }
    let repository = "/\(owner)/\(name)"
    switch site[2] {
    case nil, "activity":
      return ["releases", "tags", "commits"].map { "\(repository)/\($0).atom" }
    case "releases", "tags", "wiki", "discussions": return ["\(repository)/\(site.path[2]).atom"]
    case "commits", "tree", "blob":
      let branch = site.path.dropFirst(3)
      guard branch.last?.hasSuffix(".atom") != true else { return [] }
      return ["\(repository)/\((["commits"] + branch).joined(separator: "/")).atom"]
    default: return []
    }
  }

  /// The public gists of an account.
  ///
  /// Source: the link in the head of the page of an account on gist.github.com.
  static let gist = SiteRule { site in
    guard site.host == "gist.github.com", site.path.count == 1, let owner = site[0],
      owner.isName(with: "-"), !["discover", "search", "starred", "forked"].contains(owner)
    else { return [] }
    return ["/\(owner).atom"]
  }

  /// Feeds of users and groups, of releases, tags, branches, issues and merge requests.
  ///
  /// Source: docs.gitlab.com, "RSS feeds" of projects, releases and issues; GitLab's routes.
  static let gitLab = SiteRule { site in
    guard site.host == "gitlab.com" || site.host.hasPrefix("gitlab."), let first = site[0],
      ![
        "-", "admin", "api", "dashboard", "explore", "groups", "help", "profile", "projects",
        "search", "users",
      ]
      .contains(first), site.path.last?.hasSuffix(".atom") != true,
      !site.query.contains(where: { $0 == ("format", "atom") })
    else { return [] }
    let parts = site.path.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let project = "/" + parts[0].joined(separator: "/")
    guard parts.count > 1 else {
      return parts[0].count == 1
        ? ["\(project).atom"] : ["\(project)/-/releases.atom", "\(project).atom"]
    }
    let rest = Array(parts[1])
    switch rest.first {
    case "releases", "issues", "merge_requests": return ["\(project)/-/\(rest[0]).atom"]
    case "tags": return ["\(project)/-/tags?format=atom"]
    case "commits", "tree", "blob":
      guard rest.count > 1 else { return [] }
      return ["\(project)/-/commits/\(rest[1...].joined(separator: "/"))?format=atom"]
    default: return []
    }
  }

  /// Feeds of users, repositories, releases, tags and branches.
  ///
  /// Source: the routes of Gitea and Forgejo (`routers/web/web.go`). Other hosts name the feeds in
  /// the heads of their pages.
  static let forgejo = SiteRule { site in
    guard ["codeberg.org", "gitea.com", "code.forgejo.org"].contains(site.host),
      let owner = site[0], owner.isName(with: "-_."),
      ![
        "admin", "api", "assets", "explore", "issues", "notifications", "org", "pulls", "repo",
        "user",
      ]
      .contains(owner)
    else { return [] }
    guard let name = site[1] else { return ["/\(owner).rss"] }
    guard name.isName(with: "-_.") else { return [] }
    let repository = "/\(owner)/\(name)"
    switch site[2] {
    case nil: return ["\(repository)/releases.rss", "\(repository).rss"]
    case "releases", "tags": return ["\(repository)/\(site.path[2]).rss"]
    case "activity": return ["\(repository).rss"]
    case "src", "commits":
      guard site[3] == "branch", site.path.count > 4 else { return [] }
      return ["\(repository)/rss/\(site.path[3...].joined(separator: "/"))"]
    default: return []
    }
  }

  /// Tags and the log of a repository.
  ///
  /// Source: man.sr.ht, git.sr.ht; the links on the pages `refs` and `log`.
  static let sourceHut = SiteRule { site in
    guard site.host == "git.sr.ht", site.path.count >= 2, let owner = site[0], let name = site[1],
      owner.hasPrefix("~"), owner.dropFirst().description.isName(with: "-_."),
      name.isName(with: "-_.")
    else { return [] }
    let repository = "/\(owner)/\(name)"
    let feeds = ["\(repository)/refs/rss.xml", "\(repository)/log/rss.xml"]
    switch site[2] {
    case nil: return feeds
    case "refs": return site.path.count == 3 ? [feeds[0]] : []
    case "log": return site.path.count == 3 ? [feeds[1]] : []
    default: return []
    }
  }

  /// The files of a project.
  ///
  /// Source: sourceforge.net, documentation, "RSS feeds of project files".
  static let sourceForge = SiteRule { site in
    guard site.host == "sourceforge.net", site[0] == "projects", let name = site[1],
      name.isName(with: "-_."), site[2] != "rss"
    else { return [] }
    return ["/projects/\(name)/rss?path=/"]
  }

  /// The releases of a package.
  ///
  /// Source: docs.pypi.org, "Feeds and datasets".
  static let pyPI = SiteRule { site in
    guard site.host == "pypi.org", site[0] == "project", let name = site[1],
      name.isName(with: "-_.")
    else { return [] }
    return ["/rss/project/\(name)/releases.xml"]
  }
}
