import FeedIndex
import FeedModel

/// The truth about one feed, beside what was made of it.
struct Ledger {
  /// A version of a true article.
  struct Version {
    var article: Int
    var revision: Int
    var form: Form
    /// The page of the article, whatever else its link says.
    var page: String
  }

  /// Which version each item is that stood in a document.
  private(set) var versions: [FeedItem: Version] = [:]
  /// The newest version that was seen of each article.
  private(set) var seen: [Int: Version] = [:]
  /// Which true article each id was made for.
  private(set) var owners: [ArticleID: Int] = [:]
  /// The articles that were shown as new.
  private(set) var shown: Set<Int> = []
  /// Articles with which something went wrong, which is said once.
  private var told: [ReplayFault: Set<Int>] = [:]
  /// Articles that were edited so that a reader would see it, or whose page moved.
  private(set) var edited: Set<Int> = []
  var read: Set<Int> = []
  var starred: Set<Int> = []

  /// Takes note of what stood in a document.
  ///
  /// - Parameters:
  ///   - items: What was read.
  ///   - answer: What it was made of.
  /// - Returns: How many known articles stood in it with an edit, and how many may be updated.
  /// - Throws: When nobody could tell two of them apart.
  mutating func saw(_ items: [FeedItem], _ answer: Answer) throws -> (edits: Int, updates: Int) {
    var (edits, updates) = (0, 0)
    for (item, (entry, form)) in zip(items, zip(answer.entries, answer.forms)) {
      let version = Version(
        article: entry.essay.number,
        revision: entry.essay.revision,
        form: form,
        page: entry.page
      )
      if let other = versions[item], other.article != version.article {
        throw ReplayError("Articles \(other.article) and \(version.article) stand in one form.")
      }
      versions[item] = version
      if let before = seen[version.article] {
        let isEdited = before.revision != version.revision
        if isEdited { edits += 1 }
        if isEdited || before.page != version.page {
          updates += 1
          edited.insert(version.article)
        }
      }
      seen[version.article] = version
    }
    return (edits, updates)
  }

  mutating func own(_ id: ArticleID, _ article: Int) { owners[id] = article }

  mutating func show(_ article: Int) -> Bool { shown.insert(article).inserted }

  /// True the first time that this is told of an article.
  mutating func tell(_ fault: ReplayFault, _ article: Int) -> Bool {
    told[fault, default: []].insert(article).inserted
  }
}
