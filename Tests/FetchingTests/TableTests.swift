import Foundation
import Testing

private let top = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func text(_ path: String) throws -> String {
  try String(contentsOf: top.appendingPathComponent(path), encoding: .utf8)
}

/// The rows of the table of Documentation/Fetching.md: the number of the line, and the tests.
private func rows() throws -> [(line: Int, tests: [(file: String, name: String)])] {
  try text("Documentation/Fetching.md").split(separator: "\n")
    .compactMap { row in
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard row.hasPrefix("|"), cells.count == 3, let line = Int(cells[0]) else { return nil }
      let tests = cells[2].matches(of: /([A-Za-z\/]+): `([^`]+)`/)
        .filter { $0.1 != "scale" && $0.1 != "Measured" }
        .map { match in
          let file = match.1.contains("/") ? String(match.1) : "FetchingTests/\(match.1)"
          return (file: "Tests/\(file)Tests.swift", name: String(match.2))
        }
      return (line, tests)
    }
}

@Test func `the table has the lines from 1 to 105, each with its tests or a benchmark`() throws {
  let rows = try rows()
  #expect(rows.map(\.line) == Array(1...105))
  #expect(rows.filter(\.tests.isEmpty).map(\.line) == [62, 63])
}

@Test func `each test that the table names exists`() throws {
  for (line, tests) in try rows() {
    for (file, name) in tests {
      #expect(try text(file).contains("func `\(name)`"), "line \(line): \(file): \(name)")
    }
  }
}

@Test func `each test of these rules is in the table, at each of its lines`() throws {
  let rows = try rows()
  let directory = top.appendingPathComponent("Tests/FetchingTests").path
  var count = 0
  for file in try FileManager.default.contentsOfDirectory(atPath: directory) {
    let path = "Tests/FetchingTests/\(file)"
    guard file.hasSuffix("Tests.swift"), file != "TableTests.swift" else { continue }
    // Up to its name a test says its lines.
    for test in try text(path).split(separator: "@Test").dropFirst() {
      let name = try #require(test.firstMatch(of: /func `([^`]+)`/)?.1)
      let head = test[..<name.startIndex]
      let numbers = try #require(head.firstMatch(of: /\.line\(([0-9, ]+)\)/)?.1, "\(name)")
      for number in numbers.split(whereSeparator: { ", ".contains($0) }).compactMap({ Int($0) }) {
        let row = rows.first { $0.line == number }
        #expect(
          row?.tests.contains { $0.file == path && $0.name == name } == true,
          "line \(number): \(file): \(name)"
        )
        count += 1
      }
    }
  }
  #expect(count > 100)
}
