import Configuration
import FeedFetch
import SystemPackage

/// The settings of fetching, each from the first place that has it: the environment
/// (`RILL_FETCH_JOBS`), then the config file (`{"fetch": {"jobs": 16}}`), then the default.
struct Settings {
  private let reader: ConfigReader

  /// Reads the environment and the config file; a missing file is an empty one.
  init(configFile: String) async throws {
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

  /// How many feeds are worked on at once.
  ///
  /// - Parameter typed: What was asked for; nil for what is set.
  /// - Returns: As many, or fewer where this process may not open so many files.
  /// - Throws: `Failure` when the setting cannot be read.
  func jobs(_ typed: Int?) throws -> Int {
    min(try typed ?? number("fetch.jobs", 1...1024) ?? 64, max(1, spareDescriptors() / 2))
  }

  /// What the fetcher is told.
  ///
  /// - Parameters:
  ///   - resolve: Addresses of names, as `host:port:address`.
  ///   - jobs: How many transfers may be under way at once.
  /// - Returns: Settings that the fetcher takes.
  /// - Throws: `Failure` when a setting cannot be read.
  func fetchSettings(resolve: [String], jobs: Int) throws -> FetchSettings {
    var settings = FetchSettings(userAgent: "Rill/\(Rill.version) (+\(projectURL))")
    settings.resolve = resolve
    settings.windowSize = jobs
    settings.connectionsMax = min(settings.connectionsMax, max(jobs, spareDescriptors() / 2))
    if let bytes = try number("fetch.max-body-bytes", 1...(1 << 40)) {
      settings.wireBytesMax = bytes
    }
    if let bytes = try number("fetch.max-decoded-bytes", 1...(1 << 40)) {
      settings.decodedBytesMax = bytes
    }
    if let seconds = try number("fetch.timeout-seconds", 1...86_400) {
      settings.totalMilliseconds = seconds * 1000
      settings.connectMilliseconds = min(settings.connectMilliseconds, seconds * 1000)
      // Who gives a server longer also bears with its silence longer.
      settings.lowSpeedSeconds = max(30, seconds / 2)
    }
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

  /// A fetcher with these settings, or a sentence on which of them it cannot use.
  func fetcher(resolve: [String], jobs: Int) throws -> Fetcher {
    let settings = try fetchSettings(resolve: resolve, jobs: jobs)
    do throws(FetchSetupError) {
      return try Fetcher(settings: settings)
    } catch {
      switch error {
      case .badSetting(let name, let value):
        let known = ["resolve": "--resolve", "allowedAddresses": "fetch.allow-addresses"]
        throw Failure(.usage, "\(known[name] ?? name) cannot be \(value).")
      case .caFile(let path, let errno):
        throw Failure(.usage, "fetch.ca-file: \(path) cannot be read: \(reason(errno)).")
      case .libraryMissing, .libraryTooOld, .thread:
        throw Failure(.inputOutput, error.description)
      }
    }
  }

  private func text(_ key: String) -> String? {
    reader.string(forKey: ConfigKey(key)).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func number(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
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

/// Where a server's owner learns who asks.
private let projectURL = "https://rill.example/"
