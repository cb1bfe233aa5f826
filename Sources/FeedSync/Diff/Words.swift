/// Takes a text apart into what a person would call words.
///
/// White space parts words. In languages that write none between them (Chinese, Japanese, Thai,
/// Lao, Khmer, Burmese) each character is one.
///
/// - Parameter text: Plain text.
/// - Returns: The words, without white space.
public func words(of text: String) -> [String] {
  text.split { $0.isWhitespace }.flatMap(parted)
}

/// Puts words together to a line: with a space between them, but not beside a character that is a
/// word of its own.
public func line(of words: [String]) -> String {
  var text = ""
  for word in words {
    if let last = text.last, let first = word.first, !(last.isWord && first.isWord) { text += " " }
    text += word
  }
  return text
}

private func parted(_ word: Substring) -> [String] {
  // Most words hold none.
  if word.utf8.allSatisfy({ $0 < 0xE0 }) { return [String(word)] }
  var words: [String] = []
  var isOpen = false
  for character in word {
    if character.isWord {
      words.append(String(character))
      isOpen = false
    } else if isOpen {
      words[words.count - 1].append(character)
    } else {
      words.append(String(character))
      isOpen = true
    }
  }
  return words
}

extension Character {
  /// It is written without spaces beside it: a word, or the sign that ends a sentence.
  fileprivate var isWord: Bool {
    guard let scalar = unicodeScalars.first else { return false }
    return switch scalar.value {
    // Thai, Lao; Burmese; Khmer.
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true
    // Signs of Chinese and Japanese, kana, bopomofo, ideographs of all planes, full-width forms.
    case 0x3000...0x312F, 0x31A0...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFF60,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
