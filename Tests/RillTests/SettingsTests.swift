import Foundation
import TestSupport
import Testing

@testable import rill

/// The rows of the first table of Documentation/Settings.md, without its head: the cells of each.
private func documented() throws -> [[String]] {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Documentation/Settings.md")
  let text = try String(contentsOf: path, encoding: .utf8)
  return text.split(separator: "\n")
    .filter { line in
      ["fetch.", "keep.", "hooks.", "open.", "download."].contains { line.hasPrefix("| `" + $0) }
    }
    .map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
    }
}

@Test func `every setting of the code is in the table, with its default, and no other`() throws {
  let rows = try documented()
  #expect(rows.count > 20)
  let numbers = NumberSetting.program + NumberSetting.all
  let coded = numbers.map { [$0.key, "\($0.standard)"] } + NumberSetting.texts.map { [$0, $1] }
  #expect(Set(rows.map { Array($0.prefix(2)) }) == Set(coded))
  #expect(rows.count == coded.count)
  #expect(rows.map { $0[0] } == SettingName.all)
  for row in rows {
    #expect(row[2].replacingOccurrences(of: "`", with: "") == SettingName.about(row[0]))
  }
}

@Test func `a default may be set, and keys say their unit`() {
  for setting in NumberSetting.all {
    #expect(setting.range.contains(setting.standard), "\(setting.key)")
    let seconds =
      switch setting.place {
      case .schedule, .fetchMilliseconds: true
      case .fetch, .scheduleCount, .program: setting.key.hasSuffix("-seconds")
      }
    #expect(setting.key.hasSuffix("-seconds") == seconds, "\(setting.key)")
  }
}

@Test func `a command is taken apart as a shell does, without a shell`() {
  #expect(commandWords("pass show feeds/a") == ["pass", "show", "feeds/a"])
  #expect(commandWords(" a  'b  c' \"d \\\" e\" f\\ g ''") == ["a", "b  c", "d \" e", "f g", ""])
  #expect(commandWords("echo $HOME `x` $(y) *") == ["echo", "$HOME", "`x`", "$(y)", "*"])
  #expect(commandWords("a 'b") == nil)
  #expect(commandWords("a \\") == nil)
  #expect(commandWords("  ") == [])
}

@Test func `a password is the first line of what a command prints, and it runs once`() async throws
{
  let folder = FileManager.default.temporaryDirectory.path + "/rill-command-\(UUID())"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer {
    // Cleaning up is all that is left; a failure harms nobody.
    try? FileManager.default.removeItem(atPath: folder)
  }
  let commands = PasswordCommands(seconds: 60)
  let command = [
    "/bin/sh", "-c", "echo x >> \"$0\"; printf 'first\\r\\nsecond\\n'", folder + "/log",
  ]
  async let one = commands.password(from: command)
  async let two = commands.password(from: command)
  #expect(await [one, two] == [.success("first"), .success("first")])
  #expect(try String(contentsOfFile: folder + "/log", encoding: .utf8) == "x\n")
}

@Test(
  arguments: [
    (["/bin/false"], "ended with 1"), (["/bin/true"], "printed nothing"),
    (["/nothing/here"], "cannot be run"), (["no-such-program-at-all"], "cannot be run"),
    (["/bin/sh", "-c", "kill -9 $$"], "was ended by signal 9"),
    (["/bin/sleep", "600"], "took longer than 1 s"),
    // A child of the command that lives on holds its output open.
    (["/bin/sh", "-c", "sleep 5; echo"], "took longer than 1 s"),
  ]
)
func `a command that gives no password is told of without its words`(
  command: [String],
  reason: String
) async {
  // A busy machine may need long to start a program.
  let commands = PasswordCommands(seconds: reason.contains("longer") ? 1 : 600)
  #expect(await commands.password(from: command) == .failure(PasswordFailure(reason: reason)))
}

extension ProgramTests {
  @Test(
    arguments: [
      ("MIN_INTERVAL_SECONDS", "3599", "from 3600"), ("MAX_REDIRECTS", "many", "a whole number"),
      ("USER_AGENT", "a\nb", "no header field"), ("MOVE_POLLS", "0", "from 1"),
      ("STALL_SECONDS", "-1", "from 1"),
    ]
  )
  func `a setting that cannot be is a mistake in use that names it`(
    name: String,
    value: String,
    says: String
  ) throws {
    let machine = try Machine()
    _ = try machine.rill("add", "--no-sync", "https://a.example/f")
    let run = try machine.rill("sync", environment: ["RILL_FETCH_" + name: value])
    #expect(run.status == 64)
    #expect(run.errors.contains(says), "\(run.errors)")
    let key = "fetch." + name.lowercased().replacingOccurrences(of: "_", with: "-")
    #expect(run.errors.contains(key), "\(run.errors)")
  }
}
