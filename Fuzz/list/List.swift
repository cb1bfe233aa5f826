import FeedModel
import FeedParse
import FuzzSupport

/// Any bytes are a list of subscriptions: reading ends, says the same twice, and every address is
/// one of the web, without a password.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe attempt(start, count) { bytes in
    let first = list(bytes)
    expect(first == list(bytes), "The same bytes give another list the second time.")
    if case .success(let list) = first { check(list) }
  }
}

private func list(_ bytes: [UInt8]) -> Result<SubscriptionList, ParseError> {
  do throws(ParseError) {
    return .success(try parseSubscriptions(bytes, baseURL: "http://e.example/lists/all.opml"))
  } catch {
    return .failure(error)
  }
}

private func check(_ list: SubscriptionList) {
  expect(list.feeds.count <= 50_000, "There are \(list.feeds.count) feeds.")
  expect(Set(list.feeds.map(\.url)).count == list.feeds.count, "An address stands twice.")
  for feed in list.feeds {
    expect(isPlain(feed.url), "The address of a feed is \(feed.url).")
    expect(feed.siteURL.map(isPlain) != false, "The address of a site is \(feed.siteURL ?? "").")
    expect(feed.folders.allSatisfy { $0.count <= 100 }, "A feed lies too deep.")
    expect(feed.folders.count <= 256, "A feed lies in too many folders.")
    checkTexts(of: feed, "feed")
  }
}

/// An address of the web that reads back as itself, and holds neither a user nor a password.
private func isPlain(_ address: String) -> Bool {
  guard let url = WebURL(address) else { return false }
  return url.isWeb && url.userinfo == nil && url.text == address
}
