import Glibc

/// Hands the bytes that libFuzzer made to a trial, and remembers which took longest.
///
/// - Parameters:
///   - start: The first byte; nil when there is none.
///   - count: How many there are.
///   - trial: What to do with them. It stops the program where something is wrong.
/// - Returns: Zero, as libFuzzer wants it.
public func attempt(
  _ start: UnsafePointer<UInt8>?,
  _ count: Int,
  _ trial: ([UInt8]) -> Void
) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let before = threadSeconds()
  trial(bytes)
  unsafe Slowest.shared.note(threadSeconds() - before, bytes)
  return 0
}

/// Stops the program with a sentence when something does not hold.
///
/// - Parameters:
///   - holds: What has to hold.
///   - sentence: What is wrong when it does not.
public func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
  if holds { return }
  let words = Array("WRONG: \(sentence())\n".utf8)
  // Not `print`, whose text would be lost with the program. The C function is `write`.
  unsafe write(STDERR_FILENO, words, words.count)
  fatalError("A check failed.")
}

/// The input that took the most CPU time; told when the program ends well.
private final class Slowest {
  // Safe because libFuzzer calls from one thread only.
  nonisolated(unsafe) static let shared = Slowest()

  private var seconds = 0.0
  private var bytes: [UInt8] = []

  private init() {
    // The corresponding C function is `atexit`.
    atexit { unsafe Slowest.shared.tell() }
  }

  func note(_ seconds: Double, _ bytes: [UInt8]) {
    guard seconds > self.seconds else { return }
    self.seconds = seconds
    self.bytes = bytes
  }

  private func tell() {
    let tenths = Int(seconds * 10_000)
    print("slowest \(tenths / 10).\(tenths % 10) ms for \(bytes.count) bytes")
    guard let path = unsafe getenv("RILL_FUZZ_SLOWEST"), let file = unsafe fopen(path, "wb") else {
      return
    }
    unsafe fwrite(bytes, 1, bytes.count, file)
    unsafe fclose(file)
  }
}

/// The CPU time of this thread (`clock_gettime`).
private func threadSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
