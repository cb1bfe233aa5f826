import CXML

/// Reads a well-formed or nearly well-formed document and tells what happens in it.
///
/// The bytes are UTF-8 that the guard has let through. libxml2 recovers from what is left, opens
/// nothing, replaces no entities and never gets `XML_PARSE_HUGE`. The corresponding C functions are
/// `xmlCreatePushParserCtxt` and `xmlParseChunk`.
///
/// - Parameters:
///   - bytes: The document.
///   - range: The part of it to read.
///   - events: Who is told.
func readXML(_ bytes: [UInt8], in range: Range<Int>, into events: any XMLEvents) {
  guard libraryIsReady else { return }
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
    unsafe withSession(context) { session in
      session.declarations += Int(declared)
      unsafe session.start(local, prefix, uri, attributes, count: Int(count))
    }
  }
  unsafe handler.endElementNs = { context, _, _, _ in
    unsafe withSession(context) { $0.events.endElement() }
  }
  unsafe handler.characters = { context, text, count in
    unsafe withSession(context) { unsafe $0.text(text, count: Int(count)) }
  }
  unsafe handler.ignorableWhitespace = handler.characters
  unsafe handler.cdataBlock = handler.characters
  unsafe handler.serror = { context, error in
    unsafe withSession(context) { unsafe $0.malformed(error) }
  }
  let session = Session(events)
  withExtendedLifetime(session) {
    let context = unsafe Unmanaged.passUnretained(session).toOpaque()
    guard let parser = unsafe xmlCreatePushParserCtxt(&handler, context, nil, 0, nil) else {
      return
    }
    defer { unsafe xmlFreeParserCtxt(parser) }
    unsafe session.parser = parser
    let options =
      XML_PARSE_RECOVER.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
      | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
    unsafe xmlCtxtUseOptions(parser, Int32(bitPattern: options))
    unsafe push(bytes, range, to: parser)
    // The guard knows already what libxml2 would say about a document that is cut off.
    session.isEnding = true
    unsafe xmlParseChunk(parser, nil, 0, 1)
  }
}

/// How much libxml2 gets at a time: it copies what it gets, and slows down when that is little.
private let chunkBytes = 1 << 20

private func push(_ bytes: [UInt8], _ range: Range<Int>, to parser: xmlParserCtxtPtr) {
  unsafe bytes.withUnsafeBytes { buffer in
    guard let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
    var start = range.lowerBound
    while start < range.upperBound {
      let count = min(chunkBytes, range.upperBound - start)
      unsafe xmlParseChunk(parser, base + start, Int32(count), 0)
      start += count
    }
  }
}

/// The corresponding C function is `xmlInitParser`; it is called once, before any thread parses.
private let libraryIsReady: Bool = {
  xmlInitParser()
  return true
}()

/// Turns the context of a callback back into the session that it stands for.
@inline(__always)
private func withSession(_ context: UnsafeMutableRawPointer?, _ body: (Session) -> Void) {
  guard let context = unsafe context else { return }
  body(unsafe Unmanaged<Session>.fromOpaque(context).takeUnretainedValue())
}

/// One document while it is read: who is told, and the names that were met.
@safe private final class Session {
  let events: any XMLEvents
  var parser: xmlParserCtxtPtr?
  let names = NameTable()
  var isEnding = false
  var declarations = 0

  init(_ events: any XMLEvents) { self.events = events }

  func start(
    _ local: UnsafePointer<xmlChar>?,
    _ prefix: UnsafePointer<xmlChar>?,
    _ uri: UnsafePointer<xmlChar>?,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
    count: Int
  ) {
    let name = unsafe names.name(local, prefix, uri)
    let attributes = unsafe XMLAttributes(attributes, count: count, names: names)
    events.startElement(name, attributes, line: line)
    if names.count > Limit.names.value { events.stop(.names) }
    if declarations > Limit.declarations.value { events.stop(.declarations) }
    // The corresponding C function is `xmlStopParser`.
    if events.isDone { unsafe xmlStopParser(parser) }
  }

  func text(_ text: UnsafePointer<xmlChar>?, count: Int) {
    guard let text = unsafe text, count > 0 else { return }
    events.text(unsafe Span(_unsafeStart: text, count: count))
  }

  func malformed(_ error: UnsafePointer<xmlError>?) {
    guard !isEnding, let error = unsafe error?.pointee else { return }
    let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
    events.malformed(line: Int(unsafe error.line), message)
  }

  private var line: Int {
    guard let input = unsafe parser?.pointee.input else { return 0 }
    return Int(unsafe input.pointee.line)
  }
}

/// The names of a document by the addresses at which libxml2 keeps them.
///
/// libxml2 keeps each name once for a document, so the same address is the same name. A small
/// direct-mapped table stands before a dictionary that holds them all.
private final class NameTable {
  private struct Key: Hashable {
    var local: UInt = 0
    var prefix: UInt = 0
    var uri: UInt = 0
  }

  private var slots: [(key: Key, name: XMLName)]
  private var names: [Key: XMLName] = [:]

  /// How many different names were met.
  var count: Int { names.count }

  init() {
    let nothing = XMLName(namespace: .none, element: .other, local: "")
    slots = Array(repeating: (Key(), nothing), count: 256)
  }

  func name(
    _ local: UnsafePointer<xmlChar>?,
    _ prefix: UnsafePointer<xmlChar>?,
    _ uri: UnsafePointer<xmlChar>?
  ) -> XMLName {
    let key = Key(
      local: UInt(bitPattern: local),
      prefix: UInt(bitPattern: prefix),
      uri: UInt(bitPattern: uri)
    )
    let mixed = key.local ^ key.local >> 9 ^ key.prefix >> 3 ^ key.uri << 3
    let index = Int(mixed & 255)
    if slots[index].key == key { return slots[index].name }
    let name: XMLName
    if let known = names[key] {
      name = known
    } else {
      let text = unsafe Self.string(local) ?? ""
      let prefix = unsafe Self.string(prefix)
      name = XMLName(
        namespace: XMLNamespace(uri: unsafe Self.string(uri), prefix: prefix),
        element: ElementName(text),
        local: text,
        prefix: prefix
      )
      names[key] = name
    }
    slots[index] = (key, name)
    return name
  }

  private static func string(_ text: UnsafePointer<xmlChar>?) -> String? {
    guard let text = unsafe text else { return nil }
    return unsafe String(cString: text)
  }
}

/// The attributes of one start tag.
///
/// Valid only during the call that hands them over: the values lie in libxml2's buffers.
@safe struct XMLAttributes {
  private let base: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  private let names: NameTable
  /// How many there are.
  let count: Int

  fileprivate init(
    _ base: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
    count: Int,
    names: NameTable
  ) {
    unsafe self.base = unsafe base
    self.count = unsafe base == nil ? 0 : count
    self.names = names
  }

  /// The name of an attribute, by its place.
  func name(at index: Int) -> XMLName {
    precondition(index >= 0 && index < count, "There is no such attribute.")
    guard let base = unsafe base else {
      return XMLName(namespace: .none, element: .other, local: "")
    }
    let entry = unsafe base + 5 * index
    return unsafe names.name(entry[0], entry[1], entry[2])
  }

  /// The value of an attribute, by its place.
  func value(at index: Int) -> String {
    precondition(index >= 0 && index < count, "There is no such attribute.")
    guard let base = unsafe base, let start = unsafe base[5 * index + 3],
      let end = unsafe base[5 * index + 4]
    else { return "" }
    let value = unsafe String(
      decoding: UnsafeBufferPointer(start: start, count: end - start),
      as: UTF8.self
    )
    // Without entity substitution libxml2 leaves each ampersand of a value as `&#38;`, and no
    // other reference.
    return value.utf8.contains(UInt8(ascii: "&")) ? Self.replacingAmpersands(value) : value
  }

  /// The value of the first attribute of a name without a namespace; nil when there is none.
  subscript(_ element: ElementName) -> String? {
    for index in 0..<count {
      let name = name(at: index)
      if name.element == element, name.namespace == .none { return value(at: index) }
    }
    return nil
  }

  /// The value of the first attribute of a name in a namespace; nil when there is none.
  subscript(_ namespace: XMLNamespace, _ element: ElementName) -> String? {
    for index in 0..<count {
      let name = name(at: index)
      if name.element == element, name.namespace == namespace { return value(at: index) }
    }
    return nil
  }

  private static func replacingAmpersands(_ value: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.utf8.count)
    var rest = Array(value.utf8)[...]
    while let byte = rest.popFirst() {
      bytes.append(byte)
      if byte == UInt8(ascii: "&"), rest.starts(with: "#38;".utf8) { rest = rest.dropFirst(4) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
