/// Gathers the words, numbers and names of a text, and what each of them weighs.
struct TermCollector {
  private var found: [UInt32: TextProfile.Term] = [:]
  private let nameWeight: Float

  /// All of a title and a body, in the order of their hashes.
  static func terms(
    title: [TextPieces.Piece],
    body: [TextPieces.Piece]
  ) -> [TextProfile.Term] {
    var collector = TermCollector(nameWeight: weightOfNames(in: body))
    collector.found.reserveCapacity(title.count + body.count)
    collector.add(title, isTitle: true)
    collector.add(body, isTitle: false)
    return collector.found.values.sorted { $0.hash < $1.hash }
  }

  /// What a word with a capital letter weighs: less where all nouns have one, as in German.
  private static func weightOfNames(in body: [TextPieces.Piece]) -> Float {
    let words = body.count { $0.kind == .word && !$0.startsSentence }
    let capitals = body.count { $0.kind == .word && !$0.startsSentence && $0.isCapital }
    return capitals * 9 > words * 2 ? 1.5 : 3
  }

  private mutating func add(_ pieces: [TextPieces.Piece], isTitle: Bool) {
    for index in pieces.indices {
      let piece = pieces[index]
      switch piece.kind {
      case .number: add(piece.hash, Self.weight(ofDigits: piece.length), .number, isTitle)
      case .word:
        // A title may have all its words begin with a capital letter.
        let isName = piece.isCapital && !piece.startsSentence && !isTitle && piece.length > 1
        add(
          piece.hash,
          isName ? nameWeight : Self.weight(ofLetters: piece.length),
          isName ? .name : .word,
          isTitle
        )
      case .ideograph, .kana, .unspaced:
        addRun(from: index, in: pieces, isTitle)
      }
    }
  }

  private enum Sort { case number, name, word }

  private mutating func add(_ hash: UInt64, _ weight: Float, _ sort: Sort, _ isTitle: Bool) {
    let hash = UInt32(truncatingIfNeeded: hash)
    var term =
      found[hash]
      ?? TextProfile.Term(
        hash: hash,
        weight: weight,
        isFact: false,
        isNumber: sort == .number,
        isInTitle: false
      )
    term.weight = max(term.weight, weight)
    if sort != .word { term.isFact = true }
    if isTitle { term.isInTitle = true }
    found[hash] = term
  }

  /// Characters that stand for a word: two of Chinese, four of Thai, all of a run of katakana.
  private mutating func addRun(
    from index: Int,
    in pieces: [TextPieces.Piece],
    _ isTitle: Bool
  ) {
    let kind = pieces[index].kind
    let isKatakana = kind == .kana && pieces[index].isCapital
    let length = kind == .unspaced ? 4 : 2
    if isKatakana, index == 0 || !pieces[index - 1].isKatakana {
      let run = pieces[index...].prefix(while: \.isKatakana)
      if run.count > 2 {
        add(run.reduce(0) { spread($0 &* 31 &+ $1.hash) }, 3, .name, isTitle)
      }
    }
    guard index + length <= pieces.count else { return }
    let run = pieces[index..<index + length]
    guard run.allSatisfy({ !$0.kind.isSpaced }), !run.allSatisfy(\.isKatakana) else { return }
    let hash = run.reduce(0) { spread($0 &* 31 &+ $1.hash) }
    let weight: Float =
      switch kind {
      case .unspaced: 0.5
      case .kana where run.allSatisfy({ $0.kind == .kana }): 0.1
      default: 1
      }
    add(hash, weight, .word, isTitle)
  }

  private static func weight(ofDigits length: UInt16) -> Float {
    switch length {
    case 1: 0.5
    case 2: 1.5
    case 3: 3
    default: 4
    }
  }

  private static func weight(ofLetters length: UInt16) -> Float {
    switch length {
    case 0...3: 0
    case 4...5: 0.5
    case 6...7: 1
    default: 1.5
    }
  }
}

extension TextPieces.Piece {
  fileprivate var isKatakana: Bool { kind == .kana && isCapital }
}
