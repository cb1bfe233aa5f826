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
  private var lists: [List] = []
  private var links: [Link] = []
  private var addresses: [String] = []
  private var numbers: [String: Int] = [:]
  /// A superscript has begun and nothing of it is written.
  private var isSuperscriptDue = false

  private enum List {
    case marks
    case numbers(next: Int)
  }

  /// A link that is open.
  private struct Link {
    let address: String?
    /// `InlineText.pieces` when it began.
    let piecesBefore: Int
    var isNumbered = false
  }

  init(baseURL: String?, width: Int) {
    resolver = AddressResolver(baseURL: baseURL)
    layout = TextLayout(width: width)
  }

  mutating func rendered(_ events: [HTMLEvent]) -> RenderedText {
    for (index, event) in events.enumerated() {
      switch event {
      case .text(let text): add(text)
      case .open(let element):
        if element.tag == .table, isDataTable(events, at: index) {
          startBlock(.table)
          table = TextTable()
        } else {
          open(element)
        }
      case .close(let tag): close(tag)
      }
    }
    endLine()
    return RenderedText(lines: layout.lines, links: addresses)
  }

  private mutating func open(_ element: HTMLElement) {
    let tag = element.tag
    startBlock(tag)
    switch tag {
    case .a: links.append(Link(address: address(of: element), piecesBefore: inline.pieces))
    case .br: lineBreak()
    case .hr: layout.write(String(repeating: "─", count: layout.room))
    case .img: add(imageText(element))
    case .audio, .video:
      links.append(Link(address: mediaAddress(of: element), piecesBefore: inline.pieces))
      add("[\(tag.rawValue)]")
    case .blockquote: layout.push("> ", rest: "> ")
    case .ul, .dir, .menu: lists.append(.marks)
    case .ol: lists.append(.numbers(next: element["start"].flatMap { Int($0) } ?? 1))
    case .li: layout.push(listMark(element))
    case .dd: layout.push("    ")
    case .h1, .h2, .h3, .h4, .h5, .h6:
      layout.push(String(repeating: "#", count: headingLevel(tag)) + " ")
    case .pre: if preformatted == nil { preformatted = "" }
    case .td, .th: table?.openCell(isHead: tag == .th, columns: element["colspan"])
    case .tr: table?.openRow()
    default: openInline(tag)
    }
  }

  private mutating func close(_ tag: HTMLTag) {
    switch tag {
    case .a, .audio, .video:
      numberLink()
      links.removeLast()
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
    case .blockquote, .li, .dd, .h1, .h2, .h3, .h4, .h5, .h6: layout.pop()
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

  private mutating func add(_ text: String) {
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

  private mutating func takeLine() -> String { terminalSafe(inline.take()) }

  private mutating func endPreformatted() {
    guard let text = preformatted else { return }
    preformatted = nil
    var lines =
      terminalSafe(expandingTabs(text), keepingNewlines: true)
      .split(separator: "\n", omittingEmptySubsequences: false)[...]
    lines = lines.drop { $0.allSatisfy { $0 == " " } }
    while let last = lines.last, last.allSatisfy({ $0 == " " }) { lines.removeLast() }
    for line in lines { layout.write(String(line)) }
  }

  /// Puts its number behind the text of the link that is open, once.
  private mutating func numberLink() {
    guard let link = links.last, !link.isNumbered, let address = link.address,
      preformatted != nil || inline.pieces > link.piecesBefore
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
      inline.attach("\u{A0}[\(number)]")
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

  private mutating func listMark(_ item: HTMLElement) -> String {
    guard case .numbers(let next)? = lists.last else { return "• " }
    let number = item["value"].flatMap { Int($0) } ?? next
    lists[lists.count - 1] = .numbers(next: number == .max ? number : number + 1)
    return "\(number). "
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
