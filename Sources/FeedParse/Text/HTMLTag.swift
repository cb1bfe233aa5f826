/// A tag of HTML as it stands in a text.
struct HTMLTag {
  /// In lower case.
  let name: String
  /// `</name>`.
  let isEnd: Bool
  /// Behind its `>`.
  let end: Int
}

/// Finds the tags of one text, in order, in time linear in its length.
///
/// A tag whose quotes never close would make every further one be searched to the end of the text.
/// So after the first of that kind quotes count no longer, after the first without any `>` there
/// are no more tags, and what opens within a tag ends where that ends.
struct HTMLTags {
  private var quotesCount = true
  /// There is no `>` from here on.
  private var isOver = false
  /// The `>` that was found last, and from where on it is the next one.
  private var lastClose = 0..<0
  /// Elements without an end tag from here on.
  private var endless: Set<String> = []

  /// Reads the tag at a `<`; nil when there is none (HTML §13.2.5.6).
  mutating func tag(_ bytes: Span<UInt8>, at start: Int) -> HTMLTag? {
    guard !isOver, start + 1 < bytes.count else { return nil }
    let isEnd = bytes[start + 1] == UInt8(ascii: "/")
    let first = isEnd ? start + 2 : start + 1
    guard first < bytes.count, Bytes.isLetter(bytes[first]) else { return nil }
    var letters: [UInt8] = []
    var index = first
    while index < bytes.count, letters.count <= 64, !Self.endsName(bytes[index]) {
      let byte = bytes[index]
      letters.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
      index += 1
    }
    guard let close = close(bytes, from: index) else { return nil }
    // A long name may be cut within a character.
    let name = String(decoding: letters, as: UTF8.self)
    return HTMLTag(name: name, isEnd: isEnd, end: close + 1)
  }

  /// Where a declaration or an instruction ends; nil when it does not (HTML §13.2.5.41).
  mutating func endOfDeclaration(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    guard !isOver else { return nil }
    let close = Bytes.find(UInt8(ascii: ">"), in: bytes, start..<bytes.count)
    isOver = close == bytes.count
    return isOver ? nil : close + 1
  }

  /// Where an element ends whose content is not shown; where it begins, when it never ends.
  mutating func endOfElement(_ name: String, _ bytes: Span<UInt8>, from start: Int) -> Int {
    guard !endless.contains(name) else { return start }
    let length = name.utf8.count
    var index = start
    while let end = Bytes.find("</", in: bytes, index..<bytes.count) {
      let behind = end + 2 + length
      index = end + 2
      guard behind < bytes.count, Self.endsName(bytes[behind]),
        name.utf8.enumerated().allSatisfy({ bytes[index + $0.offset] | 0x20 == $0.element | 0x20 })
      else { continue }
      let close = Bytes.find(UInt8(ascii: ">"), in: bytes, behind..<bytes.count)
      if close < bytes.count { return close + 1 }
      break
    }
    endless.insert(name)
    return start
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    Bytes.isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
  }

  private mutating func close(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    if lastClose.contains(start) { return lastClose.upperBound - 1 }
    if quotesCount {
      if let close = quotedClose(bytes, from: start) {
        lastClose = start..<close + 1
        return close
      }
      quotesCount = false
    }
    let close = Bytes.find(UInt8(ascii: ">"), in: bytes, start..<bytes.count)
    isOver = close == bytes.count
    guard !isOver else { return nil }
    lastClose = start..<close + 1
    return close
  }

  /// Where the `>` of a tag is, quoted ones passed over; nil when there is none.
  private func quotedClose(_ bytes: Span<UInt8>, from start: Int) -> Int? {
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
