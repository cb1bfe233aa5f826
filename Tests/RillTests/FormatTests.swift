import FeedJSON
import Foundation
import TestSupport
import Testing

private let top = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let formats = top.appendingPathComponent("Tests/FeedStoreTests/Formats").path

/// The stores that are kept, one for each format.
private let stores: [String] = {
  // Without any the test that counts them fails.
  let names = (try? FileManager.default.contentsOfDirectory(atPath: formats)) ?? []
  return names.filter { !$0.contains(".") }.sorted()
}()

/// Every file of a directory with its bytes.
private func contents(of directory: String) throws -> [String: Data] {
  var files: [String: Data] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: directory) {
    let path = "\(directory)/\(name)"
    if let data = FileManager.default.contents(atPath: path) { files[name] = data }
  }
  return files
}

/// A machine that has a copy of a store.
private func machine(with store: String) throws -> Machine {
  let machine = try Machine()
  try FileManager.default.copyItem(
    atPath: "\(formats)/\(store)/store",
    toPath: "\(machine.home)/store"
  )
  return machine
}

/// What a kept store said when it was made.
private func golden(_ store: String, _ name: String) throws -> String {
  try String(contentsOfFile: "\(formats)/\(store)/\(name).jsonl", encoding: .utf8)
}

private func objects(_ text: String) throws -> [[String: JSONValue]] {
  try text.split(separator: "\n")
    .map { line in
      var reader = JSONReader(Array(line.utf8))
      guard case .object(let members) = try reader.value() else { return [:] }
      return members
    }
}

extension ProgramTests {
  @Test func `a store of every format is kept, and the readme names each`() throws {
    #expect(stores.count >= 3)
    let readme = try String(contentsOfFile: "\(formats)/README.md", encoding: .utf8)
    for store in stores { #expect(readme.contains("| `\(store)` |")) }
  }

  @Test(arguments: stores)
  func `a store of an older format says what it said, and no byte of it changes`(
    store: String
  ) throws {
    let machine = try machine(with: store)
    let before = try contents(of: "\(machine.home)/store")
    let now = "2026-11-22T14:00:00Z"
    let isClean = try golden(store, "doctor").isEmpty
    // The state to the last byte; of the others the members that they had then.
    #expect(try machine.rill("export", "state", now: now).output == golden(store, "state"))
    for (arguments, file) in [
      (["list", "--all", "--json"], "articles"), (["feeds", "--json"], "feeds"),
      (["undo", "--list", "--limit", "0", "--json"], "undo"), (["devices", "--json"], "devices"),
      (["doctor", "--full", "--json"], "doctor"),
    ] {
      let run = try machine.run(arguments, now: now)
      #expect(run.status == (file == "doctor" && !isClean ? 1 : 0))
      #expect(run.errors.isEmpty || !isClean, "\(run.errors)")
      let expected = try objects(golden(store, file))
      let found = try run.objects()
      #expect(found.count == expected.count, "\(file)")
      for (found, expected) in zip(found, expected) {
        for (name, value) in expected { #expect(found[name] == value, "\(name)") }
      }
    }
    #expect(try !objects(golden(store, "articles")).isEmpty)
    #expect(try contents(of: "\(machine.home)/store") == before)
    // And it is written on, beside what is there.
    #expect(try machine.rill("mark", "read", "--all", now: now).status == 0)
    let after = try contents(of: "\(machine.home)/store")
    for (name, data) in before { #expect(after[name] == data, "\(name)") }
    #expect(try machine.rill("list", now: now).output.isEmpty)
  }

  /// The lines of shell in the last part of Documentation/Format.md, command by command.
  private func commands() throws -> [String] {
    let text = try String(
      contentsOf: top.appendingPathComponent("Documentation/Format.md"),
      encoding: .utf8
    )
    let part = try #require(text.split(separator: "## Asking with jq").last)
    let block = try #require(part.split(separator: "```").dropFirst().first).dropFirst(3)
    return block.split(separator: "\n# ").map { "# " + $0 }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/jq")), arguments: stores)
  func `what the documentation asks with jq gives what the program says`(store: String) throws {
    let machine = try machine(with: store)
    let commands = try commands()
    #expect(commands.count == 3)
    let answers = try commands.map { command in
      let run = try machine.shell("cd '\(machine.home)/store' || exit\n\(command)")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      return run.lines
    }
    let state = try objects(machine.rill("export", "state").output)
    let articles = try machine.rill("list", "--json").objects()
    func text(_ value: JSONValue?) -> String? {
      if case .string(let text) = value { text } else { nil }
    }
    // The feed that was removed is there too.
    #expect(Set(answers[0]).isSuperset(of: state.compactMap { text($0["url"]) }))
    // An address that a feed has left stands there as well, until it is compacted.
    let moves = state.count { $0["move.from"] != nil }
    #expect(answers[0].count <= state.count { $0["url"] != nil } + moves)
    #expect(
      Set(answers[1].compactMap { $0.split(separator: "\t").last.map(String.init) })
        == Set(state.filter { $0["article"] != nil }.compactMap { text($0["feed"]) })
    )
    #expect(answers[2].sorted() == articles.compactMap { text($0["title"]) }.sorted())
  }
}
