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
/// Frozen: a change would make everything unread again.
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
/// Dates do not count, for many feeds print the current time at every fetch. Neither does what no
/// reader sees: language, pictures and comment pages.
func contentHash(of item: FeedItem) -> String {
  var hash = SHA256()
  func add(_ text: String?) {
    if let text { hash.update(data: Array(text.utf8)) }
    hash.update(data: [0])
  }
  for text in [item.url, item.externalURL, item.title] { add(text) }
  for text in [item.contentHTML, item.contentText, item.summary] { add(text) }
  for author in item.authors { add(author.name ?? author.url) }
  add(nil)
  for tag in item.tags { add(tag) }
  add(nil)
  for attachment in item.attachments { add(attachment.url) }
  return hexadecimal(hash.finalize().prefix(6))
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
