/// Where a line stands in the store.
public struct LinePlace: Hashable, Sendable {
  /// The segment's path relative to the store, such as `dev/k7m2q9xw/a-000001.jsonl`.
  public var segment: String
  /// The line's first byte, counted from the start of the segment.
  public var offset: Int
  /// Its bytes, without the line feed.
  public var length: Int

  /// Points at a line.
  public init(segment: String, offset: Int, length: Int) {
    self.segment = segment
    self.offset = offset
    self.length = length
  }
}

/// A line that was read, and where it stands.
public struct StoredLine: Hashable, Sendable {
  /// What it says.
  public var event: StoreEvent
  /// Where it stands.
  public var place: LinePlace

  /// Pairs a line with its place.
  public init(event: StoreEvent, place: LinePlace) {
    self.event = event
    self.place = place
  }
}

/// How far a segment has been read.
public struct SegmentCursor: Hashable, Sendable {
  /// The segment's path relative to the store.
  public var segment: String
  /// The first byte that has not been read.
  public var offset: Int
  /// The last bytes before `offset`, at most 64: they tell an appended file from another one.
  public var tail: [UInt8]

  /// Remembers a place in a segment.
  public init(segment: String, offset: Int, tail: [UInt8]) {
    self.segment = segment
    self.offset = offset
    self.tail = tail
  }
}
