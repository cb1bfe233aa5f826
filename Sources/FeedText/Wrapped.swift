/// Breaks a paragraph into lines of at most so many cells.
///
/// Lines break at spaces, and beside Chinese and Japanese characters, where no space is written.
/// A word that is wider than a line is cut. An unbreakable space breaks only such a word.
///
/// - Parameters:
///   - text: One paragraph, filtered, without line breaks.
///   - width: Cells in a line, at least 2.
/// - Returns: No line for text without a word.
public func wrapped(_ text: String, width: Int) -> [String] {
  var wrap = Wrap(width: max(2, width))
  for word in text.split(separator: " ") {
    if word.utf8.contains(0xC2), cellWidth(word) > width {
      for part in word.split(separator: "\u{A0}") { wrap.put(word: part) }
    } else {
      wrap.put(word: word)
    }
  }
  return wrap.finished()
}

private struct Wrap {
  let width: Int
  private var lines: [String] = []
  private var line = ""
  private var used = 0

  init(width: Int) { self.width = width }

  mutating func put(word: Substring) {
    if word.utf8.allSatisfy({ $0 < 0x80 }), word.utf8.count <= width {
      return put(word, cells: word.utf8.count, afterSpace: true)
    }
    var start = word.startIndex
    var cells = 0
    var isFirst = true
    var previous: Character?
    for index in word.indices {
      let character = word[index]
      // A style belongs to what stands before it where that ends, and breaks nothing.
      if let scalar = character.unicodeScalars.first, StyleMark.scalars.contains(scalar.value) {
        continue
      }
      let next = character.cells
      if let previous, cells + next > width || mayBreak(between: previous, and: character) {
        put(word[start..<index], cells: cells, afterSpace: isFirst)
        isFirst = false
        start = index
        cells = 0
      }
      cells += next
      previous = character
    }
    put(word[start...], cells: cells, afterSpace: isFirst)
  }

  mutating func finished() -> [String] {
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  private mutating func put(_ unit: Substring, cells: Int, afterSpace: Bool) {
    let gap = afterSpace && !line.isEmpty ? 1 : 0
    if used + gap + cells > width, !line.isEmpty {
      lines.append(line)
      line = String(unit)
      used = cells
    } else {
      if gap == 1 { line += " " }
      line += unit
      used += gap + cells
    }
  }

  /// A line may end between two characters of which one is Chinese or Japanese, but not before a
  /// closing mark nor after an opening one (JIS X 4051, the simple part of it).
  private func mayBreak(between left: Character, and right: Character) -> Bool {
    guard isIdeographic(left) || isIdeographic(right) else { return false }
    return !Self.opening.contains(left) && !Self.closing.contains(right)
  }

  /// Wide, and of a script that is written without spaces; Korean is not.
  private func isIdeographic(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first, scalar.value >= 0x2E80 else { return false }
    return scalar.isWide && !(0xAC00...0xD7A3).contains(scalar.value)
  }

  private static let opening: Set<Character> = Set("([{‘“（［｛〈《「『【〔〖｢")
  private static let closing: Set<Character> = Set(
    ")]}!,.:;?%’”…、。，．・：；？！）］｝〉》」』】〕〗｣ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ％"
  )
}
