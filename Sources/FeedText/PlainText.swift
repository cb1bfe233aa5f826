/// Reduces HTML to its text on one line.
///
/// White space is folded, blocks are parted by a space, a picture gives its `alt` text. Characters
/// that steer a terminal are not filtered here, because the text may go elsewhere: `terminalSafe`
/// does that.
///
/// - Parameter html: A fragment or a document; a title with `&amp;` or `<em>` in it as well.
/// - Returns: Text without leading or trailing space; empty when there is none.
public func plainText(html: String) -> String {
  // An unbreakable space is a space on a line that is never broken.
  var text = InlineText(foldsUnbreakableSpaces: true)
  for event in shownEvents(parseHTML(html)) {
    switch event {
    case .text(let piece): text.append(piece)
    case .open(let element):
      if element.tag == .img, let alt = element["alt"] { text.append(alt) }
      if element.tag.partsWords { text.append(" ") }
    case .close(let tag): if tag.partsWords { text.append(" ") }
    }
  }
  return text.take()
}

extension HTMLTag {
  /// What stands before it and what stands in it are not one word.
  fileprivate var partsWords: Bool { isSpecial && self != .img && self != .wbr || self == .legend }
}
