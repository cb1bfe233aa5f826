/// Counts the cells that a text takes in a terminal.
///
/// East Asian wide characters and emoji take 2, combining marks and controls 0, a joined emoji 2.
/// Terminals differ on joined emoji: this is what those that draw them as one picture do.
///
/// - Parameter text: Text on one line, best after `terminalSafe`.
/// - Returns: Never negative; as many as there are bytes for plain ASCII.
public func cellWidth(_ text: String) -> Int { cellWidth(text[...]) }

/// Cuts a text that is wider than a number of cells, and marks the cut with `…`.
///
/// Never splits a grapheme. Looks no further into the text than it has to.
///
/// - Parameters:
///   - text: Text on one line, best after `terminalSafe`.
///   - limit: The cells that there are; nothing fits into 0 or fewer.
/// - Returns: At most `limit` cells; the same text when it fits.
public func fitted(_ text: String, toCells limit: Int) -> String {
  guard limit > 0 else { return "" }
  var used = 0
  var cut = text.startIndex
  for index in text.indices {
    let cells = text[index].cells
    if used + cells < limit { cut = text.index(after: index) }
    used += cells
    if used > limit { return text[..<cut] + "…" }
  }
  return text
}

/// Cuts or fills a text to exactly a number of cells.
///
/// - Parameters:
///   - text: Text on one line, best after `terminalSafe`.
///   - limit: How many cells the result takes.
///   - alignedRight: The spaces go before the text.
/// - Returns: `limit` cells, or none when that is negative.
public func padded(_ text: String, toCells limit: Int, alignedRight: Bool = false) -> String {
  let text = fitted(text, toCells: limit)
  let spaces = String(repeating: " ", count: max(0, limit - cellWidth(text)))
  return alignedRight ? spaces + text : text + spaces
}

func cellWidth(_ text: Substring) -> Int {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
  return text.reduce(0) { $0 + $1.cells }
}

extension Character {
  /// How many cells of a terminal this grapheme takes.
  var cells: Int {
    var total = 0
    var last: (scalar: Unicode.Scalar, cells: Int)?
    var isJoined = false
    for scalar in unicodeScalars {
      var cells = scalar.cells
      switch scalar.value {
      case 0x200D:
        isJoined = true
        continue
      case 0xFE0F:
        // A sign that is narrow as text is drawn as a picture.
        if let last, last.cells == 1, last.scalar.properties.isEmoji { total += 1 }
        continue
      case 0x1F3FB...0x1F3FF where last != nil: cells = 0
      default: if isJoined { cells = 0 }
      }
      isJoined = false
      total += cells
      last = (scalar, cells)
    }
    return total
  }
}
