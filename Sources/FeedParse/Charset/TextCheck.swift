/// What a look at all bytes of a document says about them.
struct TextCheck: Equatable {
  /// They are UTF-8 (Unicode §3.9, table 3-7: no overlong forms, no surrogates).
  var isUTF8 = true
  /// All are below 0x80.
  var isASCII = true
  /// There are characters that XML forbids (XML 1.0 §2.2).
  ///
  /// Controls, U+FFFE and U+FFFF; and the controls from U+0080 to U+009F, which it allows and
  /// nobody means. Only known to the first byte that is not UTF-8.
  var hasForbidden = false

  /// They may stand in a document as they are.
  var isPlainUTF8: Bool { isUTF8 && !hasForbidden }

  /// Looks at bytes from a place on.
  ///
  /// 64 bytes at a time while they are ASCII: most of a feed is.
  init(_ bytes: Span<UInt8>, from start: Int) {
    let end = bytes.count
    var index = start
    while index < end {
      while index + 64 <= end {
        let block = Block(bytes, at: index)
        guard block.isASCII else { break }
        if block.hasForbidden { hasForbidden = true }
        index += 64
      }
      let stop = min(index + 16, end)
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
        } else if byte == 0xC2, bytes[index + 1] < 0xA0 {
          hasForbidden = true
        }
        index += length
      }
    }
  }

  /// What 64 bytes of a document are.
  ///
  /// They are looked at as eight words, all in the same way and without a branch: the compiler makes
  /// wider words of that where the machine has them.
  private struct Block {
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private var highest: UInt64 = 0
    private var forbidden: UInt64 = 0

    /// Reads the bytes at a place, which must be there.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at index: Int) {
      precondition(index + 64 <= bytes.count)
      for place in 0..<8 {
        let word = unsafe bytes.bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: index &+ place &* 8,
          as: UInt64.self
        )
        highest |= word
        // Sums and differences of bytes below 0x80 reach no neighbour.
        let isPrintable = word &+ 0x6060_6060_6060_6060
        let isTab = Self.highBits &- (word ^ 0x0909_0909_0909_0909)
        let isFeed = Self.highBits &- (word ^ 0x0A0A_0A0A_0A0A_0A0A)
        let isReturn = Self.highBits &- (word ^ 0x0D0D_0D0D_0D0D_0D0D)
        forbidden |= ~(isPrintable | isTab | isFeed | isReturn)
      }
    }

    /// All are below 0x80.
    @inline(__always)
    var isASCII: Bool { highest & Self.highBits == 0 }

    /// One is a control that XML forbids; to be asked only when all are below 0x80.
    @inline(__always)
    var hasForbidden: Bool { forbidden & Self.highBits != 0 }
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
