import FeedJSON
import Foundation
import Testing

/// Tests that run the program, one at a time: while a test waits for a process it holds a thread that
/// the tests of all modules share.
@Suite(.serialized) struct ProgramTests {}

/// A machine of one test: a home of its own, and the program as a person would run it.
final class Machine {
  /// What a run of the program gave.
  struct Run {
    var status: Int32
    var output: String
    var errors: String

    /// Standard output line by line.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Standard output as one JSON object a line.
    func objects() throws -> [[String: JSONValue]] {
      try lines.map { line in
        var reader = JSONReader(Array(line.utf8))
        guard case .object(let members) = try reader.value() else { return [:] }
        return members
      }
    }
  }

  let home: String

  init() throws {
    home = FileManager.default.temporaryDirectory.path + "/rill-cli-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
  }

  deinit {
    // Cleaning up is all that is left; a failure harms nobody.
    try? FileManager.default.removeItem(atPath: home)
  }

  /// The program stands beside the tests that were built with it.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("rill").path

  /// Runs the program to its end.
  func rill(
    _ arguments: String...,
    input: String = "",
    now: String? = nil,
    environment more: [String: String] = [:]
  ) throws -> Run {
    try run(Self.program, arguments, input: input, now: now, environment: more)
  }

  /// Runs a line of shell in which `$RILL` is the program.
  func shell(_ line: String, now: String? = nil) throws -> Run {
    try run("/bin/sh", ["-c", line], input: "", now: now, environment: ["RILL": Self.program])
  }

  /// Writes a file below the home and gives its path.
  func file(_ name: String, _ text: String) throws -> String {
    let path = home + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func run(
    _ program: String,
    _ arguments: [String],
    input: String,
    now: String?,
    environment more: [String: String]
  ) throws -> Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    var environment = ["RILL_HOME": home, "PATH": "/usr/bin:/bin", "HOME": home]
    // No test waits between well-known paths.
    environment["RILL_FETCH_GUESS_PAUSE_SECONDS"] = "0"
    environment["RILL_NOW"] = now
    process.environment = environment.merging(more) { $1 }
    let (stdin, stdout, stderr) = (Pipe(), home + "/.out-\(UUID())", home + "/.err-\(UUID())")
    for path in [stdout, stderr] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardInput = stdin
    process.standardOutput = FileHandle(forWritingAtPath: stdout)
    process.standardError = FileHandle(forWritingAtPath: stderr)
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    process.waitUntilExit()
    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
    return Run(
      status: process.terminationStatus,
      output: try text(stdout),
      errors: try text(stderr)
    )
  }
}
