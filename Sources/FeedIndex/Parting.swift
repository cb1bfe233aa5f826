public import FeedModel

/// What people said about which keys are one article, and which are not.
public struct Ties: Hashable, Sendable {
  /// The part of each key that was taken apart (register `part`).
  public var parts: [ArticleID: String] = [:]
  /// The key that another key is one with (register `join`).
  public var joins: [ArticleID: ArticleID] = [:]

  /// Nobody said anything.
  public init() {}
}

/// What a line of an article is known by.
public struct LineKeys: Hashable, Sendable {
  /// As in the line: the id first.
  public var keys: [ArticleID]
  /// That of its own item.
  public var own: ArticleID
  /// When it was written.
  public var at: Timestamp
  /// Who wrote it.
  public var device: String

  /// Describes a line.
  public init(keys: [ArticleID], own: ArticleID, at: Timestamp, device: String) {
    self.keys = keys
    self.own = own
    self.at = at
    self.device = device
  }

  /// The order in which lines are asked; copies of a line are the same to it.
  fileprivate func isBefore(_ other: LineKeys) -> Bool {
    if (at, device, own) != (other.at, other.device, other.own) {
      return (at, device, own) < (other.at, other.device, other.own)
    }
    return keys.lexicographicallyPrecedes(other.keys)
  }
}

/// Which lines are one article (Documentation/Format.md, "One article or two").
///
/// A function of the set of lines and of what was said about keys: no order counts.
public struct Parting: Sendable {
  /// Lines that share keys of one part.
  public struct Half: Hashable, Sendable {
    /// The lines, by their places among all, in that order.
    public var lines: [Int] = []
    /// The keys that these lines hold.
    public var keys: Set<ArticleID> = []
  }

  /// Lines that are one article by their keys alone.
  public private(set) var halves: [Half] = []
  /// The articles, each by the places of its halves; joins tie these.
  public private(set) var articles: [[Int]] = []
  /// The keys that each line holds, its id first.
  public private(set) var held: [[ArticleID]] = []

  /// Divides lines.
  ///
  /// - Parameters:
  ///   - lines: All lines that share keys with each other, and any others.
  ///   - ties: What was said about their keys.
  public init(_ lines: [LineKeys], _ ties: Ties) {
    let labels = Labels(lines, ties)
    held = lines.map { line in
      let part = labels.part(of: line.own)
      let keys = line.keys.filter { $0 == line.own || labels.part(of: $0) == part }
      // The id of another part is not the id of this one.
      return keys.first == line.keys.first ? keys : [line.own] + keys.filter { $0 != line.own }
    }
    var places: [ArticleID: Int] = [:]
    for (index, keys) in held.enumerated() {
      var half = Half(lines: [index], keys: Set(keys))
      for place in Set(keys.compactMap { places[$0] }).sorted() {
        half.lines += halves[place].lines
        half.keys.formUnion(halves[place].keys)
        halves[place] = Half()
      }
      half.lines.sort()
      for key in half.keys { places[key] = halves.count }
      halves.append(half)
    }
    halves.removeAll { $0.lines.isEmpty }
    articles = joined(ties.joins)
  }

  /// The halves that joins make one; a join may lead over a key that is not here.
  private func joined(_ joins: [ArticleID: ArticleID]) -> [[Int]] {
    var groups: [(halves: [Int], keys: Set<ArticleID>)] = []
    func add(_ halves: [Int], _ keys: Set<ArticleID>) {
      var group = (halves: halves, keys: keys)
      groups.removeAll { other in
        guard !other.keys.isDisjoint(with: group.keys) else { return false }
        group.halves += other.halves
        group.keys.formUnion(other.keys)
        return true
      }
      groups.append(group)
    }
    for (index, half) in halves.enumerated() { add([index], half.keys) }
    for (key, other) in joins { add([], [key, other]) }
    return groups.map { $0.halves.sorted() }.filter { !$0.isEmpty }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}

/// The part of each key.
///
/// Of most keys of a part nobody says anything: they came later, or on another machine. Such a key
/// belongs where the line leads that says most about it: one of its own item before others, one
/// without any key of a part before others, then the oldest. Such a line leads to its own key, and
/// from there to its id.
private struct Labels {
  private let lines: [LineKeys]
  private let ties: Ties
  private var ways: [ArticleID: Int] = [:]

  init(_ lines: [LineKeys], _ ties: Ties) {
    self.lines = lines
    self.ties = ties
    guard !ties.parts.isEmpty else { return }
    let hasParts = lines.map { line in line.keys.contains { ties.parts[$0] != nil } }
    for (index, line) in lines.enumerated() {
      for key in line.keys {
        guard let known = ways[key] else {
          ways[key] = index
          continue
        }
        let ranks = [index, known]
          .map { (lines[$0].own == key ? 0 : 1, hasParts[$0] ? 1 : 0) }
        if ranks[0] == ranks[1] ? line.isBefore(lines[known]) : ranks[0] < ranks[1] {
          ways[key] = index
        }
      }
    }
  }

  /// The part of a key; nil for what nobody took apart.
  func part(of key: ArticleID) -> String? {
    guard !ties.parts.isEmpty else { return nil }
    var (key, seen) = (key, Set<ArticleID>())
    while true {
      if let part = ties.parts[key] { return part }
      // Lines that are made up may lead in a circle.
      guard seen.insert(key).inserted, let line = ways[key].map({ lines[$0] }) else { return nil }
      if line.own != key {
        key = line.own
      } else if let id = line.keys.first, id != key {
        key = id
      } else {
        return line.keys.sorted().lazy.compactMap { ties.parts[$0] }.first
      }
    }
  }
}
