/// The formats of compression that are undone.
enum Compression: Hashable, Sendable {
  /// RFC 1952.
  case gzip
  /// RFC 1950; what `deflate` means.
  case zlib
  /// RFC 1951 without a wrapper; what some take `deflate` for.
  case rawDeflate
  /// RFC 7932.
  case brotli
  /// RFC 8878.
  case zstd

  /// Recognises a format by its first bytes; nil when they are no mark.
  init?(markOf bytes: ArraySlice<UInt8>) {
    let start = Array(bytes.prefix(4))
    if start.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if start == [0x28, 0xB5, 0x2F, 0xFD]
      || start.count == 4 && start[0] & 0xF0 == 0x50 && start[1...] == [0x2A, 0x4D, 0x18]
    {
      // A frame, or one that is to be skipped (RFC 8878 §3.1.2).
      self = .zstd
    } else if start.count > 1, start[0] == 0x78, (0x7800 + Int(start[1])) % 31 == 0,
      start[1] & 0x20 == 0
    {
      // RFC 1950 §2.2 with the largest window, the only one in use.
      self = .zlib
    } else {
      return nil
    }
  }

  /// Reads one content coding (RFC 9110 §8.4.1); nil for what is none that is undone.
  ///
  /// `deflate` gives `rawDeflate`: the other kind shows itself by its mark.
  init?(label: some StringProtocol) {
    switch label.lowercased().filter({ !$0.isWhitespace }) {
    case "gzip", "x-gzip": self = .gzip
    case "deflate": self = .rawDeflate
    case "br": self = .brotli
    case "zstd": self = .zstd
    default: return nil
    }
  }

  /// Several streams may stand one behind the other.
  var hasMembers: Bool { self == .gzip || self == .zstd }

  /// The codings of a `Content-Encoding` field in the order in which they were applied; what is
  /// none of them is left out.
  static func labelled(_ field: String?) -> [Compression] {
    field?.split(separator: ",").compactMap { Compression(label: $0) } ?? []
  }
}
