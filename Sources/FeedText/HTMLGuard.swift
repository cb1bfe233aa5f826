/// Makes an HTML text safe to hand to the C parser, in one linear pass.
///
/// What comes out holds text, character references and the tags of `HTMLTag`, nested at most
/// `OpenElements.depthMax` deep and in an order that the C parser need not repair at length. It is
/// no sanitiser: what is shown or served is always written anew from the tree.
struct HTMLGuard {
  /// A longer text is cut here.
  static let inputBytesMax = 8 << 20
  /// A start tag with more attributes loses them.
  static let attributesMax = 256
  /// A longer start tag loses its attributes.
  static let tagBytesMax = 1 << 20
  /// Start tags beyond this number are dropped, their text is kept.
  static let startTagsMax = 250_000

  private let input: [UInt8]
  private var index = 0
  private var output: [UInt8] = []
  private var open = OpenElements()
  private var startTags = 0
  private var closed: [HTMLTag] = []
  /// Names of which no end tag follows any more: they are searched for once.
  private var neverClosed: Set<String> = []

  /// Returns the text that the C parser may see.
  static func guarded(_ html: String) -> [UInt8] {
    var bytes = Array(html.utf8.prefix(inputBytesMax))
    if html.utf8.count > inputBytesMax {
      // Not in the middle of a character: continuation bytes and the lead byte before them go.
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    var guardian = HTMLGuard(input: bytes)
    guardian.run()
    return guardian.output
  }

  private init(input: [UInt8]) {
    self.input = input
    output.reserveCapacity(input.count + input.count / 8)
  }

  private mutating func run() {
    while index < input.count {
      let start = index
      while index < input.count, input[index] != UInt8(ascii: "<") { index += 1 }
      output.append(contentsOf: input[start..<index])
      guard index < input.count else { return }
      markup()
    }
  }

  /// One `<` and what belongs to it (HTML §13.2.5.6, the tag open state).
  private mutating func markup() {
    guard index + 1 < input.count else { return literal() }
    switch input[index + 1] {
    case UInt8(ascii: "!"):
      if starts(with: "<!--") { skipComment() } else { skip(past: UInt8(ascii: ">")) }
    case UInt8(ascii: "?"): skip(past: UInt8(ascii: ">"))
    case UInt8(ascii: "/"):
      guard index + 2 < input.count else { return literal() }
      if input[index + 2].isASCIILetter { endTag() } else { skip(past: UInt8(ascii: ">")) }
    case let byte where byte.isASCIILetter: startTag()
    default: literal()
    }
  }

  /// A `<` that opens nothing is text.
  private mutating func literal() {
    output.append(contentsOf: "&lt;".utf8)
    index += 1
  }

  private mutating func startTag() {
    let start = index
    guard let scan = TagScan(input, at: index + 1) else {
      // The text ends inside a tag: HTML §13.2.5, eof-in-tag, drops it.
      index = input.count
      return
    }
    index = scan.end
    guard let tag = HTMLTag(name: scan.name) else {
      // `<svg/>` and `<iframe/>` are empty to those who write XHTML, and to readers of their text.
      if input[scan.end - 2] != UInt8(ascii: "/") { unknown(scan.name) }
      return
    }
    guard startTags < Self.startTagsMax, open.open(tag, closed: &closed) == .write else {
      return writeClosed()
    }
    startTags += 1
    writeClosed()
    output.append(UInt8(ascii: "<"))
    output.append(contentsOf: tag.rawValue.utf8)
    if scan.attributes <= Self.attributesMax, scan.end - start <= Self.tagBytesMax {
      output.append(contentsOf: input[scan.nameEnd..<scan.end])
    } else {
      output.append(UInt8(ascii: ">"))
    }
  }

  private mutating func endTag() {
    guard let scan = TagScan(input, at: index + 2) else {
      index = input.count
      return
    }
    index = scan.end
    guard let tag = HTMLTag(name: scan.name) else { return }
    let verdict = open.end(tag, closed: &closed)
    writeClosed()
    guard verdict == .write else { return }
    if tag == .p || tag == .br {
      // Alone it makes an element (HTML §13.2.6.4.7), so it counts as a start tag.
      guard startTags < Self.startTagsMax else { return }
      startTags += 1
    }
    write(endTagOf: tag)
  }

  private mutating func writeClosed() {
    for tag in closed { write(endTagOf: tag) }
    closed.removeAll(keepingCapacity: true)
  }

  private mutating func write(endTagOf tag: HTMLTag) {
    output.append(contentsOf: "</".utf8)
    output.append(contentsOf: tag.rawValue.utf8)
    output.append(UInt8(ascii: ">"))
  }

  /// The start tag of an element that the tree does not hold.
  private mutating func unknown(_ name: String) {
    switch name {
    case "script", "style":
      // Without an end tag they reach to the end of the document, as in a browser.
      if !skip(pastEndTagOf: name) { index = input.count }
    case "annotation", "annotation-xml", "button", "datalist", "iframe", "noembed", "noframes",
      "select", "svg", "template", "textarea", "title":
      _ = skip(pastEndTagOf: name)
    case "xmp", "plaintext": preformatted(name)
    default: break
    }
  }

  /// Raw text that is shown as it is: written as a `pre` whose content is escaped.
  private mutating func preformatted(_ name: String) {
    let start = index
    let end: Int
    if name == "xmp", let found = find(endTagOf: name) {
      end = found
      skip(past: UInt8(ascii: ">"), from: found)
    } else {
      end = input.count
      index = input.count
    }
    let verdict = open.open(.pre, closed: &closed)
    writeClosed()
    if verdict == .write { output.append(contentsOf: "<pre>".utf8) }
    for byte in input[start..<end] {
      switch byte {
      case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8)
      case UInt8(ascii: "&"): output.append(contentsOf: "&amp;".utf8)
      default: output.append(byte)
      }
    }
    if verdict == .write, open.end(.pre, closed: &closed) == .drop { writeClosed() }
  }

  private mutating func skip(pastEndTagOf name: String) -> Bool {
    guard let found = find(endTagOf: name) else { return false }
    skip(past: UInt8(ascii: ">"), from: found)
    return true
  }

  /// Where the next `</name` begins; nil when there is none before the end.
  private mutating func find(endTagOf name: String) -> Int? {
    guard !neverClosed.contains(name) else { return nil }
    let wanted = Array(name.utf8)
    var at = index
    while at + 1 + wanted.count < input.count {
      if input[at] == UInt8(ascii: "<"), input[at + 1] == UInt8(ascii: "/"),
        wanted.indices.allSatisfy({ input[at + 2 + $0] | 0x20 == wanted[$0] | 0x20 }),
        at + 2 + wanted.count == input.count || !input[at + 2 + wanted.count].isTagNameByte
      {
        return at
      }
      at += 1
    }
    neverClosed.insert(name)
    return nil
  }

  /// HTML §13.2.5.43 and following: `-->`, `--!>`, and at once `>` or `->`.
  private mutating func skipComment() {
    index += 4
    if starts(with: ">") || starts(with: "->") { return skip(past: UInt8(ascii: ">")) }
    while index < input.count {
      if input[index] == UInt8(ascii: "-"), starts(with: "-->") || starts(with: "--!>") {
        return skip(past: UInt8(ascii: ">"))
      }
      index += 1
    }
  }

  private mutating func skip(past byte: UInt8, from start: Int? = nil) {
    index = start ?? index
    while index < input.count, input[index] != byte { index += 1 }
    index = min(index + 1, input.count)
  }

  private func starts(with text: StaticString) -> Bool {
    let wanted = text.description.utf8
    return index + wanted.count <= input.count
      && zip(input[index...], wanted).allSatisfy { $0 == $1 }
  }
}
