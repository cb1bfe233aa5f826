/// Chooses the hashes under which an index finds a text.
///
/// Of every kind the smallest few are taken: two texts that have most of their parts in common choose
/// mostly the same ones. Half of them come from the beginning alone, so that an excerpt finds a full
/// text of any length; and half are numbers and names, which a rewrite keeps where no three words
/// stayed together. A text without capital letters gives long words in their place.
///
/// - Parameters:
///   - runs: All runs of pieces, in their order.
///   - pieces: The text.
///   - terms: Its terms.
/// - Returns: At most 28 hashes, in their order as numbers; for a short text fewer.
func sketch(
  runs: [UInt32],
  pieces: [TextPieces.Piece],
  terms: [TextProfile.Term]
) -> [UInt32] {
  let start = pieces.prefix(200)
  let isSpaced = start.count(where: \.kind.isSpaced) * 2 > start.count
  // Without spaces there are few numbers and names, and more runs take their place.
  let runsMax = isSpaced ? 6 : 12
  var hashes: [UInt32] = []
  for part in [runs.prefix(leadLength), runs[...]] {
    hashes += part.map { UInt32(truncatingIfNeeded: spread(UInt64($0))) }.smallest(runsMax)
  }
  hashes += marks(in: pieces.prefix(leadLength), terms)
  hashes += marks(in: pieces[...], terms)
  return hashes.sorted().withoutRepetitions
}

/// How many pieces are taken for the beginning: about what an excerpt has.
private let leadLength = 80
/// How many numbers and names of a part.
private let marksMax = 8

private func marks(
  in pieces: ArraySlice<TextPieces.Piece>,
  _ terms: [TextProfile.Term]
) -> [UInt32] {
  var facts: [UInt32] = []
  var words: [UInt32] = []
  for piece in pieces where piece.kind.isSpaced {
    let hash = UInt32(truncatingIfNeeded: piece.hash)
    guard let term = terms.term(hash), term.weight >= 1.5 else { continue }
    // Another number than the runs have.
    let mark = UInt32(truncatingIfNeeded: spread(UInt64(hash) | 1 << 40))
    if !term.isFact {
      words.append(mark)
    } else if !term.isNumber || term.weight >= 3 {
      facts.append(mark)
    }
  }
  let chosen = facts.smallest(marksMax)
  return chosen + words.smallest(marksMax - chosen.count)
}

extension [UInt32] {
  /// The smallest of these, each once.
  fileprivate func smallest(_ count: Int) -> [UInt32] {
    Array(sorted().withoutRepetitions.prefix(count))
  }

  /// The same in this order, each once; equal ones stand side by side.
  var withoutRepetitions: [UInt32] {
    var unique: [UInt32] = []
    unique.reserveCapacity(count)
    for hash in self where hash != unique.last { unique.append(hash) }
    return unique
  }
}
