import ArgumentParser

/// How a list of articles is printed.
struct ListForm: ParsableArguments {
  @OptionGroup var view: ViewOptions
  @Option(help: "Put headings between days or feeds: day or feed.") var by: ListHeading?
  @Option(
    help: ArgumentHelp(
      "Print a line an article like this one, such as '{id}\\t{title}'.",
      discussion:
        "Fields: \(ListFormat.fieldList). \\t, \\n and \\\\ are signs; {{ and }} are braces.",
      valueName: "line"
    ),
    transform: { text in
      do throws(ListFormat.Mistake) { return try ListFormat(text) } catch {
        throw ValidationError(error.description)
      }
    }
  )
  var format: ListFormat?
  @Flag(help: "Print one JSON object a line.") var json = false
  @Flag(help: "Print id, date, feed, title and URL, separated by tabs.") var tsv = false

  func validate() throws {
    if [json, tsv, format != nil].count(where: \.self) > 1 {
      throw ValidationError("Choose one of --json, --tsv and --format.")
    }
    if by != nil, isForPrograms {
      throw ValidationError(
        "--by puts headings between lines for a person: leave it out with --json, --tsv and --format."
      )
    }
  }

  /// It is no list for a person.
  var isForPrograms: Bool { json || tsv || format != nil }
}

/// What parts a list.
enum ListHeading: String, ExpressibleByArgument, CaseIterable {
  case day, feed
}
