import Synchronization

/// What tasks tell the thread of the loop, and how they wait for its answers.
final class Mailbox: Sendable {
  /// One hop that somebody waits for.
  ///
  /// An object, so that what it holds is not copied on its way through the loop.
  final class Job: Sendable {
    let id: UInt64
    let hop: HopRequest
    let continuation: CheckedContinuation<HopResult, Never>

    fileprivate init(
      id: UInt64,
      hop: HopRequest,
      continuation: CheckedContinuation<HopResult, Never>
    ) {
      self.id = id
      self.hop = hop
      self.continuation = continuation
    }
  }

  /// What is asked of the loop.
  enum Command: Sendable {
    /// Carry a hop out when it is its turn.
    case start(Job)
    /// Answer at once that a hop is cancelled.
    case cancel(UInt64)
    /// Follow no redirect to these hosts.
    case leaveAlone(Set<String>)
  }

  private struct State {
    var commands: [Command] = []
    var isStopped = false
    var nextID: UInt64 = 0
    var waker: CurlWaker?
    /// The loop sleeps, or is about to.
    var isWaiting = false
  }

  private let state = Mutex(State())
  private let aside = Atomic(0)

  /// How many hops under way have brought nothing for a while.
  var asideCount: Int { aside.load(ordering: .relaxed) }

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

  /// Has no redirect followed to hosts, from the next hop on.
  func leaveAlone(_ hosts: Set<String>) { send(.leaveAlone(hosts)) }

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
      state.isWaiting = false
      if state.isStopped { return nil }
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Whether the loop may sleep; from then on it is woken when something is asked of it.
  func mayWait() -> Bool {
    state.withLock { state in
      state.isWaiting = state.commands.isEmpty && !state.isStopped
      return state.isWaiting
    }
  }

  /// Says how many hops under way have brought nothing for a while.
  func tellAside(_ count: Int) { aside.store(count, ordering: .relaxed) }

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
      // Waking costs two calls of the system: nobody is woken who is awake, or twice.
      if state.isWaiting {
        state.isWaiting = false
        state.waker?.wake()
      }
      return true
    }
  }
}
