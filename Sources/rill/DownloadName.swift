import FeedModel

/// The name under which a file of an article is kept.
///
/// Pure. It begins with the day of the article and the beginning of its id, so it is never hidden, never
/// an option, never a device, and never that of another article. What follows is what the publisher
/// calls it, as far as that is harmless; what its last letters may be is a list.
///
/// - Parameters:
///   - url: Where the file is.
///   - mimeType: What the document claims it to be, for a name that does not say it.
///   - date: The moment of the article.
///   - id: The article.
///   - number: Which file of that name in its article it is, from 1.
/// - Returns: At most 150 bytes, without a slash.
func downloadName(
  url: String,
  mimeType: String?,
  date: Timestamp,
  id: ArticleID,
  number: Int = 1
) -> String {
  let path = percentDecoded(WebURL(url)?.path ?? "")
  // Decoded once: a slash that was escaped parts the name as any other does.
  let last = path.split { $0 == "/" || $0 == "\\" }.last ?? ""
  let (stem, ending) = parted(clean(last), mimeType: mimeType)
  let day = date.rfc3339(milliseconds: false).prefix(10)
  let count = number > 1 ? "-\(number)" : ""
  let head = "\(day)-\(id.description.prefix(8))"
  let room = 150 - head.utf8.count - count.utf8.count - ending.utf8.count - 2
  let middle = shortened(stem, toBytes: room)
  return head + (middle.isEmpty ? "" : "-" + middle) + count + "." + ending
}

/// Without what a file system, a shell, a terminal or another system takes for more than a letter.
private func clean(_ name: Substring) -> String {
  var text = ""
  for scalar in name.unicodeScalars {
    switch scalar.value {
    case 0..<0x21, 0x7F...0xA0: text += text.isEmpty || text.hasSuffix("_") ? "" : "_"
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.unicodeScalars.append(scalar)
    case 0x2D, 0x2E, 0x5F: text.unicodeScalars.append(scalar)
    // Any other sign of ASCII means something to somebody.
    case 0x21...0x7E: break
    default:
      // Accents that stand apart are left out, so that one name has one spelling everywhere.
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .decimalNumber, .spacingMark:
        text.unicodeScalars.append(scalar)
      case .nonspacingMark where !(0x300...0x36F).contains(scalar.value):
        text.unicodeScalars.append(scalar)
      default: break
      }
    }
  }
  while text.contains("..") { text = text.replacing("..", with: ".") }
  let edges: Set<Character> = ["-", ".", "_"]
  while let first = text.first, edges.contains(first) { text.removeFirst() }
  while let last = text.last, edges.contains(last) { text.removeLast() }
  return text
}

/// The name without its ending, and an ending that is allowed.
private func parted(_ name: String, mimeType: String?) -> (stem: String, ending: String) {
  if let dot = name.lastIndex(of: ".") {
    let ending = name[name.index(after: dot)...].lowercased()
    if allowedEndings.contains(ending) { return (String(name[..<dot]), ending) }
  }
  let type = mimeType?.prefix { $0 != ";" && $0 != " " }.lowercased() ?? ""
  // A dot that is left would be an ending for whoever looks for the last one but one.
  return (name.replacing(".", with: "_"), endingsByType[type] ?? "bin")
}

private func shortened(_ text: String, toBytes limit: Int) -> String {
  var result = ""
  var bytes = 0
  for character in text {
    bytes += character.utf8.count
    if bytes > limit { break }
    result.append(character)
  }
  return result
}

private let allowedEndings: Set<String> = [
  "mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "flac", "wav", "mp4", "m4v", "mov", "webm",
  "mkv",
  "ogv", "avi", "pdf", "epub", "mobi", "zip", "txt", "srt", "vtt", "jpg", "jpeg", "png", "gif",
  "webp",
  "avif", "torrent",
]

private let endingsByType = [
  "audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/mp4": "m4a", "audio/x-m4a": "m4a",
  "audio/aac": "aac", "audio/ogg": "ogg", "audio/opus": "opus", "audio/flac": "flac",
  "audio/wav": "wav", "video/mp4": "mp4", "video/x-m4v": "m4v", "video/quicktime": "mov",
  "video/webm": "webm", "video/ogg": "ogv", "application/pdf": "pdf", "image/jpeg": "jpg",
  "application/epub+zip": "epub", "application/zip": "zip", "text/plain": "txt", "text/vtt": "vtt",
  "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif",
  "application/x-bittorrent": "torrent",
]
