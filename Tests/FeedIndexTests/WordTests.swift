import FeedModel
import GRDB
import Testing

@testable import FeedIndex

@Test func `every character is the same word to the full text as to the matcher`() throws {
  let index = try FeedIndex.open(path: nil, storeID: nil)
  try index.database.write { database in
    try database.execute(sql: "CREATE VIRTUAL TABLE parts USING fts5vocab (words, instance)")
    let scalars = (UInt32(1)...0x323FF).compactMap(Unicode.Scalar.init)
    let texts = stride(from: 0, to: scalars.count, by: 512)
      .map { first in
        scalars[first..<min(first + 512, scalars.count)].map { "x\($0)y" }.joined(separator: " ")
      }
    for (number, text) in texts.enumerated() {
      try database.execute(
        sql: "INSERT INTO words (rowid, title, body) VALUES (?, ?, '')",
        arguments: [number + 1, parted(text)]
      )
    }
    var words: [Int: [String]] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT term, doc FROM parts ORDER BY doc, offset"
    )
    while let row = try rows.next() { words[row[1], default: []].append(row[0]) }
    var differences: [String] = []
    for (number, text) in texts.enumerated() {
      let found = words[number + 1] ?? []
      let expected = WordScan(text).map(\.folded)
      if let (one, other) = zip(found, expected).first(where: { $0 != $1 }) {
        differences.append("\(one) \(other)")
      } else if found.count != expected.count {
        differences.append("\(number): \(found.count) words and \(expected.count)")
      }
    }
    let few = differences.prefix(8).joined(separator: ", ")
    #expect(few == "")
  }
}
