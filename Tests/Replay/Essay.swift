import TestSupport

/// Words of one publisher: some that all use, and some that are its own.
struct Vocabulary {
  private static let common = [
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "with", "as",
    "they", "at", "be", "this", "have", "from", "or", "had", "by", "not", "but", "what", "all",
    "were", "when", "we", "there", "can", "an", "which", "their", "if", "will", "each", "about",
    "how", "up", "out", "them", "then", "many", "some", "so", "these", "would", "other", "into",
    "has", "more", "two", "like", "time", "no", "could", "my", "than", "first", "been", "who",
  ]
  private static let syllables = [
    "ba", "be", "bro", "ca", "cho", "da", "del", "do", "fa", "fen", "go", "gra", "ha", "hol", "ja",
    "ka", "kel", "la", "lo", "mar", "mi", "mo", "na", "nor", "o", "pa", "pel", "qui", "ra", "ri",
    "sa", "sen", "sta", "ta", "ter", "tu", "u", "va", "vel", "wa", "win", "ya", "zo",
  ]
  private let own: [String]
  private let hasSpaces: Bool

  init(_ dice: inout Dice, hasSpaces: Bool) {
    self.hasSpaces = hasSpaces
    own = (0..<600)
      .map { _ in
        (0...1 + dice.below(2)).map { _ in Self.syllables[dice.below(Self.syllables.count)] }
          .joined()
      }
  }

  /// One word; a character where the language has no spaces.
  func word(_ dice: inout Dice) -> String {
    guard hasSpaces else {
      return String(UnicodeScalar(UInt32(0x4E00 + dice.below(3000))) ?? "\u{4E00}")
    }
    return dice.oneIn(2) ? Self.common[dice.below(Self.common.count)] : own[dice.below(own.count)]
  }

  func words(_ count: Int, _ dice: inout Dice) -> [String] { (0..<count).map { _ in word(&dice) } }

  func text(_ words: [String]) -> String { words.joined(separator: hasSpaces ? " " : "") }
}

/// One true article of a site, whatever its feed makes of it.
struct Essay {
  let number: Int
  var title: [String]
  var words: [String]
  var published: Int64
  var author: String
  var tag: String
  /// How often title or text were edited so that a reader would see it.
  var revision = 0
  /// What was edited last.
  var edits: Set<Habit> = []
}
