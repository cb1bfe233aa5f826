/// Turns a tree into lines.
///
/// Inline text gathers until a block begins or ends; then it is wrapped and written.
struct HTMLRenderer {
  private var resolver: AddressResolver
  private var layout: TextLayout
  private var inline = InlineText()
  /// The content of the `pre` that is open; nil outside of one.
  private var preformatted: String?
  private var table: TextTable?
  private var lists: [ListMark] = []
  private var links: [Link] = []
  private var addresses: [String] = []
  private var numbers: [String: Int] = [:]
  /// Where styles of links lead, in the order in which they began.
  private var targets: [String] = []
  /// What abbreviations stand for, as far as it was said.
  private var spelledOut: Set<String> = []
  private var abbreviations: [(meaning: String, piecesBefore: Int)] = []
  /// A superscript has begun and nothing of it is written.
  private var isSuperscriptDue = false
  private let baseURL: String?

  /// A link that is open.
  private struct Link {
    let address: String?
    /// `written` when it began.
    let writtenBefore: Int
    var isNumbered = false
    /// Its text has a style of its own.
    let isMarked: Bool
  }

  init(baseURL: String?, width: Int) {
    self.baseURL = baseURL
    resolver = AddressResolver(baseURL: baseURL)
    layout = TextLayout(width: width)
  }

  mutating func rendered(_ events: [HTMLEvent]) -> RenderedText {
    let notes = noteLinks(events, baseURL: baseURL)
    let counts = countsOfReversedLists(events)
    var index = 0
    var headings = 0
    while index < events.count {
      defer { index += 1 }
      if let note = notes[index] {
        if case .reference(let label) = note.link { add(reference: label) }
        index = note.end
        continue
      }
      if headings > 0, let end = headingMarkEnd(events, at: index) {
        index = end
        continue
      }
      switch events[index] {
      case .text(let text): add(text)
      case .open(let element):
        if element.tag.isHeading { headings += 1 }
        if element.tag == .table, isDataTable(events, at: index) {
          startBlock(.table)
          table = TextTable()
        } else {
          open(element, count: counts[index] ?? 1)
        }
      case .close(let tag):
        if tag.isHeading { headings -= 1 }
        close(tag)
      }
    }
    endLine()
    return RenderedText(marked: layout.lines, targets: targets, links: addresses)
  }

  private mutating func open(_ element: HTMLElement, count: Int) {
    let tag = element.tag
    startBlock(tag)
    switch tag {
    case .a: openLink(address(of: element))
    case .br: lineBreak()
    case .hr: layout.write(faint(String(repeating: "─", count: layout.room)))
    case .img: add(image: element)
    case .audio, .video:
      openLink(mediaAddress(of: element))
      add("[\(tag.rawValue)]")
    case .blockquote: layout.push(faint("> "), rest: faint("> "))
    case .ul, .dir, .menu, .ol: lists.append(ListMark(element, count: count))
    case .li: layout.push(lists.isEmpty ? "• " : lists[lists.count - 1].next(element))
    case .dd: layout.push("    ")
    case .summary: layout.push(faint("▸ "))
    case .h1, .h2, .h3, .h4, .h5, .h6:
      layout.push(faint(String(repeating: "#", count: headingLevel(tag)) + " "))
    case .abbr:
      abbreviations.append((folded(element["title"]), inline.pieces))
    case .pre: if preformatted == nil { preformatted = "" }
    case .td, .th: table?.openCell(element)
    case .tr: table?.openRow()
    default: openInline(tag)
    }
    if let style = style(of: tag) { inline.open(.style(style)) }
  }

  private mutating func close(_ tag: HTMLTag) {
    if style(of: tag) != nil { inline.close() }
    switch tag {
    case .a, .audio, .video: closeLink()
    case .abbr: spellOut()
    case .pre: endPreformatted()
    case .td, .th:
      if table?.isInCell == true {
        let text = takeLine()
        table?.closeCell(text)
      } else {
        endLine()
      }
    case .table:
      endLine()
      table?.write(to: &layout)
      table = nil
    default:
      closeInline(tag)
      if tag.closesParagraph || tag.isSpecial, !tag.isVoid { endLine() }
    }
    switch tag {
    case .blockquote, .li, .dd, .summary, .h1, .h2, .h3, .h4, .h5, .h6: layout.pop()
    case .ul, .ol, .dir, .menu: lists.removeLast()
    default: break
    }
    if hasMargin(tag) { layout.blank() }
  }

  private mutating func openInline(_ tag: HTMLTag) {
    switch tag {
    case .code where preformatted == nil: add("`")
    case .q: add("“")
    case .del, .s, .strike: add("~~")
    case .rt: add("(")
    case .sup: isSuperscriptDue = true
    default: break
    }
  }

  private mutating func closeInline(_ tag: HTMLTag) {
    switch tag {
    case .code where preformatted == nil: inline.attach("`")
    case .q: add("”")
    case .del, .s, .strike: inline.attach("~~")
    case .rt: add(")")
    case .sup: isSuperscriptDue = false
    default: break
    }
  }

  /// Ends the line before a block, and asks for a blank one where the block has a margin.
  private mutating func startBlock(_ tag: HTMLTag) {
    guard tag.isSpecial, tag != .br, tag != .img, tag != .wbr else { return }
    endLine()
    if hasMargin(tag) { layout.blank() }
  }

  /// Lists inside lists stand close to their items.
  private func hasMargin(_ tag: HTMLTag) -> Bool {
    if table?.isInCell == true { return false }
    return switch tag {
    case .p, .blockquote, .pre, .table, .hr, .figure, .dl, .details: true
    case .ul, .ol, .dir, .menu: lists.isEmpty
    default: tag.isHeading
    }
  }

  /// Text of the document: what is a mark of ours in it would be one that it wrote itself.
  private mutating func add(_ text: String) {
    let text =
      mayHoldMarks(text)
      ? String(
        String.UnicodeScalarView(
          text.unicodeScalars.filter { !StyleMark.scalars.contains($0.value) }
        )
      ) : text
    if preformatted != nil {
      preformatted?.append(text)
      return
    }
    if isSuperscriptDue, let first = text.utf8.first, !first.isHTMLSpace {
      isSuperscriptDue = false
      // `10<sup>9</sup>` must not read as 109; `1<sup>st</sup>` reads well as it is.
      if (0x30...0x39).contains(first) || first == UInt8(ascii: "-"),
        let last = inline.lastByte, last.isASCIILetter || (0x30...0x39).contains(last),
        !inline.endsWithSpace
      {
        inline.attach("^")
      }
    }
    inline.append(text)
  }

  private mutating func lineBreak() {
    if preformatted != nil {
      preformatted?.append("\n")
    } else if table != nil {
      inline.append(" ")
    } else if inline.isEmpty {
      layout.blank()
    } else {
      endLine()
    }
  }

  /// Writes the inline text that has gathered.
  private mutating func endLine() {
    if let last = preformatted?.utf8.last {
      // Not bound to a name: text that is held twice is copied when it grows.
      if last != 0x0A { preformatted?.append("\n") }
    } else if preformatted != nil {
      return
    } else if table?.isInCell == true {
      inline.append(" ")
    } else {
      numberLink()
      let line = takeLine()
      // `<p>&nbsp;</p>` is how editors write a margin.
      if line.contains(where: { $0 != " " && $0 != "\u{A0}" }) { layout.paragraph(line) }
    }
  }

  private mutating func takeLine() -> String { terminalSafe(inline.take(), keepingStyles: true) }

  private mutating func endPreformatted() {
    guard let text = preformatted else { return }
    preformatted = nil
    var lines =
      terminalSafe(expandingTabs(text), keepingNewlines: true)
      .split(separator: "\n", omittingEmptySubsequences: false)[...]
    lines = lines.drop { $0.allSatisfy { $0 == " " } }
    while let last = lines.last, last.allSatisfy({ $0 == " " }) { lines.removeLast() }
    let code = StyleMark.style(.code)
    for line in lines {
      layout.write(line.isEmpty ? "" : code.opening + String(line) + code.closing)
    }
  }

  /// What we write ourselves, drawn back behind the text.
  private func faint(_ text: String) -> String {
    StyleMark.style(.faint).opening + text + StyleMark.style(.faint).closing
  }

  private func style(of tag: HTMLTag) -> TextStyle? {
    switch tag {
    case .strong, .b, .dt, .summary, .mark, .th: .strong
    case .em, .i, .cite, .dfn, .u, .ins, .var: .emphasis
    case .code, .kbd, .samp, .tt: .code
    default: tag.isHeading ? .heading : nil
    }
  }

  private mutating func openLink(_ address: String?) {
    links.append(
      Link(address: address, writtenBefore: written, isMarked: address != nil)
    )
    guard let address else { return }
    inline.open(.link(targets.count))
    targets.append(address)
  }

  private mutating func closeLink() {
    if links.last?.isMarked == true { inline.close() }
    numberLink()
    links.removeLast()
  }

  /// The number of a note, behind the word that it is about.
  private mutating func add(reference label: String) {
    isSuperscriptDue = false
    inline.open(.style(.faint))
    add("[^\(label)]")
    inline.close()
  }

  /// Says once what an abbreviation stands for.
  private mutating func spellOut() {
    guard let (meaning, pieces) = abbreviations.popLast(), preformatted == nil,
      !meaning.isEmpty, meaning.utf8.count <= 100, inline.pieces > pieces,
      spelledOut.insert(meaning).inserted
    else { return }
    add(" (\(meaning))")
  }

  /// Grows with each word, by which a link is told from one that shows nothing.
  private var written: Int { preformatted?.utf8.count ?? inline.pieces }

  /// Puts its number behind the text of the link that is open, once.
  private mutating func numberLink() {
    // Quirk: each line of code begins with a link that has no text. Seen: pages that pandoc highlights. Test: RenderTextTests, `cb1-1`
    guard let link = links.last, !link.isNumbered, let address = link.address,
      written > link.writtenBefore
    else { return }
    links[links.count - 1].isNumbered = true
    let number = numbers[address] ?? addresses.count + 1
    if number > addresses.count {
      addresses.append(address)
      numbers[address] = number
    }
    // The number stays on the line of the last word.
    if preformatted != nil {
      preformatted?.append(" [\(number)]")
    } else {
      inline.attach("\u{A0}" + faint("[\(number)]"))
    }
  }

  /// The address of a link; nil for one that leads to another place in the same text.
  private mutating func address(of element: HTMLElement) -> String? {
    guard let reference = element["href"], !reference.isEmpty, !reference.hasPrefix("#") else {
      return nil
    }
    return resolver.url(reference, in: .link)
  }

  private mutating func mediaAddress(of element: HTMLElement) -> String? {
    guard let reference = element["src"] else { return nil }
    return resolver.url(reference, in: .media)
  }

  /// A picture; on a terminal that can it leads to its file, where it is in no link already.
  private mutating func add(image element: HTMLElement) {
    var address: String?
    if !links.contains(where: \.isMarked), let source = element["src"] {
      address = resolver.url(source, in: .media)
    }
    if let address {
      inline.open(.link(targets.count))
      targets.append(address)
    }
    add(imageText(element))
    if address != nil { inline.close() }
  }

  /// Comics put half of the joke into the title.
  private func imageText(_ element: HTMLElement) -> String {
    let alt = folded(element["alt"])
    let title = folded(element["title"])
    if element["alt"] != nil, alt.isEmpty, title.isEmpty { return "" }
    if title.isEmpty || title == alt { return alt.isEmpty ? "[image]" : "[image: \(alt)]" }
    return alt.isEmpty ? "[image: \(title)]" : "[image: \(alt) (\(title))]"
  }

  private func folded(_ text: String?) -> String {
    var inline = InlineText()
    inline.append(text ?? "")
    return inline.take()
  }

  private func headingLevel(_ tag: HTMLTag) -> Int {
    switch tag {
    case .h1: 1
    case .h2: 2
    case .h3: 3
    case .h4: 4
    case .h5: 5
    default: 6
    }
  }
}
