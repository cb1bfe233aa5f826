/// Text that is being gathered, its white space folded as in HTML.
struct InlineText {
  private let foldsUnbreakableSpaces: Bool
  private var bytes: [UInt8] = []
  /// How many pieces other than white space were put in so far, also before it was last emptied.
  private(set) var pieces = 0
  /// The styles that are open, the outermost first.
  private var styles: [StyleMark] = []
  /// How many of them have begun: a style begins with the first word that it has.
  private var begun = 0

  /// Begins without text; `foldsUnbreakableSpaces` makes U+00A0 white space like any other.
  init(foldsUnbreakableSpaces: Bool = false) {
    self.foldsUnbreakableSpaces = foldsUnbreakableSpaces
  }

  /// There is no text but white space.
  var isEmpty: Bool { bytes.isEmpty }

  /// The last byte that is no white space.
  var lastByte: UInt8? {
    var rest = bytes.last == 0x20 ? bytes.dropLast() : bytes[...]
    // The marks of styles are the characters EF B7 90 to EF B7 AF.
    while rest.count > 3, rest[rest.endIndex - 3] == 0xEF, rest[rest.endIndex - 2] == 0xB7 {
      rest = rest.dropLast(3)
    }
    return rest.last
  }

  /// The text ends with a space.
  var endsWithSpace: Bool { bytes.last == 0x20 }

  /// Adds text; runs of white space become one space, and none at the beginning.
  mutating func append(_ text: String) {
    var hasWords = false
    var last = bytes.last ?? 0x20
    for byte in text.utf8 {
      if byte.isHTMLSpace {
        if last == 0x20 { continue }
        last = 0x20
      } else if byte == 0xA0, last == 0xC2, foldsUnbreakableSpaces {
        // U+00A0 is C2 A0, and C2 is already there.
        bytes.removeLast()
        last = bytes.last ?? 0x20
        if last == 0x20 { continue }
        last = 0x20
      } else {
        hasWords = true
        last = byte
        if begun < styles.count { begin() }
      }
      bytes.append(last)
    }
    if hasWords { pieces += 1 }
  }

  /// Begins a style with the next word.
  mutating func open(_ style: StyleMark) { styles.append(style) }

  /// Ends the style that was opened last; without a word it was none.
  mutating func close() {
    guard let style = styles.popLast(), begun > styles.count else { return }
    begun = styles.count
    attach(style.closing)
  }

  private mutating func begin() {
    for style in styles[begun...] { bytes.append(contentsOf: style.opening.utf8) }
    begun = styles.count
  }

  /// Adds a mark to the last word, before the space that may follow it.
  mutating func attach(_ mark: String) {
    let hadSpace = bytes.last == 0x20
    if hadSpace { bytes.removeLast() }
    bytes.append(contentsOf: mark.utf8)
    if hadSpace { bytes.append(0x20) }
  }

  /// Hands the text out and begins anew; the styles that are open go on in what follows.
  mutating func take() -> String {
    if bytes.last == 0x20 { bytes.removeLast() }
    for style in styles[..<begun].reversed() { bytes.append(contentsOf: style.closing.utf8) }
    begun = 0
    defer { bytes.removeAll(keepingCapacity: true) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
