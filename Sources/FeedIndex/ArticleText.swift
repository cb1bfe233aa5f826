import FeedModel

/// The text of an article of a backlog.
public struct ArticleText: Hashable, Sendable {
  /// What it was asked for.
  public var entry: TextBacklog.Entry
  /// Title and body as plain text; nil where the line cannot be read.
  var columns: Columns?

  struct Columns: Hashable, Sendable {
    var title: String
    var body: String

    init(title: String, body: String) {
      self.title = parted(title)
      self.body = parted(body)
    }
  }

  /// The line could be read.
  public var isReadable: Bool { columns != nil }

  /// Puts a text together.
  public init(entry: TextBacklog.Entry, title: String, body: String) {
    self.entry = entry
    columns = Columns(title: title, body: body)
  }

  /// Says that the line of an article cannot be read now.
  public init(unreadable entry: TextBacklog.Entry) { self.entry = entry }
}
