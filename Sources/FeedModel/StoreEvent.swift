/// One line of the store, read or about to be written.
public struct StoreEvent: Hashable, Sendable {
  /// The line's place in the sequence of its device, from 1.
  public var number: Int
  /// When it was written, by that device's clock.
  public var at: Timestamp
  /// The device that wrote it: 8 characters of base32.
  public var device: String
  /// The line's CRC-32; 0 for a line written by hand.
  public var sum: UInt32
  /// What it says.
  public var operation: StoreOperation
  /// The act of a person that it is a part of; nil for what was written without one.
  public var act: LineAct?

  /// Describes a line.
  public init(
    number: Int,
    at: Timestamp,
    device: String,
    sum: UInt32,
    operation: StoreOperation,
    act: LineAct? = nil
  ) {
    self.number = number
    self.at = at
    self.device = device
    self.sum = sum
    self.operation = operation
    self.act = act
  }

  /// The order of two writes to one register: the greatest (at, device, sum) holds.
  public var stamp: RegisterStamp { RegisterStamp(at: at, device: device, sum: sum) }
}

/// What a line of the store says.
public enum StoreOperation: Hashable, Sendable {
  /// The first line of a segment.
  case open(format: Int, segment: Int)
  /// A register of a feed: `url`, `sub`, `title`, `source.title`, `source.site`, `tag:NAME`,
  /// `fetch.*`, `move.*`.
  case feed(FeedID, key: String, value: RegisterValue)
  /// A register of articles: `read`, `star`, `tag:NAME`, `gone`; or of keys: `part`, `join`.
  case set(key: String, value: RegisterValue, ids: [ArticleID])
  /// A new article or a new revision of one.
  case article(Article)
  /// Something that a newer version wrote: kept, and without effect here.
  case unknown(String)
}

/// The value of a register.
public enum RegisterValue: Hashable, Sendable {
  /// JSON null: the register is unset.
  case none
  /// A flag.
  case bool(Bool)
  /// A whole number.
  case integer(Int64)
  /// A text.
  case string(String)
}

/// The order of writes to one register.
///
/// Taking the greatest is commutative, associative and idempotent: any order, repetition or
/// subset of the same lines gives the same state.
public struct RegisterStamp: Hashable, Sendable, Comparable {
  /// When, by the writing device's clock.
  public var at: Timestamp
  /// Which device.
  public var device: String
  /// The line's CRC-32.
  public var sum: UInt32

  /// Describes a write.
  public init(at: Timestamp, device: String, sum: UInt32) {
    self.at = at
    self.device = device
    self.sum = sum
  }

  /// By moment, then device, then sum.
  public static func < (left: RegisterStamp, right: RegisterStamp) -> Bool {
    (left.at, left.device, left.sum) < (right.at, right.device, right.sum)
  }
}
