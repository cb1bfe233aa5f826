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
  if let trouble = poll.trouble {
    return Verdict(kind(of: trouble), evidence: evidence(poll), nextTry: nextTry)
  }
  guard poll.lastAttempt != nil else { return Verdict(.new, nextTry: nextTry) }
  if let move = poll.move {
    return Verdict(
      .moved,
      evidence: "It redirects for good to \(move.target), seen \(times(move.polls)) since "
        + "\(day(move.since)).",
      nextTry: nextTry
    )
  }
  return silence(poll, now: now, nextTry: nextTry) ?? Verdict(.ok, nextTry: nextTry)
}

private func kind(of trouble: Trouble) -> Verdict.Kind {
  switch trouble {
  case .unreachable: .unreachable
  case .certificate: .certificate
  case .blocked: .blocked
  case .rateLimited: .rateLimited
  case .gone: .gone
  case .notFound, .broken: .broken
  }
}

private func evidence(_ poll: PollState) -> String {
  let error = poll.lastError ?? "It gave no feed."
  guard poll.failures > 1, let since = poll.failingSince else { return error }
  return "\(error) Tried \(times(poll.failures)) since \(day(since))."
}

/// A feed that answers, and of which no news has come for much longer than its own cadence.
///
/// A server that still says 304 may have forgotten to look; one that has sent the old document
/// again has not, and the feed is only quiet.
private func silence(_ poll: PollState, now: Timestamp, nextTry: Timestamp?) -> Verdict? {
  guard let newest = poll.newestArticle, let gap = poll.gapSeconds else { return nil }
  let patience = min(max(10 * gap, Patience.least), Patience.most)
  guard now > newest.adding(seconds: patience) else { return nil }
  let silence = "Its newest article is of \(day(newest))"
  let isUnproven = poll.lastDocument.map { now > $0.adding(seconds: patience) } ?? false
  guard poll.lastStatus == 304, isUnproven, let since = poll.lastDocument else {
    return Verdict(.quiet, evidence: silence + ".", nextTry: nextTry)
  }
  return Verdict(
    .stale,
    evidence: silence + ", and since \(day(since)) its server says only that nothing changed.",
    nextTry: nextTry
  )
}

/// How long a feed may be silent, in seconds.
private enum Patience {
  /// Even of a feed that brings news by the hour.
  static let least: Int64 = 21 * 86_400
  /// Even of a feed that brings news once in years.
  static let most: Int64 = 730 * 86_400
}

private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

/// The day of a moment, such as `2026-11-22`.
private func day(_ moment: Timestamp) -> String {
  String(moment.rfc3339(milliseconds: false).prefix(10))
}
