import FeedJSON
import FeedModel
import FeedSync

/// Takes over what `rill export state` printed, line by line.
struct StateLines {
  let library: Library
  let input: LineInput
  /// What the input is called.
  let name: String
  let isDry: Bool
  private var state: StateImport
  private var feeds = 0
  private var articles = 0

  init(_ input: LineInput, name: String, into library: Library, isDry: Bool, now: Timestamp) {
    self.input = input
    self.name = name
    self.library = library
    self.isDry = isDry
    state = StateImport(into: library, now: now)
  }

  /// Takes all lines over and says what became of them.
  ///
  /// - Returns: Whether all of them could be taken over.
  /// - Throws: `Failure` when there is not one, or they cannot be written.
  mutating func run() throws -> Bool {
    var (taken, faults) = (0, 0)
    while let line = try input.next() {
      let fault: String?
      switch line {
      case .tooLong: fault = "it is too long"
      case .bytes(let bytes):
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
        fault = try take(bytes)
      }
      guard let fault else {
        taken += 1
        continue
      }
      faults += 1
      if taken == 0, faults == 1, !isObject(line) {
        throw Failure(
          .notAFeed,
          "\(name) is not what rill export state prints. Nothing was imported."
        )
      }
      if faults <= Self.faultsShown {
        Output.error.line("rill: \(name):\(input.number): passed over: \(fault).")
      }
    }
    if faults > Self.faultsShown {
      Output.error.line("rill: \(faults - Self.faultsShown) more lines were passed over.")
    }
    if isDry {
      Output.error.line(
        "\(counted(taken, "line")) of \(counted(feeds, "feed")) and \(counted(articles, "article")) "
          + "can be taken over. Nothing was written."
      )
      return faults == 0
    }
    try failing { () throws(LibraryError) in try state.commit() }
    sayTrouble(library)
    sayCounts(taken)
    return faults == 0
  }

  private static let faultsShown = 100

  private func sayCounts(_ taken: Int) {
    let counts = state.counts
    Output.error.line(
      counts.areZero
        ? "Nothing new in \(counted(taken, "line"))."
        : "Of \(counted(taken, "line")): \(counted(counts.feeds, "feed")), "
          + (counts.rules > 0 ? "\(counted(counts.rules, "rule")), " : "")
          + "\(counted(counts.articles, "article")) and marks of "
          + "\(counted(counts.marked, "article")) written."
    )
    let early = counts.fromFuture
    if early > 0 {
      Output.error.line(
        "\(counted(early, "article")) \(early == 1 ? "says it was" : "say they were") received more "
          + "than a day from now, and \(early == 1 ? "counts" : "count") as received now."
      )
    }
  }

  private func isObject(_ line: LineInput.Line) -> Bool {
    guard case .bytes(let bytes) = line else { return true }
    let start = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    return start == UInt8(ascii: "{")
  }

  private mutating func take(_ bytes: [UInt8]) throws -> String? {
    let line: StateLine
    do {
      guard let read = try StateLine.read(bytes) else {
        return
          "it is neither a feed nor an article, a part, a join, a rule or a mark, or an id in it is none"
      }
      line = read
    } catch {
      return "\(error)".trimmingSuffix { $0 == "." }
    }
    let fault =
      try isDry
      ? StateImport.fault(of: line)
      : failing { () throws(LibraryError) in try state.take(line) }
    if let fault { return "it has \(fault)" }
    switch line {
    case .feed: feeds += 1
    case .article: articles += 1
    case .part, .join, .story, .rule, .marks: break
    }
    return nil
  }
}

extension String {
  fileprivate func trimmingSuffix(_ isCut: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, isCut(last) { text.removeLast() }
    return String(text)
  }
}
