import Configuration
import FeedFetch
import FeedModel
import FeedParse
import FeedSync
import SystemPackage

/// The settings, each from the first place that has it: the environment
/// (`RILL_FETCH_JOBS`), then the config file (`{"fetch": {"jobs": 16}}`), then the default.
struct Settings {
  private let reader: ConfigReader

  /// Reads the environment and the config file; a missing file is an empty one.
  ///
  /// Names in the file that are no settings are said, since they may be misspelt.
  ///
  /// - Parameters:
  ///   - configFile: Where the file is.
  ///   - saysStrangers: They are said; false where they are told in another way.
  /// - Throws: `Failure` for a file that cannot be read.
  init(configFile: String, saysStrangers: Bool = true) async throws {
    for (name, meant) in saysStrangers ? try ConfigFile(path: configFile).strangers() : [] {
      Output.error.line(
        "rill: warning: \(configFile): \(name) is no setting."
          + (meant.map { " Did you mean \($0)?" } ?? " See all with: rill config")
      )
    }
    let environment = EnvironmentVariablesProvider(
      environmentVariables: variables(withPrefix: "RILL_")
    )
    do {
      let file = try await FileProvider<JSONSnapshot>(
        filePath: FilePath(configFile),
        allowMissing: true
      )
      reader = ConfigReader(providers: [environment, file])
    } catch {
      let isUnreadable = !fileIsReadable(configFile)
      throw Failure(
        isUnreadable ? .noPermission : .usage,
        "\(configFile) \(isUnreadable ? "may not be read" : "is not one JSON object"). "
          + "Mend it or move it away."
      )
    }
  }

  /// What Rill says of itself: one product token with its version, and where to learn more.
  static let userAgent = "Rill/\(Rill.version) (+https://rill.example/)"

  /// How many feeds are worked on at once.
  ///
  /// - Parameter typed: What was asked for; nil for what is set.
  /// - Returns: As many, or fewer where this process may not open so many files.
  /// - Throws: `Failure` when the setting cannot be read.
  func jobs(_ typed: Int?) throws -> Int {
    min(try typed ?? number(.jobs) ?? NumberSetting.jobs.standard, max(1, spareDescriptors() / 2))
  }

  /// How long a command may take to give a password.
  func passwordSeconds() throws -> Int {
    try number(.password) ?? NumberSetting.password.standard
  }

  /// A number of the program's own.
  func value(of setting: NumberSetting) throws -> Int { try number(setting) ?? setting.standard }

  /// The command that is run after a sync that brought new articles; nil where none is set.
  func newArticlesHook() throws -> NewArticlesHook? {
    let key = "hooks.on-new"
    guard let text = text(key) else { return nil }
    guard let command = commandWords(text) else {
      throw Failure(.usage, "\(key): a quote is left open in \(text)")
    }
    guard command.first?.isEmpty == false else { return nil }
    return NewArticlesHook(command: command, seconds: try value(of: .hook))
  }

  /// What the fetcher is told.
  ///
  /// - Parameters:
  ///   - resolve: Addresses of names, as `host:port:address`.
  ///   - jobs: How many transfers may be under way at once.
  /// - Returns: Settings that the fetcher takes.
  /// - Throws: `Failure` when a setting cannot be read.
  func fetchSettings(resolve: [String], jobs: Int) throws -> FetchSettings {
    var settings = FetchSettings(userAgent: try userAgent())
    settings.resolve = resolve
    for setting in NumberSetting.all {
      guard let value = try number(setting) else { continue }
      switch setting.place {
      case .fetch(let path): settings[keyPath: path] = value
      case .fetchMilliseconds(let path): settings[keyPath: path] = value * 1000
      case .schedule, .scheduleCount, .program: break
      }
    }
    settings.connectMilliseconds = min(settings.connectMilliseconds, settings.totalMilliseconds)
    settings.connectionsMax = min(settings.connectionsMax, max(jobs, spareDescriptors() / 2))
    settings.windowSize = min(jobs, settings.connectionsMax)
    settings.caFile = text("fetch.ca-file")
    settings.proxy = text("fetch.proxy")
    switch text("fetch.private-addresses") {
    case nil, "typed": settings.privateAddresses = .typed
    case "deny": settings.privateAddresses = .deny
    case .some(let other):
      throw Failure(.usage, "fetch.private-addresses is \(other). It takes typed or deny.")
    }
    settings.allowedAddresses =
      text("fetch.allow-addresses")?.split { $0 == "," || $0 == " " }.map(String.init) ?? []
    return settings
  }

  /// The numbers of the schedule.
  ///
  /// - Returns: The defaults, and what is set in their place.
  /// - Throws: `Failure` when a setting cannot be read.
  func scheduleSettings() throws -> ScheduleSettings {
    var settings = ScheduleSettings()
    for setting in NumberSetting.all {
      guard let value = try number(setting) else { continue }
      switch setting.place {
      case .schedule(let path): settings[keyPath: path] = Int64(value)
      case .scheduleCount(let path): settings[keyPath: path] = value
      case .fetch, .fetchMilliseconds, .program: break
      }
    }
    // Who wants all feeds asked less often wants no feed asked more often than that.
    settings.slowest = max(settings.slowest, settings.floor)
    return settings
  }

  /// A fetcher with these settings, or a sentence on which of them it cannot use.
  ///
  /// - Parameters:
  ///   - resolve: Addresses of names, as `host:port:address`.
  ///   - jobs: How many transfers may be under way at once.
  ///   - bytesMax: The longest body; nil for what is set for feeds.
  ///   - seconds: How long one request may take; nil for what is set for feeds.
  /// - Returns: A fetcher that runs.
  /// - Throws: `Failure` that names the setting.
  func fetcher(
    resolve: [String],
    jobs: Int,
    bytesMax: Int? = nil,
    seconds: Int? = nil
  ) throws -> Fetcher {
    var settings = try fetchSettings(resolve: resolve, jobs: jobs)
    if let bytesMax { settings.wireBytesMax = bytesMax }
    if let seconds { settings.totalMilliseconds = seconds * 1000 }
    // Who cannot read what comes shall not ask for it.
    do throws(ParseError) { try checkXMLReader() } catch {
      throw Failure(.inputOutput, error.description)
    }
    do throws(FetchSetupError) {
      return try Fetcher(settings: settings)
    } catch {
      switch error {
      case .badSetting(let name, let value):
        let known = [
          "resolve": (
            "--resolve", " It takes HOST:PORT:ADDRESS, such as example.org:443:127.0.0.1"
          ),
          "allowedAddresses": (
            "fetch.allow-addresses",
            " It takes HOST:PORT, such as 127.0.0.1:8080, and several with commas between them."
          ),
        ]
        let (words, form) = known[name] ?? (name, "")
        throw Failure(.usage, "\(words) cannot be \(value).\(form)")
      case .caFile(let path, let errno):
        throw Failure(.usage, "fetch.ca-file: \(path) cannot be read: \(reason(errno)).")
      case .libraryMissing, .libraryTooOld, .thread:
        throw Failure(.inputOutput, error.description)
      }
    }
  }

  /// Looks whether every setting can be used; nothing is asked.
  ///
  /// - Throws: `Failure` that names the first that cannot.
  func check() throws {
    _ = try scheduleSettings()
    _ = try passwordSeconds()
    _ = try discovery()
    _ = try keepRule()
    _ = try value(of: .downloadBytes)
    _ = try value(of: .downloadTime)
    _ = try newArticlesHook()
    if let proxy = text("fetch.proxy"), !isProxy(proxy) {
      throw Failure(
        .usage,
        "fetch.proxy is \(redacted(proxy)). It takes a URL such as http://proxy.example:3128"
      )
    }
    // What stands in a file, or is written as an address, only the fetcher can judge.
    try fetcher(resolve: [], jobs: jobs(nil)).stop()
  }

  /// How `rill add` looks for feeds.
  func discovery() throws -> DiscoverySettings {
    var settings = DiscoverySettings()
    if let count = try number(.guesses) { settings.guessesMax = count }
    if let seconds = try number(.guessPause) { settings.pause = .seconds(seconds) }
    return settings
  }

  /// What is set of the program's own texts; nil when nothing is.
  func text(_ setting: TextSetting) -> String? { text(setting.rawValue) }

  private func text(_ key: String) -> String? {
    reader.string(forKey: ConfigKey(key)).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func userAgent() throws -> String {
    guard let text = text("fetch.user-agent") else { return Self.userAgent }
    guard let value = headerValue(text) else {
      throw Failure(.usage, "fetch.user-agent holds a character that no header field can have.")
    }
    return value
  }

  private func number(_ setting: NumberSetting) throws -> Int? {
    let (key, range) = (setting.key, setting.range)
    let configKey = ConfigKey(key)
    guard let value = reader.int(forKey: configKey) else {
      guard let text = reader.string(forKey: configKey) else { return nil }
      throw Failure(.usage, "\(key) is \(text). It takes a whole number.")
    }
    guard range.contains(value) else {
      throw Failure(
        .usage,
        "\(key) is \(value). It takes a number from \(range.lowerBound) to \(range.upperBound)."
      )
    }
    return value
  }
}

/// A text as the value of a header field; nil when it cannot be one (RFC 9110 §5.5).
func headerValue(_ text: String) -> String? { HeaderField("X:" + text)?.value }
