import FeedFetch
import FeedModel
import FeedText
import Synchronization

/// Brings one file into a folder: what came stays under `.part` until all of it is there.
///
/// A part is gone on with only where the server says that it is of the same version.
struct FileDownload {
  let folder: DownloadFolder
  let name: String
  let request: FetchRequest
  let bytesMax: Int64
  let fetcher: Fetcher
  let isQuiet: Bool

  /// What became of it.
  enum Outcome {
    /// It is there now, so many bytes of it.
    case done(Int64)
    /// It was there before.
    case there
    /// It is not there; what came of it is kept, or not.
    case failed(String, isKept: Bool)
  }

  /// So often a transfer that broke off is gone on with at once.
  private static let triesMax = 4

  private var part: String { name + ".part" }
  private var version: String { name + ".part-of" }

  /// Asks for the file, and goes on where it breaks off.
  func run() async -> Outcome {
    if folder.size(name) != nil { return .there }
    if let size = folder.size(part), size < 0 {
      return .failed("\(part) is no file. Move it away.", isKept: true)
    }
    var words = ""
    for _ in 0..<Self.triesMax {
      let before = folder.size(part) ?? 0
      guard let file = folder.file(part) else {
        return .failed("\(part) cannot be written. Check who owns the folder.", isKept: false)
      }
      guard lockFile(file) else {
        closeDescriptor(file)
        return .failed("Another download of it is running.", isKept: true)
      }
      let known = folder.text(version)
      // Without a word on its version a part is of no use.
      let isUsable = before > 0 && !known.isEmpty
      if before > 0, !isUsable, !empty(file) {
        closeDescriptor(file)
        return .failed("\(part) cannot be emptied.", isKept: true)
      }
      let sink = Sink(self, file: file, size: isUsable ? before : 0)
      let download = Download(
        from: isUsable ? before : 0,
        validator: isUsable ? known : nil,
        begin: sink.begin,
        take: sink.take
      )
      let outcome = await fetcher.fetch(request, to: download)
      sink.clear()
      let isOnDisk = waitForDisk(file)
      closeDescriptor(file)
      if let refusal = sink.refusal {
        if !refusal.isKept { discard() }
        return .failed(refusal.words, isKept: refusal.isKept)
      }
      guard let outcome else {
        guard isOnDisk else { return .failed("The disk did not take it.", isKept: true) }
        // A part may be less than was asked for (RFC 9110 §15.3.7).
        if sink.isWhole { return finished(sink.size) }
        words = "The server sends a part of it only."
        guard sink.hasGrown else { break }
        continue
      }
      words = reason(outcome)
      if case .failed(.status(416, _), _) = outcome {
        // The part is longer than the file is now.
        discard()
        continue
      }
      guard sink.hasGrown, isBroken(outcome) else { break }
    }
    let size = folder.size(part) ?? 0
    if size == 0 { discard() }
    return .failed(words, isKept: size > 0 && !folder.text(version).isEmpty)
  }

  private func finished(_ size: Int64) -> Outcome {
    guard folder.rename(part, to: name) else {
      return .failed("\(name) is there already, made by another program.", isKept: true)
    }
    folder.remove(version)
    return .done(size)
  }

  private func discard() {
    folder.remove(part)
    folder.remove(version)
  }

  private func isBroken(_ outcome: FetchOutcome) -> Bool {
    switch outcome {
    case .failed(.cutOff, _), .failed(.connection, _): true
    default: false
    }
  }

  private func reason(_ outcome: FetchOutcome) -> String {
    switch outcome {
    case .failed(.tooLarge, _): Self.tooLarge(bytesMax)
    case .failed(.refusedAddress(let address), _):
      "\(FetchFailure.refusedAddress(address)) If that is wanted, name it in fetch.allow-addresses."
    case .failed(let failure, _): "\(failure)"
    case .gone: "The server says that it is gone (410)."
    case .retryLater: "The server asks for a pause. Try again later."
    case .fetched, .notModified: "The server sent something else."
    }
  }

  fileprivate static func tooLarge(_ bytesMax: Int64) -> String {
    "It is larger than \(spelled(bytes: Int(clamping: bytesMax))). If it is wanted, raise "
      + "download.max-bytes."
  }
}

/// Takes in the bytes of one transfer, on the thread that brings them.
private final class Sink: Sendable {
  struct Refusal {
    var words: String
    var isKept: Bool
  }

  private struct State {
    var size: Int64
    var start: Int64
    var total: Int64?
    var refusal: Refusal?
    var drawn = 0.0
  }

  private let file: Int32
  private let folder: DownloadFolder
  private let name: String
  private let bytesMax: Int64
  private let isShown: Bool
  private let state: Mutex<State>

  /// What is left free on a disk.
  private static let reserve: Int64 = 16 << 20

  init(_ download: FileDownload, file: Int32, size: Int64) {
    self.file = file
    folder = download.folder
    name = download.name
    bytesMax = download.bytesMax
    isShown = !download.isQuiet && Output.error.isTerminal && variable("TERM") != "dumb"
    state = Mutex(State(size: size, start: size))
  }

  var size: Int64 { state.withLock { $0.size } }
  /// All came that the server said there is.
  var isWhole: Bool { state.withLock { state in state.total.map { state.size >= $0 } ?? true } }
  var hasGrown: Bool { state.withLock { $0.size > $0.start } }
  var refusal: Refusal? { state.withLock { $0.refusal } }

  /// Decides whether what is about to come is wanted, and where it goes.
  func begin(_ beginning: Download.Beginning) -> Bool {
    state.withLock { state in
      if let encoding = beginning.encoding {
        state.refusal = Refusal(
          words: "The server sends it packed (\(capped(encoding))), which was not asked for.",
          isKept: false
        )
        return false
      }
      if beginning.continues {
        guard state.size > 0, beginning.firstByte == state.size else {
          state.refusal = Refusal(
            words: "The server sent another part than was asked for. Run this again.",
            isKept: false
          )
          return false
        }
      } else {
        if state.size > 0, !empty(file) {
          state.refusal = Refusal(words: "What came before cannot be removed.", isKept: true)
          return false
        }
        state.size = 0
        state.start = 0
        folder.write(beginning.validator ?? "", to: name + ".part-of")
      }
      state.total = beginning.totalBytes
      let missing = (beginning.totalBytes ?? 0) - state.size
      if let total = beginning.totalBytes, total > bytesMax {
        state.refusal = Refusal(words: FileDownload.tooLarge(bytesMax), isKept: false)
      } else if missing > 0, folder.freeBytes - Self.reserve < missing {
        state.refusal = Refusal(
          words: "It needs \(spelled(bytes: Int(clamping: missing))), and the disk has room for "
            + "\(spelled(bytes: Int(clamping: folder.freeBytes))). Free some, or name another with --to.",
          isKept: state.size > 0
        )
      }
      return state.refusal == nil
    }
  }

  func take(_ bytes: [UInt8]) -> Bool {
    state.withLock { state in
      guard state.size + Int64(bytes.count) <= bytesMax else {
        state.refusal = Refusal(words: FileDownload.tooLarge(bytesMax), isKept: false)
        return false
      }
      guard writeAll(bytes, to: file) == .written else {
        state.refusal = Refusal(
          words: "It cannot be written: is the disk full? Run this again to go on.",
          isKept: true
        )
        return false
      }
      state.size += Int64(bytes.count)
      draw(&state)
      return true
    }
  }

  func clear() {
    if state.withLock({ $0.drawn > 0 }) { Output.error.raw(Array("\r\u{1B}[K".utf8)) }
  }

  private func draw(_ state: inout State) {
    guard isShown else { return }
    let now = monotonicSeconds()
    guard now - state.drawn >= 0.1 else { return }
    state.drawn = now
    let size = spelled(bytes: Int(clamping: state.size))
    let of = state.total.map { " of " + spelled(bytes: Int(clamping: $0)) } ?? ""
    let line = fitted("\(size)\(of)  \(name)", toCells: Output.error.columns - 1)
    Output.error.raw(Array("\r\(line)\u{1B}[K".utf8))
  }
}
