public import FeedModel

/// Reads the feeds of sfeed's `sfeedrc`: its plain calls of `feed`.
///
/// The file is a script of a shell, and nothing of it is run. A line `feed 'name' 'url' …` is taken
/// whose words need no shell: in quotes, or of plain letters. One with a variable, a command or a
/// second command in it is left out and named.
///
/// - Parameter bytes: The script, in any encoding.
/// - Returns: The list; it may hold no feeds.
/// - Throws: When it is too long.
public func parseSfeedrc(_ bytes: [UInt8]) throws(ParseError) -> SubscriptionList {
  var issues = IssueLog()
  let lines = try listLines(bytes, issues: &issues)
  var draft = ListDraft(issues: issues)
  var begun: (number: Int, text: String)?
  for line in lines {
    if draft.isFull { break }
    var (number, text) = begun.map { ($0.number, $0.text + " " + line.text) } ?? line
    begun = nil
    guard text.hasPrefix("feed ") || text.hasPrefix("feed\t") else { continue }
    if text.hasSuffix("\\"), text.utf8.count < Limit.startTagBytes.value {
      text.removeLast()
      begun = (number, text)
      continue
    }
    guard let words = plainWords(text.dropFirst(5)) else {
      draft.reject("(feed)", .shell, line: number)
      continue
    }
    draft.take(
      words.count > 1 ? words[1] : "",
      title: words.first,
      site: words.count > 2 ? words[2] : nil,
      line: number
    )
  }
  return draft.finished()
}

/// The words of a call that mean to a shell what they say; nil when there is more to them.
func plainWords(_ text: Substring) -> [String]? {
  var words: [String] = []
  var word: String?
  var rest = text
  while let next = rest.popFirst() {
    switch next {
    case " ", "\t":
      if let done = word { words.append(done) }
      word = nil
    case "'":
      guard let end = rest.firstIndex(of: "'") else { return nil }
      word = (word ?? "") + rest[..<end]
      rest = rest[rest.index(after: end)...]
    case "\"":
      guard let end = rest.firstIndex(of: "\"") else { return nil }
      let quoted = rest[..<end]
      guard !quoted.contains(where: { "$`\\".contains($0) }) else { return nil }
      word = (word ?? "") + quoted
      rest = rest[rest.index(after: end)...]
    case "#" where word == nil: rest = ""
    case ";" where rest.allSatisfy({ $0 == " " || $0 == "\t" }): rest = ""
    case "$", "`", "\\", ";", "&", "|", "<", ">", "(", ")", "{", "}", "*", "?", "[", "]", "~", "!":
      // In an address a question mark may stand bare: a shell leaves it where no file has the name.
      guard next == "?", word?.contains("://") == true else { return nil }
      word = (word ?? "") + "?"
    default: word = (word ?? "") + String(next)
    }
  }
  if let word { words.append(word) }
  return words
}
