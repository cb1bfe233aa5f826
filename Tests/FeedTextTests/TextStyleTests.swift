import FeedText
import TestSupport
import Testing

@Test func `emphasis is told by runs and not by signs`() {
  #expect(
    runs("a <b>bold  <i>both</i></b> <code>c</code>")
      == [
        [
          TextRun("a "), TextRun("bold ", style: .strong),
          TextRun("both", style: [.strong, .emphasis]), TextRun(" "), TextRun("`", style: []),
          TextRun("c", style: .code), TextRun("`"),
        ]
      ]
      .map { line in merged(line) }
  )
}

@Test func `a style goes on over lines, and not over what stands before them`() {
  #expect(
    runs("<blockquote><b>one two three</b></blockquote>", width: 10) == [
      [TextRun("> ", style: .faint), TextRun("one two", style: .strong)],
      [TextRun("> ", style: .faint), TextRun("three", style: .strong)],
    ]
  )
}

@Test func `a style around blocks is a style of each of them`() {
  #expect(
    runs("<b><p>a</p><p>b</p></b>c") == [
      [TextRun("a", style: .strong)], [], [TextRun("b", style: .strong)], [], [TextRun("c")],
    ]
  )
}

@Test func `an empty style leaves nothing behind`() {
  #expect(runs("a<b></b> <i> </i>b") == [[TextRun("a b")]])
}

@Test func `links and pictures carry their addresses`() {
  let text = renderText(
    html: "<a href='/x'>word <b>two</b></a> <img src=/i.png alt=cat> <a href='javascript:x'>no</a>",
    baseURL: "https://e.org/",
    width: 80
  )
  #expect(
    text.runs == [
      [
        TextRun("word ", link: "https://e.org/x"),
        TextRun("two", style: .strong, link: "https://e.org/x"), TextRun(" "),
        TextRun("[1]", style: .faint), TextRun(" "),
        TextRun("[image: cat]", link: "https://e.org/i.png"), TextRun(" no"),
      ]
    ]
  )
  #expect(text.links == ["https://e.org/x"])
}

@Test func `the lines are the runs without their styles`() {
  let html = """
    <h2>A <em>b</em></h2><ul><li><b>c</b> d<ol><li>e <a href=http://x/>f g h i j k l m</a></ol></ul>
    <table><tr><th>T<th>U<tr><td><b>x</b><td>y</table><dl><dt>a<dd><i>b</i></dl><hr>
    """
  for width in [8, 14, 30, 80] {
    let text = renderText(html: html, baseURL: nil, width: width)
    #expect(text.lines == text.runs.map { $0.map(\.text).joined() })
    for line in text.lines { #expect(cellWidth(line) <= max(8, width), "\(line)") }
  }
}

@Test func `a text cannot write the marks of styles`() {
  let marks = noncharacters(
    0xFDD0,
    0xFDDE,
    0xFDE0,
    0xFDE0,
    0xFDE0,
    0xFDE0,
    0xFDE1,
    0xFDEF
  )
  let references = "&#xFDD0;&#xFDDE;&#xFDE0;&#xFDE0;&#xFDE0;&#xFDE0;&#xFDE0;"
  for html in [
    "\(marks)a", "<b>\(references)a</b>", "<pre>\(marks)a</pre>", "<img src=x alt='\(marks)a'>",
    "<abbr title='\(marks)'>a</abbr>", "<table><tr><td>\(marks)a<td>b</table>",
    "<a href=http://x/>\(marks)a</a>",
  ] {
    let text = renderText(html: html, baseURL: nil, width: 40)
    let scalars = text.lines.joined().unicodeScalars
    #expect(!scalars.contains { (0xFDD0...0xFDEF).contains($0.value) }, "\(html)")
    #expect(text.runs.joined().allSatisfy { ["http://x/", nil].contains($0.link) }, "\(html)")
  }
}

@Test func `marks on one letter are counted through styles`() {
  let html = "e" + String(repeating: "<b>\u{301}\u{302}\u{303}\u{304}</b>", count: 30)
  let line = renderText(html: html, baseURL: nil, width: 40).lines.joined()
  #expect(line.unicodeScalars.count <= 9)
}

@Test func `references to notes keep their numbers, and the way back is left out`() {
  let html = """
    <p>A word<sup id="r1"><a href="#n1">1</a></sup>, two<a href="https://e.org/p#n2">[2]</a>, \
    <a href="#part">a part</a>.</p><h2 id="part">Part</h2>\
    <ol><li id="n1">First. <a href="#r1">↩︎</a></li><li id="n2">Second. <a href="#r1">↑</a></ol>
    """
  let text = renderText(html: html, baseURL: "https://e.org/p", width: 80)
  #expect(
    text.lines == [
      "A word[^1], two[^2], a part.", "", "## Part", "", "1. First.", "2. Second.",
    ]
  )
  #expect(text.links == [])
}

@Test func `a number that leads away from the text is a link`() {
  let text = renderText(
    html: "<a href='https://e.org/q#n1'>1</a> <a href='#nowhere'>2</a>",
    baseURL: "https://e.org/p",
    width: 80
  )
  #expect(text.lines == ["1 [1] 2"])
  #expect(text.links == ["https://e.org/q#n1"])
}

@Test func `an abbreviation is spelled out once`() {
  let abbr = "<abbr title='World Health'>WHO</abbr>"
  #expect(lines("\(abbr) and \(abbr) <abbr title=''>x</abbr>") == ["WHO (World Health) and WHO x"])
}

@Test func `lists count in letters and numerals, and down`() {
  #expect(lines("<ol type=a start=26><li>x<li>y</ol>") == ["z. x", "aa. y"])
  #expect(lines("<ol type=I start=4><li>x<li>y</ol>") == ["IV. x", "V. y"])
  #expect(lines("<ol reversed><li>x<li>y<ol><li>z</ol></ol>") == ["2. x", "1. y", "   1. z"])
}

@Test func `a summary stands above its details`() {
  #expect(
    lines("<details><summary>More</summary><p>text</p></details>") == ["▸ More", "", "text"]
  )
}

@Test func `the columns of a wide table are narrowed until it fits`() {
  let html = """
    <table><tr><th>Dish<th>Price<th>Words<tr><td>Ramen<td>950<td>hot and good with an egg in it\
    <tr><td>Tea<td>1,200<td>green</table>
    """
  #expect(
    lines(html, width: 34) == [
      "Dish  | Price | Words", "------+-------+-------------------",
      "Ramen |   950 | hot and good with", "      |       | an egg in it",
      "Tea   | 1,200 | green",
    ]
  )
}

@Test func `a table that cannot be narrowed has a line for each cell`() {
  let html = """
    <table><tr><th>Dish<th>Price<th>Words<tr><td>A long dish name<td>900 and more than that\
    <td>hot and good<tr><td>Tea<td><td>green</table>
    """
  #expect(
    lines(html, width: 30) == [
      "Dish: A long dish name", "Price: 900 and more than", "  that", "Words: hot and good", "",
      "Dish: Tea", "Words: green",
    ]
  )
}

@Test func `a cell that reaches down leaves its place free`() {
  let html = "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e</table>"
  #expect(lines(html) == ["a | b", "  | c", "d | e"])
}

private func lines(_ html: String, width: Int = 60) -> [String] {
  renderText(html: html, baseURL: nil, width: width).lines
}

private func runs(_ html: String, width: Int = 60) -> [[TextRun]] {
  renderText(html: html, baseURL: nil, width: width).runs
}

/// Neighbours of one style are one run.
private func merged(_ runs: [TextRun]) -> [TextRun] {
  runs.reduce(into: []) { merged, run in
    if let last = merged.last, last.style == run.style, last.link == run.link {
      merged[merged.count - 1].text += run.text
    } else {
      merged.append(run)
    }
  }
}
