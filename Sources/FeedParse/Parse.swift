public import FeedModel

/// Reads any document that a site calls a feed.
///
/// RSS 0.90 to 2.0 and 1.1, Atom 0.3 and 1.0, CDF, JSON Feed 1.0 and 1.1, RSS and Atom as JSON.
/// Pure: the same arguments always give the same feed; nothing is opened, and no clock is read. What
/// was mended is listed in `ParsedFeed.issues`. A document that is cut off keeps its complete items, and so does one that
/// is ended by a cap: that one does not count as truncated, because it is the same every time, and
/// its issue `limit` names the cap.
///
/// - Parameters:
///   - bytes: The document, decompressed, in any encoding.
///   - baseURL: Where it came from; relative URLs are resolved against it when nothing in the
///     document is nearer. nil leaves such URLs relative.
///   - contentType: The value of its `Content-Type` field; only the `charset` is believed, a
///     little.
/// - Returns: The feed.
/// - Throws: When there is no feed in the document, or a cap was reached before its first item.
public func parse(
  _ bytes: [UInt8],
  baseURL: String?,
  contentType: String?
) throws(ParseError) -> ParsedFeed {
  try parse(bytes, baseURL: baseURL, contentType: contentType, liftsText: true)
}

/// Reads a document as `parse` does, with or without lifting its texts out of libxml2's way.
///
/// The feed is the same but for its issues: a mistake in a text that nothing is made of is only met
/// when libxml2 has to read it. For the tests that prove it, and for measuring what it costs libxml2
/// to get a document in small pieces.
package func parse(
  _ bytes: [UInt8],
  baseURL: String?,
  contentType: String?,
  liftsText: Bool,
  chunkBytes: Int = frameChunkBytes
) throws(ParseError) -> ParsedFeed {
  var issues = IssueLog()
  let (text, start) = try decode(bytes, contentType: contentType, issues: &issues)
  if isJSON(text, from: start) {
    return try parseJSON(text, from: start, baseURL: baseURL, issues: issues)
  }
  return try parseXML(
    text,
    from: start,
    baseURL: baseURL,
    issues: issues,
    liftsText: liftsText,
    chunkBytes: chunkBytes
  )
}

private func isJSON(_ text: [UInt8], from start: Int) -> Bool {
  let first = text[start...].first { !Bytes.isSpace($0) }
  return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
}

/// Reads a feed of XML, its texts lifted out of libxml2's way or not.
func parseXML(
  _ text: [UInt8],
  from start: Int,
  baseURL: String?,
  issues: IssueLog,
  liftsText: Bool = true,
  chunkBytes: Int = frameChunkBytes
) throws(ParseError) -> ParsedFeed {
  var documentGuard = DocumentGuard(issues: issues, liftsText: liftsText)
  let document = try documentGuard.guarded(text, from: start)
  let builder = FeedBuilder(text, baseURL: baseURL, issues: documentGuard.issues)
  let end = try read(document, into: builder, chunkBytes: chunkBytes)
  var feed = builder.finished()
  if let root = builder.doubtfulRoot, end == .whole, !feed.saysSomething {
    throw .notAFeed(root: root)
  }
  feed.isTruncated = end == .truncated
  return feed
}
