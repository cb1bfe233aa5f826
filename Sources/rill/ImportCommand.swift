import ArgumentParser
import FeedModel
import FeedParse
import FeedSync

/// `rill import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take over feeds, articles and marks of another reader or Rill.",
    discussion: """
      What it is, is told by looking at it; --format says it where that fails:
        opml      a list of feeds of nearly any reader; folders become tags
        urls      addresses of feeds, one a line, or newsboat's "urls" with its tags
                  and titles
        newsboat  newsboat's cache.db: feeds, articles, what was read; flags become
                  tags (flag-a), and of a deleted article only that it was read
        read      guids or links of read articles, one a line: newsboat -E, or the
                  "urls" of sfeed
        sfeedrc   sfeed's sfeedrc: its plain calls of feed; nothing in it is run
        greader   JSON of Google Reader's takeout (starred.json), of FreshRSS and of
                  what speaks like them: articles, read, stars, labels as tags.
                  FreshRSS exports a zip: unpack it, and name all that was in it
        state     what rill export state prints

      It adds and takes nothing away; only state lines change what they name. Each
      file is one act, which rill undo takes back; articles stay. Nothing is fetched:
      that does rill sync. Only addresses of the web are taken: commands, files and
      searches are named and left out, and the exit status is 1 then. A user and a
      password in the address of a new feed go to the file "credentials" of the
      config directory; an import changes no login of a feed that is followed.
      Private addresses are kept as nobody's who typed them, and asked only once you
      add them here yourself.

      Examples:
        rill import subscriptions.opml --dry-run
        rill import ~/.newsboat/urls && rill import ~/.newsboat/cache.db
        rill import ~/.sfeed/sfeedrc && rill import --format read ~/.sfeed/urls
        unzip -d freshrss freshrss_me_export.zip && rill import freshrss/*
        ssh laptop rill export state | rill import -
      """
  )

  @OptionGroup var common: CommonOptions
  @Option(
    help: "What it is: opml, urls, newsboat, read, sfeedrc, greader or state.",
    completion: .list(ReaderFormat.allCases.map(\.rawValue)),
    transform: format(named:)
  )
  var format: ReaderFormat?
  @Flag(name: .customLong("dry-run"), help: "Say what would be taken over, and write nothing.")
  var isDry = false
  @Argument(help: "Files; - reads standard input.", completion: .file()) var files: [String]

  private static func format(named name: String) throws -> ReaderFormat {
    guard let format = ReaderFormat(rawValue: name) else {
      let all = ReaderFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no format \(name). There are: \(all).")
    }
    return format
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    var (leftOut, failed) = (0, 0)
    for file in files {
      do {
        if try !take(file, into: library, surroundings) { leftOut += 1 }
      } catch let failure as Failure where files.count > 1 && failure.status != .inputOutput {
        // One file is not another's fault.
        Output.error.line("rill: \(failure.message)")
        failed += 1
      }
    }
    Output.standard.finish()
    if failed == files.count { leave(.notAFeed) }
    if leftOut + failed > 0 { leave(.someFailed) }
  }

  /// Takes over one file; false when something in it was left out.
  private func take(
    _ file: String,
    into library: Library,
    _ surroundings: Surroundings
  ) throws -> Bool {
    let input = try LineInput(file == "-" ? nil : file)
    let name = file == "-" ? "standard input" : file
    if files.count > 1 { Output.error.line("\(name):") }
    let format = try self.format ?? self.format(of: input, name)
    let now = surroundings.clock()
    if format == .state {
      var lines = StateLines(input, name: name, into: library, isDry: isDry, now: now)
      return try lines.run()
    }
    var taking = try TakingOver(
      name: name,
      library: library,
      credentials: surroundings.credentialFile,
      isDry: isDry,
      now: now
    )
    try take(format, input, file, into: &taking)
    let isWhole = try taking.finish()
    sayTrouble(library)
    return isWhole
  }

  private func format(of input: LineInput, _ name: String) throws -> ReaderFormat {
    let start = try input.beginning()
    if let format = readerFormat(of: start) { return format }
    guard !start.isEmpty else { throw Failure(.notAFeed, "\(name) is empty.") }
    // What zip and gzip write begins so.
    if start.starts(with: "PK\u{3}\u{4}".utf8) || start.starts(with: [0x1F, 0x8B]) {
      throw Failure(
        .notAFeed,
        "\(name) is compressed. Unpack it and import the files that were in it."
      )
    }
    throw Failure(
      .notAFeed,
      "What \(name) is cannot be told by its look. Say it: --format urls for addresses of feeds, "
        + "--format read for guids or links of read articles. The others are in: rill help import"
    )
  }

  private func take(
    _ format: ReaderFormat,
    _ input: LineInput,
    _ file: String,
    into taking: inout TakingOver
  ) throws {
    if format == .newsboat {
      guard file != "-" else {
        throw Failure(.usage, "A cache.db cannot come from standard input. Name the file.")
      }
      return try taking.takeNewsboat(absolute(file))
    }
    let bytes = try input.rest(atMost: (256 << 20) + 1)
    do {
      switch format {
      case .opml: try taking.take(parseSubscriptions(bytes))
      case .urls: try taking.take(parseAddresses(bytes))
      case .sfeedrc: try taking.take(parseSfeedrc(bytes))
      case .read: try taking.takeRead(parseReadNames(bytes))
      case .greader: try taking.take(parseReaderItems(bytes))
      case .newsboat, .state: break
      }
    } catch let error as ParseError {
      if case .libraryMissing = error { throw Failure(.inputOutput, error.description) }
      throw Failure(
        .notAFeed,
        "\(file == "-" ? "standard input" : file): \(error) Nothing of it was imported."
          + " See what can be with: rill help import"
      )
    }
  }
}
