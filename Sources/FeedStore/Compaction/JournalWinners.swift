import FeedModel

/// Finds out which lines of some journals still say something.
///
/// A line stays when it holds any register, among these lines, or when it is not understood. What
/// other devices wrote does not matter: such a device may be forgotten.
struct JournalWinners {
  /// Which registers are looked at: those whose id falls into one of several parts.
  let part: Int
  let parts: Int
  /// For each line that was added, in order: whether it stays.
  private(set) var isKept: [Bool] = []
  private var stamps: [RegisterStamp] = []
  private var names: [String: Int32] = [:]
  private var winners: [Register: Int32] = [:]
  private var others: Set<Other> = []

  /// More registers than this are looked at part by part, so that memory does not grow with them.
  static let registersMax = 2_000_000

  private struct Register: Hashable {
    var id: HashID
    var name: Int32
  }

  /// What tells a line from others whose meaning is not known.
  private struct Other: Hashable {
    var number: Int
    var stamp: RegisterStamp
    var operation: StoreOperation
  }

  init(part: Int = 0, of parts: Int = 1) {
    self.part = part
    self.parts = parts
  }

  /// There are too many registers for one part.
  var isFull: Bool { winners.count > Self.registersMax }

  /// Adds a line; of two with one stamp that which comes first stays.
  mutating func add(_ event: StoreEvent) {
    stamps.append(event.stamp)
    switch event.operation {
    case .open: break
    case .feed(let feed, let key, _): add(feed.hash, "feed \(key)")
    case .set(let key, _, let ids):
      let name = number(of: "set \(key)")
      for id in ids { add(id.hash, name) }
    case .article, .unknown:
      let other = Other(number: event.number, stamp: event.stamp, operation: event.operation)
      isKept.append(others.insert(other).inserted)
      return
    }
    isKept.append(false)
  }

  /// Says of each line whether it stays.
  mutating func finish() {
    for line in winners.values { isKept[Int(line)] = true }
    winners = [:]
  }

  private mutating func add(_ id: HashID, _ name: String) { add(id, number(of: name)) }

  private mutating func add(_ id: HashID, _ name: Int32) {
    guard parts == 1 || part(of: id) == part else { return }
    let line = Int32(stamps.count - 1)
    let register = Register(id: id, name: name)
    guard let known = winners[register] else {
      winners[register] = line
      return
    }
    if stamps[Int(known)] < stamps[Int(line)] { winners[register] = line }
  }

  /// By both halves: nobody can choose ids that share one of them and fall into one part.
  private func part(of id: HashID) -> Int {
    var hasher = Hasher()
    hasher.combine(id)
    return Int(UInt(bitPattern: hasher.finalize()) % UInt(parts))
  }

  private mutating func number(of name: String) -> Int32 {
    if let known = names[name] { return known }
    let new = Int32(names.count)
    names[name] = new
    return new
  }
}
