import FeedModel
import FeedText

extension Listing {
  /// What the words stand in, on a line below the article; nil where there is nothing to show.
  ///
  /// A line of a terminal begins early enough for the first of them to stand on it.
  func line(of snippet: Snippet?, indent: Int, columns: Int?) -> [Piece]? {
    guard let snippet else { return nil }
    let room = columns.map { max($0 - indent, 10) }
    var used = 0
    var line = [Piece(String(repeating: " ", count: indent))]
    var parts = snippet.pieces.map { (text: terminalSafe($0.text), isMatch: $0.isMatch) }
    if let room, let first = parts.firstIndex(where: \.isMatch) {
      let before = parts[..<first].map(\.text).joined()
      // Half of the line before it is enough.
      if cellWidth(before) > room / 2 {
        parts.replaceSubrange(..<first, with: [("… " + ending(before, cells: room / 2 - 2), false)])
      }
    }
    for part in parts {
      let text = room.map { fitted(part.text, toCells: $0 - used) } ?? part.text
      guard !text.isEmpty else { break }
      line.append(Piece(text, part.isMatch ? .bold : .dim))
      used += cellWidth(text)
      if text != part.text { break }
    }
    return line
  }
}

/// The end of a text, as much as fits, from the beginning of a word where spaces part words.
private func ending(_ text: String, cells: Int) -> String {
  var kept = text[...]
  while cellWidth(String(kept)) > cells { kept = kept.dropFirst() }
  let isWhole =
    kept.startIndex == text.startIndex || text[text.index(before: kept.startIndex)] == " "
  guard !isWhole, let space = kept.dropLast().firstIndex(of: " ") else { return String(kept) }
  return String(kept[kept.index(after: space)...])
}
