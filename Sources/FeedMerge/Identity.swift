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
  func end() { hash.update(data: [0]) }
  func add(_ text: String?) {
    if var text { text.withUTF8 { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer($0)) } }
    end()
  }
  add(item.url.flatMap(canonicalLink) ?? item.url)
  add(item.externalURL)
  add(item.title)
  if let html = item.contentHTML { addWithoutQueries(html, to: &hash) }
  end()
  add(item.contentText)
  add(item.summary)
  for author in item.authors { add(author.name ?? author.url) }
  add("")
  for tag in item.tags { add(tag) }
  add("")
  for attachment in item.attachments { add(String(attachment.url.prefix { $0 != "?" })) }
  return hexadecimal(hash.finalize().prefix(6))
}

/// Adds a body without what follows a question mark within a tag, up to a quote or a space.
private func addWithoutQueries(_ html: String, to hash: inout SHA256) {
  let bytes = html.utf8.span
  func add(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    unsafe bytes.extracting(range).withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }
  var kept = 0
  var tag = bytes.firstIndex(of: UInt8(ascii: "<"), from: 0)
  while tag < bytes.count {
    let end = bytes.firstIndex(of: UInt8(ascii: ">"), from: tag)
    var index = tag
    while index < end {
      guard bytes[index] == UInt8(ascii: "?") else {
        index += 1
        continue
      }
      add(kept..<index)
      while index < end, !endsQuery(bytes[index]) { index += 1 }
      kept = index
    }
    tag = bytes.firstIndex(of: UInt8(ascii: "<"), from: end)
  }
  add(kept..<bytes.count)
}

private func endsQuery(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "\""), UInt8(ascii: "'"), 0x20, 0x09, 0x0A, 0x0D: true
  default: false
  }
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
