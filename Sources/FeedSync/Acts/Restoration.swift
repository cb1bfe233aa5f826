import FeedModel

/// One write to a register.
struct RegisterWrite: Hashable {
  /// Its place in the order of writes.
  var stamp: RegisterStamp
  /// What was written.
  var value: RegisterValue
  /// The act that it is a part of.
  var act: LineAct?
  /// It stands only in what a journal was compacted to, or was taken over from a forgotten device:
  /// earlier writes of that device may be no more.
  var isCompacted = false
}

/// What undoing or redoing an act does to one register that the act wrote.
enum Restoration: Hashable {
  /// This value is written; it was first written by that device, or by nobody.
  case write(RegisterValue, from: String?)
  /// It is that way already.
  case same
  /// A later write holds, which is left.
  case changedSince
}

/// Decides what undoing or redoing an act does to one register.
///
/// The register is to hold what it would hold had the act never been, or never been undone: the
/// latest of the writes that count. Writes of acts that are undone do not count, nor those of undos
/// and redos themselves, for they only say again what others wrote. Where the act's own write
/// is not the latest of them, something was done since, and the register is left as it is.
///
/// What others wrote may be no more where journals were compacted. Then the write that stands
/// before the act's own says what held, also where it is that of an undo.
///
/// - Parameters:
///   - root: The act.
///   - isRedone: It is to hold again; false to take it back.
///   - writes: All writes to the register, in any order, also more than once.
///   - history: Which acts hold before.
/// - Returns: What to do.
func restoration(
  of root: ActID,
  isRedone: Bool,
  in writes: [RegisterWrite],
  _ history: inout ActHistory
) -> Restoration {
  var (last, lastOfOthers, present): (RegisterWrite?, RegisterWrite?, RegisterWrite?)
  for write in writes {
    if isLater(write, than: present) { present = write }
    let isOwn = write.act?.id == root
    if !isOwn, let act = write.act, act.undoes != nil || history.isUndone(act.id) { continue }
    if isLater(write, than: last) { last = write }
    if !isOwn, isLater(write, than: lastOfOthers) { lastOfOthers = write }
  }
  guard let last, last.act?.id == root else { return .changedSince }
  let before = remnant(before: root, in: writes, &history)
  if let before, isLater(before, than: lastOfOthers) { lastOfOthers = before }
  let wanted = isRedone ? last : lastOfOthers
  let value = wanted?.value ?? .none
  let expected = isRedone ? lastOfOthers?.value ?? .none : last.value
  // An undo that says something else than what is known took back something that is not.
  if let since = compactedUndo(after: last, of: root, in: writes, &history), since != expected {
    return .changedSince
  }
  if value == present?.value { return .same }
  return .write(value, from: wanted?.stamp.device)
}

private func isLater(_ write: RegisterWrite, than other: RegisterWrite?) -> Bool {
  other.map { $0.stamp < write.stamp } ?? true
}

/// The write that says what held before an act, where older ones are compacted away.
private func remnant(
  before root: ActID,
  in writes: [RegisterWrite],
  _ history: inout ActHistory
) -> RegisterWrite? {
  guard let first = writes.filter({ $0.act?.id == root }).min(by: { $0.stamp < $1.stamp }) else {
    return nil
  }
  let earlier = writes.filter { $0.act?.id != root && $0.stamp < first.stamp }
  guard let floor = earlier.filter(\.isCompacted).max(by: { $0.stamp < $1.stamp }) else {
    return nil
  }
  // Undos of what is all here only say it again, in the light of what held at their time.
  let known = Set(writes.lazy.filter { !$0.isCompacted }.compactMap(\.act?.id))
  var (last, counted): (RegisterWrite?, RegisterWrite?)
  for write in earlier where write.stamp >= floor.stamp {
    let isUndone = write.act.map { history.isUndone($0.id) } ?? false
    if !write.isCompacted, let act = write.act {
      if isUndone || act.undoes != nil && known.contains(history.root(of: act.id).act) { continue }
    }
    if write.act?.undoes == nil, !isUndone, isLater(write, than: counted) { counted = write }
    if isLater(write, than: last) { last = write }
  }
  return counted == nil ? last : nil
}

/// What the latest undo of another act says that was compacted, and stands after an act's write.
private func compactedUndo(
  after last: RegisterWrite,
  of root: ActID,
  in writes: [RegisterWrite],
  _ history: inout ActHistory
) -> RegisterValue? {
  var latest: RegisterWrite?
  for write in writes where write.isCompacted && last.stamp < write.stamp {
    guard let act = write.act, act.undoes != nil, history.root(of: act.id).act != root,
      isLater(write, than: latest)
    else { continue }
    latest = write
  }
  return latest?.value
}
