/// A tag of HTML as it stands in a text.
struct HTMLTag {
  /// In lower case.
  var name: String
  /// `</name>`.
  var isEnd: Bool
  /// Where its attributes are.
  var attributes: Range<Int>
  /// Behind its `>`.
  var end: Int

  /// Reads the tag at a `<`; nil when there is none (HTML §13.2.5.6).
  init?(_ bytes: Span<UInt8>, at start: Int) {
    var index = start + 1
    guard index < bytes.count else { return nil }
    isEnd = bytes[index] == UInt8(ascii: "/")
    if isEnd { index += 1 }
    guard index < bytes.count, Bytes.isLetter(bytes[index]) else { return nil }
    var letters: [UInt8] = []
    while index < bytes.count, letters.count <= 64, !Bytes.isSpace(bytes[index]),
      bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/")
    {
      let byte = bytes[index]
      letters.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
      index += 1
    }
    name = String(decoding: letters, as: UTF8.self)
    let first = index
    guard let close = Self.end(bytes, from: index) else { return nil }
    attributes = first..<close
    end = close + 1
  }

  /// Where the `>` of a tag is, quoted ones passed over; nil when there is none.
  static func end(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ">"): return index
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        // Only behind an equals sign does a quote open a value.
        var before = index - 1
        while before > start, Bytes.isSpace(bytes[before]) { before -= 1 }
        if before >= start, bytes[before] == UInt8(ascii: "=") {
          index = Bytes.find(bytes[index], in: bytes, index + 1..<bytes.count)
        }
      default: break
      }
      index += 1
    }
    return nil
  }
}
