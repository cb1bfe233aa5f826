public import FeedModel
import Foundation
import GRDB

/// What newsboat knows: its `cache.db`, which is a database of SQLite.
///
/// 1. It is only read, without a lock and without a trace: a running newsboat is not disturbed.
/// 2. It is not trusted: no view and no virtual table is asked, and nothing of it is run.
/// 3. Values are cut where they are longer than anything that newsboat writes, and no more is held
///    at once than so many bytes.
public final class NewsboatCache {
  /// A feed that newsboat fetched.
  public struct Feed: Hashable, Sendable {
    /// What stands in newsboat's `urls`: an address, or a command.
    public var url: String
    /// What its publisher calls it.
    public var title: String?
    /// The page of the site.
    public var site: String?
  }

  private let database: DatabaseQueue
  /// Which of the columns that newsboat added over the years are there.
  private let columns: Set<String>

  /// Opens a file to be read.
  ///
  /// - Parameter path: The absolute path of the file.
  /// - Throws: What SQLite answers, also when it is no cache of newsboat.
  public init(path: String) throws(IndexError) {
    (database, columns) = try translated {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.label = "newsboat"
      configuration.prepareDatabase { database in
        try database.execute(
          sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0"
        )
        // Before a value is cut all of it is in memory.
        refuseValues(longerThan: 128 << 20, in: database)
      }
      let allowed = CharacterSet(charactersIn: "/-._~").union(.alphanumerics)
      guard let name = path.addingPercentEncoding(withAllowedCharacters: allowed) else {
        throw DatabaseError(resultCode: .SQLITE_CANTOPEN)
      }
      let database = try DatabaseQueue(
        path: "file:\(name)?immutable=1",
        configuration: configuration
      )
      let columns = try database.read { database in
        for table in ["rss_feed", "rss_item"] {
          let sql = try String.fetchOne(
            database,
            sql: "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?",
            arguments: [table]
          )
          // A view may never end, and a virtual table runs a program of its own.
          guard let sql, sql.prefix(13).uppercased() == "CREATE TABLE " else {
            throw DatabaseError(
              resultCode: .SQLITE_NOTADB,
              message: "there is no table \(table), so it is no cache of newsboat"
            )
          }
        }
        return try Set(
          String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('rss_item')")
        )
      }
      return (database, columns)
    }
  }

  /// The feeds, by address.
  public func feeds() throws(IndexError) -> [Feed] {
    try translated {
      try database.read { database in
        let rows = try RawStatement(
          database,
          """
          SELECT substr(rssurl, 1, 8192), substr(title, 1, 2000), substr(url, 1, 8192)
          FROM rss_feed ORDER BY rssurl LIMIT 50000
          """
        )
        var feeds: [Feed] = []
        var bytes = 0
        while try rows.step() {
          guard let url = rows.text(0), !url.isEmpty else { continue }
          let feed = Feed(url: url, title: rows.filled(1), site: rows.filled(2))
          bytes += url.utf8.count + (feed.title?.utf8.count ?? 0) + (feed.site?.utf8.count ?? 0)
          guard bytes <= 4 * Self.pageBytes else {
            throw DatabaseError(
              resultCode: .SQLITE_TOOBIG,
              message: "its list of feeds is too long"
            )
          }
          feeds.append(feed)
        }
        return feeds
      }
    }
  }

  /// How many bytes make a page, if there are no more articles than that.
  static let pageBytes = 16 << 20

  /// Articles of a feed, in the order in which newsboat met them.
  ///
  /// - Parameters:
  ///   - url: The feed's address there.
  ///   - start: Below which number to begin; nil for the newest.
  ///   - limit: At most so many, and fewer where they are long.
  /// - Returns: The newest first, and the number of the last; nil where there are no more.
  /// - Throws: What SQLite answers.
  public func articles(
    of url: String,
    before start: Int64?,
    limit: Int
  ) throws(IndexError) -> (items: [ReaderItem], last: Int64?) {
    try translated {
      try database.read { database in
        let select = try RawStatement(
          database,
          """
          SELECT id, substr(guid, 1, 8192), substr(title, 1, 8192), substr(author, 1, 2000),
            substr(url, 1, 8192), pubDate, substr(content, 1, 8388608), unread,
            \(column("enclosure_url")), \(column("enclosure_type")), \(column("flags")),
            \(column("deleted")), \(column("content_mime_type"))
          FROM rss_item WHERE feedurl = ? AND id < ? ORDER BY id DESC LIMIT ?
          """
        )
        select.add(url)
        select.add(start ?? Int64.max)
        select.add(limit)
        var items: [ReaderItem] = []
        var last: Int64?
        var bytes = 0
        while bytes < Self.pageBytes, try select.step() {
          last = select.integer(0)
          let article = ReaderItem(select, of: url)
          bytes += article.bytes
          items.append(article)
        }
        let isPage = items.count == limit || bytes >= Self.pageBytes
        return (items, isPage ? last : nil)
      }
    }
  }

  /// A column, or nothing in its place where this newsboat did not have it yet.
  private func column(_ name: String) -> String {
    columns.contains(name) ? "substr(\(name), 1, 8192)" : "NULL"
  }
}

extension RawStatement {
  /// The text in a column; nil for null and for nothing.
  fileprivate func filled(_ column: Int32) -> String? {
    text(column).flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension ReaderItem {
  /// How long its texts are.
  fileprivate var bytes: Int {
    let texts =
      [item.contentHTML, item.contentText, item.title, item.url, item.guid]
      + item.authors.map(\.name) + item.attachments.flatMap { [$0.url, $0.mimeType] }
    return texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
  }

  fileprivate init(_ row: RawStatement, of feedURL: String) {
    var item = FeedItem()
    item.title = row.filled(2)
    item.authors = row.filled(3).map { [Author(name: $0)] } ?? []
    item.url = row.filled(4)
    item.guid = row.filled(1)
    // Where a publisher gives no guid, newsboat makes one of link and date, or of link or title.
    if let guid = item.guid, let link = item.url, guid != link, guid.hasPrefix(link),
      guid.dropFirst(link.count).contains(" ")
    {
      item.guid = nil
    } else if item.url == nil, item.guid == item.title {
      item.guid = nil
    }
    let seconds = row.integer(5)
    if seconds > 0 { item.published = Timestamp(seconds: seconds) }
    if let content = row.filled(6) {
      let isPlain = row.text(12).map { $0.hasPrefix("text/plain") } ?? false
      if isPlain { item.contentText = content } else { item.contentHTML = content }
    }
    if let url = row.filled(8) {
      item.attachments = [Attachment(url: url, mimeType: row.filled(9))]
    }
    self.init(feedURL: feedURL, item: item)
    isRead = row.integer(7) == 0
    // A flag is a letter, and means what the person says.
    let flags = (row.text(10) ?? "").unicodeScalars
      .filter { $0.isASCII && $0.properties.isAlphabetic }
    tags = Set(flags.map { "flag-\(Character($0))" }).sorted()
    isDeleted = row.flag(11)
  }
}
