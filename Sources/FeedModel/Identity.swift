/// The first 100 bits of a SHA-256, the common form of every id.
///
/// Written as 20 characters of lower-case base32 (`a`–`z`, `2`–`7`; RFC 4648 §6 without padding).
/// Two words in place of a string: ids are compared and hashed far more often than printed.
public struct HashID: Hashable, Sendable, Comparable {
  /// Bits 0 to 49 of the digest.
  @usableFromInline let high: UInt64
  /// Bits 50 to 99 of the digest.
  @usableFromInline let low: UInt64

  /// How many characters an id has in writing.
  public static let length = 20

  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

  /// Takes the first 100 bits of a digest.
  ///
  /// - Parameter digest: At least 13 bytes, most significant first, as SHA-256 gives them.
  public init(digest: some Sequence<UInt8>) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var count = 0
    for byte in digest.prefix(13) {
      for shift in stride(from: 7, through: 0, by: -1) where count < 100 {
        let bit = UInt64((byte >> UInt8(shift)) & 1)
        if count < 50 { high = high << 1 | bit } else { low = low << 1 | bit }
        count += 1
      }
    }
    precondition(count == 100, "A digest must have at least 13 bytes.")
    self.high = high
    self.low = low
  }

  /// Reads the written form; nil when it is not 20 characters of lower-case base32.
  ///
  /// Inlinable, since ids are read by the million in other modules.
  @inlinable public init?(_ text: some StringProtocol) {
    var words: (UInt64, UInt64) = (0, 0)
    var count = 0
    for byte in text.utf8 {
      let value: UInt64
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt64(byte - UInt8(ascii: "a"))
      case UInt8(ascii: "2")...UInt8(ascii: "7"): value = UInt64(byte - UInt8(ascii: "2")) + 26
      default: return nil
      }
      guard count < Self.length else { return nil }
      if count < 10 { words.0 = words.0 << 5 | value } else { words.1 = words.1 << 5 | value }
      count += 1
    }
    guard count == Self.length else { return nil }
    (high, low) = words
  }

  /// The 20 characters as bytes.
  public var utf8: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.length)
    for word in [high, low] {
      for shift in stride(from: 45, through: 0, by: -5) {
        bytes.append(Self.alphabet[Int(word >> UInt64(shift)) & 31])
      }
    }
    return bytes
  }

  /// The order of the digests.
  public static func < (left: HashID, right: HashID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension HashID: CustomStringConvertible {
  /// The 20 characters.
  public var description: String { String(decoding: utf8, as: UTF8.self) }
}

/// The identity of a subscription: a hash of its first normalised URL.
///
/// It never changes, whatever the feed's URL becomes, and is the same on every machine.
public struct FeedID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The hash.
  public let hash: HashID

  /// Wraps a hash.
  public init(_ hash: HashID) { self.hash = hash }

  /// Reads the written form; nil when it is no id.
  @inlinable public init?(_ text: some StringProtocol) {
    guard let hash = HashID(text) else { return nil }
    self.hash = hash
  }

  /// The 20 characters.
  public var description: String { hash.description }

  /// The order of the digests.
  public static func < (left: FeedID, right: FeedID) -> Bool { left.hash < right.hash }
}

/// One key of an article.
///
/// Every key is an id: the first one is shown, and any may be named.
/// A hash of feed id, kind (`guid`, `link` or `text`) and value.
public struct ArticleID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The hash.
  public let hash: HashID

  /// Wraps a hash.
  public init(_ hash: HashID) { self.hash = hash }

  /// Reads the written form; nil when it is no id.
  @inlinable public init?(_ text: some StringProtocol) {
    guard let hash = HashID(text) else { return nil }
    self.hash = hash
  }

  /// The 20 characters.
  public var description: String { hash.description }

  /// The order of the digests.
  public static func < (left: ArticleID, right: ArticleID) -> Bool { left.hash < right.hash }
}
