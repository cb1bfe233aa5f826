/// What a reader sees of a body, without white space and markup.
///
/// A small scanner and no parser: it need not be right about broken markup, for it is only ever
/// compared with what it made of another revision of the same body.
struct VisibleText: Hashable {
  /// Paragraphs, cells and lines, each with single spaces between its words; none is empty.
  ///
  /// Quotation marks and dashes of all shapes are one, since typographers exchange them. What was
  /// struck out is marked.
  var blocks: [[UInt8]] = []
  /// The file names of pictures, films and frames.
  var pictures: [[UInt8]] = []
  /// The names of the tags and the pages that links lead to, one after the other.
  var skeleton: [UInt8] = []

  private var block: [UInt8] = []

  /// Reads a body.
  init(_ text: String, isHTML: Bool) {
    var copy = text
    let bytes = copy.withUTF8 { unsafe Array($0) }
    isHTML ? readHTML(bytes) : readPlain(bytes)
    endBlock()
  }

  /// All letters and marks without any white space, which is what two revisions are compared by.
  var letters: [UInt8] { blocks.flatMap { block in block.filter { $0 != space } } }

  private mutating func readPlain(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x0A {
        endBlock()
        index += 1
      } else {
        take(bytes, at: &index)
      }
    }
  }

  private mutating func readHTML(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "<"): readTag(bytes, at: &index)
      case UInt8(ascii: "&"):
        if let reference = reference(in: bytes, at: index) {
          var place = 0
          while place < reference.text.count { take(reference.text, at: &place) }
          index = reference.end
        } else {
          take(bytes, at: &index)
        }
      default: take(bytes, at: &index)
      }
    }
  }

  /// Takes one character.
  private mutating func take(_ bytes: [UInt8], at index: inout Int) {
    let byte = bytes[index]
    if byte < 0x80 {
      index += 1
      if byte <= space { addSpace() } else { block.append(byte) }
      return
    }
    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
    let end = min(index + length, bytes.count)
    let character = bytes[index..<end]
    index = end
    switch folded(character) {
    case .itself: block += character
    case .nothing: break
    case .space: addSpace()
    case .ascii(let text): block += text
    }
  }

  private mutating func addSpace() {
    if let last = block.last, last != space { block.append(space) }
  }

  private mutating func endBlock() {
    if block.last == space { block.removeLast() }
    if !block.isEmpty { blocks.append(block) }
    block = []
  }

  private mutating func readTag(_ bytes: [UInt8], at index: inout Int) {
    let start = index + 1
    if bytes.matches("!--", at: start) {
      index = bytes.end(of: "-->", from: start) ?? bytes.count
      return
    }
    let isClosing = start < bytes.count && bytes[start] == UInt8(ascii: "/")
    var end = isClosing ? start + 1 : start
    let nameStart = end
    while end < bytes.count, isLetterOrDigit(bytes[end]) { end += 1 }
    let name = bytes[nameStart..<end].map(lowered)
    guard !name.isEmpty else {
      // A bare sign that is no tag.
      take(bytes, at: &index)
      return
    }
    let attributes = Attributes(bytes, from: end)
    index = attributes.end
    let text = String(decoding: name, as: UTF8.self)
    if text == "script" || text == "style" {
      if !isClosing { index = bytes.end(of: "</" + text, from: index) ?? bytes.count }
      return
    }
    if Self.blockTags.contains(text) { endBlock() }
    // What is struck out says the opposite.
    if Self.strikingTags.contains(text) { block.append(isClosing ? 0x02 : 0x01) }
    skeleton += name
    skeleton.append(isClosing ? UInt8(ascii: "/") : UInt8(ascii: " "))
    if let source = attributes.source { pictures.append(fileName(source)) }
    if let page = attributes.page { skeleton += page.prefix { $0 != UInt8(ascii: "?") } }
  }

  private static let blockTags: Set<String> = [
    "p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "tr",
    "td", "th", "table", "blockquote", "pre", "section", "article", "header", "footer", "hr",
    "figure", "figcaption", "aside", "nav", "form", "small",
  ]
  private static let strikingTags: Set<String> = ["del", "s", "strike", "ins"]
}

/// The attributes of a tag that lead somewhere.
private struct Attributes {
  /// `src`.
  var source: [UInt8]?
  /// `href`.
  var page: [UInt8]?
  /// After the tag.
  var end: Int

  init(_ bytes: [UInt8], from start: Int) {
    var index = start
    while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
      guard isLetterOrDigit(bytes[index]) else {
        index += 1
        continue
      }
      let nameStart = index
      while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
      let name = String(decoding: bytes[nameStart..<index].map(lowered), as: UTF8.self)
      while index < bytes.count, bytes[index] <= space { index += 1 }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { continue }
      index += 1
      while index < bytes.count, bytes[index] <= space { index += 1 }
      guard index < bytes.count else { break }
      let quote = bytes[index]
      let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      if isQuoted { index += 1 }
      let valueStart = index
      while index < bytes.count,
        isQuoted ? bytes[index] != quote : bytes[index] > space && bytes[index] != greaterThan
      {
        index += 1
      }
      let value = Array(bytes[valueStart..<index])
      if isQuoted, index < bytes.count { index += 1 }
      if name == "src" { source = value }
      if name == "href" { page = value }
    }
    end = min(index + 1, bytes.count)
  }
}

private let space: UInt8 = 0x20
private let greaterThan = UInt8(ascii: ">")

/// What stands behind the last slash, without a query: hosts of pictures are exchanged.
private func fileName(_ address: [UInt8]) -> [UInt8] {
  let path = address.prefix { $0 != UInt8(ascii: "?") }
  return path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[($0 + 1)...]) } ?? Array(path)
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  switch lowered(byte) {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
  default: false
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
}

/// An ASCII letter in lower case; any other byte as it is.
func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

private enum FoldedCharacter {
  case itself
  case nothing
  case space
  case ascii([UInt8])
}

/// Typographers' forms of characters that are on a keyboard.
private func folded(_ character: ArraySlice<UInt8>) -> FoldedCharacter {
  let first = character.startIndex
  switch character.count {
  case 2 where character[first] == 0xC2:
    return switch character[first + 1] {
    // No-break space; soft hyphen; guillemets; acute accent.
    case 0xA0: .space
    case 0xAD: .nothing
    case 0xAB, 0xBB: .ascii([UInt8(ascii: "\"")])
    case 0xB4: .ascii([UInt8(ascii: "'")])
    default: .itself
    }
  case 3 where character[first] == 0xE2 && character[first + 1] == 0x80:
    return switch character[first + 2] {
    // Spaces of all widths, line separators, no-break.
    case 0x80...0x8A, 0xA8, 0xA9, 0xAF: .space
    // Of no width; marks of direction.
    case 0x8B...0x8F, 0xAA...0xAE: .nothing
    case 0x90...0x95: .ascii([UInt8(ascii: "-")])
    case 0x98...0x9B, 0xB2, 0xB9, 0xBA: .ascii([UInt8(ascii: "'")])
    case 0x9C...0x9F, 0xB3: .ascii([UInt8(ascii: "\"")])
    case 0xA6: .ascii(Array("...".utf8))
    default: .itself
    }
  // Minus; ideographic space; byte order mark.
  case 3 where character.elementsEqual([0xE2, 0x88, 0x92]): return .ascii([UInt8(ascii: "-")])
  case 3 where character.elementsEqual([0xE3, 0x80, 0x80]): return .space
  case 3 where character.elementsEqual([0xEF, 0xBB, 0xBF]): return .nothing
  default: return .itself
  }
}

extension [UInt8] {
  fileprivate func matches(_ text: String, at start: Int) -> Bool {
    start + text.utf8.count <= count
      && zip(text.utf8, self[start...]).allSatisfy { $0 == lowered($1) }
  }

  /// The place after the next occurrence of a text in lower case.
  fileprivate func end(of text: String, from start: Int) -> Int? {
    var index = start
    while index + text.utf8.count <= count {
      if matches(text, at: index) { return index + text.utf8.count }
      index += 1
    }
    return nil
  }
}

/// A character reference, and where it ends; nil for a bare ampersand and names that are not known.
private func reference(in bytes: [UInt8], at start: Int) -> (text: [UInt8], end: Int)? {
  let limit = min(start + 12, bytes.count)
  guard let end = bytes[start..<limit].firstIndex(of: UInt8(ascii: ";")) else { return nil }
  let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
  let code: UInt32?
  if name.hasPrefix("#x") || name.hasPrefix("#X") {
    code = UInt32(name.dropFirst(2), radix: 16)
  } else if name.hasPrefix("#") {
    code = UInt32(name.dropFirst())
  } else {
    code = namedReferences[name]
  }
  guard let code, let scalar = Unicode.Scalar(code) else { return nil }
  return (Array(String(Character(scalar)).utf8), end + 1)
}

/// The references of HTML 4 that texts are full of; the others stay as they are written.
private let namedReferences: [String: UInt32] = {
  var table: [String: UInt32] = [
    "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "ndash": 0x2013,
    "mdash": 0x2014, "lsquo": 0x2018, "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C,
    "rdquo": 0x201D, "bdquo": 0x201E, "hellip": 0x2026, "bull": 0x2022, "euro": 0x20AC,
    "trade": 0x2122, "larr": 0x2190, "rarr": 0x2192, "ensp": 0x2002, "emsp": 0x2003,
    "thinsp": 0x2009, "zwnj": 0x200C, "zwj": 0x200D, "minus": 0x2212,
  ]
  // Latin-1 in order, from U+00A0.
  let latin = """
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
    sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave \
    Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN \
    szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
    iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
    uuml yacute thorn yuml
    """
  for (offset, name) in latin.split(separator: " ").enumerated() {
    table[String(name)] = 0xA0 + UInt32(offset)
  }
  return table
}()
