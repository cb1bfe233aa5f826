/// A text in which counters do not count: how many comments, points and views there are, and how
/// long ago something was.
///
/// Only in short lines, or with a colon, or in brackets: in a sentence a number is what somebody
/// says.
struct Counters {
  /// The masked words of each block.
  let blocks: [[[UInt8]]]

  /// Masks the counters of some blocks.
  init(_ blocks: [[UInt8]]) {
    let words = blocks.map { block in block.split(separator: 0x20).map(Array.init) }
    // Points and votes are counted where comments are; elsewhere they are results of games.
    let isAggregator = words.contains { hasCommentCounter($0) }
    self.blocks = words.map { masked($0, isAggregator: isAggregator) }
  }

  /// Masks counters in brackets, for a title.
  init(title: [UInt8]) {
    let words = title.split(separator: 0x20).map(Array.init)
    guard let last = words.last?.last, last == UInt8(ascii: ")") || last == UInt8(ascii: "]"),
      let start = words.lastIndex(where: {
        $0[0] == UInt8(ascii: "(") || $0[0] == UInt8(ascii: "[")
      })
    else {
      blocks = [words]
      return
    }
    blocks = [Array(words[..<start]), masked(Array(words[start...]), isAggregator: false)]
  }
}

/// How many words a line has at most whose numbers may be counters.
private let shortLine = 10

/// What stands in the place of a counter.
private let mask: [UInt8] = [0x03]

/// How many words may stand beside the counters of a line: "Posted 3 hours ago by Ann".
private let wordsBesideMax = 4

/// A line of counters says little else, and is no sentence: there a number is what somebody says.
private func masked(_ words: [[UInt8]], isAggregator: Bool) -> [[UInt8]] {
  let isSentence = words.last.map { [0x2E, 0x21, 0x3F].contains($0.last) } ?? false
  if words.count <= shortLine, !isSentence {
    let result = masked(words, isShort: true, isAggregator)
    let others = result.count { $0 != mask && !core($0).isEmpty }
    if others <= wordsBesideMax { return result }
  }
  return masked(words, isShort: false, isAggregator)
}

private func masked(_ words: [[UInt8]], isShort: Bool, _ isAggregator: Bool) -> [[UInt8]] {
  let cores = words.map(core)
  var result: [[UInt8]] = []
  var index = 0
  while index < words.count {
    if isShort, let length = age(cores[index...]) {
      result.append(mask)
      index += length
    } else if let length = counter(words[index...], cores[index...], isShort, isAggregator) {
      result.append(mask)
      index += length
    } else {
      result.append(words[index])
      index += 1
    }
  }
  return result
}

private func hasCommentCounter(_ words: [[UInt8]]) -> Bool {
  let cores = words.map(core)
  return words.indices.contains { index in
    guard commentWords.contains(cores[index]) else { return false }
    let isLabelled = words[index].last == UInt8(ascii: ":")
    if isLabelled, index + 1 < words.count, isNumber(cores[index + 1]) { return true }
    return words.count <= shortLine && index > 0 && isNumber(cores[index - 1])
  }
}

/// How many words a counter has that begins here: "Points: 12", "12 comments", "(12)".
private func counter(
  _ words: ArraySlice<[UInt8]>,
  _ cores: ArraySlice<[UInt8]>,
  _ isShort: Bool,
  _ isAggregator: Bool
) -> Int? {
  guard let first = cores.first, let word = words.first, cores.count > 1 else { return nil }
  let second = cores[cores.startIndex + 1]
  func isCounted(_ name: [UInt8]) -> Bool {
    commentWords.contains(name) || audienceWords.contains(name)
      || isAggregator && scoreWords.contains(name)
  }
  // With a colon it is a label wherever it stands.
  if isCounted(first), isNumber(second), word.last == UInt8(ascii: ":") { return 2 }
  guard isShort else { return nil }
  if isNumber(first), isCounted(second) { return 2 }
  let next = words[words.startIndex + 1]
  if isCounted(first), isNumber(second), next.first == UInt8(ascii: "(") { return 2 }
  return nil
}

/// How many words say how long ago something was, beginning here: "3 hours ago", "just now".
private func age(_ cores: ArraySlice<[UInt8]>) -> Int? {
  let words = cores.prefix(4).map { String(decoding: $0, as: UTF8.self) }
  guard let first = words.first else { return nil }
  if first == "yesterday" { return 1 }
  guard words.count > 1 else { return nil }
  if first == "just", words[1] == "now" { return 2 }
  guard words.count > 2 else { return nil }
  let isAmount = { (word: String) in
    isNumber(Array(word.utf8))
      || ["a", "an", "one", "einer", "einem", "un", "une", "una"].contains(word)
  }
  if isAmount(first), units.contains(words[1]), words[2] == "ago" { return 3 }
  if first == "vor" || first == "hace", isAmount(words[1]), units.contains(words[2]) { return 3 }
  return nil
}

/// A word in lower case without the punctuation around it.
private func core(_ word: [UInt8]) -> [UInt8] {
  let isEdge = { (byte: UInt8) in
    byte < 0x30 || (0x3A...0x40).contains(byte) || (0x5B...0x60).contains(byte)
      || (0x7B...0x7F).contains(byte)
  }
  guard let first = word.firstIndex(where: { !isEdge($0) }),
    let last = word.lastIndex(where: { !isEdge($0) })
  else { return [] }
  return word[first...last].map(lowered)
}

/// Digits, with marks between them and perhaps a thousand or a million behind.
private func isNumber(_ word: [UInt8]) -> Bool {
  var word = word[...]
  if let last = word.last, last == UInt8(ascii: "k") || last == UInt8(ascii: "m") {
    word = word.dropLast()
  }
  guard let first = word.first, (0x30...0x39).contains(first) else { return false }
  return word.allSatisfy {
    (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
  }
}

private func table(_ words: String) -> Set<[UInt8]> {
  Set(words.split(separator: " ").map { Array($0.utf8) })
}

private let commentWords = table(
  """
  comment comments reply replies response responses kommentar kommentare antworten commentaire \
  commentaires réponse réponses comentario comentarios respuestas comentário comentários commento \
  commenti reactie reacties komentarz komentarze komentarzy комментарий комментария комментариев
  """
)
private let audienceWords = table(
  """
  view views reads like likes upvotes upvote retweets reposts reblogs boosts favorites favourites \
  aufrufe vues visitas просмотров
  """
)
private let scoreWords = table("point points score vote votes shares downloads plays punkte claps")
private let units: Set<String> = [
  "second", "seconds", "sec", "secs", "minute", "minutes", "min", "mins", "hour", "hours", "hr",
  "hrs", "day", "days", "week", "weeks", "month", "months", "year", "years", "sekunden", "minute",
  "minuten", "stunde", "stunden", "tag", "tagen", "woche", "wochen", "minutos", "hora", "horas",
  "días",
]
