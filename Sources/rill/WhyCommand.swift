import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// `rill why`.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say why an article is here, new, read, twice or gone.",
    discussion: """
      Tells all that was ever written about an article, the oldest first: which
      machine fetched it from which feed, by what it was known again, what
      changed in it, and every mark with its time, its machine and the act that
      "rill undo" takes back. Then what holds now. Of several articles it also
      says why each is not one with the one before it. A purged article can be
      named too, and a feed: by its id, URL or name, for what was set for it.

      It reads the store, which all machines share. What servers answered on
      this machine stands in "rill log".

      --verbose says where each line stands, and searches all files of articles,
      also for damaged lines. --json has one object an event: id, event
      ("revision", "mark", "setting", "not_understood", "disbelieved" or "now"),
      at, device, device_name, words, details, segment, offset, and what the
      event has: rule, keys, new_keys, hash, changed, changes, evidence, belongs_to
      (after a split, to another article); register, value, count, of_keys, act,
      undoes, undone_by, by_rule, holds.

      Examples:
        rill why k7m2
        rill why k7m2 rfim --verbose
        rill why k7m2 --json | jq -r 'select(.register == "read") | .device_name'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Argument(help: "Ids of articles or unique beginnings of ids, or feeds.", completion: .articles)
  var ids: [String]
  @Flag(help: "Say where each line stands, and search everything.") var verbose = false
  @Flag(help: "Print one JSON object a line.") var json = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    var subjects: [Explanation.Subject] = []
    for words in ids {
      let subject = try library.subject(typed: words)
      if !subjects.contains(subject) { subjects.append(subject) }
    }
    view.apply(isPaged: !json)
    var before: Explanation?
    for subject in subjects {
      let explanation = try failing { () throws(LibraryError) in
        try library.explain(subject, everywhere: verbose)
      }
      if json {
        for line in explanation.jsonLines { Output.standard.raw(line) }
      } else {
        if before != nil { Output.standard.line("") }
        print(explanation, after: before)
      }
      before = explanation
    }
  }

  private func print(_ explanation: Explanation, after before: Explanation?) {
    let layout = WhyLayout(columns: Output.standard.isTerminal ? Output.standard.columns : nil)
    var lines = layout.title(explanation)
    for event in explanation.events {
      let words = WhyWords(
        event: event,
        subject: explanation.subject,
        sources: explanation.sources,
        rules: explanation.rules
      )
      var details = words.details
      if verbose {
        var place = "\(event.place.segment):\(event.place.offset)"
        if case .revision(let revision) = event.deed { place += ", hash \(revision.hash)" }
        details.append(place)
      }
      lines += layout.event(at: shown(event.at), words.head, details)
    }
    for damage in explanation.disbelieved {
      let place = "\(damage.segment):\(damage.offset)"
      lines += layout.paragraph(
        damage.isUnreadable
          ? "Not read: \(damage.reason)"
          : "Not believed: a line at \(place) names it and is damaged: \(damage.reason).",
        .red
      )
    }
    lines.append([])
    lines += layout.paragraph("Now: " + explanation.presentWords.joined(separator: " "), .bold)
    if let before, case .article = explanation.subject, case .article = before.subject {
      lines += layout.paragraph(
        (["Not one with the article before:"] + explanation.whyApart(from: before))
          .joined(separator: " "),
        .cyan
      )
    }
    if let devices = explanation.deviceWords { lines += layout.paragraph(devices, .dim) }
    for line in lines { Output.standard.line(line) }
  }
}

/// Puts what is told into lines.
struct WhyLayout {
  /// Cells in a line; nil wraps nothing.
  let columns: Int?

  /// What is explained.
  func title(_ explanation: Explanation) -> [[Piece]] {
    var facts: [String] = []
    switch explanation.subject {
    case .article(let keys): facts.append(keys.first?.description ?? "")
    case .feed(let id): facts.append("feed \(id)")
    }
    if let feed = explanation.feed, case .article = explanation.subject { facts.append(feed.title) }
    let title = explanation.title.flatMap { $0.isEmpty ? nil : $0 } ?? "(no title)"
    return paragraph(capped(terminalSafe(title)), .bold)
      + paragraph(capped(terminalSafe(facts.joined(separator: " · "))), .dim) + [[]]
  }

  /// One event: its time before it, or above it where a line is short.
  func event(at time: String, _ head: String, _ details: [String]) -> [[Piece]] {
    let text = terminalSafe(redacted(head))
    guard let columns else {
      return [[Piece(time, .yellow), Piece(" " + text)]] + details.map { [Piece("    " + $0)] }
    }
    let indent = columns < 50 ? "  " : "    "
    let lines =
      columns < 50
      ? [[Piece(time, .yellow)]] + wrapped(text, width: columns - 3).map { [Piece("  " + $0)] }
      : wrapped(time + " " + text, width: columns - 1).enumerated()
        .map { index, line in
          index == 0 && line.hasPrefix(time)
            ? [Piece(time, .yellow), Piece(String(line.dropFirst(time.count)))]
            : [Piece(indent + line)]
        }
    return lines
      + details.flatMap { detail in
        wrapped(terminalSafe(redacted(detail)), width: columns - 1 - indent.count)
          .map { [Piece(indent + $0, .dim)] }
      }
  }

  /// A paragraph of its own.
  func paragraph(_ text: String, _ style: Piece.Style?) -> [[Piece]] {
    let safe = terminalSafe(redacted(text))
    guard let columns else { return [[Piece(safe, style)]] }
    return wrapped(safe, width: columns - 1).map { [Piece($0, style)] }
  }
}

extension Library {
  /// What a person means, or a sentence on why it is nothing or not one thing.
  fileprivate func subject(typed words: String) throws -> Explanation.Subject {
    let found = try failing { () throws(LibraryError) in try subject(named: words) }
    switch found {
    case .one(let subject): return subject
    case .none:
      throw Failure(
        .usage,
        "No article has the id \(words.prefix(40)), and no feed is called so. See the ids with: "
          + "rill list --all"
      )
    case .many(let subjects):
      let names = try subjects.prefix(5)
        .map { subject in
          let id =
            switch subject {
            case .article(let keys): keys.first?.description ?? ""
            case .feed(let id): String(id.description.prefix(6))
            }
          let title = try failing { () throws(LibraryError) in try name(of: subject) }
          return [id, title].compactMap(\.self).joined(separator: " ")
        }
      let all = subjects.count > 5 ? names + ["others"] : names
      throw Failure(
        .usage,
        "\(words) may mean \(all.joined(separator: " or ")). Write more of the id."
      )
    }
  }
}
