import Testing

@testable import FeedText

@Test func `a hundred thousand nested elements keep their text`() {
  let depth = 100_000
  let html =
    String(repeating: "<div>", count: depth) + "kept" + String(repeating: "</div>", count: depth)
  let events = parseHTML(html)
  #expect(events.contains(.text("kept")))
  #expect(treeDepth(events) == OpenElements.depthMax)
}

@Test func `other deep nestings keep their text and are flattened`() {
  for tags in ["<blockquote>", "<ul><li>", "<table><tr><td>", "<b><p>", "<span>", "<font size=1>"] {
    let events = parseHTML(String(repeating: tags, count: 5000) + "kept")
    #expect(events.contains(.text("kept")), "\(tags)")
    // The parser adds a `tbody` to each table.
    #expect(treeDepth(events) <= 2 * OpenElements.depthMax, "\(tags)")
  }
}

@Test func `six hundred unclosed paragraphs are not nested`() {
  let events = parseHTML(String(repeating: "<p>x", count: 600))
  #expect(treeDepth(events) == 1)
  #expect(events.count { $0 == .open(HTMLElement(tag: .p)) } == 600)
}

@Test func `unclosed items, rows, cells and terms are siblings`() {
  #expect(treeDepth(parseHTML("<ul>" + String(repeating: "<li>x", count: 600))) == 2)
  #expect(treeDepth(parseHTML("<dl>" + String(repeating: "<dt>x<dd>y", count: 600))) == 2)
  #expect(treeDepth(parseHTML("<table>" + String(repeating: "<tr><td>x<td>y", count: 600))) == 4)
}

@Test func `formatting that is never closed does not multiply`() {
  let open = (0..<2000).map { "<p><font size=\($0)>" }.joined()
  let events = parseHTML(open + String(repeating: "<p>x", count: 2000))
  #expect(events.count < 20_000)
}

@Test func `formatting that misnested end tags leave behind does not multiply`() {
  let blocks = String(repeating: "<div>", count: 10)
  let open = (0..<500)
    .map { "<b title=\($0)>\(blocks)</b>" + String(repeating: "</div>", count: 10) }
  let events = parseHTML(open.joined() + String(repeating: "<p>x</p>", count: 2000))
  #expect(events.count < 200_000)
}

@Test func `a tag with more than 256 attributes loses them`() {
  let many = (0..<257).map { " a\($0)=1" }.joined()
  #expect(parseHTML("<p\(many)>x") == parseHTML("<p>x"))
  let enough = (0..<256).map { " a\($0)=1" }.joined()
  guard case .open(let element)? = parseHTML("<p\(enough)>x").first else {
    Issue.record("There is no element.")
    return
  }
  #expect(element.attributes.count == 256)
}

@Test func `a tag of more than a megabyte loses its attributes`() {
  let title = String(repeating: "x", count: 1 << 20)
  #expect(parseHTML("<p title=\"\(title)\">x") == parseHTML("<p>x"))
}

@Test func `text beyond 8 MB is cut between characters`() {
  let text = String(repeating: "é", count: (8 << 20) / 2 + 10)
  #expect(parseHTML("x" + text) == [.text(String(("x" + text).utf8.prefix((8 << 20) - 1)) ?? "")])
}

@Test func `start tags beyond the limit are dropped and their text is kept`() {
  let count = HTMLGuard.startTagsMax + 1000
  let events = parseHTML(String(repeating: "<i>x</i>", count: count))
  #expect(events.count { $0 == .open(HTMLElement(tag: .i)) } == HTMLGuard.startTagsMax)
  #expect(plainText(html: String(repeating: "<i>x</i>", count: count)).count == count)
}

@Test func `script, style and frames go with their content`() {
  for name in ["script", "style", "iframe", "noembed", "noframes", "textarea", "title", "select"] {
    #expect(plainText(html: "a<\(name) x=1>gone<b></\(name.uppercased()) >b") == "ab", "\(name)")
  }
}

@Test func `an end tag of raw text must have the whole name`() {
  #expect(plainText(html: "a<script>x</scripty>y</script>b") == "ab")
}

@Test func `a script without an end tag reaches to the end`() {
  #expect(plainText(html: "a<script>var x = '<p>'") == "a")
}

@Test func `a frame without an end tag does not swallow the article`() {
  #expect(plainText(html: "a<iframe src=x>b") == "ab")
  #expect(plainText(html: "a<iframe src=x/>b<iframe src=y />c") == "abc")
}

@Test func `drawings go, formulas keep their text once`() {
  #expect(plainText(html: "a<svg><title>t</title><style><p></style><text>x</text></svg>b") == "ab")
  let formula = "<math><semantics><mi>E</mi><annotation>E_{tex}</annotation></semantics></math>"
  #expect(plainText(html: formula) == "E")
}

@Test func `comments end where a browser ends them`() {
  #expect(plainText(html: "a<!-- <p> -->b") == "ab")
  #expect(plainText(html: "a<!-->b") == "ab")
  #expect(plainText(html: "a<!--->b") == "ab")
  #expect(plainText(html: "a<!-- x --!>b") == "ab")
  #expect(plainText(html: "a<!-- never") == "a")
  #expect(plainText(html: "a<!doctype html>b<?xml x?>c</ d>e") == "abce")
}

@Test func `a lone less-than sign is text`() {
  #expect(plainText(html: "1 < 2 <3 <") == "1 < 2 <3 <")
}

@Test func `a tag that is cut off at the end is dropped`() {
  #expect(plainText(html: "a<b title=\"<p>x") == "a")
}

@Test func `a greater-than sign in a quoted value does not end the tag`() {
  #expect(plainText(html: "<p title=\"a>b\" class='>'>x") == "x")
  #expect(plainText(html: "<p title=a\"b>x") == "x")
}

@Test func `xmp and plaintext show their tags`() {
  #expect(
    renderText(html: "<xmp><b>x</b> &amp;</xmp>y", baseURL: nil, width: 40).lines
      == ["<b>x</b> &amp;", "", "y"]
  )
  #expect(renderText(html: "<plaintext><b>x", baseURL: nil, width: 40).lines == ["<b>x"])
}

@Test func `character references are decoded`() {
  #expect(
    plainText(html: "&eacute;&#233;&#xE9;&copy &amp;lt; &#128;&zzz;")
      == "ééé© &lt; €&zzz;"
  )
}

@Test func `every element that the tree can hold is known to the parser`() {
  for tag in HTMLTag.allCases {
    let inTable = "<table><\(tag.rawValue)>x</\(tag.rawValue)></table>"
    let events = parseHTML("<\(tag.rawValue)>x</\(tag.rawValue)>") + parseHTML(inTable)
    #expect(events.contains(.open(HTMLElement(tag: tag))), "\(tag)")
  }
}

private func treeDepth(_ events: [HTMLEvent]) -> Int {
  var depth = 0
  var deepest = 0
  for event in events {
    switch event {
    case .open:
      depth += 1
      deepest = max(deepest, depth)
    case .close: depth -= 1
    case .text: break
    }
  }
  #expect(depth == 0)
  return deepest
}
