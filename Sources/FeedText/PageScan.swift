/// What the tags of a page say, without a tree of it: enough to tell one kind of page from another.
///
/// Linear in the bytes that are looked at. Whatever the page holds, there is a result.
struct PageScan {
  /// One start tag and its attributes.
  struct Tag {
    /// In lower case.
    var name: String
    /// Names in lower case, values with their character references as they are written.
    var attributes: [(name: String, value: String)]

    /// The value of an attribute; nil when it is absent.
    subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }
  }

  /// The text of the first `title`, on one line.
  private(set) var title = ""
  /// The text of the first `h1`, on one line.
  private(set) var heading = ""
  /// Start tags that say what a page is for: see `kept`.
  private(set) var tags: [Tag] = []
  /// What scripts hold, in lower case.
  private(set) var scripts: [UInt8] = []
  /// What a reader sees, in lower case, its white space folded.
  private(set) var words: [UInt8] = []
  /// The markup that a hotspot hides in a page (WISPr 2.0) is there.
  private(set) var hasHotspotMarkup = false

  private let input: [UInt8]
  private var index = 0
  private var headingStart: Int?

  private static let kept: Set<String> = [
    "a", "form", "frame", "iframe", "input", "link", "meta", "script",
  ]
  private static let tagsMax = 4096
  private static let titleBytesMax = 1024

  /// Looks at a page.
  ///
  /// - Parameters:
  ///   - bytes: The page.
  ///   - bytesMax: What comes after so many bytes is not looked at.
  init(_ bytes: [UInt8], bytesMax: Int) {
    input = bytes.count > bytesMax ? Array(bytes[..<bytesMax]) : bytes
    words.reserveCapacity(input.count / 4)
    while index < input.count {
      let byte = input[index]
      if byte == UInt8(ascii: "<"), index + 1 < input.count {
        markup()
      } else {
        addWord(byte)
        index += 1
      }
    }
  }

  private mutating func markup() {
    switch input[index + 1] {
    case UInt8(ascii: "!"), UInt8(ascii: "?"): declaration()
    case UInt8(ascii: "/"):
      if let start = headingStart, name(at: index + 2) == "h1" {
        if heading.isEmpty { heading = plainText(html: text(start..<index)) }
        headingStart = nil
      }
      skip(past: ">")
      addWord(0x20)
    case let byte where byte.isASCIILetter: startTag()
    default:
      addWord(input[index])
      index += 1
    }
  }

  private mutating func startTag() {
    guard let scan = TagScan(input, at: index + 1) else {
      index = input.count
      return
    }
    index = scan.end
    addWord(0x20)
    if Self.kept.contains(scan.name), tags.count < Self.tagsMax {
      tags.append(Tag(name: scan.name, attributes: attributes(scan.nameEnd..<scan.end)))
    }
    switch scan.name {
    case "title":
      let end = endTag(of: "title")
      if title.isEmpty { title = plainText(html: text(index..<end)) }
      index = end
    case "script":
      let end = endTag(of: "script")
      scripts.append(contentsOf: input[index..<end].lazy.map(\.lowered))
      scripts.append(0x0A)
      index = end
    case "style", "template", "svg", "textarea": index = endTag(of: scan.name)
    case "h1": if heading.isEmpty { headingStart = index }
    // The name is longer than what is kept of one.
    case let name where name.hasPrefix("wispaccessgatewayparam"): hasHotspotMarkup = true
    default: break
    }
  }

  private mutating func declaration() {
    guard starts(with: "<!--") else { return skip(past: ">") }
    let start = index + 4
    index = start
    while index < input.count, !starts(with: "-->") { index += 1 }
    if find("wispaccessgatewayparam", in: input[start..<index]) { hasHotspotMarkup = true }
    index = min(index + 3, input.count)
  }

  private mutating func addWord(_ byte: UInt8) {
    if byte.isHTMLSpace {
      if words.last != 0x20, !words.isEmpty { words.append(0x20) }
    } else {
      words.append(byte.lowered)
    }
  }

  /// Where the end tag of an element begins whose content is no markup; the end when it has none.
  private func endTag(of name: String) -> Int {
    let wanted = Array("</\(name)".utf8)
    var at = index
    while at + wanted.count <= input.count {
      if input[at] == wanted[0], wanted.indices.allSatisfy({ input[at + $0].lowered == wanted[$0] })
      {
        return at
      }
      at += 1
    }
    return input.count
  }

  private func name(at start: Int) -> String {
    let end = input[min(start, input.count)...].prefix(16).firstIndex { !$0.isTagNameByte }
    return String(decoding: input[start..<(end ?? start)].lazy.map(\.lowered), as: UTF8.self)
  }

  private func text(_ range: Range<Int>) -> String {
    decodedPage(Array(input[range].prefix(Self.titleBytesMax)))
  }

  private mutating func skip(past end: Unicode.Scalar) {
    while index < input.count, input[index] != UInt8(ascii: end) { index += 1 }
    index = min(index + 1, input.count)
  }

  private func starts(with text: StaticString) -> Bool {
    let wanted = text.description.utf8
    return index + wanted.count <= input.count
      && zip(input[index...], wanted).allSatisfy { $0 == $1 }
  }

  /// The attributes between the name of a tag and its end (HTML §13.2.5.32 to §13.2.5.39).
  private func attributes(_ range: Range<Int>) -> [(name: String, value: String)] {
    var attributes: [(name: String, value: String)] = []
    var at = range.lowerBound
    let end = range.upperBound - 1
    func isSpace(_ byte: UInt8) -> Bool { byte.isHTMLSpace || byte == UInt8(ascii: "/") }
    while at < end, attributes.count < 32 {
      while at < end, isSpace(input[at]) { at += 1 }
      let nameStart = at
      while at < end, !isSpace(input[at]), at == nameStart || input[at] != UInt8(ascii: "=") {
        at += 1
      }
      guard at > nameStart else { break }
      let name = String(decoding: input[nameStart..<at].lazy.map(\.lowered), as: UTF8.self)
      while at < end, input[at].isHTMLSpace { at += 1 }
      guard at < end, input[at] == UInt8(ascii: "=") else {
        attributes.append((name, ""))
        continue
      }
      at += 1
      while at < end, input[at].isHTMLSpace { at += 1 }
      let quote = at < end ? input[at] : 0
      let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      if isQuoted { at += 1 }
      let valueStart = at
      while at < end, isQuoted ? input[at] != quote : !input[at].isHTMLSpace { at += 1 }
      attributes.append((name, String(decoding: input[valueStart..<at], as: UTF8.self)))
      if isQuoted { at += 1 }
    }
    return attributes
  }
}

/// Whether bytes hold a text of ASCII in any letter case.
///
/// - Parameters:
///   - text: The text in lower case.
///   - bytes: Where it is looked for.
/// - Returns: True when it is there.
func find(_ text: StaticString, in bytes: some RandomAccessCollection<UInt8>) -> Bool {
  let wanted = Array(text.description.utf8)
  guard let first = wanted.first, bytes.count >= wanted.count else { return wanted.isEmpty }
  var at = bytes.startIndex
  let last = bytes.index(bytes.endIndex, offsetBy: -wanted.count)
  while at <= last {
    if bytes[at].lowered == first, bytes[at...].lazy.map(\.lowered).starts(with: wanted) {
      return true
    }
    at = bytes.index(after: at)
  }
  return false
}

extension UInt8 {
  /// A letter of ASCII in lower case, and anything else as it is.
  var lowered: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }
}
