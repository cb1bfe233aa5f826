public import FeedModel

/// Reads a list of subscriptions: OPML 1.0, 1.1 or 2.0, or OML, in any letter case.
///
/// Pure, as `parse` is, and behind the same guard. Outlines are laid flat in document order; their
/// nesting stays as the folders of each feed. Only addresses of the web are taken: an entry with
/// any other is left out and named in an issue `rejected`, so that nothing in a list can start a
/// program or read a file. A user and a password are taken out of the address.
///
/// - Parameters:
///   - bytes: The document, decompressed, in any encoding.
///   - baseURL: Where it came from; relative addresses are resolved against it, and rejected when
///     it is nil.
///   - contentType: The value of its `Content-Type` field; only the `charset` is believed, a
///     little.
/// - Returns: The list; it may hold no feeds.
/// - Throws: When the document is no such list, or a cap was reached before its first feed.
public func parseSubscriptions(
  _ bytes: [UInt8],
  baseURL: String? = nil,
  contentType: String? = nil
) throws(ParseError) -> SubscriptionList {
  let byteMax = Limit.listBytes
  guard bytes.count <= byteMax.value else {
    throw .limit(name: byteMax.name, value: byteMax.value)
  }
  var issues = IssueLog()
  let (text, start) = try decode(bytes, contentType: contentType, issues: &issues)
  var documentGuard = DocumentGuard(.subscriptions, issues: issues)
  let document: GuardedDocument
  do throws(ParseError) {
    document = try documentGuard.guarded(text, from: start)
  } catch {
    guard case .notAFeed(let root) = error else { throw error }
    throw .notAList(root: root)
  }
  let builder = SubscriptionBuilder(text, baseURL: baseURL, issues: documentGuard.issues)
  let end = try read(document, into: builder)
  var list = builder.finished()
  list.isTruncated = end == .truncated
  return list
}
