import Foundation
import Testing

private let top = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func text(_ path: String) throws -> String {
  try String(contentsOf: top.appendingPathComponent(path), encoding: .utf8)
}

/// The rows of the tables of Documentation/Storing.md: the line, and what shows that it holds.
private func rows() throws -> [(line: Int, shown: String, by: [(place: String, name: String)])] {
  try text("Documentation/Storing.md").split(separator: "\n")
    .compactMap { row in
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard row.hasPrefix("|"), cells.count == 3, let line = Int(cells[0]) else { return nil }
      let by = cells[2].matches(of: /([A-Za-z\/]+): `([^`]+)`/)
        .map { (place: String($0.1), name: String($0.2)) }
      return (line, cells[2], by)
    }
}

@Test func `the table has all its lines, and those that nothing shows say so`() throws {
  let rows = try rows()
  #expect(rows.map(\.line) == Array(1...70) + Array(111...114))
  for row in rows {
    #expect(row.by.isEmpty == row.shown.hasPrefix("not shown"), "line \(row.line)")
  }
}

@Test func `each test and script that the table names exists`() throws {
  for row in try rows() {
    for (place, name) in row.by {
      if place == "Faults" {
        let path = top.appendingPathComponent("Tests/Faults/\(name)").path
        #expect(FileManager.default.isExecutableFile(atPath: path), "line \(row.line): \(name)")
      } else {
        let file = try text("Tests/\(place)Tests.swift")
        #expect(file.contains("func `\(name)`"), "line \(row.line): \(place): \(name)")
      }
    }
  }
}

@Test func `each script of faults is in the table`() throws {
  let named = Set(try rows().flatMap(\.by).filter { $0.place == "Faults" }.map(\.name))
  let directory = top.appendingPathComponent("Tests/Faults").path
  let scripts = try FileManager.default.contentsOfDirectory(atPath: directory)
    .filter { ($0.hasSuffix(".sh") || $0.hasSuffix(".py")) && $0 != "faults.py" }
  #expect(scripts.count > 10)
  for script in scripts {
    #expect(named.contains(script), "\(script)")
  }
}
