/// What two texts are compared by.
///
/// All hashes are of letters without case and accents, so a profile is the same on every machine.
public struct TextProfile: Sendable {
  /// A word, a number or a pair of characters that the text has.
  struct Term: Sendable {
    var hash: UInt32
    /// How much it says that another text has it too; 0 for small words.
    var weight: Float
    /// A number or a name: what a rewrite keeps and another event has not.
    var isFact: Bool
    var isNumber: Bool
    var isInTitle: Bool
  }

  /// A number or name between two others: where two texts differ there, they are one form filled in
  /// twice.
  struct Slot: Sendable {
    /// Of what stands before and behind.
    var place: UInt32
    var hash: UInt32
    var weight: Float
  }

  /// Runs of pieces, each hash once, in their order as numbers.
  private(set) var runs: [UInt32]
  /// Each once, in the order of their hashes.
  private(set) var terms: [Term]
  /// In the order of their places.
  private(set) var slots: [Slot]
  /// What the terms of the title weigh together.
  private(set) var titleWeight: Float
  /// What numbers and names weigh together.
  private(set) var factWeight: Float
  /// What all other terms weigh together.
  private(set) var wordWeight: Float
  /// The hashes under which an index finds the text; two texts that are similar share some of them.
  public private(set) var sketch: [UInt32]

  /// Reads a title and a text.
  ///
  /// - Parameters:
  ///   - title: May be empty.
  ///   - text: Plain text.
  public init(title: String, text: String) {
    let head = TextPieces(title).pieces
    let body = TextPieces(text).pieces
    let pieces = body.isEmpty ? head : body
    let all = Self.runs(pieces)
    terms = TermCollector.terms(title: head, body: body)
    slots = Self.slots(body, terms)
    sketch = FeedMerge.sketch(runs: all, pieces: pieces, terms: terms)
    runs = all.sorted().withoutRepetitions
    titleWeight = terms.reduce(0) { $1.isInTitle ? $0 + $1.weight : $0 }
    factWeight = terms.reduce(0) { $1.isFact ? $0 + $1.weight : $0 }
    wordWeight = terms.reduce(0) { $1.isFact ? $0 : $0 + $1.weight }
  }

  /// Runs of three words, of four characters of Chinese and Japanese, of eight of Thai; in their order.
  private static func runs(_ pieces: [TextPieces.Piece]) -> [UInt32] {
    var runs: [UInt32] = []
    runs.reserveCapacity(pieces.count)
    for start in pieces.indices {
      var hash: UInt64 = 0
      var size = 0
      var end = start
      let full = pieces[start].kind.isSpaced ? 12 : 8
      while size < full, end < pieces.count {
        hash = spread(hash &* 31 &+ pieces[end].hash)
        size += pieces[end].kind.share
        end += 1
      }
      guard size >= full || start == 0 else { break }
      runs.append(UInt32(truncatingIfNeeded: hash))
    }
    return runs
  }

  private static func slots(_ pieces: [TextPieces.Piece], _ terms: [Term]) -> [Slot] {
    var slots: [Slot] = []
    for index in pieces.indices.dropFirst().dropLast() {
      let hash = UInt32(truncatingIfNeeded: pieces[index].hash)
      guard pieces[index].kind == .number || pieces[index].isCapital,
        let term = terms.term(hash), term.isFact
      else { continue }
      let place = spread(pieces[index - 1].hash &* 31 &+ pieces[index + 1].hash)
      slots.append(
        Slot(place: UInt32(truncatingIfNeeded: place), hash: hash, weight: term.weight)
      )
    }
    slots.sort { ($0.place, $0.hash) < ($1.place, $1.hash) }
    return slots
  }
}

extension TextPieces.Kind {
  /// Spaces part it from others.
  var isSpaced: Bool { self == .word || self == .number }

  /// How much of a word it is, in quarters.
  fileprivate var share: Int {
    switch self {
    case .word, .number: 4
    case .ideograph, .kana: 2
    case .unspaced: 1
    }
  }
}

extension [TextProfile.Term] {
  /// The term with a hash, in terms that are sorted by it.
  func term(_ hash: UInt32) -> TextProfile.Term? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low].hash == hash ? self[low] : nil
  }
}
