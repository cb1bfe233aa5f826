import FeedModel

/// A text as the pieces that are compared: words, numbers, and characters where no space parts words.
struct TextPieces {
  /// What a piece is.
  enum Kind: UInt8 {
    case word, number
    /// One character of Chinese, or of Japanese that is no kana.
    case ideograph
    /// One character of Japanese syllables.
    case kana
    /// One character of a script that writes no spaces and has many characters to a word, as Thai.
    case unspaced
  }

  /// One of them.
  struct Piece {
    /// Of its letters without case and accents.
    var hash: UInt64
    var kind: Kind
    /// How many letters or digits.
    var length: UInt16
    /// A word that begins with a capital letter, or is written with katakana.
    var isCapital = false
    /// The first of a sentence, where a capital letter says nothing.
    var startsSentence = false
  }

  /// In their order.
  private(set) var pieces: [Piece] = []

  private var hash = FNV1a()
  private var length: UInt16 = 0
  private var kind = Kind.word
  private var isCapital = false
  private var startsSentence = true
  /// A full stop or comma behind a digit, which belongs to the number when a digit follows.
  private var isAfterPoint = false

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: Plain text.
  ///   - bytesMax: How much of it is read.
  init(_ text: String, bytesMax: Int = 48 << 10) {
    pieces.reserveCapacity(min(text.utf8.count, bytesMax) / 5)
    var bytes = 0
    for scalar in text.unicodeScalars {
      bytes += scalar.value < 0x80 ? 1 : scalar.value < 0x800 ? 2 : 3
      if bytes > bytesMax { break }
      take(scalar.value)
    }
    finish()
  }

  private mutating func take(_ scalar: UInt32) {
    guard let letter = foldedLetter(scalar) else { return }
    switch letter {
    case 0x61...0x7A: addLetter(letter, isCapital: letter != scalar && scalar < 0x5B)
    case 0x30...0x39: addDigit(letter)
    // An apostrophe parts nothing within a word.
    case 0x27 where kind == .word && length > 0: break
    case 0x2019 where kind == .word && length > 0: break
    case 0x2C, 0x2E:
      if kind == .number, length > 0, !isAfterPoint {
        isAfterPoint = true
      } else {
        finish()
        if letter == 0x2E { startsSentence = true }
      }
    case 0..<0xAA: addSpace(letter)
    case 0x30A1..<0x30FB, 0x30FC: add(letter, .kana, isCapital: true)
    case 0x3041..<0x3097: add(letter, .kana)
    case 0x3400..<0xA000, 0xF900..<0xFB00, 0x20000..<0x32000, 0x3005: add(letter, .ideograph)
    // Thai, Lao, Burmese, Khmer.
    case 0xE01..<0xE3B, 0xE40..<0xE4F, 0xE81..<0xEC8, 0x1000..<0x104A, 0x1780..<0x17D4:
      add(letter, .unspaced)
    case 0x2000..<0x2C00, 0x3000..<0x3100, 0xFE00..<0xFE10, 0xFF00..<0xFF66: addSpace(letter)
    default: addLetter(letter, isCapital: letter != scalar && scalar < 0x530)
    }
  }

  private mutating func addLetter(_ letter: UInt32, isCapital: Bool) {
    if kind != .word { finish() }
    if length == 0 {
      kind = .word
      self.isCapital = isCapital
    }
    mix(letter)
  }

  private mutating func addDigit(_ digit: UInt32) {
    if kind != .number { finish() }
    kind = .number
    isAfterPoint = false
    mix(digit)
  }

  private mutating func add(_ letter: UInt32, _ kind: Kind, isCapital: Bool = false) {
    finish()
    self.kind = kind
    self.isCapital = isCapital
    mix(letter)
    finish()
  }

  private mutating func addSpace(_ letter: UInt32) {
    if isAfterPoint {
      finish()
      startsSentence = true
    }
    finish()
    switch letter {
    // Ends of sentences, beginnings of quotations, new lines.
    case 0x0A, 0x21, 0x3A, 0x3F, 0x22, 0x201C, 0x201E, 0xAB, 0x2022, 0x3002: startsSentence = true
    default: break
    }
  }

  private mutating func mix(_ letter: UInt32) {
    hash.add(UInt64(letter))
    length &+= 1
  }

  private mutating func finish() {
    isAfterPoint = false
    guard length > 0 else { return }
    pieces.append(
      Piece(
        hash: spread(hash.value ^ (kind == .number ? 1 : 0)),
        kind: kind,
        length: length,
        isCapital: isCapital,
        startsSentence: startsSentence
      )
    )
    hash = FNV1a()
    length = 0
    kind = .word
    isCapital = false
    startsSentence = false
  }
}

/// Makes every bit of a number depend on every other.
func spread(_ value: UInt64) -> UInt64 {
  var value = value
  value = (value ^ (value >> 32)) &* 0xD6E8_FEB8_6659_FD93
  value = (value ^ (value >> 32)) &* 0xD6E8_FEB8_6659_FD93
  return value ^ (value >> 32)
}
