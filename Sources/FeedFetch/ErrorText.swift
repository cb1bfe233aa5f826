/// What a person can read in the body of an error response.
///
/// Markup and control characters are dropped, white space is folded, and 500 characters are kept.
/// A page's title counts only where the page says nothing else, as most repeat it.
///
/// - Parameter body: Decoded bytes, taken for UTF-8; HTML or plain text.
/// - Returns: Nil when nothing is left.
func readableText(_ body: some Collection<UInt8>) -> String? {
  // An error page may be long; nothing after this would be shown.
  let source = Array(body.prefix(65_536))
  return readableText(source, without: ["script", "style", "title"])
    ?? readableText(source, without: ["script", "style"])
}

private func readableText(_ source: [UInt8], without elements: [String]) -> String? {
  var text: [UInt8] = []
  var index = 0
  while index < source.count, text.count < 8192 {
    let byte = source[index]
    if byte == UInt8(ascii: "<"), let end = markupEnd(source, at: index, elements) {
      index = end
      text.append(0x20)
    } else if byte == UInt8(ascii: "&"), let (scalar, end) = characterReference(source, at: index) {
      text.append(contentsOf: String(scalar).utf8)
      index = end
    } else {
      text.append(byte)
      index += 1
    }
  }
  var folded = ""
  var count = 0
  var needsSpace = false
  for character in String(decoding: text, as: UTF8.self) {
    if character.isWhitespace || character.unicodeScalars.allSatisfy(isInvisible) {
      needsSpace = true
      continue
    }
    if needsSpace, count > 0 {
      folded.append(" ")
      count += 1
    }
    needsSpace = false
    guard count < 500 else { break }
    folded.append(character)
    count += 1
  }
  return folded.isEmpty ? nil : folded
}

/// Controls, and the characters that only steer how others are shown.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
  default: false
  }
}

/// Where a tag, a comment or a whole element of these names ends; nil when `<` is text.
private func markupEnd(_ source: [UInt8], at start: Int, _ elements: [String]) -> Int? {
  guard start + 1 < source.count else { return nil }
  let next = source[start + 1]
  let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next | 0x20)
  guard isLetter || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") || next == 0x3F
  else { return nil }
  if starts(source, at: start, with: "<!--") {
    return find("-->", in: source, from: start + 4) ?? source.count
  }
  for element in elements where starts(source, at: start, with: "<\(element)") {
    let end = find("</\(element)", in: source, from: start + 1 + element.utf8.count) ?? source.count
    return find(">", in: source, from: end) ?? source.count
  }
  return find(">", in: source, from: start + 1) ?? source.count
}

/// A numeric reference or one of the five names of XML, and where it ends.
private func characterReference(_ source: [UInt8], at start: Int) -> (Unicode.Scalar, Int)? {
  let window = source[(start + 1)..<min(start + 10, source.count)]
  guard let semicolon = window.firstIndex(of: UInt8(ascii: ";")) else { return nil }
  let name = String(decoding: source[(start + 1)..<semicolon], as: UTF8.self).lowercased()
  let end = semicolon + 1
  switch name {
  case "amp": return ("&", end)
  case "lt": return ("<", end)
  case "gt": return (">", end)
  case "quot": return ("\"", end)
  case "apos": return ("'", end)
  case "nbsp": return (" ", end)
  default: break
  }
  let number =
    if name.hasPrefix("#x") { UInt32(name.dropFirst(2), radix: 16) } else if name.hasPrefix("#") {
      UInt32(name.dropFirst())
    } else { UInt32?.none }
  return number.flatMap(Unicode.Scalar.init).map { ($0, end) }
}

/// Compares without regard to the case of ASCII letters; `text` is in lower case.
private func starts(_ source: [UInt8], at start: Int, with text: String) -> Bool {
  source[start...]
    .starts(with: text.utf8) { byte, expected in
      byte == expected
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == expected
    }
}

/// The index after the next occurrence of a text.
private func find(_ text: String, in source: [UInt8], from start: Int) -> Int? {
  let length = text.utf8.count
  guard start <= source.count - length else { return nil }
  for index in start...(source.count - length) where starts(source, at: index, with: text) {
    return index + length
  }
  return nil
}
