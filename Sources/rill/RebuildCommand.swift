import ArgumentParser
import FeedSync

/// `rill rebuild`.
struct RebuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Throw the index away and make it anew from the store.",
    discussion: """
      The index is a picture of the store, so nothing is lost by that. What is
      known about asking feeds, when and with what validators, is kept. Marks and
      settings that only the index knows, since the directory of a machine has
      gone, are written down again first. It waits for no sync: while one runs it
      ends with 75.

      Example:
        rill rebuild
      """
  )

  @OptionGroup var common: CommonOptions

  func run() throws {
    let surroundings = try Surroundings(common)
    let progress = ReadingLine("Making the index")
    makeDirectory(forFile: surroundings.places.index)
    let saved = try failing { () throws(LibraryError) in
      try Library.writeDownLost(
        surroundings.places,
        application: Rill.version,
        now: surroundings.clock()
      )
    }
    if saved > 0 {
      Output.error.line(
        "Wrote \(saved) mark\(saved == 1 ? "" : "s") or setting\(saved == 1 ? "" : "s") "
          + "down again that stood in no file any more."
      )
    }
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
}
