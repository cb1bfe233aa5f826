import Dispatch
import Synchronization

/// Makes values on another thread while they are taken on this one, in their order.
///
/// For work that is synchronous on both sides: a store is read and its lines are taken apart while
/// the index folds those before.
///
/// - Parameters:
///   - most: How many may be made before they are taken.
///   - make: Hands over one value after the other; it ends when it is told false.
///   - take: Takes a value; when it throws, no more are made.
/// - Throws: What `take` throws.
func readAhead<Value: Sendable, Failure: Error>(
  atMost most: Int,
  make: @escaping @Sendable (_ hand: (Value) -> Bool) -> Void,
  take: (Value) throws(Failure) -> Void
) throws(Failure) {
  let queue = HandOver<Value>(most: most)
  DispatchQueue.global()
    .async {
      make(queue.add)
      queue.end()
    }
  defer { queue.stop() }
  while let value = queue.next() { try take(value) }
}

/// What was made and is not taken yet.
private final class HandOver<Value: Sendable>: Sendable {
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private let state = Mutex((values: [Value](), isStopped: false))

  init(most: Int) {
    // A semaphore may not end with less than it began with, and this one may be left half taken.
    for _ in 0..<most { free.signal() }
  }

  /// Waits for room; false when nothing more is wanted.
  func add(_ value: Value) -> Bool {
    free.wait()
    let isStopped = state.withLock { state in
      if !state.isStopped { state.values.append(value) }
      return state.isStopped
    }
    filled.signal()
    return !isStopped
  }

  /// Nothing more will come.
  func end() {
    filled.signal()
    ended.signal()
  }

  /// The next value; nil after the last.
  func next() -> Value? {
    filled.wait()
    let value = state.withLock { $0.values.isEmpty ? nil : $0.values.removeFirst() }
    if value != nil { free.signal() }
    return value
  }

  /// Wants nothing more, and waits until no more is made.
  func stop() {
    state.withLock { $0 = ([], true) }
    free.signal()
    ended.wait()
  }
}
