import FeedIndex
import FeedMerge
import FeedModel
import FeedParse
import FeedText

/// A feed's answer after everything that needs neither store nor index was done with it.
struct Reading: Sendable {
  /// What came, parsed where there was something to parse.
  enum Content: Sendable {
    case parsed(ParsedFeed, DocumentKeys, bodyHash: String, Validators, ResponseFacts)
    /// The very bytes that were merged last time.
    case same(Validators, ResponseFacts)
    case notModified(Validators, ResponseFacts)
    case failed(SyncFailure, ResponseFacts?)
  }

  var feed: FeedRow
  var poll: PollState
  var content: Content

  /// The host that was asked first; empty for a local file.
  var host: String

  /// What the answer said apart from its body; nil when there was none.
  var facts: ResponseFacts? {
    switch content {
    case .parsed(_, _, _, _, let facts), .same(_, let facts), .notModified(_, let facts): facts
    case .failed(_, let facts): facts
    }
  }

  /// No whole feed came, and no word that the last one still holds.
  var isFailure: Bool {
    switch content {
    case .parsed(let parsed, _, _, _, _): parsed.isTruncated
    case .same, .notModified: false
    case .failed: true
    }
  }

  /// The host where nobody was; behind a redirect that is not the one that was asked.
  var silentHost: String? {
    switch content {
    case .failed(.fetch(.nameNotFound(let host)), _), .failed(.fetch(.connection(let host, _)), _),
      .failed(.fetch(.tls(let host, _)), _):
      host
    default: nil
    }
  }

  /// Nobody answered: no address, no connection, or no answer in time.
  var foundNobody: Bool {
    switch content {
    case .failed(.fetch(.nameNotFound), _), .failed(.fetch(.connection), _),
      .failed(.fetch(.tls), _), .failed(.fetch(.timeout), _):
      true
    default: false
    }
  }

  /// Parses what came.
  ///
  /// - Parameters:
  ///   - feed: The feed that was asked.
  ///   - host: The host of its URL; empty for a local file.
  ///   - poll: What was remembered of it.
  ///   - outcome: What came.
  ///   - skipsSameBytes: The bytes of last time need not be parsed again.
  ///   - settings: The numbers of the schedule.
  ///   - now: When it came.
  init(
    feed: FeedRow,
    host: String,
    poll: PollState,
    outcome: FetchOutcome,
    skipsSameBytes: Bool,
    settings: ScheduleSettings,
    now: Timestamp
  ) {
    self.feed = feed
    self.host = host
    self.poll = poll
    switch outcome {
    case .fetched(let body, let contentType, let validators, let facts):
      let bodyHash = documentHash(body)
      if skipsSameBytes, bodyHash == poll.bodyHash {
        content = .same(validators, facts)
        return
      }
      do {
        let parsed = try parse(body, baseURL: facts.url, contentType: contentType)
        let keys = DocumentKeys(feed: feed.id, parsed: parsed)
        content = .parsed(parsed, keys, bodyHash: bodyHash, validators, facts)
      } catch .htmlPage {
        content = .failed(.page(pageKind(body)), facts)
      } catch {
        content = .failed(.parse(error), facts)
      }
    case .notModified(let validators, let facts):
      content = .notModified(validators, facts)
    case .gone(let facts):
      content = .failed(.gone, facts)
    case .retryLater(let facts, let message):
      // The schedule works out until when; the report says the same.
      let answer = Answer.later(facts, reason: "")
      let state = next(poll, after: answer, feed: feed.id, settings: settings, now: now)
      let until = state.retryAfter ?? state.nextDue ?? now
      content = .failed(.later(status: facts.status, until: until, message: message), facts)
    case .failed(let failure, let facts):
      content = .failed(.fetch(failure), facts)
    }
  }
}
