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
      let isComment =
        bytes[index + 1] == UInt8(ascii: "!") && Bytes.hasPrefix("<!--", in: bytes, at: index)
      index =
        isComment ? Bytes.find("-->", in: bytes, index..<bytes.count) ?? bytes.count : index + 2
      continue
    }
    var attribute = HTMLAttribute(bytes, from: index + 1)
    if !attribute.mayHoldURL(bytes), let end = attribute.endOfPlainTag(bytes) {
      index = end
      continue
    }
    while attribute.next(bytes) {
      if attribute.isHandler(bytes) {
        replace(attribute.whole, with: [])
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
    index = attribute.index
  }
  guard copied > 0 else { return nil }
  output.append(bytes, copied..<bytes.count)
  return output
}

/// The absolute form of one value, escaped for any quotes; nil when it stays as it is.
private func resolve(
  _ value: [UInt8],
  _ base: WebURL,
  _ resolver: inout ReferenceResolver
) -> [UInt8]? {
  let reference = Array(value.trimmed)
  guard !reference.isEmpty, !hasScheme(reference.span, 0..<reference.count) else { return nil }
  let text = String(validUTF8: reference).replacingAmpersandReferences()
  // A URL that cannot be read stays as it was written.
  guard let url = resolver.text(text, against: base) else { return nil }
  let needsEscape = url.holds("&") || url.holds("'")
  guard needsEscape else { return Array(url.utf8) }
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
  private let element: Int

  /// Starts at the name of a tag.
  init(_ bytes: Span<UInt8>, from start: Int) {
    index = start
    element = start
    while index < bytes.count, !Bytes.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") {
      index += 1
    }
  }

  /// False for tags without attributes, and for the elements that make up most of a text and hold
  /// no URL.
  @inline(__always)
  func mayHoldURL(_ bytes: Span<UInt8>) -> Bool {
    guard index < bytes.count, bytes[index] != UInt8(ascii: ">") else { return false }
    guard index - element <= 4 else { return true }
    var letters: UInt32 = 0
    for place in element..<index { letters = letters << 8 | UInt32(bytes[place] | 0x20) }
    switch letters {
    // `p`, `li`, `div`, `pre`, `span`, `code`.
    case 0x70, 0x6C69, 0x64_6976, 0x70_7265, 0x7370_616E, 0x636F_6465: return false
    default: return true
    }
  }

  /// Passes over all attributes; nil when one may be a handler.
  ///
  /// - Returns: At the `>` of the tag; the end of the text when a value never ends.
  func endOfPlainTag(_ bytes: Span<UInt8>) -> Int? {
    var index = index
    // Nearly all that such an element has is a class: a page of code has a thousand of them.
    if Bytes.isWord(" class=\"", in: bytes, at: index) {
      index = Bytes.find(UInt8(ascii: "\""), in: bytes, index + 8..<bytes.count) + 1
    }
    while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
      let byte = bytes[index]
      index += 1
      if byte | 0x20 == UInt8(ascii: "o"), Self.startsHandler(bytes, at: index - 1) { return nil }
      guard byte == UInt8(ascii: "=") else { continue }
      while index < bytes.count, Bytes.isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count, Bytes.isOne(bytes[index], of: "\"'") else { continue }
      index = Bytes.find(bytes[index], in: bytes, index + 1..<bytes.count) + 1
    }
    return min(index, bytes.count)
  }

  /// The attribute is an event handler.
  func isHandler(_ bytes: Span<UInt8>) -> Bool {
    name.count > 2 && Self.startsHandler(bytes, at: name.lowerBound)
  }

  /// `on` and a letter.
  private static func startsHandler(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 2 < bytes.count && bytes[index] | 0x20 == UInt8(ascii: "o")
      && bytes[index + 1] | 0x20 == UInt8(ascii: "n") && Bytes.isLetter(bytes[index + 2])
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
      index = min(end + 1, bytes.count)
    } else {
      let first = index
      while index < bytes.count, !Bytes.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") {
        index += 1
      }
      value = first..<index
    }
    return true
  }

  /// Whether the attribute holds a URL or several; nil for any other.
  func kind(_ bytes: Span<UInt8>) -> Kind? {
    switch name.count {
    case 3: return isNamed("src", bytes) ? .url : nil
    case 4:
      return isNamed("href", bytes) || isNamed("cite", bytes) || isNamed("data", bytes)
        ? .url : nil
    case 6:
      if isNamed("srcset", bytes) { return .urlSet }
      return isNamed("poster", bytes) || isNamed("action", bytes) ? .url : nil
    case 8: return isNamed("longdesc", bytes) ? .url : nil
    case 10: return isNamed("background", bytes) ? .url : nil
    case 11: return isNamed("imagesrcset", bytes) ? .urlSet : nil
    default: return nil
    }
  }

  private func isNamed(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
    Bytes.hasPrefix(word, in: bytes, at: name.lowerBound)
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    Bytes.isSpace(byte) || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">")
      || byte == UInt8(ascii: "/")
  }
}
