/// An address of the internet, version 4 or 6.
enum IPAddress: Hashable, Sendable {
  /// The 32 bits of a version 4 address, most significant first.
  case v4(UInt32)
  /// The 128 bits of a version 6 address in two halves.
  case v6(UInt64, UInt64)

  /// Takes 4 or 16 bytes in network order; nil for any other count.
  init?(bytes: some Collection<UInt8>) {
    func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
      bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
    switch bytes.count {
    case 4: self = .v4(UInt32(number(bytes)))
    case 16: self = .v6(number(bytes.prefix(8)), number(bytes.dropFirst(8)))
    default: return nil
    }
  }

  /// The bytes in network order.
  var bytes: [UInt8] {
    switch self {
    case .v4(let bits): (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(24 - 8 * $0)) }
    case .v6(let high, let low):
      [high, low]
        .flatMap { half in
          (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) }
        }
    }
  }

  /// The address that packets to this one are in the end meant for.
  ///
  /// Unwraps IPv4-mapped (RFC 4291 §2.5.5.2), NAT64 (RFC 6052 §2.1) and 6to4 (RFC 3056 §2).
  var unwrapped: IPAddress {
    guard case .v6(let high, let low) = self else { return self }
    if high == 0, low >> 32 == 0xFFFF { return .v4(UInt32(truncatingIfNeeded: low)) }
    if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return .v4(UInt32(low)) }
    if high >> 48 == 0x2002 { return .v4(UInt32(truncatingIfNeeded: high >> 16)) }
    return self
  }

  /// The address is not one of the public internet.
  ///
  /// By the special-purpose registries (RFC 6890), multicast and the reserved blocks included.
  var isPrivate: Bool {
    switch unwrapped {
    case .v4(let bits):
      Self.privateV4.contains { prefix, length in (bits ^ prefix) >> (32 - length) == 0 }
    case .v6(let high, let low):
      high == 0 && low <= 1
        || Self.privateV6.contains { prefix, length in (high ^ prefix) >> (64 - length) == 0 }
    }
  }

  private static let privateV4: [(prefix: UInt32, length: UInt32)] = [
    (0x0000_0000, 8),  // 0/8, this network
    (0x0A00_0000, 8),  // 10/8
    (0x6440_0000, 10),  // 100.64/10, shared by carriers
    (0x7F00_0000, 8),  // 127/8, loopback
    (0xA9FE_0000, 16),  // 169.254/16, link-local and cloud metadata
    (0xAC10_0000, 12),  // 172.16/12
    (0xC000_0000, 24),  // 192.0.0/24, protocol assignments
    (0xC000_0200, 24),  // 192.0.2/24, documentation
    (0xC058_6300, 24),  // 192.88.99/24, 6to4 relays
    (0xC0A8_0000, 16),  // 192.168/16
    (0xC612_0000, 15),  // 198.18/15, benchmarks
    (0xC633_6400, 24),  // 198.51.100/24, documentation
    (0xCB00_7100, 24),  // 203.0.113/24, documentation
    (0xE000_0000, 4),  // 224/4, multicast
    (0xF000_0000, 4),  // 240/4, reserved and broadcast
  ]

  /// Prefixes of at most 64 bits, so that the upper half decides; `::` and `::1` stand above.
  private static let privateV6: [(prefix: UInt64, length: UInt64)] = [
    (0x0064_FF9B_0001_0000, 48),  // 64:ff9b:1::/48, local NAT64
    (0x0100_0000_0000_0000, 64),  // 100::/64, discard
    (0x2001_0DB8_0000_0000, 32),  // 2001:db8::/32, documentation
    (0xFC00_0000_0000_0000, 7),  // fc00::/7, unique local
    (0xFE80_0000_0000_0000, 10),  // fe80::/10, link-local
    (0xFEC0_0000_0000_0000, 10),  // fec0::/10, site-local
    (0xFF00_0000_0000_0000, 8),  // ff00::/8, multicast
  ]
}
