import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// Puts edits into lines.
struct DiffLayout {
  /// Cells in a line; nil wraps nothing.
  let columns: Int?
  /// What was removed and added is told by its colour, and needs no signs.
  let hasColour: Bool

  /// How many words are shown on each side of a change.
  private static let context = 8

  /// Which article it is.
  func title(_ row: ArticleRow) -> [[Piece]] {
    filled([word(row.title ?? "(no title)", .bold)])
      + filled([word("\(row.id) · \(row.feedTitle)", .dim)])
  }

  /// Words of our own.
  func paragraph(_ text: String) -> [[Piece]] { filled([word(text, nil)]) }

  /// One edit: when and by whom it was seen, then each part.
  func edit(_ edit: ArticleEdit) -> [[Piece]] {
    let head =
      "\(shown(edit.at)), met by \(edit.device.words), beside what was there since "
      + "\(shown(edit.earlier)):"
    return filled([word(head, .yellow)]) + edit.parts.flatMap(part)
  }

  private func part(_ part: ArticleEdit.Part) -> [[Piece]] {
    let name = Piece(part.part.words + ":", .bold)
    if part.isUnseen { return filled([name, Piece("only its markup was edited.", .dim)]) }
    var pieces = [name]
    for (index, run) in part.runs.enumerated() {
      switch run.kind {
      case .same:
        pieces += cut(run.words, isFirst: index == 0, isLast: index == part.runs.count - 1)
      case .removed: pieces += marked(run.words, part, "[-", "-]", .red)
      case .added: pieces += marked(run.words, part, "{+", "+}", .green)
      }
    }
    return filled(pieces)
  }

  private func marked(
    _ words: [String],
    _ part: ArticleEdit.Part,
    _ open: String,
    _ close: String,
    _ style: Piece.Style
  ) -> [Piece] {
    let text = text(words, part.part)
    return [word(hasColour ? text : open + text + close, style)]
  }

  /// A stretch that did not change, without its middle.
  private func cut(_ words: [String], isFirst: Bool, isLast: Bool) -> [Piece] {
    let head = isFirst ? 0 : Self.context
    let tail = isLast ? 0 : Self.context
    guard words.count > head + tail + 2 else { return [word(line(of: words), nil)] }
    return [
      head > 0 ? word(line(of: Array(words.prefix(head))), nil) : nil, Piece("…", .dim),
      tail > 0 ? word(line(of: Array(words.suffix(tail))), nil) : nil,
    ]
    .compactMap(\.self)
  }

  private func text(_ words: [String], _ part: ContentChange.Part) -> String {
    part.isList ? words.joined(separator: ", ") : line(of: words)
  }

  private func word(_ text: String, _ style: Piece.Style?) -> Piece {
    Piece(terminalSafe(text), style)
  }

  /// Pieces one after the other, in lines of at most so many cells.
  private func filled(_ pieces: [Piece]) -> [[Piece]] {
    let text = line(of: pieces.map(\.text).filter { !$0.isEmpty })
    // Lines are broken at spaces, so what is no space keeps its order.
    var styles = pieces.lazy
      .flatMap { piece in
        piece.text.lazy.filter { !$0.isWhitespace }.map { _ in piece.style }
      }
      .makeIterator()
    return (columns.map { wrapped(text, width: $0 - 1) } ?? [text])
      .map { line in
        var pieces: [Piece] = []
        for character in line {
          let style = character.isWhitespace ? pieces.last?.style : styles.next() ?? nil
          if let last = pieces.last, last.style == style {
            pieces[pieces.count - 1].text.append(character)
          } else {
            pieces.append(Piece(String(character), style))
          }
        }
        return pieces
      }
  }
}

extension ContentChange.Part {
  /// What a person calls it.
  fileprivate var words: String {
    switch self {
    case .title: "Title"
    case .link: "Link"
    case .externalLink: "Page that it talks about"
    case .date: "Date"
    case .text: "Text"
    case .summary: "Summary"
    case .authors: "Authors"
    case .tags: "Tags"
    case .attachments: "Attachments"
    }
  }

  fileprivate var isList: Bool { self == .authors || self == .tags || self == .attachments }
}
