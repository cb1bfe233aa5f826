import FeedModel
import FeedParse
import FuzzSupport

/// Lifting text out of libxml2's way changes nothing: without it the same feed comes out.
///
/// Its issues may differ: a mistake in a text that nothing is made of is only met when libxml2 has
/// to read it.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe attempt(start, count) { bytes in
    let lifted = feed(of: bytes, liftsText: true)
    let whole = feed(of: bytes, liftsText: false)
    expect(lifted == whole, "Lifting makes another feed.\nlifted: \(lifted)\nwhole: \(whole)")
  }
}

private func feed(of bytes: [UInt8], liftsText: Bool) -> Result<ParsedFeed, ParseError> {
  do throws(ParseError) {
    var feed = try parse(bytes, baseURL: feedURL, contentType: nil, liftsText: liftsText)
    feed.issues = []
    return .success(feed)
  } catch {
    return .failure(error)
  }
}
