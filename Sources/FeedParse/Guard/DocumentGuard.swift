import FeedModel

/// What of a document libxml2 may see.
struct GuardedDocument {
  /// The bytes; the document itself where nothing had to be mended.
  var bytes: [UInt8]
  /// The root element within them.
  var range: Range<Int>
  /// How many lines come before the root element.
  var linesBefore: Int
  /// The document ends before its root element does.
  var isTruncated: Bool
  /// The cap that ended it early, if one did.
  var limit: Limit?
}

/// One linear pass over a document before libxml2 sees it.
///
/// 1. Only the root element goes on: no declaration, no DOCTYPE, nothing before or after it.
/// 2. Every start tag has its end tag, in the right order, but for those that are open where the
///    document ends.
/// 3. Every reference is a number that XML allows or one of its five names.
/// 4. No start tag passes the caps, no element is nested too deep.
///
/// It jumps from `<` to `<` and from `&` to `&`, and copies the document only if it mends it.
struct DocumentGuard {
  /// An element that is open.
  struct OpenElement {
    var name: Range<Int>
    var role: Role
  }

  /// What an element's name says about what may stand in it.
  enum Role {
    /// `item` and `entry`: never one in another.
    case item
    /// What items hold: `title`, `link` and so on, never one in another.
    case part
    case other
  }

  private(set) var output: [UInt8] = []
  /// Where the part of the document starts that is not in `output` yet.
  private(set) var copied = 0
  private var isEdited = false
  /// The document ends within a tag or a section.
  private var isCut = false
  private var repairs = 0
  var elements = 0
  /// What was compared to find the start tags of misplaced end tags.
  var comparedBytes = 0
  private var lineMark = (offset: 0, line: 1)
  var open: [OpenElement] = []
  var entities: [String: [UInt8]] = [:]
  var entityBytes = 0
  var limit: Limit?
  var issues: IssueLog

  /// What is looked for.
  let form: DocumentForm

  init(_ form: DocumentForm = .feed, issues: IssueLog) {
    self.form = form
    self.issues = issues
  }

  /// Looks at a document.
  ///
  /// - Parameters:
  ///   - document: UTF-8 without characters that XML forbids.
  ///   - start: Where it starts.
  /// - Returns: What libxml2 may see.
  /// - Throws: When there is no root element, or not one of the form that is looked for.
  mutating func guarded(_ document: [UInt8], from start: Int) throws(ParseError) -> GuardedDocument
  {
    let bytes = document.span
    let root = try findRoot(bytes, from: start)
    copied = root
    let linesBefore = line(at: root, in: bytes) - 1
    let end = scanElements(bytes, from: root)
    let isTruncated = !open.isEmpty || isCut
    guard isEdited else {
      return GuardedDocument(
        bytes: document,
        range: root..<end,
        linesBefore: linesBefore,
        isTruncated: isTruncated,
        limit: limit
      )
    }
    output.append(bytes, copied..<max(copied, end))
    return GuardedDocument(
      bytes: output,
      range: 0..<output.count,
      linesBefore: linesBefore,
      isTruncated: isTruncated,
      limit: limit
    )
  }

  /// Puts other bytes in the place of a part of the document.
  ///
  /// Once a cap has ended the document nothing more is put in: what lies between was not mended,
  /// and libxml2 takes time quadratic in the number of such mistakes.
  mutating func replace(_ range: Range<Int>, with text: some Sequence<UInt8>, in bytes: Span<UInt8>)
  {
    guard limit == nil else { return }
    if !isEdited {
      isEdited = true
      output.reserveCapacity(bytes.count + bytes.count / 16)
    }
    output.append(bytes, copied..<range.lowerBound)
    output.append(contentsOf: text)
    copied = range.upperBound
    repairs += 1
    if repairs == Limit.repairs.value { stop(.repairs, at: copied, in: bytes) }
  }

  /// Leaves a part of the document out, but for its line feeds, so that lines keep their numbers.
  mutating func cut(_ range: Range<Int>, in bytes: Span<UInt8>) {
    var count = 0
    for index in range where bytes[index] == 0x0A { count += 1 }
    replace(range, with: repeatElement(0x0A, count: count), in: bytes)
  }

  /// Notes an issue at a place.
  mutating func note(
    _ kind: ParseIssue.Kind,
    at offset: Int,
    in bytes: Span<UInt8>,
    _ detail: String
  ) {
    guard issues.wants(kind) else { return }
    issues.note(kind, line: line(at: offset, in: bytes), detail: detail)
  }

  /// Notes that a cap ends the document here.
  mutating func stop(_ limit: Limit, at offset: Int, in bytes: Span<UInt8>) {
    guard self.limit == nil else { return }
    self.limit = limit
    note(.limit, at: offset, in: bytes, limit.detail)
  }

  /// The line of a place; places come in order, so each line feed is counted once.
  private mutating func line(at offset: Int, in bytes: Span<UInt8>) -> Int {
    while lineMark.offset < offset {
      let feed = Bytes.find(0x0A, in: bytes, lineMark.offset..<offset)
      guard feed < offset else {
        lineMark.offset = offset
        break
      }
      lineMark = (feed + 1, lineMark.line + 1)
    }
    return lineMark.line
  }

  /// Goes from the root's start tag to behind its end tag, or as far as the document reaches.
  private mutating func scanElements(_ bytes: Span<UInt8>, from root: Int) -> Int {
    var index = root
    repeat {
      let opening = Bytes.find(UInt8(ascii: "<"), in: bytes, index..<bytes.count)
      mendText(bytes, index..<opening)
      guard limit == nil else {
        isCut = true
        return copied
      }
      guard opening < bytes.count else { return bytes.count }
      guard let next = scanMarkup(bytes, at: opening) else {
        isCut = true
        return opening
      }
      index = next
    } while !open.isEmpty && limit == nil
    guard limit == nil else { return copied }
    noteTrailing(bytes, from: index)
    return index
  }

  /// Mends a run of text: its references, and a `]]>` that ends no section.
  private mutating func mendText(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var start = range.lowerBound
    while limit == nil, let end = Bytes.find("]]>", in: bytes, start..<range.upperBound) {
      mendReferences(bytes, start..<end)
      note(.malformedXML, at: end, in: bytes, "]]> without a section")
      replace(end + 2..<end + 3, with: "&gt;".utf8, in: bytes)
      start = end + 3
    }
    mendReferences(bytes, start..<range.upperBound)
  }

  /// Passes over what begins at a `<`; nil when the document ends within it, or is ended there.
  private mutating func scanMarkup(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    guard start + 1 < bytes.count else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "/"): return scanEndTag(bytes, at: start)
    case UInt8(ascii: "!"): return scanDeclaration(bytes, at: start)
    case UInt8(ascii: "?"):
      guard let end = Bytes.find("?>", in: bytes, start + 2..<bytes.count) else { return nil }
      if Bytes.hasPrefix("<?xml ", in: bytes, at: start) || end - start > 1 << 20 {
        note(.malformedXML, at: start, in: bytes, "an XML declaration inside the document")
        cut(start..<end + 2, in: bytes)
      }
      return end + 2
    case let byte where Self.startsName(byte): return scanStartTag(bytes, at: start)
    default:
      note(.malformedXML, at: start, in: bytes, "an unescaped <")
      replace(start..<start + 1, with: "&lt;".utf8, in: bytes)
      return start + 1
    }
  }

  /// Passes over a CDATA section, a comment or a declaration.
  private mutating func scanDeclaration(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    if Bytes.hasPrefix("<![CDATA[", in: bytes, at: start) {
      let content = start + 9
      guard let end = Bytes.find("]]>", in: bytes, content..<bytes.count) else { return nil }
      if end - content > Limit.articleBytes.value {
        // libxml2 gives up on sections beyond 10 MB.
        note(.limit, at: start, in: bytes, Limit.articleBytes.detail)
        var kept = content + Limit.articleBytes.value
        while bytes[kept] & 0xC0 == 0x80 { kept -= 1 }
        cut(kept..<end, in: bytes)
      }
      return end + 3
    }
    if Bytes.hasPrefix("<!--", in: bytes, at: start) {
      guard let end = Bytes.find("-->", in: bytes, start + 4..<bytes.count) else { return nil }
      // Nobody reads comments, and libxml2 complains about what is in some.
      cut(start..<end + 3, in: bytes)
      return end + 3
    }
    note(.malformedXML, at: start, in: bytes, "a declaration inside the document")
    let end = scanDoctype(bytes, at: start)
    cut(start..<end, in: bytes)
    return end
  }

  private mutating func noteTrailing(_ bytes: Span<UInt8>, from index: Int) {
    var index = index
    while index < bytes.count {
      if Bytes.isSpace(bytes[index]) {
        index += 1
      } else if Bytes.hasPrefix("<!--", in: bytes, at: index) {
        index = Bytes.find("-->", in: bytes, index..<bytes.count).map { $0 + 3 } ?? bytes.count
      } else {
        note(.malformedXML, at: index, in: bytes, "more after the root element")
        return
      }
    }
  }

  static func startsName(_ byte: UInt8) -> Bool {
    Bytes.isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || byte >= 0x80
  }

  static func continuesName(_ byte: UInt8) -> Bool {
    startsName(byte) || Bytes.isDigit(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }
}
