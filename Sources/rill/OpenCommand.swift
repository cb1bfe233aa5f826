import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync
import Subprocess
import SystemPackage

/// `rill open`.
struct OpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open the pages of articles in a browser.",
    discussion: """
      The program is that of the setting open.command, or else of $BROWSER, or else
      xdg-open. Both are words parted by spaces, and no shell reads them; %u is
      where the address goes, else it comes last. $BROWSER may name several
      programs, parted by colons: the first that is there is taken. Only http and
      https are opened. Several pages are opened at once on a graphical display, and
      one after the other in a terminal; rill ends when the programs have ended.

      Examples:
        rill open k7m2
        rill open k7m2 --print
        BROWSER='firefox --new-window %u' rill open k7m2 b3xw
        rill list --json --limit 5 | jq -r .id | rill open -
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "Ids or unique beginnings of ids; - reads them from standard input.",
    completion: .articles
  )
  var ids: [String]
  @Flag(name: .customLong("print"), help: "Print the addresses and open nothing.")
  var prints = false
  @Flag(help: "Open more than ten pages at once.") var yes = false

  private static let pagesMax = 10

  func run() async throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let rows = try typedIDs(ids).map { try library.article(named: $0) }
    var addresses: [String] = []
    for row in rows {
      guard let url = row.url else {
        throw Failure(
          .usage,
          "\(row.id) has no page of its own. Read it here: rill show \(row.id.description.prefix(8))"
        )
      }
      guard let address = pageAddress(url) else {
        throw Failure(
          .usage,
          "The page of \(row.id) is \(String(url.prefix(200))), which is neither http nor https and is "
            + "not opened. Read it here: rill show \(row.id.description.prefix(8))"
        )
      }
      if !addresses.contains(address) { addresses.append(address) }
    }
    if prints {
      for address in addresses { Output.standard.raw(Array((address + "\n").utf8)) }
      return
    }
    if addresses.count > Self.pagesMax, !yes {
      throw Failure(
        .usage,
        "That would open \(addresses.count) pages at once. If that is wanted, say so with --yes."
      )
    }
    let settings = try await Settings(configFile: surroundings.configFile)
    let words = try browser(settings)
    let commands = addresses.map { command(words, opening: $0) }
    guard isWindowed(words) else {
      for command in commands { try await start(command) }
      return
    }
    try await withThrowingTaskGroup { group in
      for command in commands { group.addTask { try await start(command) } }
      // All are open before one that fails is told.
      var failure: (any Error)?
      while let result = await group.nextResult() {
        if case .failure(let error) = result { failure = failure ?? error }
      }
      if let failure { throw failure }
    }
  }

  /// Each page has a window of its own; programs that share the terminal take turns.
  private func isWindowed(_ words: [String]) -> Bool {
    let textBrowsers = ["w3m", "lynx", "links", "links2", "elinks", "www-browser", "browsh", "cha"]
    guard let name = words.first?.split(separator: "/").last, !textBrowsers.contains(String(name))
    else { return false }
    return !variable("DISPLAY").isEmpty || !variable("WAYLAND_DISPLAY").isEmpty
  }

  private func browser(_ settings: Settings) throws -> [String] {
    if let words = try settings.openCommand() {
      guard words.first.flatMap(programPath) != nil else {
        let set = settings.text(.openCommand) ?? ""
        throw Failure(
          .usage,
          "open.command is \(set), and no such program may be run. Write it like: firefox %u"
        )
      }
      return words
    }
    let choices =
      variable("BROWSER").split(separator: ":")
      .map { $0.split(separator: " ").map(String.init) } + [["xdg-open"], ["open"]]
    guard let words = choices.first(where: { $0.first.flatMap(programPath) != nil }) else {
      throw Failure(
        .usage,
        "No browser was found. Name one in $BROWSER or open.command, or see the address with --print."
      )
    }
    return words
  }

  private func start(_ words: [String]) async throws {
    guard let program = words.first.flatMap(programPath) else { return }
    let name = words.first ?? program
    do {
      let result = try await Subprocess.run(
        .path(FilePath(program)),
        arguments: Arguments(Array(words.dropFirst())),
        input: .currentStandardInput,
        output: .currentStandardOutput,
        error: .currentStandardError
      )
      guard let words = result.terminationStatus.failure else { return }
      throw Failure(.someFailed, "\(name) \(words). See the address with --print.")
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(
        .inputOutput,
        "\(name) cannot be run. Name another in $BROWSER or open.command."
      )
    }
  }
}
