import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync
import FeedText

/// `rill diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what a publisher edited in an article.",
    discussion: """
      Shows the words that were removed and added by the newest edit, in colour on
      a terminal, elsewhere as [-removed-] and {+added+}: in the title, the text,
      the link, the authors, the tags and the attachments. --all shows every edit,
      the oldest first. "rill list --changed" lists what was edited; an edit marks
      nothing unread. Where only the markup was edited that is said.

      --json has one object an edit: id, at, device, device_name, earlier, changes
      [{part, before, after, runs [{kind, text}]}]; kind is "same", "removed" or
      "added".

      Examples:
        rill list --changed
        rill diff k7m2
        rill diff k7m2 --all
        rill diff k7m2 --json | jq -r '.changes[].part'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Argument(help: "Ids or unique beginnings of ids.", completion: .articles) var ids: [String]
  @Flag(help: "Show every edit, not only the newest.") var all = false
  @Flag(help: "Print one JSON object an edit.") var json = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let rows = try ids.map { try library.article(named: $0) }
    view.apply(isPaged: !json)
    for (index, row) in rows.enumerated() {
      let explanation = try explained(row, library)
      let edits = explanation.edits
      // What no reader sees is shown when it is asked for.
      let newest = edits.last { !$0.isUnseen } ?? edits.last
      let shown = all ? edits : [newest].compactMap(\.self)
      if json {
        for edit in shown { Output.standard.raw(edit.jsonLine(id: row.id)) }
        continue
      }
      if index > 0 { Output.standard.line("") }
      let layout = DiffLayout(
        columns: Output.standard.isTerminal ? Output.standard.columns : nil,
        hasColour: Output.standard.hasColour
      )
      var lines = layout.title(row)
      lines.append([])
      if shown.isEmpty { lines += layout.paragraph(nothing(explanation, row)) }
      for (place, edit) in shown.enumerated() {
        if place > 0 { lines.append([]) }
        lines += layout.edit(edit)
      }
      if !all, edits.count > 1 {
        lines.append([])
        lines += layout.paragraph(
          "It was edited \(edits.count) times. See all of it with: "
            + "rill diff \(row.id.description.prefix(8)) --all"
        )
      }
      for line in lines { Output.standard.line(line, isArticle: true) }
    }
  }

  private func explained(_ row: ArticleRow, _ library: Library) throws -> Explanation {
    let found = try failing { () throws(LibraryError) in
      try library.subject(named: row.id.description)
    }
    guard case .one(let subject) = found else {
      throw Failure(.usage, "No article has the id \(row.id). See the ids with: rill list --all")
    }
    return try failing { () throws(LibraryError) in try library.explain(subject) }
  }

  private func nothing(_ explanation: Explanation, _ row: ArticleRow) -> String {
    let isPurged = explanation.events.contains { event in
      if case .revision(let revision) = event.deed { return revision.isPurged }
      return false
    }
    if isPurged { return "Its earlier text was purged: there is nothing left to compare." }
    return row.hasChanged
      ? "It was edited, but its earlier text is not here: a file is away. See: rill doctor"
      : "It was not edited since it came."
  }
}
