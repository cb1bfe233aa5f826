import CXML
public import FeedModel

/// The functions of libxml2 that are used, found when the first document of XML is read.
///
/// Nothing here refers to libxml2 when the program is linked. It brings the tables of ICU along, and
/// most commands read no XML.
@safe struct XMLLibrary: Sendable {
  typealias Parser = xmlParserCtxtPtr

  let createPushParser:
    @convention(c) @Sendable (
      UnsafeMutablePointer<xmlSAXHandler>?, UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int32,
      UnsafePointer<CChar>?
    ) -> Parser?
  let freeParser: @convention(c) @Sendable (Parser?) -> Void
  let useOptions: @convention(c) @Sendable (Parser?, Int32) -> Int32
  let parseChunk: @convention(c) @Sendable (Parser?, UnsafePointer<CChar>?, Int32, Int32) -> Int32
  let stopParser: @convention(c) @Sendable (Parser?) -> Void

  /// The library, loaded and set up once for the process, before any thread parses.
  static func load() throws(ParseError) -> XMLLibrary {
    guard let loaded else { throw .libraryMissing(name: RILL_XML_LIBRARY) }
    return loaded
  }

  private static let loaded = XMLLibrary(name: RILL_XML_LIBRARY)

  /// Loads the library and calls `xmlInitParser`; nil when it or a function is missing.
  init?(name: String) {
    guard let library = SharedLibrary(name),
      let initialise = unsafe library.function("xmlInitParser")
        as (@convention(c) @Sendable () -> Void)?,
      let createPushParser = unsafe library.function("xmlCreatePushParserCtxt")
        as (
          @convention(c) @Sendable (
            UnsafeMutablePointer<xmlSAXHandler>?, UnsafeMutableRawPointer?, UnsafePointer<CChar>?,
            Int32, UnsafePointer<CChar>?
          ) -> Parser?
        )?,
      let freeParser = unsafe library.function("xmlFreeParserCtxt")
        as (@convention(c) @Sendable (Parser?) -> Void)?,
      let useOptions = unsafe library.function("xmlCtxtUseOptions")
        as (@convention(c) @Sendable (Parser?, Int32) -> Int32)?,
      let parseChunk = unsafe library.function("xmlParseChunk")
        as (@convention(c) @Sendable (Parser?, UnsafePointer<CChar>?, Int32, Int32) -> Int32)?,
      let stopParser = unsafe library.function("xmlStopParser")
        as (@convention(c) @Sendable (Parser?) -> Void)?
    else { return nil }
    initialise()
    unsafe self.createPushParser = createPushParser
    unsafe self.freeParser = freeParser
    unsafe self.useOptions = useOptions
    unsafe self.parseChunk = parseChunk
    unsafe self.stopParser = stopParser
  }
}

/// Looks whether documents of XML can be read here, so that nothing is asked for in vain.
///
/// - Throws: `libraryMissing`.
public func checkXMLReader() throws(ParseError) { _ = try XMLLibrary.load() }
