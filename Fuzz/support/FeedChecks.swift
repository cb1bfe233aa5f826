import FeedJSON
public import FeedModel
import FeedParse

/// Where each document comes from.
public let feedURL = "http://e.example/feed"

/// Parses a document, or says why there is no feed in it.
///
/// - Parameters:
///   - bytes: The document.
///   - contentType: As a server gives it.
/// - Returns: What `parse` gives or throws.
public func result(
  of bytes: [UInt8],
  contentType: String? = nil
) -> Result<ParsedFeed, ParseError> {
  do throws(ParseError) {
    return .success(
      try parse(bytes, baseURL: feedURL, contentType: contentType)
    )
  } catch {
    return .failure(error)
  }
}

/// Parses a document and stops the program where the feed is not what a feed must be.
///
/// - Parameters:
///   - bytes: The document.
///   - contentType: As a server gives it.
public func checkDocument(_ bytes: [UInt8], contentType: String? = nil) {
  let first = result(of: bytes, contentType: contentType)
  expect(
    first == result(of: bytes, contentType: contentType),
    "The same bytes give another feed the second time."
  )
  if case .success(let feed) = first { check(feed) }
}

/// Stops the program where a feed breaks what its type promises.
///
/// - Parameter feed: A feed that was parsed.
public func check(_ feed: ParsedFeed) {
  expect(feed.items.count <= 20_000, "There are \(feed.items.count) items.")
  checkTexts(of: feed, "feed")
  for item in feed.items {
    expect(item.contentHTML == nil || item.contentText == nil, "An item has two bodies.")
    checkReadsBack(item)
  }
  var json = JSONWriter()
  feed.writeJSONFeed(to: &json)
  var reader = JSONReader(json.bytes)
  do throws(JSONError) {
    try reader.skip()
    try reader.finish()
  } catch {
    expect(false, "The feed as JSON cannot be read: \(error).")
  }
  if case .success(let again) = result(of: json.bytes) {
    expect(again.items.count == feed.items.count, "The feed as JSON has another number of items.")
  } else {
    expect(false, "The feed as JSON is no JSON Feed.")
  }
}

/// Every text that can be reached is UTF-8, not empty, and holds no NUL.
///
/// An issue may quote anything that is UTF-8.
///
/// - Parameters:
///   - value: A value with texts in it.
///   - name: What it is called when something is wrong.
public func checkTexts(of value: Any, _ name: String) {
  if let text = value as? String {
    // The parser makes strings of bytes that it takes for UTF-8 without looking again.
    expect(String(validating: text.utf8, as: UTF8.self) != nil, "No UTF-8 in \(name).")
    expect(!text.isEmpty, "An empty text in \(name).")
    expect(name.hasSuffix(".detail") || !text.utf8.contains(0), "A NUL in \(name).")
    return
  }
  for child in Mirror(reflecting: value).children {
    checkTexts(of: child.value, child.label.map { "\(name).\($0)" } ?? name)
  }
}

/// An item that was written reads back as it was.
private func checkReadsBack(_ item: FeedItem) {
  var item = item
  var json = JSONWriter()
  item.write(to: &json, fallbackID: "id")
  if item.guid == nil { item.guid = "id" }
  var reader = JSONReader(json.bytes)
  do throws(JSONError) {
    let again = try FeedItem(from: &reader)
    try reader.finish()
    expect(again == item, "An item reads back as another: \(again), not \(item)")
  } catch {
    expect(false, "An item as JSON cannot be read: \(error).")
  }
}
