import FeedJSON
import FeedModel
import LoopbackServer
import TestSupport
import Testing

/// A person with one machine, whose clock the test moves on.
///
/// The names of the sites are given to the program with `--resolve`, so they count as public hosts.
final class Subscriber {
  let machine: Machine
  /// The time of the next command; a Sunday at first.
  var now: Timestamp
  /// Settings as variables, such as `RILL_FETCH_TIMEOUT_SECONDS`.
  var environment: [String: String] = [:]
  private var resolve: [String] = []

  init(now: String = "2026-11-22T12:00:00Z") throws {
    machine = try Machine()
    self.now = try #require(Timestamp(rfc3339: now))
  }

  /// A new site that serves a feed.
  func site(_ host: String = "a.test", _ answering: @escaping Site.Answering) throws -> Site {
    let site = try Site(host, answering)
    name(host, site)
    return site
  }

  /// A new site that answers every request like this.
  func site(
    _ host: String = "a.test",
    answering answer: Answer = .response(text: rss())
  ) throws -> Site {
    try site(host) { _ in answer }
  }

  /// Gives a site another name.
  func name(_ host: String, _ site: Site) {
    resolve.append("\(host):\(site.server.port):127.0.0.1")
  }

  /// Forgets the address of a name.
  func forget(_ host: String) { resolve.removeAll { $0.hasPrefix(host + ":") } }

  /// Time passes.
  func wait(days: Int64 = 0, hours: Int64 = 0, seconds: Int64 = 0) {
    now = now.adding(seconds: days * .day + hours * .hour + seconds)
  }

  /// Runs a command that uses no network.
  @discardableResult
  func rill(_ arguments: String...) async throws -> Machine.Run {
    try await machine.run(
      arguments,
      now: now.rfc3339(milliseconds: false),
      environment: environment
    )
  }

  /// Runs a command that may use the network.
  @discardableResult
  func network(_ arguments: [String]) async throws -> Machine.Run {
    try await machine.run(
      arguments + resolve.flatMap { ["--resolve", $0] },
      now: now.rfc3339(milliseconds: false),
      environment: environment
    )
  }

  /// Tries to follow feeds.
  @discardableResult
  func add(_ arguments: String...) async throws -> Machine.Run {
    try await network(["add"] + arguments)
  }

  /// Follows feeds, which must succeed.
  func follow(_ arguments: String..., at location: SourceLocation = #_sourceLocation) async throws {
    try await follow(arguments, at: location)
  }

  /// Follows feeds, which must succeed.
  func follow(_ arguments: [String], at location: SourceLocation = #_sourceLocation) async throws {
    let run = try await network(["add"] + arguments)
    try #require(run.status == 0, "\(run.errors)", sourceLocation: location)
  }

  /// Follows feeds without asking for them.
  func followUnasked(_ urls: [String], at location: SourceLocation = #_sourceLocation) async throws
  {
    let run = try await machine.run(
      ["add", "--no-sync"] + urls,
      now: now.rfc3339(milliseconds: false),
      environment: environment
    )
    try #require(run.status == 0, "\(run.errors)", sourceLocation: location)
  }

  /// One scheduled run, or one for the feeds that are named.
  @discardableResult
  func sync(_ arguments: String...) async throws -> Machine.Run {
    try await network(["sync"] + arguments)
  }

  /// A scheduled run on the next day.
  @discardableResult
  func syncNextDay() async throws -> Machine.Run {
    wait(days: 1)
    return try await network(["sync"])
  }

  /// What `rill feeds --json` says of each feed.
  func feeds() async throws -> [FollowedFeed] {
    try await rill("feeds", "--json").objects().map(FollowedFeed.init)
  }

  /// What `rill feeds --json` says of the feed with this path, or of the only one.
  func feed(
    _ path: String? = nil,
    at location: SourceLocation = #_sourceLocation
  ) async throws -> FollowedFeed {
    let found = try await feeds().filter { path == nil || $0.url.hasSuffix(path ?? "") }
    try #require(found.count == 1, "\(found)", sourceLocation: location)
    return found[0]
  }

  /// Seconds from now to the next poll of a feed.
  func secondsToNextPoll(
    _ path: String? = nil,
    at location: SourceLocation = #_sourceLocation
  ) async throws -> Int64 {
    let due = try await feed(path, at: location).nextDue
    return try #require(due, sourceLocation: location).seconds - now.seconds
  }

  /// The titles of all articles, read or not, in the alphabet's order.
  func titles(feed: String? = nil) async throws -> [String] {
    var arguments = ["list", "--all", "--ungrouped", "--json", "--limit", "100000"]
    if let feed { arguments += ["--feed", feed] }
    let run = try await machine.run(arguments, now: now.rfc3339(milliseconds: false))
    return try run.objects().compactMap { $0.text("title") }.sorted()
  }
}

/// One line of `rill feeds --json`.
struct FollowedFeed {
  let members: [String: JSONValue]

  var url: String { members.text("url") ?? "" }
  var id: String { members.text("id") ?? "" }
  var nextDue: Timestamp? { members.text("next_due").flatMap { Timestamp(rfc3339: $0) } }
  var lastStatus: Int? { members.number("last_status") }
  var lastError: String? { members.text("last_error") }
  var failures: Int? { members.number("failures") }
  var total: Int? { members.number("total") }
  var unread: Int? { members.number("unread") }
}

extension [String: JSONValue] {
  /// A member that is a text.
  func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  /// A member that is a whole number.
  func number(_ name: String) -> Int? {
    if case .number(let digits)? = self[name] { Int(digits) } else { nil }
  }
}

extension Int64 {
  /// In seconds.
  static var minute: Int64 { 60 }
  /// In seconds.
  static var hour: Int64 { 3600 }
  /// In seconds.
  static var day: Int64 { 86_400 }
}
