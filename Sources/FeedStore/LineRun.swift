/// Lines of one file whose numbers follow each other without a gap.
struct LineRun: Hashable {
  let kind: Segment.Kind
  let first: Int
  /// The sum of each; nil when the file was looked through before and need not be read again.
  var sums: [UInt32]?
  private(set) var count: Int

  var last: Int { first + count - 1 }

  init(_ kind: Segment.Kind, first: Int, sums: [UInt32]) {
    self.kind = kind
    self.first = first
    self.sums = sums
    count = sums.count
  }

  /// Lines that are known to be good, and whose sums are in the file.
  init(_ kind: Segment.Kind, first: Int, count: Int) {
    self.kind = kind
    self.first = first
    self.count = count
  }

  /// Takes the next line; false when it is not the next.
  mutating func add(_ number: Int, _ sum: UInt32) -> Bool {
    guard number == first + count else { return false }
    sums?.append(sum)
    count += 1
    return true
  }

  /// Both have some number.
  func overlaps(_ other: LineRun) -> Bool { first <= other.last && other.first <= last }

  /// The sum of a line; nil when it is not here.
  func sum(of number: Int) -> UInt32? {
    guard let sums, number >= first, number <= last else { return nil }
    return sums[number - first]
  }
}

/// What tells a line of a device from its others.
struct NumberedSum: Hashable {
  let number: Int
  let sum: UInt32
}

extension LineRun {
  /// Its lines, as far as their sums are known.
  var numberedSums: [NumberedSum] {
    (sums ?? []).enumerated().map { NumberedSum(number: first + $0.offset, sum: $0.element) }
  }
}

/// The numbers from `start` on that stand in none of the runs, before the last that does.
///
/// - Parameters:
///   - runs: Of one sequence, in any order.
///   - start: Which numbers are expected.
/// - Returns: Ranges, in order.
func missing(in runs: [LineRun], from start: Int) -> [ClosedRange<Int>] {
  var next = start
  var missing: [ClosedRange<Int>] = []
  for run in runs.sorted(by: { $0.first < $1.first }) {
    if run.first > next { missing.append(next...run.first - 1) }
    next = max(next, run.last + 1)
  }
  return missing
}

/// The numbers that two of the runs give to different lines.
func forked(in runs: [LineRun]) -> Set<Int> {
  var forked: Set<Int> = []
  var open: [LineRun] = []
  for run in runs.sorted(by: { $0.first < $1.first }) {
    open.removeAll { $0.last < run.first }
    for other in open {
      for number in run.first...min(run.last, other.last)
      where run.sum(of: number) != other.sum(of: number) {
        forked.insert(number)
      }
    }
    // More than a few files have the same numbers only where somebody made them up.
    if open.count < 256 { open.append(run) }
  }
  return forked
}
