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

  /// Compares two texts.
  init(_ first: TextRuns, _ second: TextRuns) {
    let common = first.runs.intersection(second.runs).count
    let (shorter, all) = (
      min(first.runs.count, second.runs.count), first.runs.count + second.runs.count - common
    )
    resemblance = all == 0 ? 0 : Double(common) / Double(all)
    containment = shorter == 0 ? 0 : Double(common) / Double(shorter)
    length = shorter
  }

  /// So much is in both, or one is an excerpt of the other.
  func isAlike(_ least: Double, runs: Int) -> Bool {
    length >= runs && (resemblance >= least || containment >= 0.8)
  }
}

/// The runs of words of a text, as hashes.
struct TextRuns {
  let runs: Set<UInt64>

  /// Reads the body of an item, or its summary where it has none.
  init(_ item: FeedItem) {
    self.init(VisibleText(bodyOf: item))
  }

  init(_ text: VisibleText) {
    var runs: Set<UInt64> = []
    let words = text.words
    let letters = words.reduce(0) { $0 + $1.count }
    if words.count * 24 < letters {
      // Hardly any spaces: five characters are a run.
      let bytes = Array(words.joined())
      let starts = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 }
      for (place, start) in starts.enumerated() {
        let end = place + 5 < starts.count ? starts[place + 5] : bytes.count
        runs.insert(FNV1a(bytes[start..<end]).value)
      }
    } else {
      let hashes = words.map { FNV1a($0).value }
      if hashes.count < 3 {
        runs.formUnion(hashes)
      } else {
        for index in 0...(hashes.count - 3) {
          var run = FNV1a()
          for hash in hashes[index..<index + 3] { run.add(hash) }
          runs.insert(run.value)
        }
      }
    }
    self.runs = runs
  }
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

/// The share of the words of two normalised titles that both have.
func sharedWords(_ first: String, _ second: String) -> Double {
  let (first, second) = (Set(first.split(separator: " ")), Set(second.split(separator: " ")))
  let all = first.union(second).count
  return all == 0 ? 0 : Double(first.intersection(second).count) / Double(all)
}
