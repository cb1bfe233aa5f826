import Glibc

/// Converts bytes to UTF-8 with the C library.
///
/// What cannot be read becomes U+FFFD. The corresponding C functions are `iconv_open`, `iconv` and
/// `iconv_close`.
///
/// - Parameters:
///   - bytes: A text in the encoding.
///   - name: What iconv calls the encoding.
///   - byteMax: Beyond this nothing more is converted; the result is then longer than this.
/// - Returns: The text and whether all of it could be read; nil when iconv does not know the name.
func convertToUTF8(
  _ bytes: ArraySlice<UInt8>,
  from name: String,
  byteMax: Int
) -> (text: [UInt8], isClean: Bool)? {
  let converter = unsafe iconv_open("UTF-8", name)
  // iconv_open says "no" with the pointer -1.
  guard Int(bitPattern: converter) != -1 else { return nil }
  defer { unsafe iconv_close(converter) }
  var text: [UInt8] = []
  var isClean = true
  var block = [CChar](repeating: 0, count: 1 << 16)
  // Growing would hold the text twice; what is reserved and not used costs nothing.
  text.reserveCapacity(min(2 * bytes.count, byteMax) + block.count)
  unsafe bytes.withUnsafeBytes { source in
    // iconv asks for a pointer that it may write through, and does not.
    let start = unsafe UnsafeMutableRawPointer(mutating: source.baseAddress)
    var input = unsafe start?.assumingMemoryBound(to: CChar.self)
    var inputLeft = source.count
    while inputLeft > 0, text.count <= byteMax {
      let failure: Int32 = unsafe block.withUnsafeMutableBufferPointer { block in
        var output = block.baseAddress
        var outputLeft = block.count
        let result = unsafe iconv(converter, &input, &inputLeft, &output, &outputLeft)
        // Read before anything else can change it.
        let code = result == -1 ? errno : 0
        unsafe text.append(
          contentsOf: UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(block)[
              ..<(block.count - outputLeft)
            ]
          )
        )
        return code
      }
      // E2BIG only means that the block was full.
      guard failure == EILSEQ || failure == EINVAL, inputLeft > 0 else { continue }
      isClean = false
      text.append(contentsOf: [0xEF, 0xBF, 0xBD])
      unsafe input = input.map { unsafe $0 + 1 }
      inputLeft -= 1
    }
  }
  return (text, isClean)
}
