/// How far a segment was read, and how to tell that it is still the same.
public struct SegmentCursor: Hashable, Sendable {
  /// How many bytes `tail` has at most.
  public static let tailBytesMax = 64

  /// The segment's name, relative to the store.
  public var name: String
  /// Where the next line starts.
  public var offset: Int
  /// The last bytes before `offset`, 64 of them where there are as many.
  public var tail: [UInt8]

  /// Remembers a place.
  public init(name: String, offset: Int, tail: [UInt8]) {
    self.name = name
    self.offset = offset
    self.tail = tail
  }
}

/// Where a line stands.
public struct LinePlace: Hashable, Sendable {
  /// The segment's name, relative to the store.
  public var segment: String
  /// Where the line starts, in bytes.
  public var offset: Int
  /// How long it is, without its line feed.
  public var length: Int

  /// Describes a place.
  public init(segment: String, offset: Int, length: Int) {
    self.segment = segment
    self.offset = offset
    self.length = length
  }
}

/// A line that was read.
public struct StoredLine: Hashable, Sendable {
  /// What it says.
  public var event: StoreEvent
  /// Where it stands.
  public var place: LinePlace
  /// It has no checksum: a person wrote it.
  public var isHandWritten: Bool

  /// Describes a line.
  public init(event: StoreEvent, place: LinePlace, isHandWritten: Bool = false) {
    self.event = event
    self.place = place
    self.isHandWritten = isHandWritten
  }
}
