/// Goes through the attributes of one tag (HTML §13.2.5.32 and following).
struct HTMLAttribute {
  /// What the value of an attribute is.
  enum Kind {
    case url
    case urlSet
  }

  /// Where reading goes on.
  private(set) var index: Int
  private(set) var name = 0..<0
  /// Without its quotes.
  private(set) var value = 0..<0
  /// With the space before the name and the quotes around the value.
  private(set) var whole = 0..<0
  /// There is an equals sign, and a value that ends.
  private var hasValue = false
  /// The name of the element.
  private let element: Range<Int>

  /// Starts at the name of a tag.
  init(_ bytes: Span<UInt8>, from start: Int) {
    index = start
    while index < bytes.count, !Bytes.isSpace(bytes[index]),
      bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/")
    {
      index += 1
    }
    element = start..<index
  }

  /// Behind a tag without attributes, or with a class and nothing else; nil for any other.
  ///
  /// A page of code has thousands of the second kind.
  func endOfPlainTag(_ bytes: Span<UInt8>) -> Int? {
    guard !isRawText(bytes) else { return nil }
    if index < bytes.count, bytes[index] == UInt8(ascii: ">") { return index + 1 }
    guard Bytes.isWord(" class=\"", in: bytes, at: index) else { return nil }
    let end = Bytes.find(UInt8(ascii: "\""), in: bytes, index + 8..<bytes.count) + 1
    return end < bytes.count && bytes[end] == UInt8(ascii: ">") ? end + 1 : nil
  }

  /// Where reading goes on behind the tag: at the end tag, if what the element holds is raw text
  /// (HTML §13.1.2); at the end of the text, if that is missing.
  func endOfRawText(_ bytes: Span<UInt8>) -> Int {
    guard isRawText(bytes) else { return index }
    var index = index
    while let end = Bytes.find("</", in: bytes, index..<bytes.count) {
      index = end + 2
      guard index + element.count <= bytes.count else { break }
      let isSame = element.allSatisfy {
        bytes[$0] | 0x20 == bytes[index + $0 - element.lowerBound] | 0x20
      }
      if isSame { return end }
    }
    return bytes.count
  }

  /// What is in the element is no markup.
  private func isRawText(_ bytes: Span<UInt8>) -> Bool {
    switch element.count {
    case 3: isElement("xmp", bytes)
    case 5: isElement("style", bytes) || isElement("title", bytes)
    case 6: isElement("script", bytes) || isElement("iframe", bytes)
    case 7: isElement("noembed", bytes)
    case 8: isElement("textarea", bytes) || isElement("noframes", bytes)
    default: false
    }
  }

  private func isElement(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
    element.count == word.utf8CodeUnitCount
      && Bytes.hasPrefix(word, in: bytes, at: element.lowerBound)
  }

  /// The attribute is an event handler: `on` and letters, but for words that are none.
  func isHandler(_ bytes: Span<UInt8>) -> Bool {
    guard hasValue, name.count > 3, bytes[name.lowerBound] | 0x20 == UInt8(ascii: "o"),
      bytes[name.lowerBound + 1] | 0x20 == UInt8(ascii: "n")
    else { return false }
    for place in name where !Bytes.isLetter(bytes[place]) { return false }
    return
      !(isNamed("once", bytes) || isNamed("only", bytes) || isNamed("online", bytes)
      || isNamed("ontology", bytes))
  }

  /// What follows would become part of what stands before, without the attribute.
  func isFollowedAtOnce(_ bytes: Span<UInt8>) -> Bool {
    index < bytes.count && !Bytes.isSpace(bytes[index]) && bytes[index] != UInt8(ascii: ">")
      && bytes[index] != UInt8(ascii: "/")
  }

  /// Moves to the next attribute; false at the end of the tag.
  mutating func next(_ bytes: Span<UInt8>) -> Bool {
    let gap = index
    defer { whole = gap..<index }
    while index < bytes.count, Bytes.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") {
      index += 1
    }
    guard index < bytes.count, bytes[index] != UInt8(ascii: ">") else { return false }
    let start = index
    index += 1
    while index < bytes.count, !Self.endsName(bytes[index]) { index += 1 }
    name = start..<index
    value = index..<index
    hasValue = false
    var equals = index
    while equals < bytes.count, Bytes.isSpace(bytes[equals]) { equals += 1 }
    guard equals < bytes.count, bytes[equals] == UInt8(ascii: "=") else { return true }
    index = equals + 1
    while index < bytes.count, Bytes.isSpace(bytes[index]) { index += 1 }
    guard index < bytes.count else { return true }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let end = Bytes.find(quote, in: bytes, index + 1..<bytes.count)
      // A value that never ends is left alone, and so is all behind it.
      value = end < bytes.count ? index + 1..<end : end..<end
      hasValue = end < bytes.count
      index = min(end + 1, bytes.count)
    } else {
      let first = index
      while index < bytes.count, !Bytes.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") {
        index += 1
      }
      value = first..<index
      hasValue = true
    }
    return true
  }

  /// Whether the attribute holds a URL or several; nil for any other.
  func kind(_ bytes: Span<UInt8>) -> Kind? {
    switch name.count {
    case 3: return isNamed("src", bytes) ? .url : nil
    case 4:
      if isNamed("href", bytes) { return .url }
      if isNamed("data", bytes) { return isElement("object", bytes) ? .url : nil }
      return isNamed("cite", bytes) && isQuotation(bytes) ? .url : nil
    case 6:
      if isNamed("srcset", bytes) { return .urlSet }
      if isNamed("poster", bytes) { return .url }
      return isNamed("action", bytes) && isElement("form", bytes) ? .url : nil
    case 8: return isNamed("longdesc", bytes) ? .url : nil
    case 10: return isNamed("background", bytes) ? .url : nil
    case 11: return isNamed("imagesrcset", bytes) ? .urlSet : nil
    default: return nil
    }
  }

  /// The elements whose `cite` is an address (HTML §4.4.4, §4.5.7, §4.7.1).
  private func isQuotation(_ bytes: Span<UInt8>) -> Bool {
    isElement("blockquote", bytes) || isElement("q", bytes) || isElement("ins", bytes)
      || isElement("del", bytes)
  }

  private func isNamed(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
    name.count == word.utf8CodeUnitCount
      && Bytes.hasPrefix(word, in: bytes, at: name.lowerBound)
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    Bytes.isSpace(byte) || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">")
      || byte == UInt8(ascii: "/")
  }
}
