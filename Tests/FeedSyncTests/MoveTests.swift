import FeedModel
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let old = "http://blog.example/feed.xml"
private let new = "https://news.example/feed.xml"

private func facts(_ redirects: (Int, String)...) -> ResponseFacts {
  var facts = ResponseFacts(status: 200, url: redirects.last?.1 ?? old)
  facts.redirects = redirects.map { Redirect(status: $0.0, target: $0.1) }
  return facts
}

/// What is remembered after polls at these hours, each with the same answer.
private func seen(_ facts: ResponseFacts, hours: [Int64], refused: String? = nil) -> PermanentMove?
{
  hours.reduce(nil) { known, hour in
    let now = noon.adding(seconds: hour * 3600)
    return PermanentMove.seen(known, from: old, in: facts, refused: refused, now: now)
  }
}

private func isBelieved(_ move: PermanentMove?, from url: String = old, hours: Int64) -> Bool {
  let now = noon.adding(seconds: hours * 3600)
  return move?.isBelieved(from: url, settings: ScheduleSettings(), now: now) ?? false
}

@Test(arguments: [
  ([0], 0, false), ([0, 24], 24, false), ([0, 1, 2], 2, false), ([0, 24, 47], 47, false),
  ([0, 24, 48], 48, true), ([0, 72], 72, false),
])
func `a move is believed when three polls saw it over two days`(
  hours: [Int64],
  now: Int64,
  expected: Bool
) {
  #expect(isBelieved(seen(facts((301, new)), hours: hours), hours: now) == expected)
}

@Test(arguments: [
  (old, "https://blog.example/feed.xml", true), (old, "https://blog.example/other.xml", false),
  (old, "https://www.blog.example/feed.xml", false),
  ("http://a.test:8080/f?x=1", "https://a.test:8443/f?x=1", true),
  ("https://blog.example/feed.xml", old, false),
])
func `only from http to https on one host and path a move is believed at once`(
  from: String,
  to: String,
  expected: Bool
) {
  #expect(isBelieved(seen(facts((308, to)), hours: [0]), from: from, hours: 0) == expected)
}

@Test func `a move ends where the first redirect that is not permanent begins`() {
  let mixed = facts((301, "https://b.example/"), (308, "https://c.example/"), (302, new))
  #expect(seen(mixed, hours: [0])?.target == "https://c.example/")
  #expect(seen(facts((302, "https://b.example/"), (301, new)), hours: [0]) == nil)
}

@Test func `another target begins anew, and a direct answer forgets`() {
  var move = seen(facts((301, new)), hours: [0, 24])
  let later = noon.adding(seconds: 48 * 3600)
  move = PermanentMove.seen(
    move,
    from: old,
    in: facts((301, "https://c.example/f")),
    refused: nil,
    now: later
  )
  #expect(move?.polls == 1)
  #expect(PermanentMove.seen(move, from: old, in: facts(), refused: nil, now: later) == nil)
}

@Test func `a feed that is where the redirects end has not moved`() {
  let move = PermanentMove.seen(nil, from: new, in: facts((301, new)), refused: nil, now: noon)
  #expect(move == nil)
}

@Test func `a private address and what was refused are no place to move to`() {
  var captive = facts((301, new))
  captive.isPrivate = true
  #expect(seen(captive, hours: [0]) == nil)
  #expect(seen(facts((301, new)), hours: [0], refused: new) == nil)
}

@Test func `user, password and fragment of a target are left out`() {
  let move = seen(facts((301, "https://user:secret@news.example/feed.xml#top")), hours: [0])
  #expect(move?.target == new)
}
