public import FeedModel
import FeedStore
import Synchronization

/// What a person does with one command: all that is written in it is undone together.
///
/// Where nothing is written there is no act. What a sync writes by itself belongs to none.
public final class Act: Sendable {
  /// The act that this one takes back; nil when it is no undo.
  let undoes: ActID?
  private let known = Mutex<ActID?>(nil)

  /// Begins an act.
  public convenience init() { self.init(undoes: nil) }

  init(undoes: ActID?) { self.undoes = undoes }

  /// Its name; nil until something is written.
  public var id: ActID? { known.withLock { $0 } }

  /// What the next lines say of it.
  var pending: PendingAct { PendingAct(id: id, undoes: undoes) }

  /// Takes note of the number that its first line was given.
  func note(_ appended: [AppendedLines]) {
    for line in appended.lazy.flatMap(\.lines) {
      guard let act = line.event.act else { continue }
      return known.withLock { $0 = act.id }
    }
  }
}
