/// What a look at all bytes of a document says about them.
struct TextCheck: Equatable {
  /// They are UTF-8 (Unicode §3.9, table 3-7: no overlong forms, no surrogates).
  var isUTF8 = true
  /// All are below 0x80.
  var isASCII = true
  /// There are characters that XML forbids (XML 1.0 §2.2).
  ///
  /// Controls, U+FFFE and U+FFFF. Only known to the first byte that is not UTF-8.
  var hasForbidden = false

  /// Looks at bytes from a place on.
  ///
  /// Eight bytes at a time while they are ASCII: most of a feed is.
  init(_ bytes: Span<UInt8>, from start: Int) {
    let end = bytes.count
    var index = start
    while index < end {
      // Four words at a time, since a test costs as much as a word.
      while index + 32 <= end {
        let words = (
          Self.word(bytes, index), Self.word(bytes, index + 8), Self.word(bytes, index + 16),
          Self.word(bytes, index + 24)
        )
        guard (words.0 | words.1 | words.2 | words.3) & Self.highBits == 0 else { break }
        if !Self.arePrintable(words.0, words.1, words.2, words.3) {
          hasForbidden =
            hasForbidden || Self.hasForbidden(words.0) || Self.hasForbidden(words.1)
            || Self.hasForbidden(words.2) || Self.hasForbidden(words.3)
        }
        index += 32
      }
      let stop = min(index + 8, end)
      while index < stop {
        let byte = bytes[index]
        if byte < 0x80 {
          if byte < 0x20, !Bytes.isSpace(byte) || byte == 0x0C { hasForbidden = true }
          index += 1
          continue
        }
        isASCII = false
        let length = Self.sequenceLength(bytes, at: index)
        guard length > 0 else {
          isUTF8 = false
          return
        }
        if length == 3, byte == 0xEF, bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE {
          hasForbidden = true
        }
        index += length
      }
    }
  }

  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Eight bytes of a document, within which they must be.
  @inline(__always)
  private static func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
  }

  /// Whether no byte of ASCII in four words is below 0x20.
  @inline(__always)
  private static func arePrintable(
    _ first: UInt64,
    _ second: UInt64,
    _ third: UInt64,
    _ fourth: UInt64
  ) -> Bool {
    let spaces: UInt64 = 0x6060_6060_6060_6060
    return (first &+ spaces) & (second &+ spaces) & (third &+ spaces) & (fourth &+ spaces)
      & highBits == highBits
  }

  /// Whether one of eight bytes of ASCII is a control that XML forbids.
  @inline(__always)
  private static func hasForbidden(_ word: UInt64) -> Bool {
    // Sums and differences of bytes below 0x80 reach no neighbour.
    let isPrintable = word &+ 0x6060_6060_6060_6060
    if isPrintable & highBits == highBits { return false }
    let isTab = highBits &- (word ^ 0x0909_0909_0909_0909)
    let isFeed = highBits &- (word ^ 0x0A0A_0A0A_0A0A_0A0A)
    let isReturn = highBits &- (word ^ 0x0D0D_0D0D_0D0D_0D0D)
    return (isPrintable | isTab | isFeed | isReturn) & highBits != highBits
  }

  /// How long the UTF-8 sequence at a place is; 0 when there is none.
  @inline(__always)
  static func sequenceLength(_ bytes: Span<UInt8>, at index: Int) -> Int {
    func isContinuation(_ offset: Int) -> Bool {
      index + offset < bytes.count && bytes[index + offset] & 0xC0 == 0x80
    }
    let lead = bytes[index]
    guard index + 1 < bytes.count else { return lead < 0x80 ? 1 : 0 }
    let second = bytes[index + 1]
    switch lead {
    case 0..<0x80: return 1
    case 0xC2...0xDF: return isContinuation(1) ? 2 : 0
    case 0xE0: return second >= 0xA0 && second <= 0xBF && isContinuation(2) ? 3 : 0
    case 0xED: return second >= 0x80 && second <= 0x9F && isContinuation(2) ? 3 : 0
    case 0xE1...0xEF: return isContinuation(1) && isContinuation(2) ? 3 : 0
    case 0xF0:
      return second >= 0x90 && second <= 0xBF && isContinuation(2) && isContinuation(3) ? 4 : 0
    case 0xF4:
      return second >= 0x80 && second <= 0x8F && isContinuation(2) && isContinuation(3) ? 4 : 0
    case 0xF1...0xF3:
      return isContinuation(1) && isContinuation(2) && isContinuation(3) ? 4 : 0
    default: return 0
    }
  }
}
