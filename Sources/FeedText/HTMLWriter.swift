/// Writes HTML from the steps of a tree (HTML §13.3).
struct HTMLWriter {
  private var bytes: [UInt8] = []
  /// A parser drops one line feed here.
  private var isAtStartOfPre = false

  /// What was written.
  var html: String { String(decoding: bytes, as: UTF8.self) }

  mutating func open(_ tag: HTMLTag, _ attributes: [(name: String, value: String)]) {
    bytes.append(UInt8(ascii: "<"))
    bytes.append(contentsOf: tag.rawValue.utf8)
    for (name, value) in attributes {
      bytes.append(UInt8(ascii: " "))
      bytes.append(contentsOf: name.utf8)
      bytes.append(contentsOf: "=\"".utf8)
      escape(value)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: ">"))
    isAtStartOfPre = tag == .pre
  }

  mutating func close(_ tag: HTMLTag) {
    bytes.append(contentsOf: "</".utf8)
    bytes.append(contentsOf: tag.rawValue.utf8)
    bytes.append(UInt8(ascii: ">"))
    isAtStartOfPre = false
  }

  mutating func text(_ text: String) {
    guard !text.isEmpty else { return }
    if isAtStartOfPre, text.utf8.first == 0x0A { bytes.append(0x0A) }
    isAtStartOfPre = false
    escape(text)
  }

  /// Control characters are left out: a parser would change some of them, and nobody needs them.
  private mutating func escape(_ text: String) {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
      case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
      case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
      case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
      case 0x09, 0x0A: bytes.append(byte)
      case 0..<0x20, 0x7F: break
      case 0x80...0x9F where previous == 0xC2: bytes.removeLast()
      default: bytes.append(byte)
      }
      previous = byte
    }
  }
}
