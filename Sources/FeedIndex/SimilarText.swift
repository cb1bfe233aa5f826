public import FeedModel

/// An article that is to be compared with others.
public struct SimilarText: Hashable, Sendable {
  /// The article's number in this index.
  public var number: Int64
  /// The number of its feed.
  public var feed: Int64
  /// What lists order it by.
  public var moment: Timestamp
  /// Where its newest revision stands.
  public var place: LinePlace
  /// The content hash of that revision.
  public var hash: String

  /// How far apart articles may be that are similar.
  public static let windowSeconds: Int64 = 5 * 86_400

  /// Whether two articles came near enough to each other.
  public func isNear(_ other: SimilarText) -> Bool {
    abs(moment.seconds - other.moment.seconds) <= Self.windowSeconds
  }
}

/// Articles whose texts were not compared yet.
public struct SimilarBacklog: Hashable, Sendable {
  /// Every article up to this number had been compared when this was asked.
  public var start: Int64
  /// How far that goes with these; the same as `start` for articles that have changed since.
  public var end: Int64
  /// In the order of their numbers.
  public var texts: [SimilarText]

  /// How many articles one backlog has at most, and how long their lines are together.
  public static let (textsMax, bytesMax) = (1000, 8 << 20)
}

/// A hash of a sketch at a time: what articles are found by that may be similar.
///
/// Time is cut into parts as long as the window, so what is near stands in three of them, and what
/// comes now is written near what came lately, however large the table is.
struct SimilarMark {
  /// How many articles one mark leads to at most: what more have says nothing of any of them.
  static let articlesMax = 64

  /// The hash with the part of the time in which a moment is, and those beside it.
  static func marks(of hash: UInt32, around moment: Timestamp) -> [Int64] {
    let part = part(of: moment)
    return [part - 1, part, part + 1].map { $0 << 32 | Int64(hash) }
  }

  /// The hash with the part of the time in which a moment is.
  static func mark(of hash: UInt32, at moment: Timestamp) -> Int64 {
    part(of: moment) << 32 | Int64(hash)
  }

  private static func part(of moment: Timestamp) -> Int64 {
    // What is before 1970 counts as its begin.
    max(0, moment.seconds) / SimilarText.windowSeconds
  }
}
