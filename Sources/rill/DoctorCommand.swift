import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedStore
import FeedSync
import FeedText

/// `rill doctor`.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what needs your attention, and what to type next.",
    discussion: """
      Looks at what is remembered and asks nobody: at the feeds, at the hosts that
      are left alone, at the store's files and at the index. It changes nothing.
      It prints nothing and ends with 0 when all is well, and ends with 1 when
      something is not. What is worth a word and harms nobody is said on standard
      error.

      Files that were good before and have not changed since are not read again;
      --full reads every byte, and holds the index against a new one.

      --repair keeps a copy of every damaged file, takes the damage out of the
      files of this machine, writes down again what only the index still knows,
      and makes the index anew. Files of other machines are left as they are.
      --accept takes lines that you have edited over into the journal of this
      machine. Both end with 75 while a sync runs.

      --json has kind, name, text, step, offset, note.

      Examples:
        rill doctor
        rill doctor --repair
        rill doctor || mail -s 'feeds' ann < /dev/null
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Flag(help: "Read every byte, and compare the index with a new one.") var full = false
  @Flag(help: "Save what can be saved of damaged files.") var repair = false
  @Flag(help: "Take over lines that were edited by hand.") var accept = false
  @Flag(help: "Print one JSON object a line.") var json = false

  func run() async throws {
    let surroundings = try Surroundings(common)
    view.apply(isPaged: !json)
    if repair || accept { try mend(surroundings) }
    var findings = try await settings(surroundings)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let (feeds, polls, hosts) = try failing { () throws(LibraryError) in
      (try library.feeds(), try library.polls(), try library.hosts())
    }
    let length = shortIDLength(feeds)
    for feed in feeds {
      let health = FeedHealth(feed, polls[feed.id] ?? PollState(), now: now)
      if health.verdict.needsAttention { findings.append(finding(health, length, now)) }
    }
    for (host, state) in hosts.sorted(by: { $0.key < $1.key }) where state.parkedUntil > now {
      let text = "It is left alone until \(shown(state.parkedUntil)). \(state.reason)"
      findings.append(Finding(kind: "host", name: host, text: text, step: nil))
    }
    findings += stray(feeds, surroundings, length)
    let progress = ReadingLine()
    let report = try failing { () throws(LibraryError) in
      try library.check(full: full, now: now, progress: progress.show)
    }
    progress.clear()
    findings += StoreHealth(report).findings
    if json {
      for finding in findings { Output.standard.raw(line(finding)) }
    } else {
      for note in findings where note.isNote {
        Output.error.line("rill: note: \(note.name): \(capped(words(of: note)))")
      }
    }
    findings.removeAll(where: \.isNote)
    guard !findings.isEmpty else { return }
    if !json { print(findings) }
    Output.standard.finish()
    leave(.someFailed)
  }

  private typealias Finding = DoctorFinding

  /// Deals with what can be dealt with, and says what was done.
  private func mend(_ surroundings: Surroundings) throws {
    let library = try surroundings.library()
    let now = surroundings.clock()
    let progress = ReadingLine()
    defer { progress.clear() }
    try failing { () throws(LibraryError) in
      var report = try library.check(full: full, now: now, progress: progress.show)
      if accept {
        let count = try library.accept(report, now: now)
        progress.clear()
        say("Took over", count, "line", "lines", "that you wrote.")
        if repair { report = try library.check(full: full, now: now, progress: progress.show) }
      }
      guard repair, !report.isClean || !report.store.findings.isEmpty else { return }
      let done = try library.repair(report, now: now, progress: progress.show)
      progress.clear()
      for path in done.store.originals {
        Output.error.line("Kept a copy of what was damaged: \(path)")
      }
      for path in done.store.mended { Output.error.line("Took the damage out of \(path).") }
      for path in done.store.left {
        Output.error.line("Left \(path) as it is: only the machine that writes it may change it.")
      }
      say(
        "Wrote",
        done.rescued,
        "mark or setting",
        "marks and settings",
        "down again that no file had any more."
      )
      say(
        "Wrote",
        done.articles,
        "article",
        "articles",
        "down again without text: only title, link, date and marks were known any more."
      )
      if done.rescued + done.articles == 0, report.store.findings.contains(where: \.isOurLoss) {
        Output.error.line(
          "Nothing knows any more what the lines said that are missing. "
            + "A copy of the file is read when it is put back."
        )
      }
      say("Ask for all that", done.feedsAskedAgain, "feed has", "feeds have", "at the next sync.")
      if done.hasNewIndex { Output.error.line("Made the index anew.") }
    }
    sayTrouble(library)
  }

  private func say(_ verb: String, _ count: Int, _ one: String, _ many: String, _ rest: String) {
    guard count > 0 else { return }
    Output.error.line("\(verb) \(count) \(count == 1 ? one : many) \(rest)")
  }

  private func words(of finding: Finding) -> String {
    [finding.text, finding.step].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func line(_ finding: Finding) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("kind", finding.kind)
    json.member("name", finding.name)
    json.member("text", finding.text)
    json.member("step", finding.step)
    json.member("offset", finding.offset)
    if finding.isNote { json.member("note", true) }
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }

  private func finding(_ health: FeedHealth, _ length: Int, _ now: Timestamp) -> Finding {
    let id = health.feed.id.description.prefix(length)
    let evidence = health.verdict.evidence ?? ""
    var again = health.next(now: now) == "never" ? "It is not asked again by itself." : ""
    // A server that wants to be left alone until then has said so already.
    if let next = health.verdict.nextTry.map(shown), !evidence.contains(next) {
      again = "It is asked again \(next)."
    }
    let parts = [evidence, health.poll.note, again].compactMap(\.self)
    return Finding(
      kind: health.verdict.kind.rawValue,
      name: "\(health.feed.title) (\(id))",
      text: parts.filter { !$0.isEmpty }.joined(separator: " "),
      step: health.advice(id: id)
    )
  }

  /// Settings and a credential file that cannot be used.
  private func settings(_ surroundings: Surroundings) async throws -> [Finding] {
    var findings: [Finding] = []
    do {
      let path = surroundings.configFile
      for fault in try await Settings.faults(configFile: path) {
        let step =
          fault.place == path
          ? "Take it out: rill config unset \(quoted(fault.name))"
          : "Take it out: unset \(fault.place)"
        findings.append(
          Finding(kind: "settings", name: fault.place, text: fault.text, step: step)
        )
      }
      let settings = try await Settings(configFile: path, saysStrangers: false)
      // A command that cannot be read is named above.
      if let program = (try? settings.newArticlesHook())??.command.first,
        programPath(program) == nil
      {
        findings.append(
          Finding(
            kind: "settings",
            name: "hooks.on-new",
            text: "The program \(program) is not found, so nobody hears of new articles.",
            step: "Name another: rill config set hooks.on-new COMMAND"
          )
        )
      }
    } catch let failure as Failure {
      findings.append(
        Finding(kind: "settings", name: surroundings.configFile, text: failure.message, step: nil)
      )
    }
    do {
      _ = try surroundings.credentialFile.secrets()
    } catch let failure as Failure {
      let path = surroundings.credentialFile.path
      findings.append(Finding(kind: "settings", name: path, text: failure.message, step: nil))
    }
    return findings
  }

  /// What is set for an origin at which its feed no longer is.
  private func stray(
    _ feeds: [FeedRow],
    _ surroundings: Surroundings,
    _ length: Int
  ) -> [Finding] {
    // A file that cannot be read is a finding already.
    let secrets = (try? surroundings.credentialFile.secrets()) ?? [:]
    return feeds.compactMap { feed in
      guard let set = secrets[feed.id], set.isLeftOut(at: feed.url) else { return nil }
      let id = feed.id.description.prefix(length)
      return Finding(
        kind: "settings",
        name: "\(feed.title) (\(id))",
        text: "What is set for \(set.origin) is not sent to \(origin(of: feed.url)).",
        step: "See it, and set it anew: rill set \(id)"
      )
    }
  }

  private func print(_ findings: [Finding]) {
    let cells = findings.map(\.kind.count).max() ?? 0
    let columns = Output.standard.isTerminal ? Output.standard.columns : nil
    for finding in findings {
      let kind = Piece(padded(finding.kind, toCells: cells) + "  ", .red)
      let name = capped(terminalSafe(finding.name))
      let words = [finding.text, finding.step].compactMap(\.self).filter { !$0.isEmpty }
      guard let columns else {
        Output.standard.line([kind, Piece("\(name): \(capped(self.words(of: finding)))")])
        continue
      }
      Output.standard.row([kind, Piece(name, .bold)])
      let indent = String(repeating: " ", count: cells + 2)
      for word in words {
        for line in wrapped(capped(terminalSafe(word)), width: columns - cells - 3) {
          Output.standard.line([Piece(indent + line, word == finding.step ? .cyan : nil)])
        }
      }
    }
  }
}
