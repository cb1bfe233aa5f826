import FeedModel

extension Author {
  /// Reads a person as RSS writes one: an address, a name, or both in some order.
  ///
  /// RSS 2.0 `<author>` asks for `address (name)` (RFC 822 §6); `name <address>` and
  /// `name (address)` are as common. nil when there is nothing.
  init?(person text: String) {
    let text = collapsed(text)
    guard !text.isEmpty else { return nil }
    let words = Array(text.utf8).split(separator: 0x20)
    guard text.holds("@"),
      let address = words.lazy.compactMap({ Self.address($0) }).first
    else {
      self.init(name: text)
      return
    }
    var name: ArraySlice<UInt8> = []
    for word in words where Self.address(word) != address {
      if !name.isEmpty { name.append(0x20) }
      name.append(contentsOf: word)
    }
    name.trim(front: "<[,;: ", back: ">],; ")
    // The parentheses around the name, and those that lost their other half with the address.
    let (open, close) = (UInt8(ascii: "("), UInt8(ascii: ")"))
    if name.first == open, name.last == close || !name.contains(close) {
      name.removeFirst()
      if name.last == close { name.removeLast() }
    } else if name.last == close, !name.contains(open) {
      name.removeLast()
    }
    let quote = UInt8(ascii: "\"")
    if name.count > 1, name.first == quote, name.last == quote {
      name = name.dropFirst().dropLast()
    }
    let mailbox = String(validUTF8: Array(address))
    self.init(
      name: name.isEmpty ? mailbox : String(validUTF8: Array(name)),
      url: "mailto:" + mailbox
    )
  }

  /// The address in a word, brackets and `mailto:` taken off; nil when there is none.
  private static func address(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard word.contains(UInt8(ascii: "@")) else { return nil }
    var text = word
    text.trim(front: "(<[\"", back: ")>],;\"")
    let scheme = "mailto:".utf8
    if text.count > scheme.count, zip(text, scheme).allSatisfy({ $0 == $1 || $0 | 0x20 == $1 }) {
      text = text.dropFirst(scheme.count)
    }
    guard let at = text.firstIndex(of: UInt8(ascii: "@")), at > text.startIndex,
      text[(at + 1)...].contains(UInt8(ascii: ".")),
      !text[(at + 1)...].contains(UInt8(ascii: "@")),
      !text.contains(where: { Bytes.isOne($0, of: "()<>/:") })
    else { return nil }
    return text
  }
}

extension ArraySlice<UInt8> {
  /// Takes characters off both ends.
  fileprivate mutating func trim(front: StaticString, back: StaticString) {
    while let first, Bytes.isOne(first, of: front) { removeFirst() }
    while let last, Bytes.isOne(last, of: back) { removeLast() }
  }
}
