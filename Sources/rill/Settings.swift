import Configuration
import FeedFetch
import FeedModel
import FeedParse
import FeedSync
import SystemPackage

/// The settings, each from the first place that has it: the environment
/// (`RILL_FETCH_JOBS`), then the config file (`{"fetch": {"jobs": 16}}`), then the default.
struct Settings {
  /// Where settings are looked for.
  enum Source {
    /// The environment first, then the file.
    case all
    case environment
    case file
  }

  private let reader: ConfigReader

  /// Reads the environment and the config file; a missing file is an empty one.
  ///
  /// What is in the file and sets nothing is said, since it may be misspelt.
  ///
  /// - Parameters:
  ///   - configFile: Where the file is.
  ///   - source: Where to look.
  ///   - saysStrangers: It is said; false where it is told in another way.
  /// - Throws: `Failure` for a file that cannot be read.
  init(
    configFile: String,
    from source: Source = .all,
    saysStrangers: Bool = true
  ) async throws {
    if saysStrangers {
      for fault in try ConfigFile(path: configFile).faults() {
        Output.error.line("rill: warning: \(configFile): \(fault.text)")
      }
    }
    let environment = EnvironmentVariablesProvider(
      environmentVariables: variables(withPrefix: "RILL_")
    )
    do {
      let file = try await FileProvider<JSONSnapshot>(
        filePath: FilePath(configFile),
        allowMissing: true
      )
      switch source {
      case .all: reader = ConfigReader(providers: [environment, file])
      case .environment: reader = ConfigReader(provider: environment)
      case .file: reader = ConfigReader(provider: file)
      }
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
    guard let command = try command("hooks.on-new") else { return nil }
    return NewArticlesHook(command: command, seconds: try value(of: .hook))
  }

  /// The words of what opens a page; nil where none is set.
  func openCommand() throws -> [String]? { try command(TextSetting.openCommand.rawValue) }

  private func command(_ key: String) throws -> [String]? {
    guard let text = text(key) else { return nil }
    guard let command = commandWords(text) else {
      throw Failure(.usage, "\(key): a quote is left open in \(text)")
    }
    guard let program = command.first else { return nil }
    guard !program.isEmpty else {
      throw Failure(.usage, "\(key) is \(text), and begins with no program.")
    }
    return command
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
    settings.privateAddresses = try arePrivateAllowed() ? .typed : .deny
    settings.allowedAddresses = allowedAddresses
    return settings
  }

  private func arePrivateAllowed() throws -> Bool {
    switch text("fetch.private-addresses") {
    case nil, "typed": return true
    case "deny": return false
    case .some(let other):
      throw Failure(.usage, "fetch.private-addresses is \(other). It takes typed or deny.")
    }
  }

  private var allowedAddresses: [String] {
    text("fetch.allow-addresses")?.split { $0 == "," || $0 == " " }.map(String.init) ?? []
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
    return try fetcher(with: settings)
  }

  private func fetcher(with settings: FetchSettings) throws -> Fetcher {
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

  /// Looks whether a setting can be used; nothing is asked, and no other is looked at.
  ///
  /// - Parameter name: A name such as `fetch.jobs`.
  /// - Throws: `Failure` that says why it cannot.
  func check(_ name: String) throws {
    if let setting = SettingName.number(name) {
      _ = try number(setting)
      return
    }
    if SettingName.isCommand(name) {
      _ = try command(name)
      return
    }
    // What stands in a file, or is written as an address, only the fetcher can judge.
    var settings = FetchSettings(userAgent: Self.userAgent)
    switch name {
    case "fetch.user-agent": _ = try userAgent()
    case "fetch.private-addresses": _ = try arePrivateAllowed()
    case "fetch.ca-file": settings.caFile = text(name)
    case "fetch.allow-addresses": settings.allowedAddresses = allowedAddresses
    case "fetch.proxy":
      guard let proxy = text(name), !isProxy(proxy) else { break }
      throw Failure(
        .usage,
        "fetch.proxy is \(redacted(proxy)). It takes a URL such as http://proxy.example:3128"
      )
    case TextSetting.downloadFolder.rawValue:
      guard let path = text(name), fileExists(path), DownloadFolder(path) == nil else { break }
      throw Failure(.usage, "\(name) is \(path), which is no directory that may be written.")
    default: break
    }
    if settings.caFile != nil || !settings.allowedAddresses.isEmpty {
      try fetcher(with: settings).stop()
    }
  }

  /// What is wrong with what is set, in the file and in the environment.
  ///
  /// - Parameter configFile: Where the file is.
  /// - Returns: By setting, those of the file first.
  /// - Throws: `Failure` for a file that cannot be read at all.
  static func faults(configFile: String) async throws -> [SettingFault] {
    var faults = try ConfigFile(path: configFile).faults()
    for source in [Source.file, .environment] {
      let settings = try await Settings(
        configFile: configFile,
        from: source,
        saysStrangers: false
      )
      for name in SettingName.all {
        do {
          try settings.check(name)
        } catch let failure as Failure {
          let place = source == .file ? configFile : SettingName.variable(name)
          faults.append(SettingFault(place: place, name: name, text: failure.message))
        }
      }
    }
    return faults
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

/// What is set somewhere and cannot be used.
struct SettingFault: Hashable {
  /// The path of the file, or the name of the variable.
  var place: String
  /// What it sets, or seems to.
  var name: String
  /// What is wrong, as a sentence.
  var text: String
}

/// A text as the value of a header field; nil when it cannot be one (RFC 9110 §5.5).
func headerValue(_ text: String) -> String? { HeaderField("X:" + text)?.value }
