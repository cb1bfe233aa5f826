public import FeedModel

/// What is to become of the body of an article in a compacted segment.
public enum BodyFate: Hashable, Sendable {
  /// It stays.
  case kept
  /// The line stays without it, with keys, hash, guid, link, title and date; this is so since then.
  case dropped(since: Timestamp)
}

/// What a compaction did, or would do.
public struct CompactionReport: Hashable, Sendable {
  /// A snapshot of old files.
  public struct Snapshot: Hashable, Sendable {
    /// The new file, relative to the store.
    public var name: String
    /// How many bytes the files have that it stands for.
    public var bytesBefore: Int
    /// How many bytes it has.
    public var bytesAfter: Int
  }

  /// An old file that a snapshot stands for.
  public struct OldFile: Hashable, Sendable {
    /// The file, relative to the store.
    public var name: String
    /// Its size.
    public var bytes: Int
  }

  /// Snapshots that were written.
  public var snapshots: [Snapshot] = []
  /// Old files that were removed.
  public var removed: [OldFile] = []
  /// Old files that go once their snapshot is 30 days old.
  public var waiting: [OldFile] = []

  /// How many bytes came free.
  public var bytesFreed: Int { removed.reduce(0) { $0 + $1.bytes } }

  /// How many bytes come free later.
  public var bytesToFree: Int {
    snapshots.reduce(waiting.reduce(0) { $0 + $1.bytes }) { $0 + $1.bytesBefore - $1.bytesAfter }
  }

  /// Nothing was done.
  public init() {}
}
