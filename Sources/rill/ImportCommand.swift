import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync

/// `rill import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take over what rill export state printed.",
    discussion: """
      What differs from what is here is written, in one act that rill undo takes
      back; articles stay. What a line does not say is left as it is. Nothing is
      fetched. Lines that cannot be taken over are named and passed over; the exit
      status is 1 then. Addresses are kept as nobody's who typed them: the path of a
      local file is read, and a private address asked, only once you add it here
      yourself. An article that says it was received more than a day from now is
      taken as received now, and you are told.

      Examples:
        rill import state.jsonl
        ssh laptop rill export state | rill import -
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "A file; - reads standard input.") var file: String

  func run() throws {
    let surroundings = try Surroundings(common)
    let input = try LineInput(file == "-" ? nil : file)
    let library = try surroundings.library()
    let name = file == "-" ? "standard input" : file
    var state = StateImport(into: library, now: surroundings.clock())
    var (taken, faults) = (0, 0)
    while let line = try input.next() {
      let fault: String?
      switch line {
      case .tooLong: fault = "it is too long"
      case .bytes(let bytes):
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
        fault = try take(bytes, into: &state)
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
    try failing { () throws(LibraryError) in try state.commit() }
    sayTrouble(library)
    if faults > Self.faultsShown {
      Output.error.line("rill: \(faults - Self.faultsShown) more lines were passed over.")
    }
    let counts = state.counts
    Output.error.line(
      counts.areZero
        ? "Nothing new in \(counted(taken, "line"))."
        : "Of \(counted(taken, "line")): \(counted(counts.feeds, "feed")), "
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
    if faults > 0 {
      Output.standard.finish()
      leave(.someFailed)
    }
  }

  private static let faultsShown = 100

  private func isObject(_ line: LineInput.Line) -> Bool {
    guard case .bytes(let bytes) = line else { return true }
    let start = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    return start == UInt8(ascii: "{")
  }

  private func take(_ bytes: [UInt8], into state: inout StateImport) throws -> String? {
    let line: StateLine
    do {
      guard let read = try StateLine.read(bytes) else {
        return
          "it is neither a feed nor an article, a part, a join or a mark, or an id in it is none"
      }
      line = read
    } catch {
      return "\(error)".trimmingSuffix { $0 == "." }
    }
    return try failing { () throws(LibraryError) in try state.take(line) }.map { "it has \($0)" }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ isCut: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, isCut(last) { text.removeLast() }
    return String(text)
  }
}
