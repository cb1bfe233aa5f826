import FeedModel

/// Which acts hold, by what was undone and redone.
///
/// An undo of an undo is a redo. Undos of one act that were made without knowledge of each other
/// all count: the last word is that of the latest undo which no other undo takes back. So it does
/// not matter in what order lines are read.
struct ActHistory {
  private var links: [ActID: (undoes: ActID, stamp: RegisterStamp)] = [:]
  private var isTakenBack: Set<ActID> = []

  /// Takes note of a line that is a part of an act.
  mutating func note(_ act: LineAct, _ stamp: RegisterStamp) {
    guard let undone = act.undoes else { return }
    if let known = links[act.id], stamp < known.stamp { return }
    links[act.id] = (undone, stamp)
    isTakenBack.insert(undone)
    words = nil
    undos = nil
    if !roots.isEmpty { roots = [:] }
  }

  /// The act that an undo, or a redo, is about in the end, and how many steps away that is.
  ///
  /// Lines of others may name each other in a circle: then an act stands for itself.
  mutating func root(of act: ActID) -> (act: ActID, steps: Int) {
    guard links[act] != nil else { return (act, 0) }
    // Each link is followed once, or a long chain of undos would take for ever.
    var path: [ActID] = []
    var places: Set<ActID> = []
    var (next, known) = (act, roots[act])
    while known == nil, let link = links[next], places.insert(next).inserted {
      path.append(next)
      next = link.undoes
      known = roots[next]
    }
    let end = known ?? (places.contains(next) ? .circle : .act(next, steps: 0))
    for (distance, id) in path.reversed().enumerated() {
      switch end {
      case .circle: roots[id] = .circle
      case .act(let root, let steps): roots[id] = .act(root, steps: steps + distance + 1)
      }
    }
    guard case .act(let root, let steps)? = roots[act] else { return (act, 0) }
    return (root, steps)
  }

  private enum Root {
    case act(ActID, steps: Int)
    /// It leads into a circle.
    case circle
  }

  /// Where acts lead that were asked for, as long as no line is added.
  private var roots: [ActID: Root] = [:]

  /// What the act did does not hold any more.
  ///
  /// Of an undo that is so when it was redone, and of a redo when that was undone again.
  mutating func isUndone(_ act: ActID) -> Bool {
    let (root, steps) = root(of: act)
    let isOff = lastWords()[root]?.isOff ?? false
    return steps.isMultiple(of: 2) ? isOff : !isOff
  }

  /// The latest undo of an act, or of an undo, that holds; nil where the act holds.
  mutating func undo(of act: ActID) -> ActID? {
    guard isUndone(act) else { return nil }
    let undos = (undosOf()[act] ?? []).filter { !isUndone($0) }
    return undos.max { left, right in
      guard let first = links[left], let second = links[right] else { return false }
      return first.stamp < second.stamp
    }
  }

  /// The undos of each act, as long as no line is added.
  private var undos: [ActID: [ActID]]?

  private mutating func undosOf() -> [ActID: [ActID]] {
    if let undos { return undos }
    let made = Dictionary(grouping: links.keys) { links[$0]?.undoes ?? $0 }
    undos = made
    return made
  }

  /// When the last word on an act was written: one that is to hold has to be later.
  mutating func lastWord(on root: ActID) -> Timestamp? { lastWords()[root]?.stamp.at }

  private var words: [ActID: (stamp: RegisterStamp, isOff: Bool)]?

  /// Whether each act that was ever undone is undone now.
  private mutating func lastWords() -> [ActID: (stamp: RegisterStamp, isOff: Bool)] {
    if let words { return words }
    var words: [ActID: (stamp: RegisterStamp, isOff: Bool)] = [:]
    for (act, link) in links where !isTakenBack.contains(act) {
      let (root, steps) = root(of: act)
      if let last = words[root], link.stamp < last.stamp { continue }
      words[root] = (link.stamp, !steps.isMultiple(of: 2))
    }
    self.words = words
    return words
  }
}
