import FeedModel

/// How much two texts have in common: 1 where they are the same, 0 where no few words are.
///
/// Compared are runs of three words; of a text without spaces, such as a Chinese one, runs of five
/// characters. Pure, and the same in both directions.
struct Likeness {
  /// The runs of both among the runs of either.
  var resemblance: Double
  /// The runs of both among those of the shorter one: 1 where a text is an excerpt.
  var containment: Double
  /// How many runs the shorter one has.
  var length: Int
  /// Nine words in ten are in both.
  var isMended: Bool
  /// Every number is in both: a report has those of its day.
  var hasSameNumbers: Bool

  /// Compares two texts.
  init(_ first: TextRuns, _ second: TextRuns) {
    let common = first.runs.intersection(second.runs).count
    let (shorter, all) = (
      min(first.runs.count, second.runs.count), first.runs.count + second.runs.count - common
    )
    resemblance = all == 0 ? 0 : Double(common) / Double(all)
    containment = shorter == 0 ? 0 : Double(common) / Double(shorter)
    length = shorter
    let shared = sharedCount(first.words, second.words) * 2
    isMended = shared > 0 && shared * 10 >= (first.words.count + second.words.count) * 9
    hasSameNumbers = first.numbers == second.numbers
  }

  /// So much is in both, or one is an excerpt of the other.
  func isAlike(_ least: Double, runs: Int) -> Bool {
    length >= runs && (resemblance >= least || containment >= 0.8)
  }
}

/// The runs of words of a text, without its counters, as hashes.
struct TextRuns {
  /// So many has a text of twenty words: what says so much in the same words says the same.
  static let long = 18

  let runs: Set<UInt64>
  /// In ascending order; one character is a word where no spaces part words.
  let words: [UInt64]
  /// In ascending order.
  let numbers: [UInt64]

  /// It has twenty words or more.
  var isLong: Bool { runs.count >= Self.long }

  /// Reads the body of an item, or its summary where it has none.
  init(_ item: FeedItem) {
    self.init(VisibleText(bodyOf: item))
  }

  init(_ text: VisibleText) {
    let blocks = Counters(text.blocks).blocks.map { $0.joined(separator: [0x20]) }
    let lines = Array(blocks.joined(separator: [0x0A]))
    let pieces = TextPieces(String(decoding: lines, as: UTF8.self)).pieces
    let characters = pieces.count { $0.kind != .word && $0.kind != .number }
    // Where no spaces part words, each character is a piece.
    let length = characters * 2 > pieces.count ? 5 : 3
    let hashes = pieces.map(\.hash)
    words = pieces.filter { $0.kind != .number }.map(\.hash).sorted()
    numbers = pieces.filter { $0.kind == .number }.map(\.hash).sorted()
    guard hashes.count >= length else {
      runs = Set(hashes)
      return
    }
    var runs: Set<UInt64> = []
    for start in 0...(hashes.count - length) {
      var run = FNV1a()
      for hash in hashes[start..<start + length] { run.add(hash) }
      runs.insert(run.value)
    }
    self.runs = runs
  }
}

/// How many values two ascending lists share, each as often as both have it.
private func sharedCount(_ first: [UInt64], _ second: [UInt64]) -> Int {
  var (left, right, count) = (0, 0, 0)
  while left < first.count, right < second.count {
    if first[left] == second[right] { count += 1 }
    let isBehind = first[left] <= second[right]
    if first[left] >= second[right] { right += 1 }
    if isBehind { left += 1 }
  }
  return count
}

extension VisibleText {
  /// The body of an item, or its summary where it has none.
  init(bodyOf item: FeedItem) {
    if let html = item.contentHTML {
      self.init(html, isHTML: true)
    } else {
      self.init(item.contentText ?? item.summary ?? "", isHTML: false)
    }
  }
}

/// The share of the words of two titles that both have; of characters where no spaces part words.
func sharedWords(_ first: String, _ second: String) -> Double {
  let (first, second) = (
    Set(TextPieces(first).pieces.map(\.hash)), Set(TextPieces(second).pieces.map(\.hash))
  )
  let all = first.union(second).count
  return all == 0 ? 0 : Double(first.intersection(second).count) / Double(all)
}
