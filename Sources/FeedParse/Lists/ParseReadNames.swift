public import FeedModel

/// Reads the names of articles that were read, one a line: guids or links.
///
/// - Parameter bytes: What `newsboat -E` prints, or sfeed's list of read addresses.
/// - Returns: The names, each once.
/// - Throws: When there are too many.
public func parseReadNames(_ bytes: [UInt8]) throws(ParseError) -> [String] {
  var issues = IssueLog()
  var seen: Set<String> = []
  return try listLines(bytes, issues: &issues).map(\.text)
    .filter { $0.utf8.count <= Limit.urlBytes.value && seen.insert($0).inserted }
}
