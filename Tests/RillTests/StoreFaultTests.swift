import Foundation
import LoopbackServer
import TestSupport
import Testing

private let document = """
  <rss version="2.0"><channel><title>Good</title>\
  <item><guid>1</guid><title>One</title></item>\
  <item><guid>2</guid><title>Two</title></item></channel></rss>
  """

/// A machine that follows one feed with two articles.
private func machine() throws -> Machine {
  let machine = try Machine()
  let path = try machine.file("feed.xml", document)
  #expect(try machine.rill("add", path).status == 0)
  return machine
}

extension Machine {
  fileprivate var devices: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: "\(home)/store/dev")
        .filter { !$0.hasPrefix(".") }.sorted()
    }
  }

  fileprivate func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(home)/\(path)", encoding: .utf8)
  }

  fileprivate func write(_ text: String, to path: String) throws {
    try text.write(toFile: "\(home)/\(path)", atomically: false, encoding: .utf8)
  }

  /// How many articles a list shows.
  fileprivate func count(_ arguments: String...) throws -> Int {
    try run(["list", "--json"] + arguments).lines.count
  }
}

// What the store's files may do to a person's command, and how that ends.
extension ProgramTests {
  @Test func `a store json that is cut off is called damaged, and doctor does not guess`() throws {
    let machine = try machine()
    let text = try machine.text("store/store.json")
    for cut in ["", "{\"fmt\":1,\"st", "\0\0\0\0"] {
      try machine.write(cut, to: "store/store.json")
      for arguments in [["list"], ["mark", "read", "--all"], ["doctor"], ["rebuild"]] {
        let run = try machine.run(arguments)
        #expect(run.status == 74, "\(arguments)")
        #expect(run.errors.contains("store.json is damaged"), "\(run.errors)")
      }
      #expect(try machine.text("store/store.json") == cut)
    }
    try machine.write(text, to: "store/store.json")
    #expect(try machine.count() == 2)
  }

  @Test func `the store of a newer version is read and not written, and says so`() throws {
    let machine = try machine()
    let text = try machine.text("store/store.json")
    try machine.write(text.replacing("\"fmt\":1", with: "\"fmt\":2"), to: "store/store.json")
    #expect(try machine.count() == 2)
    for arguments in [["mark", "read", "--all"], ["doctor", "--repair"]] {
      let run = try machine.run(arguments)
      #expect(run.status == 74)
      #expect(run.errors.contains("has format 2") && run.errors.contains("Install a newer Rill"))
    }
    let doctor = try machine.rill("doctor")
    #expect(doctor.status == 1 && doctor.output.hasPrefix("format "))
  }

  @Test func `a file of a newer version is left out with a warning, and the rest is shown`() throws
  {
    let machine = try machine()
    try FileManager.default.createDirectory(
      atPath: "\(machine.home)/store/dev/aaaaaaaa",
      withIntermediateDirectories: false
    )
    let open =
      #"{"n":1,"at":"2026-11-22T08:00:00.000Z","op":"open","fmt":2,"dev":"aaaaaaaa","seg":1}"#
    try machine.write(open + "\n", to: "store/dev/aaaaaaaa/j-000001.jsonl")
    let list = try machine.rill("list", "--json")
    #expect(list.status == 0 && list.lines.count == 2)
    #expect(list.errors.contains("format 2 of a newer Rill"))
    #expect(try machine.rill("mark", "read", "--all").status == 0)
  }

  @Test func `a store that went away is not begun anew by any command`() throws {
    let machine = try machine()
    try FileManager.default.moveItem(
      atPath: "\(machine.home)/store",
      toPath: "\(machine.home)/elsewhere"
    )
    for arguments in [
      ["list"], ["mark", "read", "--all"], ["doctor"], ["doctor", "--repair"], ["rebuild"],
      ["devices"], ["sync"], ["add", "/nowhere.xml"],
    ] {
      let run = try machine.run(arguments)
      #expect(run.status == 66, "\(arguments): \(run.errors)")
      #expect(run.errors.contains("is a disk not mounted?"))
    }
    #expect(!FileManager.default.fileExists(atPath: "\(machine.home)/store"))
  }

  @Test func `links where files are written are refused, and their targets stay`() throws {
    for name in ["j-000002.jsonl", "a-000002.jsonl"] {
      let machine = try machine()
      let target = try machine.file("target", "mine\n")
      let device = try machine.devices[0]
      let link = "\(machine.home)/store/dev/\(device)/\(name)"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      let run =
        name.hasPrefix("j") ? try machine.rill("mark", "read", "--all") : try machine.rill("list")
      #expect(run.status == (name.hasPrefix("j") ? 74 : 0))
      let doctor = try machine.rill("doctor")
      #expect(doctor.status == 1 && doctor.output.hasPrefix("refused "))
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine\n")
    }
  }

  @Test func `a clock before the store's creation is not believed, and is warned of`() throws {
    let machine = try machine()
    let run = try machine.rill("mark", "star", "--all", now: "1970-01-01T00:00:00Z")
    #expect(run.status == 0)
    #expect(
      run.errors.contains("The clock says 1970-01-01") && run.errors.contains("set the clock")
    )
    let device = try machine.devices[0]
    let text = try FileManager.default
      .contentsOfDirectory(atPath: "\(machine.home)/store/dev/\(device)")
      .filter { $0.hasPrefix("j-") }
      .map { try machine.text("store/dev/\(device)/\($0)") }.joined()
    #expect(text.contains(#""key":"star""#) && !text.contains("1970-01-01"))
    #expect(try machine.count("--starred") == 2)
    #expect(try machine.rill("mark", "unstar", "--all").errors.hasPrefix("Marked 2"))
    #expect(try machine.count("--starred") == 0)
  }

  @Test func `five hundred feeds and thirty-two open files are no matter`() throws {
    let server = try LoopbackServer { _ in .response(text: document) }
    let machine = try Machine()
    let urls = (1...500).map { server.url("/\($0)") }
    #expect(try machine.run(["add", "--no-sync"] + urls).status == 0)
    let run: Machine.Run = try machine.shell(
      "ulimit -n 32; \"$RILL\" sync --quiet; echo $?; \"$RILL\" list --json | wc -l"
    )
    #expect(
      run.lines.map { $0.trimmingCharacters(in: .whitespaces) } == ["0", "1000"],
      "\(run.errors)"
    )
  }

  @Test func `a home that was copied whole writes as another device`() throws {
    let machine = try machine()
    let first = try machine.devices
    let other = try Machine()
    for name in ["store", "state", "cache"] {
      try FileManager.default.copyItem(
        atPath: "\(machine.home)/\(name)",
        toPath: "\(other.home)/\(name)"
      )
    }
    #expect(try other.rill("mark", "read", "--all").status == 0)
    #expect(try other.devices.count == 2)
    #expect(Set(try other.devices).isSuperset(of: first))
    #expect(try other.count() == 0)
    let listed = try other.rill("devices")
    #expect(listed.lines.filter { $0.hasPrefix("* ") }.count == 1)
    #expect(listed.lines.first { $0.hasPrefix("* ") }?.contains(first[0]) == false)
  }

  @Test func `a journal that was restored from a copy gives no number twice`() throws {
    let machine = try machine()
    let device = try machine.devices[0]
    let journal = "store/dev/\(device)/j-000001.jsonl"
    let old = try machine.text(journal)
    #expect(try machine.rill("mark", "star", "--all").status == 0)
    // In place, as a machine that was rolled back finds it, with its memory of later lines.
    try machine.write(old, to: journal)
    #expect(try machine.rill("mark", "read", "--all").status == 0)
    #expect(try machine.devices.count == 2)
    #expect(try machine.text(journal) == old)
    // The index still knows the stars, which no file says any more.
    let doctor = try machine.rill("doctor")
    #expect(doctor.status == 1)
    #expect(
      doctor.output.hasPrefix("missing  dev/\(device)/j-000001.jsonl: It is shorter than it was")
    )
    #expect(doctor.output.contains("rill doctor --repair"))
    let state = try machine.rill("export", "state").output
    #expect(state.contains(#""starred":true"#))
    let rebuild = try machine.rill("rebuild")
    #expect(rebuild.errors.contains("Wrote 2 marks or settings down again"), "\(rebuild.errors)")
    #expect(try machine.rill("export", "state").output == state)
    #expect(try machine.rill("doctor").status == 0)
    #expect(try machine.rill("doctor", "--repair").status == 0)
    let after = try machine.rill("doctor", "--full")
    #expect(after.status == 0 && after.errors.isEmpty, "\(after.errors)")
    #expect(try machine.rill("export", "state").output == state)
  }

  @Test func `a journal that was removed is missed, also by who has no index`() throws {
    let machine = try machine()
    let device = try machine.devices[0]
    let manager = FileManager.default
    try manager.removeItem(atPath: "\(machine.home)/store/dev/\(device)/j-000001.jsonl")
    try manager.removeItem(atPath: "\(machine.home)/cache")
    #expect(try machine.rill("doctor").status == 1)
    let rebuild = try machine.rill("rebuild")
    #expect(rebuild.status == 0)
    #expect(rebuild.errors.contains("dev/\(device)/j-000001.jsonl: It is gone: lines 1 to "))
    #expect(try machine.rill("doctor").status == 1)
    let repair = try machine.rill("doctor", "--repair")
    #expect(repair.errors.contains("Nothing knows any more what the lines said"))
    #expect(try machine.rill("doctor", "--full").status == 0)
  }

  @Test func `doctor names file and byte, changes nothing, and is quiet after a repair`() throws {
    let machine = try machine()
    #expect(try machine.rill("doctor").output.isEmpty)
    let device = try machine.devices[0]
    let journal = "store/dev/\(device)/j-000001.jsonl"
    let text = try machine.text(journal)
    let start = try #require(text.split(separator: "\n").first).utf8.count + 1
    var bytes = Array(text.utf8)
    bytes[start + 20] ^= 1
    let handle = try #require(FileHandle(forWritingAtPath: "\(machine.home)/\(journal)"))
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
    for arguments in [["doctor"], ["doctor", "--full"]] {
      let doctor = try machine.run(arguments)
      #expect(doctor.status == 1)
      #expect(doctor.output.contains("dev/\(device)/j-000001.jsonl: The line at byte \(start) "))
      #expect(FileManager.default.contents(atPath: "\(machine.home)/\(journal)") == Data(bytes))
    }
    let repair = try machine.rill("doctor", "--repair")
    #expect(repair.status == 0 && repair.output.isEmpty, "\(repair.output)")
    #expect(repair.errors.contains("/damaged/\(device)-j-000001.jsonl"))
    #expect(try machine.rill("doctor", "--full").output.isEmpty)
    #expect(try machine.count() == 2)
  }

  @Test func `forgetting a machine wants a yes where nobody can be asked`() throws {
    let machine = try machine()
    let own = try machine.devices[0]
    // The state of this machine is lost, so it begins as another one.
    try FileManager.default.removeItem(atPath: "\(machine.home)/state")
    #expect(try machine.rill("mark", "star", "--all").status == 0)
    let before = try machine.rill("list", "--json").output
    #expect(try machine.rill("devices", "forget", own).status == 64)
    #expect(try machine.devices.count == 2)
    #expect(try machine.rill("devices", "forget", "zzzz").status == 64)
    let run = try machine.rill("devices", "forget", own, "--yes")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try machine.devices.count == 1)
    #expect(try machine.rill("list", "--json").output == before)
    #expect(try machine.rill("rebuild").status == 0)
    #expect(try machine.rill("list", "--json").output == before)
    #expect(try machine.rill("devices", "forget", machine.devices[0], "--yes").status == 64)
    #expect(try machine.rill("doctor", "--full").status == 0)
  }

  @Test func `marks of a directory that is gone are named by doctor, and a repair saves them`()
    throws
  {
    let machine = try machine()
    #expect(try machine.rill("mark", "star", "--all").status == 0)
    for (arguments, words) in [
      (["doctor", "--repair"], "Wrote 5 marks and settings"),
      (["rebuild"], "Wrote 5 marks or settings"),
    ] {
      let own = try #require(try machine.devices.first)
      try FileManager.default.removeItem(atPath: "\(machine.home)/store/dev/\(own)")
      let doctor = try machine.rill("doctor")
      #expect(doctor.status == 1)
      #expect(doctor.output.contains("dev/\(own): Its directory is gone, and 5 marks"))
      #expect(doctor.output.contains("rill doctor --repair"))
      let run = try machine.run(arguments)
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(!(try machine.rill("doctor").output.contains("gone  ")))
      #expect(try machine.rill("feeds", "--json").lines.count == 1)
      // The articles are gone until their feed is read, and their stars wait for them.
      let state = try machine.rill("export", "state").lines
      #expect(state.filter { $0.contains(#""starred":true"#) }.count == 2)
    }
  }
}
