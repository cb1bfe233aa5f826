/// Takes out of a text what could steer a terminal or hide in it.
///
/// A filter of characters, not of escape sequences: without ESC and its kin no sequence begins.
/// It removes the controls C0, DEL and C1, the bidirectional controls, zero-width characters,
/// interlinear annotation, tag characters and noncharacters. At most 8 combining marks stay on a base.
/// A zero-width joiner stays between two emoji only, a variation selector 16 after one only.
/// Text on one line gets a space for each tab, line break and Unicode line or paragraph separator.
/// Idempotent, and quick on clean text.
///
/// - Parameters:
///   - text: Anything, for example a title from a feed or the words of a server.
///   - keepingNewlines: Line feeds stay, and other line breaks become line feeds.
/// - Returns: The same text where nothing had to go.
public func terminalSafe(_ text: String, keepingNewlines: Bool = false) -> String {
  terminalSafe(text, keepingNewlines: keepingNewlines, keepingStyles: false)
}

/// The same; the marks of styles stay in a text that is being laid out, and nowhere else.
func terminalSafe(_ text: String, keepingNewlines: Bool = false, keepingStyles: Bool) -> String {
  let newline: UInt8 = keepingNewlines ? 0x0A : 0x20
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == newline }) { return text }
  let isClean = text.unicodeScalars.allSatisfy { scalar in
    let kind = TerminalFilter.Kind(scalar)
    return kind == .plain || kind == .lineFeed && keepingNewlines
  }
  if isClean { return text }
  var filter = TerminalFilter(keepingNewlines: keepingNewlines, keepingStyles: keepingStyles)
  return filter.filtered(text)
}

/// The state of the filter between two characters.
private struct TerminalFilter {
  /// What may be done with a character.
  enum Kind {
    case plain, lineFeed, carriageReturn, tab, separator, removed, mark, joiner, emojiSelector
    /// Takes no part: what is counted before it is counted on behind it.
    case style
  }

  /// More marks, joiners and jamo than this on one base are removed.
  static let marksMax = 8

  private let lineBreak: Unicode.Scalar
  private let keepsStyles: Bool
  private var output = String.UnicodeScalarView()
  /// What has been put upon the last base.
  private var marks = 0
  private var baseIsEmoji = false
  private var isJoining = false

  init(keepingNewlines: Bool, keepingStyles: Bool) {
    lineBreak = keepingNewlines ? "\n" : " "
    keepsStyles = keepingStyles
  }

  mutating func filtered(_ text: String) -> String {
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let scalar = scalars[index]
      index = scalars.index(after: index)
      meet(scalar, next: index < scalars.endIndex ? scalars[index] : nil)
    }
    return String(output)
  }

  private mutating func meet(_ scalar: Unicode.Scalar, next: Unicode.Scalar?) {
    switch Kind(scalar) {
    case .plain: put(base: scalar)
    case .lineFeed, .separator: put(base: lineBreak)
    case .tab: put(base: " ")
    case .carriageReturn: if next != "\n" { put(base: lineBreak) }
    case .removed: break
    case .style: if keepsStyles { output.append(scalar) }
    case .mark:
      // A skin tone with nothing to colour is an emoji of its own.
      if (0x1F3FB...0x1F3FF).contains(scalar.value), !baseIsEmoji {
        put(base: scalar)
      } else {
        put(mark: scalar)
      }
    case .joiner:
      guard baseIsEmoji, let next, isEmoji(next), put(mark: scalar) else { return }
      isJoining = true
    case .emojiSelector:
      // After a digit it makes a keycap, and only before the keycap itself.
      guard let last = output.last, last.properties.isEmoji, isEmoji(last) || next == "\u{20E3}"
      else { return }
      put(mark: scalar)
    }
  }

  private mutating func put(base scalar: Unicode.Scalar) {
    output.append(scalar)
    if !isJoining { marks = 0 }
    isJoining = false
    baseIsEmoji = isEmoji(scalar)
  }

  @discardableResult
  private mutating func put(mark scalar: Unicode.Scalar) -> Bool {
    guard marks < Self.marksMax else { return false }
    marks += 1
    output.append(scalar)
    return true
  }

  private func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0xA9 && scalar.properties.isEmoji
  }
}

extension TerminalFilter.Kind {
  fileprivate init(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x20...0x7E: self = .plain
    case 0x09: self = .tab
    case 0x0A: self = .lineFeed
    case 0x0D: self = .carriageReturn
    case 0...0x1F, 0x7F...0x9F, 0xAD: self = .removed
    case 0xA0...0x2FF: self = .plain
    case 0x61C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE007F:
      self = .removed
    case StyleMark.scalars: self = .style
    case 0xFFFE, 0xFFFF: self = .removed
    case 0x2028, 0x2029: self = .separator
    case 0x200D: self = .joiner
    case 0xFE0F: self = .emojiSelector
    case 0x1F3FB...0x1F3FF: self = .mark
    // Vowels and final consonants of Hangul stack on the syllable before them without end.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: self = .mark
    default: self = scalar.extendsBase ? .mark : .plain
    }
  }
}
