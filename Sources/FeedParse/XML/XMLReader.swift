import CXML
import FeedModel

/// Reads a document that the guard has let through and tells what happens in it.
///
/// libxml2 parses the frame: the tags, and a marker for each text. It recovers from what is left to
/// recover from, opens nothing, replaces no entities and never gets `XML_PARSE_HUGE`. The
/// corresponding C functions are `xmlCreatePushParserCtxt` and `xmlParseChunk`.
///
/// - Parameters:
///   - document: The document, its frame and its texts.
///   - events: Who is told.
///   - chunkBytes: How much libxml2 gets at a time.
/// - Throws: `libraryMissing`, where there is no libxml2.
func readXML(
  _ document: GuardedDocument,
  into events: any XMLEvents,
  chunkBytes: Int = frameChunkBytes
) throws(ParseError) {
  let library = try XMLLibrary.load()
  var handler = unsafe xmlSAXHandler()
  unsafe handler.initialized = XML_SAX2_MAGIC
  unsafe handler.startElementNs = {
    context,
    local,
    prefix,
    uri,
    declared,
    _,
    count,
    _,
    attributes in
    let name = unsafe QualifiedName(local: local, prefix: prefix, uri: uri)
    unsafe session(context)?.pointee.start(name, attributes, count, declared: Int(declared))
  }
  unsafe handler.endElementNs = { context, _, _, _ in
    unsafe session(context)?.pointee.events.endElement()
  }
  unsafe handler.characters = { context, text, count in
    unsafe session(context)?.pointee.text(text, count: Int(count))
  }
  unsafe handler.ignorableWhitespace = handler.characters
  unsafe handler.cdataBlock = handler.characters
  unsafe handler.serror = { context, error in
    unsafe session(context)?.pointee.malformed(error)
  }
  var state = Session(document, events, library)
  unsafe withUnsafeMutablePointer(to: &state) { state in
    guard let parser = unsafe library.createPushParser(&handler, state, nil, 0, nil) else {
      return
    }
    defer { unsafe library.freeParser(parser) }
    unsafe state.pointee.parser = parser
    let options =
      XML_PARSE_RECOVER.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
      | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
    _ = unsafe library.useOptions(parser, Int32(bitPattern: options))
    unsafe push(document.frame, by: chunkBytes, to: parser, of: library)
    unsafe state.pointee.isEnding = true
    _ = unsafe library.parseChunk(parser, nil, 0, 1)
  }
}

/// How much of a frame libxml2 gets at a time: it copies what it gets, and slows down when that is
/// little.
let frameChunkBytes = 1 << 20

private func push(
  _ bytes: [UInt8],
  by chunkBytes: Int,
  to parser: xmlParserCtxtPtr,
  of library: XMLLibrary
) {
  unsafe bytes.withUnsafeBytes { buffer in
    guard let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
    var start = 0
    while start < bytes.count {
      let count = min(chunkBytes, bytes.count - start)
      _ = unsafe library.parseChunk(parser, base + start, Int32(count), 0)
      start += count
    }
  }
}

/// The session that the context of a callback stands for.
///
/// It lives on the stack of `readXML`, whose call encloses every callback.
@inline(__always)
private func session(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<Session>? {
  unsafe context?.assumingMemoryBound(to: Session.self)
}

/// One document while it is read: who is told, and what was met.
@safe private struct Session {
  let events: any XMLEvents
  private let bytes: [UInt8]
  private let tags: [UInt32]
  private let texts: [LiftedText]
  private let liftsText: Bool
  private let names = XMLNames()
  private let library: XMLLibrary
  private var decoder: TextDecoder
  private var metTags = 0
  private var metTexts = 0
  private var declarations = 0
  var parser: xmlParserCtxtPtr?
  var isEnding = false

  init(_ document: GuardedDocument, _ events: any XMLEvents, _ library: XMLLibrary) {
    self.events = events
    self.library = library
    bytes = document.bytes
    tags = document.tags
    texts = document.texts ?? []
    liftsText = document.texts != nil
    decoder = TextDecoder(document.bytes.span, entities: document.entities)
  }

  /// An element opens: `attributes` has five pointers for each of the `count` attributes.
  mutating func start(
    _ name: QualifiedName,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
    _ count: Int32,
    declared: Int
  ) {
    // The guard has let through no tag that it did not note.
    let offset = metTags < tags.count ? Int(tags[metTags]) : 0
    metTags += 1
    declarations += declared
    events.startElement(
      names.name(name),
      unsafe XMLAttributes(attributes, count: Int(count), names: names),
      at: offset
    )
    if names.count > Limit.names.value { events.stop(.names) }
    if declarations > Limit.declarations.value { events.stop(.declarations) }
    // The corresponding C function is `xmlStopParser`.
    if events.isDone { unsafe library.stopParser(parser) }
  }

  /// Character data: a marker for each text, or the text itself where it is not lifted.
  mutating func text(_ text: UnsafePointer<xmlChar>?, count: Int) {
    guard let text = unsafe text, count > 0 else { return }
    guard liftsText else {
      return events.text(unsafe Span(_unsafeStart: text, count: count))
    }
    let run = unsafe Span(_unsafeStart: text, count: count)
    var index = 0
    while index < count {
      let start = index
      while index < count, run[index] != GuardedDocument.marker { index += 1 }
      // What is left of a tag that libxml2 cannot read.
      if index > start { events.text(run.extracting(start..<index)) }
      guard index < count else { return }
      index += 1
      if events.wantsText, metTexts < texts.count { pass(texts[metTexts]) }
      metTexts += 1
    }
  }

  private mutating func pass(_ text: LiftedText) {
    let (bytes, events) = (bytes, events)
    guard !text.isLiteral,
      decoder.decode(
        bytes.span,
        text.range,
        mended: { events.mended($0.kind, at: $1, $0.detail) }
      )
    else { return events.text(bytes.span.extracting(text.range)) }
    events.text(taking: &decoder.decoded)
  }

  func malformed(_ error: UnsafePointer<xmlError>?) {
    // The guard knows already what libxml2 would say about a document that is cut off.
    guard !isEnding, let error = unsafe error?.pointee else { return }
    events.malformed(unsafe error.message.map { unsafe String(cString: $0) } ?? "")
  }
}
