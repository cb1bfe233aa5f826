import Crypto
public import FeedModel

/// The id of the feed that was first subscribed to under this URL.
///
/// - Parameter firstURL: The normalised URL, or the path of a local file.
/// - Returns: The same id on every machine.
public func feedID(firstURL: String) -> FeedID {
  FeedID(hashID("feed", firstURL))
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

/// One key of an article.
func articleKey(_ feed: FeedID, _ kind: KeyKind, _ value: String) -> ArticleID {
  ArticleID(hashID("art", feed.description, kind.rawValue, value))
}

/// 12 hexadecimal digits that change when a reader would see a change.
///
/// Dates do not count, for many feeds print the current time at every fetch. Neither do queries of
/// addresses: they carry signatures that expire and counters that tick. Nor what no reader sees:
/// language, pictures beside the body, and comment pages.
func contentHash(of item: FeedItem) -> String {
  var hash = SHA256()
  func add(_ bytes: [UInt8]?) {
    if let bytes { hash.update(data: bytes) }
    hash.update(data: [0])
  }
  func add(_ text: String?) { add(text.map { Array($0.utf8) }) }
  add(item.url.flatMap(canonicalLink) ?? item.url)
  add(item.externalURL)
  add(item.title)
  add(item.contentHTML.map(withoutQueries))
  add(item.contentText)
  add(item.summary)
  for author in item.authors { add(author.name ?? author.url) }
  add("")
  for tag in item.tags { add(tag) }
  add("")
  for attachment in item.attachments { add(String(attachment.url.prefix { $0 != "?" })) }
  return hexadecimal(hash.finalize().prefix(6))
}

/// The bytes of a body without what follows a question mark within a tag.
private func withoutQueries(_ html: String) -> [UInt8] {
  var kept: [UInt8] = []
  kept.reserveCapacity(html.utf8.count)
  var isInTag = false
  var isInQuery = false
  for byte in html.utf8 {
    switch byte {
    case UInt8(ascii: "<"): isInTag = true
    case UInt8(ascii: ">"): isInTag = false
    case UInt8(ascii: "?") where isInTag: isInQuery = true
    case UInt8(ascii: "\""), UInt8(ascii: "'"), 0x20, 0x09, 0x0A, 0x0D: isInQuery = false
    default: break
    }
    if !isInTag { isInQuery = false }
    if !isInQuery { kept.append(byte) }
  }
  return kept
}

/// A hash of the bytes of a document, to tell that nothing at all changed.
public func documentHash(_ bytes: [UInt8]) -> String {
  hexadecimal(SHA256.hash(data: bytes).prefix(16))
}

private func hashID(_ parts: String...) -> HashID {
  HashID(digest: SHA256.hash(data: Array(parts.joined(separator: "\0").utf8)))
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  var text: [UInt8] = []
  for byte in bytes {
    for digit in [byte >> 4, byte & 15] {
      text.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
  }
  return String(decoding: text, as: UTF8.self)
}
