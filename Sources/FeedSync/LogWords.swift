extension FeedReport {
  /// What came of it, in a few words for the log.
  var words: String {
    let words =
      switch result {
      case .notModified: "not modified"
      case .notDue: "not asked"
      // The moment would make no two of them alike.
      case .failed(.later(let status, _, let message)):
        "The server asks for a pause\(status.map { " (\($0))" } ?? "")."
          + (message.map { " It says: \"\($0)\"." } ?? "")
      case .failed(let failure): failure.description
      case .fetched(let changes): changes.words
      }
    return movedTo.map { "\(words); moved to \($0)" } ?? words
  }
}

extension Changes {
  var words: String {
    let counts = [(new, "new"), (updated, "updated"), (merged, "merged")].filter { $0.0 > 0 }
    let words = counts.map { "\($0) \($1)" }.joined(separator: ", ")
    return (words.isEmpty ? "nothing new" : words) + (isTruncated ? ", cut off" : "")
  }
}
