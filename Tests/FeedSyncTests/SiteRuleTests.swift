import Testing

@testable import FeedSync

/// What is typed, and the feeds that belong to it, all under `https://`.
private let known: [(typed: String, feeds: [String])] = [
  // YouTube.
  (
    "www.youtube.com/channel/UCabcdefghijklmnopqrst_-",
    ["www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrst_-"]
  ),
  (
    "www.youtube.com/channel/UCabcdefghijklmnopqrst_-/videos?view=0",
    ["www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrst_-"]
  ),
  (
    "m.youtube.com/channel/UCabcdefghijklmnopqrst_-",
    ["www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrst_-"]
  ),
  ("youtube.com/user/Name", ["youtube.com/feeds/videos.xml?user=Name"]),
  (
    "www.youtube.com/playlist?list=PLabc-123",
    ["www.youtube.com/feeds/videos.xml?playlist_id=PLabc-123"]
  ),
  (
    "www.youtube.com/watch?v=abc&list=PLabc-123&index=2",
    ["www.youtube.com/feeds/videos.xml?playlist_id=PLabc-123"]
  ),
  // GitHub.
  ("github.com/ann", ["github.com/ann.atom"]),
  (
    "github.com/ann/tool",
    [
      "github.com/ann/tool/releases.atom", "github.com/ann/tool/tags.atom",
      "github.com/ann/tool/commits.atom",
    ]
  ),
  (
    "github.com/ann/tool.git",
    [
      "github.com/ann/tool/releases.atom", "github.com/ann/tool/tags.atom",
      "github.com/ann/tool/commits.atom",
    ]
  ),
  ("github.com/ann/tool/releases", ["github.com/ann/tool/releases.atom"]),
  ("github.com/ann/tool/releases/tag/1.0", ["github.com/ann/tool/releases.atom"]),
  ("github.com/ann/tool/tags", ["github.com/ann/tool/tags.atom"]),
  ("github.com/ann/tool/commits", ["github.com/ann/tool/commits.atom"]),
  ("github.com/ann/tool/commits/main/", ["github.com/ann/tool/commits/main.atom"]),
  ("github.com/ann/tool/tree/a/b", ["github.com/ann/tool/commits/a/b.atom"]),
  ("github.com/ann/tool/blob/main/a.c", ["github.com/ann/tool/commits/main/a.c.atom"]),
  ("github.com/ann/tool/wiki/Home", ["github.com/ann/tool/wiki.atom"]),
  ("github.com/ann/tool/discussions", ["github.com/ann/tool/discussions.atom"]),
  ("gist.github.com/ann", ["gist.github.com/ann.atom"]),
  // GitLab.
  ("gitlab.com/ann", ["gitlab.com/ann.atom"]),
  (
    "gitlab.com/group/tool",
    ["gitlab.com/group/tool/-/releases.atom", "gitlab.com/group/tool.atom"]
  ),
  (
    "gitlab.gnome.org/GNOME/sub/tool",
    [
      "gitlab.gnome.org/GNOME/sub/tool/-/releases.atom", "gitlab.gnome.org/GNOME/sub/tool.atom",
    ]
  ),
  ("gitlab.com/group/tool/-/releases", ["gitlab.com/group/tool/-/releases.atom"]),
  ("gitlab.com/group/tool/-/issues/12", ["gitlab.com/group/tool/-/issues.atom"]),
  ("gitlab.com/group/tool/-/tags", ["gitlab.com/group/tool/-/tags?format=atom"]),
  ("gitlab.com/group/tool/-/tree/main", ["gitlab.com/group/tool/-/commits/main?format=atom"]),
  // Forgejo, Gitea, SourceHut, SourceForge, PyPI.
  ("codeberg.org/ann", ["codeberg.org/ann.rss"]),
  ("codeberg.org/ann/tool", ["codeberg.org/ann/tool/releases.rss", "codeberg.org/ann/tool.rss"]),
  ("codeberg.org/ann/tool/tags", ["codeberg.org/ann/tool/tags.rss"]),
  ("gitea.com/ann/tool/src/branch/main", ["gitea.com/ann/tool/rss/branch/main"]),
  ("git.sr.ht/~ann/tool", ["git.sr.ht/~ann/tool/refs/rss.xml", "git.sr.ht/~ann/tool/log/rss.xml"]),
  ("git.sr.ht/~ann/tool/log", ["git.sr.ht/~ann/tool/log/rss.xml"]),
  ("sourceforge.net/projects/tool/files/", ["sourceforge.net/projects/tool/rss?path=/"]),
  ("pypi.org/project/tool/", ["pypi.org/rss/project/tool/releases.xml"]),
  // Reddit.
  ("www.reddit.com/r/swift", ["www.reddit.com/r/swift/.rss"]),
  ("old.reddit.com/r/swift/", ["old.reddit.com/r/swift/.rss"]),
  (
    "www.reddit.com/r/swift/top/?t=week&utm_source=share",
    ["www.reddit.com/r/swift/top/.rss?t=week"]
  ),
  ("www.reddit.com/r/swift+rust", ["www.reddit.com/r/swift+rust/.rss"]),
  ("www.reddit.com/u/ann", ["www.reddit.com/user/ann/.rss"]),
  ("reddit.com/user/ann/m/many", ["reddit.com/user/ann/m/many/.rss"]),
  ("www.reddit.com/search?q=a+b&sort=new", ["www.reddit.com/search.rss?q=a+b&sort=new"]),
  (
    "www.reddit.com/r/swift/search/?q=x&restrict_sr=1",
    ["www.reddit.com/r/swift/search.rss?q=x&restrict_sr=1"]
  ),
  (
    "www.reddit.com/r/swift/comments/1a2b/title/",
    ["www.reddit.com/r/swift/comments/1a2b/title/.rss"]
  ),
  ("www.reddit.com/", ["www.reddit.com/.rss"]),
  // Others where people talk.
  ("bsky.app/profile/ann.example", ["bsky.app/profile/ann.example/rss"]),
  ("bsky.app/profile/did:plc:abc123", ["bsky.app/profile/did:plc:abc123/rss"]),
  ("mastodon.social/@ann", ["mastodon.social/@ann.rss"]),
  ("mastodon.social/@ann/with_replies", ["mastodon.social/@ann.rss"]),
  ("mastodon.social/@ann/tagged/swift", ["mastodon.social/@ann/tagged/swift.rss"]),
  ("example.social/users/ann", ["example.social/users/ann.rss"]),
  ("lemmy.ml/c/linux", ["lemmy.ml/feeds/c/linux.xml"]),
  ("lemmy.ml/c/linux@lemmy.world", ["lemmy.ml/feeds/c/linux@lemmy.world.xml"]),
  ("lemmy.ml/u/ann", ["lemmy.ml/feeds/u/ann.xml"]),
  ("news.ycombinator.com/", ["news.ycombinator.com/rss"]),
  ("lobste.rs", ["lobste.rs/rss"]),
  ("lobste.rs/t/c,swift", ["lobste.rs/t/c,swift.rss"]),
  ("stackoverflow.com/questions/tagged/swift+c", ["stackoverflow.com/feeds/tag/swift+c"]),
  ("unix.stackexchange.com/users/12/ann", ["unix.stackexchange.com/feeds/user/12"]),
  ("superuser.com/questions/12/why", ["superuser.com/feeds/question/12"]),
  ("odysee.com/@ann:f", ["odysee.com/$/rss/@ann:f"]),
  // Blogs.
  ("ann.substack.com", ["ann.substack.com/feed"]),
  ("ann.substack.com/p/post", ["ann.substack.com/feed"]),
  ("open.substack.com/pub/ann/p/post", ["ann.substack.com/feed"]),
  ("medium.com/@ann", ["medium.com/feed/@ann"]),
  ("medium.com/@ann/a-post-123", ["medium.com/feed/@ann"]),
  ("medium.com/better-things", ["medium.com/feed/better-things"]),
  ("medium.com/tag/swift", ["medium.com/feed/tag/swift"]),
  ("ann.medium.com/about", ["ann.medium.com/feed"]),
  ("ann.tumblr.com/", ["ann.tumblr.com/rss"]),
  ("ann.tumblr.com/tagged/cats", ["ann.tumblr.com/tagged/cats/rss"]),
  ("www.tumblr.com/ann", ["ann.tumblr.com/rss"]),
  ("www.tumblr.com/blog/view/ann", ["ann.tumblr.com/rss"]),
  ("ann.wordpress.com", ["ann.wordpress.com/feed/"]),
  (
    "ann.wordpress.com/category/cats/",
    ["ann.wordpress.com/category/cats/feed/", "ann.wordpress.com/feed/"]
  ),
  ("ann.blogspot.com/2020/01/x.html", ["ann.blogspot.com/feeds/posts/default"]),
  ("ann.blogspot.co.uk", ["ann.blogspot.co.uk/feeds/posts/default"]),
  (
    "ann.blogspot.com/search/label/Cats",
    ["ann.blogspot.com/feeds/posts/default/-/Cats", "ann.blogspot.com/feeds/posts/default"]
  ),
  ("dev.to/ann", ["dev.to/feed/ann"]),
  ("dev.to/t/swift", ["dev.to/feed/tag/swift"]),
  // Works.
  ("arxiv.org/list/cs.AI/recent", ["rss.arxiv.org/rss/cs.AI"]),
  ("store.steampowered.com/app/730/CS/", ["store.steampowered.com/feeds/news/app/730/"]),
]

@Test(arguments: known.indices)
func `the feeds that belong to an address of a known site are known`(index: Int) {
  let (typed, feeds) = known[index]
  #expect(feedAddresses(ofSite: "https://" + typed) == feeds.map { "https://" + $0 }, "\(typed)")
}

@Test(arguments: known.indices)
func `the feeds of known sites are not taken for pages of them`(index: Int) {
  for feed in known[index].feeds {
    #expect(feedAddresses(ofSite: "https://" + feed) == [], "\(feed)")
  }
}

@Test(
  arguments: [
    "https://example.org/", "https://example.org/blog/feed", "https://example.org/@",
    "https://www.youtube.com/@ann", "https://www.youtube.com/c/Ann", "https://youtu.be/abc",
    "https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&list=RDabc",
    "https://www.youtube.com/playlist?list=WL", "https://www.youtube.com/channel/short",
    "https://www.youtube.com/", "https://github.com/", "https://github.com/trending",
    "https://github.com/ann/tool/pull/12", "https://github.com/ann/tool/issues",
    "https://notgithub.com/ann", "https://gitlab.com/explore", "https://codeberg.org/explore/repos",
    "https://www.reddit.com/r/swift/wiki/index", "https://www.reddit.com/settings",
    "https://bsky.app/profile/ann.example/post/3k", "https://bsky.app/",
    "https://mastodon.social/@ann/1234", "https://mastodon.social/@ann@example.social",
    "https://www.tiktok.com/@ann", "https://substack.com/@ann", "https://stackoverflow.com/users/1",
    "https://example.org/users/12", "https://example.org/c/a/b", "https://medium.com/",
    "https://medium.com/m/signin", "https://www.tumblr.com/dashboard", "https://wordpress.com/",
    "https://pypi.org/", "https://arxiv.org/abs/1234.5678", "/home/ann/feed.xml",
    "ftp://github.com/ann",
    "https://news.ycombinator.com/item?id=1", "https://blogspot.com/",
  ]
)
func `an address that no rule is sure of stays as it is typed`(address: String) {
  let expected =
    address == "https://stackoverflow.com/users/1"
    ? ["https://stackoverflow.com/feeds/user/1"] : []
  #expect(feedAddresses(ofSite: address) == expected, "\(address)")
}

@Test func `scheme and port stay as they were typed`() {
  #expect(
    feedAddresses(ofSite: "http://www.youtube.com:8080/user/Name") == [
      "http://www.youtube.com:8080/feeds/videos.xml?user=Name"
    ]
  )
  #expect(
    feedAddresses(ofSite: "http://www.tumblr.com:8080/ann") == ["http://ann.tumblr.com:8080/rss"]
  )
  #expect(
    feedAddresses(ofSite: "http://ann:secret@github.com/bob#top") == ["http://github.com/bob.atom"]
  )
}

private let channel = "UCabcdefghijklmnopqrst_-"

@Test(
  arguments: [
    "<meta itemprop=\"channelId\" content=\"\(channel)\">",
    "<meta itemprop=identifier content=\(channel)>",
    "<link rel=\"canonical\" href=\"https://www.youtube.com/channel/\(channel)\">",
    "<meta property='og:url' content='https://www.youtube.com/channel/\(channel)'>",
    """
    <meta itemprop="identifier" content="dQw4w9WgXcQ"><script>var a = {"videoDetails":{"videoId":\
    "dQw4w9WgXcQ","channelId":"\(channel)"}};</script>
    """,
    "<script>{\"channelMetadataRenderer\":{\"title\":\"x\",\"externalId\":\"\(channel)\"}}</script>",
  ]
)
func `the page of a handle or a film says which channel it is`(page: String) {
  #expect(
    feedAddresses(ofPage: Array(page.utf8), at: "http://www.youtube.com:8080/@ann") == [
      "http://www.youtube.com:8080/feeds/videos.xml?channel_id=\(channel)"
    ]
  )
  #expect(feedAddresses(ofPage: Array(page.utf8), at: "https://example.org/@ann") == [])
}

@Test func `a channel that only looks like one is none`() {
  for page in [
    "<meta itemprop=channelId content=UCshort>", "<meta itemprop=channelId>", "",
    "<script>{\"videoDetails\":{},\"x\":\"\(channel)\"}</script>",
    "<link rel=canonical href=https://www.youtube.com/@ann>",
  ] {
    #expect(feedAddresses(ofPage: Array(page.utf8), at: "https://www.youtube.com/@ann") == [])
  }
}

@Test func `a musician's page says by which number the feed is called`() {
  let page = "<meta property=\"al:ios:url\" content=\"soundcloud://users:1234\">"
  #expect(
    feedAddresses(ofPage: Array(page.utf8), at: "https://soundcloud.com/ann") == [
      "https://feeds.soundcloud.com/users/soundcloud:users:1234/sounds.rss"
    ]
  )
}
