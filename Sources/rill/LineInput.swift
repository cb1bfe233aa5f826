import Glibc

/// Lines of a file or of standard input, one after the other, however long that is.
final class LineInput {
  /// A line without its line feed.
  enum Line {
    case bytes([UInt8])
    /// Longer than any line that the store takes.
    case tooLong
  }

  /// The number of the last line, from 1.
  private(set) var number = 0

  private let descriptor: Int32
  private let path: String?
  private var chunk = [UInt8](repeating: 0, count: 1 << 18)
  private var start = 0
  private var end = 0
  private var isOver = false
  private static let lineBytesMax = 64 << 20

  /// Opens a file (`open`); nil is standard input.
  init(_ path: String?) throws {
    self.path = path
    guard let path else {
      descriptor = STDIN_FILENO
      return
    }
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      let status = errno == EACCES ? ExitStatus.noPermission : .inputOutput
      throw Failure(status, "\(path) cannot be read: \(reason(errno)).")
    }
  }

  deinit { if path != nil { close(descriptor) } }

  /// What comes first, up to a quarter of a MiB; it is not taken away.
  func beginning() throws -> [UInt8] {
    var isMore = true
    while isMore, end < chunk.count { isMore = try fill() }
    return Array(chunk[start..<end])
  }

  /// All that has not been read yet, and no more of it than this.
  func rest(atMost most: Int) throws -> [UInt8] {
    var bytes = Array(chunk[start..<end])
    start = end
    while bytes.count < most, try fill() {
      bytes += chunk[start..<end]
      start = end
    }
    return bytes
  }

  /// The next line; nil at the end.
  ///
  /// The last needs no line feed.
  func next() throws -> Line? {
    var line: [UInt8] = []
    var isTooLong = false
    var hasAny = false
    while true {
      if start == end {
        guard try fill() else {
          guard hasAny else { return nil }
          number += 1
          return isTooLong ? .tooLong : .bytes(line)
        }
      }
      hasAny = true
      let lineFeed = chunk[start..<end].firstIndex(of: 0x0A)
      let part = chunk[start..<(lineFeed ?? end)]
      if line.count + part.count > Self.lineBytesMax { (isTooLong, line) = (true, []) }
      if !isTooLong { line += part }
      start = lineFeed.map { $0 + 1 } ?? end
      if lineFeed != nil {
        number += 1
        return isTooLong ? .tooLong : .bytes(line)
      }
    }
  }

  /// Reads more (`read`); false at the end.
  ///
  /// It is put behind what waits, of which there is less than a chunk.
  private func fill() throws -> Bool {
    if start == end { (start, end) = (0, 0) }
    while !isOver {
      let count = unsafe chunk.withUnsafeMutableBytes { [end] chunk in
        unsafe read(descriptor, chunk.baseAddress?.advanced(by: end), chunk.count - end)
      }
      if count > 0 {
        end += count
        return true
      }
      if count == 0 {
        isOver = true
      } else if errno != EINTR {
        throw Failure(
          .inputOutput,
          "\(path ?? "Standard input") cannot be read: \(reason(errno))."
        )
      }
    }
    return false
  }
}
