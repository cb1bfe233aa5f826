import FeedModel
import FeedText

/// One thing in which two revisions of an article differ for a reader.
public struct ContentChange: Hashable, Sendable {
  /// What it is.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    /// The title.
    case title
    /// The page.
    case link
    /// The page that it talks about.
    case externalLink = "external_link"
    /// The date of publication, which is no part of the hash.
    case date
    /// The body.
    case text
    /// The summary.
    case summary
    /// Who wrote it.
    case authors
    /// The publisher's tags.
    case tags
    /// Files that belong to it.
    case attachments
  }

  /// What differs.
  public var part: Part
  /// What it was; for texts nil.
  public var before: String?
  /// What it is; for texts nil.
  public var after: String?
  /// Words of a text that came.
  public var addedWords = 0
  /// Words of a text that went.
  public var removedWords = 0
  /// How many words a text has now.
  public var words = 0

  /// Describes a change of something short.
  public init(_ part: Part, before: String?, after: String?) {
    self.part = part
    self.before = before
    self.after = after
  }

  /// Describes a change of a text by its words.
  public init(_ part: Part, addedWords: Int, removedWords: Int, words: Int) {
    self.part = part
    self.addedWords = addedWords
    self.removedWords = removedWords
    self.words = words
  }
}

/// Says in what two revisions differ for a reader.
///
/// A text that differs in its markup alone has no words that came or went.
///
/// - Parameters:
///   - old: The earlier one.
///   - new: The later one.
/// - Returns: The differences, in the order of `ContentChange.Part`.
func contentChanges(from old: FeedItem, to new: FeedItem) -> [ContentChange] {
  var changes: [ContentChange] = []
  func compare(_ part: ContentChange.Part, _ before: String?, _ after: String?) {
    if before != after { changes.append(ContentChange(part, before: before, after: after)) }
  }
  func list(_ texts: [String]) -> String? {
    texts.isEmpty ? nil : texts.joined(separator: ", ")
  }
  compare(.title, old.title, new.title)
  compare(.link, old.url, new.url)
  compare(.externalLink, old.externalURL, new.externalURL)
  compare(.date, old.published?.description, new.published?.description)
  let bodies = (old.contentHTML ?? old.contentText, new.contentHTML ?? new.contentText)
  if bodies.0 != bodies.1 { changes.append(wordChange(.text, words(of: old), words(of: new))) }
  if old.summary != new.summary {
    changes.append(wordChange(.summary, words(in: old.summary), words(in: new.summary)))
  }
  compare(
    .authors,
    list(old.authors.compactMap { $0.name ?? $0.url }),
    list(new.authors.compactMap { $0.name ?? $0.url })
  )
  compare(.tags, list(old.tags), list(new.tags))
  compare(.attachments, list(old.attachments.map(\.url)), list(new.attachments.map(\.url)))
  return changes
}

private func words(of item: FeedItem) -> [Substring] {
  words(in: item.contentHTML.map { plainText(html: $0) } ?? item.contentText)
}

private func words(in text: String?) -> [Substring] {
  (text ?? "").split { $0.isWhitespace }
}

/// Counts words without regard to their order, which is quick for texts of any length.
private func wordChange(
  _ part: ContentChange.Part,
  _ old: [Substring],
  _ new: [Substring]
) -> ContentChange {
  var counts: [Substring: Int] = [:]
  for word in old { counts[word, default: 0] -= 1 }
  for word in new { counts[word, default: 0] += 1 }
  return ContentChange(
    part,
    addedWords: counts.values.reduce(0) { $0 + max(0, $1) },
    removedWords: counts.values.reduce(0) { $0 + max(0, -$1) },
    words: new.count
  )
}
