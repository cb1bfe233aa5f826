import Dispatch
import Synchronization

/// Wakes who sleeps when a signal comes, and remembers it.
final class Doorbell: Sendable {
  private struct State {
    var signals: [Int32] = []
    var sleeper: Task<Void, Never>?
    /// What is cancelled when one of these comes.
    var errand: (signals: Set<Int32>, cancel: @Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// Holds what listens.
  private let source: Mutex<(any DispatchSourceRead)?> = Mutex(nil)

  /// Listens for signals until the end of the process.
  ///
  /// - Parameter signals: Numbers such as `SIGTERM`.
  /// - Throws: `Failure` when there are no more descriptors.
  init(_ signals: [Int32]) throws {
    let descriptor = try signalPipe(signals)
    source.withLock { source in
      let new = DispatchSource.makeReadSource(fileDescriptor: descriptor)
      new.setEventHandler { [weak self] in self?.ring(signalsRead(from: descriptor)) }
      new.activate()
      source = new
    }
  }

  /// Takes the signals that came since the last time.
  func taken() -> [Int32] {
    state.withLock { state in
      defer { state.signals = [] }
      return state.signals
    }
  }

  /// One of these came, and was not taken yet.
  func hasRung(_ signals: Set<Int32>) -> Bool {
    state.withLock { !signals.isDisjoint(with: $0.signals) }
  }

  /// Sleeps so long, or until a signal comes.
  func sleep(seconds: Int64) async {
    let sleeper = Task {
      // Cancelled is as good as slept.
      try? await Task.sleep(for: .seconds(seconds))
      return
    }
    let isRung = state.withLock { state in
      state.sleeper = sleeper
      return !state.signals.isEmpty
    }
    if isRung { sleeper.cancel() }
    await sleeper.value
  }

  /// Does something that is cancelled when one of these signals comes.
  ///
  /// - Parameters:
  ///   - signals: Numbers such as `SIGTERM`; they are not taken.
  ///   - body: What is done.
  /// - Returns: What it came to.
  func heeding<Value: Sendable>(
    _ signals: Set<Int32>,
    _ body: @escaping @Sendable () async -> Value
  ) async -> Value {
    let task = Task { await body() }
    let isRung = state.withLock { state in
      state.errand = (signals, { task.cancel() })
      return !signals.isDisjoint(with: state.signals)
    }
    if isRung { task.cancel() }
    defer { state.withLock { $0.errand = nil } }
    return await task.value
  }

  private func ring(_ signals: [Int32]) {
    state.withLock { state in
      state.signals += signals
      state.sleeper?.cancel()
      if let errand = state.errand, !errand.signals.isDisjoint(with: signals) { errand.cancel() }
    }
  }
}
