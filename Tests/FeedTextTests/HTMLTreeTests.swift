import Testing

@testable import FeedText

@Test func `a hundred thousand nested elements keep their text`() {
  let depth = 100_000
  let html = String(repeating: "<div>", count: depth) + "kept" + String(repeating: "</div>", count: depth)
  let events = parseHTML(html)
  #expect(events.contains(.text("kept")))
}
