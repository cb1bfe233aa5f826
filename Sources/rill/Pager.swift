import Dispatch
import Subprocess
import SystemPackage

/// A program that shows long output page by page.
///
/// It is started with an argument vector, never by a shell, and reads from a pipe.
final class Pager: Sendable {
  /// Where to write.
  let descriptor: Int32
  private let ended = DispatchSemaphore(value: 0)

  /// Starts it; nil when it cannot be started.
  ///
  /// - Parameter command: The program, by its path or looked for in `PATH`, and its arguments.
  init?(_ command: [String]) {
    guard let name = command.first, let program = programPath(name), let pipe = makePipe() else {
      return nil
    }
    descriptor = pipe.writing
    let started = DispatchSemaphore(value: 0)
    let ended = ended
    takeSignalsForPager(1)
    Task.detached {
      // The pager cannot be run: what is written finds nobody reading, and is not missed.
      _ = try? await Subprocess.run(
        .path(FilePath(program)),
        arguments: Arguments(Array(command.dropFirst())),
        environment: pagerEnvironment(),
        input: .fileDescriptor(
          FileDescriptor(rawValue: pipe.reading),
          closeAfterSpawningProcess: true
        ),
        output: .currentStandardOutput,
        error: .currentStandardError
      ) { _ in
        started.signal()
      }
      started.signal()
      ended.signal()
    }
    started.wait()
    takeSignalsForPager(2)
  }

  /// Says that nothing more comes, and waits until it is left.
  func wait() {
    closeDescriptor(descriptor)
    ended.wait()
    takeSignalsForPager(3)
  }
}

/// What was set, without what would let a pager run programs or write files.
private func pagerEnvironment() -> Environment {
  var changes: [Environment.Key: String?] = [
    "LESSSECURE": "1", "LESSOPEN": nil, "LESSCLOSE": nil,
  ]
  // For a pager that is called `less` and no more: it would show colours as letters.
  if variable("LESS").isEmpty { changes["LESS"] = "FRX" }
  return .inherit.updating(changes)
}

/// The command of the pager; nil when none is wanted.
func pagerCommand() -> [String]? {
  // A pager would complain of such a terminal, and wait for a key.
  if variable("TERM") == "dumb" { return nil }
  if !isVariableSet("PAGER") { return ["less", "-FRX"] }
  let words = variable("PAGER").split(separator: " ").map(String.init)
  guard let program = words.first, program != "cat", program != "/bin/cat" else { return nil }
  return words
}
