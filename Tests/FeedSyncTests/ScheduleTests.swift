import FeedModel
import Testing

@testable import FeedSync

private let feed = FeedID(HashID(digest: [UInt8](repeating: 5, count: 13)))
private let noon = Timestamp(seconds: 1_795_348_800)
private let url = "https://blog.example/feed.xml"
private let hour: Int64 = 3600

private func facts(
  _ status: Int = 200,
  freshFor: Int64? = nil,
  retryAfter: Int64? = nil
) -> ResponseFacts {
  var facts = ResponseFacts(status: status, url: url)
  facts.freshForSeconds = freshFor
  facts.retryAfterSeconds = retryAfter
  return facts
}

private func validators(_ etag: String?, _ modified: String? = nil) -> Validators {
  Validators(etag: etag, lastModified: modified, url: url)
}

private func read(
  _ facts: ResponseFacts = facts(),
  _ validators: Validators = validators("\"a\""),
  dates: [Timestamp] = [],
  ttlMinutes: Int? = nil
) -> Answer {
  var schedule = PublisherSchedule()
  schedule.ttlMinutes = ttlMinutes
  return .read(facts, validators, bodyHash: "h", dates: dates, schedule)
}

/// Seconds from noon to the next poll.
private func wait(_ poll: PollState) -> Int64 { (poll.nextDue ?? noon).seconds - noon.seconds }

private func dates(every seconds: Int64) -> [Timestamp] {
  (0..<20).map { noon.adding(seconds: -seconds * Int64($0)) }
}

@Test func `a feed that was never asked is due, and asked unconditionally as it has no validators`()
{
  #expect(turn(PollState(), .scheduled, now: noon) == .ask(isConditional: true))
}

@Test func `a busy feed waits for the floor and a monthly one for most of a day`() {
  let busy = next(PollState(), after: read(dates: dates(every: hour)), feed: feed, now: noon)
  #expect((hour...hour * 11 / 10).contains(wait(busy)))
  let monthly = dates(every: 30 * 24 * hour)
  let quiet = next(PollState(), after: read(dates: monthly), feed: feed, now: noon)
  #expect((12 * hour...24 * hour).contains(wait(quiet)))
}

@Test(arguments: [(7200, 7200), (60, 3600), (504_576_000, 85_800)] as [(Int64, Int64)])
func `max-age counts between the floor and a day, on 200 and on 304`(maxAge: Int64, least: Int64) {
  let busy = dates(every: hour)
  let answer = read(facts(freshFor: maxAge), dates: busy)
  let first = next(PollState(), after: answer, feed: feed, now: noon)
  #expect((least...24 * hour).contains(wait(first)))
  let unchanged = Answer.unchanged(facts(304, freshFor: maxAge), validators(nil))
  #expect(wait(next(first, after: unchanged, feed: feed, now: noon)) == wait(first))
}

@Test(arguments: [Int.max, Int.min, 5_256_000, 150_000_000_000_000_000])
func `a ttl beyond all measure is a day, and overflows nothing`(minutes: Int) {
  let poll = next(PollState(), after: read(ttlMinutes: minutes), feed: feed, now: noon)
  #expect(wait(poll) <= 24 * hour + 600)
}

@Test func `a Retry-After of a second does not undercut the floor`() {
  let answer = Answer.later(facts(429, retryAfter: 1), reason: "x")
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  #expect(wait(poll) >= hour)
}

@Test func `a clock that is set back by minutes frees nobody from a Retry-After`() {
  let answer = Answer.later(facts(429, retryAfter: 7200), reason: "x")
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  let until = noon.adding(seconds: 7200)
  #expect(turn(poll, .named, now: noon.adding(seconds: -3000)) == .wait(until: until, .retryAfter))
}

@Test func `the same bytes without validators wait like a feed without validators`() {
  let first = next(PollState(), after: read(dates: dates(every: hour)), feed: feed, now: noon)
  let same = next(first, after: .repeated(facts(), validators(nil)), feed: feed, now: noon)
  #expect(same.validators == nil)
  #expect(wait(same) >= 2 * hour)
}

@Test func `ttl counts in minutes`() {
  let poll = next(
    PollState(),
    after: read(dates: dates(every: hour), ttlMinutes: 180),
    feed: feed,
    now: noon
  )
  #expect((3 * hour...4 * hour).contains(wait(poll)))
}

@Test(arguments: [(0..<7, "2026-11-22T07:00:00Z"), (0..<24, "2026-11-22T06:30:00Z")])
func `hours to skip are waited out, and a feed that skips all hours skips none`(
  hours: Range<Int>,
  expected: String
) throws {
  var poll = PollState()
  poll.skipHours = Array(hours)
  let early = try #require(Timestamp(rfc3339: "2026-11-22T06:30:00Z"))
  let end = try #require(Timestamp(rfc3339: expected))
  let due = turn(poll, .scheduled, now: early)
  #expect(due == (end == early ? .ask(isConditional: true) : .wait(until: end, .quietTime)))
  #expect(turn(poll, .named, now: early) == .ask(isConditional: true))
}

@Test func `the next poll falls in no hour and on no day that is skipped, at most a day later`() {
  var schedule = PublisherSchedule()
  schedule.skipHours = Array(12..<20)
  schedule.skipDays = [0]
  let answer = Answer.read(
    facts(),
    validators("\"a\""),
    bodyHash: "h",
    dates: dates(every: hour),
    schedule
  )
  // Noon is that of a Sunday; a day on is Monday, inside the hours, and there the patience ends.
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  #expect((poll.nextDue ?? noon) >= noon.adding(seconds: 12 * hour))
  #expect((poll.nextDue ?? noon) <= noon.adding(seconds: 26 * hour))
}

@Test func `a feed without validators waits two hours at least`() {
  let answer = read(facts(), validators(nil), dates: dates(every: hour))
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  #expect(wait(poll) >= 2 * hour)
  #expect(poll.validators == nil)
}

@Test func `a document replaces the validators as a pair and a 304 only completes them`() {
  var poll = next(
    PollState(),
    after: read(facts(), validators("\"a\"", "D")),
    feed: feed,
    now: noon
  )
  poll = next(poll, after: .unchanged(facts(304), validators("\"b\"")), feed: feed, now: noon)
  #expect(poll.validators == validators("\"b\"", "D"))
  poll = next(poll, after: .unchanged(facts(304), validators(nil)), feed: feed, now: noon)
  #expect(poll.validators == validators("\"b\"", "D"))
  poll = next(poll, after: read(facts(), validators(nil, "E")), feed: feed, now: noon)
  #expect(poll.validators == validators(nil, "E"))
}

@Test(
  arguments: [
    .failed(facts(500), reason: "x"), .failed(nil, reason: "x"),
    .later(facts(429), reason: "x"), .unusable(facts(), reason: "x"), .gone(facts(410)),
  ] as [Answer]
)
func `no failure loses the validators or the hash of the body`(answer: Answer) {
  let poll = next(PollState(), after: read(), feed: feed, now: noon)
  let failed = next(poll, after: answer, feed: feed, now: noon.adding(seconds: 10 * hour))
  #expect(failed.validators == poll.validators)
  #expect(failed.bodyHash == poll.bodyHash)
  #expect(failed.lastSuccess == noon)
  #expect(failed.lastError != nil)
  #expect(failed.failures == 1)
}

@Test func `failures in a row double the wait up to a day, and one success ends it`() {
  var poll = PollState()
  var waits: [Int64] = []
  for _ in 0..<12 {
    poll = next(poll, after: .failed(facts(500), reason: "x"), feed: feed, now: noon)
    waits.append(wait(poll))
  }
  #expect(waits[1] >= waits[0] * 19 / 10)
  #expect(waits == waits.sorted())
  #expect((23 * hour...24 * hour).contains(waits[11]))
  poll = next(poll, after: read(dates: dates(every: hour)), feed: feed, now: noon)
  #expect(wait(poll) < 2 * hour)
  #expect(poll.failures == 0)
  #expect(poll.lastError == nil)
}

@Test func `max-age on an error counts when it is longer than the backoff`() {
  let answer = Answer.failed(facts(404, freshFor: 43_200), reason: "x")
  #expect(wait(next(PollState(), after: answer, feed: feed, now: noon)) >= 43_200)
}

@Test(arguments: [SyncReason.scheduled, .named, .forced])
func `Retry-After binds everybody until it has passed`(reason: SyncReason) {
  let answer = Answer.later(facts(429, retryAfter: 7200), reason: "x")
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  let until = noon.adding(seconds: 7200)
  #expect(poll.retryAfter == until)
  #expect(turn(poll, reason, now: noon.adding(seconds: 7199)) == .wait(until: until, .retryAfter))
  if reason != .scheduled {
    #expect(turn(poll, reason, now: until) == .ask(isConditional: reason != .forced))
  }
}

@Test(
  arguments: [(nil, nil, 14_400), (60, 172_800, 172_800), (.max, nil, 604_800)]
    as [(Int64?, Int64?, Int64)]
)
func `a pause without a number is four hours, and none is longer than a week`(
  retryAfter: Int64?,
  freshFor: Int64?,
  expected: Int64
) {
  let answer = Answer.later(facts(429, freshFor: freshFor, retryAfter: retryAfter), reason: "x")
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  #expect(poll.retryAfter == noon.adding(seconds: expected))
}

@Test func `401 and 403 wait four hours at least`() {
  for status in [401, 403] {
    let answer = Answer.failed(facts(status), reason: "x", trouble: .blocked)
    #expect(wait(next(PollState(), after: answer, feed: feed, now: noon)) >= 4 * hour)
  }
}

@Test func `a person may ask a feed that is not due, and only once a day without validators`() {
  var poll = next(PollState(), after: read(), feed: feed, now: noon)
  #expect(turn(poll, .scheduled, now: noon) == .wait(until: poll.nextDue ?? noon, .cadence))
  #expect(turn(poll, .named, now: noon) == .ask(isConditional: true))
  #expect(turn(poll, .forced, now: noon) == .ask(isConditional: false))
  poll.lastForced = noon
  #expect(turn(poll, .forced, now: noon.adding(seconds: 23 * hour)) == .ask(isConditional: true))
  #expect(turn(poll, .forced, now: noon.adding(seconds: 24 * hour)) == .ask(isConditional: false))
}

@Test(arguments: [24 * 365 * 24 * hour, 24 * hour])
func `a clock that is set back neither holds a feed up nor has it asked twice`(ahead: Int64) throws
{
  let future = noon.adding(seconds: ahead)
  let poll = next(PollState(), after: read(), feed: feed, now: future)
  let corrected = try #require(poll.rebased(to: noon))
  let wait = (poll.nextDue ?? noon).seconds - future.seconds
  #expect(
    turn(corrected, .scheduled, now: noon) == .wait(until: noon.adding(seconds: wait), .cadence)
  )
  #expect(corrected.rebased(to: noon) == nil)
}

@Test func `a feed that is gone is not asked again by itself, and is when it is named`() {
  let poll = next(PollState(), after: .gone(facts(410)), feed: feed, now: noon)
  let later = noon.adding(seconds: 1000 * 24 * hour)
  #expect(turn(poll, .scheduled, now: later) == .wait(until: .latest, .gone))
  #expect(turn(poll, .named, now: later) == .ask(isConditional: true))
}

@Test func `feeds of one cadence do not come due in the same second`() {
  let waits = (0..<100)
    .map { number in
      let feed = FeedID(HashID(digest: [UInt8(number)] + [UInt8](repeating: 7, count: 12)))
      return wait(next(PollState(), after: read(), feed: feed, now: noon))
    }
  #expect(Set(waits).count > 50)
  #expect(waits.allSatisfy { $0 >= 4 * hour })
}

@Test func `a bare 503 lets a person try, and a bare 429 does not`() {
  let sick = next(PollState(), after: .later(facts(503), reason: "x"), feed: feed, now: noon)
  #expect(turn(sick, .named, now: noon) == .ask(isConditional: true))
  #expect(wait(sick) >= 4 * hour)
  let busy = next(PollState(), after: .later(facts(429), reason: "x"), feed: feed, now: noon)
  #expect(
    turn(busy, .named, now: noon) == .wait(until: noon.adding(seconds: 4 * hour), .retryAfter)
  )
}

@Test func `a limit of requests says when to come back where Retry-After does not`() {
  var limited = facts(429)
  limited.rateLimit = RateLimit(remaining: 0, resetSeconds: 45)
  let poll = next(PollState(), after: .later(limited, reason: "x"), feed: feed, now: noon)
  #expect(poll.retryAfter == noon.adding(seconds: 45))
  #expect(wait(poll) >= hour)
}

@Test func `a freshness beyond belief is clipped, and the clip is noted`() {
  let poll = next(PollState(), after: read(facts(freshFor: 504_576_000)), feed: feed, now: noon)
  #expect(
    poll.note
      == "The server calls its answer fresh for 16 years; no more than 24 hours of it is believed."
  )
  #expect(poll.wait == .freshness)
}

@Test func `the reason of a wait is what made it longest`() {
  #expect(next(PollState(), after: read(), feed: feed, now: noon).wait == .cadence)
  #expect(next(PollState(), after: read(ttlMinutes: 600), feed: feed, now: noon).wait == .ttl)
  let failed = Answer.failed(facts(500), reason: "x")
  #expect(next(PollState(), after: failed, feed: feed, now: noon).wait == .backoff)
  let set = next(PollState(), after: read(), feed: feed, interval: 600, now: noon)
  #expect(set.wait == .interval)
  #expect((600...660).contains(wait(set)))
}

@Test func `a person's interval does not beat what the server asks for`() {
  let answer = read(facts(freshFor: 7200))
  #expect(wait(next(PollState(), after: answer, feed: feed, interval: 600, now: noon)) >= 7200)
  let tiny = next(PollState(), after: read(), feed: feed, interval: 1, now: noon)
  #expect(wait(tiny) >= 60)
}

/// Polls whenever the feed is due, and gives the waits between the polls.
private func waits(_ answers: Int, _ answer: (Timestamp) -> Answer) -> (PollState, [Int64]) {
  var (poll, now, waits) = (PollState(), noon, [] as [Int64])
  for _ in 0..<answers {
    poll = next(poll, after: answer(now), feed: feed, now: now)
    let due = poll.nextDue ?? now
    waits.append(due.seconds - now.seconds)
    now = due
  }
  return (poll, waits)
}

@Test func `a feed that was not found for a month is asked once a month, and never given up`() {
  let (poll, waits) = waits(30) { _ in .failed(facts(404), reason: "x", trouble: .notFound) }
  #expect(waits.prefix(8).allSatisfy { $0 <= 24 * hour })
  #expect(waits.max() ?? 0 <= 30 * 24 * hour + 600)
  #expect(waits.last ?? 0 >= 30 * 24 * hour)
  #expect(poll.wait == .notFound)
  #expect(verdict(of: poll, now: noon).kind == .gone)
  #expect(
    wait(next(poll, after: read(dates: dates(every: hour)), feed: feed, now: noon)) < 2 * hour
  )
}

@Test func `errors of a server never wait for more than a day`() {
  let (_, waits) = waits(40) { _ in .failed(facts(500), reason: "x", trouble: .broken) }
  #expect(waits.allSatisfy { $0 <= 24 * hour })
}

@Test func `a name without an address is asked daily for a week and then weekly`() {
  let (_, waits) = waits(20) { _ in .failed(nil, reason: "x", trouble: .unreachable) }
  #expect(waits.prefix(10).allSatisfy { $0 <= 24 * hour })
  #expect((6 * 24 * hour...7 * 24 * hour).contains(waits.last ?? 0))
}

@Test func `a site that refuses is asked less and less often, down to once a week`() {
  let (_, waits) = waits(12) { _ in .failed(facts(403), reason: "x", trouble: .blocked) }
  #expect(waits[0] >= 4 * hour)
  #expect(waits == waits.sorted())
  #expect((7 * 24 * hour...7 * 24 * hour + 600).contains(waits.last ?? 0))
}

@Test func `a moment that a wrong clock put years away holds nothing up`() {
  var poll = PollState()
  poll.lastAttempt = noon.adding(seconds: -10 * hour)
  poll.nextDue = noon.adding(seconds: 365 * 24 * hour)
  poll.wait = .host
  #expect(turn(poll, .scheduled, now: noon) == .ask(isConditional: true))
  poll.wait = .notFound
  #expect(turn(poll, .scheduled, now: noon) == .ask(isConditional: true))
}

@Test(arguments: [403, 500, 502])
func `Retry-After counts with every status that brings no feed`(status: Int) {
  let answer = Answer.failed(facts(status, retryAfter: 172_800), reason: "x")
  let poll = next(PollState(), after: answer, feed: feed, now: noon)
  #expect(poll.retryAfter == noon.adding(seconds: 172_800))
  #expect(wait(poll) >= 172_800)
  #expect(poll.wait == .retryAfter)
}

@Test func `days that are skipped are waited out for one day, not for two`() throws {
  let monday = try #require(Timestamp(rfc3339: "2026-11-23T01:00:00Z"))
  var schedule = PublisherSchedule()
  schedule.skipDays = [1, 2, 3, 4, 5, 6]
  let answer = Answer.read(
    facts(),
    validators("\"a\""),
    bodyHash: "h",
    dates: dates(every: hour),
    schedule
  )
  let start = monday.adding(seconds: -3 * hour)
  let poll = next(PollState(), after: answer, feed: feed, now: start)
  let due = try #require(poll.nextDue)
  #expect(turn(poll, .scheduled, now: due) == .ask(isConditional: true))
  #expect(due.seconds - start.seconds <= 26 * hour)
}

@Test func `404 is counted by itself, whatever failed before`() {
  var poll = PollState()
  for day in 0..<40 {
    let now = noon.adding(seconds: Int64(day) * 24 * hour)
    poll = next(poll, after: .failed(facts(500), reason: "x"), feed: feed, now: now)
  }
  let later = noon.adding(seconds: 40 * 24 * hour)
  let missing = Answer.failed(facts(404), reason: "x", trouble: .notFound)
  poll = next(poll, after: missing, feed: feed, now: later)
  #expect((poll.failures, poll.failingSince) == (1, later))
}
