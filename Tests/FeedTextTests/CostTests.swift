import FeedText
import Testing

/// Texts that are dear to lay out where a program looks at the same part again and again, or where
/// short addresses become long ones.

private func repeated(_ text: String, _ count: Int) -> String {
  String(repeating: text, count: count)
}

@Test(.timeLimit(.minutes(5)))
func `blocks in preformatted text do not copy what stands before them`() {
  let html = "<pre>" + repeated("x", 4 << 20) + repeated("<div>y</div>", 150_000) + "</pre>"
  let lines = renderText(html: html, baseURL: nil, width: 80).lines
  #expect(lines.count == 150_001)
  #expect(lines.last == "y")
}

@Test func `a base beyond 2 KB is no base`() {
  let base = "http://a.example/" + repeated("p", 100_000) + "/"
  let html = "<a href=x>y</a>"
  #expect(renderText(html: html, baseURL: base, width: 80).links.isEmpty)
  #expect(!sanitisedHTML(html, baseURL: base).contains("href"))
  let page = "<base href='\(base)'><link rel=feed href=x>"
  let links = feedLinks(inPage: Array(page.utf8), baseURL: "http://b.example/")
  #expect(links.map(\.url) == ["http://b.example/x"])
}

@Test(.timeLimit(.minutes(5)), arguments: ["a href=", "link rel=feed href=", "base href="])
func `a page of 32 MB and one of 30,000 links have 256 feeds at most`(tag: String) {
  let tags = (0..<30_000).map { "<\(tag)/\($0)/feed>é" }.joined()
  let many = feedLinks(inPage: Array(tags.utf8), baseURL: "https://e.org/")
  #expect(many.count == (tag.hasPrefix("base") ? 0 : 256))
  let long = Array(tags.utf8) + [UInt8](repeating: 0x20, count: 32 << 20)
  #expect(feedLinks(inPage: long, baseURL: "https://e.org/") == many)
  // Cut in the middle of a character, the text is still UTF-8.
  let text = Array("<a href=/feed>é</a>".utf8) + Array(repeated("é<b>", 2 << 20).utf8)
  #expect(feedLinks(inPage: text, baseURL: "https://e.org/").map(\.title) == ["é"])
}

@Test(.timeLimit(.minutes(5)))
func `a long base and many short references do not make a long text`() {
  let base = "http://a.example/" + repeated("p/", 900)
  let html = (0..<20_000).map { "<a href=\($0)>y</a> " }.joined()
  let links = renderText(html: html, baseURL: base, width: 80).links
  #expect(links.first == base + "0")
  #expect(links.reduce(0) { $0 + $1.utf8.count } < 17_000_000)
  #expect(sanitisedHTML(html, baseURL: base).utf8.count < 20_000_000)
}
