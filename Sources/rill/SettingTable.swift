import FeedFetch
import FeedSync

/// A setting that is a number, and where it goes.
///
/// `Documentation/Settings.md` says what each is for. Its default is the one of the values that it
/// goes into, so that none is written twice.
struct NumberSetting: Sendable {
  /// What takes the number.
  enum Place: Sendable {
    /// How requests are made.
    case fetch(any WritableKeyPath<FetchSettings, Int> & Sendable)
    /// The same, in milliseconds; the setting is in seconds.
    case fetchMilliseconds(any WritableKeyPath<FetchSettings, Int> & Sendable)
    /// The schedule, in seconds.
    case schedule(any WritableKeyPath<ScheduleSettings, Int64> & Sendable)
    /// The schedule, a number of things.
    case scheduleCount(any WritableKeyPath<ScheduleSettings, Int> & Sendable)
    /// The program itself; its default.
    case program(Int)
  }

  /// Its name in the config file; in the environment in capitals, with `RILL_` before it.
  var key: String
  /// What may be set.
  var range: ClosedRange<Int>
  /// What takes it.
  var place: Place

  /// What holds where nothing is set.
  var standard: Int {
    switch place {
    case .fetch(let path): FetchSettings(userAgent: "")[keyPath: path]
    case .fetchMilliseconds(let path): FetchSettings(userAgent: "")[keyPath: path] / 1000
    case .schedule(let path): Int(ScheduleSettings()[keyPath: path])
    case .scheduleCount(let path): ScheduleSettings()[keyPath: path]
    case .program(let value): value
    }
  }

  /// How many feeds are worked on at once.
  static let jobs = NumberSetting(key: "fetch.jobs", range: 1...1024, place: .program(64))
  /// How long a command may take to give a password.
  static let password = NumberSetting(
    key: "fetch.password-seconds",
    range: 1...3600,
    place: .program(60)
  )
  /// In how many places `rill add` looks for the feed of a page that names none.
  static let guesses = NumberSetting(
    key: "fetch.guesses",
    range: 0...4,
    place: .program(DiscoverySettings().guessesMax)
  )
  /// How long it waits before each of them.
  static let guessPause = NumberSetting(
    key: "fetch.guess-pause-seconds",
    range: 0...60,
    place: .program(Int(DiscoverySettings().pause.components.seconds))
  )
  /// For how many days `rill gc` keeps articles; 0 is for ever.
  static let keepDays = NumberSetting(key: "keep.days", range: 0...36_600, place: .program(0))
  /// How many articles of each feed `rill gc` keeps; 0 is all.
  static let keepArticles = NumberSetting(
    key: "keep.articles",
    range: 0...1_000_000_000,
    place: .program(0)
  )
  /// The largest file that `rill download` keeps.
  static let downloadBytes = NumberSetting(
    key: "download.max-bytes",
    range: 1...(1 << 40),
    place: .program(4 << 30)
  )
  /// How long one file may take.
  static let downloadTime = NumberSetting(
    key: "download.timeout-seconds",
    range: 1...month,
    place: .program(day)
  )
  /// How long the command for new articles may take.
  static let hook = NumberSetting(key: "hooks.seconds", range: 1...day, place: .program(60))
  /// For one answer with all its redirects.
  static let timeout = NumberSetting(
    key: "fetch.timeout-seconds",
    range: 1...day,
    place: .fetchMilliseconds(\.totalMilliseconds)
  )

  /// Those that the program takes itself.
  static let program = [
    jobs, password, guesses, guessPause, keepDays, keepArticles, hook, downloadBytes, downloadTime,
  ]

  /// All that go straight to their place.
  static let all: [NumberSetting] = [
    // How a request is made.
    .init(key: "fetch.max-body-bytes", range: 1...(1 << 40), place: .fetch(\.wireBytesMax)),
    .init(key: "fetch.max-decoded-bytes", range: 1...(1 << 40), place: .fetch(\.decodedBytesMax)),
    timeout,
    .init(
      key: "fetch.connect-seconds",
      range: 1...day,
      place: .fetchMilliseconds(\.connectMilliseconds)
    ),
    .init(key: "fetch.stall-seconds", range: 1...day, place: .fetch(\.lowSpeedSeconds)),
    .init(key: "fetch.stall-bytes", range: 1...(1 << 20), place: .fetch(\.lowSpeedBytesPerSecond)),
    .init(key: "fetch.patience-seconds", range: 1...day, place: .fetch(\.patienceSeconds)),
    .init(key: "fetch.max-redirects", range: 0...50, place: .fetch(\.redirectsMax)),
    .init(key: "fetch.max-connections", range: 1...4096, place: .fetch(\.connectionsMax)),
    // How often. No server is asked more often than this but by a word for the one feed.
    .init(key: "fetch.min-interval-seconds", range: hour...month, place: .schedule(\.floor)),
    .init(key: "fetch.max-interval-seconds", range: hour...month, place: .schedule(\.slowest)),
    .init(key: "fetch.undated-seconds", range: hour...month, place: .schedule(\.undated)),
    .init(
      key: "fetch.no-validators-seconds",
      range: hour...month,
      place: .schedule(\.withoutValidators)
    ),
    .init(
      key: "fetch.max-freshness-seconds",
      range: hour...year,
      place: .schedule(\.longestFreshness)
    ),
    .init(key: "fetch.force-seconds", range: hour...month, place: .schedule(\.forceInterval)),
    // After an answer that is no feed.
    .init(
      key: "fetch.max-retry-after-seconds",
      range: hour...year,
      place: .schedule(\.longestRetry)
    ),
    .init(key: "fetch.retry-seconds", range: hour...month, place: .schedule(\.bareRetry)),
    .init(key: "fetch.forbidden-seconds", range: hour...month, place: .schedule(\.forbidden)),
    .init(
      key: "fetch.max-backoff-seconds",
      range: hour...month,
      place: .schedule(\.longestBackoff)
    ),
    .init(
      key: "fetch.max-late-backoff-seconds",
      range: hour...year,
      place: .schedule(\.longestBackoffLater)
    ),
    .init(key: "fetch.not-found-seconds", range: day...year, place: .schedule(\.notFound)),
    .init(key: "fetch.not-found-polls", range: 1...1000, place: .scheduleCount(\.notFoundPolls)),
    .init(key: "fetch.host-silences", range: 1...1000, place: .scheduleCount(\.hostSilences)),
    // Permanent redirects.
    .init(key: "fetch.move-seconds", range: 0...year, place: .schedule(\.moveTime)),
    .init(key: "fetch.move-polls", range: 1...1000, place: .scheduleCount(\.movePolls)),
  ]

  /// The names of those that are texts, with what holds where nothing is set.
  static let texts: [(key: String, standard: String)] = [
    ("fetch.user-agent", Settings.userAgent),
    ("fetch.ca-file", "the system's"),
    ("fetch.proxy", "none"),
    ("fetch.private-addresses", "typed"),
    ("fetch.allow-addresses", "none"),
    ("hooks.on-new", "none"),
    (TextSetting.openCommand.rawValue, "$BROWSER, else xdg-open"),
    (TextSetting.downloadFolder.rawValue, "$XDG_DOWNLOAD_DIR, else here"),
  ]
}

/// A setting that is a text of the program's own.
enum TextSetting: String, CaseIterable {
  /// What opens a page: words, and `%u` for its address.
  case openCommand = "open.command"
  /// Where `rill download` puts files.
  case downloadFolder = "download.dir"
}

private let hour = 3600
private let day = 24 * hour
private let month = 31 * day
private let year = 366 * day
