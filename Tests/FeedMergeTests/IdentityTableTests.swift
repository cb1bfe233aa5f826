import Foundation
import Testing

private let top = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func text(_ path: String) throws -> String {
  try String(contentsOf: top.appendingPathComponent(path), encoding: .utf8)
}

/// What the tables of Documentation/Identity.md name: the file and the test.
private func named() throws -> [(file: String, name: String)] {
  try text("Documentation/Identity.md").split(separator: "\n").filter { $0.hasPrefix("|") }
    .flatMap { row in
      row.matches(of: /([A-Za-z\/]+): `([^`]+)`/)
        .map { match in
          let file = match.1.contains("/") ? String(match.1) : "FeedMergeTests/\(match.1)"
          return (file: "Tests/\(file)Tests.swift", name: String(match.2))
        }
    }
}

@Test func `each test that the page on identity names exists`() throws {
  let named = try named()
  #expect(named.count > 40)
  for (file, name) in named {
    #expect(try text(file).contains("func `\(name)`"), "\(file): \(name)")
  }
}

@Test func `each row of the page on identity names a test`() throws {
  for row in try text("Documentation/Identity.md").split(separator: "\n") where row.hasPrefix("| ")
  {
    let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(cells.count == 2)
    #expect(["test"].contains(cells[1]) || cells[1].contains("`"), "\(row)")
  }
}

@Test func `each test of publishers is on the page on identity`() throws {
  let named = try Set(named().map(\.name))
  for file in ["Publisher", "ChangeWeight"] {
    for match in try text("Tests/FeedMergeTests/\(file)Tests.swift").matches(of: /func `([^`]+)`/) {
      let isOfValues = match.1.hasPrefix("authors, files") || match.1.hasPrefix("texts are alike")
      #expect(named.contains(String(match.1)) || isOfValues, "\(match.1)")
    }
  }
}
