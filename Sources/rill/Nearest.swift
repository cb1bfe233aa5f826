/// The name that was probably meant by another word; nil where none is near.
///
/// - Parameters:
///   - word: What was typed.
///   - names: What there is.
/// - Returns: The name that fewest single letters tell from the word: no more than a third of it.
func nearest(_ word: String, in names: [String]) -> String? {
  let typed = Array(word.lowercased().unicodeScalars)
  let found = names.map { name in
    (distance: distance(typed, Array(name.unicodeScalars)), name: name)
  }
  guard let best = found.min(by: { $0.distance < $1.distance }),
    best.distance * 3 <= max(typed.count, 3)
  else { return nil }
  return best.name
}

/// How many letters have to be put in, taken out or exchanged to make one word of another.
private func distance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
  var row = Array(0...second.count)
  for (place, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = place + 1
    for (column, other) in second.enumerated() {
      let above = row[column + 1]
      row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letter == other ? 0 : 1))
      diagonal = above
    }
  }
  return row[second.count]
}
