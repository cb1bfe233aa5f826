import FeedModel
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let day: Int64 = 86_400

private func ago(_ days: Int64) -> Timestamp { noon.adding(seconds: -days * day) }

/// A feed that answered, with articles every `gap` days, the newest `silent` days ago.
private func poll(status: Int, gap: Int64, silent: Int64, document: Int64) -> PollState {
  var poll = PollState()
  poll.lastAttempt = noon
  poll.lastStatus = status
  poll.gapSeconds = gap * day
  poll.newestArticle = ago(silent)
  poll.lastDocument = ago(document)
  return poll
}

@Test(
  arguments: [
    (200, 1, 2, 0, .ok), (304, 1, 20, 20, .ok), (304, 1, 40, 40, .stale), (304, 1, 40, 1, .quiet),
    (200, 1, 40, 0, .quiet), (304, 30, 200, 200, .ok), (304, 30, 400, 400, .stale),
    (304, 365, 800, 10, .quiet),
  ] as [(Int, Int64, Int64, Int64, Verdict.Kind)]
)
func `a feed that is silent for long is quiet, or stale when its server only says 304`(
  status: Int,
  gap: Int64,
  silent: Int64,
  document: Int64,
  expected: Verdict.Kind
) {
  let verdict = verdict(
    of: poll(status: status, gap: gap, silent: silent, document: document),
    now: noon
  )
  #expect(verdict.kind == expected)
}

@Test func `a feed that was never asked is new`() {
  #expect(verdict(of: PollState(), now: noon) == Verdict(.new))
}

@Test(
  arguments: [
    (.nameNotFound(host: "a"), .unreachable), (.timeout(seconds: 60), .unreachable),
    (.tls(host: "a", detail: "expired"), .certificate), (.status(403, message: nil), .blocked),
    (.challenge(status: 503, by: "Cloudflare"), .blocked), (.status(404, message: nil), .broken),
    (.status(500, message: nil), .broken), (.empty, .broken),
  ] as [(FetchFailure, Verdict.Kind)]
)
func `each failure has its verdict, with its words and the next try`(
  failure: FetchFailure,
  expected: Verdict.Kind
) {
  let reason = SyncFailure.fetch(failure)
  let answer = Answer.failed(nil, reason: reason.description, trouble: reason.trouble)
  let feed = FeedID(HashID(digest: [UInt8](repeating: 5, count: 13)))
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  let verdict = verdict(of: poll, now: noon)
  #expect(verdict.kind == expected)
  #expect(verdict.evidence == failure.description)
  #expect(verdict.nextTry == poll.nextDue)
}

@Test func `a redirect that is not believed yet is named`() {
  var state = poll(status: 200, gap: 1, silent: 0, document: 0)
  state.move = PermanentMove(target: "https://b.example/f", since: ago(1), polls: 2)
  #expect(
    verdict(of: state, now: noon).evidence
      == "It redirects for good to https://b.example/f, seen 2 times since 2026-11-21."
  )
}
