// What Documentation/Settings.md says of each setting, word for word.

extension SettingName {
  /// All settings in the order in which they are shown, each with what it is for.
  static let words: [(name: String, about: String)] = [
    ("fetch.jobs", "feeds that are worked on at once"),
    ("fetch.user-agent", "what is said of who asks; be honest in it"),
    ("fetch.max-body-bytes", "bytes of one answer, as it comes over the wire"),
    ("fetch.max-decoded-bytes", "bytes of one answer, decompressed; of a local file"),
    ("fetch.timeout-seconds", "seconds for one answer with all its redirects"),
    ("fetch.connect-seconds", "seconds for one connection, with looking up its name"),
    (
      "fetch.stall-seconds",
      "an answer that is slower than fetch.stall-bytes for so many seconds is given up"
    ),
    ("fetch.stall-bytes", "bytes a second, below which an answer is slow"),
    (
      "fetch.patience-seconds",
      "an answer that has brought nothing for so many seconds is waited for beside "
        + "fetch.jobs, not among them"
    ),
    ("fetch.max-redirects", "redirects of one request that are followed"),
    (
      "fetch.max-connections",
      "connections that are open at once, used or kept for the next request"
    ),
    ("fetch.ca-file", "a file of certificates to trust"),
    ("fetch.proxy", "the URL of a proxy; the environment's proxy variables are ignored"),
    (
      "fetch.private-addresses",
      "typed: private addresses are reached only when you type them; deny: not even "
        + "then"
    ),
    ("fetch.allow-addresses", "host:port that are allowed all the same, separated by commas"),
    ("fetch.password-seconds", "seconds that a command may take to give a password"),
    (
      "fetch.guesses",
      "well-known paths in which rill add looks for the feed of a page that names none"
    ),
    ("fetch.guess-pause-seconds", "seconds that rill add waits before each of them"),
    (
      "fetch.min-interval-seconds",
      "seconds between two polls of a feed at least; may only be raised. For one feed, "
        + "rill set --interval may say less"
    ),
    (
      "fetch.max-interval-seconds",
      "seconds between two polls of a feed that rarely changes; a little less than a "
        + "day, so that a daily run asks every feed daily"
    ),
    ("fetch.undated-seconds", "seconds between two polls of a feed whose articles have no dates"),
    (
      "fetch.no-validators-seconds",
      "seconds between two polls, at least, of a feed that cannot be asked "
        + "conditionally"
    ),
    (
      "fetch.max-freshness-seconds",
      "the most seconds that are believed of max-age, Expires and ttl"
    ),
    ("fetch.force-seconds", "seconds in which a feed is asked without validators at most once"),
    (
      "fetch.max-retry-after-seconds",
      "the most seconds that are believed of Retry-After, and of max-age beside 429 "
        + "and 503"
    ),
    ("fetch.retry-seconds", "seconds of pause after 429 or 503 without Retry-After"),
    ("fetch.forbidden-seconds", "seconds of the first pause after 401 or 403; it doubles"),
    (
      "fetch.max-backoff-seconds",
      "the most seconds between two polls in the first week of failures; from an hour "
        + "on, they double"
    ),
    (
      "fetch.max-late-backoff-seconds",
      "the most seconds between two polls after that week, for a feed that was not "
        + "found, found nobody, had a wrong certificate or was no feed all that time"
    ),
    (
      "fetch.not-found-seconds",
      "a feed that is not found for so many seconds, and fetch.not-found-polls times, "
        + "is asked once in that time from then on"
    ),
    ("fetch.not-found-polls", "how often a feed is not found before fetch.not-found-seconds holds"),
    (
      "fetch.host-silences",
      "a host where so many feeds in a row found nobody is left alone for a while"
    ),
    (
      "fetch.move-seconds",
      "a permanent redirect is believed after it was there for so many seconds, and at "
        + "fetch.move-polls polls"
    ),
    ("fetch.move-polls", "at how many polls a permanent redirect has to be there"),
    (
      "keep.days",
      "rill gc purges no article that came in so many days; 0: none at all for its age"
    ),
    (
      "keep.articles",
      "rill gc purges none of so many of the newest of each feed; 0: none at all for "
        + "their number"
    ),
    (
      "hooks.on-new",
      "a command for new articles: words, quoted where one has a space. No shell is started: "
        + "rill help sync"
    ),
    ("hooks.seconds", "seconds that the command of hooks.on-new may take"),
    (
      "open.command",
      "what rill open runs: words, quoted where one has a space; %u is the address"
    ),
    ("download.dir", "where rill download puts files"),
    ("download.max-bytes", "bytes of the largest file that it keeps"),
    ("download.timeout-seconds", "seconds that one file may take"),
  ]
}
