import FeedModel

/// One linear pass over a document before libxml2 sees it.
///
/// 1. Only the root element goes on: no declaration, no DOCTYPE, nothing before or after it.
/// 2. Every start tag has its end tag, in the right order, but for those that are open where the
///    document ends.
/// 3. Every reference is a number that XML allows or one of its five names.
/// 4. No start tag passes the caps, no element is nested too deep.
///
/// It jumps from `<` to `<`. What stands between the tags is most of a feed, and libxml2 has nothing
/// to do in it: so text is lifted out, and a marker stands in its place (see
/// Documentation/decisions/text-is-lifted-out-of-the-frame.md). Without lifting libxml2 sees all of
/// it, mended; that gives the same feed, more slowly, and is there to prove that.
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

  let liftsText: Bool
  private var frame: [UInt8] = []
  private var texts: [LiftedText] = []
  private var tags: [UInt32] = []
  /// Where the part of the document starts that is not in `frame` yet.
  private(set) var copied = 0
  /// The document ends within a tag or a section.
  private var isCut = false
  private var repairs = 0
  var elements = 0
  /// What was compared to find the start tags of misplaced end tags.
  var comparedBytes = 0
  private var lines = LineCounter()
  var open: [OpenElement] = []
  var entities = Entities()
  var limit: Limit?
  var issues: IssueLog

  /// What is looked for.
  let form: DocumentForm

  init(_ form: DocumentForm = .feed, issues: IssueLog, liftsText: Bool = true) {
    self.form = form
    self.issues = issues
    self.liftsText = liftsText
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
    let issuesBefore = issues
    let bytes = document.span
    let root = try findRoot(bytes, from: start)
    copied = root
    let rootLine = lines.line(at: root, in: bytes)
    let end = scanElements(bytes, from: root)
    frame.append(bytes, copied..<max(copied, end))
    if liftsText, hasForeignMarkers {
      self = DocumentGuard(form, issues: issuesBefore, liftsText: false)
      return try guarded(document, from: start)
    }
    return GuardedDocument(
      bytes: document,
      frame: frame,
      texts: liftsText ? texts : nil,
      tags: tags,
      entities: entities,
      rootLine: rootLine,
      isTruncated: !open.isEmpty || isCut,
      limit: limit
    )
  }

  /// Whether the byte that stands for a text also stands within a tag.
  private var hasForeignMarkers: Bool {
    var count = 0
    for byte in frame where byte == GuardedDocument.marker { count &+= 1 }
    return count != texts.count
  }

  /// Puts other bytes in the place of a part of the document.
  ///
  /// Once a cap has ended the document nothing more is put in: what lies between was not mended,
  /// and libxml2 takes time quadratic in the number of such mistakes.
  mutating func replace(_ range: Range<Int>, with text: some Sequence<UInt8>, in bytes: Span<UInt8>)
  {
    guard limit == nil else { return }
    frame.append(bytes, copied..<range.lowerBound)
    frame.append(contentsOf: text)
    copied = range.upperBound
    countRepair(in: bytes)
  }

  private mutating func countRepair(in bytes: Span<UInt8>) {
    repairs += 1
    if repairs == Limit.repairs.value { stop(.repairs, at: copied, in: bytes) }
  }

  /// Leaves a part of the document out.
  mutating func cut(_ range: Range<Int>, in bytes: Span<UInt8>) {
    replace(range, with: EmptyCollection(), in: bytes)
  }

  /// Notes where a start tag is that libxml2 will see.
  mutating func noteTag(at start: Int) { tags.append(UInt32(start)) }

  private mutating func lift(
    _ text: LiftedText,
    within range: Range<Int>,
    in bytes: Span<UInt8>
  ) {
    guard limit == nil else { return }
    frame.append(bytes, copied..<range.lowerBound)
    copied = range.upperBound
    guard !text.range.isEmpty else { return }
    frame.append(GuardedDocument.marker)
    texts.append(text)
  }

  /// Notes an issue at a place.
  mutating func note(
    _ kind: ParseIssue.Kind,
    at offset: Int,
    in bytes: Span<UInt8>,
    _ detail: String
  ) {
    guard issues.wants(kind) else { return }
    issues.note(kind, line: lines.line(at: offset, in: bytes), detail: detail)
  }

  /// Notes that a cap ends the document here.
  mutating func stop(_ limit: Limit, at offset: Int, in bytes: Span<UInt8>) {
    guard self.limit == nil else { return }
    self.limit = limit
    note(.limit, at: offset, in: bytes, limit.detail)
  }

  /// Goes from the root's start tag to behind its end tag, or as far as the document reaches.
  private mutating func scanElements(_ bytes: Span<UInt8>, from root: Int) -> Int {
    var index = root
    repeat {
      let opening = Bytes.find(UInt8(ascii: "<"), in: bytes, index..<bytes.count)
      passText(bytes, index..<opening)
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

  /// Hands on a run of text: its references, and a `]]>` that ends no section, are mended.
  private mutating func passText(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    guard !liftsText else {
      return lift(LiftedText(range, isLiteral: false), within: range, in: bytes)
    }
    var start = range.lowerBound
    while limit == nil, let end = Bytes.find("]]>", in: bytes, start..<range.upperBound) {
      mendReferences(bytes, start..<end)
      replace(end + 2..<end + 3, with: "&#62;".utf8, in: bytes)
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
      if Bytes.hasPrefix("<?xml ", in: bytes, at: start) {
        note(.malformedXML, at: start, in: bytes, "an XML declaration inside the document")
      }
      // Instructions to programs that are not us.
      cut(start..<end + 2, in: bytes)
      return end + 2
    case _ where Self.startsName(bytes, at: start + 1): return scanStartTag(bytes, at: start)
    default:
      passLessThan(bytes, start..<start + 1)
      return start + 1
    }
  }

  /// Hands on a `<` that begins no markup, with the name that may stand behind it.
  mutating func passLessThan(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    note(.malformedXML, at: range.lowerBound, in: bytes, "an unescaped <")
    if liftsText {
      lift(LiftedText(range, isLiteral: true), within: range, in: bytes)
      countRepair(in: bytes)
    } else {
      replace(range.lowerBound..<range.lowerBound + 1, with: "&#60;".utf8, in: bytes)
    }
  }

  /// Passes over a CDATA section, a comment or a declaration.
  private mutating func scanDeclaration(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    if Bytes.hasPrefix("<![CDATA[", in: bytes, at: start) {
      let content = start + 9
      guard let end = Bytes.find("]]>", in: bytes, content..<bytes.count) else { return nil }
      var kept = end
      if end - content > Limit.articleBytes.value {
        // libxml2 gives up on sections beyond 10 MB.
        note(.limit, at: start, in: bytes, Limit.articleBytes.detail)
        kept = content + Limit.articleBytes.value
        while bytes[kept] & 0xC0 == 0x80 { kept -= 1 }
      }
      guard !liftsText else {
        lift(LiftedText(content..<kept, isLiteral: true), within: start..<end + 3, in: bytes)
        return end + 3
      }
      // libxml2 knows it in capitals only.
      replace(start..<content, with: "<![CDATA[".utf8, in: bytes)
      if kept < end { cut(kept..<end, in: bytes) }
      return end + 3
    }
    if Bytes.hasPrefix("<!--", in: bytes, at: start) {
      guard let end = Bytes.find("-->", in: bytes, start + 4..<bytes.count) else { return nil }
      // Nobody reads comments, and libxml2 complains about what is in some.
      cut(start..<end + 3, in: bytes)
      return end + 3
    }
    note(.malformedXML, at: start, in: bytes, "a declaration inside the document")
    // Entities are declared before the root, or not at all: they would reach texts before them.
    let declared = entities
    let end = scanDoctype(bytes, at: start)
    entities = declared
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
