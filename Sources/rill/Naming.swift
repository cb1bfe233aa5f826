import FeedIndex
import FeedModel
import FeedSync

extension Library {
  /// The feed that a person means, or a sentence on why it is none or not one.
  func feed(named words: String) throws -> FeedRow {
    let feeds = try failing { () throws(LibraryError) in try self.feeds() }
    switch FeedSync.feed(named: words, in: feeds) {
    case .one(let feed): return feed
    case .none:
      let name = words.isEmpty ? "nothing" : String(words.prefix(200))
      throw Failure(.usage, "No feed is called \(name). See them all with: rill feeds")
    case .many(let found):
      throw Failure(
        .usage,
        "\(words) may mean \(list(found.map { "\($0.id.description.prefix(6)) \($0.title)" })). "
          + "Write more of it, or an id."
      )
    }
  }

  /// The feeds that a person means, each once, however often it is named.
  func feeds(named words: [String]) throws -> [FeedRow] {
    var seen: Set<FeedID> = []
    return try words.map { try feed(named: $0) }.filter { seen.insert($0.id).inserted }
  }

  /// The article that a person means, or a sentence on why it is none or not one.
  func article(named words: String) throws -> ArticleRow {
    guard words.utf8.count >= 4 else {
      throw Failure(
        .usage,
        "\(words) is too short: an id needs at least 4 characters. See the ids with: rill list"
      )
    }
    let found = try failing { () throws(LibraryError) in
      try article(withPrefix: words.lowercased())
    }
    switch found {
    case .one(let article): return article
    case .none:
      throw Failure(
        .usage,
        "No article has the id \(words.prefix(40)). See the ids with: rill list --all"
      )
    case .many(let found):
      let names = found.map { "\($0.id) \($0.title ?? $0.url ?? "")" }
      throw Failure(.usage, "\(words) may mean \(list(names)). Write more characters of the id.")
    }
  }

  private func list(_ names: [String]) -> String {
    names.count > 5
      ? names.prefix(5).joined(separator: ", ") + " or others"
      : names.joined(separator: " or ")
  }
}
