import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync
import FeedText

/// `rill undo`.
struct UndoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Take back what you did: marks, feeds, settings, rules.",
    discussion: """
      Without ACT it takes back the newest act of any of your machines that holds,
      so that undo after undo goes further back. An act is all that one command
      wrote. Undoing an undo does its act again. What was changed since is left,
      and you are told how much that is. What was done on one machine stands in
      the order in which it was done there, whatever its clock said.

      The list has the name of the act, when and on which machine it was done,
      and what it did. An act has the same name for ever: k7m2q9xw-118. Of the
      device as much is enough as tells it from others, and the number alone
      where no other device has an act of that number.

      Not undone: what stands in "credentials" and "config.json" of the config
      directory, which are of this machine alone; what a sync did; what was done
      before Rill wrote down acts, or on a machine that was forgotten; and what is
      so old that its journal was compacted.

      --json has act, short, at, device, device_name, undone, undoes, redo, words,
      changes [{of, register, set, count, examples}].

      Examples:
        rill undo
        rill undo --list
        rill undo k7m-118
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: ArgumentHelp("Acts, as --list names them.", valueName: "act"))
  var acts: [String] = []
  @Flag(help: "Show what was done, newest first, and change nothing.") var list = false
  @Option(parsing: .unconditional, help: "List only the newest so many; 0 for all.")
  var limit: Int?
  @Flag(help: "Print one JSON object a line.") var json = false

  func validate() throws {
    if list, !acts.isEmpty { throw ValidationError("Name acts or list them, not both.") }
    if !list, limit != nil || json { throw ValidationError("--limit and --json go with --list.") }
    if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0 up.") }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    if list { return try show(library, now) }
    var chosen: [ActSummary] = []
    for words in acts { chosen.append(try library.act(typed: words)) }
    if acts.isEmpty {
      guard let last = try failing({ () throws(LibraryError) in try library.lastAct(now: now) })
      else {
        try sayNothingLeft(library, now)
        return
      }
      chosen = [last]
    }
    for act in chosen {
      let outcome = try failing { () throws(LibraryError) in
        try library.undo(act.id, now: surroundings.clock())
      }
      guard let outcome else {
        throw Failure(
          .usage,
          "Not all lines of \(act.shortName) are in the journal any more: it cannot be undone. "
            + "See what can be with: rill undo --list"
        )
      }
      say(outcome, now)
      try sayWhatStays(outcome, library, surroundings)
    }
    sayTrouble(library)
  }

  private func sayNothingLeft(_ library: Library, _ now: Timestamp) throws {
    let last = try failing { () throws(LibraryError) in try library.lastUndo(now: now) }
    Output.error.line(
      "There is nothing to undo."
        + (last.map {
          " The newest undo is \(named($0, now)), which \($0.words). "
            + "To do that again: rill undo \($0.shortName)"
        } ?? "")
    )
  }

  /// An act by its name, with when it was done, and where if not here.
  private func named(_ act: ActSummary, _ now: Timestamp) -> String {
    let age = age(seconds: now.seconds - act.at.seconds)
    return "\(act.shortName) of \(minute(act.at))"
      + (act.isOwn ? "" : " on \(act.deviceName ?? act.id.device)")
      + (age == "now" ? ", just now" : ", \(age) ago")
  }

  private func say(_ outcome: UndoOutcome, _ now: Timestamp) {
    let act = outcome.act
    if outcome.wasUndone {
      return Output.error.line("\(named(act, now)) is undone already: it \(act.words).")
    }
    guard let undo = outcome.undo else {
      return Output.error.line("Nothing of \(named(act, now)) can be undone: it \(act.words).")
    }
    var parts: [String] = []
    if outcome.articles > 0 { parts.append(counted(outcome.articles, "article")) }
    if outcome.rules > 0 { parts.append(counted(outcome.rules, "rule")) }
    if !outcome.feeds.isEmpty { parts.append(counted(outcome.feeds.count, "feed")) }
    let count = outcome.articles + outcome.rules + outcome.feeds.count
    let changed =
      parts.isEmpty
      ? "Nothing of it was left."
      : "\(parts.joined(separator: " and ")) \(count == 1 ? "is" : "are") as before"
        + (outcome.isRedo ? " the undo." : ".")
    let left =
      outcome.left == 0
      ? ""
      : " \(outcome.left) \(outcome.left == 1 ? "change was" : "changes were") made since"
        + " and left."
    Output.error.line(
      "\(outcome.isRedo ? "Done again" : "Undone"): \(named(outcome.root, now)), "
        + "which \(outcome.root.words)."
    )
    let emptied =
      outcome.emptied == 0
      ? ""
      : " Of \(counted(outcome.emptied, "article")) the text is dropped for good: "
        + (outcome.emptied == 1 ? "it stays" : "they stay") + " purged."
    Output.error.line("\(changed)\(left)\(emptied) To take that back: rill undo \(undo)")
  }

  /// A feed that is elsewhere again, or followed no more, may have a login of this machine, which is
  /// in no store.
  private func sayWhatStays(
    _ outcome: UndoOutcome,
    _ library: Library,
    _ surroundings: Surroundings
  ) throws {
    let file = surroundings.credentialFile
    // A file that cannot be read is no reason to fail; rill doctor names it.
    let secrets = (try? file.secrets()) ?? [:]
    // Those that are elsewhere first, for they are asked with it.
    let feeds = outcome.movedFeeds.sorted() + outcome.feeds.subtracting(outcome.movedFeeds).sorted()
    for feed in feeds where secrets[feed] != nil {
      let row = try failing { () throws(LibraryError) in try library.feed(feed) }
      guard row == nil || outcome.movedFeeds.contains(feed) else { continue }
      return Output.error.line(
        "Logins, headers and proxies stand in \(file.path) and stay as they are."
          + (row.map { " See them with: rill set \(quoted($0.url))" } ?? "")
      )
    }
  }

  private func show(_ library: Library, _ now: Timestamp) throws {
    // A program that reads JSON wants all where it does not say how many.
    let limit = limit ?? (json ? 0 : 20)
    let (acts, count) = try failing { () throws(LibraryError) in
      try library.countedActs(limit: limit == 0 ? .max : limit, now: now)
    }
    if json {
      for act in acts { Output.standard.raw(act.jsonLine) }
      return
    }
    if acts.isEmpty {
      Output.error.line("Nothing was done yet, or nothing since Rill writes down acts.")
    }
    let columns = Output.standard.isTerminal ? Output.standard.columns : nil
    let names = acts.map(\.shortName)
    let devices = acts.map {
      fitted(terminalSafe($0.deviceName ?? $0.id.device), toCells: 16)
    }
    let nameCells = names.map(\.utf8.count).max() ?? 0
    let deviceCells = devices.map { cellWidth($0) }.max() ?? 0
    for (index, act) in acts.enumerated() {
      var start = "  \(minute(act.at))  \(padded(devices[index], toCells: deviceCells))  "
      let state = act.isUndone ? "(undone) " : ""
      let words = capped(terminalSafe(act.words))
      var room: Int?
      if let columns {
        // What was done matters most; where there is little room when and where it was go first.
        let left = columns - nameCells - cellWidth(state)
        if left - cellWidth(start) < 20 { start = "  " }
        room = max(1, left - cellWidth(start))
      }
      Output.standard.row([
        Piece(padded(names[index], toCells: nameCells), .yellow), Piece(start), Piece(state),
        Piece(room.map { fitted(words, toCells: $0) } ?? words, act.isUndone ? .dim : nil),
      ])
    }
    if count > acts.count {
      Output.error.line("\(count - acts.count) more: rill undo --list --limit 0")
    }
  }
}

/// `2026-11-22 08:06`.
private func minute(_ moment: Timestamp) -> String {
  let text = shown(moment)
  return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
}

extension Library {
  /// The act that a person means, or a sentence on why it is none or not one.
  fileprivate func act(typed words: String) throws -> ActSummary {
    let found = try failing { () throws(LibraryError) in try act(named: words) }
    switch found {
    case .one(let act): return act
    case .none:
      throw Failure(
        .usage,
        "No act is called \(words.prefix(40)). See them with: rill undo --list"
      )
    case .many(let acts):
      let names = acts.map(\.shortName).joined(separator: " or ")
      throw Failure(.usage, "\(words) may mean \(names). Write more of the device.")
    }
  }
}

extension ActSummary {
  /// The act as one line of JSON.
  fileprivate var jsonLine: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("act", id.description)
    json.member("short", shortName)
    json.member("at", shown(at))
    json.member("device", id.device)
    json.member("device_name", deviceName)
    json.member("undone", isUndone)
    json.member("undoes", undoes?.description)
    json.member("redo", isRedo ? true : nil)
    json.member("words", words)
    json.key("changes")
    json.beginArray()
    for change in changes {
      json.beginObject()
      json.member("of", change.subject == .articles ? "articles" : "feeds")
      json.member("register", change.register)
      json.member("set", change.isSet)
      json.member("count", change.count)
      json.member("examples", change.examples)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}
