/// A text as it is put into a full text, so that its words are those of `WordScan`.
///
/// Chinese, Japanese, Thai, Lao, Khmer and Burmese have no spaces between words, and Korean glues
/// particles to them: there each character is a word, and what is looked for is a phrase of them.
/// Points and accents that stand as characters of their own are left out, in Latin, Greek, Cyrillic,
/// Hebrew and Arabic. What is no letter or digit parts words.
///
/// - Parameter text: Any text.
/// - Returns: The same with spaces around such characters.
public func parted(_ text: String) -> String {
  guard isChanged(text.utf8) else { return text }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count * 3 / 2)
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case let value where isDropped(value): continue
    case ..<0x300: append(scalar, to: &bytes)
    case let value where isUnspaced(value) && isWordScalar(scalar):
      bytes.append(0x20)
      append(scalar, to: &bytes)
      bytes.append(0x20)
    case let value where isWordScalar(scalar):
      append(Unicode.Scalar(foldedLetter(value)) ?? scalar, to: &bytes)
    default: bytes.append(0x20)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// Most texts have no character from U+0300 on but the quotes and dashes of U+2000 to U+203F, and no
/// soft hyphen, and nothing changes.
private func isChanged(_ text: String.UTF8View) -> Bool {
  var (lead, second): (UInt8, UInt8) = (0, 0)
  for byte in text {
    switch (lead, second) {
    case (0xC2, 0) where byte == 0xAD: return true
    case (0xE2, 0):
      guard byte == 0x80 else { return true }
      second = byte
      continue
    // Of no width, and marks of direction.
    case (0xE2, 0x80) where (0x8B...0x8F).contains(byte) || (0xAA...0xAE).contains(byte):
      return true
    default: break
    }
    if byte >= 0xCC, byte != 0xE2 { return true }
    (lead, second) = (byte, 0)
  }
  return false
}

private func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
  bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
}

/// Marks that say nothing of which word it is, and what nobody sees: soft hyphens, characters of no
/// width, marks of direction.
func isDropped(_ value: UInt32) -> Bool {
  switch value {
  case ..<0xAD: false
  case 0xAD, 0x61C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF,
    0xE0000...0xE007F:
    true
  case 0x300...0x36F, 0x591...0x5BD, 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7, 0x64B...0x652,
    0x670:
    true
  default: false
  }
}

/// Characters of scripts that part no words.
func isUnspaced(_ value: UInt32) -> Bool {
  switch value {
  case ..<0xE01: false
  // Thai and Lao; Burmese; Hangul letters; Khmer.
  case 0xE01...0xEFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF: true
  // Kana and Bopomofo; Han; Hangul.
  case 0x3005...0x3007, 0x3041...0x312F, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF: true
  case 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF: true
  default: false
  }
}

/// It is a part of a word: a letter, a digit, a mark.
func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
  case ..<0x80: return false
  case 0xC0...0x24F: return scalar.value != 0xD7 && scalar.value != 0xF7
  case 0x400...0x481, 0x4E00...0x9FFF: return true
  default: break
  }
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark,
    .privateUse:
    return true
  default: return false
  }
}
