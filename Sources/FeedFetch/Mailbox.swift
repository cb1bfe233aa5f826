import Synchronization

/// What tasks tell the thread of the loop, and how they wait for its answers.
final class Mailbox: Sendable {
  /// One hop that somebody waits for.
  struct Job: Sendable {
    var id: UInt64
    var hop: HopRequest
    var continuation: CheckedContinuation<HopResult, Never>
  }

  /// What is asked of the loop.
  enum Command: Sendable {
    /// Carry a hop out when it is its turn.
    case start(Job)
    /// Answer at once that a hop is cancelled.
    case cancel(UInt64)
  }

  private struct State {
    var commands: [Command] = []
    var isStopped = false
    var nextID: UInt64 = 0
    var waker: CurlWaker?
  }

  private let state = Mutex(State())

  /// Carries out one hop; cancelling the task ends it.
  func carryOut(_ hop: HopRequest) async -> HopResult {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let job = Job(id: id, hop: hop, continuation: continuation)
        guard send(.start(job)) else {
          continuation.resume(returning: HopResult(end: .cancelled))
          return
        }
        // The handler below may have run before the job was known.
        if Task.isCancelled { send(.cancel(id)) }
      }
    } onCancel: {
      send(.cancel(id))
    }
  }

  /// Asks the loop to end; nothing is taken from now on.
  func stop() {
    state.withLock { state in
      state.isStopped = true
      state.waker?.wake()
    }
  }

  /// Says how the loop is woken while it waits.
  func open(_ waker: CurlWaker) {
    state.withLock { $0.waker = waker }
  }

  /// What was asked since the last time; nil when the loop is to end.
  func take() -> [Command]? {
    state.withLock { state in
      if state.isStopped { return nil }
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Stops, forgets how the loop is woken, and hands over what was not taken.
  func close() -> [Command] {
    state.withLock { state in
      state.isStopped = true
      state.waker = nil
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Answers everyone who waits and will wait, when there can be no loop.
  func refuseAll() {
    for case .start(let job) in close() {
      job.continuation.resume(returning: HopResult(end: .cancelled))
    }
  }

  @discardableResult private func send(_ command: Command) -> Bool {
    state.withLock { state in
      guard !state.isStopped else { return false }
      state.commands.append(command)
      // The first of several wakes the loop; it takes all of them.
      if state.commands.count == 1 { state.waker?.wake() }
      return true
    }
  }
}
