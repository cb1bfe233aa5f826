/// A table of short texts, gathered cell by cell.
struct TextTable {
  private var rows: [[String]] = []
  /// The first row holds the names of the columns.
  private var hasHead = false
  private var emptyColumns = 0

  /// A cell is open.
  private(set) var isInCell = false

  mutating func openRow() { rows.append([]) }

  mutating func openCell(isHead: Bool, columns: String?) {
    if rows.isEmpty { rows.append([]) }
    if rows.count == 1 { hasHead = isHead && (rows[0].isEmpty || hasHead) }
    emptyColumns = min(max(columns.flatMap { Int($0) } ?? 1, 1), 20) - 1
    isInCell = true
  }

  mutating func closeCell(_ text: String) {
    guard isInCell else { return }
    isInCell = false
    rows[rows.count - 1].append(text)
    for _ in 0..<emptyColumns { rows[rows.count - 1].append("") }
  }

  /// Writes the rows: in columns where they fit, else with the cells one after another.
  func write(to layout: inout TextLayout) {
    let rows = rows.filter { !$0.allSatisfy(\.isEmpty) }
    let columns = rows.map(\.count).max() ?? 0
    var widths = Array(repeating: 0, count: columns)
    for row in rows {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], cellWidth(cell))
      }
    }
    let fits = widths.reduce(0, +) + 3 * (columns - 1) <= layout.room
    for (index, row) in rows.enumerated() {
      if fits {
        layout.write(zip(row, widths).map { padded($0, toCells: $1) }.joined(separator: " | "))
      } else {
        layout.paragraph(row.joined(separator: " | "))
      }
      if fits, hasHead, index == 0, rows.count > 1 {
        layout.write(widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-"))
      }
    }
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
