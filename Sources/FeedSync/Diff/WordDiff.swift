/// A stretch of words that two texts have in common, or that only one of them has.
public struct DiffRun: Hashable, Sendable {
  /// Which of the two has it.
  public enum Kind: String, Hashable, Sendable {
    /// Both.
    case same
    /// The earlier one.
    case removed
    /// The later one.
    case added
  }

  /// Which of the two has it.
  public var kind: Kind
  /// What stands in it, at least one word.
  public var words: [String]

  /// Describes a stretch.
  public init(_ kind: Kind, _ words: [String]) {
    self.kind = kind
    self.words = words
  }
}

/// How far the shortest way is searched for before what was found so far is taken.
///
/// The search costs at most so many steps for each word. Texts that differ in less than this have
/// the shortest difference there is; what is rewritten altogether has none worth finding.
private let stepsMax = 200

/// Says which words were removed and added.
///
/// Pure. Leaving out what was added gives the earlier text, leaving out what was removed the later
/// one. Between two runs of changes stands what both have; of two changes in one place the removed
/// one comes first. Two words that only happen to stand in both of two long changes belong to the
/// changes. E. W. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1 (1986);
/// the search begins anew where it has become too wide, so that the time is linear.
///
/// - Parameters:
///   - old: The words of the earlier text.
///   - new: The words of the later text.
/// - Returns: The stretches in their order.
public func wordDiff(_ old: [String], _ new: [String]) -> [DiffRun] {
  var numbers: [String: Int32] = [:]
  func numbered(_ words: [String]) -> [Int32] {
    words.map { word in
      if let number = numbers[word] { return number }
      let number = Int32(numbers.count)
      numbers[word] = number
      return number
    }
  }
  let steps = withoutChance(
    matched(numbered(old), numbered(new)),
    end: Match(left: old.count, right: new.count, count: 0)
  )
  var runs: [DiffRun] = []
  var (left, right) = (0, 0)
  func append(_ kind: DiffRun.Kind, _ words: ArraySlice<String>) {
    if !words.isEmpty { runs.append(DiffRun(kind, Array(words))) }
  }
  for step in steps {
    append(.removed, old[left..<step.left])
    append(.added, new[right..<step.right])
    (left, right) = (step.left + step.count, step.right + step.count)
    append(.same, old[step.left..<left])
  }
  append(.removed, old[left...])
  append(.added, new[right...])
  return runs
}

/// Words that stand in both texts, one after the other.
private struct Match {
  var left: Int
  var right: Int
  var count: Int
}

private func matched(_ old: [Int32], _ new: [Int32]) -> [Match] {
  var matches: [Match] = []
  func add(_ left: Int, _ right: Int, _ count: Int) {
    guard count > 0 else { return }
    if let last = matches.last, last.left + last.count == left, last.right + last.count == right {
      matches[matches.count - 1].count += count
    } else {
      matches.append(Match(left: left, right: right, count: count))
    }
  }
  var (left, right) = (0, 0)
  while left < old.count, right < new.count {
    for match in stride(old, new, &left, &right) { add(match.left, match.right, match.count) }
  }
  return matches
}

/// Goes from one place as far as the search allows, and moves the place there.
private func stride(
  _ old: [Int32],
  _ new: [Int32],
  _ left: inout Int,
  _ right: inout Int
) -> [Match] {
  let (start, other) = (left, right)
  let (width, height) = (old.count - start, new.count - other)
  // How far each diagonal was followed in `old`, after each number of steps.
  var reached = [Int](repeating: 0, count: 2 * stepsMax + 3)
  let middle = stepsMax + 1
  var history: [[Int]] = []
  var end: (diagonal: Int, steps: Int)?
  search: for steps in 0...stepsMax {
    history.append(Array(reached[(middle - steps)...(middle + steps)]))
    for diagonal in Swift.stride(from: -steps, through: steps, by: 2) {
      let isDown =
        diagonal == -steps
        || diagonal != steps && reached[middle + diagonal - 1] < reached[middle + diagonal + 1]
      var x = isDown ? reached[middle + diagonal + 1] : reached[middle + diagonal - 1] + 1
      if steps == 0 { x = 0 }
      while x < width, x - diagonal < height, x - diagonal >= 0,
        old[start + x] == new[other + x - diagonal]
      {
        x += 1
      }
      reached[middle + diagonal] = x
      if x >= width, x - diagonal >= height {
        end = (diagonal, steps)
        break search
      }
    }
  }
  let last = end ?? farthest(reached, middle, width, height)
  let matches = way(to: last, history, reached[middle + last.diagonal])
  left = start + reached[middle + last.diagonal]
  right = other + reached[middle + last.diagonal] - last.diagonal
  return matches.map { Match(left: start + $0.left, right: other + $0.right, count: $0.count) }
}

/// The diagonal that has come farthest within both texts.
private func farthest(
  _ reached: [Int],
  _ middle: Int,
  _ width: Int,
  _ height: Int
) -> (diagonal: Int, steps: Int) {
  var best: (diagonal: Int, sum: Int)?
  for diagonal in Swift.stride(from: -stepsMax, through: stepsMax, by: 2) {
    let x = reached[middle + diagonal]
    let y = x - diagonal
    guard x <= width, y <= height, y >= 0 else { continue }
    if best.map({ x + y > $0.sum }) ?? true { best = (diagonal, x + y) }
  }
  return (best?.diagonal ?? 0, stepsMax)
}

/// Goes back from the end of a search, and gives what matched on the way, in order.
private func way(
  to end: (diagonal: Int, steps: Int),
  _ history: [[Int]],
  _ reached: Int
) -> [Match] {
  var matches: [Match] = []
  var (diagonal, x) = (end.diagonal, reached)
  for steps in Swift.stride(from: end.steps, through: 0, by: -1) {
    if steps == 0 {
      matches.append(Match(left: 0, right: 0, count: x))
      break
    }
    let before = history[steps]
    // `before` has the diagonals from -steps to steps.
    let (below, above) = (before[safe: diagonal - 1 + steps], before[safe: diagonal + 1 + steps])
    let isDown = diagonal == -steps || diagonal != steps && below < above
    let from = isDown ? above : below + 1
    matches.append(Match(left: from, right: from - diagonal, count: x - from))
    diagonal += isDown ? 1 : -1
    x = isDown ? from : from - 1
  }
  return matches.reversed()
}

extension [Int] {
  /// The element at an index, or 0 beyond the ends.
  fileprivate subscript(safe index: Int) -> Int { indices.contains(index) ? self[index] : 0 }
}

/// Takes back matches of a word or two between changes that are far longer on both sides.
private func withoutChance(_ matches: [Match], end: Match) -> [Match] {
  var kept: [Match] = []
  for (index, match) in matches.enumerated() {
    let (left, right) = kept.last.map { ($0.left + $0.count, $0.right + $0.count) } ?? (0, 0)
    let before = (removed: match.left - left, added: match.right - right)
    guard match.count <= 2 else {
      kept.append(match)
      continue
    }
    let next = index + 1 < matches.count ? matches[index + 1] : end
    let after = (
      removed: next.left - match.left - match.count, added: next.right - match.right - match.count
    )
    let limit = 2 * match.count
    let isChance =
      min(before.removed, before.added) >= limit && min(after.removed, after.added) >= limit
    if !isChance { kept.append(match) }
  }
  return kept
}
