/// A text as it is indexed and asked for, where words are not parted by spaces.
///
/// Chinese, Japanese, Thai, Lao, Khmer and Burmese have no spaces between words, and Korean glues
/// particles to them: there each character is a word, and what is looked for is a phrase of them.
/// Points and accents that stand as characters of their own are left out, in Latin, Greek, Cyrillic,
/// Hebrew and Arabic.
///
/// - Parameter text: Any text.
/// - Returns: The same with spaces around such characters.
func parted(_ text: String) -> String {
  // Most texts have no character from U+0300 on, and nothing changes.
  guard text.utf8.contains(where: { $0 >= 0xCC && $0 != 0xE2 }) else { return text }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count * 3 / 2)
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case ..<0x300: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    case 0x300...0x36F, 0x591...0x5BD, 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7, 0x64B...0x652,
      0x670:
      continue
    case let value where isUnspaced(value):
      bytes.append(0x20)
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      bytes.append(0x20)
    default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// Characters of scripts that part no words.
private func isUnspaced(_ value: UInt32) -> Bool {
  switch value {
  // Thai and Lao; Burmese; Hangul letters; Khmer.
  case 0xE01...0xEFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF: true
  // Kana and Bopomofo; Han; Hangul.
  case 0x3005...0x3007, 0x3041...0x312F, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF: true
  case 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF: true
  default: false
  }
}
