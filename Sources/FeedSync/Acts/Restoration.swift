import FeedModel

/// One write to a register.
struct RegisterWrite: Hashable {
  /// Its place in the order of writes.
  var stamp: RegisterStamp
  /// What was written.
  var value: RegisterValue
  /// The act that it is a part of.
  var act: LineAct?
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
  func isLater(_ write: RegisterWrite, than other: RegisterWrite?) -> Bool {
    other.map { $0.stamp < write.stamp } ?? true
  }
  for write in writes {
    if isLater(write, than: present) { present = write }
    let isOwn = write.act?.id == root
    if !isOwn, let act = write.act, act.undoes != nil || history.isUndone(act.id) { continue }
    if isLater(write, than: last) { last = write }
    if !isOwn, isLater(write, than: lastOfOthers) { lastOfOthers = write }
  }
  guard let last, last.act?.id == root else { return .changedSince }
  let wanted = isRedone ? last : lastOfOthers
  let value = wanted?.value ?? .none
  if value == present?.value { return .same }
  return .write(value, from: wanted?.stamp.device)
}
