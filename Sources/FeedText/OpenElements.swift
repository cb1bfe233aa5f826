/// The elements that are open at one point of an HTML text, as a browser would see them.
///
/// A small model of the tree builder (HTML §13.2.6). Every element that is closed by implication is
/// reported, so that `HTMLGuard` can write its end tag: after that the C parser has no choice, and
/// its stack is never deeper than this one.
struct OpenElements {
  /// Elements nested deeper than this lose their tags and keep their text.
  static let depthMax = 512
  /// A misnested end tag is left to the C parser when no more elements than this stand above.
  ///
  /// The standard's repair (HTML §13.2.6.4.7, the adoption agency) gives up after 8 rounds, and
  /// what it leaves behind would be opened again before every piece of text.
  private static let misnestedMax = 6

  /// From the outermost to the innermost.
  private(set) var tags: [HTMLTag] = []
  /// How many of each are open, so that most searches end before they begin.
  private var counts: [HTMLTag: Int] = [:]

  /// What to do with a tag.
  enum Verdict: Equatable {
    /// Write it.
    case write
    /// Leave it out.
    case drop
  }

  /// Meets a start tag.
  ///
  /// - Parameters:
  ///   - tag: The element.
  ///   - closed: Receives the elements that it closes, the innermost first.
  /// - Returns: Whether its tag is written after theirs.
  mutating func open(_ tag: HTMLTag, closed: inout [HTMLTag]) -> Verdict {
    guard openTablePart(tag, closed: &closed) else { return .drop }
    switch tag {
    case .li: closeSibling(of: [.li], closed: &closed)
    case .dd, .dt: closeSibling(of: [.dd, .dt], closed: &closed)
    case .rt, .rp:
      if let last = tags.last, last == .rt || last == .rp { close(from: tags.count - 1, &closed) }
    case .a: closeLink(closed: &closed)
    default: break
    }
    if tag.closesParagraph, let paragraph = nearest(.p, within: \.isBarrier) {
      close(from: paragraph, &closed)
    }
    if tag.isHeading, let last = tags.last, last.isHeading { close(from: tags.count - 1, &closed) }
    if tag.isVoid { return .write }
    guard tags.count < Self.depthMax else { return .drop }
    tags.append(tag)
    counts[tag, default: 0] += 1
    return .write
  }

  /// Meets an end tag.
  ///
  /// - Parameters:
  ///   - tag: The element.
  ///   - closed: Receives the elements that it closes, the innermost first, itself among them.
  /// - Returns: Whether its own tag is written as well, for the C parser to make sense of.
  mutating func end(_ tag: HTMLTag, closed: inout [HTMLTag]) -> Verdict {
    switch tag {
    case .p:
      guard let index = nearest(.p, within: \.isBarrier) else { return .write }
      close(from: index, &closed)
    case .br: return .write
    case .table, .td, .th, .tr, .tbody, .thead, .tfoot, .caption, .colgroup:
      guard let index = nearest(tag, within: { $0 == .table }) else { return .drop }
      close(from: index, &closed)
    case .li:
      guard let index = nearest(.li, within: { $0.isBarrier || $0 == .ol || $0 == .ul })
      else { return .drop }
      close(from: index, &closed)
    case _ where tag.isHeading:
      guard let index = nearest(where: \.isHeading, within: \.isBarrier) else { return .drop }
      close(from: index, &closed)
    case _ where tag.isFormatting:
      guard let index = nearest(tag, within: \.isBarrier) else { return .drop }
      if index < tags.count - 1, tags.count - 1 - index <= Self.misnestedMax {
        remove(at: index)
        return .write
      }
      close(from: index, &closed)
    default:
      let barrier = tag.isSpecial ? \HTMLTag.isBarrier : \HTMLTag.isSpecial
      guard let index = nearest(tag, within: { $0[keyPath: barrier] }) else { return .drop }
      close(from: index, &closed)
    }
    return .drop
  }

  /// Clears the stack for a part of a table; false when it stands in no table.
  private mutating func openTablePart(_ tag: HTMLTag, closed: inout [HTMLTag]) -> Bool {
    let parents: [HTMLTag]
    switch tag {
    case .td, .th: parents = [.tr, .tbody, .thead, .tfoot]
    case .tr: parents = [.tbody, .thead, .tfoot]
    case .col: parents = [.colgroup]
    case .tbody, .thead, .tfoot, .caption, .colgroup: parents = []
    default: return true
    }
    guard let table = tags.lastIndex(of: .table) else { return false }
    let parent = tags[table...].lastIndex { parents.contains($0) } ?? table
    close(from: parent + 1, &closed)
    return true
  }

  /// A list item closes the one before it, unless a block other than a paragraph holds it.
  private mutating func closeSibling(of siblings: [HTMLTag], closed: inout [HTMLTag]) {
    guard siblings.contains(where: { counts[$0, default: 0] > 0 }) else { return }
    for index in tags.indices.reversed() {
      let tag = tags[index]
      if siblings.contains(tag) { return close(from: index, &closed) }
      if tag.isSpecial, tag != .address, tag != .div, tag != .p { return }
    }
  }

  /// A link closes the link that it stands in.
  private mutating func closeLink(closed: inout [HTMLTag]) {
    guard let index = nearest(.a, within: \.isBarrier) else { return }
    if tags.count - 1 - index <= Self.misnestedMax {
      // The C parser does this by itself, and keeps the blocks above open.
      remove(at: index)
    } else {
      close(from: index, &closed)
    }
  }

  private func nearest(_ tag: HTMLTag, within barrier: (HTMLTag) -> Bool) -> Int? {
    counts[tag, default: 0] == 0 ? nil : nearest(where: { $0 == tag }, within: barrier)
  }

  private func nearest(
    where matches: (HTMLTag) -> Bool,
    within barrier: (HTMLTag) -> Bool
  ) -> Int? {
    for index in tags.indices.reversed() {
      if matches(tags[index]) { return index }
      if barrier(tags[index]) { return nil }
    }
    return nil
  }

  private mutating func close(from index: Int, _ closed: inout [HTMLTag]) {
    while tags.count > index {
      closed.append(tags[tags.count - 1])
      remove(at: tags.count - 1)
    }
  }

  private mutating func remove(at index: Int) {
    counts[tags.remove(at: index), default: 0] -= 1
  }
}
