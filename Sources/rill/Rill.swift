import ArgumentParser
import FeedIndex
import FeedSync

/// The program: arguments in, words and exit statuses out.
@main
struct Rill: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "rill",
    abstract: "Follow feeds from the terminal. Your articles stay yours, in plain files.",
    discussion: """
      A first minute with Rill:
        rill add https://example.org/     find the site's feed and subscribe to it
        rill sync                         ask all feeds that are due
        rill list                         see what is unread, newest first
        rill show k7m2                    read one
        rill mark read k7m2               mark it read

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
      AddCommand.self, SyncCommand.self, ListCommand.self, SearchCommand.self,
      ShowCommand.self, WhyCommand.self, MarkCommand.self,
      FeedsCommand.self, SetCommand.self, LogCommand.self, DoctorCommand.self, RemoveCommand.self,
      DiscoverCommand.self, ParseCommand.self, RebuildCommand.self,
      DevicesCommand.self,
      UndoCommand.self, ExportCommand.self, ImportCommand.self, GcCommand.self,
    ]
  )

  static func main() async {
    prepareProcess()
    do {
      do {
        try await runCommand()
      } catch is DamagedIndex {
        // The index is a picture of the store: it is drawn anew, and the command done again.
        FeedIndex.remove(path: try Surroundings(home: CommonOptions.typedHome()).places.index)
        try await runCommand()
      }
      Output.standard.finish()
    } catch is DamagedIndex {
      leave(saying: Failure(.inputOutput, "The index cannot be used. Delete the cache directory."))
    } catch let failure as Failure {
      leave(saying: failure)
    } catch {
      Output.standard.finish()
      let code = exitCode(for: error)
      // Help that was asked for goes to standard output.
      if code.isSuccess { exit(withError: error) }
      // What is wrong may be what was typed, so it is filtered like all text from outside.
      for line in fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false) {
        Output.error.line(String(line))
      }
      leave(code)
    }
  }

  private static func leave(saying failure: Failure) -> Never {
    Output.standard.finish()
    Output.error.line("rill: \(failure.message)")
    rill.leave(failure.status)
  }

  private static func leave(_ code: ExitCode) -> Never { exit(withError: code) }

  private static func runCommand() async throws {
    // Linux gives them by a file of /proc; without it a mark would be a call for help, which ends well.
    if CommandLine.arguments.isEmpty {
      throw Failure(
        .inputOutput,
        "What was typed cannot be read from /proc/self/maps. Mount /proc, or let more files be open."
      )
    }
    var command = try parseTyped()
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }

  /// Parses what was typed.
  ///
  /// The first word alone tells the command nearly always, and to set up all the others costs more
  /// than to list. What goes wrong is told by all of them together: that knows `rill` and its help.
  private static func parseTyped() throws -> any ParsableCommand {
    let arguments = CommandLine.arguments.dropFirst()
    let command = configuration.subcommands.first {
      $0.configuration.commandName == arguments.first
    }
    // The error comes again below, with the words of the whole program.
    if let command, let typed = try? command.parseAsRoot(Array(arguments.dropFirst())) {
      return typed
    }
    return try parseAsRoot()
  }
}
