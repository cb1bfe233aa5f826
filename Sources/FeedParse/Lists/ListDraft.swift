public import FeedModel

/// A list of subscriptions that is put together line by line, under the rules that hold for OPML.
struct ListDraft {
  private var list = SubscriptionList()
  private var issues: IssueLog
  private var addresses = ListedAddresses(baseURL: nil)
  private var places: [String: Int] = [:]
  private var entries = 0

  init(issues: IssueLog) { self.issues = issues }

  /// The cap on feeds is reached.
  var isFull: Bool { entries > Limit.listedFeeds.value }

  /// Takes a line over, or notes why not.
  ///
  /// - Parameters:
  ///   - address: What stands as the address.
  ///   - title: What the feed is called.
  ///   - site: The page of the feed.
  ///   - tags: The person's tags.
  ///   - line: Where it stands, from 1.
  mutating func take(
    _ address: String,
    title: String? = nil,
    site: String? = nil,
    tags: [String] = [],
    line: Int
  ) {
    entries += 1
    guard !isFull else {
      return issues.note(.limit, line: line, detail: Limit.listedFeeds.detail)
    }
    switch addresses.address(address) {
    case .failure(let rejection):
      // Of an address that was not taken only the scheme is shown: it may hold a password.
      let scheme = hasScheme(address) ? "(\(address.prefix { $0 != ":" }.prefix(20)))" : nil
      reject(title ?? scheme ?? "(no name)", rejection, line: line)
    case .success(let url):
      let text = url.withoutUserinfo.withoutFragment.text
      if let place = places[text] {
        list.duplicates += 1
        list.feeds[place].folders += tags.map { [$0] }
        return
      }
      var feed = ListedFeed(url: text, line: line)
      if let userinfo = url.userinfo, !userinfo.isEmpty {
        feed.userinfo = userinfo
        issues.note(.credentials, line: line, detail: text)
      }
      feed.title = title.flatMap { $0 == address ? nil : withoutUserinfo(collapsed($0)) }
      if feed.title?.isEmpty == true { feed.title = nil }
      feed.siteURL = site.flatMap { addresses.site($0) }
      feed.folders = tags.prefix(Limit.listEntries.value).map { [$0] }
      places[text] = list.feeds.count
      list.feeds.append(feed)
    }
  }

  /// Notes a line that is not taken.
  mutating func reject(_ name: String, _ reason: ListedAddresses.Rejection, line: Int) {
    issues.note(
      .rejected,
      line: line,
      detail: "\(withoutUserinfo(collapsed(name))): \(reason.rawValue)"
    )
  }

  /// The list.
  func finished() -> SubscriptionList {
    var list = list
    var issues = issues
    for limit in addresses.passed { issues.note(.limit, detail: limit.detail) }
    list.issues = issues.sorted
    return list
  }
}

/// Judges addresses that another reader kept, as those of an OPML are judged.
///
/// - Parameter addresses: The addresses.
/// - Returns: Those of the web, each with the number of its place, from 1, as its line.
public func listedFeeds(_ addresses: [String]) -> SubscriptionList {
  var draft = ListDraft(issues: IssueLog())
  for (place, address) in addresses.enumerated() { draft.take(address, line: place + 1) }
  return draft.finished()
}

/// The lines of a list in any encoding, with their numbers, without white space around them.
func listLines(
  _ bytes: [UInt8],
  issues: inout IssueLog
) throws(ParseError) -> [(number: Int, text: String)] {
  let byteMax = Limit.listBytes
  guard bytes.count <= byteMax.value else {
    throw .limit(name: byteMax.name, value: byteMax.value)
  }
  let (text, start) = try decode(bytes, contentType: nil, issues: &issues)
  var lines: [(number: Int, text: String)] = []
  var number = 0
  for line in text[start...].split(separator: 0x0A, omittingEmptySubsequences: false) {
    number += 1
    let kept = Bytes.trimmed(line)
    if !kept.isEmpty { lines.append((number, String(validUTF8: Array(kept)))) }
  }
  return lines
}

extension Bytes {
  /// Without white space at both ends.
  fileprivate static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let first = line.first, isSpace(first) { line.removeFirst() }
    while let last = line.last, isSpace(last) { line.removeLast() }
    return line
  }
}
