import FeedModel

/// Collects issues, a bounded number of each kind.
///
/// A document can hold millions of bare ampersands; the first few say all there is to say.
struct IssueLog {
  /// How many issues of one kind are kept.
  ///
  /// What was not taken out of a list is always named; the cap of the list bounds it.
  private static func countMax(_ kind: ParseIssue.Kind) -> Int {
    kind == .rejected || kind == .credentials ? Limit.listedFeeds.value : 20
  }

  private(set) var issues: [ParseIssue] = []
  private var counts: [ParseIssue.Kind: Int] = [:]

  /// Notes an issue, unless there are enough of its kind.
  mutating func note(_ kind: ParseIssue.Kind, line: Int? = nil, detail: String? = nil) {
    let count = counts[kind, default: 0]
    guard count < Self.countMax(kind) else { return }
    counts[kind] = count + 1
    issues.append(ParseIssue(kind, line: line, detail: detail))
  }

  /// Whether another issue of this kind would be kept.
  func wants(_ kind: ParseIssue.Kind) -> Bool { counts[kind, default: 0] < Self.countMax(kind) }

  /// The issues without a line first, then by line; equal lines stay in the order of their notes.
  var sorted: [ParseIssue] {
    issues.enumerated()
      .sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
      .map(\.element)
  }
}
