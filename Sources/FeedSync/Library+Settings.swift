public import FeedIndex
public import FeedModel
import FeedStore

/// What a person changes about one feed, for all machines that share the store.
public enum FeedChange: Hashable, Sendable {
  /// The person's own title; nil for the publisher's.
  case title(String?)
  /// Where it is fetched from; a form that `feedAddress(_:)` gives.
  case url(String)
  /// A tag, or no longer.
  case tag(String, Bool)
  /// Seconds between polls; nil for the feed's own cadence.
  case interval(Int64?)
  /// Who asks; nil for what Rill says of itself.
  case userAgent(String?)
  /// HTTP/2 is not offered.
  case http1Only(Bool)
  /// For how many days its articles are kept, 0 for ever; nil for as long as those of all feeds.
  case keepDays(Int64?)
  /// How many of its articles are kept, 0 for all; nil for as many as of all feeds.
  case keepArticles(Int64?)
}

extension Library {
  /// Changes what is set for a feed, in one durable step; what is that way already is not written.
  ///
  /// A new URL is asked as soon as the next sync: what its old server asked for, and how often it
  /// failed, is forgotten. Validators stay, for they are sent to no other URL. Where a permanent
  /// redirect has led the feed away from the very URL that is set, it is not followed again.
  ///
  /// - Parameters:
  ///   - feed: The feed as it is now.
  ///   - changes: What is to be.
  ///   - act: What it is a part of.
  ///   - now: The time of the act.
  /// - Returns: Whether something was written.
  /// - Throws: What the store answers; then nothing is changed.
  @discardableResult
  public func change(
    _ feed: FeedRow,
    _ changes: [FeedChange],
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) -> Bool {
    let registers = changes.flatMap { self.registers($0, feed) }
    guard !registers.isEmpty else { return false }
    let effects = try pollEffects(of: registers, on: feed)
    try append(lines(of: feed.id, registers, now: now), in: act, now: now, effects)
    return true
  }

  /// What is remembered about polling a feed once these registers of it are written.
  func pollEffects(
    of registers: [(String, RegisterValue)],
    on feed: FeedRow
  ) throws(LibraryError) -> PollEffects {
    var effects = PollEffects()
    let written = Dictionary(registers) { $1 }
    if written["url"] != nil || written["fetch.interval"] != nil,
      var poll = try self.polls()[feed.id]
    {
      if case .string(let url)? = written["url"] {
        effects.polls[feed.id] = poll.forgettingServer(hostName(of: url) == hostName(of: feed.url))
      } else if case .integer(let seconds)? = written["fetch.interval"],
        let last = poll.lastAttempt, [.cadence, .interval, .ttl].contains(poll.wait)
      {
        // What the server asked for holds; what was only habit does not.
        let due = last.adding(seconds: max(leastInterval, seconds))
        poll.nextDue = min(poll.nextDue ?? .latest, due)
        poll.wait = .interval
        effects.polls[feed.id] = poll
      }
    }
    return effects
  }

  private func registers(_ change: FeedChange, _ feed: FeedRow) -> [(String, RegisterValue)] {
    let settings = feed.settings
    func text(_ value: String?) -> RegisterValue { value.map(RegisterValue.string) ?? .none }
    switch change {
    case .title(let title): return title == feed.ownTitle ? [] : [("title", text(title))]
    case .tag(let name, let value):
      return feed.tags.contains(name) == value ? [] : [("tag:\(name)", .bool(value))]
    case .interval(let seconds):
      guard seconds != settings.intervalSeconds else { return [] }
      return [("fetch.interval", seconds.map(RegisterValue.integer) ?? .none)]
    case .userAgent(let userAgent):
      return userAgent == settings.userAgent ? [] : [("fetch.user-agent", text(userAgent))]
    case .http1Only(let value):
      return value == settings.isHTTP1Only ? [] : [("fetch.http1", value ? .bool(true) : .none)]
    case .keepDays(let days):
      guard days != settings.keepDays else { return [] }
      return [("keep.days", days.map(RegisterValue.integer) ?? .none)]
    case .keepArticles(let count):
      guard count != settings.keepArticles else { return [] }
      return [("keep.articles", count.map(RegisterValue.integer) ?? .none)]
    case .url(let url):
      // What an import brought is trusted once it is typed.
      guard url != feed.url || feed.urlDevice == FeedRow.importer else { return [] }
      var registers: [(String, RegisterValue)] = [("url", .string(url))]
      if url == settings.movedFrom { registers.append(("move.refused", .string(feed.url))) }
      if url == settings.refusedMove { registers.append(("move.refused", .none)) }
      if settings.isLed { registers.append(("fetch.led", .none)) }
      if settings.movedFrom != nil { registers.append(("move.from", .none)) }
      return registers
    }
  }
}

extension PollState {
  /// What is left to remember when the feed is fetched from another URL.
  ///
  /// - Parameter sameHost: It is on the same host, whose `Retry-After` still binds.
  /// - Returns: It is due, and nothing has gone wrong with it yet.
  func forgettingServer(_ sameHost: Bool) -> PollState {
    var poll = self
    if !sameHost { poll.retryAfter = nil }
    (poll.nextDue, poll.wait, poll.lastError, poll.trouble, poll.failingSince) = (
      nil, nil, nil, nil, nil
    )
    (poll.note, poll.move, poll.hub, poll.topic) = (nil, nil, nil, nil)
    poll.failures = 0
    return poll
  }
}
