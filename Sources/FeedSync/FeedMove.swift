import FeedModel

extension PermanentMove {
  /// The move that an answer shows.
  ///
  /// Only redirects that are permanent from the first on say that a feed has moved (RFC 9110
  /// §15.4.2 and §15.4.9); it ends where the first other one begins. A private address that
  /// answers is no place to move to: hotels answer so, and networks that want a login.
  ///
  /// - Parameters:
  ///   - known: What was seen before.
  ///   - url: Where the feed was asked.
  ///   - facts: The answer; it brought a feed, or 304.
  ///   - refused: Where the person does not want the feed to go.
  ///   - now: The time.
  /// - Returns: Nil when nothing, or something else, was seen.
  static func seen(
    _ known: PermanentMove?,
    from url: String,
    in facts: ResponseFacts,
    refused: String?,
    now: Timestamp
  ) -> PermanentMove? {
    let permanent = facts.redirects.prefix { $0.status == 301 || $0.status == 308 }
    guard let target = permanent.last.map(\.target).flatMap(feedAddress), !facts.isPrivate,
      target != refused, target != url
    else { return nil }
    guard var move = known, move.target == target else {
      return PermanentMove(target: target, since: now, polls: 1)
    }
    move.polls += 1
    return move
  }

  /// It was seen often enough, for long enough, to be believed.
  ///
  /// From `http` to `https` on the same host and path nothing can go wrong, and so nothing has to
  /// be waited for.
  ///
  /// - Parameters:
  ///   - url: Where the feed is asked now.
  ///   - settings: For how long, and how often.
  ///   - now: The time.
  /// - Returns: True when the feed's URL should be changed.
  func isBelieved(from url: String, settings: ScheduleSettings, now: Timestamp) -> Bool {
    if let old = WebURL(url), let new = WebURL(target), old.scheme == "http",
      new.scheme == "https", old.host == new.host, old.path == new.path, old.query == new.query
    {
      return true
    }
    return polls >= settings.movePolls && now >= since.adding(seconds: settings.moveTime)
  }
}
