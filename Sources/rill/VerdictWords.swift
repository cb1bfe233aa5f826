import FeedIndex
import FeedModel
import FeedSync

/// A feed with how it is.
struct FeedHealth {
  var feed: FeedRow
  var poll: PollState
  var verdict: Verdict

  /// Looks at one feed.
  init(_ feed: FeedRow, _ poll: PollState, now: Timestamp) {
    self.feed = feed
    self.poll = poll
    verdict = FeedSync.verdict(of: poll, now: now)
  }

  /// What a person may type next, with what it does; nil when there is nothing to do.
  ///
  /// - Parameter id: The feed's id, as short as it may be typed.
  /// - Returns: A sentence that ends with a command.
  func advice(id: some StringProtocol) -> String? {
    let site = quoted(WebURL(feed.url).map { $0.origin + "/" } ?? feed.url)
    switch verdict.kind {
    case .new, .ok, .quiet, .moved: return nil
    case .stale: return "Ask it once without validators: rill sync \(id) --force"
    case .gone: return "Stop following it: rill remove \(id)"
    case .rateLimited: return "Ask it less often: rill set \(id) --interval 12h"
    case .unreachable: return "Try it now: rill sync \(id)"
    case .certificate:
      return "Only if the server is your own: rill set \(id) --insecure"
    case .blocked where poll.lastStatus == 401 || poll.lastStatus == 407:
      return "Log in: rill set \(id) --user NAME"
    case .blocked: return "Say who you are: rill set \(id) --user-agent TEXT"
    case .broken where poll.lastError == FetchFailure.refusedFile(path: feed.url).description:
      return "Read it here as well: rill add \(quoted(feed.url))"
    case .broken where feed.url.hasPrefix("/"): return "Look at it: rill parse \(quoted(feed.url))"
    case .broken where poll.trouble == .notFound || poll.lastStatus == 200:
      return "Look for its new address: rill discover \(site)"
    case .broken where poll.lastStatus == nil: return "See what is set for it: rill set \(id)"
    case .broken: return "Try it now: rill sync \(id)"
    }
  }

  /// When it is asked next, in few letters.
  func next(now: Timestamp) -> String {
    if let next = verdict.nextTry { return "in \(age(seconds: next.seconds - now.seconds))" }
    return poll.wait == .gone && poll.nextDue == .latest ? "never" : "due"
  }
}

/// How many letters of a feed's id tell it from the others; at least 6.
func shortIDLength(_ feeds: [FeedRow]) -> Int {
  let ids = feeds.map(\.id.description).sorted()
  let shared = zip(ids, ids.dropFirst()).map { $0.commonPrefix(with: $1) }
  return max(6, (shared.max() ?? 0) + 1)
}

extension String {
  fileprivate func commonPrefix(with other: String) -> Int {
    zip(utf8, other.utf8).prefix { $0 == $1 }.count
  }
}
