import FeedIndex
import FeedModel

/// Who is asked next: feeds line up by their host, and of each line one is asked at a time.
///
/// A host that says 429 is left alone by all of its line, and so is one that said 503 to three
/// feeds. A host that is only an address stands for a single machine at home: there each feed
/// counts for itself. Where three feeds in a row found nobody, the others wait for an hour.
struct HostLines {
  private var lines: [String: [Asking]] = [:]
  /// Hosts of whose line nobody is being asked, in the order in which they came free.
  private var free: ArraySlice<String> = []
  private var parked: [String: Timestamp]
  private var refusals: [String: Int] = [:]
  /// How many feeds in a row found nobody there.
  private var silences: [String: Int] = [:]

  /// Lines feeds up, those of one host in the order given.
  ///
  /// - Parameters:
  ///   - askings: The feeds.
  ///   - parked: Hosts that may not be asked yet, and until when.
  init(_ askings: [Asking], parked: [String: Timestamp]) {
    self.parked = parked
    for asking in askings.reversed() {
      if lines[asking.host] == nil { free.append(asking.host) }
      lines[asking.host, default: []].append(asking)
    }
    free.reverse()
  }

  /// The next feed that may be asked; nil when every line is being served or empty.
  mutating func next() -> Asking? {
    while let host = free.popFirst() {
      if let asking = lines[host]?.popLast() { return asking }
    }
    return nil
  }

  /// Takes note of an answer, and frees the line of its host.
  ///
  /// - Returns: Those of the line that are not asked now, and until when.
  mutating func finished(_ reading: Reading, now: Timestamp) -> [(Asking, until: Timestamp)] {
    let host = reading.host
    if case .failed(.later(let status, let until, _), _) = reading.content, host.isName {
      refusals[host, default: 0] += 1
      if status == 429 || refusals[host, default: 0] >= 3 {
        parked[host] = max(parked[host] ?? until, until)
      }
    }
    silences[host] = reading.foundNobody ? silences[host, default: 0] + 1 : 0
    if silences[host, default: 0] >= 3 { parked[host] = now.adding(seconds: 3600) }
    guard let until = parked[host], until > now else {
      free.append(host)
      return []
    }
    defer { lines[host] = nil }
    return (lines[host] ?? []).reversed().map { ($0, until) }
  }

  /// The hosts that answered 429 and may not be asked yet.
  static func parked(
    _ polls: [FeedID: PollState],
    _ feeds: [FeedRow],
    now: Timestamp
  ) -> [String: Timestamp] {
    feeds.reduce(into: [:]) { parked, feed in
      guard let poll = polls[feed.id], poll.lastStatus == 429, let until = poll.retryAfter,
        until > now
      else { return }
      let host = hostName(of: feed.url)
      guard host.isName else { return }
      parked[host] = max(parked[host] ?? until, until)
    }
  }
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
