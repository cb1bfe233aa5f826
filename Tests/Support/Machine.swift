public import FeedJSON
import Foundation

/// A machine of one test: a home of its own, and the program as a person would run it.
public final class Machine: Sendable {
  /// What a run of the program gave.
  public struct Run: Sendable {
    /// The exit status, or 128 and the number of the signal.
    public var status: Int32
    /// Standard output.
    public var output: String
    /// Standard error.
    public var errors: String

    /// Standard output line by line.
    public var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Standard output as one JSON object a line.
    public func objects() throws -> [[String: JSONValue]] {
      try lines.map { line in
        var reader = JSONReader(Array(line.utf8))
        guard case .object(let members) = try reader.value() else { return [:] }
        return members
      }
    }
  }

  /// Where the program keeps everything.
  public let home: String

  /// Makes an empty home.
  public init() throws {
    home = FileManager.default.temporaryDirectory.path + "/rill-cli-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
  }

  deinit {
    // Cleaning up is all that is left; a failure harms nobody.
    try? FileManager.default.removeItem(atPath: home)
  }

  /// The program stands beside the tests that were built with it.
  public static let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("rill").path

  /// Runs the program to its end, and holds the thread until then.
  public func rill(
    _ arguments: String...,
    input: String = "",
    now: String? = nil,
    environment more: [String: String] = [:]
  ) throws -> Run {
    try run(Self.program, arguments, input: input, now: now, environment: more)
  }

  /// Runs the program to its end, and holds the thread until then.
  public func run(
    _ arguments: [String],
    now: String? = nil,
    environment more: [String: String] = [:]
  ) throws -> Run {
    try run(Self.program, arguments, input: "", now: now, environment: more)
  }

  /// Runs the program to its end; no thread of other tests is held.
  ///
  /// - Parameters:
  ///   - arguments: The command line.
  ///   - now: The time that the program believes in; nil for the clock of the machine.
  ///   - more: Variables of the environment.
  /// - Returns: What it gave.
  /// - Throws: What the system answers when it cannot be run.
  public func run(
    _ arguments: [String],
    now: String? = nil,
    environment more: [String: String] = [:]
  ) async throws -> Run {
    try await elsewhere { [self] in
      try run(Self.program, arguments, input: "", now: now, environment: more)
    }
  }

  /// Runs a line of shell in which `$RILL` is the program.
  public func shell(_ line: String, now: String? = nil) throws -> Run {
    try run("/bin/sh", ["-c", line], input: "", now: now, environment: ["RILL": Self.program])
  }

  /// Runs a line of shell in which `$RILL` is the program; no thread of other tests is held.
  public func shell(_ line: String, now: String? = nil) async throws -> Run {
    try await elsewhere { [self] in
      try run("/bin/sh", ["-c", line], input: "", now: now, environment: ["RILL": Self.program])
    }
  }

  private func elsewhere(_ body: @escaping @Sendable () throws -> Run) async throws -> Run {
    try await withCheckedThrowingContinuation { continuation in
      Self.threads.addOperation { continuation.resume(with: Result { try body() }) }
    }
  }

  /// Writes a file below the home and gives its path.
  public func file(_ name: String, _ text: String) throws -> String {
    let path = home + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Threads that do nothing but wait for programs.
  private static let threads = {
    let threads = OperationQueue()
    threads.maxConcurrentOperationCount = 12
    return threads
  }()

  private func run(
    _ program: String,
    _ arguments: [String],
    input: String,
    now: String?,
    environment more: [String: String]
  ) throws -> Run {
    var environment = ["RILL_HOME": home, "PATH": "/usr/bin:/bin", "HOME": home]
    // No test waits between well-known paths.
    environment["RILL_FETCH_GUESS_PAUSE_SECONDS"] = "0"
    environment["RILL_NOW"] = now
    environment.merge(more) { $1 }
    let stamp = UUID().uuidString
    let files = ["in", "out", "err"].map { home + "/.\($0)-\(stamp)" }
    defer {
      // What stays goes with the home.
      for path in files { try? FileManager.default.removeItem(atPath: path) }
    }
    for (path, text) in zip(files, [input, "", ""]) {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
    let status = try runToItsEnd(
      program,
      arguments,
      environment: environment.map { "\($0)=\($1)" },
      input: files[0],
      output: files[1],
      errors: files[2]
    )
    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
    return Run(status: status, output: try text(files[1]), errors: try text(files[2]))
  }
}
