import FeedIndex
import FeedModel
import Foundation
import Testing

@testable import FeedSync

private let noon = Timestamp(seconds: 1_795_348_800)
private let feeds = ["https://a.example/f", "https://b.example/f", "https://c.example/f"]

private let wire = """
  Norrvik Lines said on Tuesday it had ordered six battery ferries from the Tessel shipyard in Port \
  Alder, in a deal worth 410 million crowns. Each takes 280 passengers and 45 cars to the island of \
  Hask from 2029 on. Chief executive Maren Oddvik wants to cut the fuel bill by two thirds. The yard \
  hires 130 welders and electricians for it, and the grid company builds chargers in Lillemor.
  """
private let rewritten = """
  The Tessel shipyard in Port Alder is to build six ferries with batteries for Norrvik Lines, in a \
  deal worth 410 million crowns. On the way to the island of Hask there will be room for 280 \
  passengers and 45 cars from 2029 on. 130 welders and electricians are hired by the yard. Maren \
  Oddvik, chief executive, hopes to save two thirds of the fuel bill. Chargers are planned in Lillemor.
  """
private let other = """
  Thieves have stolen a gold crown from the city museum of Tarnholm. It weighs 412 grams and was \
  insured for 5 million. The police look for a grey van that was seen near the harbour on Sunday \
  night, said director Fenna Hoekman, who offers a reward of 100,000 for the crown of Aldersey.
  """

private func item(_ guid: String, _ title: String, _ text: String, day: Int = 22) -> String {
  "<item><guid>\(guid)</guid><title>\(title)</title><description>\(text)</description>"
    + "<pubDate>\(day) Nov 2026 10:00:00 GMT</pubDate></item>"
}

private struct Shelf {
  let network = FakeNetwork()
  let library: Library
  var now = noon

  init(_ root: String) throws {
    library = try Library.open(
      Library.Places(
        store: root + "/store",
        state: root + "/state",
        index: root + "/index.sqlite"
      )
    )
    for feed in feeds { network.serve(feed, rss: "") }
    try library.subscribe(to: feeds.map { Subscription(url: $0) }, now: now)
  }

  mutating func sync(_ documents: String...) async throws {
    for (feed, items) in zip(feeds, documents) { network.serve(feed, rss: items) }
    now = now.adding(seconds: 86_400)
    let (library, now) = (library, now)
    let options = SyncOptions(reason: .forced, jobs: 2, clock: { now })
    _ = try await library.sync(try library.feeds(), from: network, options) { _ in }
  }

  /// The titles of each group, after all was compared.
  func groups() throws -> [Set<String>] {
    #expect(try library.catchUpSimilar() == 0)
    var query = ArticleQuery()
    query.includesRead = true
    return try library.similarStories(query)
      .map { Set(([$0] + $0.similar).compactMap(\.title)) }
  }
}

private func withShelf(_ body: (inout Shelf) async throws -> Void) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/rill-similar-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: root) }
  var shelf = try Shelf(root)
  try await body(&shelf)
}

@Test func `a rewrite and an excerpt in other feeds are one group, another event is not`()
  async throws
{
  try await withShelf { shelf in
    let excerpt = wire.prefix(205) + "…"
    try await shelf.sync(
      item("1", "Six ferries", wire),
      item("1", "Order for Tessel", rewritten) + item("2", "Crown stolen", other),
      item("1", "Ferries ordered", String(excerpt))
    )
    let groups = try shelf.groups()
    #expect(
      Set(groups) == [["Six ferries", "Order for Tessel", "Ferries ordered"], ["Crown stolen"]]
    )
  }
}

@Test func `what comes later joins a group, and a limit counts groups`() async throws {
  try await withShelf { shelf in
    try await shelf.sync(item("1", "Six ferries", wire))
    #expect(try shelf.groups().count == 1)
    try await shelf.sync("", item("1", "Order for Tessel", rewritten), item("9", "Crown", other))
    #expect(try shelf.groups().count == 2)
    var query = ArticleQuery()
    for limit in 1...3 {
      query.limit = limit
      #expect(try shelf.library.similarStories(query).count == min(limit, 2))
    }
  }
}

@Test func `an article that was edited is compared again`() async throws {
  try await withShelf { shelf in
    try await shelf.sync(item("1", "Six ferries", wire), item("1", "Soon", "More follows."))
    #expect(try shelf.groups().count == 2)
    try await shelf.sync(item("1", "Six ferries", wire), item("1", "Order", rewritten))
    #expect(try shelf.groups() == [["Six ferries", "Order"]])
    try await shelf.sync(item("1", "Crown stolen", other), item("1", "Order", rewritten))
    #expect(try shelf.groups().count == 2)
  }
}

@Test func `articles further apart than the window are not similar`() async throws {
  try await withShelf { shelf in
    try await shelf.sync(
      item("1", "Six ferries", wire, day: 2),
      item("1", "Order for Tessel", rewritten, day: 14),
      item("1", "Ferries", wire, day: 17)
    )
    #expect(Set(try shelf.groups()) == [["Six ferries"], ["Order for Tessel", "Ferries"]])
  }
}

@Test func `too many articles that wait are left alone, and a sync compares none`() async throws {
  try await withShelf { shelf in
    try await shelf.sync(item("1", "Six ferries", wire), item("1", "Order", rewritten))
    #expect(try shelf.library.catchUpSimilar(atMost: 1) == 2)
    #expect(try shelf.library.articles(ArticleQuery()).count == 2)
    #expect(try shelf.library.similarStories(ArticleQuery()).count == 2)
    #expect(try shelf.library.catchUpSimilar(atMost: 2) == 0)
    #expect(try shelf.library.similarStories(ArticleQuery()).count == 1)
  }
}

@Test func `an article that so many others equal is found all the same`() async throws {
  try await withShelf { shelf in
    let copies = (1...90).map { item("\($0)", "Six ferries \($0)", wire) }
    try await shelf.sync(
      copies.prefix(45).joined(),
      copies.dropFirst(45).joined(),
      item("z", "Order for Tessel", rewritten)
    )
    let groups = try shelf.groups()
    #expect(groups.contains { $0.contains("Order for Tessel") && $0.count > 1 })
  }
}

@Test func `an index that is built anew forgets what is similar and finds it again`() async throws {
  try await withShelf { shelf in
    try await shelf.sync(item("1", "Six ferries", wire), item("1", "Order", rewritten))
    let groups = try shelf.groups()
    try shelf.library.index.reset()
    #expect(try shelf.library.catchUpSimilar() == 0)
    _ = try shelf.library.catchUp()
    #expect(try shelf.groups() == groups)
  }
}
