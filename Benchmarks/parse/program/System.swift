import Glibc

// Every call of the benchmark into the C library stands here; each function names it.

/// The bytes of a file; nil when it cannot be read (`fopen`, `fread`).
func contents(of path: String) -> [UInt8]? {
  guard let file = unsafe fopen(path, "rb") else { return nil }
  defer { unsafe fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&chunk, 1, chunk.count, file)
    if count == 0 { return unsafe ferror(file) == 0 ? bytes : nil }
    bytes.append(contentsOf: chunk.prefix(count))
  }
}

/// Ends the program with a sentence (`exit`).
func leave(_ status: Int32, saying sentence: String) -> Never {
  print(sentence)
  exit(status)
}

/// The CPU time of this thread (`clock_gettime`).
func threadSeconds() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

/// A clock that never jumps (`clock_gettime`).
func wallSeconds() -> Double { seconds(CLOCK_MONOTONIC) }

private func seconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The most memory that this process ever held (`getrusage`).
func peakKilobytes() -> Int {
  var usage = rusage()
  unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss
}
