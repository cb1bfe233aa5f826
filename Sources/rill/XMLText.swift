/// Writes XML 1.0 text byte by byte.
///
/// Texts are escaped; what XML has no form for becomes U+FFFD, and controls that could steer a
/// terminal or turn the direction of text stand as references.
struct XMLText {
  /// The text so far, in UTF-8.
  private(set) var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
  private var depth = 0

  /// Writes a start tag, and whatever stands within it until it is closed.
  mutating func open(_ name: String, _ attributes: [(String, String?)] = []) {
    tag(name, attributes)
    bytes += ">\n".utf8
    depth += 1
  }

  /// Writes an end tag.
  mutating func close(_ name: String) {
    depth -= 1
    indent()
    bytes += "</\(name)>\n".utf8
  }

  /// Writes an element without content.
  mutating func empty(_ name: String, _ attributes: [(String, String?)]) {
    tag(name, attributes)
    bytes += "/>\n".utf8
  }

  /// Writes an element with a text, or nothing where there is none.
  mutating func element(
    _ name: String,
    _ text: String?,
    _ attributes: [(String, String?)] = []
  ) {
    guard let text else { return }
    tag(name, attributes)
    bytes.append(UInt8(ascii: ">"))
    write(text, isValue: false)
    bytes += "</\(name)>\n".utf8
  }

  /// Hands over what was written so far, and goes on.
  mutating func handOver(to take: ([UInt8]) -> Void) {
    take(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func indent() { bytes += [UInt8](repeating: 0x20, count: depth * 2) }

  private mutating func tag(_ name: String, _ attributes: [(String, String?)]) {
    indent()
    bytes += "<\(name)".utf8
    for case (let name, let value?) in attributes {
      bytes += " \(name)=\"".utf8
      write(value, isValue: true)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  private mutating func write(_ text: String, isValue: Bool) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": bytes += "&amp;".utf8
      case "<": bytes += "&lt;".utf8
      case ">": bytes += "&gt;".utf8
      case "\"" where isValue: bytes += "&quot;".utf8
      // A parser makes spaces of them in a value, and line feeds of carriage returns.
      case "\t" where isValue, "\n" where isValue, "\r": refer(to: scalar)
      case "\t", "\n": bytes.append(UInt8(scalar.value))
      default:
        switch scalar.value {
        case 0..<0x20, 0xFFFE, 0xFFFF: bytes += "\u{FFFD}".utf8
        case 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
          refer(to: scalar)
        default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
        }
      }
    }
  }

  private mutating func refer(to scalar: Unicode.Scalar) {
    bytes += "&#x\(String(scalar.value, radix: 16, uppercase: true));".utf8
  }
}
