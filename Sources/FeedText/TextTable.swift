/// A table of short texts, gathered cell by cell.
struct TextTable {
  private var rows: [[String]] = []
  /// The first row holds the names of the columns.
  private var hasHead = false
  private var columnSpan = 1
  private var rowSpan = 1
  /// The last row that a cell from above reaches down to, by column.
  private var reaches: [Int: Int] = [:]

  /// A cell is open.
  private(set) var isInCell = false

  /// A column that is narrower than this is no longer read as one.
  private static let cellsLeast = 10

  mutating func openRow() { rows.append([]) }

  mutating func openCell(_ element: HTMLElement) {
    if rows.isEmpty { rows.append([]) }
    if rows.count == 1 { hasHead = element.tag == .th && (rows[0].isEmpty || hasHead) }
    columnSpan = span(element["colspan"])
    rowSpan = span(element["rowspan"])
    isInCell = true
  }

  private func span(_ text: String?) -> Int { min(max(text.flatMap { Int($0) } ?? 1, 1), 20) }

  mutating func closeCell(_ text: String) {
    guard isInCell else { return }
    isInCell = false
    let row = rows.count - 1
    while let last = reaches[rows[row].count], last >= row { rows[row].append("") }
    for part in 0..<columnSpan {
      if rowSpan > 1 { reaches[rows[row].count] = row + rowSpan - 1 }
      rows[row].append(part == 0 ? text : "")
    }
  }

  /// Writes the rows: in columns where they fit or can be made to, else one cell below another.
  func write(to layout: inout TextLayout) {
    let rows = rows.filter { !$0.allSatisfy(\.isEmpty) }
    let columns = rows.map(\.count).max() ?? 0
    let natural = (0..<columns)
      .map { column in
        rows.map { $0.indices.contains(column) ? cellWidth($0[column]) : 0 }.max() ?? 0
      }
    let room = layout.room - 3 * (columns - 1)
    if natural.reduce(0, +) <= room {
      write(rows, natural, to: &layout)
    } else if let widths = Self.shared(natural, room: room) {
      write(rows, widths, to: &layout)
    } else {
      writeOneByOne(rows, to: &layout)
    }
  }

  private func write(_ rows: [[String]], _ widths: [Int], to layout: inout TextLayout) {
    let alignsRight = widths.indices.map { column in
      let cells = rows.dropFirst(hasHead ? 1 : 0)
        .map { $0.indices.contains(column) ? $0[column] : "" }
      return cells.contains { !$0.isEmpty } && cells.allSatisfy(isFigure)
    }
    for (index, row) in rows.enumerated() {
      let cells = zip(row, widths).map { balanced(wrapped($0, width: max(2, $1))) }
      for line in 0..<max(1, cells.map(\.count).max() ?? 1) {
        let parts = cells.indices.map { column in
          padded(
            line < cells[column].count ? cells[column][line] : "",
            toCells: widths[column],
            alignedRight: alignsRight[column]
          )
        }
        layout.write(parts.joined(separator: " | "))
      }
      if hasHead, index == 0, rows.count > 1 {
        layout.write(widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-"))
      }
    }
  }

  /// Where there are names of columns each cell has its line with the name before it.
  private func writeOneByOne(_ rows: [[String]], to layout: inout TextLayout) {
    guard hasHead, rows.count > 1, let head = rows.first else {
      for row in rows { layout.paragraph(row.joined(separator: " | ")) }
      return
    }
    for row in rows.dropFirst() {
      layout.blank()
      for (column, cell) in row.enumerated() where !cell.isEmpty {
        let name = head.indices.contains(column) ? head[column] : ""
        layout.push("", rest: "  ")
        layout.paragraph(name.isEmpty ? cell : "\(name): \(cell)")
        layout.pop()
      }
    }
  }

  /// Widths that fit: narrow columns keep theirs, the wide ones share what is left.
  ///
  /// - Returns: Nil when a column would have to be too narrow.
  private static func shared(_ natural: [Int], room: Int) -> [Int]? {
    var widths = natural
    var wide = Array(natural.indices)
    var left = room
    while !wide.isEmpty {
      let share = left / wide.count
      let narrow = wide.filter { natural[$0] <= share }
      if narrow.isEmpty {
        guard share >= cellsLeast else { return nil }
        for (place, column) in wide.enumerated() {
          widths[column] = share + (place < left % wide.count ? 1 : 0)
        }
        return widths
      }
      left -= narrow.reduce(0) { $0 + natural[$1] }
      wide.removeAll(where: narrow.contains)
    }
    return widths
  }

  /// A number, perhaps with a sign, a unit of one character, or nothing at all.
  private func isFigure(_ text: String) -> Bool {
    let digits = text.filter { $0.isNumber }.count
    return text.isEmpty
      || digits > 0 && text.allSatisfy { $0.isNumber || ".,%+-−–/: $€£¥×".contains($0) }
  }
}

/// The table at an index has rows of short texts, and is not there to place blocks on a page.
func isDataTable(_ events: [HTMLEvent], at start: Int) -> Bool {
  /// A longer text in a cell is read better as a paragraph.
  let cellBytesMax = 200
  var columns = 0
  var columnsMax = 0
  var bytes = 0
  var paragraphs = 0
  for event in events[(start + 1)...] {
    switch event {
    case .close(.table): return columnsMax > 1
    case .close: break
    case .text(let text):
      bytes += text.utf8.count
      if bytes > cellBytesMax { return false }
    case .open(let element):
      switch element.tag {
      case .table, .ul, .ol, .dl, .blockquote, .pre, .hr, .figure: return false
      case let tag where tag.isHeading: return false
      case .tr: columns = 0
      case .td, .th:
        columns += 1
        columnsMax = max(columnsMax, columns)
        bytes = 0
        paragraphs = 0
      case .p:
        paragraphs += 1
        if paragraphs > 1 { return false }
      default: break
      }
    }
  }
  return false
}
