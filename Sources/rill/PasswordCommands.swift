import Subprocess
import SystemPackage

/// Runs the commands that give passwords: each once, and one at a time.
///
/// One at a time because a command may have to ask the person. What went wrong is told without the
/// words of the command, which may be secret too.
actor PasswordCommands {
  private let seconds: Int
  private var runs: [[String]: Task<Result<String, PasswordFailure>, Never>] = [:]
  private var last: Task<Void, Never>?

  /// Prepares to run commands.
  ///
  /// - Parameter seconds: How long one of them may take.
  init(seconds: Int) { self.seconds = seconds }

  /// The first line that a command prints.
  ///
  /// - Parameter command: An argument vector; the first word is looked for in `PATH`.
  /// - Returns: The line without its end, or why there is none.
  func password(from command: [String]) async -> Result<String, PasswordFailure> {
    if let run = runs[command] { return await run.value }
    let before = last
    let seconds = seconds
    let run = Task {
      await before?.value
      return await firstLine(of: command, seconds: seconds)
    }
    runs[command] = run
    last = Task { _ = await run.value }
    return await run.value
  }
}

/// Why a command gave no password.
struct PasswordFailure: Error, Hashable {
  /// What follows on "The command that gives the password ".
  var reason: String
}

private func firstLine(
  of command: [String],
  seconds: Int
) async -> Result<String, PasswordFailure> {
  guard let program = command.first else { return .failure(PasswordFailure(reason: "is empty")) }
  return await withTaskGroup { group in
    group.addTask { await output(of: program, Array(command.dropFirst())) }
    group.addTask {
      // Cancelled is as good as slept.
      try? await Task.sleep(for: .seconds(seconds))
      return .failure(PasswordFailure(reason: "took longer than \(seconds) s"))
    }
    defer { group.cancelAll() }
    return await group.next() ?? .failure(PasswordFailure(reason: "was not run"))
  }
}

private func output(
  of program: String,
  _ arguments: [String]
) async -> Result<String, PasswordFailure> {
  do {
    let result = try await Subprocess.run(
      program.contains("/") ? .path(FilePath(program)) : .name(program),
      arguments: Arguments(arguments),
      input: .none,
      output: .bytes(limit: 65_536),
      error: .discarded
    )
    if let reason = result.terminationStatus.failure {
      return .failure(PasswordFailure(reason: reason))
    }
    let bytes = result.standardOutput
    guard !bytes.isEmpty else { return .failure(PasswordFailure(reason: "printed nothing")) }
    return .success(firstLine(bytes))
  } catch {
    return .failure(PasswordFailure(reason: "cannot be run"))
  }
}

/// What stands before the first line end, LF or CR LF.
func firstLine(_ bytes: [UInt8]) -> String {
  var line = bytes.prefix { $0 != 0x0A }
  if line.last == 0x0D { line.removeLast() }
  return String(decoding: line, as: UTF8.self)
}
