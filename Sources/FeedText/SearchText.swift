/// Reduces HTML to words that can be looked for, as quickly as can be.
///
/// The order of words is that of `plainText(html:)`, the space between them is not. Bodies are read by
/// the hundred thousand, so no tree is made of them: tags go, what no reader shows goes, and frequent
/// references become their characters. A body with other references is read the slow way.
///
/// - Parameter html: A fragment.
/// - Returns: Words, parted by anything that is not a letter or a digit.
public func searchText(html: String) -> String {
  let bytes = Array(html.utf8)
  guard bytes.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
    return html
  }
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count)
  var index = 0
  while index < bytes.count {
    let byte = bytes[index]
    switch byte {
    case UInt8(ascii: "<"): index = afterMarkup(bytes, at: index, into: &text)
    case UInt8(ascii: "&"):
      guard let end = appendReference(bytes, at: index, to: &text) else {
        return plainText(html: html)
      }
      index = end
    default:
      text.append(byte)
      index += 1
    }
  }
  return String(decoding: text, as: UTF8.self)
}

/// Where to go on behind a tag or a comment; a tag that parts words leaves a space.
private func afterMarkup(_ bytes: [UInt8], at start: Int, into text: inout [UInt8]) -> Int {
  var name = start + 1
  guard name < bytes.count else { return name }
  if bytes[name] == UInt8(ascii: "!") {
    if bytes[name...].starts(with: "!--".utf8) {
      return after("-->", in: bytes, from: name + 3)
    }
    return after(">", in: bytes, from: name)
  }
  let isEnd = bytes[name] == UInt8(ascii: "/")
  if isEnd { name += 1 }
  guard name < bytes.count, bytes[name].isASCIILetter else {
    text.append(0x20)
    return start + 1
  }
  // A body that ends within a tag shows nothing of it.
  guard let tag = TagScan(bytes, at: name) else { return bytes.count }
  if !inline.contains(tag.name) { text.append(0x20) }
  if !isEnd, hidden.contains(tag.name) {
    return after("</" + tag.name, in: bytes, from: tag.end)
  }
  return tag.end
}

/// The first byte behind some text; the end where it does not stand.
private func after(_ text: String, in bytes: [UInt8], from start: Int) -> Int {
  let text = Array(text.utf8)
  var index = start
  while index + text.count <= bytes.count {
    if (0..<text.count).allSatisfy({ lower(bytes[index + $0]) == text[$0] }) {
      return index + text.count
    }
    index += 1
  }
  return bytes.count
}

/// Adds what a reference stands for; nil for one that is not known here.
private func appendReference(_ bytes: [UInt8], at start: Int, to text: inout [UInt8]) -> Int? {
  var end = start + 1
  while end < bytes.count, end - start < 12, bytes[end] != UInt8(ascii: ";") { end += 1 }
  let next = start + 1
  guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else {
    // An ampersand of its own, or a name without its end, which HTML knows as well.
    guard next < bytes.count, bytes[next].isASCIILetter || bytes[next] == UInt8(ascii: "#") else {
      text.append(0x20)
      return next
    }
    return nil
  }
  let name = String(decoding: bytes[next..<end], as: UTF8.self)
  if partingReferences.contains(name) {
    text.append(0x20)
    return end + 1
  }
  guard name.hasPrefix("#") else { return nil }
  let digits = name.dropFirst()
  let number =
    digits.first == "x" || digits.first == "X"
    ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
  // Numbers below 160 mean other characters than they say.
  guard let number, number < 0x80 || number >= 0xA0, let scalar = Unicode.Scalar(number) else {
    return nil
  }
  text.append(contentsOf: String(scalar).utf8)
  return end + 1
}

/// References to what is no letter.
private let partingReferences: Set<String> = [
  "amp", "lt", "gt", "quot", "apos", "nbsp", "rsquo", "lsquo", "rdquo", "ldquo", "hellip", "mdash",
  "ndash", "bull", "middot", "copy", "laquo", "raquo", "times", "euro", "reg", "trade", "deg",
]

/// Elements that stand within a word.
private let inline: Set<String> = [
  "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "mark", "s", "small", "span",
  "strong",
  "sub", "sup", "u", "wbr",
]

/// Elements of which nothing is shown.
private let hidden: Set<String> = ["script", "style", "template", "noscript"]

private func lower(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
