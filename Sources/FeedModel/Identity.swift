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

  /// Takes the first 100 bits of a digest.
  ///
  /// - Parameter digest: At least 13 bytes, most significant first, as SHA-256 gives them.
  @inlinable public init(digest: some Sequence<UInt8>) {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var count = 0
    for byte in digest {
      if count < 8 {
        first = first << 8 | UInt64(byte)
      } else {
        second = second << 8 | UInt64(byte)
      }
      count += 1
      if count == 13 { break }
    }
    precondition(count == 13, "A digest must have at least 13 bytes.")
    // Bits 0 to 63 stand in the one and bits 64 to 103 in the other.
    high = first >> 14
    low = (first & 0x3FFF) << 36 | second >> 4
  }

  /// Puts an id together from the numbers that it is stored as.
  ///
  /// - Parameters:
  ///   - head: See `head`; a negative number stands for none, and its sign is left out.
  ///   - rest: See `rest`; bits beyond the 37th are left out.
  public init(head: Int64, rest: Int64) {
    let head = UInt64(bitPattern: head) & 0x7FFF_FFFF_FFFF_FFFF
    high = head >> 13
    low = (head & 0x1FFF) << 37 | UInt64(bitPattern: rest) & 0x1F_FFFF_FFFF
  }

  /// The first 63 bits: a number that orders ids as their digests are ordered.
  public var head: Int64 { Int64(high << 13 | low >> 37) }

  /// The last 37 bits.
  public var rest: Int64 { Int64(low & 0x1F_FFFF_FFFF) }

  /// The 100 bits as 13 bytes, of which the last 4 bits are zero.
  ///
  /// - Parameter bytes: Where they are added.
  public func appendDigest(to bytes: inout [UInt8]) {
    let first = high << 14 | low >> 36
    let second = (low & 0xF_FFFF_FFFF) << 4
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: first >> shift))
    }
    for shift in stride(from: UInt64(32), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: second >> shift))
    }
  }

  /// Adds the 20 characters to some text.
  @inlinable public func appendText(to bytes: inout [UInt8]) {
    var word = high
    for half in 0..<2 {
      for shift in stride(from: UInt64(45), through: 0, by: -5) {
        let value = UInt8(truncatingIfNeeded: word >> shift & 31)
        // `a` to `z`, then `2` to `7`.
        bytes.append(value < 26 ? value + 0x61 : value + 0x18)
      }
      if half == 0 { word = low }
    }
  }

  /// The ids whose written form begins with some text, as the first and the last of them.
  ///
  /// - Parameter prefix: Up to 20 characters of lower-case base32.
  /// - Returns: Nil when it is none.
  public static func range(ofPrefix prefix: String) -> ClosedRange<HashID>? {
    let count = prefix.utf8.count
    guard count <= length,
      let first = HashID(prefix + String(repeating: "a", count: length - count)),
      let last = HashID(prefix + String(repeating: "7", count: length - count))
    else { return nil }
    return first...last
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
    appendText(to: &bytes)
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
