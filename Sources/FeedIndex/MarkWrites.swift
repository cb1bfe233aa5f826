import FeedModel

/// The greatest write to each mark of an article, and what they come to.
///
/// All that is known of an article's marks goes through here, whether its lines are here or not: so
/// there is one rule of which purge holds.
struct MarkWrites {
  private var greatest: [String: (stamp: RegisterStamp, isSet: Bool)] = [:]

  /// Takes note of a write to a register under one of the article's keys, in any order.
  mutating func add(_ name: String, isSet: Bool, _ stamp: RegisterStamp) {
    if let known = greatest[name], stamp < known.stamp { return }
    greatest[name] = (stamp, isSet)
  }

  /// What a row has for `add(_:at:)`, of a register that is called `r`.
  static let columns = "r.name, r.value IS 1, r.at, r.device, r.sum"

  /// The rows of a key, which is its parameters.
  static let ofKey = "SELECT \(columns) FROM article_register r WHERE head = ? AND rest = ?"

  /// Takes note of the write in a row, whose columns begin with that one.
  mutating func add(_ row: RawStatement, at column: Int32) {
    guard let name = row.text(column), let at = row.moment(column + 2),
      let device = row.text(column + 3)
    else { return }
    let sum = UInt32(truncatingIfNeeded: row.integer(column + 4))
    let stamp = RegisterStamp(at: at, device: device, sum: sum)
    add(name, isSet: row.flag(column + 1), stamp)
  }

  func isSet(_ name: String) -> Bool { greatest[name]?.isSet ?? false }

  /// The register was set by this device at this moment, and that holds.
  func isSet(_ name: String, at: Timestamp, by device: String) -> Bool {
    guard let write = greatest[name] else { return false }
    return write.isSet && write.stamp.at == at && write.stamp.device == device
  }

  /// It was purged, and that holds: a star that is as new as the purge, or newer, beats it.
  ///
  /// Who starred an article after it was purged elsewhere wants it.
  var isGone: Bool {
    guard let gone = greatest["gone"], gone.isSet else { return false }
    guard let star = greatest["star"], star.isSet else { return true }
    return star.stamp < gone.stamp
  }

  /// The person's tags, sorted by their bytes.
  var tags: [String] {
    greatest.filter { $0.value.isSet && $0.key.hasPrefix("tag:") }.keys
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { String($0.dropFirst(4)) }
  }

  /// What they come to.
  var state: MarkState {
    MarkState(
      isRead: isSet("read"),
      isStarred: isSet("star"),
      tags: tags,
      isGone: isGone,
      isHidden: isSet("hidden")
    )
  }
}

extension RawStatement {
  /// The keys of the article that carries a key; that key alone where no article does.
  ///
  /// - Parameter key: The key; the statement asks for the column `keys`, and has its two parameters.
  /// - Returns: At least one key.
  /// - Throws: What SQLite answers.
  func allKeys(with key: ArticleID) throws -> [ArticleID] {
    add(key.hash)
    defer { reset() }
    return try step() ? articleKeys(bytes(0)) : [key]
  }
}
