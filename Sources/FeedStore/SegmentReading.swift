public import FeedModel

/// A line that could not be read, and was passed over.
public struct LineDamage: Hashable, Sendable {
  /// What is wrong with it.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// Zero bytes: blocks that were never written before a crash.
    case zeroBytes = "zero bytes"
    /// What git leaves around lines that it could not merge.
    case mergeMarker = "a merge marker"
    /// More than 64 MiB without a line feed.
    case tooLong = "too long"
    /// The checksum is another one.
    case wrongSum = "wrong checksum"
    /// A name stands twice in one object.
    case duplicateName = "the same name twice"
    /// Not one JSON object.
    case notJSON = "not JSON"
    /// No time, or none that can be read.
    case noTime = "no time"
    /// A line written by hand that says nothing we know.
    case notUnderstood = "not understood"
  }

  /// Where it starts, in bytes.
  public var offset: Int
  /// How long it is, without its line feed.
  public var length: Int
  /// What is wrong with it.
  public var reason: Reason

  /// Describes damage.
  public init(offset: Int, length: Int, reason: Reason) {
    self.offset = offset
    self.length = length
    self.reason = reason
  }
}

/// What one reading of a segment gave.
public struct SegmentReading: Hashable, Sendable {
  /// The good lines, in file order.
  public var lines: [StoredLine] = []
  /// The bad ones, in file order.
  public var damage: [LineDamage] = []
  /// Where to go on next time.
  ///
  /// A line without a line feed at the end of the file stays behind it: it may still arrive.
  public var cursor: SegmentCursor
  /// There are more whole lines; call again with `cursor`.
  ///
  /// Only a file far larger than a segment gets needs that.
  public var hasMore = false
  /// The format of this segment when a newer version wrote it.
  ///
  /// Its lines are then kept as unknown ones.
  public var newerFormat: Int?

  init(cursor: SegmentCursor) { self.cursor = cursor }
}

/// Lines that were just appended to a segment, as reading them again would give them.
///
/// An article without a guid has none here either way: see `LineEncoder`.
public struct AppendedLines: Hashable, Sendable {
  /// Where the first of them starts, in bytes.
  public var start: Int
  /// The lines, in file order.
  public var lines: [StoredLine]
  /// Where the next line will start.
  public var cursor: SegmentCursor
}

/// A line that is about to be written.
public struct PendingLine: Hashable, Sendable {
  /// Its time.
  public var at: Timestamp
  /// What it says: not `open`, which the store writes by itself, and nothing unknown.
  public var operation: StoreOperation
  /// The device that wrote it first, for lines that are taken over from a forgotten device.
  ///
  /// Nil for a line of our own. Its time and its place in the order of writes stay as they were.
  public var writtenBy: String?
  /// The act of a person that it is a part of; nil for none.
  public var act: PendingAct?
  /// What an unknown operation says, members of JSON without braces: kept as it is.
  var verbatim: [UInt8]?

  /// Describes a line.
  public init(
    at: Timestamp,
    operation: StoreOperation,
    writtenBy: String? = nil,
    act: PendingAct? = nil
  ) {
    self.at = at
    self.operation = operation
    self.writtenBy = writtenBy
    self.act = act
  }

  /// It brings an article, and so it goes to another segment than all else.
  public var isArticle: Bool {
    if case .article = operation { return true }
    return false
  }
}

/// The act of lines that are about to be written.
///
/// All lines of one append that begin a new act begin the same one.
public struct PendingAct: Hashable, Sendable {
  /// The act that these lines go on with; nil for a new one, whose number is that of its first line.
  ///
  /// A number is of one device: where another one writes by now, a new act begins.
  public var id: ActID?
  /// The act that is taken back.
  public var undoes: ActID?

  /// Describes an act.
  public init(id: ActID? = nil, undoes: ActID? = nil) {
    self.id = id
    self.undoes = undoes
  }
}
