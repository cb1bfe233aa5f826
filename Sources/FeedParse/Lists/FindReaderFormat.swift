import FeedJSON
public import FeedModel

/// Tells by its beginning what a file is that another reader wrote.
///
/// Pure. A list of addresses of articles looks like one of feeds: that is told apart by nothing but
/// what the addresses say of themselves, and in doubt it is nil.
///
/// - Parameter start: The first bytes of the file, some thousands where there are so many.
/// - Returns: Nil when it is nothing that is known, or may be one thing or another.
public func readerFormat(of start: [UInt8]) -> ReaderFormat? {
  if start.starts(with: "SQLite format 3\0".utf8) { return .newsboat }
  // UTF-16 is XML: nobody writes lists of lines in it.
  if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return .opml }
  let text = start.drop { Bytes.isSpace($0) || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
  switch text.first {
  case UInt8(ascii: "<"): return .opml
  case UInt8(ascii: "["): return .greader
  case UInt8(ascii: "{"): return isStateLine(Array(text.prefix { $0 != 0x0A })) ? .state : .greader
  default: return formatOfLines(String(decoding: text.prefix(1 << 16), as: UTF8.self))
  }
}

/// Whether a line begins as those of `rill export state` do.
private func isStateLine(_ line: [UInt8]) -> Bool {
  var first: String?
  var json = JSONReader(line)
  // The line may be cut, and is looked at up to there.
  try? json.object { name, json throws(JSONError) in
    if first == nil { first = name }
    try json.skip()
  }
  return first.map { ["feed", "article", "mark", "part", "join", "story"].contains($0) } == true
}

private func formatOfLines(_ text: String) -> ReaderFormat? {
  let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " || $0 == "\t" } }
    .filter { !$0.isEmpty && !$0.hasPrefix("#") }
  guard !lines.isEmpty else { return text.isEmpty ? nil : .urls }
  let calls = lines.count { $0.hasPrefix("feed ") || $0.hasPrefix("feed\t") }
  if calls > 0 || lines.contains(where: { $0.hasPrefix("feeds()") || $0.hasPrefix("sfeedpath=") }) {
    return .sfeedrc
  }
  let kinds = lines.map { newsboatWords(String($0)).first.map(LineKind.init) ?? .other }
  let (feeds, pages) = (kinds.count { $0 == .feed }, kinds.count { $0 == .page })
  let others = kinds.count - feeds - pages
  // Names of articles: nothing else has a word of its own on each line.
  let areSingle = lines.allSatisfy { !$0.contains(" ") && !$0.contains("\t") }
  if others > 0 {
    let hasAddress =
      feeds + pages > 0 || lines.contains { $0.hasPrefix("tag:") || $0.hasPrefix("urn:") }
    if areSingle, hasAddress, feeds * 4 < kinds.count { return .read }
    return feeds * 2 > kinds.count ? .urls : nil
  }
  // Feeds say that they are, most of them; pages of articles do not.
  return areSingle && kinds.count >= 20 && feeds * 4 < kinds.count ? nil : .urls
}

/// What the first word of a line may be.
private enum LineKind {
  /// An address of a feed, or what stands in the place of one.
  case feed
  /// Another address of the web.
  case page
  case other

  init(_ word: String) {
    let word = word.lowercased()
    let commands = ["exec:", "filter:", "query:", "file:", "feed:", "|", "javascript:"]
    let scheme = word.firstRange(of: "://").map { word[..<$0.lowerBound] } ?? ""
    // What cannot be followed, such as ftp://, is told by the reader of the list.
    let isOther = !scheme.isEmpty && scheme.allSatisfy { $0.isASCII && $0.isLetter }
    if commands.contains(where: word.hasPrefix) || isOther && !["http", "https"].contains(scheme) {
      self = .feed
    } else if word.hasPrefix("http://") || word.hasPrefix("https://") {
      let signs = ["feed", "rss", "atom", "xml", "rdf", "json"]
      self = signs.contains(where: word.contains) ? .feed : .page
    } else {
      self = .other
    }
  }
}
