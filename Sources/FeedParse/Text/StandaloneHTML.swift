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
