import Testing

/// The lines of Documentation/Fetching.md that a test shows to hold.
struct Lines: TestTrait, SuiteTrait {
  let numbers: [Int]
}

extension Trait where Self == Lines {
  /// The test shows that these lines of Documentation/Fetching.md hold.
  static func line(_ numbers: Int...) -> Lines { Lines(numbers: numbers) }
}

/// Lets only a few tests of all suites run at one time.
///
/// Each runs programs and waits for them; more of them at once would only make each slower, and a
/// test of a time limit needs a machine that answers.
struct FewAtOnce: TestTrait, SuiteTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    await Permits.shared.take()
    do {
      try await function()
    } catch {
      await Permits.shared.giveBack()
      throw error
    }
    await Permits.shared.giveBack()
  }
}

extension Trait where Self == FewAtOnce {
  /// Only a few tests of all suites with this trait run at one time.
  static var fewAtOnce: FewAtOnce { FewAtOnce() }
}

private actor Permits {
  static let shared = Permits(4)
  private var left: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { left = count }

  func take() async {
    guard left == 0 else {
      left -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func giveBack() {
    guard !waiting.isEmpty else {
      left += 1
      return
    }
    waiting.removeFirst().resume()
  }
}
