import FeedModel
import FeedStore
import Foundation
import TestSupport
import Testing

@testable import FeedIndex
@testable import FeedSync

private let pieces = [
  "harbour", "Harbour", "lights", "Café", "cafe\u{301}", "olé", "東京", "新しい本", "หนังสือ", "서울",
  "Ёлка", "елка", "Ελλάδα", "ΣΟΦΟΣ", "archive", "archives", "a", "x_y", "can't", "№5", "²", "🚀",
  "🤔",
  "ﬁre", "STRASSE", "straße", "Ǆ", "İstanbul", "ı", "שָׁלוֹם", "שלום", "مُحَمَّد", "محمد", "\u{301}",
]

private func text(_ dice: inout Dice, _ most: Int) -> String {
  (0..<dice.below(most)).map { _ in pieces[dice.below(pieces.count)] }
    .joined(separator: [" ", " ", "-", "", "\n"][dice.below(5)])
}

private func query(_ dice: inout Dice, depth: Int, feeds: [FeedID]) -> Query {
  func parts() -> [Query] {
    (0..<2 + dice.below(2)).map { _ in query(&dice, depth: depth - 1, feeds: feeds) }
  }
  if depth > 0 {
    switch dice.below(6) {
    case 0, 1: return parts().dropFirst().reduce(parts()[0], &&)
    case 2: return .or(parts())
    case 3: return .not(query(&dice, depth: depth - 1, feeds: feeds))
    default: break
    }
  }
  var words: QueryWords {
    while true {
      let text = dice.oneIn(4) ? text(&dice, 4) : pieces[dice.below(pieces.count)]
      let words = QueryWords(text.replacing("\n", with: " "), isPrefix: dice.oneIn(4))
      if !words.words.isEmpty { return words }
    }
  }
  switch dice.below(12) {
  case 0...3: return .text(words)
  case 4, 5: return .title(words)
  case 6: return .author(words)
  case 7: return .url(["Example.org", "/1", "é", "%"][dice.below(4)])
  case 8: return .feeds(dice.oneIn(5) ? [] : [feeds[dice.below(feeds.count)]])
  case 9: return .tag(["x", "y z", "none", "feedtag"][dice.below(4)])
  case 10: return .is([.unread, .read, .starred, .changed][dice.below(4)])
  default:
    let moment = shelfNoon.adding(seconds: Int64(dice.below(60)))
    return [.since(.at(moment)), .before(.at(moment)), .received(.at(moment))][dice.below(3)]
  }
}

@Test(arguments: 1...6)
func `the index and the matcher say the same of random articles and queries`(seed: UInt64) throws {
  var dice = Dice(state: seed)
  let shelf = try SearchShelf()
  try shelf.library.subscribe(
    to: [Subscription(url: shelf.other.url, tags: ["feedtag"])],
    now: shelfNoon
  )
  var subjects: [ArticleID: QuerySubject] = [:]
  for number in 0..<40 {
    let of = dice.oneIn(2) ? shelf.feed : shelf.other
    let (title, body) = (text(&dice, 5), text(&dice, 12))
    let authors = (0..<dice.below(3)).map { _ in text(&dice, 3) }.filter { !$0.isEmpty }
    let url = dice.oneIn(3) ? nil : "https://EXAMPLE.org/\(number)"
    let age = dice.oneIn(2) ? 0 : Int64(dice.below(60))
    let received = shelfNoon.adding(seconds: Int64(number))
    let id = try shelf.add(
      title,
      body,
      of: of,
      at: Int64(number),
      published: received.adding(seconds: -age),
      authors: authors,
      url: url
    )
    var subject = QuerySubject(
      feed: of.id,
      moment: received.adding(seconds: -age),
      received: received,
      title: title
    ) { "\(body)\n\(authors.joined(separator: " "))" }
    subject.authors = authors.map { $0.replacing("\n", with: " ") }
    subject.url = url
    subject.feedTags = of.id == shelf.other.id ? ["feedtag"] : []
    subjects[id] = subject
  }
  var all = ArticleQuery()
  all.includesRead = true
  for row in try shelf.library.articles(all) {
    let marks: [Mark] = [.read(true), .star(true), .tag("x", true), .tag("y z", true)]
    for mark in marks where dice.oneIn(3) {
      try shelf.library.mark([row], mark, now: shelfNoon.adding(seconds: 100))
      switch mark {
      case .read: subjects[row.id]?.isRead = true
      case .star: subjects[row.id]?.isStarred = true
      case .hide: break
      case .tag(let name, _): subjects[row.id]?.ownTags.insert(name)
      }
    }
  }
  var (empty, full) = (0, 0)
  for round in 0..<300 {
    var asked = all
    asked.filter = query(&dice, depth: 3, feeds: [shelf.feed.id, shelf.other.id])
    asked.readsText = round.isMultiple(of: 2)
    let found = Set(try shelf.library.articles(asked).map(\.id))
    let wanted = Set(subjects.filter { asked.filter.matches($0.value) }.keys)
    #expect(found == wanted, "\(asked.filter)")
    if found.isEmpty { empty += 1 } else if found.count == subjects.count { full += 1 }
    asked.isBest = true
    #expect(Set(try shelf.library.articles(asked).map(\.id)) == found, "\(asked.filter)")
  }
  #expect(empty < 200 && full < 100)
}
