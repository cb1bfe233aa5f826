import FeedModel

/// Makes a body of HTML stand for itself: relative URLs become absolute, event handlers go.
///
/// A handler (`onclick` and the like, HTML §8.1.8) is a program and no part of a text: nobody shows
/// it, and nobody should have to think of it who takes a body out of the store. All else, scripts
/// included, stays as it was published: what is shown of it is decided where it is shown.
///
/// - Parameters:
///   - html: HTML, well formed or not; all else in it stays as it is, to the byte.
///   - resolver: That of the document.
///   - base: What relative URLs are relative to; asked once, and only if there is one.
/// - Returns: The HTML; nil when there is nothing to change.
func standaloneHTML(
  _ html: [UInt8],
  with resolver: inout ReferenceResolver,
  against base: (inout ReferenceResolver) -> WebURL?
) -> [UInt8]? {
  let bytes = html.span
  var output: [UInt8] = []
  var found: WebURL??
  var copied = 0
  var index = 0
  func replace(_ range: Range<Int>, with text: [UInt8]) {
    if copied == 0 { output.reserveCapacity(html.count + html.count / 8) }
    output.append(html.span, copied..<range.lowerBound)
    output.append(contentsOf: text)
    copied = range.upperBound
  }
  while true {
    index = Bytes.find(UInt8(ascii: "<"), in: bytes, index..<bytes.count)
    guard index + 1 < bytes.count else { break }
    guard Bytes.isLetter(bytes[index + 1]) else {
      index = endOfComment(bytes, at: index) ?? index + 2
      continue
    }
    var attribute = HTMLAttribute(bytes, from: index + 1)
    if let end = attribute.endOfPlainTag(bytes) {
      index = end
      continue
    }
    while attribute.next(bytes) {
      if attribute.isHandler(bytes) {
        replace(attribute.whole, with: attribute.isFollowedAtOnce(bytes) ? [0x20] : [])
        continue
      }
      guard let kind = attribute.kind(bytes), !attribute.value.isEmpty,
        !hasScheme(bytes, attribute.value) || kind == .urlSet
      else { continue }
      if found == nil { found = .some(base(&resolver)) }
      guard case .some(.some(let found)) = found else { continue }
      var value: [UInt8] = []
      value.append(bytes, attribute.value)
      let resolved =
        kind == .url ? resolve(value, found, &resolver) : resolveSet(value, found, &resolver)
      if let resolved { replace(attribute.value, with: resolved) }
    }
    index = attribute.endOfRawText(bytes)
  }
  guard copied > 0 else { return nil }
  output.append(bytes, copied..<bytes.count)
  return output
}

/// Where a comment ends that begins at a place, as browsers see it (HTML §13.2.5.51 and .52); the end
/// of the text when it does not; nil when there is none.
func endOfComment(_ bytes: Span<UInt8>, at start: Int) -> Int? {
  guard start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "!"),
    Bytes.hasPrefix("<!--", in: bytes, at: start)
  else { return nil }
  var index = start + 4
  while true {
    index = Bytes.find(UInt8(ascii: ">"), in: bytes, index..<bytes.count)
    guard index < bytes.count else { return index }
    let isBang = bytes[index - 1] == UInt8(ascii: "!")
    let dashes = isBang ? index - 3 : index - 2
    if dashes >= start + 2, Bytes.hasPrefix("--", in: bytes, at: dashes) { return index + 1 }
    index += 1
  }
}

/// The absolute form of one value, escaped for any quotes; nil when it stays as it is.
private func resolve(
  _ value: [UInt8],
  _ base: WebURL,
  _ resolver: inout ReferenceResolver
) -> [UInt8]? {
  let text = withoutReferences(Array(value.trimmed))
  // A URL that cannot be read stays as it was written.
  guard !text.isEmpty, !hasScheme(text), let url = resolver.text(text, against: base) else {
    return nil
  }
  guard url.holds("&") || url.holds("'") else { return Array(url.utf8) }
  var escaped: [UInt8] = []
  for byte in url.utf8 {
    switch byte {
    case UInt8(ascii: "&"): escaped.append(contentsOf: "&amp;".utf8)
    case UInt8(ascii: "'"): escaped.append(contentsOf: "%27".utf8)
    default: escaped.append(byte)
    }
  }
  return escaped
}

/// A value with its references replaced: Markdown writes an address of mail with nothing else.
private func withoutReferences(_ value: [UInt8]) -> String {
  let bytes = value.span
  guard Bytes.find(UInt8(ascii: "&"), in: bytes, 0..<bytes.count) < bytes.count else {
    return String(validUTF8: bytes)
  }
  var text: [UInt8] = []
  var index = 0
  while index < bytes.count {
    let ampersand = Bytes.find(UInt8(ascii: "&"), in: bytes, index..<bytes.count)
    text.append(bytes, index..<ampersand)
    index = ampersand
    guard index < bytes.count else { break }
    let (scalar, end) = characterReference(bytes, at: index)
    text.append(contentsOf: String(Character(scalar ?? "&")).utf8)
    index = end
  }
  return String(validUTF8: text)
}

/// `srcset`: URLs, each with a width or a density, parted by commas (HTML §4.8.4.2.1).
private func resolveSet(
  _ value: [UInt8],
  _ base: WebURL,
  _ resolver: inout ReferenceResolver
) -> [UInt8]? {
  guard mayHoldRelative(value.span) else { return nil }
  var output: [UInt8] = []
  var isChanged = false
  var rest = value[...]
  while !rest.isEmpty {
    let gap = rest.prefix { Bytes.isSpace($0) || $0 == UInt8(ascii: ",") }
    output.append(contentsOf: gap)
    rest = rest.dropFirst(gap.count)
    var url = rest.prefix { !Bytes.isSpace($0) }
    // A comma belongs to the URL unless it is its last character.
    while url.last == UInt8(ascii: ",") { url = url.dropLast() }
    rest = rest.dropFirst(url.count)
    if let resolved = resolve(Array(url), base, &resolver) {
      output.append(contentsOf: resolved)
      isChanged = true
    } else {
      output.append(contentsOf: url)
    }
    let descriptor = rest.prefix { $0 != UInt8(ascii: ",") }
    output.append(contentsOf: descriptor)
    rest = rest.dropFirst(descriptor.count)
  }
  return isChanged ? output : nil
}

/// Whether a word at the start of a set, or behind one of its commas, has no scheme.
private func mayHoldRelative(_ value: Span<UInt8>) -> Bool {
  var index = 0
  while index < value.count {
    while index < value.count, Bytes.isSpace(value[index]) || value[index] == UInt8(ascii: ",") {
      index += 1
    }
    guard index < value.count else { return false }
    guard hasScheme(value, index..<value.count) else { return true }
    // A comma within a URL makes the rest of it look relative; that costs time alone.
    index = Bytes.find(UInt8(ascii: ","), in: value, index..<value.count)
  }
  return false
}

/// A URL with a scheme as it was written, unless there is something in it that no URL holds.
func absoluteURL(_ text: String) -> String {
  // What cannot be read as a URL stays as it is.
  isCleanURL(text.utf8.span) || text.utf8.count > Limit.urlBytes.value
    ? text : WebURL(text)?.text ?? text
}

private func isCleanURL(_ text: Span<UInt8>) -> Bool {
  for index in text.indices {
    let byte = text[index]
    guard byte > 0x20, byte < 0x7F, byte != 0x22, byte != 0x3C, byte != 0x3E else { return false }
  }
  return true
}

/// Whether a part of a text begins with a scheme (RFC 3986 §3.1), white space aside;
/// `javascript:` and `data:` included.
func hasScheme(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
  var index = range.lowerBound
  while index < range.upperBound, Bytes.isSpace(bytes[index]) { index += 1 }
  guard index < range.upperBound, Bytes.isLetter(bytes[index]) else { return false }
  while index < range.upperBound {
    let byte = bytes[index]
    if byte == UInt8(ascii: ":") { return true }
    guard Bytes.isInScheme(byte) else { return false }
    index += 1
  }
  return false
}

/// Whether a reference begins with a scheme.
func hasScheme(_ reference: String) -> Bool {
  let bytes = reference.utf8.span
  return hasScheme(bytes, 0..<bytes.count)
}

extension String {
  /// The text with `&amp;` as the character, as in the value of an attribute.
  func replacingAmpersandReferences() -> String {
    guard holds("&") else { return self }
    return split(separator: "&amp;", omittingEmptySubsequences: false).joined(separator: "&")
  }
}

/// Goes through the attributes of one tag (HTML §13.2.5.32 and following).
private struct HTMLAttribute {
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
