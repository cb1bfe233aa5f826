import FeedIndex
import FeedModel
import FeedSync
import Subprocess
import SystemPackage

/// The command of `hooks.on-new`, which is run once after a sync that brought new articles.
///
/// It gets each new article that is neither read nor hidden as a line of JSON on standard input, as `rill list --json`
/// prints it, and their number in the environment as `RILL_NEW`. Nothing that a publisher wrote is an
/// argument, and no shell is started.
struct NewArticlesHook: Sendable {
  /// An argument vector; the first word is looked for in `PATH`.
  var command: [String]
  /// How long it may take.
  var seconds: Int

  /// Runs the command for articles.
  ///
  /// What it prints goes to standard error, for standard output belongs to the sync. Where the task is
  /// cancelled, or it takes too long, the command and all that it started are told to end, and have a
  /// moment for it.
  ///
  /// - Parameter articles: As the index has them after the sync.
  /// - Returns: What went wrong; nil when it ended with 0, was told to end, or there was nothing to
  ///   tell.
  func run(for articles: [ArticleRow]) async -> String? {
    let new = articles.filter { !$0.isRead && !$0.isHidden }
    guard let program = command.first, !new.isEmpty else { return nil }
    Output.standard.finish()
    Output.error.finish()
    // A file and no pipe: a command that ends without reading it leaves nobody who cannot write.
    guard let input = unnamedFile(new.flatMap { $0.jsonLine() }) else {
      return "The command of hooks.on-new was not run: no file for its input can be made."
    }
    defer { closeDescriptor(input) }
    let failure = await withTaskGroup { group in
      group.addTask { await run(program, input, count: new.count) }
      group.addTask { [seconds] in
        // Cancelled is as good as slept.
        try? await Task.sleep(for: .seconds(seconds))
        return "took longer than \(seconds) s"
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    if Task.isCancelled { return nil }
    return failure.map { "The command of hooks.on-new, \(quoted(program)), \($0)." }
  }

  /// What a command starts is ended with it: a shell would leave its own children behind.
  private static var together: PlatformOptions {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
    ]
    return options
  }

  private func run(_ program: String, _ input: Int32, count: Int) async -> String? {
    do {
      let result = try await Subprocess.run(
        program.contains("/") ? .path(FilePath(program)) : .name(program),
        arguments: Arguments(Array(command.dropFirst())),
        environment: .inherit.updating(["RILL_NEW": String(count)]),
        platformOptions: Self.together,
        input: .fileDescriptor(FileDescriptor(rawValue: input), closeAfterSpawningProcess: false),
        output: .currentStandardError,
        error: .currentStandardError
      )
      return result.terminationStatus.failure
    } catch let error as SubprocessError where error.code == .executableNotFound {
      return "was not found"
    } catch {
      return "cannot be run: \(error)"
    }
  }
}
