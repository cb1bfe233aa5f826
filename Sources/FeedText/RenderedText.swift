/// The body of an article as lines for a terminal.
public struct RenderedText: Hashable, Sendable {
  /// Filtered as by `terminalSafe`, without trailing white space.
  ///
  /// None is wider than the width that was asked for, except in `pre`, which is kept as it is.
  public var lines: [String]
  /// The same lines with their styles and links; an empty line has no run.
  public var runs: [[TextRun]]
  /// The addresses behind `[1]`, `[2]` and so on: http, https or mailto, absolute, each once.
  public var links: [String]

  /// Puts a text without styles together.
  public init(lines: [String], links: [String]) {
    self.lines = lines
    self.links = links
    runs = lines.map { $0.isEmpty ? [] : [TextRun($0)] }
  }

  /// Takes the styles out of lines that were laid out.
  ///
  /// - Parameters:
  ///   - marked: Lines with the marks of styles.
  ///   - targets: The addresses that the marks of links count.
  ///   - links: The numbered addresses.
  init(marked: [String], targets: [String], links: [String]) {
    runs = marked.map { FeedText.runs(of: $0, links: targets) }
    lines = runs.map { $0.map(\.text).joined() }
    self.links = links
  }
}

/// Lays out HTML for reading in a terminal.
///
/// Pure: the same arguments always give the same lines. Any text gives a result.
///
/// - Parameters:
///   - html: A fragment, as feeds carry it, or a document.
///   - baseURL: What relative addresses are resolved against; without it they are not listed.
///   - width: Cells in a line; less than 8 counts as 8.
/// - Returns: Paragraphs, headings marked `#`, lists, quotes marked `> `, simple tables, pictures
///   as `[image: alt]`, references to notes as `[^1]`, and links with their numbers.
public func renderText(html: String, baseURL: String?, width: Int) -> RenderedText {
  var renderer = HTMLRenderer(baseURL: baseURL, width: width)
  return renderer.rendered(shownEvents(parseHTML(html)))
}

/// Lays out plain text for reading in a terminal.
///
/// Line breaks are kept, longer lines are wrapped under their own indent, and runs of blank lines
/// become one.
///
/// - Parameters:
///   - plain: Text as JSON Feed `content_text` carries it.
///   - width: Cells in a line; less than 8 counts as 8.
/// - Returns: Lines, and no links: the addresses stand in the text.
public func renderText(plain: String, width: Int) -> RenderedText {
  var layout = TextLayout(width: width)
  for line in terminalSafe(expandingTabs(plain), keepingNewlines: true)
    .split(separator: "\n", omittingEmptySubsequences: false)
  {
    let text = line.drop { $0 == " " }
    if text.isEmpty {
      layout.blank()
    } else {
      layout.push(String(repeating: " ", count: line.count - text.count))
      layout.paragraph(String(text))
      layout.pop()
    }
  }
  return RenderedText(lines: layout.lines, links: [])
}

/// Replaces each tab by the spaces to the next of the columns 8, 16, 24 and so on.
func expandingTabs(_ text: String) -> String {
  guard text.utf8.contains(0x09) else { return text }
  var result = ""
  var column = 0
  for character in text {
    if character == "\t" {
      let count = 8 - column % 8
      result += String(repeating: " ", count: count)
      column += count
    } else {
      result.append(character)
      column = character.isNewline ? 0 : column + character.cells
    }
  }
  return result
}
