/// A hash that is the same on every machine and in every run: FNV-1a with 64 bits.
///
/// It tells texts apart, and is no protection against somebody who looks for a collision. Frozen,
/// since fingerprints go into keys.
public struct FNV1a: Hashable, Sendable {
  /// The hash of what was added.
  public var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing.
  @inlinable public init() {}

  /// The hash of some bytes.
  @inlinable public init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(UInt64(byte)) }
  }

  /// Adds a byte, or a number where those are hashed and no bytes.
  @inlinable public mutating func add(_ number: UInt64) {
    value = (value ^ number) &* 0x100_0000_01B3
  }
}
