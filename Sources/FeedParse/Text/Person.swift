import FeedModel

extension Author {
  /// Reads a person as RSS writes one: an address, a name, or both in some order.
  ///
  /// RSS 2.0 `<author>` asks for `address (name)` (RFC 822 §6); `name <address>` and
  /// `name (address)` are as common. nil when there is nothing.
  init?(person text: String) {
    let text = collapsed(text)
    guard !text.isEmpty else { return nil }
    guard text.utf8.contains(UInt8(ascii: "@")),
      let word = text.split(separator: " ").first(where: { Self.address($0) != nil }),
      let address = Self.address(word)
    else {
      self.init(name: text)
      return
    }
    let rest = text.split(separator: " ").filter { Self.address($0) != address }
      .joined(separator: " ")
    var name = rest[...]
    while let first = name.first, "<[,;:".contains(first) || first.isWhitespace {
      name = name.dropFirst()
    }
    while let last = name.last, ">],;".contains(last) || last.isWhitespace {
      name = name.dropLast()
    }
    // The parentheses around the name, and those that lost their other half with the address.
    if name.first == "(", name.last == ")" || !name.contains(")") {
      name = name.dropFirst()
      if name.last == ")" { name = name.dropLast() }
    } else if name.last == ")", !name.contains("(") {
      name = name.dropLast()
    }
    if name.hasPrefix("\""), name.hasSuffix("\""), name.count > 1 {
      name = name.dropFirst().dropLast()
    }
    self.init(name: name.isEmpty ? address : String(name), url: "mailto:" + address)
  }

  /// The address in a word, brackets and `mailto:` taken off; nil when there is none.
  private static func address(_ word: Substring) -> String? {
    var text = word.drop { "(<[\"".contains($0) }
    while let last = text.last, ")>],;\"".contains(last) { text = text.dropLast() }
    if text.lowercased().hasPrefix("mailto:") { text = text.dropFirst(7) }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."),
      !text.contains(where: { "()<>/:".contains($0) })
    else { return nil }
    return String(text)
  }
}
