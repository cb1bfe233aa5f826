import FeedModel
import FeedStore
import Foundation
import Testing

@testable import FeedIndex
@testable import FeedSync

private let noon = shelfNoon

@Test func `all words have to be there, in any case and with any accents, and newest come first`()
  throws
{
  let shelf = try SearchShelf()
  try shelf.add("First", "<p>A caf\u{E9} at the <b>Har</b>bour</p>", at: 1)
  try shelf.add("Second", "<p>Cafe, no more</p>", at: 2)
  try shelf.add("Third", "The harbour of CAFE\u{301}s, caf&eacute;", at: 3)
  #expect(try shelf.titles("harbour cafe") == ["Third", "First"])
  #expect(try shelf.titles("Café") == ["Third", "Second", "First"])
  #expect(try shelf.titles("caf* -harbour") == ["Second"])
  #expect(try shelf.titles("title:second") == ["Second"])
  #expect(try shelf.titles("title:cafe").isEmpty)
  #expect(try shelf.titles("\"at the harbour\"") == ["First"])
  #expect(try shelf.titles("\"the at harbour\"").isEmpty)
  #expect(try shelf.titles("cafe") { $0.limit = 2 } == ["Third", "Second"])
}

@Test(
  arguments: [
    ("東京で新しい本を読む", "新しい本"), ("北京大学图书馆今天开放", "图书馆"),
    ("ฉันอ่านหนังสือใหม่ที่บ้าน", "หนังสือ"), ("서울에서 만나요", "서울"),
  ]
)
func `languages without spaces between words are found by any part`(
  text: String,
  part: String
)
  throws
{
  let shelf = try SearchShelf()
  try shelf.add("Here", "<p>\(text)</p>")
  try shelf.add("Elsewhere", "<p>words</p>")
  #expect(try shelf.titles(part) == ["Here"])
  #expect(try shelf.titles("\"\(part)\" -words") == ["Here"])
  #expect(try shelf.titles(String(part.reversed())).isEmpty)
}

@Test func `a changed article is found by its new words alone, and once`() throws {
  let shelf = try SearchShelf()
  let id = try shelf.add("Old", "<p>lighthouse</p>")
  #expect(try shelf.titles("lighthouse") == ["Old"])
  try shelf.add("New", "<p>harbour</p>", id: id, at: 60)
  #expect(try shelf.titles("lighthouse").isEmpty)
  #expect(try shelf.titles("harbour") == ["New"])
  try shelf.add("Newest", "<p>harbour, again</p>", id: id, at: 120)
  #expect(try shelf.titles("harbour") == ["Newest"])
}

@Test(arguments: [false, true])
func `an article that changes while its text is read is found by its new words`(
  isNew: Bool
) throws {
  let shelf = try SearchShelf()
  let index = shelf.library.index
  let id = try shelf.add("Old", "<p>lighthouse</p>")
  if !isNew {
    #expect(try shelf.titles("lighthouse") == ["Old"])
    try shelf.add("Older", "<p>lantern</p>", id: id, at: 30)
  }
  let backlog = try index.textBacklog(limit: 10)
  #expect(backlog.entries.count == 1)
  // Another process folds an edit while the text of the line before is read.
  try shelf.add("New", "<p>harbour</p>", id: id, at: 60)
  let texts = backlog.entries.map { ArticleText(entry: $0, title: "", body: "lantern") }
  #expect(try index.add(texts, of: backlog))
  #expect(try index.textBacklogCount() == 1)
  #expect(try shelf.titles("harbour") == ["New"])
  #expect(try shelf.titles("lantern").isEmpty)
  #expect(try index.textBacklogCount() == 0)
  #expect(try index.textBacklog(limit: 10).entries.isEmpty)
}

@Test(arguments: [false, true])
func `an article whose line is away is found by its title, and by its text once that is back`(
  wasRead: Bool
) throws {
  let shelf = try SearchShelf()
  let id = try shelf.add("Old", "<p>lantern</p>", at: 1)
  if wasRead { #expect(try shelf.titles("lantern") == ["Old"]) }
  try shelf.add("New", "<p>harbour</p>", id: id, at: 60)
  try shelf.add("Other", "<p>harbour</p>", at: 30)
  // A device's directory is away while a tool replaces it.
  let here = shelf.places.store + "/dev"
  let away = shelf.places.store + ".away"
  try FileManager.default.moveItem(atPath: here, toPath: away)
  for _ in 0..<2 {
    let library = try Library.open(shelf.places)
    #expect(try shelf.titles("harbour", in: library).isEmpty)
    #expect(try shelf.titles("lantern", in: library).isEmpty)
    #expect(try shelf.titles("new", in: library) == ["New"])
    #expect(library.unreadTexts == 2)
    #expect(try library.index.textBacklogCount() == 0)
    #expect(try library.index.waitingTexts(ofEachSegment: 10).isEmpty)
  }
  try FileManager.default.moveItem(atPath: away, toPath: here)
  let library = try Library.open(shelf.places)
  #expect(try shelf.titles("harbour", in: library) == ["Other", "New"])
  #expect(try shelf.titles("lantern", in: library).isEmpty)
  #expect(library.unreadTexts == 0)
}

@Test func `a damaged line is tried again by each search, and costs the others nothing`() throws {
  let shelf = try SearchShelf()
  try shelf.add("First", "<p>lighthouse</p>", at: 1)
  try shelf.add("Second", "<p>lighthouse</p>", at: 2)
  let place = try #require(
    try shelf.library.articles(ArticleQuery()).first { $0.title == "First" }?.place
  )
  let path = shelf.places.store + "/" + place.segment
  let whole = try Data(contentsOf: URL(fileURLWithPath: path))
  var damaged = whole
  damaged[place.offset + 30] ^= 0xFF
  try damaged.write(to: URL(fileURLWithPath: path))
  for _ in 0..<2 {
    #expect(try shelf.titles("lighthouse") == ["Second"])
    #expect(shelf.library.unreadTexts == 1)
    #expect(try shelf.library.index.textBacklogCount() == 0)
  }
  #expect(try shelf.library.index.rows().old == 0)
  try whole.write(to: URL(fileURLWithPath: path))
  #expect(try shelf.titles("lighthouse") == ["Second", "First"])
  #expect(shelf.library.unreadTexts == 0)
}

@Test func `an article that waits for its line is read where that stands now`() throws {
  let shelf = try SearchShelf()
  try shelf.add("Here", "<p>lighthouse</p>", at: 1)
  let segment = try #require(try shelf.library.articles(ArticleQuery()).first).place.segment
  let path = shelf.places.store + "/" + segment
  try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
  #expect(try shelf.titles("lighthouse", in: Library.open(shelf.places)).isEmpty)
  // As a compaction leaves it: another name, the same lines.
  try FileManager.default.moveItem(
    atPath: path + ".away",
    toPath: path.replacingOccurrences(of: "/a-", with: "/snap-a-")
  )
  let library = try Library.open(shelf.places)
  #expect(try shelf.titles("lighthouse", in: library) == ["Here"])
  #expect(library.unreadTexts == 0)
}

@Test func `many edits leave one row for each article in the answer, and few old ones`() throws {
  let shelf = try SearchShelf()
  let ids = try (0..<3).map { try shelf.add("\($0)", "<p>word</p>", at: Int64($0)) }
  let index = shelf.library.index
  for round in 1...30 {
    for (place, id) in ids.enumerated() {
      try shelf.add("\(place)", "<p>word round\(round)</p>", id: id, at: Int64(100 * round))
    }
    try shelf.library.catchUpTexts(oldTextsMax: 10)
    #expect(try shelf.titles("word").sorted() == ["0", "1", "2"])
    #expect(try shelf.titles("round\(round)").count == 3)
    #expect(try shelf.titles("round\(round - 1)").isEmpty)
    let rows = try index.rows()
    #expect(rows.count - rows.old == 3)
    #expect(rows.old <= 13)
  }
}

@Test func `a line that stands elsewhere with the same text is not read again`() throws {
  let shelf = try SearchShelf()
  try shelf.add("Here", "<p>word</p>", at: 1)
  #expect(try shelf.titles("word") == ["Here"])
  let segment = try #require(try shelf.library.articles(ArticleQuery()).first).place.segment
  let path = shelf.places.store + "/" + segment
  // As a compaction does it: another name, the same lines.
  try FileManager.default.moveItem(
    atPath: path,
    toPath: path.replacingOccurrences(of: "/a-", with: "/snap-a-")
  )
  let library = try Library.open(shelf.places)
  #expect(try #require(try library.articles(ArticleQuery()).first).place.segment != segment)
  #expect(try library.index.textBacklogCount() == 0)
  #expect(try shelf.titles("word", in: library) == ["Here"])
  #expect(try library.index.rows() == (count: 1, old: 0))
}

@Test func `articles of one moment stand in the order of lists, however many there are`() throws {
  let shelf = try SearchShelf()
  for number in 0..<100 { try shelf.add("\(number)", "word", at: number < 50 ? 0 : 1) }
  try shelf.add("later", "word", at: 2)
  var all = ArticleQuery()
  all.includesRead = true
  let listed = try shelf.library.articles(all).compactMap(\.title)
  #expect(try shelf.titles("word") == listed)
  for limit in [1, 2, 10, 51, 60, 100, 101] {
    #expect(try shelf.titles("word") { $0.limit = limit } == Array(listed.prefix(limit)))
  }
  for seconds in 0...3 {
    let moment = noon.adding(seconds: Int64(seconds))
    #expect(try shelf.titles("word") { $0.since = moment }.count == [101, 51, 1, 0][seconds])
    #expect(try shelf.titles("word") { $0.before = moment }.count == [0, 50, 100, 101][seconds])
  }
}

@Test func `marks, feeds, tags and times narrow a search as they narrow a list`() throws {
  let shelf = try SearchShelf()
  try shelf.add("A", "word", at: 10)
  try shelf.add("B", "word", of: shelf.other, at: 20)
  try shelf.add("C", "word", at: 30)
  var all = ArticleQuery()
  all.includesRead = true
  let rows = try shelf.library.articles(all)
  try shelf.library.mark(rows.filter { $0.title == "C" }, .read(true), now: noon)
  try shelf.library.mark(rows.filter { $0.title == "A" }, .tag("x", true), now: noon)
  #expect(try shelf.titles("word") == ["C", "B", "A"])
  #expect(try shelf.titles("word") { $0.includesRead = false } == ["B", "A"])
  #expect(try shelf.titles("word") { $0.feeds = [shelf.other.id] } == ["B"])
  #expect(try shelf.titles("word") { $0.tag = "x" } == ["A"])
  #expect(try shelf.titles("word") { $0.since = noon.adding(seconds: 20) } == ["C", "B"])
  #expect(try shelf.titles("word") { $0.before = noon.adding(seconds: 20) } == ["A"])
  try shelf.library.unsubscribe(from: [shelf.other.id], now: noon.adding(seconds: 40))
  #expect(try shelf.titles("word") == ["C", "A"])
  #expect(try shelf.titles("word") { $0.includesUnsubscribed = true } == ["C", "B", "A"])
}

@Test func `a search is complete after a rebuild, and what another process added is added once`()
  throws
{
  let shelf = try SearchShelf()
  // More than one transaction takes.
  for number in 0..<30 { try shelf.add("\(number)", "word number\(number)", at: Int64(number)) }
  let first = try shelf.library.index.textBacklog(limit: 10)
  let texts = first.entries.map { ArticleText(entry: $0, title: "", body: "word") }
  #expect(try shelf.library.index.add(texts, of: first))
  #expect(try !shelf.library.index.add(texts, of: first))
  #expect(try shelf.titles("word").count == 30)
  #expect(try shelf.library.index.textBacklogCount() == 0)
  try shelf.library.refold()
  #expect(try shelf.titles("word").count == 30)
  #expect(try shelf.titles("number7") == ["7"])
}

@Test func `titles and authors are found where the full text has only a part of them`() throws {
  let shelf = try SearchShelf()
  let first = try shelf.add("Gull one", authors: ["Ann Lee"])
  try shelf.add("Gull two", at: 1, authors: ["Bob"])
  func listed(_ words: String) throws -> [String] {
    var query = ArticleQuery()
    query.filter = try Query(parsing: words)
    return try shelf.library.articles(query).compactMap(\.title)
  }
  for isIndexed in [false, true] {
    if isIndexed { #expect(try shelf.titles("gull") == ["Gull two", "Gull one"]) }
    #expect(try listed("title:gull") == ["Gull two", "Gull one"])
    #expect(try listed("author:\"ann lee\"") == ["Gull one"])
    #expect(try listed("author:gull").isEmpty)
  }
  // One that has changed since, one that has come, and one that is told apart by a word beside them.
  try shelf.add("Tern one", id: first, at: 2, authors: ["Bob"])
  try shelf.add("Gull three", at: 3, authors: ["Ann Lee"])
  #expect(try shelf.library.index.textBacklogCount() == 2)
  #expect(try listed("title:gull") == ["Gull three", "Gull two"])
  #expect(try listed("author:bob") == ["Gull two", "Tern one"])
  #expect(try listed("author:ann or title:tern") == ["Gull three", "Tern one"])
  #expect(try shelf.library.index.textBacklogCount() == 2)
}

@Test func `articles of one moment are found in the order of their document`() throws {
  let shelf = try SearchShelf()
  for number in 1...5 { try shelf.add("\(number)", "word") }
  let listed = try shelf.library.articles(ArticleQuery()).compactMap(\.title)
  #expect(try shelf.titles("word") == listed)
}

@Test(
  arguments: [
    "AND", "a AND OR", "NEAR(a b, 2)", "\"", "\"open", "a\"b\"c", "title:", "title:\"a", "^a",
    "a + b",
    "{title body} : a", "words:a", "body:a", "a*b*", "'; DROP TABLE words; --x", "(", "a)", "a\0b",
    "-- a", "\" OR 1=1 --", "NEAR(", "(a or) b", "((((a", "is:a", "-", "a OR 1=1", "*a", "a -",
    "\u{301}a", "\u{202E}a", "a:b:c", "NOT a", "col.umn:x", "😀 a",
  ]
)
func `whatever is typed is an answer and no error`(typed: String) throws {
  let shelf = try SearchShelf()
  try shelf.add("A", "a b c and or near not open title body words x")
  do {
    _ = try shelf.titles(typed)
  } catch let error as QueryError {
    #expect((0...typed.unicodeScalars.count).contains(error.place))
  }
}
