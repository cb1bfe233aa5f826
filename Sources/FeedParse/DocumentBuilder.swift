import FeedModel

/// Builds a value out of what happens in a document.
protocol DocumentBuilder: XMLEvents {
  var issues: IssueLog { get set }
  /// The root element was met.
  var foundRoot: Bool { get }
  /// Elements are open that nothing has closed.
  var hasOpenElements: Bool { get }
  /// Nothing that counts was complete so far.
  var isEmpty: Bool { get }
  /// The cap that ended the document, if one did.
  var limit: Limit? { get }
}

/// How the reading of a document ended.
enum DocumentEnd {
  /// With its root element.
  case whole
  /// In the middle: the document is cut off.
  case truncated
  /// At a cap.
  case limit
}

/// Reads a guarded document into a builder; that it is cut off is noted there.
///
/// - Returns: How it ended.
/// - Throws: When its root element cannot be read, or a cap came before all that counts, or there is
///   no libxml2.
func read(
  _ document: GuardedDocument,
  into builder: some DocumentBuilder,
  chunkBytes: Int = frameChunkBytes
) throws(ParseError) -> DocumentEnd {
  try readXML(document, into: builder, chunkBytes: chunkBytes)
  guard builder.foundRoot else {
    throw .unreadable(line: document.rootLine, reason: "the root element is cut off")
  }
  if let limit = document.limit ?? builder.limit {
    if builder.isEmpty { throw .limit(name: limit.name, value: limit.value) }
    // An element that stays open is the cap's doing.
    return .limit
  }
  guard document.isTruncated || builder.hasOpenElements else { return .whole }
  builder.issues.note(.truncated)
  return .truncated
}
