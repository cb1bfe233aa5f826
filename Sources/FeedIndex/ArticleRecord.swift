import FeedModel

/// What a row of `article` says, but for the marks.
struct ArticleRecord: Hashable {
  /// One revision as its line says, and where that stands.
  struct Revision: Hashable {
    var hash: String
    var title: String?
    var url: String?
    /// One name a line.
    var authors: String?
    var published: Timestamp?
    var modified: Timestamp?
    var fingerprint: UInt64?
    var stamp: RegisterStamp
    var segment: Int64
    var position: Int64
    var length: Int64

    /// The later of two lines.
    ///
    /// Of two lines of one moment and device that is the one which has a text: the body of the
    /// other was purged. Else what they say decides: the sum of a line is another one in every copy
    /// that another device makes of it.
    static func < (left: Revision, right: Revision) -> Bool {
      let (first, second) = (left.stamp, right.stamp)
      if (first.at, first.device) != (second.at, second.device) {
        return (first.at, first.device) < (second.at, second.device)
      }
      return (left.fingerprint == nil ? 0 : 1, left.hash, first.sum)
        < (right.fingerprint == nil ? 0 : 1, right.hash, second.sum)
    }

    /// Both lines were one when they were first written.
    func isCopy(of other: Revision) -> Bool {
      (stamp.at, stamp.device, hash) == (other.stamp.at, other.stamp.device, other.hash)
        && (title, url, published) == (other.title, other.url, other.published)
    }
  }

  /// Who wrote the oldest revision, and when: it says when the article was received, and its id.
  struct Origin: Hashable {
    var received: Timestamp
    var device: String
    var line: Int64

    static func < (left: Origin, right: Origin) -> Bool {
      (left.received, left.device, left.line) < (right.received, right.device, right.line)
    }
  }

  /// The id first, then the others in their order, each once.
  var keys: [ArticleID]
  var feed: Int64
  /// The newest revision.
  var revision: Revision
  var origin: Origin
  /// The least hash of all revisions that are not minor; nil where none of them is here yet.
  var majorHash: String?
  /// Two revisions that are not minor have different hashes.
  var hasChanged = false

  /// What lists are ordered by: published or modified, but never later than received.
  var moment: Timestamp {
    min(revision.published ?? revision.modified ?? origin.received, origin.received)
  }

  /// Whether the full text is the same, and stands at the same place in lists.
  func hasText(of other: ArticleRecord) -> Bool {
    (revision.hash, moment) == (other.revision.hash, other.moment)
      && (revision.fingerprint == nil) == (other.revision.fingerprint == nil)
  }

  /// The article of one line.
  init(_ article: Article, _ event: StoreEvent, feed: Int64, segment: Int64, _ place: LinePlace) {
    let item = article.item
    var rest: [ArticleID] = []
    for key in article.keys.dropFirst() where key != article.id && !rest.contains(key) {
      rest.append(key)
    }
    if rest.count > 1 { rest.sort() }
    keys = [article.id] + rest
    self.feed = feed
    revision = Revision(
      hash: article.contentHash,
      title: item.title,
      url: item.url,
      authors: joined(item.authors.compactMap { $0.name ?? $0.url }),
      published: item.published,
      modified: item.modified,
      fingerprint: article.textFingerprint,
      stamp: event.stamp,
      segment: segment,
      position: Int64(place.offset),
      length: Int64(place.length)
    )
    origin = Origin(received: event.at, device: event.device, line: Int64(event.number))
    majorHash = article.isMinor ? nil : article.contentHash
  }

  /// Makes two records of one article into one, and so in any order comes to the same: the newest
  /// revision shows; the oldest says when the article was received, its id and its feed.
  ///
  /// - Parameters:
  ///   - other: The other record.
  ///   - isBetter: Whether the second of two places of one line is to be remembered.
  /// - Throws: What the second argument throws.
  mutating func unite(
    with other: ArticleRecord,
    isBetter: (Revision, Revision) throws -> Bool
  ) rethrows {
    if let hash = other.majorHash {
      if let majorHash, majorHash != hash { hasChanged = true }
      majorHash = min(majorHash ?? hash, hash)
    }
    if other.hasChanged { hasChanged = true }
    let (known, new) = (revision, other.revision)
    if known < new { revision = new }
    // All of the line counts: one that has no body any more has no text to be known again by.
    if known.isCopy(of: new) { revision = try isBetter(known, new) ? new : known }
    var id = keys[0]
    if other.origin < origin {
      origin = other.origin
      id = other.keys[0]
      // Lines that name one key under two feeds are made up, and still mean one thing.
      feed = other.feed
    }
    guard other.keys != keys else { return }
    var all = Set(keys).union(other.keys)
    all.remove(id)
    keys = [id] + all.sorted()
  }
}

/// Lists stand in one column, one element a line; a line feed within becomes a space.
func joined(_ texts: [String]) -> String? {
  guard let first = texts.first else { return nil }
  if texts.count == 1, !first.utf8.contains(0x0A) { return first }
  return texts.map { $0.split(separator: "\n").joined(separator: " ") }.joined(separator: "\n")
}

extension ArticleRecord {
  /// The columns in the order in which they are written and read.
  static let columns = """
    keys, feed, hash, title, url, authors, published, modified, received, moment, fingerprint,
    changed, major, name, page, origin, line, at, device, sum, segment, position, length
    """

  /// As many parameters as there are columns.
  static let marks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"

  /// How many columns that are.
  static let columnCount = Int32(columns.split(separator: ",").count)

  /// The keys as one column has them.
  var keyDigests: [UInt8] {
    var digests: [UInt8] = []
    digests.reserveCapacity(keys.count * 13)
    for key in keys { key.hash.appendDigest(to: &digests) }
    return digests
  }

  /// Adds the values of all columns to a statement.
  func add(to statement: RawStatement) {
    statement.add(keyDigests)
    statement.add(feed)
    statement.add(revision.hash)
    statement.add(revision.title)
    statement.add(revision.url)
    statement.add(revision.authors)
    statement.add(revision.published)
    statement.add(revision.modified)
    statement.add(origin.received)
    statement.add(moment)
    statement.add(revision.fingerprint.map { Int64(bitPattern: $0) })
    statement.add(hasChanged)
    // Most articles have no minor revision.
    statement.add(majorHash == revision.hash ? nil : majorHash ?? "")
    statement.add(
      nameHash(title: revision.title, published: revision.published).map { Int64($0) }
    )
    statement.add(revision.url.flatMap(pageHash).map { Int64(bitPattern: $0) })
    statement.add(origin.device)
    statement.add(origin.line)
    // Most articles have one revision.
    statement.add(revision.stamp.at == origin.received ? nil : revision.stamp.at)
    statement.add(revision.stamp.device == origin.device ? nil : revision.stamp.device)
    statement.add(Int64(revision.stamp.sum))
    statement.add(revision.segment)
    statement.add(revision.position)
    statement.add(revision.length)
  }

  /// Reads all columns; nil for a row that no line can bring about.
  init?(_ row: RawStatement) {
    keys = articleKeys(row.bytes(0))
    guard !keys.isEmpty, let hash = row.text(2), let received = row.moment(8),
      let device = row.text(15)
    else { return nil }
    feed = row.integer(1)
    revision = Revision(
      hash: hash,
      title: row.text(3),
      url: row.text(4),
      authors: row.text(5),
      published: row.moment(6),
      modified: row.moment(7),
      fingerprint: row.optionalInteger(10).map { UInt64(bitPattern: $0) },
      stamp: RegisterStamp(
        at: row.moment(17) ?? received,
        device: row.text(18) ?? device,
        sum: UInt32(truncatingIfNeeded: row.integer(19))
      ),
      segment: row.integer(20),
      position: row.integer(21),
      length: row.integer(22)
    )
    origin = Origin(received: received, device: device, line: row.integer(16))
    hasChanged = row.flag(11)
    majorHash = row.text(12).map { $0.isEmpty ? nil : $0 } ?? hash
  }
}

/// The keys that stand in one column, 13 bytes each.
func articleKeys(_ digests: [UInt8]) -> [ArticleID] {
  stride(from: 0, to: digests.count - 12, by: 13)
    .map { ArticleID(HashID(digest: digests[$0..<$0 + 13])) }
}
