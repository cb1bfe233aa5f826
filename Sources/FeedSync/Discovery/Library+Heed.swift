import FeedIndex
public import FeedModel

extension Library {
  /// Takes note of servers that asked for a pause while a feed was looked for.
  ///
  /// Nothing is subscribed to, but a host that said so is left alone like one of a feed.
  ///
  /// - Parameters:
  ///   - discovery: What was found.
  ///   - settings: The numbers of the schedule.
  ///   - now: The time of the answers.
  /// - Throws: What the index answers; then the hosts are not remembered.
  public func heed(
    _ discovery: Discovery,
    settings: ScheduleSettings = ScheduleSettings(),
    now: Timestamp
  ) throws(LibraryError) {
    guard !discovery.refusals.isEmpty else { return }
    var hosts = try hosts()
    var effects = PollEffects()
    for facts in discovery.refusals {
      let host = hostName(of: facts.url)
      guard host.isName else { continue }
      var state = HostState(
        parkedUntil: now.adding(seconds: pause(facts, settings)),
        reason: facts.status == 429
          ? HostState.tooManyRequests
          : "It takes no more requests for now, by its own word.",
        isBinding: true,
        feedsPerRun: hosts[host]?.feedsPerRun
      )
      state.parkedUntil = max(state.parkedUntil, hosts[host]?.parkedUntil ?? .earliest)
      hosts[host] = state
      effects.hosts[host] = .some(state)
    }
    try append([], now: now, effects)
  }

  /// How many seconds a server wants to be left alone.
  private func pause(_ facts: ResponseFacts, _ settings: ScheduleSettings) -> Int64 {
    facts.status == 429
      ? facts.pauseSeconds(settings)
      : min(max(facts.askedSeconds ?? 0, 0), settings.longestRetry)
  }
}
