/// Reads the head of a response as it comes, line by line.
///
/// Heads of interim responses (RFC 9110 §15.2) and trailers are left out: what counts is the final
/// response, and what a server says before the body.
struct ResponseHead {
  /// What is looked at.
  private(set) var fields = ResponseFields()
  private var status = 0
  private var isComplete = false
  /// The line before is a field that is kept, so that a folded line belongs to it.
  private var isInField = false

  /// Takes one line, with or without its end.
  ///
  /// A line that begins with white space goes on with the field before (RFC 9112 §5.2). A line
  /// that is no field is no error: libcurl has looked at it too.
  mutating func take(_ line: UnsafeRawBufferPointer) {
    guard !isComplete, let first = unsafe line.first else { return }
    switch first {
    case 0x0A, 0x0D:
      isComplete = status >= 200
      isInField = false
    case 0x20, 0x09:
      if isInField { fields.extendLast(unsafe HTTPText.text(line)) }
    case UInt8(ascii: "H") where unsafe line.starts(with: Self.version):
      self = ResponseHead()
      status = unsafe Self.status(line)
    default:
      isInField = false
      guard let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")),
        let name = unsafe ResponseFields.Name(UnsafeRawBufferPointer(rebasing: line[..<colon]))
      else { return }
      let value = unsafe UnsafeRawBufferPointer(rebasing: line[(colon + 1)...])
      fields.append(name, unsafe HTTPText.text(value))
      isInField = true
    }
  }

  private static let version = Array("HTTP/".utf8)

  private static func status(_ line: UnsafeRawBufferPointer) -> Int {
    guard let space = unsafe line.firstIndex(of: 0x20) else { return 0 }
    return unsafe line[(space + 1)...].prefix { (0x30...0x39).contains($0) }.prefix(3)
      .reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
