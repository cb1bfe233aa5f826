import ArgumentParser
import Dispatch
import FeedIndex
import FeedModel
import FeedSync

/// The program: arguments in, words and exit statuses out.
@main
struct Rill: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "rill",
    abstract: "Follow feeds from the terminal. Articles stay yours, in plain files.",
    discussion: """
      A first minute with Rill:
        rill add https://example.org/     find the site's feed and subscribe to it
        rill sync                         ask all feeds that are due
        rill list                         see what is unread, newest first
        rill show k7m2                    read one
        rill open k7m2                    read it in a browser
        rill mark read k7m2               mark it read
        rill                              how much is unread, and the newest

      How one feed is doing, and what to do about it:
        rill feeds                        verdicts, and when each is asked next
        rill doctor                       what needs attention, or nothing
        rill log lwn                      what its server answered
        rill set lwn                      how it is called and asked

      Exit status: 0 well; 1 some feeds failed, or something needs attention;
      64 usage; 65 not a feed; 66 the store is missing; 69 every feed failed;
      74 input/output, or the disk is full; 75 another sync is running;
      77 no permission.

      Everything lies under $XDG_DATA_HOME/rill and its siblings, or under
      RILL_HOME or --home.
      """,
    version: version,
    subcommands: [
      AddCommand.self, SyncCommand.self, WatchCommand.self, ListCommand.self, SearchCommand.self,
      QueryCommand.self, ShowCommand.self, WhyCommand.self, DiffCommand.self, MarkCommand.self,
      SplitCommand.self, JoinCommand.self,
      FeedsCommand.self, SetCommand.self, ConfigCommand.self, LogCommand.self, DoctorCommand.self,
      RemoveCommand.self,
      DiscoverCommand.self, ParseCommand.self, RebuildCommand.self,
      DevicesCommand.self,
      RulesCommand.self, UndoCommand.self, ExportCommand.self, ImportCommand.self, GcCommand.self,
      OpenCommand.self, DownloadCommand.self, OverviewCommand.self,
    ]
  )

  /// Runs what was typed, on this thread unless it waits for the network.
  ///
  /// Four threads and the way to them cost as much as to print a list.
  static func main() {
    prepareProcess()
    do {
      let command = try parseTyped()
      if command is any AsyncParsableCommand {
        Task { await runWaiting() }
        dispatchMain()
      }
      do {
        var command = command
        try command.run()
      } catch is DamagedIndex {
        try removeIndex()
        var command = command
        try command.run()
      }
      Output.standard.finish()
    } catch {
      leave(for: error)
    }
  }

  private static func runWaiting() async -> Never {
    do {
      do {
        try await runTyped()
      } catch is DamagedIndex {
        try removeIndex()
        try await runTyped()
      }
      Output.standard.finish()
      leave(.success)
    } catch {
      leave(for: error)
    }
  }

  private static func runTyped() async throws {
    guard var command = try parseTyped() as? any AsyncParsableCommand else { return }
    try await command.run()
  }

  /// Has the index drawn anew, for it is a picture of the store.
  private static func removeIndex() throws {
    FeedIndex.remove(path: try Surroundings(home: CommonOptions.typedHome()).places.index)
  }

  private static func leave(for error: any Error) -> Never {
    if error is DamagedIndex {
      leave(saying: Failure(.inputOutput, "The index cannot be used. Delete the cache directory."))
    }
    if let failure = error as? Failure { leave(saying: failure) }
    Output.standard.finish()
    let code = exitCode(for: error)
    // Help that was asked for goes to standard output.
    if code.isSuccess {
      guard let help = HelpText(fullMessage(for: error), columns: Output.standard.columns) else {
        exit(withError: error)
      }
      Output.standard.prepare(colour: .never, pager: pagerCommand(), hyperlinks: false)
      for line in help.lines { Output.standard.line(line) }
      Output.standard.finish()
      leave(code)
    }
    // What is wrong may be what was typed, so it is filtered like all text from outside.
    for line in fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false) {
      let isUsage = line.hasPrefix("Usage: ")
      let lines = isUsage ? HelpText.parted(String(line), Output.error.columns) : [String(line)]
      for line in lines { Output.error.line(line) }
    }
    leave(code)
  }

  private static func leave(saying failure: Failure) -> Never {
    Output.standard.finish()
    Output.error.line("rill: \(failure.message)")
    rill.leave(failure.status)
  }

  private static func leave(_ code: ExitCode) -> Never { exit(withError: code) }

  /// Parses what was typed.
  ///
  /// The first word alone tells the command nearly always, and to set up all the others costs more
  /// than to list. What goes wrong is told by all of them together: that knows `rill` and its help.
  private static func parseTyped() throws -> any ParsableCommand {
    // Linux gives them by a file of /proc; without it a mark would be a call for help, which ends well.
    if CommandLine.arguments.isEmpty {
      throw Failure(
        .inputOutput,
        "What was typed cannot be read from /proc/self/maps. Mount /proc, or let more files be open."
      )
    }
    let arguments = withHomeBehind(Array(CommandLine.arguments.dropFirst()))
    try checkCommand(arguments)
    let command = configuration.subcommands.first {
      $0.configuration.commandName == arguments.first
    }
    let isHelp = arguments.contains { ["-h", "-help", "--help", "help"].contains($0) }
    // No command: `rill` alone, perhaps with options. What is wrong with them is said below.
    if !isHelp, arguments.first?.hasPrefix("-") ?? true,
      let overview = try? OverviewCommand.parseAsRoot(arguments)
    {
      return overview
    }
    // The error comes again below, with the words of the whole program.
    if !isHelp, let command, let typed = try? command.parseAsRoot(Array(arguments.dropFirst())) {
      return typed
    }
    return try parseAsRoot(arguments)
  }

  /// Has `rill --home DIR list` mean `rill list --home DIR`.
  private static func withHomeBehind(_ words: [String]) -> [String] {
    let first = words.first ?? ""
    let count = first == "--home" ? 2 : first.hasPrefix("--home=") ? 1 : 0
    guard count > 0, words.count > count else { return words }
    var end = count
    var commands = configuration.subcommands
    while end < words.count,
      let command = commands.first(where: { $0.configuration.commandName == words[end] })
    {
      commands = command.configuration.subcommands
      end += 1
    }
    // What is no command is said to be none, and not that the option is.
    if end == count { return words[count].hasPrefix("-") ? words : Array(words[count...]) }
    return Array(words[count..<end] + words[..<count] + words[end...])
  }

  /// Refuses the name of a command that there is not, whether it is to be run or explained.
  private static func checkCommand(_ typed: [String]) throws {
    var path = "rill"
    var commands = configuration.subcommands
    for word in typed.drop(while: { $0 == "help" }) {
      guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      if let command = commands.first(where: { $0.configuration.commandName == word }) {
        path += " " + word
        commands = command.configuration.subcommands
        continue
      }
      let names = commands.compactMap { $0.configuration.commandName }
      let meant = nearestName(to: word, of: names)
      throw Failure(
        .usage,
        "There is no command \((path + " " + quoted(word)).dropFirst("rill ".count)). "
          + (meant.map { "Did you mean: \(path) \($0)" }
            ?? "See all with: \(path.replacing("rill", with: "rill help"))")
      )
    }
  }
}
