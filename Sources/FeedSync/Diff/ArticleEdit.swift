public import FeedModel
import FeedText

/// One edit of an article: what a publisher changed between two revisions.
public struct ArticleEdit: Hashable, Sendable {
  /// One part that changed.
  public struct Part: Hashable, Sendable {
    /// Which.
    public var part: ContentChange.Part
    /// What it was, as plain text; nil where there was nothing.
    public var before: String?
    /// What it is, as plain text; nil where there is nothing any more.
    public var after: String?
    /// What was removed and added; for lists, such as tags, each element is a word.
    public var runs: [DiffRun]

    /// Only what no reader sees changed, such as markup.
    public var isUnseen: Bool { runs.allSatisfy { $0.kind == .same } }
  }

  /// When the later revision was written.
  public var at: Timestamp
  /// Who wrote it.
  public var device: ExplainedDevice
  /// When the earlier one was.
  public var earlier: Timestamp
  /// What changed, in the order of `ContentChange.Part`.
  public var parts: [Part]

  /// A reader sees nothing of it.
  public var isUnseen: Bool { parts.allSatisfy(\.isUnseen) }
}

extension Explanation {
  /// What was edited, the oldest first: between each revision that says something else than the one
  /// before, and that one.
  public var edits: [ArticleEdit] {
    var edits: [ArticleEdit] = []
    var before: (at: Timestamp, article: Article)?
    for event in events {
      guard case .revision(let revision) = event.deed, !revision.isPurged else { continue }
      let article = revision.article
      if let before, before.article.contentHash != article.contentHash {
        let parts = editedParts(from: before.article.item, to: article.item)
        if !parts.isEmpty {
          edits.append(
            ArticleEdit(at: event.at, device: event.device, earlier: before.at, parts: parts)
          )
        }
      }
      before = (event.at, article)
    }
    return edits
  }
}

/// Says what was removed and added in each part of an article.
func editedParts(from old: FeedItem, to new: FeedItem) -> [ArticleEdit.Part] {
  contentChanges(from: old, to: new)
    .map { change in
      let (before, after): (String?, String?) =
        switch change.part {
        case .text: (text(of: old), text(of: new))
        case .summary: (old.summary, new.summary)
        default: (change.before, change.after)
        }
      let runs: [DiffRun] =
        switch change.part {
        case .title, .text, .summary: wordDiff(words(of: before ?? ""), words(of: after ?? ""))
        case .link, .externalLink, .date:
          wordDiff([before].compactMap(\.self), [after].compactMap(\.self))
        case .authors: wordDiff(names(of: old), names(of: new))
        case .tags: wordDiff(old.tags, new.tags)
        case .attachments: wordDiff(old.attachments.map(\.url), new.attachments.map(\.url))
        }
      return ArticleEdit.Part(part: change.part, before: before, after: after, runs: runs)
    }
}

private func text(of item: FeedItem) -> String? {
  item.contentHTML.map { plainText(html: $0) } ?? item.contentText
}

private func names(of item: FeedItem) -> [String] {
  item.authors.compactMap { $0.name ?? $0.url }
}
