import FeedIndex
import FeedModel

/// Who is asked next: feeds line up by their host, and of each line one is asked at a time.
///
/// A host that says 429, or that it takes no more requests for now, is left alone by all of its
/// line, and so is one that said 503 to three feeds. Where three feeds in a row found nobody, the
/// others wait, and after that one of them is asked to see whether anybody is there. A host that
/// is only an address stands for a single machine at home: there each feed counts for itself.
struct HostLines {
  private let settings: ScheduleSettings
  private var lines: [String: [Asking]] = [:]
  /// Hosts of whose line nobody is being asked; the last one is next.
  ///
  /// The longest line comes first, for it takes longest; and a host that has just answered comes
  /// before all others, for its connection is open.
  private var free: [String] = []
  private var hosts: [String: HostState]
  /// How many feeds were told to come later by 503.
  private var refusals: [String: Int]
  /// How many feeds in a row found nobody there.
  private var silences: [String: Int] = [:]
  /// How many feeds of a host answered in this run.
  private var answers: [String: Int] = [:]
  /// What was learned of hosts and is not written yet; nil for what is to be forgotten.
  private var news: [String: HostState?] = [:]

  /// Lines feeds up; those of one host that were not asked for longest come first.
  ///
  /// - Parameters:
  ///   - askings: The feeds.
  ///   - hosts: What is remembered of hosts.
  ///   - refusals: How many feeds of a host were told by 503 to come later and wait for it.
  ///   - settings: The numbers of the schedule.
  init(
    _ askings: [Asking],
    hosts: [String: HostState],
    refusals: [String: Int] = [:],
    settings: ScheduleSettings
  ) {
    self.hosts = hosts
    self.refusals = refusals
    self.settings = settings
    for asking in askings {
      if lines[asking.host] == nil { free.append(asking.host) }
      lines[asking.host, default: []].append(asking)
    }
    for host in free {
      let line = (lines[host] ?? []).enumerated()
        .sorted {
          let (left, right) = ($0.element.poll.lastAttempt, $1.element.poll.lastAttempt)
          return (left ?? .earliest, $0.offset) > (right ?? .earliest, $1.offset)
        }
      lines[host] = line.map(\.element)
    }
    free = free.enumerated()
      .sorted {
        let (left, right) = (lines[$0.element]?.count ?? 0, lines[$1.element]?.count ?? 0)
        return (left, -$0.offset) < (right, -$1.offset)
      }
      .map(\.element)
  }

  /// The next feed that may be asked; nil when every line is being served or empty.
  mutating func next() -> Asking? {
    while let host = free.popLast() {
      if let asking = lines[host]?.popLast() { return asking }
    }
    return nil
  }

  /// Takes note of an answer, and frees the line of the host that was asked.
  ///
  /// What is learned is of the host that answered: behind a redirect that is another one.
  ///
  /// - Returns: Those who are not asked now, and until when.
  mutating func finished(_ reading: Reading, now: Timestamp) -> [(Asking, until: Timestamp)] {
    let asked = reading.host
    let redirected = reading.facts.flatMap { $0.redirects.isEmpty ? nil : hostName(of: $0.url) }
    let answering = redirected ?? reading.silentHost ?? asked
    if answering.isName { learn(from: reading, at: answering, now: now) }
    var postponed: [(Asking, until: Timestamp)] = []
    for host in answering == asked ? [asked] : [asked, answering] {
      if let until = pause(of: host, now: now) {
        postponed += (lines[host] ?? []).reversed().map { ($0, until) }
        lines[host] = nil
      } else if host == asked {
        free.append(host)
      }
    }
    return postponed
  }

  /// Until when no more feeds of a host are asked; nil when the next may be.
  private func pause(of host: String, now: Timestamp) -> Timestamp? {
    guard let state = hosts[host] else { return nil }
    if state.parkedUntil > now { return believed(state, settings, now) }
    // The next run begins at the earliest a minute from now, and asks as many again.
    guard let most = state.feedsPerRun else { return nil }
    // After each day without another 429 it may be twice as many: what a host takes changes.
    let days = min((now.seconds - state.parkedUntil.seconds) / 86_400, 16)
    guard answers[host, default: 0] >= most << days else { return nil }
    return now.adding(seconds: 60)
  }

  /// What was learned of hosts since the last time; nil for what is to be forgotten.
  mutating func takeNews() -> [String: HostState?] {
    defer { news = [:] }
    return news
  }

  /// How many feeds of each host were told by 503 to come later and still wait for it.
  static func refusals(
    _ polls: [FeedID: PollState],
    _ feeds: [FeedRow],
    now: Timestamp
  ) -> [String: Int] {
    feeds.reduce(into: [:]) { refusals, feed in
      guard let poll = polls[feed.id], poll.lastStatus == 503, let until = poll.retryAfter,
        until > now
      else { return }
      refusals[hostName(of: feed.url), default: 0] += 1
    }
  }

  private mutating func learn(from reading: Reading, at host: String, now: Timestamp) {
    if reading.foundNobody {
      silences[host, default: 0] += 1
      let before = hosts[host]?.silences ?? 0
      // A host where nobody was before is tried with one feed.
      guard silences[host, default: 0] >= (before > 0 ? 1 : settings.hostSilences) else { return }
      let wait = min(settings.floor << Int64(min(before, 8)), settings.longestBackoff)
      park(host, until: now.adding(seconds: wait), "Nobody answers there.", silences: before + 1)
      return
    }
    // Nobody was asked: a password is missing, or the address may not be reached.
    guard reading.facts != nil else { return }
    silences[host] = 0
    answers[host, default: 0] += 1
    if case .failed(.later(let status?, let until, _), _) = reading.content {
      refusals[host, default: 0] += 1
      if status == 429 {
        let served = answers[host, default: 0] - 1
        park(
          host,
          until: until,
          HostState.tooManyRequests,
          isBinding: true,
          // Where not even the first was served, it was not this run that asked too much.
          feedsPerRun: reading.facts?.rateLimit == nil && served > 0 ? served : nil
        )
      } else if refusals[host, default: 0] >= 3 {
        park(host, until: until, "It answered \(status) to three feeds.")
      }
      return
    }
    if let limit = reading.facts?.rateLimit, limit.remaining < 1, limit.resetSeconds > 0 {
      let wait = min(limit.resetSeconds, settings.longestRetry)
      let reason = "It takes no more requests for \(wait) s, by its own word."
      park(host, until: now.adding(seconds: wait), reason, isBinding: true)
    } else if let known = hosts[host],
      !known.isBinding || believed(known, settings, now) == nil
    {
      forget(host, known, now)
    }
  }

  /// A host that answers again is like any other, but for what was learned of how much it takes.
  private mutating func forget(_ host: String, _ known: HostState, _ now: Timestamp) {
    let isRecent = now < known.parkedUntil.adding(seconds: settings.longestRetry)
    if known.feedsPerRun != nil, isRecent {
      guard known.silences > 0 else { return }
      hosts[host]?.silences = 0
      news[host] = .some(hosts[host])
    } else {
      hosts[host] = nil
      news[host] = .some(nil)
    }
  }

  private mutating func park(
    _ host: String,
    until: Timestamp,
    _ reason: String,
    silences: Int = 0,
    isBinding: Bool = false,
    feedsPerRun: Int? = nil
  ) {
    var state = HostState(
      parkedUntil: max(until, hosts[host]?.parkedUntil ?? until),
      reason: reason,
      silences: silences,
      isBinding: isBinding,
      feedsPerRun: feedsPerRun
    )
    if let known = hosts[host] {
      if let most = known.feedsPerRun { state.feedsPerRun = min(most, feedsPerRun ?? most) }
      // What binds until later still binds.
      if known.isBinding, !isBinding, known.parkedUntil >= until { return }
    }
    hosts[host] = state
    news[host] = .some(state)
  }
}

extension HostState {
  /// Why a host is left alone that said 429.
  static let tooManyRequests = "It answered 429: too many requests."
}

extension [String: HostState] {
  /// The hosts that nobody may ask, not even through a redirect.
  func paused(settings: ScheduleSettings, now: Timestamp) -> Set<String> {
    Set(keys.filter { pause(of: $0, for: .named, settings: settings, now: now) != nil })
  }

  /// Until when a host may not be asked; nil when it may.
  ///
  /// - Parameters:
  ///   - host: Its name.
  ///   - reason: A person may ask where nobody answered, and not where a server said no.
  ///   - settings: For how long a server is believed.
  ///   - now: The time.
  /// - Returns: The moment; one that is farther off than any server is believed is none.
  func pause(
    of host: String,
    for reason: SyncReason,
    settings: ScheduleSettings,
    now: Timestamp
  ) -> Timestamp? {
    guard let state = self[host], reason == .scheduled || state.isBinding else { return nil }
    return believed(state, settings, now)
  }
}

/// Until when a host is left alone; nil when it no longer is, or when the moment is farther off
/// than any server is believed: a clock was ahead then.
private func believed(
  _ state: HostState,
  _ settings: ScheduleSettings,
  _ now: Timestamp
) -> Timestamp? {
  guard state.parkedUntil > now,
    state.parkedUntil <= now.adding(seconds: settings.longestRetry + clockStep)
  else { return nil }
  return state.parkedUntil
}

/// The host of a feed's URL; empty for a local file.
func hostName(of url: String) -> String { WebURL(url)?.host ?? "" }

extension String {
  /// A host with a name, and not an address or a file.
  var isName: Bool {
    guard let last = split(separator: ".").last else { return false }
    return !hasPrefix("[") && !last.allSatisfy(\.isNumber)
  }
}
