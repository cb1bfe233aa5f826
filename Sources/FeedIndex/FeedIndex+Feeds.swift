public import FeedModel
import GRDB

/// Which feeds are looked for.
public enum FeedSelection: Hashable, Sendable {
  /// All that there are.
  case all
  /// The one with this id.
  case id(FeedID)
  /// Those that are fetched from this URL.
  case url(String)
}

extension FeedIndex {
  /// How many articles there are that are not purged, and how many feeds.
  public func totals() throws(IndexError) -> (articles: Int, feeds: Int) {
    try reading { database in
      let select = try RawStatement(
        database,
        "SELECT (SELECT count(*) FROM article WHERE gone = 0), (SELECT count(*) FROM feed)"
      )
      guard try select.step() else { return (0, 0) }
      return (Int(select.integer(0)), Int(select.integer(1)))
    }
  }

  /// Feeds that were ever subscribed to, in no order.
  public func feeds(_ selection: FeedSelection = .all) throws(IndexError) -> [FeedRow] {
    try reading { database in
      let rows = try RawStatement(
        database,
        """
        SELECT id, url, title, source_title, source_site, subscribed, unread, total FROM feed
        WHERE url IS NOT NULL AND \(selection.condition)
        """
      )
      selection.add(to: rows)
      var feeds: [FeedRow] = []
      var places: [String: Int] = [:]
      while try rows.step() {
        guard let text = rows.text(0), let id = FeedID(text), let url = rows.text(1) else {
          continue
        }
        places[text] = feeds.count
        feeds.append(
          FeedRow(
            id: id,
            url: url,
            ownTitle: rows.text(2),
            sourceTitle: rows.text(3),
            site: rows.text(4),
            tags: [],
            isSubscribed: rows.flag(5),
            unread: Int(rows.integer(6)),
            total: Int(rows.integer(7))
          )
        )
      }
      try addRegisters(to: &feeds, at: places, selection, database)
      return feeds
    }
  }

  /// Adds what stands in registers alone: tags, settings, and who wrote the URL.
  private func addRegisters(
    to feeds: inout [FeedRow],
    at places: [String: Int],
    _ selection: FeedSelection,
    _ database: Database
  ) throws {
    let owners =
      selection == .all ? "1" : "feed IN (SELECT id FROM feed WHERE \(selection.condition))"
    let registers = try RawStatement(
      database,
      """
      SELECT feed, name, value, device FROM feed_register
      WHERE \(owners) AND (name = 'url' OR name >= 'tag:' AND name < 'tag;'
        OR name >= 'fetch.' AND name < 'fetch/' OR name >= 'keep.' AND name < 'keep/'
        OR name >= 'move.' AND name < 'move/')
      ORDER BY feed, name
      """
    )
    selection.add(to: registers)
    while try registers.step() {
      guard let feed = registers.text(0), let place = places[feed], let name = registers.text(1)
      else { continue }
      if name == "url" {
        feeds[place].urlDevice = registers.text(3)
      } else if name.hasPrefix("tag:") {
        if registers.value(2) == .integer(1) { feeds[place].tags.append(String(name.dropFirst(4))) }
      } else {
        feeds[place].settings.set(name, registers.value(2))
      }
    }
  }
}

extension FeedSelection {
  /// What a row of `feed` has to be like; it has one parameter, or none.
  fileprivate var condition: String {
    switch self {
    case .all: "1"
    case .id: "id = ?"
    case .url: "url = ?"
    }
  }

  fileprivate func add(to statement: RawStatement) {
    switch self {
    case .all: break
    case .id(let id): statement.add(id.description)
    case .url(let url): statement.add(url)
    }
  }
}

/// More than this is no number of days or articles that a person wrote.
private let keepMax: Int64 = 1_000_000_000

extension FeedSettings {
  /// Takes over a register; another device may have written a value of any type.
  fileprivate mutating func set(_ name: String, _ value: RegisterValue) {
    switch (name, value) {
    case ("fetch.user-agent", .string(let text)): userAgent = text
    case ("fetch.http1", .integer(let number)): isHTTP1Only = number != 0
    case ("fetch.interval", .integer(let number)): intervalSeconds = number
    case ("keep.days", .integer(let number)) where (0...keepMax).contains(number):
      keepDays = number
    case ("keep.articles", .integer(let number)) where (0...keepMax).contains(number):
      keepArticles = number
    case ("fetch.led", .integer(let number)): isLed = number != 0
    case ("move.from", .string(let text)): movedFrom = text
    case ("move.refused", .string(let text)): refusedMove = text
    default: break
    }
  }
}
