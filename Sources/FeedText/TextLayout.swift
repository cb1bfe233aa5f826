/// Lines of text below each other, with what stands before them: quote marks, list marks, indents.
struct TextLayout {
  /// The lines so far, without trailing white space.
  private(set) var lines: [String] = []

  private let width: Int
  private var prefixes: [Prefix] = []
  private var prefixCells = 0
  /// For each block that is open, whether it has a prefix.
  private var blocks: [Bool] = []
  /// A blank line comes before the next line.
  private var isBlankDue = false
  /// How many prefixes stood all the time since the last line.
  private var common = 0

  /// What stands before the lines of one block.
  private struct Prefix {
    /// Before its first line; nil once that is written.
    var first: String?
    /// Before the lines after that, as wide as the first.
    var rest: String
  }

  /// Begins with no lines; narrower than 8 cells is not narrower.
  init(width: Int) { self.width = max(8, width) }

  /// How many cells a line has beside its prefixes.
  var room: Int { width - prefixCells }

  /// Begins a block.
  ///
  /// Prefixes that would leave less than half of the width are not written.
  ///
  /// - Parameters:
  ///   - first: What stands before its first line, once.
  ///   - rest: What stands before the others; nil for spaces.
  mutating func push(_ first: String, rest: String? = nil) {
    let rest = rest ?? String(repeating: " ", count: cellWidth(first))
    let cells = cellWidth(rest)
    let fits = room - cells >= width / 2
    blocks.append(fits)
    guard fits else { return }
    prefixes.append(Prefix(first: first, rest: rest))
    prefixCells += cells
  }

  /// Ends the innermost block.
  mutating func pop() {
    guard blocks.removeLast() else { return }
    prefixCells -= cellWidth(prefixes.removeLast().rest)
    common = min(common, prefixes.count)
  }

  /// Asks for a blank line before the next line, if there is one.
  mutating func blank() { isBlankDue = true }

  /// Writes a paragraph, wrapped.
  mutating func paragraph(_ text: String) {
    for line in balanced(wrapped(text, width: room)) { write(line) }
  }

  /// Writes a line as it is, however long.
  mutating func write(_ line: String) {
    if isBlankDue, !lines.isEmpty {
      lines.append(trimmed(prefixes[..<common].map(\.rest).joined()))
    }
    isBlankDue = false
    var text = ""
    for index in prefixes.indices {
      text += prefixes[index].first ?? prefixes[index].rest
      prefixes[index].first = nil
    }
    common = prefixes.count
    lines.append(trimmed(text + line))
  }

  /// Without white space at the end; an unbreakable space has served and is a space.
  private func trimmed(_ line: String) -> String {
    var line = line
    if line.utf8.contains(0xC2) { line = String(line.map { $0 == "\u{A0}" ? " " : $0 }) }
    while line.last == " " { line.removeLast() }
    return line
  }
}
