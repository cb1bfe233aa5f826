import FeedModel
import TestSupport
import Testing

@testable import FeedSync

private func act(_ number: Int) -> ActID { ActID(device: "k7m2q9xw", number: number) }

private func stamp(_ at: Int64, _ device: String = "k7m2q9xw") -> RegisterStamp {
  RegisterStamp(at: Timestamp(milliseconds: at), device: device, sum: 0)
}

/// A write at a moment, of an act that may be an undo; 0 is no act.
private func write(
  _ at: Int64,
  _ value: RegisterValue,
  _ number: Int = 0,
  undoes: Int? = nil,
  on device: String = "k7m2q9xw"
) -> RegisterWrite {
  let part = number == 0 ? nil : LineAct(id: act(number), undoes: undoes.map(act))
  return RegisterWrite(stamp: stamp(at, device), value: value, act: part)
}

private func compacted(_ write: RegisterWrite) -> RegisterWrite {
  var write = write
  write.isCompacted = true
  return write
}

/// What becomes of the register when an act is undone, or done again.
private func restored(
  _ root: Int,
  isRedone: Bool = false,
  _ writes: [RegisterWrite]
) -> Restoration {
  var history = ActHistory()
  for write in writes { if let part = write.act { history.note(part, write.stamp) } }
  let forwards = restoration(of: act(root), isRedone: isRedone, in: writes, &history)
  var other = ActHistory()
  for write in writes.reversed() { if let part = write.act { other.note(part, write.stamp) } }
  let twice = writes.reversed() + writes
  let backwards = restoration(of: act(root), isRedone: isRedone, in: twice, &other)
  #expect(forwards == backwards, "The order of lines does not matter, nor how often they come.")
  return forwards
}

@Test func `an undo gives a register the value from before`() {
  let device = "k7m2q9xw"
  #expect(restored(1, [write(1, .bool(true), 1)]) == .write(.none, from: nil))
  #expect(
    restored(2, [write(1, .bool(true), 1), write(2, .bool(false), 2)])
      == .write(.bool(true), from: device)
  )
  #expect(
    restored(2, [write(1, .string("a")), write(2, .string("b"), 2)])
      == .write(.string("a"), from: device)
  )
  // An act that wrote a register twice takes both back.
  #expect(
    restored(2, [write(1, .integer(1)), write(2, .integer(2), 2), write(3, .integer(3), 2)])
      == .write(.integer(1), from: device)
  )
  #expect(restored(2, [write(1, .bool(true)), write(2, .bool(true), 2)]) == .same)
}

@Test func `what was changed since is left`() {
  #expect(restored(1, [write(1, .bool(true), 1), write(2, .bool(false), 2)]) == .changedSince)
  #expect(restored(1, [write(1, .string("a"), 1), write(2, .string("b"))]) == .changedSince)
}

@Test func `what an undo restored holds also when what it restored is compacted away`() {
  let device = "k7m2q9xw"
  // A star, its removal and the undo of that: only the undo is left.
  let undo = compacted(write(3, .bool(true), 2, undoes: 1))
  #expect(restored(3, [undo, write(9, .bool(false), 3)]) == .write(.bool(true), from: device))
  // The same was written twice, and the second time undone: only that write is left.
  let same = compacted(write(2, .bool(true), 2))
  let trace = write(3, .bool(false), 4, undoes: 2)
  var history = ActHistory()
  for write in [same, trace] { if let part = write.act { history.note(part, write.stamp) } }
  #expect(
    restoration(of: act(5), isRedone: false, in: [same, write(9, .none, 5)], &history)
      == .write(.bool(true), from: device)
  )
  // Another device's older write is not what held.
  let other = write(1, .bool(false), on: "aaaaaaaa")
  #expect(
    restored(3, [other, undo, write(9, .bool(false), 3)]) == .write(.bool(true), from: device)
  )
  // What an undo says that stands after the act, of something that is no more, was done since.
  let since = compacted(write(12, .string("b"), 8, undoes: 7))
  #expect(restored(3, [undo, write(9, .bool(false), 3), since]) == .changedSince)
}

@Test func `what was undone is as if it had never been`() {
  let device = "k7m2q9xw"
  let writes = [
    write(1, .string("a"), 1), write(2, .string("b"), 2),
    write(3, .string("a"), 3, undoes: 2),
  ]
  #expect(restored(1, writes) == .write(.none, from: nil))
  #expect(restored(2, isRedone: true, writes) == .write(.string("b"), from: device))
  let all = writes + [write(4, .none, 4, undoes: 1)]
  #expect(restored(2, isRedone: true, all) == .write(.string("b"), from: device))
  #expect(restored(1, isRedone: true, all) == .write(.string("a"), from: device))
  // What was done after the undo holds.
  let since = all + [write(5, .string("c"), 5)]
  #expect(restored(2, isRedone: true, since) == .changedSince)
}

@Test func `the last of several undos of one act says whether it holds`() {
  var history = ActHistory()
  func note(_ number: Int, undoes: Int, at: Int64) {
    history.note(LineAct(id: act(number), undoes: act(undoes)), stamp(at))
  }
  func isUndone(_ number: Int) -> Bool { history.isUndone(act(number)) }
  #expect(!isUndone(1))
  note(2, undoes: 1, at: 2)
  #expect(isUndone(1))
  #expect(!isUndone(2))
  note(3, undoes: 2, at: 3)
  #expect(!isUndone(1))
  #expect(isUndone(2))
  #expect(!isUndone(3))
  // Another machine undid it as well, before it heard of the redo.
  note(4, undoes: 1, at: 1)
  #expect(!isUndone(1))
  note(5, undoes: 1, at: 9)
  #expect(isUndone(1))
  let root = history.root(of: act(3))
  #expect((root.act, root.steps) == (act(1), 2))
}

@Test func `undos that name each other in a circle are no trouble`() {
  var history = ActHistory()
  history.note(LineAct(id: act(1), undoes: act(2)), stamp(1))
  history.note(LineAct(id: act(2), undoes: act(1)), stamp(2))
  history.note(LineAct(id: act(3), undoes: act(3)), stamp(3))
  history.note(LineAct(id: act(4), undoes: act(1)), stamp(4))
  for number in 1...4 {
    _ = history.isUndone(act(number))
    let root = history.root(of: act(number))
    #expect((root.act, root.steps) == (act(number), 0))
  }
}

@Test func `a chain of very many undos is followed once`() {
  // Followed anew from each of its acts it would be billions of steps.
  let count = 60_000
  var history = ActHistory()
  for number in 2...count {
    history.note(LineAct(id: act(number), undoes: act(number - 1)), stamp(Int64(number)))
  }
  for number in 1...count {
    history.note(LineAct(id: act(count + number), undoes: act(count)), stamp(Int64(count + number)))
  }
  var undone = 0
  for number in 1...2 * count where history.isUndone(act(number)) { undone += 1 }
  // The last undo takes back the last of the chain, and so every second one from there.
  #expect(undone == count / 2)
  let root = history.root(of: act(count + 1))
  #expect((root.act, root.steps) == (act(1), count))
}

/// Leaves of each register only the greatest write of each device, as compaction does.
private func compact(_ writes: inout [Int: [RegisterWrite]]) {
  for (register, all) in writes {
    writes[register] = Dictionary(grouping: all, by: \.stamp.device).values
      .compactMap { $0.max { $0.stamp < $1.stamp } }.map(compacted)
  }
}

/// Acts that a person did, each with what it wrote, and whether it holds: nothing could be simpler.
private struct NaiveHistory {
  var acts: [(number: Int, writes: [Int: RegisterValue], holds: Bool)] = []
  /// What they held before.
  var base: [Int: RegisterValue] = [:]

  /// What the registers hold when only those acts had been that hold.
  var state: [Int: RegisterValue] {
    var state = base
    for act in acts where act.holds {
      for (register, value) in act.writes { state[register] = value }
    }
    return state.filter { $0.value != .none }
  }
}

@Test(arguments: seeds(600))
func `any sequence of acts, undos and redos comes to what the acts that hold come to`(
  seed: Int
) {
  var dice = Dice(state: UInt64(seed))
  var naive = NaiveHistory()
  var history = ActHistory()
  var writes: [Int: [RegisterWrite]] = [:]
  /// Every act and undo so far, with the act that it is about and whether it does that again.
  var done: [(number: Int, root: Int, isRedo: Bool)] = []
  var now: Int64 = 0
  for number in 1...60 {
    if seed.isMultiple(of: 2), Int.random(in: 0..<12, using: &dice) == 0 {
      // No act before this can be undone after it.
      compact(&writes)
      (naive.base, naive.acts, done) = (naive.state, [], [])
      history = ActHistory()
      for write in writes.values.joined() {
        if let part = write.act { history.note(part, write.stamp) }
      }
    }
    now += Int64.random(in: 0...2, using: &dice)
    func add(_ register: Int, _ value: RegisterValue, undoes: Int? = nil) {
      // As in the library: later than what it overwrites.
      var last = writes[register]?.map(\.stamp.at.milliseconds).max() ?? 0
      let root = undoes.map { history.root(of: act($0)).act }
      if let root, let word = history.lastWord(on: root) { last = max(last, word.milliseconds) }
      let device = number.isMultiple(of: 3) ? "aaaaaaaa" : "k7m2q9xw"
      let new = write(max(now, last + 1), value, number, undoes: undoes, on: device)
      writes[register, default: []].append(new)
      if let part = new.act { history.note(part, new.stamp) }
    }
    let candidates = done.filter { !history.isUndone(act($0.number)) }
    if Bool.random(using: &dice), let chosen = candidates.randomElement(using: &dice) {
      let index = chosen.root - 1
      guard let place = naive.acts.firstIndex(where: { $0.number == index + 1 }) else { continue }
      let isRedo = chosen.number != chosen.root && !chosen.isRedo
      var hasWritten = false
      for register in naive.acts[place].writes.keys.sorted() {
        let all = writes[register] ?? []
        let result = restoration(of: act(chosen.root), isRedone: isRedo, in: all, &history)
        guard case .write(let value, _) = result else { continue }
        add(register, value, undoes: chosen.number)
        hasWritten = true
      }
      if !hasWritten, let register = naive.acts[place].writes.keys.min(),
        let present = writes[register]?.max(by: { $0.stamp < $1.stamp })
      {
        add(register, present.value, undoes: chosen.number)
      }
      naive.acts[place].holds = isRedo
      done.append((number, chosen.root, isRedo))
      let isUndone = history.isUndone(act(chosen.number))
      #expect(isUndone)
    } else {
      var values: [Int: RegisterValue] = [:]
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        let value: RegisterValue =
          Bool.random(using: &dice) ? .bool(true) : .integer(Int64(number))
        values[Int.random(in: 0..<5, using: &dice)] = value
      }
      for (register, value) in values.sorted(by: { $0.key < $1.key }) { add(register, value) }
      naive.acts.append((number, values, true))
      done.append((number, number, false))
    }
    let state = writes.compactMapValues { $0.max { $0.stamp < $1.stamp }?.value }
      .filter { $0.value != .none }
    #expect(state == naive.state, "after \(number)")
  }
}

@Test func `the short name of an act tells its device from all others`() {
  let id = ActID(device: "k7m2q9xw", number: 118)
  #expect(shortName(of: id, among: ["k7m2q9xw"]) == "k7m-118")
  #expect(shortName(of: id, among: ["k7m2q9xw", "k7m2aaaa", "zzzzzzzz"]) == "k7m2q-118")
}
