import ArgumentParser
import FeedModel
import FeedSync
import Synchronization

/// What every command may be told.
struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep store, state, cache and config below this directory.",
      valueName: "dir"
    ),
    completion: .directory
  )
  var home: String?

  func validate() throws {
    if home?.isEmpty == true {
      throw ValidationError("--home is empty. Name a directory, or leave the option out.")
    }
  }

  /// What `--home` says in the command that was typed, whichever it is.
  static func typedHome() -> String? {
    let words = CommandLine.arguments
    for (word, next) in zip(words, words.dropFirst() + [""]) {
      if word == "--home" { return next }
      if word.hasPrefix("--home=") { return String(word.dropFirst(7)) }
    }
    return nil
  }
}

/// Where things are and what time it is: read once, from arguments and environment.
struct Surroundings {
  var places: Library.Places
  var configFile: String
  var clock: @Sendable () -> Timestamp

  /// What is secret, beside the config file.
  var credentialFile: CredentialFile {
    let folder = configFile.split(separator: "/").dropLast().joined(separator: "/")
    return CredentialFile(path: "/\(folder)/credentials")
  }

  init(_ options: CommonOptions) throws { try self.init(home: options.home) }

  init(home typed: String?) throws {
    let home = typed ?? variable("RILL_HOME")
    if !home.isEmpty {
      let home = absolute(home)
      places = Library.Places(
        store: home + "/store",
        state: home + "/state",
        index: home + "/cache/index.sqlite"
      )
      configFile = home + "/config/config.json"
    } else {
      places = Library.Places(
        store: try Self.base("XDG_DATA_HOME", ".local/share") + "/rill/store",
        state: try Self.base("XDG_STATE_HOME", ".local/state") + "/rill",
        index: try Self.base("XDG_CACHE_HOME", ".cache") + "/rill/index.sqlite"
      )
      configFile = try Self.base("XDG_CONFIG_HOME", ".config") + "/rill/config.json"
    }
    clock = try Self.clock()
  }

  /// The clock of the machine, or the time that `RILL_NOW` holds it at.
  static func clock() throws -> @Sendable () -> Timestamp {
    let fixed = variable("RILL_NOW")
    if fixed.isEmpty { return { systemTime() } }
    guard let now = Timestamp(rfc3339: fixed) else {
      throw Failure(
        .usage,
        "RILL_NOW is \(fixed), which is no RFC 3339 date such as 2026-11-22T08:00:00Z."
      )
    }
    return { now }
  }

  /// The library, its index brought up to date, with a word on what was damaged.
  func library() throws -> Library {
    makeDirectory(forFile: places.index)
    let progress = ReadingLine(isQuiet: false)
    let library = try failing { () throws(LibraryError) in
      try Library.open(places, application: Rill.version, progress: progress.show)
    }
    progress.clear()
    keep(library)
    return library
  }

  /// Keeps a library to the end of the process, and says what was met when it was opened.
  func keep(_ library: Library) {
    kept.withLock { $0.append(library) }
    for damage in library.damage {
      if damage.isUnreadable {
        Output.error.line(
          "rill: warning: \(damage.segment) cannot be read, and what it says is left out for now. "
            + damage.reason
        )
        continue
      }
      Output.error.line(
        "rill: warning: \(damage.segment) is damaged at byte \(damage.offset) (\(damage.reason)); "
          + "the line was passed over."
      )
    }
    let now = clock()
    if let created = library.created, now < created {
      Output.error.line(
        "rill: warning: The clock says \(shown(now)), and the store was created \(shown(created)). "
          + "What is done now counts as done then; set the clock."
      )
    }
    if !library.hasLastingIndex {
      Output.error.line(
        "rill: warning: \(places.index) cannot be written; until it can, every start is slower."
      )
    }
  }

  /// A directory of the XDG Base Directory Specification; relative values are ignored, as it says.
  private static func base(_ name: String, _ fallback: String) throws -> String {
    let value = variable(name)
    if value.hasPrefix("/") { return value }
    let home = variable("HOME")
    guard home.hasPrefix("/") else {
      throw Failure(.usage, "HOME is not set. Say where to keep things with --home DIR.")
    }
    return home + "/" + fallback
  }
}

/// Every library that was opened, to the end of the process.
///
/// An index that is closed writes its log back into its file, with four flushes of the disk that
/// nobody needs: what counts is in the store. A log that is left is read by the next start.
private let kept = Mutex<[Library]>([])

/// Says that the index fell behind, when it did; nothing is lost by that.
func sayTrouble(_ library: Library) {
  guard let error = library.indexTrouble else { return }
  Output.error.line("rill: warning: \(error) What was done is safe; the index follows later.")
}
