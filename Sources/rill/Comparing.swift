import FeedIndex
import FeedSync

/// Compares all articles whose texts were not compared yet, with a line that says how far that is.
func compareAll(_ library: Library) throws {
  let progress = ReadingLine("Comparing articles", unit: "articles")
  let waiting = try failing { () throws(LibraryError) in
    try library.catchUpSimilar(progress: progress.show)
  }
  progress.clear()
  guard let error = library.indexTrouble, waiting > 0 else { return }
  Output.error.line(
    "rill: warning: \(error) What is similar to \(counted(waiting, "article")) is not known."
  )
}

/// Adds to rows what is similar, where that takes no time; else says how to have it found out.
func withSimilar(_ rows: [ArticleRow], _ library: Library) throws -> [ArticleRow] {
  let waiting = try failing { () throws(LibraryError) in
    try library.catchUpSimilar(atMost: waitingMax)
  }
  if waiting > waitingMax {
    Output.error.line(
      "What is similar was not found out yet for \(counted(waiting, "article")): "
        + "rill list --group similar --limit 1"
    )
  }
  return try failing { () throws(LibraryError) in try library.withSimilar(rows) }
}

/// So many articles are compared in the time that nobody notices.
private let waitingMax = 2000
