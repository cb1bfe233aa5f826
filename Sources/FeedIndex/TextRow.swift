import FeedModel

/// The number of a row of the full text, which says its place in lists.
///
/// FTS5 gives rows in the order of their numbers, so the newest fifty of a hundred thousand are found by
/// looking at fifty. It writes down the distance from one row to the next for each word of each
/// article, so there is not much room between two: 16 numbers for a second. Where those are taken
/// a row moves to earlier ones; how far the farthest has moved stands in `words_end`.
struct TextRow {
  /// How many rows a second has.
  private static let bits: Int64 = 4
  /// Rows that are free before 1970, for what moves.
  private static let secondsBefore: Int64 = 1 << 27
  /// More than any year with four digits has.
  private static let secondsMax: Int64 = 1 << 38

  /// The last row of the second of a moment; what is before 1970 counts as its begin.
  static func last(of moment: Timestamp) -> Int64 {
    first(of: moment) | (1 << bits - 1)
  }

  /// The first row of the second of a moment.
  static func first(of moment: Timestamp) -> Int64 {
    let seconds = max(0, min(moment.milliseconds / 1000, secondsMax))
    return (seconds + secondsBefore) << bits
  }
}
