/// The beginning or end of a style or link inside a text that is being laid out.
///
/// Marks are noncharacters (Unicode §23.7), which no interchanged text should hold: `terminalSafe`
/// takes them out of what comes from outside. They take no cell, so a text is wrapped, cut
/// and padded with them in it; `runs(of:links:)` takes them out in the end.
enum StyleMark: Hashable {
  case style(TextStyle)
  /// A link, by its number in a list of all.
  case link(Int)

  static let scalars: ClosedRange<UInt32> = 0xFDD0...0xFDEF

  /// In this order they have their characters: U+FDD0 opens the first, U+FDD1 closes it.
  private static let styles: [TextStyle] = [.strong, .emphasis, .code, .faint, .heading]
  private static let linkOpens: UInt32 = 0xFDDE
  private static let linkCloses: UInt32 = 0xFDDF
  /// Sixteen digits follow on each other from here, the number of a link has five of them.
  private static let digits: UInt32 = 0xFDE0
  private static let digitCount = 5

  /// What stands before the stretch.
  var opening: String {
    switch self {
    case .style: Self.text([0xFDD0 + 2 * index])
    case .link(let number):
      Self.text(
        [Self.linkOpens]
          + (0..<Self.digitCount)
          .map { Self.digits + UInt32(truncatingIfNeeded: number >> (16 - 4 * $0)) & 0xF }
      )
    }
  }

  /// What stands behind the stretch.
  var closing: String {
    switch self {
    case .style: Self.text([0xFDD1 + 2 * index])
    case .link: Self.text([Self.linkCloses])
    }
  }

  private var index: UInt32 {
    guard case .style(let style) = self, let index = Self.styles.firstIndex(of: style) else {
      return 0
    }
    return UInt32(index)
  }

  private static func text(_ values: [UInt32]) -> String {
    var text = ""
    for scalar in values.compactMap(Unicode.Scalar.init) { text.unicodeScalars.append(scalar) }
    return text
  }

  /// Tells the marks of a text, one after the other.
  struct Reader {
    /// The marks that are open, the outermost first.
    private(set) var open: [StyleMark] = []
    private var number = 0
    private var digitsMissing = 0

    /// Takes a character in; true when it is a mark.
    mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
      guard StyleMark.scalars.contains(scalar.value) else { return false }
      switch scalar.value {
      case StyleMark.digits...:
        guard digitsMissing > 0 else { break }
        number = number << 4 | Int(scalar.value - StyleMark.digits)
        digitsMissing -= 1
        if digitsMissing == 0 { open.append(.link(number)) }
      case StyleMark.linkOpens: (number, digitsMissing) = (0, StyleMark.digitCount)
      case StyleMark.linkCloses:
        close { if case .link = $0 { true } else { false } }
      default:
        let index = Int(scalar.value - 0xFDD0)
        guard index / 2 < StyleMark.styles.count else { break }
        let mark = StyleMark.style(StyleMark.styles[index / 2])
        if index.isMultiple(of: 2) { open.append(mark) } else { close { $0 == mark } }
      }
      return true
    }

    private mutating func close(_ matches: (StyleMark) -> Bool) {
      guard let last = open.lastIndex(where: matches) else { return }
      open.remove(at: last)
    }
  }
}

/// A text holds a byte that each mark begins with.
func mayHoldMarks(_ text: String) -> Bool { text.utf8.contains(0xEF) }

/// Ends on each line what is open there, and begins it again on the next.
func balanced(_ lines: [String]) -> [String] {
  guard lines.count > 1, lines.contains(where: mayHoldMarks) else { return lines }
  var reader = StyleMark.Reader()
  return lines.map { line in
    let before = reader.open.map(\.opening).joined()
    for scalar in line.unicodeScalars { _ = reader.takes(scalar) }
    return before + line + reader.open.reversed().map(\.closing).joined()
  }
}

/// Takes the marks out of a line.
///
/// - Parameters:
///   - line: With its marks.
///   - links: The addresses that the marks count.
/// - Returns: What the line says, without white space at its end; none for an empty line.
func runs(of line: String, links: [String]) -> [TextRun] {
  var runs: [TextRun] = []
  if mayHoldMarks(line) {
    var reader = StyleMark.Reader()
    var text = String.UnicodeScalarView()
    func finish(_ open: [StyleMark]) {
      guard !text.isEmpty else { return }
      var run = TextRun(String(text))
      for mark in open {
        switch mark {
        case .style(let style): run.style.insert(style)
        case .link(let number): run.link = links.indices.contains(number) ? links[number] : nil
        }
      }
      text = String.UnicodeScalarView()
      if let last = runs.last, last.style == run.style, last.link == run.link {
        runs[runs.count - 1].text += run.text
      } else {
        runs.append(run)
      }
    }
    for scalar in line.unicodeScalars {
      let open = reader.open
      if reader.takes(scalar) {
        if reader.open != open { finish(open) }
      } else {
        text.append(scalar)
      }
    }
    finish(reader.open)
  } else if !line.isEmpty {
    runs = [TextRun(line)]
  }
  while var last = runs.popLast() {
    while last.text.last == " " { last.text.removeLast() }
    guard last.text.isEmpty else { return runs + [last] }
  }
  return runs
}
