import ArgumentParser
import FeedStore
import FeedSync

/// `rill rebuild`.
struct RebuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Throw the index away and make it anew from the store.",
    discussion: """
      The index is a picture of the store, so nothing is lost by that. What is
      known about asking feeds, when and with what validators, is kept. What only
      the index knows, since files or lines of the store are gone, is written down
      again first: marks and settings, and articles without their texts. It waits
      for no sync: while one runs it ends with 75.

      Example:
        rill rebuild
      """
  )

  @OptionGroup var common: CommonOptions

  func run() throws {
    let surroundings = try Surroundings(common)
    let progress = ReadingLine("Making the index")
    makeDirectory(forFile: surroundings.places.index)
    let saved: LibraryRescue
    do throws(LibraryError) {
      saved = try Library.writeDownLost(
        surroundings.places,
        application: Rill.version,
        now: surroundings.clock(),
        progress: progress.show
      )
    } catch {
      progress.clear()
      if case .index = error {
        Output.error.line(
          "rill: The index was not made anew: what it knows and no file says could not be written "
            + "down again, and would be forgotten. To go on without it delete "
            + "\(surroundings.places.index)."
        )
      }
      throw words(for: error)
    }
    progress.clear()
    say(saved)
    let library = try failing { () throws(LibraryError) in
      try Library.rebuild(
        surroundings.places,
        application: Rill.version,
        progress: progress.show
      )
    }
    progress.clear()
    surroundings.keep(library)
    let (articles, feeds) = try failing { () throws(LibraryError) in try library.totals() }
    Output.error.line(
      "Made the index anew: \(articles) article\(articles == 1 ? "" : "s") "
        + "of \(feeds) feed\(feeds == 1 ? "" : "s")."
    )
  }
  private func say(_ saved: LibraryRescue) {
    if saved.writes > 0 {
      Output.error.line(
        "Wrote \(saved.writes) mark\(saved.writes == 1 ? "" : "s") or "
          + "setting\(saved.writes == 1 ? "" : "s") down again that stood in no file any more."
      )
    }
    if saved.articles > 0 {
      Output.error.line(
        "Wrote \(saved.articles) article\(saved.articles == 1 ? "" : "s") down again without text: "
          + "only title, link, date and marks were known any more."
      )
    }
    for finding in saved.lost {
      Output.error.line("rill: warning: \(finding.path): \(finding.description) See: rill doctor")
    }
  }
}
