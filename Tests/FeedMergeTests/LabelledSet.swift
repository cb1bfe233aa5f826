import Foundation

@testable import FeedMerge

/// The labelled set of similar articles in `Similar/`: see its README.
struct LabelledSet {
  struct Article {
    var family: String
    /// Articles of one family with one group are similar, all others are not.
    var group: String
    var feed: String
    var kind: String
    var profile: TextProfile
  }

  /// A pair that an index would compare, or that is similar and should be.
  struct Pair {
    var one: Article
    var other: Article
    var isFound: Bool
    var isSimilar: Bool { one.family == other.family && one.group == other.group }
  }

  enum Half: String, CaseIterable {
    case training
    case heldOut = "held-out"
    /// Families that were written when the measure was settled.
    case late
  }

  let articles: [Article]

  private static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Similar")

  /// The half of a family follows from its name alone, by one bit of its FNV-1a hash.
  static func half(of family: String) -> Half {
    if family.hasPrefix("late-") { return .late }
    let hash = family.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    return hash >> 32 & 1 == 0 ? .training : .heldOut
  }

  static func families(_ half: Half) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
      .filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }
      .filter { Self.half(of: $0) == half }
  }

  init(_ half: Half) throws {
    articles = try Self.families(half)
      .flatMap { family in
        let path = Self.directory.appendingPathComponent(family + ".txt")
        let text = try String(contentsOf: path, encoding: .utf8)
        return "\n\(text)".components(separatedBy: "\n== ").dropFirst()
          .map { part in
            let lines = part.components(separatedBy: "\n")
            let facts = lines[0].components(separatedBy: " ")
            let body = lines.dropFirst(2).joined(separator: "\n")
            return Article(
              family: family,
              group: facts[0],
              feed: facts[1],
              kind: facts[2],
              profile: TextProfile(title: lines[1], text: body)
            )
          }
      }
  }

  /// All pairs that are similar, and all others that the measure takes for such.
  ///
  /// Like the index it compares only texts that share two hashes of their sketches.
  var pairs: [Pair] {
    var holders: [UInt32: [Int]] = [:]
    var shared: [[Int]: Int] = [:]
    var pairs: [Pair] = []
    for index in articles.indices {
      for hash in articles[index].profile.sketch {
        for earlier in holders[hash, default: []] { shared[[earlier, index], default: 0] += 1 }
        holders[hash, default: []].append(index)
      }
    }
    for index in articles.indices {
      for earlier in 0..<index {
        let (one, other) = (articles[earlier], articles[index])
        let isFound =
          shared[[earlier, index], default: 0] >= 2
          && similarity(of: one.profile, and: other.profile)
            .isSimilar(inOneFeed: one.feed == other.feed)
        let pair = Pair(one: one, other: other, isFound: isFound)
        if isFound || pair.isSimilar { pairs.append(pair) }
      }
    }
    return pairs
  }
}
