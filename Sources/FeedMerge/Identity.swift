import Crypto
public import FeedModel

/// The id of the feed that was first subscribed to under this URL.
///
/// - Parameter firstURL: The normalised URL, or the path of a local file.
/// - Returns: The same id on every machine.
public func feedID(firstURL: String) -> FeedID {
  FeedID(hashID(Array("feed\0\(firstURL)".utf8)))
}

/// What an article can be recognised by.
///
/// Frozen, and with it all that goes into a value: `canonicalLink`, `normalisedTitle` and
/// `FeedItem.textFingerprint`. A change would make everything unread again.
enum KeyKind: String {
  /// The publisher's guid, byte for byte.
  case guid
  /// The canonical link.
  case link
  /// Title, date and text, when there is neither.
  case text
}

/// Makes the keys of a feed's articles.
struct KeyMaker: Sendable {
  /// What all keys of the feed are hashed with first.
  private let start: [UInt8]

  init(feed: FeedID) {
    var start = Array("art".utf8)
    start.append(0)
    feed.hash.appendText(to: &start)
    start.append(0)
    self.start = start
  }

  /// One key of an article.
  func key(_ kind: KeyKind, _ value: String) -> ArticleID {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(start.count + 8 + value.utf8.count)
    bytes += start
    bytes += kind.rawValue.utf8
    bytes.append(0)
    bytes += value.utf8
    return ArticleID(hashID(bytes))
  }

  /// The key of last resort: normalised title, date and fingerprint of the text.
  func textKey(title: String?, published: Timestamp?, _ fingerprint: UInt64?) -> ArticleID {
    let parts = [title ?? "", published?.description ?? "", fingerprint.map(String.init) ?? ""]
    return key(.text, parts.joined(separator: "\n"))
  }
}

/// 12 hexadecimal digits that change when a reader would see a change.
///
/// Dates do not count, for many feeds print the current time at every fetch. Neither do queries of
/// addresses: they carry signatures that expire and counters that tick. Nor what no reader sees:
/// language, pictures beside the body, and comment pages.
///
/// - Parameters:
///   - item: What was read.
///   - link: Its canonical link; nil when it has none.
/// - Returns: The digits.
func contentHash(of item: FeedItem, link: String?) -> String {
  var bytes: [UInt8] = []
  bytes.reserveCapacity((item.contentHTML ?? item.contentText ?? "").utf8.count + 512)
  func add(_ text: String?) {
    if let text { bytes += text.utf8 }
    bytes.append(0)
  }
  add(link ?? item.url)
  add(item.externalURL)
  add(item.title)
  if let html = item.contentHTML { appendWithoutQueries(html, to: &bytes) }
  bytes.append(0)
  add(item.contentText)
  add(item.summary)
  for author in item.authors { add(author.name ?? author.url) }
  add("")
  for tag in item.tags { add(tag) }
  add("")
  for attachment in item.attachments { add(String(attachment.url.prefix { $0 != "?" })) }
  return unsafe SHA256.hash(data: bytes).withUnsafeBytes { unsafe hexadecimal($0.prefix(6)) }
}

/// The same for an item that stands alone, and not in a document.
public func contentHash(of item: FeedItem) -> String {
  contentHash(of: item, link: item.url.flatMap(canonicalLink))
}

/// A hash of the bytes of a document, to tell that nothing at all changed.
public func documentHash(_ bytes: [UInt8]) -> String {
  unsafe SHA256.hash(data: bytes).withUnsafeBytes { unsafe hexadecimal($0.prefix(16)) }
}

/// The key under which a rule stands: the same rule has the same one on every machine.
public func ruleKey(_ text: String) -> ArticleID {
  ArticleID(hashID(Array("rule\n\(text)".utf8)))
}

private func hashID(_ bytes: [UInt8]) -> HashID {
  unsafe SHA256.hash(data: bytes).withUnsafeBytes { unsafe HashID(digest: $0) }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  var text: [UInt8] = []
  text.reserveCapacity(32)
  for byte in bytes {
    for digit in [byte >> 4, byte & 15] {
      text.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
  }
  return String(decoding: text, as: UTF8.self)
}
