import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// Reads the query that was typed; where it cannot be read, that place is shown.
///
/// - Parameter words: Arguments, which a shell has parted.
/// - Returns: What is asked; everything where nothing was typed.
/// - Throws: What is wrong, as a sentence.
func typedQuery(_ words: [String]) throws -> Query {
  // Behind -- nothing is an option any more; it says nothing by itself.
  let text = (words.first == "--" ? words.dropFirst() : words[...]).joined(separator: " ")
  do throws(QueryError) {
    return try Query(parsing: text)
  } catch {
    if error.reason != .tooLong {
      for line in marked(text, at: error.place) { Output.error.line(line) }
    }
    throw Failure(.usage, "\(error) See: rill help query")
  }
}

/// The query on one line, and below it a `^` under a place; of a long one what stands around it.
func marked(_ text: String, at place: Int) -> [String] {
  let scalars = text.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
  let start = place > 60 ? place - 40 : 0
  let before = shown(scalars[start..<max(start, min(place, scalars.count))])
  let behind = shown(scalars[min(place, scalars.count)...])
  let lead = start > 0 ? "  …" : "  "
  let cells = cellWidth(lead) + cellWidth(before)
  return [
    lead + before + fitted(behind, toCells: max(8, 78 - cells)),
    String(repeating: " ", count: cells) + "^",
  ]
}

private func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
  terminalSafe(String(String.UnicodeScalarView(scalars)))
}

extension Failure {
  /// A query names a feed that is none.
  init(noFeed name: String) {
    self.init(
      .usage,
      "No feed is called \(name.prefix(200)), as feed: says. See them all with: rill feeds"
    )
  }
}

extension Library {
  /// A query as it is asked now, with the feeds that its names mean.
  func resolved(_ query: Query, now: Timestamp) throws -> Query {
    guard query.leaves.contains(where: { if case .feed = $0 { true } else { false } }) else {
      return query.resolved(now: now) { _ in [] }
    }
    let feeds = try failing { () throws(LibraryError) in try self.feeds() }
    return try query.resolved(now: now) { name in
      let found = FeedSync.feeds(meant: name, in: feeds)
      guard !found.isEmpty else { throw Failure(noFeed: name) }
      return found.map(\.id)
    }
  }
}
