public import FeedModel

/// How a feed is, by what is remembered of it.
///
/// Pure.
///
/// - Parameters:
///   - poll: What is remembered.
///   - now: The time at which it is asked for.
/// - Returns: One word, what shows it, and when the feed is asked next.
public func verdict(of poll: PollState, now: Timestamp) -> Verdict {
  let due = max(poll.nextDue ?? .earliest, poll.retryAfter ?? .earliest)
  let nextTry = due > now && due < .latest ? due : nil
  guard poll.lastAttempt != nil else { return Verdict(.new, nextTry: nextTry) }
  return Verdict(.ok, nextTry: nextTry)
}
