import FeedIndex
import FeedMerge
import FeedModel

/// A write to the register `part`, `join` or `story` of one key.
struct TieWrite: Hashable {
  /// Which of them.
  enum Register: String {
    case part, join, story
  }

  var register: Register
  var key: ArticleID
  /// The part, the other key or the story; nil takes back what was said.
  var value: String?
}

/// Decides what takes an article apart.
///
/// Pure: the same lines in any order give the same writes.
struct Division {
  private let lines: [Line]
  private let ties: Ties
  /// When each join was made.
  private let joined: [ArticleID: Timestamp]
  /// The id of the article.
  private let id: ArticleID
  private let parting: Parting
  /// Its halves, among those of the parting.
  private let halves: [Int]

  private struct Line {
    var event: StoreEvent
    var article: Article
    var keys: LineKeys
    /// The keys of its own item, among those that it names.
    var sources: Set<ArticleID>

    var order: (Timestamp, String, Int, ArticleID) {
      (event.at, event.device, event.number, keys.own)
    }
  }

  /// What is to be taken apart.
  ///
  /// - Parameters:
  ///   - id: The id of the article.
  ///   - found: All lines that have to do with it.
  ///   - ties: What was said about keys.
  ///   - joined: When each join was made.
  init(
    of id: ArticleID,
    _ found: [StoredLine],
    _ ties: Ties,
    joined: [ArticleID: Timestamp]
  ) {
    self.id = id
    self.ties = ties
    self.joined = joined
    lines =
      found.compactMap { line -> Line? in
        guard case .article(let article) = line.event.operation else { return nil }
        let own = ownKey(of: article)
        let sources = keySources(of: article.item, in: article.feed).keys
          .filter { $0 == own || article.keys.contains($0) }
        return Line(
          event: line.event,
          article: article,
          keys: LineKeys(
            keys: article.keys,
            own: own,
            at: line.event.at,
            device: line.event.device
          ),
          sources: Set(sources).union([own])
        )
      }
      .sorted { $0.order < $1.order }
    let parting = Parting(lines.map(\.keys), ties)
    self.parting = parting
    halves = parting.articles.first { $0.contains { parting.halves[$0].keys.contains(id) } } ?? []
  }

  /// What takes the article apart.
  ///
  /// A key that is not of the item by which the article was first known is taken out, with what was
  /// taken for it later. Else what made it one last is taken back: a join, or a match.
  ///
  /// - Parameter named: The key that the person named.
  /// - Returns: Nil when nothing tells one part of it from another.
  func writes(naming named: ArticleID) -> [TieWrite]? {
    guard let root = halves.first(where: { parting.halves[$0].keys.contains(id) }) else {
      return nil
    }
    if let half = halves.first(where: { $0 != root && parting.halves[$0].keys.contains(named) }) {
      return cut(half)
    }
    let matches = halves.map { match(in: $0, naming: named) }
    let newest = matches.compactMap(\.self).max { $0.at < $1.at }
    let isNamed = newest.map { $0.key == named } ?? false
    if halves.count > 1, !isNamed, let last = lastJoin, last.at >= newest?.at ?? .earliest {
      return cutJoins(from: last)
    }
    return newest.flatMap(writes)
  }

  /// The articles that writes come to, the one that had the id first: their ids and titles.
  func articles(after writes: [TieWrite]) -> [(id: ArticleID, title: String?)] {
    var after = ties
    for write in writes { after.take(write) }
    let parting = Parting(lines.map(\.keys), after)
    let keys = halves.reduce(into: Set()) { $0.formUnion(self.parting.halves[$1].keys) }
    var found: [(id: ArticleID, title: String?)] = []
    for article in parting.articles {
      let own = article.filter { !parting.halves[$0].keys.isDisjoint(with: keys) }
      let places = own.flatMap { parting.halves[$0].lines }.sorted()
      guard let first = places.first, let last = places.last else { continue }
      let row = (id: parting.held[first][0], title: lines[last].article.item.title)
      if article.contains(where: { parting.halves[$0].keys.contains(id) }) {
        found.insert(row, at: 0)
      } else {
        found.append(row)
      }
    }
    return found
  }

  // MARK: Joins

  private var keys: Set<ArticleID> {
    halves.reduce(into: Set()) { $0.formUnion(parting.halves[$1].keys) }
  }

  private var lastJoin: (key: ArticleID, at: Timestamp)? {
    joined.filter { keys.contains($0.key) && ties.joins[$0.key] != nil }
      .max { ($0.value, $0.key) < ($1.value, $1.key) }
      .map { ($0.key, $0.value) }
  }

  /// Takes one half out of the article.
  private func cut(_ half: Int) -> [TieWrite]? {
    let keys = parting.halves[half].keys
    let cut = ties.joins.filter { keys.contains($0.key) != keys.contains($0.value) }
      .filter { self.keys.contains($0.key) || self.keys.contains($0.value) }
    return taking(back: cut.keys)
  }

  /// Takes back joins, the newest first, until there are two articles.
  private func cutJoins(from last: (key: ArticleID, at: Timestamp)) -> [TieWrite]? {
    var writes: [TieWrite] = []
    let order = joined.filter { keys.contains($0.key) && ties.joins[$0.key] != nil }
      .sorted { ($0.value, $0.key) > ($1.value, $1.key) }
    for (key, _) in order {
      writes.append(TieWrite(register: .join, key: key, value: nil))
      if articles(after: writes).count > 1 { return writes }
    }
    return nil
  }

  private func taking(back keys: some Sequence<ArticleID>) -> [TieWrite]? {
    let writes = keys.sorted().map { TieWrite(register: .join, key: $0, value: nil) }
    return articles(after: writes).count > 1 ? writes : nil
  }

  // MARK: Matches

  /// A key under which a half was met after it was known under another one.
  private struct Match {
    var half: Int
    var key: ArticleID
    var at: Timestamp
  }

  /// The match that is to be taken back of one half.
  private func match(in half: Int, naming named: ArticleID) -> Match? {
    let (first, all) = items(of: half)
    let others = all.filter { $0.key != first }
    if let own = others.first(where: { $0.key == named }) { return own }
    // A link that an item alone has names that item.
    let owners = Set(
      parting.halves[half].lines.filter { lines[$0].sources.contains(named) }
        .map { lines[$0].keys.own }
    )
    if owners.count == 1, let own = others.first(where: { owners.contains($0.key) }) {
      return Match(half: half, key: own.key, at: .latest)
    }
    return others.max { $0.at < $1.at }
  }

  /// The keys of the items of a half, each with the time when it was met first.
  private func items(of half: Int) -> (first: ArticleID?, all: [Match]) {
    var all: [Match] = []
    for place in parting.halves[half].lines {
      let own = lines[place].keys.own
      if !all.contains(where: { $0.key == own }) {
        all.append(Match(half: half, key: own, at: lines[place].event.at))
      }
    }
    return (all.first?.key, all)
  }

  private func writes(for match: Match) -> [TieWrite]? {
    // What was taken for this item later goes with it.
    var taken: Set<ArticleID> = [match.key]
    var seen: Set<ArticleID> = []
    var before: ArticleID?
    let places = parting.halves[match.half].lines
    for place in places {
      let own = lines[place].keys.own
      if seen.insert(own).inserted, let before, taken.contains(before) { taken.insert(own) }
      before = own
    }
    var (ours, theirs): (Set<ArticleID>, Set<ArticleID>) = ([], [])
    for place in places {
      if taken.contains(lines[place].keys.own) {
        ours.formUnion(lines[place].sources)
      } else {
        theirs.formUnion(lines[place].sources)
      }
    }
    let part = ours.subtracting(theirs).union(taken)
      .intersection(parting.halves[match.half].keys)
    func says(_ keys: Set<ArticleID>, _ name: ArticleID) -> [TieWrite] {
      keys.sorted().map { TieWrite(register: .part, key: $0, value: name.description) }
    }
    let writes = says(part, match.key)
    if isApart(match, after: writes) { return writes }
    // Where the lines of the others name these keys too, they have to be named as well.
    let rest = parting.halves[match.half].keys.subtracting(part)
    guard let name = rest.contains(id) ? id : rest.min() else { return nil }
    let all = writes + says(rest, name)
    return isApart(match, after: all) ? all : nil
  }

  private func isApart(_ match: Match, after writes: [TieWrite]) -> Bool {
    var after = ties
    for write in writes { after.take(write) }
    // Joins may tie what is taken apart.
    after.joins = [:]
    let parting = Parting(lines.map(\.keys), after)
    return parting.halves.count { !$0.keys.isDisjoint(with: self.parting.halves[match.half].keys) }
      > 1
  }
}

extension Ties {
  /// Takes over a write.
  mutating func take(_ write: TieWrite) {
    switch write.register {
    case .part: parts[write.key] = write.value
    case .join: joins[write.key] = write.value.flatMap { ArticleID($0) }
    // Of which story an article is a part says nothing of what is one article.
    case .story: break
    }
  }
}
