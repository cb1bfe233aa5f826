import Foundation
import TestSupport
import Testing

private let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

extension ProgramTests {
  @Test func `the manual pages say what the documents and the help say`() throws {
    let machine = try Machine()
    let made = try machine.shell("\(top)/Scripts/docs $RILL \(machine.home)/docs")
    #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
    func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    let format = try text(top + "/Documentation/Format.md").split(separator: "\n")
    let store = try text(machine.home + "/docs/man/rill-store.5")
    for line in format where line.hasPrefix("## ") {
      #expect(store.contains(".SH " + line.dropFirst(3).uppercased() + "\n"), "\(line)")
    }
    // Each row of a table begins with the names that it is about.
    let rows = format.filter { $0.hasPrefix("| `") }
    #expect(rows.count > 40)
    for row in rows {
      let names = row.dropFirst(2).prefix(while: { $0 != "|" })
        .replacing(/`([^`]*)`/) { "\\fB\($0.1)\\fP" }
      let tag = names.trimmingCharacters(in: .whitespaces).replacing("-", with: "\\-")
      #expect(store.contains(".TP\n\(tag)\n"), "\(tag)")
    }
    for sign in ["`", "](", "@FORMAT@", "@DATE@", "\n|"] {
      #expect(!store.contains(sign), "\(sign)")
    }
    let page = try text(machine.home + "/docs/man/rill.1")
    #expect(page.contains(".SS rill list\n") && page.contains(".SS rill rules add\n"))
    // The usage of a command is in lines that fit.
    #expect(
      page.contains("\nrill sync [\\-\\-home <dir>] [\\-\\-resolve <host:port:address> ...]\n")
    )
  }
}
