/// The name that was probably meant by what was typed: the one that differs least from it.
///
/// - Parameters:
///   - typed: What was typed.
///   - names: What there is.
/// - Returns: Nil where none is near: where more than a third of the name is another.
public func nearestName(to typed: String, of names: [String]) -> String? {
  let distances = names.map { (name: $0, distance: distance(Array(typed), Array($0))) }
  guard let best = distances.min(by: { $0.distance < $1.distance }),
    best.distance <= max(1, best.name.count / 3), best.distance < typed.count
  else { return nil }
  return best.name
}

/// How many letters have to be changed, added, taken away or swapped with the next.
private func distance(_ left: [Character], _ right: [Character]) -> Int {
  guard left.count <= 64 else { return .max }
  var before: [Int] = []
  var row = Array(0...right.count)
  for i in left.indices {
    var next = [i + 1]
    for j in right.indices {
      var cost = min(row[j + 1] + 1, next[j] + 1, row[j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        cost = min(cost, before[j - 1] + 1)
      }
      next.append(cost)
    }
    before = row
    row = next
  }
  return row[right.count]
}
