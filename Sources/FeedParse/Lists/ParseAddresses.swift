public import FeedModel

/// Reads addresses of feeds, one a line: a plain list, or what newsboat keeps in `urls`.
///
/// Behind an address may stand tags, in double quotes where they have spaces. One that begins with
/// `~` is the title, and `!` alone hides the feed there and means nothing here. Lines that begin
/// with `#` say nothing. Pure, and under the rules that hold for OPML: commands, files and searches
/// are left out and named.
///
/// - Parameter bytes: The list, in any encoding.
/// - Returns: The list; it may hold no feeds.
/// - Throws: When it is too long.
public func parseAddresses(_ bytes: [UInt8]) throws(ParseError) -> SubscriptionList {
  var issues = IssueLog()
  let lines = try listLines(bytes, issues: &issues)
  var draft = ListDraft(issues: issues)
  for (number, text) in lines where !text.hasPrefix("#") {
    if draft.isFull { break }
    // A command may stand here without quotes, and all of the line is of it.
    if text.hasPrefix("|") {
      draft.take(text, line: number)
      continue
    }
    var words = newsboatWords(text)
    guard !words.isEmpty else { continue }
    let address = words.removeFirst()
    guard !address.utf8.contains(UInt8(ascii: "`")) else {
      draft.reject("(no name)", .command, line: number)
      continue
    }
    let title = words.last { $0.hasPrefix("~") }.map { String($0.dropFirst()) }
    let tags = words.filter { !$0.hasPrefix("~") && $0 != "!" && !$0.isEmpty }
    draft.take(address, title: title, tags: tags, line: number)
  }
  return draft.finished()
}

/// The words of a line: parted by spaces, or in double quotes with backslashes before quotes; what
/// follows a word that begins with `#` is a remark.
func newsboatWords(_ line: String) -> [String] {
  var words: [String] = []
  var rest = line[...]
  while true {
    rest = rest.drop { $0 == " " || $0 == "\t" }
    guard let first = rest.first, first != "#" else { return words }
    guard first == "\"" else {
      let word = rest.prefix { $0 != " " && $0 != "\t" }
      words.append(String(word))
      rest = rest[word.endIndex...]
      continue
    }
    rest.removeFirst()
    var word = ""
    while let next = rest.popFirst(), next != "\"" {
      if next == "\\", let escaped = rest.popFirst() {
        word.append(escaped)
      } else {
        word.append(next)
      }
    }
    words.append(word)
  }
}
