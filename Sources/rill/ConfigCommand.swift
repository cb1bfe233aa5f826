import ArgumentParser
import FeedJSON
import FeedText

/// `rill config`.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show and change settings that hold for all feeds.",
    discussion: """
      A setting comes from the environment (RILL_FETCH_JOBS for fetch.jobs), else
      from config.json, else it has its default. For one feed: rill set.

      Examples:
        rill config
        rill config set fetch.jobs 16
        rill config set hooks.on-new notify-send 'New articles'
        rill config unset fetch.jobs
        $EDITOR "$(rill config path)"
      """,
    subcommands: [
      ConfigListCommand.self, ConfigGetCommand.self, ConfigSetCommand.self,
      ConfigUnsetCommand.self, ConfigPathCommand.self,
    ],
    defaultSubcommand: ConfigListCommand.self
  )
}

/// `rill config list`.
struct ConfigListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show every setting, its value, and where that comes from.",
    discussion: """
      --json has key, value, source (environment, file, default) and about.
      What cannot be used is said at the end with where it is set, and the exit
      status is 64 then.

      Examples:
        rill config list
        rill config list --changed
        rill config list --json | jq -r 'select(.source != "default").key'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Flag(help: "Only what differs from its default.") var changed = false
  @Flag(help: "Print one JSON object a line.") var json = false

  func run() async throws {
    let surroundings = try Surroundings(common)
    let file = ConfigFile(path: surroundings.configFile)
    let inFile = try file.values()
    view.apply(isPaged: !json)
    let columns = Output.standard.isTerminal ? Output.standard.columns : nil
    let width = SettingName.all.map(\.utf8.count).max() ?? 0
    for name in SettingName.all {
      let setting = Setting(name, inFile: inFile)
      if changed, setting.source == .standard { continue }
      if json {
        Output.standard.raw(setting.jsonLine)
        continue
      }
      Output.standard.line([
        Piece(padded(name, toCells: width), .yellow), Piece("  " + setting.value),
        Piece(setting.source == .standard ? "" : "  from \(setting.source.words)", .cyan),
      ])
      let about = SettingName.about(name)
      for line in columns.map({ wrapped(about, width: $0 - 5) }) ?? [about] {
        Output.standard.line([Piece("    " + line, .dim)])
      }
    }
    // What cannot be used is said after all is shown, for it is shown to be mended.
    Output.standard.finish()
    let faults = try await Settings.faults(configFile: surroundings.configFile)
    for fault in faults { Output.error.line("rill: \(fault.place): \(fault.text)") }
    if !faults.isEmpty { leave(.usage) }
  }
}

/// `rill config get`.
struct ConfigGetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Print the value of a setting.",
    discussion: """
      Prints nothing where it has none.

      Examples:
        rill config get fetch.jobs
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "A name such as fetch.jobs.", completion: .list(SettingName.all))
  var key: String

  func run() throws {
    try SettingName.check(key)
    let file = ConfigFile(path: try Surroundings(common).configFile)
    let setting = Setting(key, inFile: try file.values())
    if let value = setting.plain { Output.standard.line(value) }
  }
}

/// `rill config set`.
struct ConfigSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Change a setting for all feeds, on this machine.",
    discussion: """
      A value that cannot be used is refused, and nothing is changed; what else is
      set, in the file or in the environment, does not matter. A command is given
      word by word.

      Examples:
        rill config set fetch.jobs 16
        rill config set fetch.proxy socks5h://127.0.0.1:9050
        rill config set hooks.on-new notify-send 'New articles'
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "A name such as fetch.jobs.", completion: .list(SettingName.all))
  var key: String
  @Argument(parsing: .captureForPassthrough, help: "Its value.") var value: [String]

  func run() async throws {
    try SettingName.check(key)
    let surroundings = try Surroundings(common)
    let value = try written()
    try await ConfigFile(path: surroundings.configFile)
      .set(key, to: value) {
        try await Settings(configFile: $0, from: .file, saysStrangers: false).check(key)
      }
    Output.error.line("\(key) is \(value.line) now, in \(surroundings.configFile).")
    sayOverruled(key)
    if SettingName.isCommand(key), case .string(let text) = value,
      let program = commandWords(text)?.first, programPath(program) == nil
    {
      Output.error.line("rill: warning: no program \(quoted(program)) may be run here now.")
    }
  }

  /// What is written for the words.
  private func written() throws -> JSONValue {
    let value = value.first == "--" ? Array(value.dropFirst()) : value
    guard let first = value.first else {
      throw Failure(.usage, "Say a value: rill config set \(key) VALUE")
    }
    if SettingName.isCommand(key), value.count > 1 {
      return .string(value.map(quoted).joined(separator: " "))
    }
    guard value.count == 1 else {
      throw Failure(.usage, "\(key) takes one value. Put it in quotes if there are spaces in it.")
    }
    guard SettingName.number(key) != nil else { return .string(first) }
    guard let number = Int(first) else {
      throw Failure(.usage, "\(key) takes a whole number, and not \(quoted(first)).")
    }
    return .number(String(number))
  }
}

/// `rill config unset`.
struct ConfigUnsetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unset",
    abstract: "Give a setting its default back.",
    discussion: """
      Examples:
        rill config unset fetch.jobs
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "A name such as fetch.jobs.", completion: .list(SettingName.all))
  var key: String

  func run() async throws {
    let surroundings = try Surroundings(common)
    let file = ConfigFile(path: surroundings.configFile)
    guard try file.values()[key] != nil else {
      // What stands there under a name that is none may be taken out as well.
      try SettingName.check(key)
      Output.error.line("\(key) is not set in \(surroundings.configFile).")
      return
    }
    try await file.set(key, to: nil) { _ in }
    Output.error.line("\(key) is not set any more in \(surroundings.configFile).")
    sayOverruled(key)
  }
}

/// `rill config path`.
struct ConfigPathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path",
    abstract: "Print where config.json is, whether it is there or not.",
    discussion: """
      Examples:
        $EDITOR "$(rill config path)"
      """
  )

  @OptionGroup var common: CommonOptions

  func run() throws { Output.standard.line(try Surroundings(common).configFile) }
}

/// Says that the environment has another value, which wins.
private func sayOverruled(_ key: String) {
  let name = SettingName.variable(key)
  guard !variable(name).isEmpty else { return }
  Output.error.line("rill: warning: \(name) is set in the environment, and wins.")
}
