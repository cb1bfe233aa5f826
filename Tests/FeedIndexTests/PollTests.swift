import FeedModel
import Testing

@testable import FeedIndex

private let feed = FeedID(HashID(digest: [UInt8](repeating: 9, count: 13)))

private func moment(_ number: Int64) -> Timestamp { Timestamp(milliseconds: number) }

private func streak(_ number: Int) -> PollStreak {
  PollStreak(
    at: moment(Int64(number)),
    status: number % 2 == 0 ? nil : 200,
    words: "answer \(number)",
    wireBytes: number * 10,
    elapsedMilliseconds: number
  )
}

/// A state in which no field has its first value, each moment another.
private func fullState() -> PollState {
  var poll = PollState()
  poll.validators = Validators(etag: "e", lastModified: "m", url: "https://a.example/")
  poll.nextDue = moment(1)
  poll.wait = .freshness
  poll.retryAfter = moment(2)
  poll.lastAttempt = moment(3)
  poll.lastSuccess = moment(4)
  poll.lastDocument = moment(5)
  poll.lastForced = moment(6)
  poll.lastStatus = 404
  poll.lastError = "error"
  poll.trouble = .notFound
  poll.failures = 7
  poll.failingSince = moment(8)
  poll.note = "note"
  poll.cadenceSeconds = 9
  poll.gapSeconds = 10
  poll.newestArticle = moment(11)
  poll.skipHours = [0, 23]
  poll.skipDays = [6]
  poll.bodyHash = "hash"
  poll.move = PermanentMove(target: "https://b.example/", since: moment(12), polls: 2)
  poll.url = "https://a.example/asked"
  poll.hub = "https://hub.example/"
  poll.topic = "https://a.example/self"
  poll.streak = streak(13)
  poll.streak?.until = moment(14)
  poll.streak?.count = 15
  return poll
}

@Test func `every field of a poll state comes back as it was written`() throws {
  let index = try FeedIndex.open(path: nil, storeID: nil)
  let states = [feed: fullState()]
  var batch = IndexBatch()
  batch.effects.polls = states
  try index.apply(batch)
  #expect(try index.polls() == states)
  batch.effects.polls = [feed: PollState()]
  try index.apply(batch)
  #expect(try index.polls() == [feed: PollState()])
}

@Test(arguments: WaitReason.allCases)
func `every reason to wait is read again`(reason: WaitReason) throws {
  let index = try FeedIndex.open(path: nil, storeID: nil)
  var poll = PollState()
  poll.wait = reason
  var batch = IndexBatch()
  batch.effects.polls = [feed: poll]
  try index.apply(batch)
  #expect(try index.polls()[feed]?.wait == reason)
}

@Test func `hosts are kept, replaced and forgotten`() throws {
  let index = try FeedIndex.open(path: nil, storeID: nil)
  let parked = HostState(
    parkedUntil: moment(1),
    reason: "r",
    silences: 2,
    isBinding: true,
    feedsPerRun: 3
  )
  let silent = HostState(parkedUntil: moment(4), reason: "s", isBinding: false)
  var batch = IndexBatch()
  batch.effects.hosts = ["a.example": parked, "b.example": silent]
  try index.apply(batch)
  #expect(try index.hosts() == ["a.example": parked, "b.example": silent])
  batch.effects.hosts = ["a.example": nil, "b.example": parked]
  try index.apply(batch)
  #expect(try index.hosts() == ["b.example": parked])
}

@Test func `of each feed the last fifty streaks are kept, newest first`() throws {
  let index = try FeedIndex.open(path: nil, storeID: nil)
  let other = FeedID(HashID(digest: [UInt8](repeating: 8, count: 13)))
  for number in 1...60 {
    var batch = IndexBatch()
    batch.effects.log = [LoggedStreak(feed: feed, streak: streak(number))]
    if number == 1 { batch.effects.log.append(LoggedStreak(feed: other, streak: streak(1))) }
    try index.apply(batch)
  }
  #expect(try index.pollLog(of: feed) == (11...60).reversed().map(streak))
  #expect(try index.pollLog(of: other) == [streak(1)])
}
